"""Many numbers of points and cells, each once and in order; other than `np.unique` without keeping Python's lock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]
"""Blocks and ids, (n, 2)."""


def distinct(values: npt.ArrayLike) -> Ids:
    """Return the different ones of whole numbers, sorted."""
    ordered = np.sort(np.asarray(values, np.int64), axis=None)
    new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    found: Ids = ordered[new]
    return found


def distinct_pairs(blocks: npt.ArrayLike, ids: npt.ArrayLike) -> Pairs:
    """Return the different pairs of a block and an id, sorted, (n, 2)."""
    of, numbers = np.asarray(blocks, np.int64), np.asarray(ids, np.int64)
    parts = [(block, distinct(numbers[of == block])) for block in distinct(of).tolist()]
    found: Pairs = np.empty((sum(len(part) for _, part in parts), 2), np.int64)
    begin = 0
    for block, part in parts:
        found[begin : begin + len(part)] = np.column_stack([np.full(len(part), block), part])
        begin += len(part)
    return found
