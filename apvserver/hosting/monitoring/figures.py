"""What the services of a session are at, and what waits there: looked at in their process, read by the server."""

from __future__ import annotations

import json
import mmap
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from async_paraview.records import dataclass
from services_core import Budget, PacketError, Service, ServicesEngine

FILE_NAME: Final = "figures"
LOOK_S: Final = 1.0
"""Between two looks of a worker at itself."""

_BYTES: Final = 4096
_LENGTH_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What one service does, since when (seconds since 1970), and how much that was sent to it waits."""

    name: str
    doing: str
    since: float | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was seen of the services of a process at a time."""

    at: float
    connections: int
    queued_bytes: int
    """What waits: what clients have sent and was not done, and what they do not read."""
    services: tuple[ServiceFigures, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "services": [asdict(one) for one in self.services]}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Figures:
        """Return the figures that `to_dict` was given."""
        return cls(**{**plain, "services": tuple(ServiceFigures(**one) for one in plain["services"])})


def look_at(engine: ServicesEngine, budget: Budget) -> Figures:
    """Return what the services of this process are at; `budget` is that of the connections of its clients."""
    connections = engine.connections()
    now = time.time()
    return Figures(
        at=now,
        connections=len(connections),
        queued_bytes=budget.queued_bytes,
        services=tuple(_look_at(one, now) for one in engine.services()),
    )


def _look_at(service: Service, now: float) -> ServiceFigures:
    running, busy_s = service.running(), service.busy_s()
    doing = ""
    if running is not None:
        try:
            header = running.packet.header
        except PacketError:
            header = None
        doing = str(header.get("op", ""))[:40] if isinstance(header, dict) else ""
    return ServiceFigures(service.name[:40], doing, now - busy_s if running is not None else None, service.backlog)


class FiguresFile:
    """A file by which a worker tells its server, in memory that both share: a full disk does not matter."""

    def __init__(self, directory: Path) -> None:
        with (directory / FILE_NAME).open("w+b") as file:
            file.truncate(_BYTES)
            self._memory = mmap.mmap(file.fileno(), _BYTES)

    def write(self, figures: Figures) -> None:
        """Replace what it says."""
        text = json.dumps(figures.to_dict()).encode()
        if len(text) <= _BYTES - _LENGTH_BYTES:
            self._memory[:_LENGTH_BYTES] = bytes(_LENGTH_BYTES)  # until it is whole
            self._memory[_LENGTH_BYTES : _LENGTH_BYTES + len(text)] = text
            self._memory[:_LENGTH_BYTES] = len(text).to_bytes(_LENGTH_BYTES, "little")


def read_figures(directory: Path) -> Figures | None:
    """Return what a worker says there; None if it says nothing, or is writing at this moment."""
    try:
        told = (directory / FILE_NAME).read_bytes()
        length = int.from_bytes(told[:_LENGTH_BYTES], "little")
        return Figures.from_dict(json.loads(told[_LENGTH_BYTES : _LENGTH_BYTES + length])) if length else None
    except (OSError, ValueError):
        return None
