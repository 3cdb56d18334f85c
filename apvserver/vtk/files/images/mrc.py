"""MRC2014 and CCP4 maps (https://www.ccpem.ac.uk/mrc_format/mrc2014.php): values on a cell with axes and angles."""

from __future__ import annotations

import math
import struct
from typing import Final

import numpy as np

from ...base.errors import FileError
from .raw import RawData, read_numbers
from .stored import Numbers, StoredImage

_HEADER_BYTES: Final = 1024
_MODES: Final = {0: "i1", 1: "i2", 2: "f4", 6: "u2", 12: "f2"}


def is_mrc(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a map; the mark is missing in files from before 2000."""
    return head[208:212] in (b"MAP ", b"MAP\0")


def open_mrc(path: str) -> StoredImage:
    """Return what an MRC or CCP4 file holds. Raises `FileError`."""
    with open(path, "rb") as stream:
        head = stream.read(_HEADER_BYTES)
    order = next((one for one in "<>" if len(head) == _HEADER_BYTES and _plausible(head, one)), None)
    if order is None:
        raise FileError(
            f"{path}: this is no MRC or CCP4 map: its header names no sizes, mode and axes that are possible"
        )
    numbers = struct.unpack_from(f"{order}10i6f3i3f2i", head)
    sizes, mode, starts, cells = numbers[:3], numbers[3], numbers[4:7], numbers[7:10]
    lengths, angles, map_axes, extended = numbers[10:13], numbers[13:16], numbers[16:19], numbers[23]
    if mode not in _MODES:
        raise FileError(f"{path}: numbers of mode {mode} (complex, or 4 bits) are not read; convert it to mode 2")
    dtype = np.dtype(order + _MODES[mode])
    raw = RawData(path, dtype, _HEADER_BYTES + max(0, extended))
    along = [map_axes.index(axis) for axis in (1, 2, 3)]  # which axis of the file x, y and z are
    size = (sizes[along[0]], sizes[along[1]], sizes[along[2]])

    def load(_step: int) -> Numbers:
        values = read_numbers(raw, 0, math.prod(sizes)).reshape(sizes[::-1])
        return values.transpose([2 - along[2], 2 - along[1], 2 - along[0]])[..., None]

    first = struct.unpack_from(f"{order}3f", head, 196) if is_mrc(head) else (0.0, 0.0, 0.0)
    affine = np.eye(4)
    if min(lengths) > 0:
        affine[:3, :3] = _cell(lengths, angles) / [one if one > 0 else n for one, n in zip(cells, size, strict=True)]
    at_starts = affine[:3, :3] @ [starts[one] for one in along]
    affine[:3, 3] = first if any(first) and all(map(math.isfinite, first)) else at_starts
    return StoredImage(size, affine, load, np.dtype(np.float32) if mode == 12 else dtype, "ImageScalars")


def _plausible(head: bytes, order: str) -> bool:
    sizes, mode, axes = (struct.unpack_from(order + form, head, at) for form, at in (("3i", 0), ("i", 12), ("3i", 64)))
    return min(sizes) > 0 and max(sizes) < 1 << 20 and 0 <= mode[0] <= 101 and sorted(axes) == [1, 2, 3]


def _cell(lengths: tuple[float, ...], angles: tuple[float, ...]) -> Numbers:
    """Return the edges of the unit cell as columns: a along x, b in the plane of x and y."""
    alpha, beta, gamma = (math.radians(one) if 0 < one < 180 else math.pi / 2 for one in angles)
    cos = [0.0 if abs(math.cos(one)) < 1e-7 else math.cos(one) for one in (alpha, beta, gamma)]
    sine = math.sin(gamma)
    rest = (cos[0] - cos[1] * cos[2]) / sine
    height = math.sqrt(max(1e-12, 1 - cos[1] ** 2 - rest**2))
    edges = np.array([[1, cos[2], cos[1]], [0, sine, rest], [0, 0, height]])
    found: Numbers = edges * np.asarray(lengths)
    return found
