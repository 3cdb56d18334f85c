"""Where values are along the width of a widget: plain functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values, linear or logarithmic."""

    low: float
    high: float
    logarithmic: bool = False

    @property
    def is_logarithmic(self) -> bool:
        """Return whether it is in fact: logarithms need numbers above 0."""
        return self.logarithmic and self.low > 0.0

    def part(self, value: float) -> float:
        """Return where a value is: 0 at the low end, 1 at the high one, beyond for others."""
        low, high, at = self.low, self.high, value
        if self.is_logarithmic:
            low, high, at = math.log10(low), math.log10(high), math.log10(max(value, self.low * 1e-12))
        return (at - low) / (high - low) if high > low else 0.5

    def value(self, part: float) -> float:
        """Return the value that is there, within the range."""
        part = min(max(part, 0.0), 1.0)
        if self.is_logarithmic:
            low, high = math.log10(self.low), math.log10(self.high)
            return float(10.0 ** (low + part * (high - low)))
        return self.low + part * (self.high - self.low)


def nearest(parts: Sequence[float], part: float, within: float) -> int | None:
    """Return the number of the place that is nearest, None if none is within a distance."""
    found = min(range(len(parts)), key=lambda at: abs(parts[at] - part), default=None)
    return found if found is not None and abs(parts[found] - part) <= within else None
