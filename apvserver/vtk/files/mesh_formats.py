"""Which of the formats that meshio reads a file has, by its first bytes, and by its name where those say nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

HEAD_BYTES: Final = 64 * 1024
"""So much of the beginning of a file is looked at."""
_CONTENT: Final = (
    (rb"\A\s*\$MeshFormat\b", "gmsh"),
    (rb"\A\s*\$(?:Comments|PhysicalNames)\b", "gmsh"),
    (rb"\A\s*(?:#[^\n]*\n\s*)*MeshVersionFormatted\b", "medit"),
    (rb"\A\s*(?:#[^\n]*\n\s*)*(?:mesh3d|mesh2d|mesh3)\s", "netgen"),
    (rb"(?:\A|\n)[ \t]*NDIME\s*=", "su2"),
    (rb"(?:\A|\n)(?:GRID[ *,]|BEGIN BULK|CEND)", "nastran"),
    (rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<dolfin\b", "dolfin-xml"),
    (rb"\A\s*!\s*PERMAS|\A\s*\$ENTER COMPONENT|\n[ \t]*\$ENTER COMPONENT", "permas"),
    (rb"\A\s*\*\s*FLAC3D|\A\s*\*GRIDPOINTS|\A\s*\*\s.*\n\*[ \t]*GRIDPOINTS", "flac3d"),
)  # fmt: skip
"""No part may match the same bytes in several ways: that takes time without end where the rest does not fit."""
_PATTERNS: Final = tuple((re.compile(pattern, re.IGNORECASE | re.DOTALL), name) for pattern, name in _CONTENT)
_ONLY_IN: Final = {"nastran": (".bdf", ".fem", ".nas", ".dat", ".nastran", "")}
"""Formats whose signs are weak: they count in files with these extensions only."""
_NAMES: Final = {
    ".meshb": "medit", ".ugrid": "ugrid", ".ele": "tetgen", ".node": "tetgen", ".med": "med", ".h5m": "h5m",
    ".su2": "su2", ".vol": "netgen", ".dato": "permas", ".post": "permas", ".bdf": "nastran", ".fem": "nastran",
    ".nas": "nastran", ".f3grid": "flac3d",
}  # fmt: skip
_IN_HDF5: Final = ((b"ENS_MAA", "med"), (b"tstt", "h5m"), (b"num_el_blk", "exodus"), (b"coor_names", "exodus"))
"""Names at the root of HDF5 files, which are in their first bytes."""
_MOST_POINTS: Final = {b"CTETRA": 10, b"CPYRA": 13, b"CPYRAM": 13, b"CPENTA": 15, b"CHEXA": 20}
"""Of elements of Nastran; their number and that of their property stand before."""
EXTENSIONS: Final = (*_NAMES, ".msh", ".mesh")
"""Extensions of what meshio reads and nothing else does."""


def mesh_format(head: bytes, path: str) -> str | None:
    """Return meshio's name of the format; None if neither the bytes nor the name say."""
    suffix = Path(path).suffix.lower()
    for pattern, name in _PATTERNS:
        if (name not in _ONLY_IN or suffix in _ONLY_IN[name]) and pattern.search(head):
            return name
    if head.startswith(b"\x89HDF"):
        return next((name for sign, name in _IN_HDF5 if sign in head), None) or _NAMES.get(suffix)
    return _NAMES.get(suffix)


def misread(path: str, format_name: str | None) -> str | None:
    """Return why meshio would read a file wrong without an error; None if that is not known."""
    if format_name != "nastran":
        return None
    name, fields = b"", 0
    with Path(path).open("rb") as stream:
        for line in (one for one in stream if not one.startswith(b"$")):
            if line[:4].upper() == b"GRID" and _system(line) not in (b"", b"0"):
                return (
                    "it has points in coordinate systems of their own (CP of GRID), which are not read; write the "
                    "points out in the basic system"
                )
            if line[:1] in b" +*,\t":  # it goes on
                fields += _filled(line)
            elif (why := _too_many_points(name, fields)) is not None:
                return why
            else:
                name, fields = line[: _end_of_name(line)].upper(), _filled(line)
    return _too_many_points(name, fields)


def _end_of_name(line: bytes) -> int:
    return next((at for at, one in enumerate(line) if not chr(one).isalnum()), len(line))


def _too_many_points(name: bytes, fields: int) -> str | None:
    most = _MOST_POINTS.get(name, fields)
    if fields - 2 <= most:
        return None
    return (
        f"it has {name.decode()} with {fields - 2} points, where Nastran has {most} at most: their order is not known"
    )


def _filled(line: bytes) -> int:
    """Return how many fields behind the first are not empty: separated by commas, or 8 or 16 characters wide."""
    line = line.partition(b"$")[0].rstrip()
    if b"," in line:
        return sum(bool(one.strip()) for one in line.split(b",")[1:9])
    wide = 16 if b"*" in line[:8] else 8
    return sum(bool(line[at : at + wide].strip()) for at in range(8, 72, wide))


def _system(line: bytes) -> bytes:
    """Return the third field of a GRID: separated by commas, or 8 or 16 characters wide."""
    if b"," in line:
        fields = line.split(b",")
        return fields[2].strip() if len(fields) > 2 else b""
    return (line[24:40] if line[4:5] == b"*" else line[16:24]).strip()
