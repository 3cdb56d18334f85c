"""Strips and tiles of TIFF files as they are before compression, and what predictors have made of them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any, Final

import numpy as np
from PIL import Image

from ....base.errors import FileError
from ..stored import Numbers

PLAIN: Final = 1
_DEFLATE: Final = (8, 32946)
_BY_PILLOW: Final = {5: "LZW", 32773: "PackBits", 34925: "LZMA", 50000: "Zstandard"}
"""Numbers of compressions, tag 259, whose bytes Pillow gives back: it has libtiff."""
_NOT_PREDICTED, _DIFFERENCES, _BYTES_OF_REALS = 1, 2, 3
"""Predictors, tag 317."""


def is_decoded(compression: int, predictor: int, kind: str) -> bool:
    """Return whether numbers of a kind ("u", "i", "f") that are stored so are read here."""
    if compression == PLAIN:
        return True
    known = compression in _DEFLATE or compression in _BY_PILLOW
    wanted = (_NOT_PREDICTED, _BYTES_OF_REALS if kind == "f" else _DIFFERENCES)
    return known and predictor in wanted


def decoded(path: str, data: bytes, compression: int, rows: int, row_bytes: int) -> bytes:
    """Return the bytes of a strip or tile. Raises `FileError`."""
    if compression == PLAIN:
        return data
    try:
        if compression in _DEFLATE:
            return zlib.decompressobj().decompress(data, rows * row_bytes)
        return _by_pillow(data, compression, rows, row_bytes)
    except (zlib.error, OSError, ValueError, Image.DecompressionBombError) as error:
        name = _BY_PILLOW.get(compression, "deflate")
        raise FileError(f"{path}: a strip or tile cannot be decompressed ({name}): {error}") from error


def _by_pillow(data: bytes, compression: int, rows: int, row_bytes: int) -> bytes:
    """Decode a strip as that of a picture of bytes, which is the same for each kind of numbers."""
    tags = [(256, row_bytes), (257, rows), (258, 8), (259, compression), (262, 1), (273, 0), (277, 1), (278, rows)]
    tags.append((279, len(data)))
    place = 8 + 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, place if tag == 273 else value) for tag, value in tags)
    file = b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4) + data
    with Image.open(io.BytesIO(file)) as picture:
        return bytes(np.asarray(picture).tobytes())


def unpredicted(values: Numbers, predictor: int) -> Numbers:
    """Return the numbers of a strip or tile, of rows, columns and samples, in the byte order of this machine."""
    kind = values.dtype.newbyteorder("=")
    if predictor == _DIFFERENCES:
        return np.cumsum(values.astype(kind), axis=1, dtype=kind)
    if predictor != _BYTES_OF_REALS:
        return values
    rows, columns, samples = values.shape
    stored: Any = np.ascontiguousarray(values).view(np.uint8).reshape(rows, -1, samples)
    # All first bytes of a row come first, then all second ones; the most significant is the first.
    planes = np.cumsum(stored, axis=1, dtype=np.uint8).reshape(rows, kind.itemsize, columns * samples)
    numbers: Numbers = np.ascontiguousarray(planes.transpose(0, 2, 1)).view(kind.newbyteorder(">"))
    return numbers.reshape(values.shape).astype(kind)
