"""Large files put together of pieces while other threads go on: bytes.join and the like would keep Python's lock."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

Bytes = bytes | memoryview
_AT_A_TIME: Final = 3 << 16
"""Bytes that become text at a time: whole groups of three."""


def joined(pieces: Iterable[Bytes]) -> memoryview:
    """Return bytes one behind the other."""
    arrays = [np.frombuffer(one, np.uint8) for one in pieces]
    return np.concatenate(arrays).data if arrays else memoryview(b"")


def bytes_of(array: np.ndarray) -> memoryview:
    """Return the numbers of an array as they lie in a file, the lowest byte first; copied only where they do not."""
    held = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return held.reshape(-1).view(np.uint8).data


def in_base64(content: Bytes) -> Iterator[bytes]:
    """Yield bytes as text (RFC 4648), some at a time."""
    raw = memoryview(content)
    for begin in range(0, len(raw), _AT_A_TIME):
        yield base64.b64encode(raw[begin : begin + _AT_A_TIME])


class WrittenPieces(io.RawIOBase):
    """A file in memory that is kept in pieces, as they are written: io.BytesIO would copy all of it as it grows.

    What was written may be written again, with as many bytes, as zipfile does with the heads of its members.
    """

    def __init__(self) -> None:
        self._pieces: dict[int, bytes] = {}
        self._at = self._size = 0

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def seekable(self) -> bool:
        """Return that places can be gone to."""
        return True

    def tell(self) -> int:
        """Return where the next piece is put."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Have the next piece put there, and return where that is."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def write(self, content: Any) -> int:
        """Put bytes at the end, or in the place of a piece. Raises io.UnsupportedOperation for another place."""
        piece = bytes(content)
        before = self._pieces.get(self._at)
        if self._at != self._size and (before is None or len(before) != len(piece)):
            raise io.UnsupportedOperation(f"{len(piece)} bytes at {self._at} are not one of the pieces written")
        if piece:
            self._pieces[self._at] = piece
        self._at += len(piece)
        self._size = max(self._size, self._at)
        return len(piece)

    def content(self) -> memoryview:
        """Return all that was written."""
        return joined(self._pieces.values())
