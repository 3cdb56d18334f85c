"""Large files put together of pieces while other threads go on: bytes.join and the like would keep Python's lock."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Final

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
