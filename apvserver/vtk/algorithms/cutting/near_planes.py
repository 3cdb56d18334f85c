"""Which block of an image a plane goes through: a cut needs no more of it, and takes memory for all it is given."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

Extent = tuple[int, ...]
LARGE: Final = 2**24
"""Smaller images are cut as they are."""
_ROUNDED: Final = 1e-3
"""Of the distance of two points: how near a plane is to a point that may be on its other side, but for rounding."""


def block_at_plane(cutter: Any, held: Callable[[], Any]) -> Extent | None:
    """Return the indices of the points of a large image that a vtkCutter looks at; None: of all, or of other data.

    Its plane cuts at some values; around each of them are all cells that it touches. `held` returns the data.
    """
    plane = cutter.GetCutFunction() if cutter.IsA("vtkCutter") else None
    if plane is None or not plane.IsA("vtkPlane") or plane.GetTransform() is not None:
        return None
    data = held()
    if data is None or not data.IsA("vtkImageData") or data.GetNumberOfPoints() < LARGE:
        return None
    extent = data.GetExtent()
    cuts = [cutter.GetValue(index) for index in range(cutter.GetNumberOfContours())]
    length = math.hypot(*plane.GetNormal())
    # Of some data VTK moves the plane by its normal, as long as that is, so many times.
    values = [one * scale for one in cuts for scale in (1.0, length, length**2)]
    base, steps = _along_the_indices(plane, data)
    if not values or not all(map(math.isfinite, (base, *steps, *values))):
        return None
    found: list[int] = []
    for axis in range(3):
        first, last = extent[2 * axis], extent[2 * axis + 1]
        low, high = _span(axis, extent, base, steps, values)
        begin, end = math.floor(max(low, first) - _ROUNDED), math.ceil(min(high, last) + _ROUNDED)
        begin, end = max(first, min(begin, last - 1)), min(last, max(end, first + 1))
        found += [begin, max(begin, end)]
    return None if tuple(found) == tuple(extent) else tuple(found)


def _along_the_indices(plane: Any, image: Any) -> tuple[float, list[float]]:
    """Return the value of a plane at the index 0, 0, 0, and by how much it grows with each index."""

    def value(*indices: float) -> float:
        place = [0.0, 0.0, 0.0]
        image.TransformContinuousIndexToPhysicalPoint(indices, place)
        return float(plane.EvaluateFunction(place))

    base = value(0, 0, 0)
    return base, [value(*(1.0 if one == axis else 0.0 for one in range(3))) - base for axis in range(3)]


def _span(axis: int, extent: Any, base: float, steps: list[float], values: list[float]) -> tuple[float, float]:
    """Return between which indices along an axis a plane has one of the values, anywhere along the others."""
    if abs(steps[axis]) < 1e-12 * max(map(abs, steps)) or not steps[axis]:
        return -math.inf, math.inf
    others = [one for one in range(3) if one != axis]
    ends = [sorted(steps[one] * index for index in extent[2 * one : 2 * one + 2]) for one in others]
    low, high = sum(one[0] for one in ends), sum(one[1] for one in ends)
    places = [(value - base - side) / steps[axis] for value in values for side in (low, high)]
    return min(places), max(places)
