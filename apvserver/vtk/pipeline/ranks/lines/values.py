"""What a vtkStreamTracer has at the points of lines: values of the image between its points, vorticity, and normals.

By the formulas of VTK's cells of images, for many points at once. Where a processor multiplies and adds in one
operation, as others than x86 do, compilers may have VTK round once where this rounds twice: then last digits differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import VTK_FLOAT_MAX
from vtkmodules.vtkCommonDataModel import vtkPolyLine

from ....base.array_types import as_numpy
from ..extents import dimensions
from .tracing import CELLS, Tracing

AT_A_TIME: Final = 20_000
"""Points whose values are made before it is looked whether they are still wanted."""

Numbers = npt.NDArray[np.float64]


class Points:
    """Points of lines in a piece of an image: rows as `Stepping` notes them."""

    def __init__(self, image: Any, rows: Numbers) -> None:
        self._image = image
        self.places = rows[:, 0:3].astype(np.float32)
        self.times = rows[:, 3]
        self.vectors = rows[:, 4:7]
        self._within = rows[:, 7:10]
        self._cells = rows[:, 10].astype(np.int64)
        x, y, _ = (max(1, one - 1) for one in dimensions(image.GetExtent()))
        nx, ny, _ = dimensions(image.GetExtent())
        self._indices = self._cells % x, self._cells // x % y, self._cells // (x * y)
        i, j, k = self._indices
        first = i + nx * (j + ny * k)
        self._corners = [first + a + nx * (b + ny * c) for c in (0, 1) for b in (0, 1) for a in (0, 1)]

    def values(self, array: Any) -> npt.NDArray[Any]:
        """Return the values of an array of the image's points, (points, components), between them, in its type."""
        values = as_numpy(array).reshape(-1, array.GetNumberOfComponents())
        found = np.zeros((len(self._cells), values.shape[1]))
        for weight, corner in zip(self._weights(), self._corners, strict=True):
            found += weight[:, None] * values[corner].astype(np.float64)
        return _rounded(found, values.dtype)

    def _weights(self) -> Iterator[Numbers]:
        r, s, t = self._within.T
        for along_z in (1.0 - t, t):
            for along_y in (1.0 - s, s):
                for along_x in (1.0 - r, r):
                    yield along_x * along_y * along_z

    def vorticity(self, vectors: Any) -> Numbers:
        """Return the vorticity, (points, 3), of vectors at the image's points."""
        values = as_numpy(vectors).astype(np.float64, copy=False)
        at_corners = [values[corner] for corner in self._corners]
        slopes = [
            sum_of(zip(changes, at_corners, strict=True)) / spacing[:, None]
            for changes, spacing in zip(self._changes(), self._spacings(), strict=True)
        ]
        along_x, along_y, along_z = slopes
        return np.column_stack(
            [
                along_y[:, 2] - along_z[:, 1],
                along_z[:, 0] - along_x[:, 2],
                along_x[:, 1] - along_y[:, 0],
            ]
        )

    def _changes(self) -> Iterator[list[Numbers]]:
        """Yield, along each axis, how much the value at each corner changes the slope."""
        r, s, t = self._within.T
        rm, sm, tm = 1.0 - r, 1.0 - s, 1.0 - t
        yield [-sm * tm, sm * tm, -s * tm, s * tm, -sm * t, sm * t, -s * t, s * t]
        yield [-rm * tm, -r * tm, rm * tm, r * tm, -rm * t, -r * t, rm * t, r * t]
        yield [-rm * sm, -r * sm, -rm * s, -r * s, rm * sm, r * sm, rm * s, r * s]

    def _spacings(self) -> Iterator[Numbers]:
        """Yield how long the edges of the cells are along each axis, of points as VTK places them."""
        counts = dimensions(self._image.GetExtent())
        strides = (1, counts[0], counts[0] * counts[1])
        for axis, (count, stride, index) in enumerate(zip(counts, strides, self._indices, strict=True)):
            along = np.array([self._image.GetPoint(number * stride)[axis] for number in range(count)])
            yield np.diff(along)[index]


def sum_of(terms: Any) -> Numbers:
    """Return the sum of products, one after the other: in another order it were another in the last digits."""
    found: Any = 0.0
    for factor, values in terms:
        found = found + factor[:, None] * values
    result: Numbers = found
    return result


def _rounded(values: Numbers, kind: Any) -> npt.NDArray[Any]:
    """Return numbers in the type of an array, as VTK converts them: integers are rounded, halves away from zero."""
    if kind == np.float64:
        return values
    if kind == np.float32:
        return np.clip(values, -VTK_FLOAT_MAX, VTK_FLOAT_MAX).astype(np.float32)
    limits = np.iinfo(kind)
    found = np.clip(np.nan_to_num(values, nan=0.0), float(limits.min), float(limits.max))
    return np.trunc(found + np.where(found >= 0.0, 0.5, -0.5)).astype(kind)


def values_of(image: Any, rows: Numbers, tracing: Tracing, stopped: Callable[[], bool]) -> dict[str, npt.NDArray[Any]]:
    """Return what there is at points that were noted, by name; some of them only, if that is not wanted any more."""
    parts: list[dict[str, npt.NDArray[Any]]] = []
    for begin in range(0, max(1, len(rows)), AT_A_TIME):
        if stopped():
            break
        parts.append(_values_of_some(Points(image, rows[begin : begin + AT_A_TIME]), image, tracing))
    names = parts[0] if parts else {}
    return {name: np.concatenate([one[name] for one in parts]) for name in names}


def _values_of_some(points: Points, image: Any, tracing: Tracing) -> dict[str, npt.NDArray[Any]]:
    attributes = image.GetPointData()
    arrays = [attributes.GetArray(index) for index in range(attributes.GetNumberOfArrays())]
    found: dict[str, npt.NDArray[Any]] = {one.GetName(): points.values(one) for one in arrays}
    found["IntegrationTime"] = points.times
    if tracing.association == CELLS:
        found[tracing.vectors] = points.vectors
    if tracing.vorticity:
        is_known = tracing.association != CELLS
        turning = points.vorticity(attributes.GetArray(tracing.vectors)) if is_known else np.zeros_like(points.vectors)
        found["Vorticity"] = turning
        found["AngularVelocity"] = angular_velocity(turning, points.vectors, tracing.rotation_scale)
    found["Points"] = points.places
    return found


def angular_velocity(vorticity: Numbers, vectors: Numbers, scale: float) -> Numbers:
    """Return how fast lines turn around themselves: the vorticity along them."""
    a, b = vorticity.T, vectors.T
    speed = np.sqrt(b[0] * b[0] + b[1] * b[1] + b[2] * b[2])
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Numbers = (a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / speed * scale
    return found


def rotation(angular: Numbers, times: Numbers, firsts: npt.NDArray[np.int64]) -> Numbers:
    """Return how far lines have turned since their first points, in radians; `firsts` are the numbers of these."""
    found = np.zeros(len(times))
    found[1:] = (angular[:-1] + angular[1:]) / 2 * np.diff(times)
    found[firsts] = 0.0
    for one in np.split(found, firsts):
        np.add.accumulate(one, out=one)
    return found


def turn(normals: Any, vectors: Any, angles: Numbers) -> Numbers:
    """Return normals turned by angles around vectors, all with as many rows."""
    length, first = _unit(normals)
    second = _unit(
        np.column_stack(
            [
                first[:, 1] * vectors[:, 2] - first[:, 2] * vectors[:, 1],
                first[:, 2] * vectors[:, 0] - first[:, 0] * vectors[:, 2],
                first[:, 0] * vectors[:, 1] - first[:, 1] * vectors[:, 0],
            ]
        )
    )[1]
    # of math: numpy's own differ in last digits
    cosine, sine = (np.fromiter(map(one, angles.tolist()), np.float64, len(angles)) for one in (_cos, _sin))
    turned: Numbers = length[:, None] * (cosine[:, None] * first + sine[:, None] * second)
    return turned


def _cos(angle: float) -> float:
    return math.cos(angle) if math.isfinite(angle) else math.nan


def _sin(angle: float) -> float:
    return math.sin(angle) if math.isfinite(angle) else math.nan


def _unit(vectors: Numbers) -> tuple[Numbers, Numbers]:
    """Return lengths, and vectors of length one; those of no length stay."""
    length = np.sqrt(vectors[:, 0] * vectors[:, 0] + vectors[:, 1] * vectors[:, 1] + vectors[:, 2] * vectors[:, 2])
    return length, np.divide(vectors, length[:, None], out=vectors.copy(), where=length[:, None] != 0.0)


def normals_along(lines: Any, made: Any) -> None:
    """Have VTK give points normals that turn as little as possible along lines: before they turn with the vectors."""
    vtkPolyLine.GenerateSlidingNormals(lines.GetPoints(), lines.GetLines(), made)
