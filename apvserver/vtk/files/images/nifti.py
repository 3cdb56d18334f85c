"""NIfTI-1, NIfTI-2 and Analyze 7.5 (https://nifti.nimh.nih.gov): values with slope and intercept, each at its place.

Places are those of the file: x to the right, y to the front, z up, as nibabel gives them. ITK turns x and y around.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.data_roots import allowed_path
from ...base.errors import FileError
from ..unread.formats import refuse_content
from .raw import RawData, decompressed, read_numbers, scaled, scaled_type
from .stored import Numbers, StoredImage, affine_of, times_of

_TYPES: Final = {
    2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4", 1024: "i8", 1280: "u8",
}  # fmt: skip
_COLORS: Final = {128: 3, 2304: 4}
_REFUSED: Final = {
    1: "single bits", 32: "complex numbers", 1536: "numbers of 128 bits", 1792: "complex numbers",
    2048: "complex numbers",
}  # fmt: skip
_SECONDS: Final = {8: 1.0, 16: 1e-3, 24: 1e-6}
_SIZES: Final = (348, 540)
_EXTENSION_BYTES: Final = 4
"""Behind the header of a single file: whether something is between it and the values."""
_MOST_SAMPLES: Final = 2**40


@dataclass(frozen=True)
class _Header:
    """The fields that both versions have, by the names of the standard."""

    dim: tuple[int, ...]
    datatype: int
    pixdim: tuple[float, ...]
    vox_offset: int
    scaling: tuple[float, float]
    toffset: float
    codes: tuple[int, int]
    quatern: tuple[float, ...]
    qoffset: tuple[float, ...]
    srow: tuple[float, ...]
    units: int
    order: str
    single: bool
    header_bytes: int


def is_nifti(head: bytes) -> bool:
    """Return whether the first bytes of a file, decompressed, are those of NIfTI (Analyze has no magic)."""
    return head[344:348] in (b"n+1\0", b"ni1\0") or head[4:8] in (b"n+2\0", b"ni2\0")


def open_nifti(path: str, *, times_as_components: bool = False) -> StoredImage:
    """Return what a NIfTI or Analyze file holds; of a pair, either of both files. Raises `FileError`."""
    header_path, data_path = _pair(path)
    found = _header(header_path, _first_bytes(header_path))
    size = _size(path, found)
    if found.datatype in _REFUSED or found.datatype not in {**_TYPES, **_COLORS}:
        what = _REFUSED.get(found.datatype, f"numbers of the unknown type {found.datatype}")
        raise FileError(f"{path}: it holds {what}, which VTK has no arrays for; convert it, for example with nibabel")
    channels = _COLORS.get(found.datatype, 1)
    dtype = np.dtype(found.order + _TYPES.get(found.datatype, "u1"))
    vectors, steps = math.prod(found.dim[5 : found.dim[0] + 1]), found.dim[4] if found.dim[0] >= 4 else 1
    compressed = "gzip" if _is_gzip(data_path) else "raw"
    place = max(0, found.vox_offset)
    if found.single and place < found.header_bytes + _EXTENSION_BYTES:
        raise FileError(
            f"{path}: by its header its values begin at byte {found.vox_offset} (vox_offset), inside of the header; "
            f"{found.header_bytes + _EXTENSION_BYTES} is what programs write"
        )
    raw = RawData(data_path, dtype, 0, "gzip", place) if compressed == "gzip" else RawData(data_path, dtype, place)
    scaling = found.scaling if channels == 1 and found.scaling != (1.0, 0.0) else None
    read = _loader(raw, size, channels, vectors, steps, scaling)
    as_vectors = times_as_components and steps > 1
    return StoredImage(
        size,
        _affine(path, found),
        (lambda step: read(0, steps)) if as_vectors else read,
        scaled_type(dtype, *scaling) if scaling else dtype,
        "NIFTI",
        channels * vectors * (steps if as_vectors else 1),
        () if as_vectors or steps == 1 else _times(found, steps),
    )


def _loader(
    raw: RawData,
    size: tuple[int, int, int],
    channels: int,
    vectors: int,
    steps: int,
    scaling: tuple[float, float] | None,
) -> Callable[..., Numbers]:
    volume = math.prod(size) * channels
    shape = (*size[::-1], channels)

    def read(step: int, count: int = 1) -> Numbers:
        """Read the components of `count` steps, those of a step together."""
        if vectors == 1 or (step == 0 and count == steps):  # at once: what is compressed is read from its beginning
            values = read_numbers(raw, step * volume, count * vectors * volume).reshape(vectors, count, *shape)
        else:
            parts = [read_numbers(raw, (vector * steps + step) * volume, count * volume) for vector in range(vectors)]
            values = np.stack(parts).reshape(vectors, count, *shape)
        if values.shape[:2] != (1, 1):
            values = values.transpose(2, 3, 4, 1, 0, 5)
        values = values.reshape(*shape[:3], -1)
        return scaled(values, *scaling) if scaling else values

    return read


def _times(header: _Header, steps: int) -> tuple[float, ...]:
    """Return the times, in seconds where the file says its unit; numbered if it gives no distance."""
    factor = _SECONDS.get(header.units & 0x38, 1.0)
    step = header.pixdim[4] if header.pixdim[4] > 0 else 1.0
    return times_of(steps, header.toffset * factor, step * factor)


def _pair(path: str) -> tuple[str, str]:
    """Return the files of header and values: of .hdr and .img two, else one."""
    file = Path(path)
    name, ending = file.name, ""
    if name.lower().endswith(".gz"):
        name, ending = name[:-3], name[-3:]
    stem, extension = name[:-4], name[-4:]
    if extension.lower() not in (".hdr", ".img"):
        head = _first_bytes(path)
        if is_nifti(head) and not _header(path, head).single:
            raise FileError(
                f"{path}: this is the header of a pair of files: call it .hdr, and have the values in .img beside it"
            )
        return path, path
    upper = extension.isupper()
    found = []
    for one in (".hdr", ".img"):
        wanted = one.upper() if upper else one
        candidates = [file.with_name(stem + wanted + ending), file.with_name(stem + wanted)]
        there = next((str(candidate) for candidate in candidates if candidate.is_file()), None)
        if there is None:
            raise FileError(f"{path}: {candidates[0].name}, the other file of the pair, is not beside it")
        found.append(allowed_path(there))
    if is_nifti(_first_bytes(found[0])) and _header(found[0], _first_bytes(found[0])).single:
        return found[0], found[0]
    return found[0], found[1]


def _is_gzip(path: str) -> bool:
    with open(path, "rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _first_bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            head = stream.read(_SIZES[1])
            if head[:2] != b"\x1f\x8b":
                return head
            stream.seek(0)
            return bytes(decompressed(stream, "gzip", 0, _SIZES[1]))
    except Exception as error:
        raise FileError(f"{path}: cannot be read: {error}") from error


def _header(path: str, head: bytes) -> _Header:
    for order in "<>":
        length = struct.unpack_from(f"{order}i", head)[0] if len(head) >= _SIZES[0] else 0
        if length == _SIZES[0]:
            return _version_1(head, order)
        if length == _SIZES[1] and len(head) >= _SIZES[1]:
            return _version_2(head, order)
    refuse_content(Path(path), head)  # others have two files of these names, too
    raise FileError(f"{path}: this is no NIfTI or Analyze file: its header does not begin with its length, 348 or 540")


def _version_1(head: bytes, order: str) -> _Header:
    def take(form: str, offset: int) -> tuple[Any, ...]:
        return struct.unpack_from(order + form, head, offset)

    named = is_nifti(head)
    offset, slope, intercept = take("3f", 108)
    return _Header(
        take("8h", 40),
        take("h", 70)[0],
        take("8f", 76),
        int(offset) if math.isfinite(offset) else -1,
        _scaling(slope, intercept) if named else (1.0, 0.0),
        take("f", 136)[0] if named else 0.0,
        take("2h", 252) if named else (0, 0),
        take("3f", 256),
        take("3f", 268),
        take("12f", 280),
        head[123] if named else 0,
        order,
        head[344:348] == b"n+1\0",
        _SIZES[0],
    )


def _version_2(head: bytes, order: str) -> _Header:
    def take(form: str, offset: int) -> tuple[Any, ...]:
        return struct.unpack_from(order + form, head, offset)

    return _Header(
        take("8q", 16),
        take("h", 12)[0],
        take("8d", 104),
        take("q", 168)[0],
        _scaling(*take("2d", 176)),
        take("d", 216)[0],
        take("2i", 344),
        take("3d", 352),
        take("3d", 376),
        take("12d", 400),
        take("i", 500)[0],
        order,
        head[4:8] == b"n+2\0",
        _SIZES[1],
    )


def _scaling(slope: float, intercept: float) -> tuple[float, float]:
    """Return slope and intercept; a slope of 0 means that there is none."""
    if slope == 0 or not math.isfinite(slope):
        return 1.0, 0.0
    return slope, intercept if math.isfinite(intercept) else 0.0


def _size(path: str, header: _Header) -> tuple[int, int, int]:
    count = header.dim[0]
    axes = header.dim[1 : count + 1] if 1 <= count <= 7 else ()
    if not axes or min(axes) < 1 or math.prod(axes) > _MOST_SAMPLES:
        raise FileError(f"{path}: its header says that it has the dimensions {header.dim}, which no image can have")
    x, y, z = (*axes, 1, 1)[:3]
    return x, y, z


def _affine(path: str, header: _Header) -> Numbers:
    """Place the image by method 3 of the standard (srow) if its code is set, else 2 (quaternion), else 1."""
    qform, sform = header.codes
    if sform > 0:
        made = np.eye(4)
        made[:3] = np.reshape(header.srow, (3, 4))
        if abs(np.linalg.det(made[:3, :3])) > 1e-30 and np.isfinite(made).all():
            return made
        if qform <= 0:
            raise FileError(f"{path}: the matrix of its header (srow) is singular: it says of no sample where it is")
    count = min(header.dim[0], 3)
    spacing = [abs(one) if one and math.isfinite(one) else 1.0 for one in header.pixdim[1 : count + 1]]
    if qform <= 0:
        return affine_of((0.0, 0.0, 0.0), spacing)
    direction = _rotation(*header.quatern)
    if header.pixdim[0] < 0:
        direction[:, 2] *= -1
    return affine_of(header.qoffset, spacing, direction)


def _rotation(b: float, c: float, d: float) -> Numbers:
    """Return the rotation of a unit quaternion of which three numbers are given (nifti1.h, method 2)."""
    length = b * b + c * c + d * d
    if length > 1:
        b, c, d = (one / math.sqrt(length) for one in (b, c, d))
    a = math.sqrt(max(0.0, 1 - (b * b + c * c + d * d)))
    return np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
