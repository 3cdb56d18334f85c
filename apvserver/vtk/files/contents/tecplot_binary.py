"""The binary format of Tecplot, version 112, as its Data Format Guide has it. No VTK here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ...base.errors import FileError
from .tecplot_zones import CORNERS, Zone

VERSION: Final = b"#!TDV112"
_ZONE, _END_OF_HEADER, _DATASET_AUXILIARY, _VARIABLE_AUXILIARY = 299.0, 357.0, 799.0, 899.0
_ELEMENTS: Final = ("", "LINESEG", "TRIANGLE", "QUADRILATERAL", "TETRAHEDRON", "BRICK")
_NUMBERS: Final = {1: "f4", 2: "f8", 3: "i4", 4: "i2", 5: "u1"}
_SOLUTION: Final = 2
_STATIC: Final = -1
_LONGEST_TEXT: Final = 32_000


class _Cursor:
    """Reads numbers and texts one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place, self.order = data, 0, "<"

    def numbers(self, kind: str, count: int) -> Any:
        """Return so many numbers."""
        size = np.dtype(kind).itemsize * count
        if count < 0 or self.place + size > len(self.data):
            raise FileError(f"the file is cut off: {count} numbers at byte {self.place} of {len(self.data)}")
        found = np.frombuffer(self.data, self.order + kind, count, self.place)
        self.place += size
        return found

    def integer(self) -> int:
        """Return a number of 32 bits."""
        return int(self.numbers("i4", 1)[0])

    def text(self) -> str:
        """Return a text, whose characters are numbers of 32 bits, up to a 0."""
        found = []
        while (code := self.integer()) != 0:
            found.append(code)
            if len(found) > _LONGEST_TEXT:
                raise FileError("a text in the header has no end")
        return bytes(one & 0xFF for one in found).decode("utf-8", "replace")


@dataclass
class _Header:
    title: str
    strand: int
    time: float
    element: str
    centred: tuple[bool, ...]
    dimensions: tuple[int, int, int]
    points: int
    cells: int
    neighbours: bool
    connections: int


def zones_of(path: str, data: bytes) -> list[Zone]:
    """Return the zones of a file, with their numbers. Raises `FileError` that says what cannot be understood."""
    cursor = _Cursor(data)
    try:
        if not data.startswith(VERSION):
            raise FileError(
                f"this is a binary file of Tecplot of the version {data[:8].decode('latin-1')!r}, and "
                f"{VERSION.decode()} is read; save it with Tecplot 360, or as text (.dat)"
            )
        names, headers = _headers(cursor)
        zones: list[Zone] = []
        for header in headers:
            zones.append(_zone(cursor, names, header, zones))
    except FileError as error:
        raise FileError(f"{path}: {error}") from error
    if not zones:
        raise FileError(f"{path}: there is no zone in this Tecplot file")
    return zones


def _headers(cursor: _Cursor) -> tuple[tuple[str, ...], list[_Header]]:
    cursor.place = len(VERSION)
    if cursor.integer() != 1:
        cursor.order = ">"
    if cursor.integer() == _SOLUTION:
        raise FileError("this is a solution without its grid; open a file that has both")
    cursor.text()
    names = tuple(cursor.text() for _ in range(cursor.integer()))
    headers = []
    while (marker := float(cursor.numbers("f4", 1)[0])) != _END_OF_HEADER:
        if marker == _ZONE:
            headers.append(_header(cursor, len(names)))
        elif marker == _DATASET_AUXILIARY:
            cursor.text(), cursor.integer(), cursor.text()
        elif marker == _VARIABLE_AUXILIARY:
            cursor.integer(), cursor.text(), cursor.integer(), cursor.text()
        else:
            raise FileError(f"its header has a record of the kind {marker:g} (a text or a drawing), which is not read")
    return names, headers


def _header(cursor: _Cursor, variables: int) -> _Header:
    title = cursor.text()
    cursor.integer()  # the parent zone
    strand, time = cursor.integer(), float(cursor.numbers("f8", 1)[0])
    cursor.integer()
    kind = cursor.integer()
    if not 0 <= kind < len(_ELEMENTS):
        raise FileError(f"zone {title!r} has elements of the kind {kind} (polygons or polyhedra), which are not read")
    centred = tuple(map(bool, cursor.numbers("i4", variables))) if cursor.integer() else (False,) * variables
    neighbours, connections = bool(cursor.integer()), cursor.integer()
    if connections:
        cursor.integer()
        if kind:
            cursor.integer()
    if kind:
        points, cells = cursor.integer(), cursor.integer()
        cursor.numbers("i4", 3)
        dimensions = (points, 1, 1)
    else:
        i, j, k = (max(int(one), 1) for one in cursor.numbers("i4", 3))
        dimensions, points = (i, j, k), i * j * k
        cells = math.prod(max(one - 1, 1) for one in dimensions)
    while cursor.integer():
        cursor.text(), cursor.integer(), cursor.text()
    return _Header(title, strand, time, _ELEMENTS[kind], centred, dimensions, points, cells, neighbours, connections)


def _zone(cursor: _Cursor, names: tuple[str, ...], header: _Header, earlier: list[Zone]) -> Zone:
    if float(cursor.numbers("f4", 1)[0]) != _ZONE:
        raise FileError(f"the data of zone {header.title!r} does not begin where it should")
    count = len(names)
    formats = cursor.numbers("i4", count)
    passive = cursor.numbers("i4", count) if cursor.integer() else np.zeros(count, int)
    shared = cursor.numbers("i4", count) if cursor.integer() else np.full(count, -1)
    sharing = cursor.integer()
    own = [index for index in range(count) if not passive[index] and shared[index] < 0]
    cursor.numbers("f8", 2 * len(own))  # least and greatest values
    values = {names[index]: earlier[shared[index]].values[names[index]] for index in range(count) if shared[index] >= 0}
    for index in own:
        values[names[index]] = _variable(cursor, header, int(formats[index]), cell=header.centred[index])
    connectivity = None
    if header.element:
        corners = CORNERS[header.element]
        if sharing >= 0:
            connectivity = earlier[sharing].connectivity
        else:
            connectivity = cursor.numbers("i4", header.cells * corners).astype(np.int64).reshape(-1, corners)
        if connectivity.size and not (connectivity.min() >= 0 and connectivity.max() < header.points):
            raise FileError(f"zone {header.title!r} has elements of points that it does not have")
    if header.connections or (header.neighbours and header.element):
        raise FileError(f"zone {header.title!r} lists neighbours of faces, which are not read; save it without them")
    time = None if header.strand == _STATIC else header.time
    inside = frozenset(name for name, cell in zip(names, header.centred, strict=True) if cell)
    return Zone(
        header.title, names, header.element, header.dimensions, header.points, time, values, inside, connectivity
    )


def _variable(cursor: _Cursor, header: _Header, code: int, *, cell: bool) -> Any:
    if code not in _NUMBERS:
        raise FileError(f"zone {header.title!r} has numbers of the kind {code}, which is not known")
    if not cell:
        return cursor.numbers(_NUMBERS[code], header.points)
    if header.element:
        return cursor.numbers(_NUMBERS[code], header.cells)
    i, j, k = header.dimensions
    # The last row along i and along j is there as well, and means nothing.
    numbers = cursor.numbers(_NUMBERS[code], i * j * max(k - 1, 1)).reshape(-1, j, i)
    return numbers[:, : max(j - 1, 1), : max(i - 1, 1)].ravel()
