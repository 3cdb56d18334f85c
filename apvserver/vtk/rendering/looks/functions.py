"""Functions of numbers as flat lists: value, opacity, midpoint, sharpness, ...; and VTK's of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction

RISING: Final = (0.0, 0.0, 0.5, 0.0, 1.0, 1.0, 0.5, 0.0)
"""From 0 to 1, where nothing else is asked for."""


def stretched(points: Sequence[float], low: float, high: float) -> list[float]:
    """Return a function with its values over a range."""
    first, last = points[0], points[-4]
    scale = (high - low) / (last - first)
    return [low + (one - first) * scale if at % 4 == 0 else one for at, one in enumerate(points)]


def piecewise(points: Sequence[float]) -> Any:
    """Return VTK's function of points: value, opacity, middle and sharpness of each."""
    function = vtkPiecewiseFunction()
    for value, opacity, middle, sharpness in zip(*(points[at::4] for at in range(4)), strict=True):
        function.AddPoint(value, opacity, middle, sharpness)
    return function
