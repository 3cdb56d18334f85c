"""Some of the points and cells of data, as new data: what is left of what was made with a neighbour's layers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray

from ...base.array_types import repeated
from ...base.errors import PipelineError

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
            places, counts = _places(offsets, doubtful)
            begins = np.cumsum(counts) - counts
            middles = np.add.reduceat(along[corners[places]].astype(np.float64), begins) / counts
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
        places, counts = _places(offsets, np.flatnonzero(is_kept[begin : begin + count]))
        several.append((name, corners[places], counts))
        stays[corners[places]] = True
        begin += count
    numbers = np.cumsum(stays) - 1
    for name, corners, counts in several:
        cells = vtkCellArray()
        offsets = np.concatenate([[0], np.cumsum(counts)])
        cells.SetData(*(numpy_to_vtkIdTypeArray(one, deep=True) for one in (offsets, numbers[corners])))
        getattr(made, f"Set{name}")(cells)
    points, kept = vtkPoints(), np.flatnonzero(stays)
    points.SetData(taken(data.GetPoints().GetData(), kept))
    made.SetPoints(points)
    made.GetFieldData().ShallowCopy(data.GetFieldData())
    take_attributes(data.GetPointData(), made.GetPointData(), kept)
    take_attributes(data.GetCellData(), made.GetCellData(), np.flatnonzero(is_kept))
    return made


def _cells_of(data: Any) -> list[Any]:
    """Return the kinds of cells that there are, in the order of the cells."""
    several = (getattr(data, f"Get{name}")() for name in _KINDS_OF_CELLS)
    return [cells for cells in several if cells.GetNumberOfCells()]


def _offsets_and_corners(cells: Any) -> tuple[Any, Any]:
    """Return where each cell's corners begin, and the last end, and the points at all corners."""
    return vtk_to_numpy(cells.GetOffsetsArray()), vtk_to_numpy(cells.GetConnectivityArray())


def _places(offsets: Any, numbers: Any) -> tuple[Any, Any]:
    """Return where the corners of some cells stand, one cell after the other, and how many each has."""
    counts = offsets[numbers + 1] - offsets[numbers]
    begins = np.cumsum(counts) - counts
    return repeated(offsets[numbers] - begins, counts) + np.arange(counts.sum()), counts


def take_attributes(source: Any, target: Any, numbers: Any) -> None:
    """Give data some of the tuples of each array of other data, in the order of the arrays and marked as they are.

    Raises PipelineError for arrays that are not of numbers.
    """
    for index in range(source.GetNumberOfArrays()):
        array = source.GetArray(index)
        if array is None:
            name = source.GetAbstractArray(index).GetName()
            raise PipelineError(f"the array {name!r} is not of numbers: pieces with it cannot be put together")
        added, mark = target.AddArray(taken(array, numbers)), source.IsArrayAnAttribute(index)
        if mark >= 0:
            target.SetActiveAttribute(added, mark)


def taken(array: Any, numbers: Any) -> Any:
    """Return an array with some of its tuples."""
    return like(array, np.take(vtk_to_numpy(array), numbers, axis=0))


def like(array: Any, values: Any) -> Any:
    """Return an array of the kind and name of another, and the names of its components, with other values."""
    found = numpy_to_vtk(values, deep=True, array_type=array.GetDataType())
    found.SetName(array.GetName())
    found.CopyComponentNames(array)
    return found
