"""String arrays as bytes: n + 1 offsets of 64 bits, then the texts in UTF-8 one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from .checking.plain_values import show
from .description import ArrayDescription
from .errors import DataSetError

_AT_A_TIME: Final = 10_000
"""Texts that are packed in one go: within a few milliseconds, in which no other thread goes on."""


def pack_strings(texts: Sequence[str | bytes]) -> memoryview:
    """Return the bytes of an array of texts; empty for none. Raises DataSetError for what UTF-8 cannot carry."""
    if not texts:
        return memoryview(b"")
    sizes = np.zeros(len(texts) + 1, dtype=np.int64)
    pieces = []
    for begin in range(0, len(texts), _AT_A_TIME):
        encoded = [_utf8(text) for text in texts[begin : begin + _AT_A_TIME]]
        sizes[begin + 1 : begin + 1 + len(encoded)] = [len(item) for item in encoded]
        pieces.append(np.frombuffer(b"".join(encoded), np.uint8))
    offsets = np.cumsum(sizes).view(np.uint8)
    return np.concatenate([offsets, *pieces]).data.toreadonly()


def _utf8(text: str | bytes) -> bytes:
    # VTK hands out bytes for a string that is not UTF-8.
    if isinstance(text, bytes):
        raise DataSetError(f"expected UTF-8 in a string array, got {show(text)}")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise DataSetError(f"expected UTF-8 in a string array, got {show(text)}") from None


def read_strings(array: ArrayDescription) -> list[str]:
    """Return the texts, tuple by tuple.

    Raises DataSetError if an offset falls, points outside or splits a character.
    """
    count = array.tuples * array.components
    if not count:
        return []
    offsets = np.frombuffer(array.data, dtype=np.int64, count=count + 1)
    content = array.data[offsets.nbytes :]
    if offsets[0] != 0 or offsets[-1] != content.nbytes or np.any(offsets[1:] < offsets[:-1]):
        raise DataSetError(
            f"{show(array.name)}: expected rising offsets from 0 to {content.nbytes}, got {offsets[0]} to {offsets[-1]}"
        )
    limits = offsets.tolist()
    raw = bytes(content)
    try:
        return [raw[a:b].decode() for a, b in pairwise(limits)]
    except UnicodeDecodeError as error:
        raise DataSetError(f"{show(array.name)}: expected UTF-8, got {error}") from None
