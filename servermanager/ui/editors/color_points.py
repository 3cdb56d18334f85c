"""Points of color maps and of opacity functions as an editor has them: plain functions of values."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from async_paraview.records import dataclass

GAP: Final = 1e-6
"""Points stay at least so far apart, as a part of all that they span: their values have to grow."""

Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ColorPoint:
    """A value, and its color: red, green, blue from 0 to 1."""

    value: float
    color: Color


@dataclass(frozen=True, slots=True)
class OpacityPoint:
    """A value, and its opacity from 0 to 1; `midpoint` and `sharpness` say how it goes on to the next point."""

    value: float
    opacity: float
    midpoint: float = 0.5
    sharpness: float = 0.0


P = TypeVar("P", ColorPoint, OpacityPoint)


def color_points(flat: Sequence[float]) -> tuple[ColorPoint, ...]:
    """Return points of value, red, green, blue, ..."""
    found = [flat[at : at + 4] for at in range(0, len(flat), 4)]
    return tuple(ColorPoint(float(value), (float(r), float(g), float(b))) for value, r, g, b in found)


def opacity_points(flat: Sequence[float]) -> tuple[OpacityPoint, ...]:
    """Return points of value, opacity, midpoint, sharpness, ..."""
    return tuple(OpacityPoint(*map(float, flat[at : at + 4])) for at in range(0, len(flat), 4))


def flat_colors(points: Sequence[ColorPoint]) -> list[float]:
    """Return points as RGBPoints has them."""
    return [number for one in points for number in (one.value, *one.color)]


def flat_opacities(points: Sequence[OpacityPoint]) -> list[float]:
    """Return points as Points of an opacity function has them."""
    return [number for one in points for number in (one.value, one.opacity, one.midpoint, one.sharpness)]


def moved(points: Sequence[P], index: int, value: float) -> list[P]:
    """Return the points with one elsewhere: not as far as its neighbors, which stay its neighbors.

    Raises IndexError.
    """
    gap = GAP * (points[-1].value - points[0].value)
    low = points[index - 1].value + gap if index > 0 else -float("inf")
    high = points[index + 1].value - gap if index + 1 < len(points) else float("inf")
    changed = list(points)
    changed[index] = replace(points[index], value=min(max(value, low), high))
    return changed


def stretched(points: Sequence[P], low: float, high: float) -> list[P]:
    """Return the points over another range; the ends are exactly that."""
    if not points:
        return []
    first, last = points[0].value, points[-1].value
    span = last - first
    parts = [(one.value - first) / span if span else at / max(len(points) - 1, 1) for at, one in enumerate(points)]
    values = [low + part * (high - low) for part in parts]
    values[0], values[-1] = low, high
    return [replace(one, value=value) for one, value in zip(points, values, strict=True)]


def color_between(points: Sequence[ColorPoint], value: float) -> Color:
    """Return the color at a value, mixed of the points beside it; that of the end outside."""
    before, after, part = _beside(points, value)
    a, b = points[before].color, points[after].color
    return a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2])


def opacity_between(points: Sequence[OpacityPoint], value: float) -> float:
    """Return the opacity at a value, on the straight line between the points beside it; that of the end outside."""
    before, after, part = _beside(points, value)
    return points[before].opacity + part * (points[after].opacity - points[before].opacity)


def added(points: Sequence[P], point: P) -> list[P]:
    """Return the points with another one in its place; it takes that of a point with the same value."""
    changed = [one for one in points if one.value != point.value]
    changed.insert(bisect.bisect_right([one.value for one in changed], point.value), point)
    return changed


def removed(points: Sequence[P], index: int) -> list[P]:
    """Return the points without one. Raises IndexError, ValueError if fewer than two were left."""
    if len(points) <= 2:
        raise ValueError("two points are the fewest that there can be: move one of them")
    left = list(points)
    del left[index]
    return left


def _beside(points: Sequence[Any], value: float) -> tuple[int, int, float]:
    """Return the numbers of the points beside a value, and which part of the way to the second it is."""
    after = bisect.bisect_right([one.value for one in points], value)
    if after == 0 or after == len(points):
        end = min(after, len(points) - 1)
        return end, end, 0.0
    low, high = points[after - 1].value, points[after].value
    return after - 1, after, (value - low) / (high - low) if high > low else 0.0
