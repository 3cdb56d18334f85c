"""FreeSurfer's MGH and MGZ (https://surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/MghFormat): x goes to the right."""

from __future__ import annotations

import math
import struct
from typing import Final

import numpy as np

from ...base.errors import FileError
from .raw import RawData, decompressed, read_numbers
from .stored import Numbers, StoredImage, times_of

_HEADER_BYTES: Final = 284
_TYPES: Final = {0: "u1", 1: "i4", 3: "f4", 4: "i2", 10: "u2"}


def open_mgh(path: str) -> StoredImage:
    """Return what a file holds, compressed or not; frames are times. Raises `FileError`, OSError."""
    with open(path, "rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        head = bytes(decompressed(stream, "gzip", 0, _HEADER_BYTES)) if packed else stream.read(_HEADER_BYTES)
    if len(head) < _HEADER_BYTES or struct.unpack_from(">i", head)[0] != 1:
        raise FileError(f"{path}: this is no MGH image of version 1, or its header is cut off")
    sizes = struct.unpack_from(">4i", head, 4)
    kind, _, placed = struct.unpack_from(">iih", head, 20)
    if kind not in _TYPES or min(sizes) < 1:
        raise FileError(f"{path}: MGH numbers of type {kind}, sizes {sizes}, are not read; convert it with mri_convert")
    size, frames, dtype = sizes[:3], sizes[3], np.dtype(f">{_TYPES[kind]}")
    encoding = "gzip" if packed else "raw"
    raw = RawData(path, dtype, 0 if packed else _HEADER_BYTES, encoding, _HEADER_BYTES)
    count = math.prod(size)

    def load(step: int) -> Numbers:
        return read_numbers(raw, step * count, count).reshape(*size[::-1], 1)

    affine = _affine(head, size, bool(placed))
    return StoredImage(size, affine, load, dtype, "ImageScalars", times=times_of(frames))


def _affine(head: bytes, size: tuple[int, int, int], placed: bool) -> Numbers:
    """Return the matrix; the file says where the middle is. What says nothing is coronal, 1 apart, by the format."""
    numbers = struct.unpack_from(">15f", head, 30) if placed else (1, 1, 1, -1, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 0)
    made = np.eye(4)
    made[:3, :3] = np.reshape(numbers[3:12], (3, 3)).T * numbers[:3]
    made[:3, 3] = np.array(numbers[12:15]) - made[:3, :3] @ (np.array(size) / 2)
    return made
