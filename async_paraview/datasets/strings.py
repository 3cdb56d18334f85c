"""String arrays as bytes: n + 1 offsets of 64 bits, then the texts in UTF-8 one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .checking.plain_values import show
from .description import ArrayDescription
from .errors import DataSetError


def pack_strings(texts: Sequence[str | bytes]) -> memoryview:
    """Return the bytes of an array of texts; empty for none. Raises DataSetError for what UTF-8 cannot carry."""
    if not texts:
        return memoryview(b"")
    encoded = [_utf8(text) for text in texts]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(item) for item in encoded], out=offsets[1:])
    return memoryview(b"".join((offsets.tobytes(), *encoded)))


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
