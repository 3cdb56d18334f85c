"""Into which pieces a source divides what it gives, and how much the whole takes: known before any of it is made."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonExecutionModel import vtkAlgorithm, vtkStreamingDemandDrivenPipeline

from async_paraview.records import dataclass

from ....settings import adopted
from ...files.file_states import reads_files
from ...types.limits import streamed_bytes
from ..guards.memory_guard import announced_bytes
from .parts import parts_of
from .table import Given, given

Extent = tuple[int, int, int, int, int, int]
_WHOLE_EXTENT: Final = vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()
SHARE: Final = 16
"""Into so many pieces goes what just fits: a filter makes several times what it gets, and the results are kept."""
_MOST_PIECES: Final = 4096


@dataclass(frozen=True)
class Piece:
    """One piece of a whole: what is asked of the source for it, and what of that belongs to it."""

    index: int
    count: int
    asked: Extent | None = None
    """Of structured data: the indices of points, with ghost levels; None for parts of files."""
    own: Extent | None = None
    """Those without ghost levels. The last ones along an axis are the first ones of the next piece."""


@dataclass(frozen=True)
class Division:
    """How a source is divided."""

    given: Given
    bytes: int
    """What the whole takes at least."""
    count: int
    """Of pieces."""
    whole: Extent | None = None
    axis: int = 2

    def piece(self, index: int, ghosts: int) -> Piece:
        """Return one of the pieces, with so many layers of cells around it where the source makes some."""
        if self.whole is None:
            return Piece(index, self.count)
        first, last = self.whole[2 * self.axis], self.whole[2 * self.axis + 1]
        low, high = list(pairwise(np.linspace(first, last, self.count + 1).astype(int).tolist()))[index]
        own, asked = list(self.whole), list(self.whole)
        own[2 * self.axis : 2 * self.axis + 2] = low, high
        asked[2 * self.axis : 2 * self.axis + 2] = max(first, low - ghosts), min(last, high + ghosts)
        return Piece(index, self.count, _extent(asked), _extent(own))


def division_of(algorithm: Any) -> Division | None:
    """Return how the output of a source is divided, if it is too large to be made as a whole and can be; else None.

    The source says what it would give; it makes nothing of it. What is not read but made, of a few numbers, is so large
    by mistake, unless whoever started the server said from which size on there are to be pieces.
    """
    kind, limit = given(algorithm), streamed_bytes()
    if kind is None or limit is None or not (reads_files(algorithm) or adopted().stream):
        return None
    algorithm.UpdateInformation()
    information = algorithm.GetOutputInformation(0)
    if kind is Given.PARTS and not information.Has(_WHOLE_EXTENT):
        parts = parts_of(algorithm)
        if parts is None or parts.bytes <= limit or parts.count < 2:
            return None
        return Division(Given.PARTS, parts.bytes, min(parts.count, _pieces(parts.bytes, limit)))
    if not information.Has(_WHOLE_EXTENT) or not information.Has(vtkAlgorithm.CAN_PRODUCE_SUB_EXTENT()):
        return None
    needed, whole = announced_bytes(algorithm, 0), _extent(information.Get(_WHOLE_EXTENT))
    cells = [whole[2 * axis + 1] - whole[2 * axis] for axis in range(3)]
    axis = max((axis for axis in range(3) if cells[axis] > 0), default=2)
    if needed <= limit or cells[axis] < 2:
        return None
    return Division(Given.BLOCKS, needed, min(cells[axis], _pieces(needed, limit)), whole, axis)


def _pieces(bytes_: int, limit: float) -> int:
    return min(_MOST_PIECES, max(1, math.ceil(bytes_ * SHARE / limit)))


def _extent(numbers: Any) -> Extent:
    a, b, c, d, e, f = (int(one) for one in numbers)
    return a, b, c, d, e, f
