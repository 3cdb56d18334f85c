"""Points that pieces have in common: each is found once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ...algorithms.sampling.samples import coordinates_of
from ...base.array_types import repeated
from ...base.values.distinct import counted

Places = npt.NDArray[Any]
Chosen = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int64]
_MARGIN: Final = 1e-5
"""Of the size of a piece: how far outside of its bounds a point may be that was rounded."""


def places_of(data: Any) -> Places:
    """Return where the points of data are, (n, 3)."""
    return np.asarray(coordinates_of(data)).reshape(-1, 3)


def in_common(pieces: list[Places]) -> list[Ids]:
    """Return for each piece the number of each of its points in the whole, in which what is at one place is one point.

    Points of one piece stay apart, also at one place. Numbers count points in order, without those that were there.
    """
    bounds = [(one.min(axis=0), one.max(axis=0)) if len(one) else None for one in pieces]
    near = [np.flatnonzero(_near_others(one, index, bounds)) for index, one in enumerate(pieces)]
    if not pieces:
        return []
    found: Places = np.concatenate([one[ids] for one, ids in zip(pieces, near, strict=True)])
    repeats: Ids = np.concatenate([_repeats(one[ids]) for one, ids in zip(pieces, near, strict=True)])
    groups = _groups(found, repeats)
    numbers: list[Ids] = []
    known = np.full(int(groups.max()) + 1 if len(groups) else 0, -1, np.int64)
    begin = total = 0
    for one, ids in zip(pieces, near, strict=True):
        mine = groups[begin : begin + len(ids)]
        begin += len(ids)
        there = known[mine]
        new = np.ones(len(one), np.bool_)
        new[ids[there >= 0]] = False
        number = np.empty(len(one), np.int64)
        number[new] = total + np.arange(int(new.sum()))
        number[ids[there >= 0]] = there[there >= 0]
        known[mine] = number[ids]
        total += int(new.sum())
        numbers.append(number)
    return numbers


class Neighbour:
    """The piece before: which points of the next one were in it."""

    def __init__(self) -> None:
        self._before: Places = np.zeros((0, 3))

    def seen(self, places: Places) -> Chosen:
        """Return which of these points the piece before had, too; they are the piece before for the next call."""
        first, second = in_common([self._before, places])
        self._before = places
        return np.asarray(second < len(first))


def _near_others(places: Places, index: int, bounds: list[Any]) -> Chosen:
    near = np.zeros(len(places), np.bool_)
    own = bounds[index]
    for other, box in enumerate(bounds):
        if other == index or box is None or own is None:
            continue
        margin = _MARGIN * max(float(np.abs(box[1] - box[0]).max()), float(np.abs(own[1] - own[0]).max()))
        low, high = box[0] - margin, box[1] + margin
        if (own[0] <= high).all() and (own[1] >= low).all():
            near |= ((places >= low) & (places <= high)).all(axis=1)
    return near


def _repeats(places: Places) -> Ids:
    """Return for each place how many like it stand before it."""
    if not len(places):
        return np.zeros(0, np.int64)
    order = np.lexsort(places.T)
    ordered = places[order]
    begins = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])
    first = np.flatnonzero(begins)
    counts = np.arange(len(places)) - repeated(first, np.diff(np.append(first, len(places))))
    found = np.empty(len(places), np.int64)
    found[order] = counts
    return found


def _groups(places: Places, repeats: Ids) -> Ids:
    """Return a number for each place that only those at the same place, with as many before them, have, too."""
    if not len(places):
        return np.zeros(0, np.int64)
    order = np.lexsort((repeats, *places.T))
    ordered, again = places[order], repeats[order]
    begins = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1) | (again[1:] != again[:-1])])
    found = np.empty(len(places), np.int64)
    found[order] = counted(begins) - 1
    return found
