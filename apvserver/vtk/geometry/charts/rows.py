"""Which rows a chart draws of very many: no more than can be told apart. Plain functions of columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from .columns import Numbers

Rows = npt.NDArray[np.int64]

MOST_ROWS: Final = 8_000
"""Lines and bars have at most so many rows for each of their series, whatever the data has."""
MOST_LINES: Final = 5_000
"""So many rows are drawn as lines across parallel axes."""
_PLACES: Final = 256
"""So many places along each side are told apart where points are drawn."""


def rows_of_lines(columns: Sequence[Numbers]) -> Rows | None:
    """Return the rows of which lines look like those of all; None: all of them.

    The rows are cut into runs, and of each run those stay where some column is smallest or largest: so no extreme is
    lost, and no gap (a row of NaN) of a run that has nothing else. The first and the last row stay as well.
    """
    count = len(columns[0])
    if count <= MOST_ROWS:
        return None
    length = -(-2 * count // MOST_ROWS)
    kept = [np.array([0, count - 1])]
    for column in columns:
        padded = np.full(-(-count // length) * length, np.nan)
        padded[:count] = column
        runs = padded.reshape(-1, length)
        starts = np.arange(len(runs)) * length
        missing = np.isnan(runs)
        kept.append(starts + np.where(missing, np.inf, runs).argmin(axis=1))
        kept.append(starts + np.where(missing, -np.inf, runs).argmax(axis=1))
    return np.unique(np.concatenate(kept))


def rows_of_points(across: Numbers, up: Numbers, places: int = _PLACES, most: int = MOST_ROWS) -> Rows | None:
    """Return the rows of which the points of a series look like those of all; None: all of them.

    Of the points that lie at the same one of `places` x `places` places one stays, and all extremes.
    """
    return None if len(across) <= most else np.unique(_one_of_each_place(across, up, places))


def _one_of_each_place(across: Numbers, up: Numbers, places: int) -> Rows:
    rows = np.flatnonzero(~(np.isnan(across) | np.isnan(up)))
    if not len(rows):
        return rows
    x, y = across[rows], up[rows]
    first = np.full(places * places, -1, np.int64)
    first[_places_of(x, places) * places + _places_of(y, places)] = rows
    extremes = rows[[x.argmin(), x.argmax(), y.argmin(), y.argmax()]]
    return np.concatenate([first[first >= 0], extremes])


def _places_of(values: Numbers, places: int) -> Rows:
    low, high = float(values.min()), float(values.max())
    if not high > low:
        return np.zeros(len(values), np.int64)
    half = values / 2 - low / 2  # the difference itself may be beyond the largest number
    return np.minimum(half / (high / 2 - low / 2) * places, places - 1).astype(np.int64)


def rows_of_parallel_lines(columns: Sequence[Numbers]) -> Rows | None:
    """Return the rows that are drawn across parallel axes: at equal distances, with all extremes; None: all."""
    count = len(columns[0])
    if count <= MOST_LINES:
        return None
    kept = [np.linspace(0, count - 1, MOST_LINES).astype(np.int64)]
    filled = [column for column in columns if not np.isnan(column).all()]
    kept += [np.array([np.nanargmin(column), np.nanargmax(column)]) for column in filled]
    return np.unique(np.concatenate(kept))
