"""Which numbers stand along an axis, and with how many digits: plain functions."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from typing import Final

_ABOUT: Final = 5
"""So many steps an axis has, more or less."""
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_DIGITS: Final = 15
_POSITIONAL: Final = 6
"""Numbers with so many digits before the point have no exponent."""
LEAST_STEP: Final = 1e-300
"""Between numbers that are nearer to each other nothing is round: powers of ten are no exact numbers there."""
_LARGEST: Final = sys.float_info.max


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high` at equal distances, about five; one of a range that has none."""
    if not low < high:
        return [low]
    rough = high / _ABOUT - low / _ABOUT
    if rough < LEAST_STEP:
        return [low, high]
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((one * power for one in _STEPS), key=lambda one: abs(one - rough))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step + 0.0 for number in range(first, last + 1)] or [low]


def digits(numbers: Sequence[float]) -> int:
    """Return how many significant digits tell what the numbers are, to a thousandth of their distances."""
    distances = [abs(b - a) for a, b in itertools.pairwise(numbers) if a != b]
    exact = 1e-3 * min(distances, default=max(map(abs, numbers), default=1.0) or 1.0)
    for count in range(1, _MOST_DIGITS):
        if all(abs(float(f"{one:.{count}g}") - one) <= exact for one in numbers):
            return count
    return _MOST_DIGITS


def number_text(number: float, among: Sequence[float]) -> str:
    """Return a number with as many digits as tell it apart among others."""
    rounded = float(f"{number:.{digits(among)}g}") + 0.0
    return f"{rounded:.{max(digits(among), _POSITIONAL)}g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")


def log_ticks(low: float, high: float) -> list[float]:
    """Return the numbers 1, 2 and 5, and their decades, from `low` to `high`, both positive."""
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    near, most = 1e-9 * low, min(high * (1 + 1e-9), _LARGEST)
    return [
        number
        for decade in decades
        for step in (1, 2, 5)
        if low - near <= (number := float(f"{step}e{decade}")) <= most
    ]


def log_limits(low: float, high: float) -> tuple[float, float]:
    """Return the numbers 1, 2, 5, 10, ... that positive numbers lie between."""
    first = max(log_ticks(max(low / 10, LEAST_STEP), low), default=low)
    last = min(log_ticks(high, min(high * 10, _LARGEST)), default=high)
    return (first, last) if first < last else (first / 2, last * 2)


def is_decade(number: float) -> bool:
    """Return whether a number of `log_ticks` is 1, 10, 100, ... or 0.1, 0.01, ..."""
    return f"{number:e}".startswith("1.0")
