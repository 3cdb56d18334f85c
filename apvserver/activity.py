"""What the threads of a worker are at, kept in a file: whoever supervises it reads that after it has died."""

from __future__ import annotations

import mmap
import time
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from async_paraview.records import dataclass

EXECUTING: Final = 0
"""The place of the data service's thread."""
DRAWING: Final = 1
"""The place of the render service's thread."""

FILE_NAME: Final = "activity"
_PLACES: Final = 2
_PLACE_BYTES: Final = 256

_file: mmap.mmap | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """What one thread was at: words that follow "while", and the numbers of what it worked on, 0 for none."""

    what: str
    proxy: int = 0
    representation: int = 0
    since_ms: int = field(default=0, compare=False)
    """Since when, in milliseconds since 1970."""

    def to_dict(self) -> dict[str, Any]:
        """Return what clients are told of it."""
        return {"what": self.what, "proxy": self.proxy, "representation": self.representation}


def keep_in(directory: Path) -> None:
    """Keep what is noted in a file of that directory from now on. Without this call nothing is kept."""
    global _file
    with (directory / FILE_NAME).open("w+b") as file:
        file.truncate(_PLACES * _PLACE_BYTES)
        _file = mmap.mmap(file.fileno(), _PLACES * _PLACE_BYTES)


def begin(place: int, what: str, proxy: int = 0, representation: int = 0) -> None:
    """Note what the thread of that place does now, in about a microsecond."""
    if _file is not None:
        text = f"{time.time_ns() // 1_000_000} {proxy} {representation} {what}".encode()[: _PLACE_BYTES - 1]
        at = place * _PLACE_BYTES
        _file[at] = 0  # until it is whole: the process may be killed in between
        _file[at + 1 : at + 1 + len(text)] = text
        _file[at] = len(text)


def end(place: int) -> None:
    """Note that the thread of that place is at nothing now."""
    if _file is not None:
        _file[place * _PLACE_BYTES] = 0


def left_in(directory: Path) -> tuple[Activity, ...]:
    """Return what the threads of a process were at that has ended; empty if it has kept nothing."""
    try:
        kept = (directory / FILE_NAME).read_bytes()
    except OSError:
        return ()
    places = [kept[at : at + _PLACE_BYTES] for at in range(0, len(kept), _PLACE_BYTES)]
    return tuple(_read(place[1 : 1 + place[0]]) for place in places if place[0])


def _read(text: bytes) -> Activity:
    since_ms, proxy, representation, what = text.decode(errors="replace").split(" ", 3)
    return Activity(what, int(proxy), int(representation), int(since_ms))
