"""Whether VTK's reader can be given a legacy .vtk file: it makes up what is missing, and says nothing."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import Final

from .legacy_blocks import CutOff, UnknownWord, blocks
from .legacy_text import ends_early

_HEAD_LINES: Final = 3
_SEARCHED: Final = 1 << 22
_FIELDS: Final = (b"FIELD ", b"field ")
_NEXT: Final = re.compile(
    rb"\n(?:POINTS|DIMENSIONS|EXTENT|[A-Z]+_DATA|[XYZ]_COORD|DATASET|CHILD|ENDCHILD)", re.IGNORECASE
)
_EMPTY: Final = re.compile(rb"\n(\S+)[ \t]+(?:\d+[ \t]+0|0[ \t]+\d+)[ \t]+(?:float|double|vtkIdType)\s", re.IGNORECASE)
"""An array without values of one of the types at which VTK 9.7 ends the process that reads text with it."""


def misread(data: mmap.mmap) -> str | None:
    """Return what to say if VTK's reader must not be given the file; None if it can be, or if that is not known.

    A block of a binary file may be longer than what is left of the file; text that ends early is an error of VTK's
    own, unless it ends in the middle of a line. VTK's reader writes to where no array is if one of the whole has no
    values.
    """
    first, _, kind = (data.readline().strip().upper() for _ in range(_HEAD_LINES))
    if not first.startswith(b"# VTK DATAFILE"):
        return None
    return _in_numbers(data) if kind == b"BINARY" else ends_early(data) or _in_text(data)


def _in_numbers(data: mmap.mmap) -> str | None:
    try:
        for block in blocks(data):
            if block.kind == "vtkidtype" and block.count == 0 and block.what.startswith("FIELD "):
                return _empty(block.what.removeprefix("FIELD "))
    except CutOff as error:
        return f"the file is cut off after {len(data)} bytes, inside of {error}"
    except (UnknownWord, ValueError, KeyError, IndexError):
        return None
    return None


def _in_text(data: mmap.mmap) -> str | None:
    for place in _fields(data):
        if not _is_of_the_whole(data, place):
            continue
        end = _NEXT.search(data, place)
        found = _EMPTY.search(data, place, end.start() + 1 if end else len(data))
        if found:
            return _empty(found[1].decode("utf-8", "replace"))
    return None


def _fields(data: mmap.mmap) -> Iterator[int]:
    """Yield where arrays begin. Some of the file at a time, so that Python's lock is never kept for long."""
    for start in range(0, len(data), _SEARCHED):
        some = data[start : start + _SEARCHED + len(_FIELDS[0])]
        for word in _FIELDS:
            found = some.find(word)
            while found >= 0:
                yield start + found
                found = some.find(word, found + 1)


def _is_of_the_whole(data: mmap.mmap, place: int) -> bool:
    return max(data.rfind(b"DATASET", 0, place), data.rfind(b"ENDCHILD", 0, place)) > data.rfind(b"_DATA ", 0, place)


def _empty(name: str) -> str:
    return f"its array {name} has no values, at which VTK's reader ends the process; take it out of its FIELD"
