"""How many parts files have that are read part by part, and how much they take: from what stands in front of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from async_paraview.records import dataclass

_HEAD_BYTES: Final = 64 * 1024
_MOST_BYTES: Final = 4 * 1024**2
"""So much of a file is looked at for its parts: where numbers stand between them, only the first is found."""
_PART: Final = re.compile(rb"<Piece\b([^>]*)>")
_NUMBER: Final = re.compile(rb"\bNumberOf(Points|Cells|Verts|Lines|Strips|Polys)\s*=\s*\"(\d+)\"")
_SOURCE: Final = re.compile(rb"\bSource\s*=\s*\"([^\"]*)\"")
_CORNERS: Final = {"Cells": 8, "Polys": 4, "Strips": 8, "Lines": 2, "Verts": 1}
"""Points of a cell, about."""
_ID_BYTES: Final = 8
_GRIDS: Final = ("vtkXMLPolyDataReader", "vtkXMLUnstructuredGridReader")
_LEAST_OF_POINT: Final = 12
_LEAST_OF_CELL: Final = 4
_COMPRESSED: Final = re.compile(rb"<VTKFile\b[^>]*\bcompressor\s*=")
_APPENDED: Final = re.compile(rb"<AppendedData\s+encoding\s*=\s*\"(raw|base64)\"")
_KEPT_OF: Final = {b"raw": 4, b"base64": 3}
"""So many of four bytes are numbers."""


@dataclass(frozen=True)
class Parts:
    """How many parts there are, and what their data takes, about."""

    count: int
    bytes: int


def parts_of(reader: Any) -> Parts | None:
    """Return the parts of the file of a reader, which has looked into it; None where that is not known."""
    path = Path(reader.GetFileName() or "")
    each_point, each_cell = _array_bytes(reader, "Point"), _array_bytes(reader, "Cell")
    files = list(_sources(path)) if _lists(reader) else [path]
    counted = [one for file in files for one in _counts(file)]
    if not counted:
        return None
    bytes_ = 0
    for one in counted:
        cells = {kind: count for kind, count in one.items() if kind != "Points"}
        bytes_ += one.get("Points", 0) * (12 + each_point) + sum(cells.values()) * (each_cell + _ID_BYTES + 1)
        bytes_ += sum(count * _CORNERS[kind] * _ID_BYTES for kind, count in cells.items())
    return Parts(len(counted), bytes_)


def least_bytes(reader: Any) -> int:
    """Return what the grid of a reader, which has looked into its file, takes at least; 0 where that is not known.

    Numbers that stand in a file as they are, appended to what describes them, are so in memory. Of others it is what
    points and cells cannot do without. Files that list others are not looked into: those may be thousands.
    """
    if type(reader).__name__ not in _GRIDS:
        return 0
    path = Path(reader.GetFileName() or "")
    head, counted = _head(path), list(_counts(path))
    points = sum(one.get("Points", 0) for one in counted)
    cells = sum(count for one in counted for kind, count in one.items() if kind != "Points")
    needed = points * _LEAST_OF_POINT + cells * _LEAST_OF_CELL
    if _has_all_arrays(reader) and _COMPRESSED.search(head) is None and b"TimeStep" not in head:
        needed = max(needed, _appended_bytes(path, len(head)))
    return needed


def _appended_bytes(path: Path, at: int) -> int:
    """Return how many bytes the numbers take that stand behind what describes them, which ends there; 0: none do."""
    try:
        with path.open("rb") as file:
            file.seek(at)
            found = _APPENDED.match(file.read(200))
        return 0 if found is None else max(0, path.stat().st_size - at - _HEAD_BYTES) * _KEPT_OF[found[1]] // 4
    except OSError:
        return 0  # the reader will say so


def _has_all_arrays(reader: Any) -> bool:
    """Return whether no array was deselected."""
    selections = [getattr(reader, f"Get{where}DataArraySelection")() for where in ("Point", "Cell")]
    return all(one.GetNumberOfArraysEnabled() == one.GetNumberOfArrays() for one in selections)


def has_parts(reader: Any) -> bool:
    """Return whether the file of a reader has several parts."""
    reader.UpdateInformation()
    parts = parts_of(reader)
    return parts is not None and parts.count > 1


def _lists(reader: Any) -> bool:
    """Return whether the file of a reader lists others, which hold the parts."""
    return type(reader).__name__.startswith("vtkXMLP") and type(reader).__name__ != "vtkXMLPolyDataReader"


def _sources(path: Path) -> Iterator[Path]:
    for found in _PART.findall(_head(path)):
        source = _SOURCE.search(found)
        if source is not None:
            name = source[1].decode("utf-8", "replace")
            beside = path.parent / name
            yield beside if beside.exists() else path.parent / unquote(name)


def _counts(path: Path) -> Iterator[dict[str, int]]:
    for found in _PART.findall(_head(path)):
        yield {kind.decode(): int(number) for kind, number in _NUMBER.findall(found)}


def _head(path: Path) -> bytes:
    """Return what a file says of its parts: what stands before its numbers."""
    found = b""
    try:
        with path.open("rb") as file:
            while len(found) < _MOST_BYTES and (more := file.read(_HEAD_BYTES)):
                found += more
                if b"<AppendedData" in more:
                    break
    except OSError:
        return b""  # the reader will say so
    return found.partition(b"<AppendedData")[0]


def _array_bytes(reader: Any, where: str) -> int:
    """Return what the chosen arrays of a point or cell take; of those whose types are not told, a number each."""
    count = getattr(reader, f"GetNumberOf{where}Arrays")()
    names = [getattr(reader, f"Get{where}ArrayName")(index) for index in range(count)]
    chosen = getattr(reader, f"Get{where}DataArraySelection")()
    return sum(_ID_BYTES for name in names if chosen.ArrayIsEnabled(name))
