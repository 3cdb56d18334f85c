"""Files of which VTK's readers make up what is cut off, or die of it: parts of parallel files, and lists of numbers."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from async_paraview.vtk_imports import one_at_a_time

from ...base.vtk_messages import capture
from ..references import beside_its_pieces
from .legacy import misread
from .xml import misfit

_PIECE: Final = re.compile(rb"<Piece\b[^>]*?\b(?:Source|fileName)\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
_TAIL_BYTES: Final = 1024
_LEGACY: Final = b"# vtk DataFile"
_NUMBER: Final = re.compile(rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ATOM_COLUMNS: Final = 54
"""The places of an atom end in this column of a PDB file."""


def cut_off_xml_pieces(path: str) -> str | None:
    """Return which piece of a parallel XML file is not there, or not complete; None if all are."""
    return next((why for piece in _pieces(path) if (why := _of_piece(piece, _cut_off_xml)) is not None), None)


def cut_off_legacy_pieces(path: str) -> str | None:
    """Return what is wrong with a legacy file, or with the pieces that a list of such names; None if nothing is."""
    with open(path, "rb") as stream:
        whole = stream.read(len(_LEGACY)) == _LEGACY
    for piece in [Path(path)] if whole else _pieces(path):
        why = (_mapped(piece, misread) if whole else _of_piece(piece, misread)) or _error_in(piece)
        if why is not None:
            return why
    return None


def cut_off_byu(path: str) -> str | None:
    """Return whether a MOVIE.BYU file has fewer numbers than its first line says; None if it has all."""
    numbers = _NUMBER.finditer(Path(path).read_bytes())
    first = [next(numbers, None) for _ in range(4)]
    if any(one is None or not one[0].isdigit() for one in first):
        return "this is no MOVIE.BYU file: it does not begin with numbers of parts, points, polygons and corners"
    parts, points, _polygons, corners = (int(one[0]) for one in first if one is not None)
    needed, there = 2 * parts + 3 * points + corners, sum(1 for _ in numbers)
    return None if there >= needed else f"the file is cut off: it is to have {needed} numbers, and has {there}"


def cut_off_atoms(path: str) -> str | None:
    """Return which atom of a PDB file has no place; None if there are atoms, and each has."""
    found = False
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith((b"ATOM", b"HETATM")):
                found = True
                if len(line.rstrip(b"\r\n")) < _ATOM_COLUMNS:
                    return f"line {number} is cut off: an atom has {_ATOM_COLUMNS} columns or more"
    return None if found else "this is no PDB file with atoms, by its lines"


def cut_off_rows(path: str) -> str | None:
    """Return whether the last row of a text has fewer words than the first; None for binary numbers, and if not."""
    content = Path(path).read_bytes()
    rows = content.split(b"\n") if b"\0" not in content else []
    words = [len(one.split()) for one in rows if one.strip() and not one.lstrip().startswith(b"#")]
    if words and words[-1] < words[0]:
        return f"the file is cut off: its last row has {words[-1]} values, the first {words[0]}"
    return None


def _pieces(path: str) -> Iterator[Path]:
    file = Path(beside_its_pieces(path))
    for name in _PIECE.findall(file.read_bytes()):
        import html  # late: it is 2,000 names of characters

        yield file.parent / html.unescape(name.decode("utf-8", "replace"))


def _of_piece(piece: Path, check: Callable[[mmap.mmap], str | None]) -> str | None:
    if not piece.is_file():
        return f"its piece {piece.name} is not there"
    why = _mapped(piece, check)
    return None if why is None else f"its piece {piece.name}: {why}"


def _error_in(piece: Path) -> str | None:
    """Return what VTK's reader of one file says, which the one of several keeps to itself."""
    with one_at_a_time:
        from vtkmodules.vtkIOLegacy import vtkGenericDataObjectReader  # late: few sessions read such files

    reader = vtkGenericDataObjectReader()
    reader.SetFileName(str(piece))
    with capture() as captured:
        reader.Update()
    return f"{piece.name}: {captured.errors[0]}" if captured.errors else None


def _mapped(path: Path, check: Callable[[mmap.mmap], str | None]) -> str | None:
    with path.open("rb") as stream:
        try:
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return "the file is empty, or cannot be read"
        with data:
            return check(data)


def _cut_off_xml(data: mmap.mmap) -> str | None:
    if b"</VTKFile>" not in data[-_TAIL_BYTES:]:
        return f"the file is cut off after {len(data)} bytes"
    return misfit(data)
