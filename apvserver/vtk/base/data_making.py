"""Makes VTK's data out of numpy's arrays, and of parts of other data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_BIT, vtkAbstractArray, vtkPoints, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkUnstructuredGrid

from .array_types import as_numpy, copied

_HELD: frozenset[str] = frozenset(
    ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64")
)


def array_of(values: Any, name: str) -> Any:
    """Return a VTK array with a copy of the values: one row for each tuple, texts as texts."""
    found = np.asarray(values)
    if found.dtype.kind in "USO":
        texts = vtkStringArray()
        texts.SetName(name)
        for one in found.ravel().tolist():
            texts.InsertNextValue(one.decode("latin-1") if isinstance(one, bytes) else str(one))
        return texts
    if found.ndim > 2:
        found = found.reshape(len(found), -1)
    if found.dtype.name not in _HELD:
        found = found.astype(np.uint8 if found.dtype.kind == "b" else np.float64)
    made = copied(np.ascontiguousarray(found, found.dtype.newbyteorder("=")))
    made.SetName(name)
    return made


def add_array(attributes: Any, name: str, values: Any) -> None:
    """Add a copy of values to the point, cell or field data."""
    attributes.AddArray(array_of(values, name))


def points_of(coordinates: Any) -> Any:
    """Return points with the precision of the coordinates, which are rows of two or three."""
    found = np.asarray(coordinates)
    if found.dtype not in (np.float32, np.float64):
        found = found.astype(np.float64)
    if found.shape[1:] == (2,):
        found = np.column_stack((found, np.zeros(len(found), found.dtype)))
    points = vtkPoints()
    points.SetData(array_of(found.reshape(-1, 3), "Points"))
    return points


def cells_of(offsets: Any, connectivity: Any) -> Any:
    """Return cells from the places where each begins, one more than there are, and the points of all."""
    made = vtkCellArray()
    made.SetData(
        array_of(np.asarray(offsets, np.longlong), "offsets"), array_of(np.asarray(connectivity, np.longlong), "points")
    )
    return made


def grid_of(coordinates: Any, kinds: Any, offsets: Any, connectivity: Any) -> Any:
    """Return a grid of cells of several kinds (VTK's numbers)."""
    made = vtkUnstructuredGrid()
    made.SetPoints(points_of(coordinates))
    made.SetCells(array_of(np.asarray(kinds, np.uint8), "kinds"), cells_of(offsets, connectivity))
    return made


def grid_of_one_kind(coordinates: Any, kind: int, corners: Any) -> Any:
    """Return a grid of cells of one kind, whose points are the rows."""
    count, size = corners.shape
    return grid_of(coordinates, np.full(count, kind), np.arange(count + 1) * size, corners.ravel())


def cropped(data: Any, extent: Sequence[int]) -> Any:
    """Return an image or a grid of that part of its extent, with arrays of its own; itself if it is no larger.

    Of what has one layer of points VTK crops the points alone, and gives cells none of their values, or others.
    """
    whole = tuple(data.GetExtent())
    if whole == tuple(extent):
        return data
    made = data.NewInstance()
    made.ShallowCopy(data)
    made.Crop(extent)
    if all(whole[2 * axis] < whole[2 * axis + 1] for axis in range(3)):
        return made
    (x, y, z), (nx, ny, _) = (_cells_along(one) for one in (extent, whole))
    i, j, k = (extent[2 * axis] - whole[2 * axis] for axis in range(3))
    numbers = (np.arange(k, k + z)[:, None, None] * ny + np.arange(j, j + y)[:, None]) * nx + np.arange(i, i + x)
    take_tuples(data.GetCellData(), made.GetCellData(), numbers.ravel())
    return made


def take_tuples(source: Any, target: Any, numbers: Any) -> None:
    """Give attributes those tuples of all arrays of others, in their order and marked as they are."""
    target.Initialize()
    for index in range(source.GetNumberOfArrays()):
        added, mark = (
            target.AddArray(tuples_of(source.GetAbstractArray(index), numbers)),
            source.IsArrayAnAttribute(index),
        )
        if mark >= 0:
            target.SetActiveAttribute(added, mark)


def tuples_of(array: Any, numbers: Any) -> Any:
    """Return an array, of numbers or texts, with those tuples of another, and its names."""
    made: Any = vtkAbstractArray.CreateArray(array.GetDataType())
    made.SetName(array.GetName())
    made.SetNumberOfComponents(array.GetNumberOfComponents())
    made.CopyComponentNames(array)
    made.SetNumberOfTuples(len(numbers))
    if array.IsNumeric() and array.GetDataType() != VTK_BIT:
        np.take(as_numpy(array), numbers, axis=0, out=vtk_to_numpy(made), mode="clip")
    else:
        for place, number in enumerate(numbers.tolist()):
            made.SetTuple(place, number, array)
    return made


def _cells_along(extent: Sequence[int]) -> tuple[int, int, int]:
    x, y, z = (max(1, extent[2 * axis + 1] - extent[2 * axis]) for axis in range(3))
    return x, y, z
