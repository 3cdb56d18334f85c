"""PBM, PGM, PPM and PFM (https://netpbm.sourceforge.net/doc): numbers as they are, not stretched to a maximum."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.errors import FileError
from .raw import RawData, read_numbers
from .stored import Numbers, StoredImage

_HEAD_BYTES: Final = 4096
_SEPARATOR: Final = rb"(?:\s|#[^\n]*\n)+"
_CHANNELS: Final = {b"P1": 1, b"P2": 1, b"P3": 3, b"P4": 1, b"P5": 1, b"P6": 3, b"Pf": 1, b"PF": 3}


@dataclass(frozen=True)
class _Header:
    magic: bytes
    columns: int
    rows: int
    largest: float
    end: int

    @property
    def dtype(self) -> np.dtype[Any]:
        if self.magic in (b"Pf", b"PF"):
            return np.dtype("<f4" if self.largest < 0 else ">f4")
        return np.dtype("u1" if self.largest < 256 else ">u2")


def open_pnm(path: str) -> StoredImage:
    """Return what a file holds; black is 0 in PBM too, and white 255. Raises `FileError`."""
    with open(path, "rb") as stream:
        header = _header(stream.read(_HEAD_BYTES))
    if header is None:
        raise FileError(f"{path}: this is no PBM, PGM, PPM or PFM picture")
    channels = _CHANNELS[header.magic]
    shape = header.rows, header.columns, channels

    def load(_step: int) -> Numbers:
        if header.magic in (b"P1", b"P4"):
            values = np.where(_bits(path, header), 0, 255).astype("u1")[..., None]
        else:
            encoding = "text" if header.magic in (b"P2", b"P3") else "raw"
            raw = RawData(path, header.dtype, header.end, encoding)
            values = read_numbers(raw, 0, math.prod(shape)).reshape(shape)
        return values[None] if header.magic in (b"Pf", b"PF") else values[None, ::-1]  # PFM begins at the bottom

    size = (header.columns, header.rows, 1)
    return StoredImage(size, np.eye(4), load, header.dtype, "PNMImage", channels)


def _header(head: bytes) -> _Header | None:
    bits = head[:2] in (b"P1", b"P4")
    numbers = rb"(-?[\d.]+)"
    pattern = rb"(P[1-6Ff])" + (_SEPARATOR + numbers) * (2 if bits else 3) + rb"\s"
    found = re.match(pattern, head)
    if found is None:
        return None
    try:
        columns, rows, largest = int(found[2]), int(found[3]), 1.0 if bits else float(found[4])
    except ValueError:
        return None
    known = largest != 0 if found[1] in (b"Pf", b"PF") else 0 < largest < 65536
    return _Header(found[1], columns, rows, largest, found.end()) if columns > 0 < rows and known else None


def _bits(path: str, header: _Header) -> Numbers:
    if header.magic == b"P1":  # digits need nothing between them
        with open(path, "rb") as stream:
            stream.seek(header.end)
            digits = np.frombuffer(re.sub(rb"#[^\n]*|\s", b"", stream.read()), "u1")
        if digits.size < header.rows * header.columns:
            raise FileError(f"{path}: the file is cut off: {digits.size} of {header.rows * header.columns} pixels")
        ones: Numbers = digits[: header.rows * header.columns] == ord("1")
        return ones.reshape(header.rows, header.columns)
    row = -(-header.columns // 8)
    packed = read_numbers(RawData(path, np.dtype("u1"), header.end), 0, row * header.rows)
    return np.unpackbits(packed.reshape(header.rows, row), axis=1)[:, : header.columns]
