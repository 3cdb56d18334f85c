"""What the place of a session tells of itself to operators."""

from __future__ import annotations

from typing import Any

from async_paraview.records import dataclass

from ...activity import Activity
from .figures import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """Where a session's services run, and what they are at. What is not known is None."""

    pid: int
    ready: bool
    memory_bytes: int | None = None
    deaths: int = 0
    """How many workers of the session have died."""
    activities: tuple[Activity, ...] = ()
    figures: Figures | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what the operation `status` tells of it."""
        figures = self.figures
        return {
            "pid": self.pid,
            "ready": self.ready,
            "memory_bytes": self.memory_bytes,
            "deaths": self.deaths,
            "executing": [{"what": one.what, "since": one.since_ms / 1e3} for one in self.activities],
            "queued_bytes": None if figures is None else figures.queued_bytes,
            "services": [] if figures is None else figures.to_dict()["services"],
            "seen": None if figures is None else figures.at,
        }
