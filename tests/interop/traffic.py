"""Recorded traffic: what a server of one system says in the conversation of docs/protocol.md, for clients of others.

`python -m tests.interop.traffic FILE` says the conversation to a server here, and keeps what it answers. Those of this
repository are in tests/interop/traffic; test_traffic.py reads them, and what else APV_TEST_TRAFFIC names.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import zlib
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import msgpack
import pytest
import zmq

from services_core import PROTOCOL_VERSION, __version__

from .test_stranger import LINES, Conversation, a_server

FOLDER: Final = Path(__file__).with_name("traffic")
SUFFIX: Final = ".traffic"


@dataclass(frozen=True, slots=True)
class Traffic:
    """The answers of a server, in their order, and where and when it said them."""

    system: str
    python: str
    vtk: str
    software: str
    protocol: list[int]
    byte_order: str
    answers: list[Any]
    """Service, kind, id, value, header and buffers of each."""

    def to_bytes(self) -> bytes:
        """The file of it."""
        return zlib.compress(msgpack.packb(asdict(self)), 9)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Traffic:
        """What was written by `to_bytes`, here or elsewhere."""
        return cls(**msgpack.unpackb(zlib.decompress(packed)))

    def buffers(self, kind: int) -> list[tuple[Any, list[bytes]]]:
        """Header and buffers of all answers of a kind that have buffers."""
        return [(header, raw) for _, came, _, _, header, raw in self.answers if came == kind and raw]


def record(backend: str = "zmq") -> Traffic:
    """Say the conversation to a server that is started here."""
    with zmq.Context() as context, a_server(backend) as url:
        conversation = Conversation(context, url)
        for line in LINES:
            conversation.play(line)
    return Traffic(
        system=platform.platform(),
        python=platform.python_version(),
        vtk=version("vtk"),
        software=__version__,
        protocol=list(PROTOCOL_VERSION),
        byte_order=sys.byteorder,
        answers=conversation.answers,
    )


class Replayed(Conversation):
    """The conversation with a server that is not here: it says what it once said."""

    def __init__(self, traffic: Traffic) -> None:
        super().__init__(None, "")
        self._left = list(traffic.answers)

    def connect(self, hello: Any) -> Any:
        """A connection to it."""
        return _Connection(self._left, hello["service"])

    def secret(self) -> str:
        """A token that nobody looks at."""
        return "it was another one"

    @property
    def left(self) -> int:
        """Answers that nobody has heard."""
        return len(self._left)


class _Connection:
    def __init__(self, answers: list[Any], service: str) -> None:
        self._answers = answers
        self._service = service

    def say(self, kind: int, **fields: Any) -> None:
        """Nobody listens."""

    def close(self) -> None:
        """Nothing is open."""

    def hear(self) -> Any:
        """The next answer of this service."""
        (index, answer) = next((at, one) for at, one in enumerate(self._answers) if one[0] == self._service)
        del self._answers[index]
        return tuple(answer[1:])


def main() -> int:
    """Record, and write the file that the command line names."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m tests.interop.traffic FILE\n")
        return 2
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setenv("APV_RUNTIME_DIR", place)
        traffic = record()
    path = Path(sys.argv[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(traffic.to_bytes())
    print(
        f"{path}: {len(traffic.answers)} answers of {traffic.software} on {traffic.system}, {path.stat().st_size} bytes"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
