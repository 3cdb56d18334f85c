"""Whether the last numbers of a legacy .vtk file of text are all there.

VTK 9.7 makes up those that are missing, and says nothing, if the file ends in the middle of a line.
"""

from __future__ import annotations

import mmap
import re
from typing import Final

_SPACE: Final = b" \t\r\n"
_NUMBER: Final = re.compile(rb"[-+]?(?:nan|inf(?:inity)?|[\d.][\d.eE+-]*)", re.IGNORECASE)
_OF_DATA: Final = re.compile(rb"\n(?:POINT|CELL|VERTEX|EDGE|ROW)_DATA[ \t]+(\d+)", re.IGNORECASE)
_SCALARS: Final = re.compile(rb"\nSCALARS[ \t]+\S+[ \t]+\S+(?:[ \t]+(\d+))?[ \t]*\r?$", re.IGNORECASE)
_BY_SIZE: Final = {
    "POINTS": (1, 3), "CELLS": (2, 1), "CELL_TYPES": (1, 1), "VERTICES": (2, 1), "LINES": (2, 1), "POLYGONS": (2, 1),
    "TRIANGLE_STRIPS": (2, 1), "X_COORDINATES": (1, 1), "Y_COORDINATES": (1, 1), "Z_COORDINATES": (1, 1),
}  # fmt: skip
"""By keyword, which word of its line says how many there are, and how many numbers each has."""
_BY_ELEMENT: Final = {"VECTORS": 3, "NORMALS": 3, "TENSORS": 9, "TENSORS6": 6, "GLOBAL_IDS": 1, "PEDIGREE_IDS": 1}
"""By keyword, how many numbers each point or cell has."""


def ends_early(data: mmap.mmap) -> str | None:
    """Return what to say if the last line of the file is not whole, and its numbers are not all there; else None."""
    if not len(data) or data[len(data) - 1 : len(data)] in (bytes([one]) for one in _SPACE):
        return None
    begin = _last_words(data)
    end = data.find(b"\n", begin)
    if end < 0:
        return None
    wanted = _wanted(data, begin, data[begin:end].decode("latin-1").split())
    count = len(data[end:].split())
    if wanted is None or count >= wanted:
        return None
    return f"the file is cut off after {len(data)} bytes: its last {count} numbers should be {wanted}"


def _last_words(data: mmap.mmap) -> int:
    """Return where the last line begins that is not of numbers alone."""
    end = len(data)
    while end > 0:
        begin = data.rfind(b"\n", 0, end) + 1
        if not all(map(_NUMBER.fullmatch, data[begin:end].split())):  # word by word: each is looked at once
            return begin
        end = begin - 1
    return 0


def _wanted(data: mmap.mmap, begin: int, words: list[str]) -> int | None:
    """Return how many numbers there have to be behind a line of words; None if that is not known."""
    keyword = words[0].upper()
    try:
        if keyword in _BY_SIZE:
            place, each = _BY_SIZE[keyword]
            return int(words[place]) * each
        if keyword == "LOOKUP_TABLE" and len(words) == 3:
            return 4 * int(words[2])
        if len(words) == 4 and words[1].isdigit() and words[2].isdigit():  # an array of a FIELD
            return int(words[1]) * int(words[2])
        each_has = _each(data, begin, keyword, words)
    except (ValueError, IndexError):
        return None
    of = list(_OF_DATA.finditer(data, 0, begin))
    return int(of[-1][1]) * each_has if of and each_has is not None else None


def _each(data: mmap.mmap, begin: int, keyword: str, words: list[str]) -> int | None:
    if keyword in _BY_ELEMENT:
        return _BY_ELEMENT[keyword]
    if keyword in ("TEXTURE_COORDINATES", "COLOR_SCALARS"):
        return int(words[2])
    if keyword == "LOOKUP_TABLE":
        before = data.rfind(b"\n", 0, begin - 1)
        found = _SCALARS.match(data[before : begin - 1])
        return int(found[1] or 1) if found else None
    return None
