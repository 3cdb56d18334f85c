"""Which numbers stand along a legend, and how they are written: plain functions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Final

from async_paraview.records import dataclass

from ..axes.ticks import LEAST_STEP

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)
_MOST_LETTERS: Final = 7
"""Of a number, without its sign; longer ones have a factor or an offset in common."""
_LONG: Final = 6
_MUCH_SHORTER: Final = 3
_MOST_DECIMALS: Final = 17
_EXACT: Final = 1e-3
"""How far what is written may be from its number, as a part of the distance to the next."""
_PLAIN_DECADES: Final = range(-3, 5)
"""Powers of ten that are written as 0.001 to 10000 if a legend has no others."""


@dataclass(frozen=True)
class Span:
    """The numbers along a legend, at equal distances or at equal ratios."""

    low: float
    high: float
    logarithmic: bool = False

    def fraction(self, value: float) -> float:
        """Return how far along it a number is, from 0 to 1; numbers beyond its ends are farther."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low) if value > 0 else -math.inf
        if math.isinf(self.high - self.low):
            return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return (value - self.low) / (self.high - self.low)

    def at(self, fraction: float) -> float:
        """Return the number so far along it."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** fraction)
        return self.low * (1 - fraction) + self.high * fraction

    def has(self, value: float) -> bool:
        """Return whether a number lies along it; the ends do, however they were rounded."""
        return -1e-9 <= self.fraction(value) <= 1 + 1e-9


@dataclass(frozen=True)
class Label:
    """A number as it is written; `power` stands above the line behind it."""

    text: str
    power: str = ""


@dataclass(frozen=True)
class Numbers:
    """The numbers beside a legend, as they are written, and what all of them have in common.

    A number is what is written, times ten to `factor`, plus `offset`.
    """

    values: tuple[float, ...]
    labels: tuple[Label, ...]
    small: tuple[float, ...] = ()
    """Where ticks without numbers are."""
    factor: int = 0
    offset: str = ""


def round_numbers(low: float, high: float, most: int) -> tuple[float, ...]:
    """Return at most so many multiples of 1, 2 or 5 times a power of ten; none if not even one lies in between."""
    if not low < high:
        return (low,)
    rough = high / max(1, most) - low / max(1, most)
    if rough < LEAST_STEP:
        return (low, high)[:most]
    power = 10.0 ** math.floor(math.log10(rough))
    for step in (one * ten for ten in (power, 10 * power, 100 * power) for one in _STEPS[:-1]):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < most:
            return tuple(float(f"{number * step:.15g}") + 0.0 for number in range(first, last + 1))
    return ()


def decades(low: float, high: float, most: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return at most so many powers of ten, every one, second, third, ..., and what has small ticks between them."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / max(1, most)))
    large = tuple(10.0**power for power in range(first, last + 1) if power % stride == 0)
    if stride > 1:
        return large, tuple(10.0**power for power in range(first, last + 1) if power % stride)
    between = (digit * 10.0**power for power in range(first - 1, last + 1) for digit in range(2, 10))
    return large, tuple(one for one in between if low * (1 - 1e-9) <= one <= high * (1 + 1e-9))


def numbers_along(span: Span, most: int) -> Numbers:
    """Return round numbers along a span, at most so many: powers of ten where there are several."""
    if span.logarithmic and span.high / span.low >= 99:
        large, small = decades(span.low, span.high, most)
        if len(large) >= 2:
            return Numbers(large, _powers(large), small)
    if not span.logarithmic:
        return written(round_numbers(span.low, span.high, most), span.high - span.low)
    by_digit = [one for one in _ones_twos_fives(span.low, span.high) if span.has(one)]
    return written(by_digit if 3 <= len(by_digit) <= most else _thinned(span, most), span.high - span.low)


def number_alone(value: float) -> Numbers:
    """Return the number of a legend that has just one, with six digits."""
    text = f"{value:.6g}"
    return Numbers((value,), (Label(text),)) if "e" not in text else written((float(text),), abs(value) * _EXACT)


def _ones_twos_fives(low: float, high: float) -> list[float]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [float(f"{digit:g}e{power}") for power in powers for digit in _STEPS[:-1]]


def _thinned(span: Span, most: int) -> tuple[float, ...]:
    """Return round numbers that stand far enough apart although they follow logarithms."""
    for about in range(most, 1, -1):
        found = round_numbers(span.low, span.high, about)
        places = [span.fraction(one) for one in found]
        if found and min((b - a for a, b in itertools.pairwise(places)), default=1.0) >= 0.9 / most:
            return found
    return round_numbers(span.low, span.high, 2)


def _powers(values: Sequence[float]) -> tuple[Label, ...]:
    powers = [round(math.log10(one)) for one in values]
    if set(powers) <= set(_PLAIN_DECADES):
        return tuple(Label(f"{10.0**power:.{max(0, -power)}f}") for power in powers)
    return tuple(Label("10", str(power)) for power in powers)


def written(values: Sequence[float], apart: float = math.inf) -> Numbers:
    """Return numbers with the fewest digits that tell them apart, and a factor or offset where those are many.

    They are written as precisely as distances, and differences of `apart`, are seen.
    """
    values = tuple(values)
    if not values:
        return Numbers((), ())
    texts, factor = _plain(values, apart), _factor(values)
    with_factor = (
        _plain([without_factor(one, factor) for one in values], without_factor(apart, factor)) if factor else None
    )
    if with_factor is not None and (texts is None or _is_worth_it(texts, with_factor)):
        return Numbers(values, _labels(with_factor), factor=factor)
    if texts is not None:
        return Numbers(values, _labels(texts))
    offset = _offset(values)
    rest = [one - offset for one in values]
    factor = 0 if (texts := _plain(rest, apart)) is not None else _factor(rest)
    texts = texts or shortest([without_factor(one, factor) for one in rest], without_factor(apart, factor))
    return Numbers(values, _labels(texts), factor=factor, offset=f"{offset:.15g}" if offset else "")


def _is_worth_it(plain: Sequence[str], with_factor: Sequence[str]) -> bool:
    """Return whether a factor makes long numbers much shorter."""
    return _longest(plain) >= _LONG and _longest(plain) - _longest(with_factor) >= _MUCH_SHORTER


def _longest(texts: Sequence[str]) -> int:
    return max(len(one.lstrip("-")) for one in texts)


def _labels(texts: Sequence[str]) -> tuple[Label, ...]:
    return tuple(map(Label, texts))


def _plain(values: Sequence[float], apart: float) -> list[str] | None:
    """Return numbers without exponents; None if one of them is too long to be read at a glance."""
    if max(map(abs, values)) >= 10.0**_MOST_LETTERS:
        return None
    texts = shortest(values, apart)
    return texts if _longest(texts) <= _MOST_LETTERS else None


def shortest(values: Sequence[float], apart: float = math.inf) -> list[str]:
    """Return numbers with as few decimals as tell what they are, to a small part of their distances, and of `apart`."""
    distances = [abs(b - a) for a, b in itertools.pairwise(values) if a != b]
    exact = _EXACT * min(apart, min(distances, default=max(map(abs, values)) or 1.0))
    for decimals in range(_MOST_DECIMALS):
        texts = [f"{one:.{decimals}f}" for one in values]
        if all(abs(float(text) - one) <= exact for text, one in zip(texts, values, strict=True)):
            return [one.lstrip("-") if not float(one) else one for one in texts]
    return [f"{one:.17g}" for one in values]


def _factor(values: Sequence[float]) -> int:
    """Return the power of ten, a multiple of three, by which the largest number is 1 to 1000."""
    largest = max(map(abs, values))
    return 3 * math.floor(math.log10(largest) / 3 + 1e-12) if largest > 0 else 0


def without_factor(value: float, factor: int) -> float:
    """Return a number without ten to a factor, which itself may be smaller than any number."""
    rest = min(0, factor + 300)
    return value / 10.0 ** (factor - rest) / 10.0**rest


def _offset(values: Sequence[float]) -> float:
    """Return a round number below all of them, from which they differ by less than ten times as much as they do."""
    low, high = min(values), max(values)
    if low == high:
        return low
    step = 10.0 ** math.ceil(math.log10(high - low))
    if not step:
        return 0.0
    return math.floor(low / step + 1e-9) * step
