"""Which points of data get a shape: all, every n-th, or some that lie everywhere in its bounds, surface or volume.

The same points as ParaView's are chosen, by the same generators of random numbers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import reference, vtkIdList, vtkMinimalStandardRandomSequence, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkOctreePointLocator, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkTriangleFilter
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter
from vtkmodules.vtkFiltersGeometry import vtkDataSetSurfaceFilter

from ...base.array_types import copied
from ...base.precision import is_far
from ...base.values.distinct import distinct
from ..chosen_points import chosen_points

Ids = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
_ID: Final = "apv cell ids"
_MANY: Final = 50_000
"""A locator of fewer points is built within 2 ms."""
_MODULUS, _FACTOR = 2**31 - 1, 16807


class Mode(IntEnum):
    """How points are chosen."""

    ALL = 0
    EVERY_NTH = 1
    BOUNDS = 2
    SURFACE = 3
    VOLUME = 4


def uniform_numbers(seed: int, count: int) -> Numbers:
    """Return numbers between 0 and 1 of the minimal standard generator, as vtkMinimalStandardRandomSequence has."""
    first = vtkMinimalStandardRandomSequence()
    first.SetSeed(seed)
    first.Next()
    numbers = np.array([round(first.GetValue() * _MODULUS)], np.int64)
    step = _FACTOR
    while len(numbers) < count:
        numbers = np.concatenate([numbers, numbers * step % _MODULUS])
        step = step * step % _MODULUS
    return np.asarray(numbers[:count] / _MODULUS)


def spread_points(bounds: tuple[float, ...], most: int, seed: int) -> tuple[Numbers, float]:
    """Return places all over bounds, and how near to one of them a point must be to be chosen."""
    low, high = np.array(bounds[::2]), np.array(bounds[1::2])
    places = low + uniform_numbers(seed, 3 * most).reshape(-1, 3) * (high - low)
    lengths = high - low
    dimension = 3 if (lengths > 0).all() else 2
    volume = float(np.linalg.norm(lengths)) ** dimension
    return places, (volume / most) ** (1 / dimension) / 2 if volume > 0 else 1e-4


def points_near(data: Any, places: Numbers, radius: float) -> Ids:
    """Return, in order, the points of data that are the nearest to one of the places, if they are near enough."""
    if not data.GetNumberOfPoints() or not len(places):
        return np.zeros(0, np.int64)  # there is nothing to look for, and VTK is not asked
    if is_far(data):  # the locator computes with single precision
        points = vtk_to_numpy(chosen_points(data, np.arange(data.GetNumberOfPoints())).GetPoints().GetData())
        middle = points.mean(axis=0)
        data, places = _points(points - middle), places - middle
    locator, distance = _built_locator(data), reference(0.0)
    found = {locator.FindClosestPointWithinRadius(radius, place, distance) for place in places.tolist()}
    return np.array(sorted(found - {-1}), np.int64)


def _built_locator(data: Any) -> Any:
    """Return a locator of the points of data; of many a filter builds it, which leaves Python's lock to others."""
    locator: Any = vtkOctreePointLocator()
    if data.GetNumberOfPoints() < _MANY:
        locator.SetDataSet(data)
        locator.BuildLocator()
        return locator
    from vtkmodules.vtkFiltersPoints import vtkLinearKernel, vtkPointInterpolator  # late: small data needs neither

    places, kernel = data.NewInstance(), vtkLinearKernel()
    places.CopyStructure(data)
    kernel.SetKernelFootprintToRadius()
    build: Any = vtkPointInterpolator()
    build.SetInputData(_points(np.array([data.GetPoint(0)])))
    build.SetSourceData(places)
    build.SetKernel(kernel)
    build.SetLocator(locator)
    build.Update()
    return locator


def _points(coordinates: Numbers) -> Any:
    made, points = vtkPolyData(), vtkPoints()
    points.SetData(copied(coordinates))
    made.SetPoints(points)
    return made


def cell_sizes(data: Any, mode: Mode) -> Numbers:
    """Return the area, or the volume, of each cell; what has none is 0."""
    held = data.NewInstance()
    held.ShallowCopy(data)
    numbers = copied(np.arange(data.GetNumberOfCells(), dtype=np.int64))
    numbers.SetName(_ID)
    held.GetCellData().AddArray(numbers)
    divide: Any
    if mode is Mode.SURFACE:
        divide = vtkTriangleFilter()
        divide.PassLinesOff()
        divide.PassVertsOff()
    else:
        divide = vtkDataSetTriangleFilter()
        divide.TetrahedraOnlyOn()
    divide.SetInputData(held)
    divide.Update()
    made = divide.GetOutput()
    sizes = np.zeros(data.GetNumberOfCells())
    if made.GetNumberOfCells():
        cells = made.GetPolys() if mode is Mode.SURFACE else made.GetCells()
        corners = vtk_to_numpy(cells.GetConnectivityArray()).reshape(-1, 3 if mode is Mode.SURFACE else 4)
        points = vtk_to_numpy(made.GetPoints().GetData()).astype(np.float64)[corners]
        sides = points[:, 1:] - points[:, :1]
        across = np.cross(sides[:, 0], sides[:, 1])
        if mode is Mode.SURFACE:
            size = np.linalg.norm(across, axis=1) / 2
        else:
            size = np.abs(np.einsum("ij,ij->i", across, sides[:, 2])) / 6
        sizes = np.bincount(vtk_to_numpy(made.GetCellData().GetArray(_ID)), size, len(sizes))
    return sizes


def surface_of(data: Any) -> Any:
    """Return the surface of data; polygonal data is one."""
    if data.IsA("vtkPolyData"):
        return data
    surface = vtkDataSetSurfaceFilter()
    surface.SetInputData(data)
    surface.Update()
    return surface.GetOutput()


def sampled(data: Any, sizes: Numbers, count: int, seed: int, *, of_cells: bool) -> Ids:
    """Return, in order, cells chosen at random by their sizes, or of each a point that was not chosen before."""
    sums = np.cumsum(sizes)
    if not len(sums) or not sums[-1] > 0:
        return np.zeros(0, np.int64)
    drawn = np.random.RandomState(seed).randint(0, 2**32, size=2 * count, dtype=np.uint32).astype(np.float64)
    numbers = (drawn[::2] + drawn[1::2] * 2.0**32) / 2.0**64 * sums[-1]
    cells = np.minimum(np.searchsorted(sums, numbers, side="right"), len(sums) - 1)
    if of_cells:
        return distinct(cells).astype(np.int64)
    found: set[int] = set()
    ids = vtkIdList()
    for cell in cells.tolist():
        data.GetCellPoints(cell, ids)
        fresh = (ids.GetId(place) for place in range(ids.GetNumberOfIds()) if ids.GetId(place) not in found)
        if (point := next(fresh, None)) is not None:
            found.add(point)
    return np.array(sorted(found), np.int64)
