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
