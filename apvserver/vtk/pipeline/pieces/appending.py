"""Cells of several data sets as those of one, and points of it that are one taken once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkAppendPolyData

from ...base.data_making import take_tuples, tuples_of
from ...base.errors import VtkError

APPENDED: Final = ("vtkPolyData", "vtkUnstructuredGrid")
"""Classes of which several become one so."""
_OF_CELLS: Final = ("GetPointData", "GetCellData")


def appended(pieces: Sequence[Any]) -> Any:
    """Return the points and cells of two data sets or more, of one class of APPENDED, in their order.

    Arrays that only some have are left out; arrays stand in the order of the first, and are marked as it marks them.
    Points are as precise as the most precise. Raises VtkError for arrays of one name and several types.
    """
    append: Any
    if pieces[0].IsA("vtkPolyData"):
        append = vtkAppendPolyData()
    else:
        append = vtkAppendFilter()
        append.MergePointsOff()
    double = any(vtk_to_numpy(one.GetPoints().GetData()).dtype.itemsize == 8 for one in pieces)
    append.SetOutputPointsPrecision(append.DOUBLE_PRECISION if double else append.SINGLE_PRECISION)
    for one in pieces:
        append.AddInputData(one)
    append.Update()
    whole = append.GetOutput()
    lost = set.intersection(*(_names(one) for one in pieces)) - _names(whole)
    if lost:
        raise VtkError(f"arrays of pieces are of several types, and are not put together: {', '.join(sorted(lost))}")
    for name in _OF_CELLS:
        _arrange_arrays(getattr(whole, name)(), getattr(pieces[0], name)())
    whole.GetFieldData().PassData(pieces[0].GetFieldData())
    return whole


def with_points_once(data: Any, numbers: Any) -> Any:
    """Return data, of a class of APPENDED, with the points of one number as one: the first of them.

    `numbers` has one for each point: which it is in what is returned, from 0 and without gaps.
    """
    total = int(numbers.max()) + 1 if len(numbers) else 0
    if total == len(numbers):
        return data
    kept = np.empty(total, np.int64)
    kept[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    made = data.NewInstance()
    made.ShallowCopy(data)
    points = vtkPoints()
    points.SetData(tuples_of(data.GetPoints().GetData(), kept))
    made.SetPoints(points)
    if data.IsA("vtkPolyData"):
        for name in ("Verts", "Lines", "Polys", "Strips"):
            getattr(made, f"Set{name}")(_renumbered(getattr(data, f"Get{name}")(), numbers))
    else:
        cells, faces = _renumbered(data.GetCells(), numbers), data.GetPolyhedronFaces()
        if faces is not None and faces.GetNumberOfCells():
            places = data.GetPolyhedronFaceLocations()
            made.SetPolyhedralCells(data.GetCellTypes(), cells, places, _renumbered(faces, numbers))
        else:
            made.SetCells(data.GetCellTypes(), cells)
    take_tuples(data.GetPointData(), made.GetPointData(), kept)
    return made


def _names(data: Any) -> set[str]:
    return {
        f"{kind} {attributes.GetArrayName(index) or ''}"
        for kind, attributes in (("point", data.GetPointData()), ("cell", data.GetCellData()))
        for index in range(attributes.GetNumberOfArrays())
    }


def _arrange_arrays(made: Any, first: Any) -> None:
    """Have arrays stand in the order of others, and be marked as these."""
    places = {first.GetArrayName(index): index for index in range(first.GetNumberOfArrays())}
    count = made.GetNumberOfArrays()
    arrays = [(made.GetAbstractArray(index), made.IsArrayAnAttribute(index)) for index in range(count)]
    made.Initialize()
    for array, mark in sorted(arrays, key=lambda one: places.get(one[0].GetName(), len(places))):
        number = made.AddArray(array)
        if mark >= 0:
            made.SetActiveAttribute(number, mark)
    for kind in range(vtkDataSetAttributes.NUM_ATTRIBUTES):
        marked = first.GetAbstractAttribute(kind)
        if marked is not None and marked.GetName():
            made.SetActiveAttribute(marked.GetName(), kind)


def _renumbered(cells: Any, numbers: Any) -> Any:
    if cells is None or not cells.GetNumberOfCells():
        return cells
    made = vtkCellArray()
    offsets = numpy_to_vtkIdTypeArray(vtk_to_numpy(cells.GetOffsetsArray()).astype(np.int64), deep=True)
    corners = numpy_to_vtkIdTypeArray(numbers[vtk_to_numpy(cells.GetConnectivityArray())], deep=True)
    made.SetData(offsets, corners)
    return made
