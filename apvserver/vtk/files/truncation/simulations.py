"""What files of simulations and instruments begin with: of others VTK's readers end the process, or wait for ever.

These readers are asked for by name, so nobody has looked at the content before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

Check = Callable[[str], str | None]
"""Returns why a path is nothing for a reader, None if it may be."""

_HEAD_BYTES: Final = 1 << 16
_HDF5: Final = b"\x89HDF\r\n\x1a\n"
_HDF5_ENDS: Final = {0: 40, 1: 44, 2: 28, 3: 28}
"""Where the end of a file stands, by the version of its superblock."""
_DEM_HEADER: Final = 1024
_DEM_COLUMNS: Final = slice(858, 864)
_DEM_NUMBERS: Final = (slice(144, 150), slice(150, 156), slice(156, 162), slice(852, 858), _DEM_COLUMNS)
"""Where the fields of a USGS DEM's header are: level, pattern, reference system, and numbers of rows and profiles."""

_DEM_FEWEST: Final = 100


def _file(path: str) -> str | None:
    """Only that it is a file is asked."""
    if Path(path).is_dir():
        return "this is a folder, and no file"
    return None if Path(path).is_file() else "there is no such file"


def _begins(what: str, is_one: Callable[[bytes], object]) -> Check:
    """Return a check of the first bytes of a file."""

    def check(path: str) -> str | None:
        if (why := _file(path)) is not None:
            return why
        with open(path, "rb") as stream:
            head = stream.read(_HEAD_BYTES)
        return None if is_one(head) else f"this is no {what}, by what it begins with"

    return check


def _holds(what: str, line: bytes) -> Check:
    """Return a check that a file of text has a line that begins with a pattern, however far down."""
    wanted = re.compile(line)

    def check(path: str) -> str | None:
        if (why := _file(path)) is not None:
            return why
        with open(path, "rb") as stream:
            found = any(wanted.match(one) for one in iter(lambda: stream.readline(_HEAD_BYTES), b""))
        return None if found else f"this is no {what}, by its lines"

    return check


def _hdf5(path: str) -> str | None:
    """Require a superblock that tells of an end within the file."""
    if (why := _file(path)) is not None:
        return why
    with open(path, "rb") as stream:
        head = stream.read(64)
    if not head.startswith(_HDF5):
        return "this is no file of HDF5, by what it begins with"
    place = _HDF5_ENDS.get(head[8]) if len(head) == 64 else None
    if place is None:
        return "its HDF5 header is damaged"
    end, size = int.from_bytes(head[place : place + 8], "little"), Path(path).stat().st_size
    return (
        None if 48 <= end <= size else f"it is cut off, or damaged: its header tells of {end} bytes, and it has {size}"
    )


def _amrex(path: str) -> str | None:
    header = Path(path) / "Header"
    if not header.is_file():
        return "this is no folder of AMReX or BoxLib: it has no file 'Header'"
    with header.open("rb") as stream:
        first = stream.readline(200)
    return None if re.match(rb"[A-Za-z]+[-_ ]?V\d", first) else "its 'Header' does not begin with a version"


def _dem(path: str) -> str | None:
    if (why := _file(path)) is not None:
        return why
    with open(path, "rb") as stream:
        head = stream.read(_DEM_HEADER)
    numbers = [head[place].strip() for place in _DEM_NUMBERS]
    if len(head) < _DEM_HEADER or not all(one.isdigit() for one in numbers) or b"0" in numbers[-2:]:
        return "this is no USGS DEM, by its first 1024 bytes"
    profiles = int(numbers[-1])
    if profiles < _DEM_FEWEST:
        return f"VTK's reader divides by 0 where there are fewer than {_DEM_FEWEST} profiles; here are {profiles}"
    if Path(path).stat().st_size <= _DEM_HEADER * profiles:
        return f"the file is cut off: it is to have {profiles} profiles of {_DEM_HEADER} bytes or more"
    return None


def _enzo(path: str) -> str | None:
    base, _, ending = path.rpartition(".")
    if ending not in ("hierarchy", "boundary"):
        return "files of Enzo are opened by their .hierarchy or .boundary file"
    grids = Path(f"{base}.hierarchy")
    for needed in (Path(path), grids, Path(base)):
        if not needed.is_file():
            return f"there is no {needed.name}, which belongs to it"
    with grids.open("rb") as stream:
        known = re.search(rb"^\s*Grid\s*=\s*\d", stream.read(_HEAD_BYTES), re.MULTILINE)
    return None if known else f"{grids.name} names no grid"


def _ends_always(_path: str) -> str | None:
    """Every file of theirs does: they look for the controller of a parallel run, which a single process has none of."""
    return "VTK's reader of such files ends the process, whatever is in them: it works in parallel runs only"


def _molecule(path: str) -> str | None:
    if (why := _file(path)) is not None:
        return why
    with open(path, "rb") as stream:
        first = stream.readline(200).strip()
        if not first.isdigit():
            return "this is no XYZ file: its first line is not the number of atoms"
        count, lines = int(first), sum(1 for _ in stream)
    return (
        None if lines >= count + 1 else f"the file is cut off: {count} atoms were announced, and {lines - 1} are there"
    )


def _json_object(path: str) -> str | None:
    if (why := _file(path)) is not None:
        return why
    try:
        found = json.loads(Path(path).read_text("utf-8"))
    except (UnicodeDecodeError, ValueError) as error:
        return f"this is no JSON: {error}"
    return None if isinstance(found, dict) else "this is JSON, but no object with names"


CHECKS: Final[dict[str, Check]] = {
    "a_file": _file,
    "amrex": _amrex,
    "dem": _dem,
    "ends_always": _ends_always,
    "enzo": _enzo,
    "fds": _holds("list of FDS (.smv)", rb"\s*GRID\b"),
    "hdf5": _hdf5,
    "json_object": _json_object,
    "mfix": _begins("restart file of MFIX (.RES)", lambda head: head.startswith(b"RES =")),
    "molecule": _molecule,
    "nek5000": _holds("description of Nek5000 files (.nek5000)", rb"\s*filetemplate\s*:"),
    "text": _begins("text", lambda head: head.strip() and b"\0" not in head),
    "ucd": _begins(
        "AVS UCD file", lambda head: re.match(rb"(?:#[^\n]*\n)*\s*\d+\s+\d+\s+\d+\s+\d+\s+\d+\s*\n|\x07", head)
    ),
    "vpic": _holds("description of VPIC files (.vpc)", rb"\s*GRID_TOPOLOGY_X"),
    "wind_blade": _holds("description of WindBlade files (.wind)", rb"\s*GRID_SIZE_X"),
}
"""By their names in `base/facts/files.toml`, which says for which readers they are. They refuse missing files, too."""
