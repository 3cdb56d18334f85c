"""Whether a file that was just written is all there: some of VTK's writers do not look whether the disk took it.

A writer whose file cannot be checked exactly fails at least if there is no room for more on the disk.
"""

from __future__ import annotations

import gzip
import math
import os
import re
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject

from ...base.array_types import as_numpy
from ...base.blocks import parts
from ...base.errors import FileError
from ...types.catalog import construct
from ..images.tiff.pages import pages_of
from ..truncation.checks import check_truncation
from .file_formats_of_blocks import MADE_ANEW
from .written_as import LEGACY_WRITERS

Check = Callable[[Path, Any], bool]

_PROBE_BYTES: Final = 64 * 1024
_END_BYTES: Final = 64
_SEARCHED: Final = 1 << 22
_COUNTED: Final = 1 << 18
"""Bytes in which lines are counted at a time: Python's lock is kept meanwhile, for a millisecond or two."""
_XML_END: Final = b"</VTKFile>"
_HDF_SIGN: Final = b"\x89HDF\r\n\x1a\n"
_HDF_ENDS: Final = {0: (24, 40), 1: (28, 44), 2: (12, 28), 3: (12, 28)}
"""By version of the first block of an HDF5 file: where it tells at which byte the file begins, and ends."""


def check_written(writer: str, name: Path, data: Any) -> None:
    """Raise `FileError` if a file by a writer of that class, or one of its pieces beside it, is not all there.

    Raises OSError if there is no room for more on the disk.
    """
    check_room(name)
    if name.stat().st_size == 0 or not _is_whole(writer, name, data):
        raise FileError(f"{name} could not be written: {name.stat().st_size} bytes were, which is not all")


def lost(writer: str, name: Path, data: Any) -> list[str]:
    """Return what is not in a file, read back, of formats whose size tells nothing: Exodus. It may end the process."""
    if writer != "vtkIOSSWriter" or not name.is_file():
        return []
    reader = construct("vtkIOSSReader")
    reader.SetFileName(str(name))
    reader.SetRemoveUnusedPoints(False)  # one grid is read as a block for each type of cell, each with all its points
    reader.Update()
    wanted, found = list(parts(data)), list(parts(reader.GetOutputDataObject(0)))
    points = 1 if len(wanted) == 1 else 0
    before, after = _means(wanted, wanted[:points]), _means(found, found[:points])
    return [
        f"{what} {name!r} is not in the file, or has other values there"
        for (what, name), value in before.items()
        if name not in MADE_ANEW
        and (what, name[:-1]) not in after  # it is one axis of that
        and not np.allclose(after.get((what, name), np.inf), value, rtol=1e-5, equal_nan=True)
    ]


def _means(cells: Sequence[Any], points: Sequence[Any]) -> dict[tuple[str, str], float]:
    """Return the mean of each array of the cells of some data sets, and of the points of some."""
    kinds = [(vtkDataObject.CELL, "the array of cells", cells), (vtkDataObject.POINT, "the array of points", points)]
    values: dict[tuple[str, str], list[Any]] = {}
    for kind, what, held in kinds:
        for attributes in (one.GetAttributes(kind) for one in held):
            arrays = [attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays())]
            for array in filter(None, arrays):
                values.setdefault((what, array.GetName()), []).append(as_numpy(array))
    return {key: _mean(np.concatenate([one.ravel() for one in arrays])) for key, arrays in values.items()}


def _mean(values: Any) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean(dtype=float)) if len(finite) else math.nan


def check_room(file: Path) -> None:
    """Raise OSError if nothing more can be written: then VTK may have left the end away."""
    with file.open("r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.write(bytes(_PROBE_BYTES))
        stream.flush()
        stream.truncate(size)


def _is_whole(writer: str, name: Path, data: Any) -> bool:
    if writer.startswith("vtkXML"):
        pieces = (one for one in name.parent.rglob("*.*") if one.is_file())
        return all(_ends_with(one, _XML_END) for one in pieces)
    reader = _READERS.get(writer)
    if reader is not None:
        check_truncation(str(name), reader)
    check = _CHECKS.get(writer)
    return check is None or check(name, data)


def _ends_with(file: Path, end: bytes) -> bool:
    with file.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - _END_BYTES))
        return end in stream.read()


def _is_jpeg(file: Path, _data: Any) -> bool:
    return _ends_with(file, b"\xff\xd9")


def _is_png(file: Path, _data: Any) -> bool:
    return _ends_with(file, b"IEND\xaeB`\x82")


def _is_stl(file: Path, _data: Any) -> bool:
    """Of binary files the header tells the number of triangles; in text each is seven lines."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(84)
    if len(head) == 84 and size == 84 + 50 * struct.unpack_from("<I", head, 80)[0]:
        return True
    facets = _count(file, rb"^ *facet\b")
    lines = _count(file, rb"^")
    return head.startswith(b"solid") and _ends_with(file, b"endsolid") and lines == 7 * facets + 2


def _is_obj(file: Path, data: Any) -> bool:
    """Each point is a line, and each cell at least one."""
    cells = sum(one.GetNumberOfCells() for one in (data.GetVerts(), data.GetLines(), data.GetPolys()))
    return (
        _ends_with_line(file)
        and _count(file, rb"^v ") == data.GetNumberOfPoints()
        and _count(file, rb"^[fpl] ") >= cells
    )


def _has_rows(file: Path, data: Any) -> bool:
    return _ends_with_line(file) and _count(file, rb"^") > data.GetNumberOfRows()


def _ends_with_line(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read() == b"\n"


def _count(file: Path, pattern: bytes) -> int:
    """Return how many lines begin like that. Some of the file at a time, cut between lines."""
    wanted, found, rest = re.compile(pattern, re.MULTILINE), 0, b""
    with file.open("rb") as stream:
        while some := stream.read(_COUNTED):
            lines, ended, rest = (rest + some).rpartition(b"\n")
            found += len(wanted.findall(lines)) if ended else 0
    return found + (len(wanted.findall(rest)) if rest else 0)


def _is_pnm(file: Path, _data: Any) -> bool:
    with file.open("rb") as stream:
        head = stream.read(1024)
    found = re.match(rb"P([56])\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s+(\d+)\s", head)
    if found is None:
        return False
    kind, width, height, _ = map(int, found.groups())
    return file.stat().st_size == found.end() + width * height * (3 if kind == 6 else 1)


def _is_bmp(file: Path, _data: Any) -> bool:
    with file.open("rb") as stream:
        head = stream.read(6)
    return bool(len(head) == 6 and file.stat().st_size == struct.unpack_from("<I", head, 2)[0])


def _is_tiff(file: Path, data: Any) -> bool:
    size, pages = file.stat().st_size, 0
    for page in pages_of(str(file)):
        pages += 1
        offsets, counts = page.tags.get(273, ()), page.tags.get(279, ())
        if not offsets or any(offset + count > size for offset, count in zip(offsets, counts, strict=True)):
            return False
    return bool(pages == max(1, data.GetDimensions()[2]))


def _is_postscript(file: Path, _data: Any) -> bool:
    return _ends_with(file, b"%%Trailer")


def _is_raw(file: Path, data: Any) -> bool:
    """Return whether the numbers of all points are there: nothing else is in such a file."""
    scalars = data.GetPointData().GetScalars()
    return bool(file.stat().st_size == scalars.GetNumberOfValues() * scalars.GetDataTypeSize())


def _is_nifti(file: Path, _data: Any) -> bool:
    """See the header (348 bytes, or 540 in version 2): dimensions, bits of a value, and where the values begin."""
    head, size_bytes = _unpacked(file, 540)
    if len(head) < 348:
        return False
    for order in "<>":
        (length,) = struct.unpack_from(f"{order}i", head, 0)
        if length == 348:
            count, *sizes = struct.unpack_from(f"{order}8h", head, 40)
            bits, begin = struct.unpack_from(f"{order}h", head, 72)[0], struct.unpack_from(f"{order}f", head, 108)[0]
        elif length == 540 and len(head) == 540:
            count, *sizes = struct.unpack_from(f"{order}8q", head, 16)
            bits, begin = struct.unpack_from(f"{order}h", head, 14)[0], struct.unpack_from(f"{order}q", head, 168)[0]
        else:
            continue
        values = 1
        for one in sizes[:count]:
            values *= one
        return bool(size_bytes >= int(begin) + values * bits // 8)
    return False


def _unpacked(file: Path, first: int) -> tuple[bytes, int]:
    """Return the first bytes of a file, and how many there are; of a packed one what is in it, nothing if it is cut."""
    if file.suffix != ".gz":
        with file.open("rb") as stream:
            return stream.read(first), file.stat().st_size
    try:
        with gzip.open(file) as packed:
            head = packed.read(first)
            size_bytes = len(head)
            while some := packed.read(_SEARCHED):
                size_bytes += len(some)
    except (OSError, EOFError, zlib.error):
        return b"", 0
    return head, size_bytes


def _is_hdf5(file: Path, _data: Any) -> bool:
    """Return whether the file is as long as its first block tells."""
    with file.open("rb") as stream:
        head = stream.read(64)
    if not head.startswith(_HDF_SIGN):
        return not head.startswith(b"\0")  # classic NetCDF, whose header is looked at by `check_truncation`
    if len(head) < 64 or head[8] not in _HDF_ENDS:
        return False
    begin, end = (struct.unpack_from("<Q", head, place)[0] for place in _HDF_ENDS[head[8]])
    return file.stat().st_size >= int(begin + end)


_READERS: Final[dict[str, str]] = {
    **dict.fromkeys(LEGACY_WRITERS, "vtkGenericDataObjectReader"),
    "vtkPLYWriter": "vtkPLYReader",
    "vtkPNGWriter": "vtkPNGReader",
    "vtkIOSSWriter": "vtkIOSSReader",
}
"""By the class of the writer: the reader that is not given such files if they are cut off."""

_CHECKS: Final[dict[str, Check]] = {
    "vtkBMPWriter": _is_bmp,
    "vtkDelimitedTextWriter": _has_rows,
    "vtkHDFWriter": _is_hdf5,
    "vtkIOSSWriter": _is_hdf5,
    "vtkImageWriter": _is_raw,
    "vtkJPEGWriter": _is_jpeg,
    "vtkNIFTIImageWriter": _is_nifti,
    "vtkOBJWriter": _is_obj,
    "vtkPNGWriter": _is_png,
    "vtkPImageWriter": _is_raw,
    "vtkPNMWriter": _is_pnm,
    "vtkPostScriptWriter": _is_postscript,
    "vtkSTLWriter": _is_stl,
    "vtkTIFFWriter": _is_tiff,
}
"""By the class of the writer: how its files are checked."""
