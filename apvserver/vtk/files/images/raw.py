"""Numbers in files: plain, compressed or as text, from a place on; less than a header promises is an error."""

from __future__ import annotations

import bz2
import os
import stat
import zlib
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.data_roots import allowed_path
from ...base.errors import FileError
from .stored import Numbers

_CHUNK: Final = 4 * 1024**2
_LARGE: Final = 256 * 1024**2
_MOST_COMPRESSED: Final = 20_000
"""No compression makes more bytes of one."""
MOST_HEADER_BYTES: Final = 4 * 1024**2
"""A header longer than this is none."""


@dataclass(frozen=True)
class RawData:
    """Where numbers are: `offset` bytes into a file; `skip` bytes of what is decompressed come before them.

    With a negative `offset` they end with the file, and `count` says how many there are in all. `encoding`: "raw",
    "gzip" (or zlib), "bzip2", "text".
    """

    path: str
    dtype: np.dtype[Any]
    offset: int = 0
    encoding: str = "raw"
    skip: int = 0
    count: int = 0


def native(values: Numbers) -> Numbers:
    """Return the numbers in this machine's order of bytes, of a type that VTK has."""
    kind = np.dtype(np.float32) if values.dtype == np.float16 else values.dtype.newbyteorder("=")
    return values.astype(kind, copy=False)


def read_numbers(data: RawData, first: int, count: int) -> Numbers:
    """Read `count` numbers from the index `first` on. Raises `FileError` if there are fewer."""
    path = allowed_path(data.path)
    try:
        if data.offset < 0 and data.encoding != "raw":
            raise FileError(f"{path}: only plain numbers can end with the file; these are {data.encoding}")
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise FileError(f"{path}: this is no file with values (a folder, a pipe or a device)")
        with open(path, "rb") as stream:
            if data.encoding == "text":
                return _of_text(stream, data, first, count)
            if data.encoding == "raw":
                return native(_of_bytes(stream, data, first, count))
            stream.seek(data.offset)
            start = data.skip + first * data.dtype.itemsize
            found = decompressed(stream, data.encoding, start, count * data.dtype.itemsize)
    except FileNotFoundError as error:
        raise FileError(f"{path}: no such file on the server; it should hold the values of the image") from error
    except FileError:
        raise
    except (OSError, ValueError, OverflowError) as error:
        raise FileError(f"{path}: cannot be read: {error}") from error
    if len(found) < count * data.dtype.itemsize:
        raise _cut_off(path, count * data.dtype.itemsize, len(found))
    return native(np.frombuffer(found, data.dtype))


def _of_bytes(stream: BinaryIO, data: RawData, first: int, count: int) -> Numbers:
    size = Path(data.path).stat().st_size
    needed = count * data.dtype.itemsize
    begin = data.offset if data.offset >= 0 else size - data.count * data.dtype.itemsize
    start = begin + first * data.dtype.itemsize
    if begin < 0 or size - start < needed:
        raise _cut_off(data.path, needed, max(0, size - max(start, 0)))
    stream.seek(start)
    return np.fromfile(stream, data.dtype, count)


def _of_text(stream: BinaryIO, data: RawData, first: int, count: int) -> Numbers:
    stream.seek(data.offset)
    words = stream.read().split()
    if len(words) < first + count:
        raise FileError(
            f"{data.path}: the file is cut off: {len(words)} numbers, where its header says {first + count}"
        )
    return np.array(words[first : first + count]).astype(data.dtype.newbyteorder("="))


def decompressed(stream: BinaryIO, encoding: str, start: int, size: int) -> bytearray:
    """Return up to `size` bytes of what a compressed stream holds, from its byte `start` on."""
    made = bytearray()
    place, machine, pending = 0, _machine(encoding), b""
    while len(made) < size:
        pending = pending or stream.read(_CHUNK)
        if not pending and getattr(machine, "needs_input", True):
            break
        piece, pending = _step(machine, pending)
        if piece:
            made += memoryview(piece)[max(0, start - place) :][: size - len(made)]
            place += len(piece)
        if machine.eof:
            pending = machine.unused_data + (pending if pending is not machine.unused_data else b"")
            if not (pending := pending or stream.read(_CHUNK)).strip(b"\0"):
                break
            machine = _machine(encoding)
    return made


def _machine(encoding: str) -> Any:
    return bz2.BZ2Decompressor() if encoding == "bzip2" else zlib.decompressobj(47)  # gzip or zlib, as it says


def _step(machine: Any, pending: bytes) -> tuple[bytes, bytes]:
    try:
        piece = machine.decompress(pending, _CHUNK)
    except zlib.error as error:
        raise FileError(f"the file is damaged: it cannot be decompressed: {error}") from error
    return piece, b"" if isinstance(machine, bz2.BZ2Decompressor) else machine.unconsumed_tail


def check_promise(path: str, promised: int) -> None:
    """Raise `FileError` if a file is too small for the bytes of values that its header promises, however compressed.

    Memory for them would be taken before the values are looked for.
    """
    size = Path(path).stat().st_size
    if promised > max(_LARGE, size * _MOST_COMPRESSED):
        raise FileError(
            f"{path}: its header says {promised} bytes of values, and no file of {size} bytes can hold them"
        )


def _cut_off(path: str, needed: int, found: int) -> FileError:
    return FileError(f"{path}: the file is cut off: its header says {needed} bytes of values, and there are {found}")


def scaled(values: Numbers, slope: float, intercept: float) -> Numbers:
    """Return values * slope + intercept: in single precision where that tells neighbors apart, else in double."""
    kind = scaled_type(values.dtype, slope, intercept)
    made = values.astype(kind)
    made *= kind.type(slope)
    made += kind.type(intercept)
    return made


def scaled_type(dtype: np.dtype[Any], slope: float, intercept: float) -> np.dtype[Any]:
    """Return the type that `scaled` gives."""
    if dtype.kind == "f":
        return dtype
    largest = abs(intercept) + abs(slope) * 2.0 ** (8 * dtype.itemsize)
    fine = dtype.itemsize <= 2 and largest * 2.0**-24 <= abs(slope) / 64
    return np.dtype(np.float32 if fine else np.float64)
