"""Whether a file can hold grids of PLOT3D, which has no mark: by the sizes of grids, and the room for their points."""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Sequence
from typing import Final

import numpy as np

_HEAD_BYTES: Final = 1 << 20
_INT_BYTES: Final = 4
_REAL_BYTES: Final = 4
"""The fewest: coordinates have single or double precision."""
_NUMBERS: Final = re.compile(rb"[\s\d.,*+\-eEdDaAnNiIfF]+")
"""What numbers in a text are written with."""


def misfit(path: str) -> str | None:
    """Return why a file has no grids of PLOT3D, None if it may have.

    Text has numbers alone. Binary files may be of either order of bytes, with or without lengths of records, of one
    grid or several, in a plane or in space: one of these ways must give sizes for whose points there is room.
    """
    size_bytes = os.stat(path).st_size
    with open(path, "rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.strip() and _NUMBERS.fullmatch(head):
        return None
    for order, has_lengths, has_several, axes in itertools.product("<>", (False, True), (False, True), (2, 3)):
        words = np.frombuffer(head[: len(head) // _INT_BYTES * _INT_BYTES], f"{order}i4").tolist()
        sizes = _sizes(words, has_lengths=has_lengths, has_several=has_several, axes=axes)
        if sizes and min(sizes) > 0:
            points = sum(math.prod(sizes[at : at + axes]) for at in range(0, len(sizes), axes))
            if points * axes * _REAL_BYTES < size_bytes:
                return None
    return "this is no file of grids of PLOT3D: it is no text of numbers, and has no room for what its first ones mean"


def _sizes(words: Sequence[int], *, has_lengths: bool, has_several: bool, axes: int) -> Sequence[int]:
    """Return the sizes of all grids by one way to read them, as far as they are among the words."""
    begin, count = int(has_lengths), 1
    if has_several:
        count = words[begin] if len(words) > begin else 0
        begin += 3 if has_lengths else 1  # a length ends the record of their number, and one begins the next
    sizes = words[begin : begin + max(count, 0) * axes]
    return sizes[: len(sizes) // axes * axes]
