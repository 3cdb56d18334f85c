"""Bins of equal size, and how much of some values lies in each. Plain functions of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from async_paraview.records import dataclass

from ...base.errors import VtkError

Limits = tuple[float, float]
Values = npt.NDArray[Any]
_LEAST_WIDTH: Final = 4
"""How wide bins are at least, in distances of neighboring numbers: narrower ones have no edges of their own."""


@dataclass(frozen=True)
class Bins:
    """How many bins there are, and where: of values, between their extremes, or between limits of their own."""

    count: int
    centered: bool = False
    """Whether the outer bins have the limits in their middle."""
    own: Limits | None = None

    def limits(self, several: Iterable[Values]) -> Limits | None:
        """Return between which values the bins lie; None if there are no values. Raises VtkError."""
        if self.own is not None:
            low, high = self.own
            if not low <= high or not np.isfinite((low, high)).all():
                raise VtkError(f"CustomBinRanges is {low:g} to {high:g}: the first limit must be the lower one")
        else:
            filled = [values for values in several if len(values)]
            if not filled:
                return None
            low, high = float(min(one.min() for one in filled)), float(max(one.max() for one in filled))
        if not np.isfinite(high - low):
            raise VtkError(
                f"values from {low:g} to {high:g} are farther apart than any number: there are no bins between them"
            )
        least = self.count * _LEAST_WIDTH * float(np.spacing(max(abs(low), abs(high))))
        if low == high or high - low < least:
            half = max(0.5, least) if low == high else least
            return low - half, high + half
        if self.centered and self.count > 1:
            half = (high - low) / (self.count - 1) / 2
            return low - half, high + half
        return low, high

    def edges(self, limits: Limits) -> Values:
        """Return where bins begin and end."""
        return np.linspace(*limits, self.count + 1)

    def counted(self, several: Sequence[Values], limits: Limits) -> tuple[npt.NDArray[np.int64], int]:
        """Return how many values lie in each bin, and how many in none.

        A bin has the values from its lower limit to below its upper one, the last bin its upper limit as well.
        """
        totals, outside = np.zeros(self.count, np.int64), 0
        for values in several:
            found = np.histogram(_exact(values), bins=self.count, range=limits)[0]
            totals += found
            outside += len(values) - int(found.sum())
        return totals, outside

    def weighed(self, values: Values, weights: Values, limits: Limits) -> Values:
        """Return the sum of the weights of the values in each bin."""
        return np.histogram(_exact(values), bins=self.count, range=limits, weights=weights)[0]


def _exact(values: Values) -> Values:
    """Return values as they are compared with edges: numpy rounds the edges to the precision of single ones."""
    return values.astype(np.float64, copy=False)
