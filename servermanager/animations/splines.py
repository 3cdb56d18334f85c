"""Curves through points, with the results of VTK's splines: vtkKochanekSpline and vtkCardinalSpline as they are made.

D. H. U. Kochanek and R. H. Bartels: Interpolating splines with local tension, continuity, and bias control. 1984; here
all three are 0. Ends have no slope.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def linear(times: Sequence[float], values: Floats, at: float) -> Floats:
    """Return a point on straight lines from one of the values to the next. `values` has a row for each time."""
    index, way = _interval(times, at)
    found: Floats = values[index] + way * (values[index + 1] - values[index])
    return found


def kochanek(times: Sequence[float], values: Floats, at: float) -> Floats:
    """Return a point on the curve of a vtkKochanekSpline."""
    index, way = _interval(times, at)
    return _cubic(values, index, way, _slope(times, values, index, after=True), _slope(times, values, index + 1))


def _slope(times: Sequence[float], values: Floats, at: int, *, after: bool = False) -> Floats:
    """Return the slope before, or after, a value, for an interval of length 1."""
    if at in (0, len(times) - 1):
        return np.zeros_like(values[0])
    before, behind = times[at] - times[at - 1], times[at + 1] - times[at]
    mean = (values[at + 1] - values[at - 1]) / 2.0
    found: Floats = mean * (2.0 * (behind if after else before) / (before + behind))
    return found


def _cubic(values: Floats, index: int, way: float, begins: Floats, ends: Floats) -> Floats:
    """Return a point of the cubic that has two values, and slopes for an interval of length 1."""
    low, high = values[index], values[index + 1]
    square = -3.0 * low + 3.0 * high - 2.0 * begins - ends
    cube = 2.0 * low - 2.0 * high + begins + ends
    found: Floats = ((cube * way + square) * way + begins) * way + low
    return found


def _interval(times: Sequence[float], at: float) -> tuple[int, float]:
    """Return the interval in which a time is, and how far it is in it; at the ends for times beyond them."""
    at = min(max(at, times[0]), times[-1])
    index = min(max(0, bisect.bisect_right(times, at) - 1), len(times) - 2)
    return index, (at - times[index]) / (times[index + 1] - times[index])


class Path:
    """A smooth path through points, at a parameter from 0 to 1 that follows the lengths of straight lines between them.

    It has the places of a vtkParametricSpline. Points in the place of the one before are left out.
    """

    def __init__(self, points: Sequence[Sequence[float]], *, closed: bool = False) -> None:
        """Lead through points; a closed path ends where it begins."""
        kept = [points[0], *(two for one, two in pairwise(points) if list(one) != list(two))]
        if closed and len(kept) > 2 and list(kept[0]) == list(kept[-1]):
            del kept[-1]
        self._closed = closed and len(kept) > 1
        places = np.asarray([*kept, kept[0]] if self._closed else kept, float)
        self._places = places
        lengths = np.linalg.norm(np.diff(places, axis=0), axis=1) if len(places) > 1 else np.zeros(0)
        self._times: list[float] = [0.0, *np.cumsum(lengths).tolist()]
        self._slopes = self._solved(lengths) if len(places) > 1 else np.zeros_like(places)

    def at(self, part: float) -> list[float]:
        """Return the point at a part of the path."""
        if len(self._places) == 1:
            return [float(one) for one in self._places[0]]
        index, way = _interval(self._times, min(max(part, 0.0), 1.0) * self._times[-1])
        length = self._times[index + 1] - self._times[index]
        slopes = self._slopes
        found = _cubic(self._places, index, way, slopes[index] * length, slopes[index + 1] * length)
        return [float(one) for one in found]

    def _solved(self, lengths: Floats) -> Floats:
        """Return the slopes with which second derivatives are continuous at all points."""
        rises = np.diff(self._places, axis=0) / lengths[:, None]
        if self._closed:
            return _periodic(lengths, rises)
        count = len(self._places)
        slopes = np.zeros_like(self._places)
        if count > 2:
            low, high = lengths[1:], lengths[:-1]
            right = 3.0 * (low[:, None] * rises[:-1] + high[:, None] * rises[1:])
            slopes[1:-1] = _tridiagonal(low, 2.0 * (low + high), high, right)
        return slopes


def _periodic(lengths: Floats, rises: Floats) -> Floats:
    """Return the slopes of a closed path, the first one once more at the end (Sherman and Morrison's formula)."""
    low, high = lengths, np.roll(lengths, 1)
    diagonal = 2.0 * (low + high)
    right = 3.0 * (low[:, None] * np.roll(rises, 1, axis=0) + high[:, None] * rises)
    gamma = -diagonal[0]
    changed = diagonal.copy()
    changed[0] -= gamma
    changed[-1] -= low[0] * high[-1] / gamma
    corner = np.zeros((len(lengths), 1))
    corner[0], corner[-1] = gamma, high[-1]
    solved, correction = _tridiagonal(low, changed, high, right), _tridiagonal(low, changed, high, corner)[:, 0]
    share = low[0] / gamma
    factor = (solved[0] + share * solved[-1]) / (1.0 + correction[0] + share * correction[-1])
    slopes = solved - correction[:, None] * factor
    return np.vstack([slopes, slopes[:1]])


def _tridiagonal(below: Floats, diagonal: Floats, above: Floats, right: Floats) -> Floats:
    """Return the solution of a tridiagonal system of equations (Thomas' algorithm)."""
    count = len(diagonal)
    ratios, solved = np.empty(count), np.array(right, float)
    pivot = diagonal[0]
    solved[0] = right[0] / pivot
    for row in range(1, count):
        ratios[row] = above[row - 1] / pivot
        pivot = diagonal[row] - below[row] * ratios[row]
        solved[row] = (right[row] - below[row] * solved[row - 1]) / pivot
    for row in range(count - 2, -1, -1):
        solved[row] -= ratios[row + 1] * solved[row + 1]
    return solved
