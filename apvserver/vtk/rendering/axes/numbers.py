"""Which numbers stand along the three axes of a box, and how they are written: plain functions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from async_paraview.records import dataclass

from ..images import Bounds
from ..legends.numbers import shortest, written
from .ticks import digits

_ABOUT: Final = 5
"""So many steps the longest axis has, more or less."""
_LEAST_STEPS: Final = 2
"""An axis that would have fewer of the steps of the longest has steps of its own."""
_MOST_DIGITS: Final = 15
_MOST_LETTERS: Final = 8
"""Of a number without a power of ten, where nothing is said beside it of what all have in common."""


@dataclass(frozen=True)
class AxisNumbers:
    """The numbers along an axis, as they are written; each is what is written, times ten to `factor`, plus `offset`."""

    values: tuple[float, ...]
    texts: tuple[str, ...]
    step: float = 1.0
    """Between the numbers; of those that somebody chose 0."""
    factor: int = 0
    offset: str = ""


def box_steps(lengths: Sequence[float]) -> list[float]:
    """Return the distance of numbers for each axis: the same for all but those that are much shorter; 0 of none."""
    common = round_step(max(lengths))
    return [common if length >= _LEAST_STEPS * common > 0 else round_step(length) for length in lengths]


def box_numbers(get: Mapping[str, Any], box: Bounds) -> tuple[AxisNumbers, ...]:
    """Return the numbers along the axes of a box, by the properties of a grid."""
    lows, highs = box[::2], box[1::2]
    steps = box_steps([high - low for low, high in zip(lows, highs, strict=True)])
    found = []
    for name, low, high, step in zip("XYZ", lows, highs, steps, strict=True):
        if get[f"{name}AxisUseCustomLabels"]:
            values, step = tuple(sorted({one for one in get[f"{name}AxisLabels"] if low <= one <= high})), 0.0
        else:
            values = _multiples(step, low, high)
        found.append(_written(values, step, get[f"{name}AxisNotation"], get[f"{name}AxisPrecision"], high - low))
    return tuple(found)


def written_numbers(values: Sequence[float], step: float, notation: str, precision: int | None) -> list[str]:
    """Return how multiples of a step are written, without anything in common."""
    if notation in ("Mixed", "Default"):
        count, plain = digits(values), shortest(values) if values else []
        return plain if all(len(one) <= _MOST_LETTERS for one in plain) else [f"{one:.{count}g}" for one in values]
    return list(_written(tuple(values), step, notation, precision, 0.0).texts)


def round_step(length: float, about: int = _ABOUT) -> float:
    """Return 1, 2 or 5 times a power of ten, of which a length has about so many; 0 for a length that is none."""
    if not length > 0:
        return 0.0
    rough = length / about
    power = 10.0 ** math.floor(math.log10(rough))
    return min((one * power for one in (1.0, 2.0, 5.0, 10.0)), key=lambda one: abs(one - rough))


def _multiples(step: float, low: float, high: float) -> tuple[float, ...]:
    if not step:
        return (low,)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last - first > 2 * _ABOUT:  # the step is less than what tells such large numbers apart
        return (low,)
    return tuple(float(f"{number * step:.15g}") + 0.0 for number in range(first, last + 1))


def _written(values: tuple[float, ...], step: float, notation: str, precision: int | None, apart: float) -> AxisNumbers:
    if not values:
        return AxisNumbers((), (), step)
    if notation == "Mixed":
        found = written(values, apart or math.inf)
        return AxisNumbers(values, tuple(one.text for one in found.labels), step, found.factor, found.offset)
    if notation == "Fixed":
        texts = shortest(values) if precision is None else [f"{one:.{precision}f}" for one in values]
    else:
        decimals = _decimals_of_powers(values) if precision is None else precision
        texts = [f"{one:.{decimals}e}" for one in values]
    return AxisNumbers(values, tuple(texts), step)


def _decimals_of_powers(values: Sequence[float]) -> int:
    """Return how many decimals tell numbers apart that are written with powers of ten."""
    distances = [abs(b - a) for a, b in itertools.pairwise(values) if a != b]
    exact = 1e-3 * min(distances, default=max(map(abs, values)) or 1.0)
    counts = range(_MOST_DIGITS)
    return next(
        (count for count in counts if all(abs(float(f"{one:.{count}e}") - one) <= exact for one in values)),
        _MOST_DIGITS,
    )
