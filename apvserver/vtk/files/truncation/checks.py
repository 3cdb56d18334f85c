"""Whether a file is complete, where VTK's reader would crash on one that is cut off, or make up what is missing."""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from ...base.errors import FileError
from ...base.facts import vtk_facts
from .ensight import unread as unread_ensight
from .h5part import misfit
from .legacy import misread
from .netcdf import cut_off as cut_off_netcdf
from .parts import cut_off_atoms, cut_off_byu, cut_off_legacy_pieces, cut_off_rows, cut_off_xml_pieces
from .plot3d import misfit as misfit_of_plot3d
from .simulations import CHECKS as OF_SIMULATIONS
from .vtkhdf import unfit as unfit_vtkhdf
from .xml import misfit as misfit_of_xml

_PLY_SIZES: Final = {
    "char": 1, "int8": 1, "uchar": 1, "uint8": 1, "short": 2, "int16": 2, "ushort": 2, "uint16": 2, "int": 4,
    "int32": 4, "uint": 4, "uint32": 4, "float": 4, "float32": 4, "double": 8, "float64": 8,
}  # fmt: skip
_PLY_CODES: Final = {1: "B", 2: "H", 4: "I"}
_HEADER_BYTES: Final = 1024**2
"""A header longer than this is none."""


def is_checked(reader: str) -> bool:
    """Return whether the files of a reader, by its exact class, are looked at before it gets them."""
    return reader in vtk_facts.by_name("files", "truncation")


def check_truncation(path: str, reader: str) -> None:
    """Raise `FileError` if the file is not complete, for readers that need to be told.

    Missing files are theirs, but for readers that die of those.
    """
    checks = vtk_facts.by_name("files", "truncation").get(reader, ()) if path else ()
    for name in checks:
        if name not in OF_SIMULATIONS and not Path(path).is_file():
            continue
        if name in _CHECKS:
            _check_content(path, _CHECKS[name])
        elif (why := _CHECKS_OF_PATHS[name](path)) is not None:
            raise FileError(f"{path}: {why}")


def _check_content(path: str, check: Callable[[mmap.mmap], str | None]) -> None:
    with open(path, "rb") as stream:
        try:
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise FileError(f"{path}: the file is empty, or cannot be read: {error}") from error
        with data:
            why = check(data)
    if why is not None:
        raise FileError(f"{path}: {why}; is it complete, and is its content what its name says?")


def _png(data: mmap.mmap) -> str | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return "this is no PNG picture"
    place = 8
    while place + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        place += 12 + size
        if kind == b"IEND" and place <= len(data):
            return None
    return f"the picture is cut off after {len(data)} bytes"


def _ply(data: mmap.mmap) -> str | None:
    end = re.search(rb"\nend_header *\r?\n", data[:_HEADER_BYTES])
    if data[:3] != b"ply" or end is None:
        return "this is no PLY file, or its header is cut off"
    elements = _ply_elements(data[: end.start()].decode("latin-1"))
    if elements is None:
        return "the PLY header cannot be understood"
    order, counts = elements
    if order == "":
        return _ply_text(data, end.end(), counts)
    place: int | None = end.end()
    for name, count, properties in counts:
        place = _ply_skip(data, place or 0, count, properties, order)
        if place is None:
            return f"the file is cut off after {len(data)} bytes, inside of its {count} elements {name!r}"
    return None


_Properties = list[tuple[int, int]]
"""Of each property (size of the count of a list, 0 if it is no list; size of a value)."""


def _ply_elements(header: str) -> tuple[str, list[tuple[str, int, _Properties]]] | None:
    """Return the order of bytes, "" for text, and each element's name, number and properties."""
    order: str | None = None
    elements: list[tuple[str, int, _Properties]] = []
    try:
        for words in map(str.split, header.splitlines()):
            if words[:1] == ["format"]:
                order = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}[words[1]]
            elif words[:1] == ["element"]:
                elements.append((words[1], int(words[2]), []))
            elif words[:2] == ["property", "list"]:
                elements[-1][2].append((_PLY_SIZES[words[2]], _PLY_SIZES[words[3]]))
            elif words[:1] == ["property"]:
                elements[-1][2].append((0, _PLY_SIZES[words[1]]))
    except (KeyError, IndexError, ValueError):
        return None
    return None if order is None or any(count < 0 for _, count, _ in elements) else (order, elements)


def _ply_skip(data: mmap.mmap, place: int, count: int, properties: _Properties, order: str) -> int | None:
    """Return the place behind the elements, None if the file ends before."""
    if count == 0 or not properties:
        return place
    if not any(of_list for of_list, _ in properties):
        place += count * sum(size for _, size in properties)
        return place if place <= len(data) else None
    if len(properties) == 1 and properties[0][0] == 1 and (end := _ply_alike(data, place, count, properties[0][1])):
        return end
    for _ in range(count):
        for of_list, size in properties:
            if of_list:
                if place + of_list > len(data) or of_list not in _PLY_CODES:
                    return None
                size *= struct.unpack_from(order + _PLY_CODES[of_list], data, place)[0]
                place += of_list
            place += size
            if place > len(data):
                return None
    return place


def _ply_alike(data: mmap.mmap, place: int, count: int, size: int) -> int | None:
    """Skip the usual case, fast: all lists have the same length, told in one byte. None if it is not that."""
    if place >= len(data):
        return None
    stride = 1 + data[place] * size
    end = place + stride * count
    if end > len(data):
        return None
    lengths = np.frombuffer(data, np.uint8, count=stride * count, offset=place)[::stride]
    alike = bool((lengths == lengths[0]).all())
    del lengths  # or the map could not be closed
    return end if alike else None


def _ply_text(data: mmap.mmap, place: int, elements: list[tuple[str, int, _Properties]]) -> str | None:
    """Check that each element is a line, and that the last that is needed has at least a word for each property."""
    lines = data[place:].splitlines()
    wanted = sum(count for _, count, properties in elements if properties)
    full = [line for line in lines if line.strip()]
    if len(full) < wanted:
        return f"the file is cut off: it has {len(full)} lines of data, and its header says {wanted}"
    _, _, last = next((one for one in reversed(elements) if one[1] and one[2]), ("", 0, []))
    words = full[wanted - 1].split() if wanted else []
    needed = 0
    for of_list, _ in last:
        if needed >= len(words):
            return "the file is cut off in its last line of data"
        needed += 1 + (int(words[needed]) if of_list and words[needed].isdigit() else 0)
    return None if needed <= len(words) else "the file is cut off in its last line of data"


_CHECKS: Final[dict[str, Callable[[mmap.mmap], str | None]]] = {
    "legacy": misread,
    "ply": _ply,
    "png": _png,
    "xml": misfit_of_xml,
}
_CHECKS_OF_PATHS: Final[dict[str, Callable[[str], str | None]]] = {
    **OF_SIMULATIONS,
    "atoms": cut_off_atoms,
    "byu": cut_off_byu,
    "ensight": unread_ensight,
    "h5part": misfit,
    "legacy_pieces": cut_off_legacy_pieces,
    "netcdf": cut_off_netcdf,
    "plot3d": misfit_of_plot3d,
    "rows": cut_off_rows,
    "vtkhdf": unfit_vtkhdf,
    "xml_pieces": cut_off_xml_pieces,
}
"""By their names in `base/facts/files.toml`, which says for which readers they are."""
