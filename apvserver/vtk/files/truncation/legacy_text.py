"""Whether a legacy .vtk file of text has all numbers of its last block: VTK 9.7 makes up scalars that are missing."""

from __future__ import annotations

import mmap
import re
from typing import Final

import numpy as np

_STEP: Final = 1 << 20
_NUMERIC: Final = (
    rb"(?:bit|unsigned_char|char|signed_char|unsigned_short|short|unsigned_int|int|unsigned_long|long|float|double|"
    rb"vtkIdType|vtktypeint64|vtktypeuint64|unsigned_long_long|long_long)"
)
_BLANK: Final = rb"[ \t]+"
_CELLS: Final = rb"(?:CELLS|POLYGONS|LINES|VERTICES|TRIANGLE_STRIPS)"
_HEADERS: Final = re.compile(
    rb"(?:^|\n)[ \t]*(?:"
    rb"(?P<places>POINTS)" + _BLANK + rb"(?P<points>\d+)" + _BLANK + _NUMERIC
    + rb"|(?P<axis>[XYZ]_COORDINATES|CELL_TYPES)" + _BLANK + rb"(?P<along>\d+)[^\n]*"
    + rb"|(?P<cells>" + _CELLS + rb")" + _BLANK + rb"\d+" + _BLANK + rb"(?P<listed>\d+)"
    + rb"|(?P<array>OFFSETS|CONNECTIVITY)" + _BLANK + _NUMERIC
    + rb"|SCALARS" + _BLANK + rb"\S+" + _BLANK + _NUMERIC + rb"(?:" + _BLANK + rb"(?P<scalars>\d+))?[ \t]*\r?\n"
    + rb"[ \t]*LOOKUP_TABLE" + _BLANK + rb"\S+"
    + rb"|COLOR_SCALARS" + _BLANK + rb"\S+" + _BLANK + rb"(?P<colors>\d+)"
    + rb"|LOOKUP_TABLE" + _BLANK + rb"\S+" + _BLANK + rb"(?P<table>\d+)"
    + rb"|(?P<tuples>VECTORS|NORMALS|TENSORS6?|GLOBAL_IDS|PEDIGREE_IDS|EDGE_FLAGS)" + _BLANK + rb"\S+" + _BLANK
    + _NUMERIC
    + rb"|TEXTURE_COORDINATES" + _BLANK + rb"\S+" + _BLANK + rb"(?P<coordinates>\d)" + _BLANK + _NUMERIC
    + rb"|\S+" + _BLANK + rb"(?P<wide>\d+)" + _BLANK + rb"(?P<long>\d+)" + _BLANK + _NUMERIC
    + rb")[ \t]*\r?(?=\n|$)",
    re.IGNORECASE,
)  # fmt: skip
_COMPONENTS: Final = {b"VECTORS": 3, b"NORMALS": 3, b"TENSORS": 9, b"TENSORS6": 6}
_DATA: Final = re.compile(rb"_DATA" + _BLANK + rb"(\d+)", re.IGNORECASE)


def cut_off_text(data: mmap.mmap) -> str | None:
    """Return what is missing of the last block of numbers; None if all are there, or the block is not known."""
    header = _last_header(data)
    if header is None:
        return None
    found, place = header
    needed = _needed(data, found, place + found.start())
    if needed is None:
        return None
    end = data.find(b"METADATA", place + found.end())
    there = _words(data, place + found.end(), len(data) if end < 0 else end)
    if there >= needed:
        return None
    name = found[0].strip().splitlines()[0]
    return f"the file is cut off: {name.decode('utf-8', 'replace')!r} is to have {needed} numbers, and has {there}"


def _last_header(data: mmap.mmap) -> tuple[re.Match[bytes], int] | None:
    """Return the last line that announces numbers, and where what was searched begins; the end is searched first."""
    size = _STEP
    while True:
        start = max(0, len(data) - size)
        last = None
        for last in _HEADERS.finditer(data[start:]):  # noqa: B007  # the last one counts
            pass
        if last is not None and (last.start() > 0 or start == 0):
            return last, start
        if start == 0:
            return None
        size *= 4


def _needed(data: mmap.mmap, found: re.Match[bytes], place: int) -> int | None:
    """Return how many numbers a header announces."""
    if found["places"]:
        return 3 * int(found["points"])
    for name, factor in (("along", 1), ("listed", 1), ("table", 4)):
        if found[name]:
            return factor * int(found[name])
    if found["wide"]:
        return int(found["wide"]) * int(found["long"])
    if found["array"]:
        return _of_cells(data, found["array"].upper(), place)
    return _of_tuples(data, found, place)


def _of_cells(data: mmap.mmap, array: bytes, place: int) -> int | None:
    before = data[max(0, place - _STEP) : place] if array == b"OFFSETS" else data[:place]
    headers = list(re.finditer(rb"\n[ \t]*" + _CELLS + _BLANK + rb"(\d+)" + _BLANK + rb"(\d+)", before, re.IGNORECASE))
    return int(headers[-1][1 if array == b"OFFSETS" else 2]) if headers else None


def _of_tuples(data: mmap.mmap, found: re.Match[bytes], place: int) -> int | None:
    at = max(data.rfind(b"_DATA", 0, place), data.rfind(b"_data", 0, place))
    of = _DATA.match(data, at) if at >= 0 else None
    if of is None:
        return None
    if found["tuples"]:
        return _COMPONENTS.get(found["tuples"].upper(), 1) * int(of[1])
    return int(found["scalars"] or found["colors"] or found["coordinates"] or 1) * int(of[1])


def _words(data: mmap.mmap, start: int, end: int) -> int:
    """Return how many words there are. Some of the file at a time, so that Python's lock is never kept for long."""
    count, inside = 0, False
    for place in range(start, end, _STEP):
        letters = np.frombuffer(data[place : min(end, place + _STEP)], np.uint8) > ord(" ")
        count += int(np.count_nonzero(letters[1:] & ~letters[:-1])) + int(letters[0] and not inside)
        inside = bool(letters[-1])
    return count
