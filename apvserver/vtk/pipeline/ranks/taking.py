"""Some of the points and cells of data, as new data: what is left of what was made with a neighbour's layers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray

from ...base.array_types import copied, runs
from ...base.data_making import take_tuples, tuples_of
from ...base.values.distinct import counted

_KINDS_OF_CELLS: Final = ("Verts", "Lines", "Polys", "Strips")
"""Of polygonal data, in the order of its cells."""


def are_within(data: Any, along: Any, least: float, most: float) -> Any:
    """Return for each cell of polygonal data whether the mean of a coordinate is at least one and below another number.

    It is the mean over the cell's points, computed of those cells only that have a point there or beyond.
    """
    is_doubtful = (along <= least) | (along >= most)
    found = [np.zeros(0, bool)]
    for cells in _cells_of(data):
        offsets, corners = _offsets_and_corners(cells)
        is_own = np.ones(len(offsets) - 1, bool)
        doubtful = np.flatnonzero(np.logical_or.reduceat(is_doubtful[corners], offsets[:-1]))
        if len(doubtful):
            counts = np.diff(offsets)[doubtful]
            places = along[corners[runs(offsets[doubtful], counts)]].astype(np.float64)
            middles = np.add.reduceat(places, np.cumsum(counts) - counts) / counts
            is_own[doubtful] = (middles >= least) & (middles < most)
        found.append(is_own)
    return np.concatenate(found)


def with_cells(data: Any, is_kept: Any, stays: Any) -> Any:
    """Return polygonal data with some of its cells, and with these points, and those that the cells have."""
    made, begin, stays, several = data.NewInstance(), 0, stays.copy(), []
    for name in _KINDS_OF_CELLS:
        cells = getattr(data, f"Get{name}")()
        count = cells.GetNumberOfCells()
        if not count:
            continue
        offsets, corners = _offsets_and_corners(cells)
        some = np.flatnonzero(is_kept[begin : begin + count])
        counts = np.diff(offsets)[some]
        theirs = corners[runs(offsets[some], counts)]
        several.append((name, theirs, counts))
        stays[theirs] = True
        begin += count
    numbers = counted(stays) - 1
    for name, corners, counts in several:
        cells = vtkCellArray()
        offsets = np.concatenate([[0], np.cumsum(counts)])
        cells.SetData(*(numpy_to_vtkIdTypeArray(one, deep=True) for one in (offsets, numbers[corners])))
        getattr(made, f"Set{name}")(cells)
    points, kept = vtkPoints(), np.flatnonzero(stays)
    points.SetData(tuples_of(data.GetPoints().GetData(), kept))
    made.SetPoints(points)
    made.GetFieldData().ShallowCopy(data.GetFieldData())
    take_tuples(data.GetPointData(), made.GetPointData(), kept)
    take_tuples(data.GetCellData(), made.GetCellData(), np.flatnonzero(is_kept))
    return made


def _cells_of(data: Any) -> list[Any]:
    """Return the kinds of cells that there are, in the order of the cells."""
    several = (getattr(data, f"Get{name}")() for name in _KINDS_OF_CELLS)
    return [cells for cells in several if cells.GetNumberOfCells()]


def _offsets_and_corners(cells: Any) -> tuple[Any, Any]:
    """Return where each cell's corners begin, and the last end, and the points at all corners."""
    return vtk_to_numpy(cells.GetOffsetsArray()), vtk_to_numpy(cells.GetConnectivityArray())


def like(array: Any, values: Any) -> Any:
    """Return an array of the kind and name of another, and the names of its components, with other values."""
    found = copied(values, array.GetDataType())
    found.SetName(array.GetName())
    found.CopyComponentNames(array)
    return found
