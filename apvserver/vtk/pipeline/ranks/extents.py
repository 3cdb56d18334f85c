"""Extents of images in pieces: slabs along one axis, which share a layer of points and no cell. Without VTK."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

Extent = tuple[int, int, int, int, int, int]


def extent_of(numbers: Sequence[int]) -> Extent:
    """Return six plain numbers as an extent. Raises ValueError for more, or fewer."""
    left, right, front, back, bottom, top = numbers
    return left, right, front, back, bottom, top


def axis_of(whole: Sequence[int], ranks: int) -> int | None:
    """Return the axis along which an extent is divided; None if no axis has a cell for each rank.

    The last axis that does, because its slabs are each one block of memory.
    """
    return next((axis for axis in (2, 1, 0) if whole[2 * axis + 1] - whole[2 * axis] >= ranks), None)


def slabs(whole: Sequence[int], ranks: int) -> list[Extent] | None:
    """Return the extent of each rank's piece; None if it cannot be divided among so many."""
    axis = axis_of(whole, ranks)
    if axis is None:
        return None
    first, cells = whole[2 * axis], whole[2 * axis + 1] - whole[2 * axis]
    bounds = [first + cells * rank // ranks for rank in range(ranks + 1)]
    return [with_span(whole, axis, low, high) for low, high in itertools.pairwise(bounds)]


def with_span(extent: Sequence[int], axis: int, low: int, high: int) -> Extent:
    """Return an extent that goes from `low` to `high` along an axis."""
    found = list(extent)
    found[2 * axis], found[2 * axis + 1] = low, high
    a, b, c, d, e, f = found
    return a, b, c, d, e, f


def grown(own: Sequence[int], whole: Sequence[int], axis: int, layers: int) -> Extent:
    """Return an extent with so many more layers on both sides along an axis, as far as there are any."""
    low, high = own[2 * axis] - layers, own[2 * axis + 1] + layers
    return with_span(own, axis, max(low, whole[2 * axis]), min(high, whole[2 * axis + 1]))


def dimensions(extent: Sequence[int]) -> tuple[int, int, int]:
    """Return the numbers of points along x, y and z."""
    x, y, z = (max(0, extent[2 * axis + 1] - extent[2 * axis] + 1) for axis in range(3))
    return x, y, z


def cell_dimensions(extent: Sequence[int]) -> tuple[int, int, int]:
    """Return the numbers of cells along x, y and z; 1 where there is one layer of points."""
    x, y, z = (max(1, one - 1) for one in dimensions(extent))
    return x, y, z
