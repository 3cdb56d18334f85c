"""Whether a file is at all what a reader reads, where VTK's reader ends the process on anything else."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from typing import Final

_SEARCHED: Final = 1 << 20
_HDF5: Final = b"\x89HDF\r\n\x1a\n"
_DEM_HEADER: Final = 1024
_DEM_CODES: Final = (144, 150, 156)
"""Where a header has whole numbers of six digits: level, pattern, and system of coordinates."""


def _with_words(*words: bytes, what: str) -> Callable[[mmap.mmap], str | None]:
    """Return a check for files that have one of these words near their beginning."""

    def check(data: mmap.mmap) -> str | None:
        head = data[:_SEARCHED]
        return None if any(word in head for word in words) else f"this is no {what}"

    return check


def _hdf5(data: mmap.mmap) -> str | None:
    """Require HDF5 whose superblock tells of an end within the file."""
    if data[:8] != _HDF5:
        return "this is no HDF5 file"
    try:
        version = data[8]
        end = {0: 40, 1: 44, 2: 28, 3: 28}[version]
        (size,) = struct.unpack_from("<Q", data, end)
    except (KeyError, IndexError, struct.error):
        return "its HDF5 header is damaged"
    return None if 48 <= size <= len(data) else f"it is cut off, or damaged: its header tells of {size} bytes"


def _dem(data: mmap.mmap) -> str | None:
    head = data[:_DEM_HEADER]
    if len(head) < _DEM_HEADER or b"\0" in head:
        return "this is no elevation model of the USGS (DEM): its header has 1024 letters"
    numbers = [head[place : place + 6].strip() for place in _DEM_CODES]
    return None if all(one.isdigit() for one in numbers) else "this is no elevation model of the USGS (DEM)"


def _xyz(data: mmap.mmap) -> str | None:
    """Require a number of atoms, and so many lines behind it and a comment."""
    first = data.readline().strip()
    if not first.isdigit() or not int(first):
        return "this is no XYZ file: it begins with the number of its atoms"
    lines = data[:].count(b"\n") + (data[len(data) - 1 :] != b"\n")
    wanted = int(first) + 2
    return None if lines >= wanted else f"the file is cut off: it has {lines} lines, and its first says {wanted}"


KINDS: Final[dict[str, Callable[[mmap.mmap], str | None]]] = {
    "amrex": lambda _data: "an AMReX plotfile is a folder: name that",
    "dem": _dem,
    "enzo": _with_words(b"Grid =", what="hierarchy of ENZO"),
    "hdf5": _hdf5,
    "mfix": _with_words(b"RES =", what="file of MFIX"),
    "nek5000": _with_words(b"filetemplate", what="description of files of Nek5000"),
    "pio": _with_words(b"pio_file", b"DUMP_BASE_NAME", what="PIO file"),
    "vpic": _with_words(b"GRID_", what="description of VPIC"),
    "xyz": _xyz,
}
"""By their names in `base/facts/files.toml`, which says for which readers they are."""
