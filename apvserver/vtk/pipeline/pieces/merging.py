"""From what was made of pieces to what is made of the whole: cells put together, points in common once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData, vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkAppendPolyData

from ...base.data_making import take_tuples, tuples_of
from ...base.errors import VtkError
from .borders import in_common, places_of

_KINDS: Final = ("vtkPolyData", "vtkUnstructuredGrid")


def merged(pieces: list[Any], *, points_once: bool) -> Any:
    """Return the cells of all pieces as one data set, and empty the list. Raises VtkError for other kinds of data.

    `points_once`: points that pieces have in common are one point. What no piece has is not there: arrays that only
    some have are left out, as VTK does.
    """
    kinds = {one.GetClassName() for one in pieces}
    if len(kinds) != 1 or not kinds <= set(_KINDS):
        raise VtkError(f"pieces of {', '.join(sorted(kinds)) or 'nothing'} are not put together")
    filled = [one for one in pieces if one.GetNumberOfPoints()]
    if len(filled) < 2:
        only = (filled or pieces)[0]
        pieces.clear()
        return only
    pieces.clear()
    numbers = in_common([places_of(one) for one in filled]) if points_once else None
    there = [_names(one) for one in filled]
    whole = _appended(filled)
    lost = set.intersection(*there) - _names(whole)
    if lost:
        raise VtkError(f"arrays of pieces are of several types, and are not put together: {', '.join(sorted(lost))}")
    whole.GetFieldData().PassData(filled[0].GetFieldData())
    filled.clear()
    if numbers is not None:
        ids = np.concatenate(numbers)
        if len(ids) and int(ids.max()) + 1 < len(ids):
            _merge_points(whole, ids)
    return whole


def _names(data: Any) -> set[str]:
    return {
        f"{kind} {attributes.GetArrayName(index) or ''}"
        for kind, attributes in (("point", data.GetPointData()), ("cell", data.GetCellData()))
        for index in range(attributes.GetNumberOfArrays())
    }


def _appended(pieces: Sequence[Any]) -> Any:
    append: Any
    if pieces[0].IsA("vtkPolyData"):
        append = vtkAppendPolyData()
    else:
        append = vtkAppendFilter()
        append.MergePointsOff()
    widest = max(pieces, key=lambda one: vtk_to_numpy(one.GetPoints().GetData()).dtype.itemsize)
    double = vtk_to_numpy(widest.GetPoints().GetData()).dtype.itemsize == 8
    append.SetOutputPointsPrecision(append.DOUBLE_PRECISION if double else append.SINGLE_PRECISION)
    for one in pieces:
        append.AddInputData(one)
    append.Update()
    made = append.GetOutput()
    return made


def _merge_points(data: Any, ids: Any) -> None:
    """Renumber points, and take each once."""
    total = int(ids.max()) + 1
    first = np.full(total, -1, np.int64)
    first[ids[::-1]] = np.arange(len(ids) - 1, -1, -1)
    points = vtkPoints()
    points.SetData(tuples_of(data.GetPoints().GetData(), first))
    if data.IsA("vtkPolyData"):
        lists = [data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips()]
        renumbered = [_renumbered(one, ids) for one in lists]
        data.SetVerts(renumbered[0])
        data.SetLines(renumbered[1])
        data.SetPolys(renumbered[2])
        data.SetStrips(renumbered[3])
    else:
        kinds = data.GetCellTypes()
        faces, locations = data.GetPolyhedronFaces(), data.GetPolyhedronFaceLocations()
        cells = _renumbered(data.GetCells(), ids)
        if faces is not None and faces.GetNumberOfCells():
            data.SetPolyhedralCells(kinds, cells, locations, _renumbered(faces, ids))
        else:
            data.SetCells(kinds, cells)
    data.SetPoints(points)
    taken = data.GetPointData().NewInstance()
    take_tuples(data.GetPointData(), taken, first)
    data.GetPointData().ShallowCopy(taken)


def _renumbered(cells: Any, ids: Any) -> Any:
    if cells is None or not cells.GetNumberOfCells():
        return cells
    made = vtkCellArray()
    offsets = numpy_to_vtkIdTypeArray(vtk_to_numpy(cells.GetOffsetsArray()).astype(np.int64), deep=True)
    corners = numpy_to_vtkIdTypeArray(ids[vtk_to_numpy(cells.GetConnectivityArray())], deep=True)
    made.SetData(offsets, corners)
    return made


def empty_of(kind: str) -> Any:
    """Return data of a kind with nothing in it."""
    return vtkPolyData() if kind == "vtkPolyData" else vtkUnstructuredGrid()
