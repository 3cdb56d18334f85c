"""Which values there are, while other threads go on: numpy's `unique` keeps Python's lock where it hashes, or has rows.

It frees what it hashed with the lock kept, 80 ms for three million integers, and compares rows with it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]

_AT_A_TIME: Final = 1 << 16


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the different values of an array, (n,), the smallest first, and NaN, of which there is one, last."""
    ordered = np.sort(values, axis=None)
    return ordered[_begins(ordered)]


def distinct_few(values: npt.NDArray[Any], most: int) -> npt.NDArray[Any] | None:
    """Return the different values of an array, as `distinct`, without those that are not finite; None: above `most`."""
    flat, found = values.reshape(-1), values.reshape(-1)[:0]
    for begin in range(0, len(flat), _AT_A_TIME):
        part = flat[begin : begin + _AT_A_TIME]
        found = distinct(np.concatenate([found, part[np.isfinite(part)]]))
        if len(found) > most:
            return None
    return found


def numbered(values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Ids]:
    """Return the different values of an array, (n,), as `distinct`, and of each value of it which one it is, (m,)."""
    flat = values.reshape(-1)
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    begins = _begins(ordered)
    return ordered[begins], _spread(begins, order)


def numbered_rows(rows: npt.NDArray[Any]) -> tuple[Ids, Ids]:
    """Return of rows, (m, k), the first of each kind, (n,), sorted by their columns, and which kind each is, (m,)."""
    order: Ids = np.lexsort(rows.T[::-1]) if rows.size else np.arange(len(rows))
    begins = np.ones(len(rows), bool)
    begins[1:] = False
    for column in rows.T:
        ordered = column[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    return order[begins], _spread(begins, order)


def counted(are: npt.NDArray[Any]) -> Ids:
    """Return how many truth values up to each one are true. numpy's `cumsum` keeps the lock while it converts them."""
    return np.cumsum(are.astype(np.int64))


def _begins(ordered: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return whether each of ordered values is the first of its kind."""
    found = np.ones(len(ordered), bool)
    found[1:] = ordered[1:] != ordered[:-1]
    if ordered.dtype.kind == "f":
        found[1:] &= ~np.isnan(ordered[:-1])  # those behind are NaN as well
    return found


def _spread(begins: npt.NDArray[np.bool_], order: Ids) -> Ids:
    """Return which kind each value is of, where they begin in this order."""
    kinds = np.empty(len(order), np.int64)
    kinds[order] = counted(begins) - 1
    return kinds
