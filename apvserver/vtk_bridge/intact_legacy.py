"""Whether VTK's reader can be given a legacy .vtk file: it makes up what is missing, and says nothing."""

from __future__ import annotations

import mmap
from typing import Final

from apvserver.vtk_bridge.legacy_blocks import CutOff, UnknownWord, blocks

_HEAD_LINES: Final = 3
_SEARCHED: Final = 1 << 22
_LONGEST_LINE: Final = 4096
_EMPTY_ONES: Final = (b"float", b"FLOAT", b"double", b"DOUBLE", b"vtkIdType", b"vtkidtype")
"""Types in text of which an array of the whole without values ends the process that reads it; VTK 9.7."""


def misread(data: mmap.mmap) -> str | None:
    """What to say if VTK's reader must not be given the file; None if it can be, or if that is not known.

    A block of a binary file may be longer than what is left of the file; text that ends early is an error of VTK's
    own. VTK's reader writes to where no array is if one of the whole has no values.
    """
    first, _, kind = (data.readline().strip().upper() for _ in range(_HEAD_LINES))
    if not first.startswith(b"# VTK DATAFILE"):
        return None
    return _in_numbers(data) if kind == b"BINARY" else _in_text(data)


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
    """Some of the file at a time, so that Python's lock is never kept for long."""
    for start in range(0, len(data), _SEARCHED):
        some = data[start : start + _SEARCHED + _LONGEST_LINE]
        for word in _EMPTY_ONES:
            found = some.find(b" " + word)
            while found >= 0:
                words = some[some.rfind(b"\n", 0, found) + 1 : found + len(word) + 2].split()
                if _is_empty(words, word) and _is_of_the_whole(data, start + found):
                    return _empty(words[0].decode("utf-8", "replace"))
                found = some.find(b" " + word, found + 1)
    return None


def _is_empty(words: list[bytes], kind: bytes) -> bool:
    """Of the line that begins an array: name, components, tuples, type."""
    return len(words) == 4 and words[3] == kind and b"0" in words[1:3]


def _is_of_the_whole(data: mmap.mmap, place: int) -> bool:
    return max(data.rfind(b"DATASET", 0, place), data.rfind(b"ENDCHILD", 0, place)) > data.rfind(b"_DATA ", 0, place)


def _empty(name: str) -> str:
    return f"its array {name} has no values, at which VTK's reader ends the process; take it out of its FIELD"
