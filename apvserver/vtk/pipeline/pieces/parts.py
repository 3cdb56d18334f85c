"""How many parts files have that are read part by part, and how much they take: from what stands in front of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

_HEAD_BYTES: Final = 64 * 1024
_MOST_BYTES: Final = 4 * 1024**2
"""So much of a file is looked at for its parts: where numbers stand between them, only the first is found."""
_PART: Final = re.compile(rb"<Piece\b([^>]*)>")
_NUMBER: Final = re.compile(rb"\bNumberOf(Points|Cells|Verts|Lines|Strips|Polys)\s*=\s*\"(\d+)\"")
_SOURCE: Final = re.compile(rb"\bSource\s*=\s*\"([^\"]*)\"")
_CORNERS: Final = {"Cells": 8, "Polys": 4, "Strips": 8, "Lines": 2, "Verts": 1}
"""Points of a cell, about."""
_ID_BYTES: Final = 8


@dataclass(frozen=True)
class Parts:
    """How many parts there are, and what their data takes, about."""

    count: int
    bytes: int


def parts_of(reader: Any) -> Parts | None:
    """Return the parts of the file of a reader, which has looked into it; None where that is not known."""
    path = Path(reader.GetFileName() or "")
    each_point, each_cell = _array_bytes(reader, "Point"), _array_bytes(reader, "Cell")
    if type(reader).__name__.startswith("vtkXMLP") and type(reader).__name__ != "vtkXMLPolyDataReader":
        counted = [one for source in _sources(path) for one in _counts(source)]
    else:
        counted = list(_counts(path))
    if not counted:
        return None
    bytes_ = 0
    for one in counted:
        cells = {kind: count for kind, count in one.items() if kind != "Points"}
        bytes_ += one.get("Points", 0) * (12 + each_point) + sum(cells.values()) * (each_cell + _ID_BYTES + 1)
        bytes_ += sum(count * _CORNERS[kind] * _ID_BYTES for kind, count in cells.items())
    return Parts(len(counted), bytes_)


def has_parts(reader: Any) -> bool:
    """Return whether the file of a reader has several parts."""
    reader.UpdateInformation()
    parts = parts_of(reader)
    return parts is not None and parts.count > 1


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
