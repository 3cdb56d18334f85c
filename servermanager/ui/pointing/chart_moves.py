"""How axes of charts follow a pointer: plain functions of ranges and places."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from ...views.chart_view import Plot

Range = tuple[float, float]
Ranges = dict[str, Range]

ACROSS: Final = ("Bottom", "Top")
"""The axes along which a pointer goes right; along the others it goes up."""
ZOOM_OF_NOTCH: Final = 1.21
ZOOM_OF_AREA: Final = 6.7
"""How many times as large things look when a pointer was dragged over the whole plot to zoom."""
LEAST_SPAN: Final = 1e-12
"""An axis spans no less, as a part of its largest number: closer numbers are not told apart."""


def part_of(plot: Plot, name: str, x: float, y: float) -> float:
    """Return which part of the way along an axis a place in pixels is: 0 at its low end, 1 at its high end."""
    left, top, right, bottom = plot.area
    if name in ACROSS:
        return (x - left) / max(right - left, 1.0)
    return (bottom - y) / max(bottom - top, 1.0)


def value_at(plot: Plot, name: str, part: float) -> float:
    """Return the number at a part of the way along an axis."""
    low, high = _scaled(plot, name)
    return _unscaled(plot, name, low + part * (high - low))


def panned(plot: Plot, begin: tuple[float, float], end: tuple[float, float]) -> Ranges:
    """Return what axes span when what was at the first place is at the second."""
    found = {}
    for name in plot.axes:
        low, high = _scaled(plot, name)
        shift = (part_of(plot, name, *end) - part_of(plot, name, *begin)) * (high - low)
        found[name] = (_unscaled(plot, name, low - shift), _unscaled(plot, name, high - shift))
    return _right(plot, found)


def zoomed(plot: Plot, at: tuple[float, float], across: float, upward: float) -> Ranges:
    """Return what axes span when things look so many times as large; the numbers at a place stay there."""
    found = {}
    for name in plot.axes:
        factor = across if name in ACROSS else upward
        low, high = _scaled(plot, name)
        middle = low + part_of(plot, name, *at) * (high - low)
        found[name] = tuple(_unscaled(plot, name, middle + (end - middle) / factor) for end in (low, high))
    return _right(plot, {name: (low, high) for name, (low, high) in found.items()})


def boxed(plot: Plot, first: tuple[float, float], second: tuple[float, float]) -> Ranges:
    """Return what axes span when a rectangle fills the plot."""
    found = {}
    for name in plot.axes:
        low, high = sorted((part_of(plot, name, *first), part_of(plot, name, *second)))
        found[name] = (value_at(plot, name, low), value_at(plot, name, high))
    return _right(plot, found)


def drag_factor(pixels: float, length: float) -> float:
    """Return how many times as large things look when a pointer was dragged so far along an axis."""
    return float(ZOOM_OF_AREA ** max(-4.0, min(4.0, pixels / max(length, 1.0))))


def properties(ranges: Mapping[str, Range]) -> dict[str, object]:
    """Return the properties of a chart whose axes span this."""
    found: dict[str, object] = {}
    for name, (low, high) in ranges.items():
        found |= {f"{name}AxisUseCustomRange": True, f"{name}AxisRangeMinimum": low, f"{name}AxisRangeMaximum": high}
    return found


def _scaled(plot: Plot, name: str) -> Range:
    low, high = plot.axes[name]
    return (math.log10(low), math.log10(high)) if name in plot.logarithmic else (low, high)


def _unscaled(plot: Plot, name: str, value: float) -> float:
    if name not in plot.logarithmic:
        return value
    return float(10.0**value) if abs(value) <= 300.0 else math.inf


def _right(plot: Plot, ranges: Mapping[str, Range]) -> Ranges:
    """Return the ranges, those that axes cannot have as they were."""
    return {name: found if _is_range(*found) else plot.axes[name] for name, found in ranges.items()}


def _is_range(low: float, high: float) -> bool:
    largest = max(abs(low), abs(high))
    return math.isfinite(high - low) and largest <= 1e300 and high - low > LEAST_SPAN * largest
