"""Some of the points and cells of data, as new data: what is left of what was made with a neighbour's layers.

What is taken away lies at both ends, as a rule, and there is much between them: that is copied as it is, and only
looked at for whether it is so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_BIT, VTK_UNSIGNED_CHAR, vtkDataArray, vtkIdTypeArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes

from ...base.array_types import repeated
from ...base.errors import PipelineError

_CORNERS: Final = 3
AT_ONCE: Final = 1 << 15
"""So many triangles are looked at together: their corners stay near the processor."""


def are_within(cells: Any, along: Any, least: float, most: float) -> Any:
    """Return for each cell whether the mean of a coordinate over its points is at least one number and below another.

    It is computed of those only that have a point there or beyond: of all others it is for sure.
    """
    offsets, corners = vtk_to_numpy(cells.GetOffsetsArray()), vtk_to_numpy(cells.GetConnectivityArray())
    found = np.ones(len(offsets) - 1, bool)
    is_doubtful = (along <= least) | (along >= most)
    if cells.IsHomogeneous() == _CORNERS:
        doubtful = _with_any(corners.reshape(-1, _CORNERS), is_doubtful)
    else:
        doubtful = np.flatnonzero(np.logical_or.reduceat(is_doubtful[corners], offsets[:-1]))
    if len(doubtful):
        counts = offsets[doubtful + 1] - offsets[doubtful]
        begins = np.cumsum(counts) - counts
        places = repeated(offsets[doubtful] - begins, counts) + np.arange(counts.sum())
        middles = np.add.reduceat(along[corners[places]].astype(np.float64), begins) / counts
        found[doubtful] = (middles >= least) & (middles < most)
    return found


def with_cells(data: Any, is_kept: Any) -> Any:
    """Return polygonal data with some of its cells, and without points that no cell has any more."""
    polygons = data.GetPolys()
    only_triangles = polygons.GetNumberOfCells() == data.GetNumberOfCells() and polygons.IsHomogeneous() == _CORNERS
    return with_triangles(data, is_kept) if only_triangles else with_marked_removed(data, is_kept)


def with_triangles(data: Any, is_kept: Any) -> Any:
    """Return triangles, some of them, in a tenth of the time that VTK takes where they are one after the other."""
    corners = vtk_to_numpy(data.GetPolys().GetConnectivityArray()).reshape(-1, _CORNERS)
    first, last = _longest_run(is_kept)
    if last - first == np.count_nonzero(is_kept):
        cells_kept: Any = slice(first, last)
        gone = np.concatenate([corners[:first], corners[last:]])
    else:
        cells_kept = np.flatnonzero(is_kept)
        gone = corners[~is_kept]
    kept = corners[cells_kept]
    stays = np.ones(data.GetNumberOfPoints(), bool)
    stays[gone] = False
    shared = kept[_with_any(kept, ~stays)]
    stays[shared] = True  # another cell has it
    cells, offsets = vtkCellArray(), vtk_to_numpy(data.GetPolys().GetOffsetsArray())[: len(kept) + 1]
    cells.SetData(_numbers(offsets.shape, lambda into: np.copyto(into, offsets)), _renumbered(kept, stays))
    points = vtkPoints()
    points.SetData(_those(data.GetPoints().GetData(), stays))
    made = data.NewInstance()
    made.SetPoints(points)
    made.SetPolys(cells)
    made.GetFieldData().ShallowCopy(data.GetFieldData())
    _take(data.GetPointData(), made.GetPointData(), lambda array: _those(array, stays))
    _take(data.GetCellData(), made.GetCellData(), lambda array: like(array, vtk_to_numpy(array)[cells_kept]))
    return made


def _longest_run(is_marked: Any) -> tuple[int, int]:
    """Return where the longest run of what is marked begins, and where it has ended."""
    others = np.concatenate([[-1], np.flatnonzero(~is_marked), [len(is_marked)]])
    longest = int(np.argmax(np.diff(others)))
    return int(others[longest]) + 1, int(others[longest + 1])


def _with_any(triangles: Any, is_marked: Any) -> Any:
    """Return the numbers of the triangles that have a corner which is marked.

    Where no corner lies outside of the longest run of points without a mark, no mark is looked at.
    """
    low, high = _longest_run(~is_marked)
    found = [np.zeros(0, np.int64)]
    for begin in range(0, len(triangles), AT_ONCE):
        some = triangles[begin : begin + AT_ONCE]
        if some.min() < low or some.max() >= high:
            marked = is_marked[some]
            found.append(np.flatnonzero(marked[:, 0] | marked[:, 1] | marked[:, 2]) + begin)
    return np.concatenate(found)


def _renumbered(triangles: Any, stays: Any) -> Any:
    """Return the corners of triangles by the numbers that their points have when only some stay, for VTK."""
    low, high = _longest_run(stays)
    beyond = _with_any(triangles, _beyond(len(stays), low, high))

    def fill(into: Any) -> None:
        np.subtract(triangles, np.count_nonzero(~stays[:low]), out=into)
        into[beyond] = (np.cumsum(stays) - 1)[triangles[beyond]]

    return _numbers(triangles.shape, fill)


def _beyond(count: int, low: int, high: int) -> Any:
    """Return marks at all of so many but those from one number up to but without another."""
    found = np.ones(count, bool)
    found[low:high] = False
    return found


def _those(array: Any, stays: Any) -> Any:
    """Return an array with those of its tuples that stay."""
    low, high = _longest_run(stays)
    values = vtk_to_numpy(array)
    parts = values[:low][stays[:low]], values[low:high], values[high:][stays[high:]]
    if array.GetDataType() == VTK_BIT:
        return like(array, np.concatenate(parts))
    found = vtkDataArray.CreateDataArray(array.GetDataType())
    found.SetNumberOfComponents(array.GetNumberOfComponents())
    found.SetNumberOfTuples(sum(map(len, parts)))
    if found.GetNumberOfTuples():
        np.concatenate(parts, out=vtk_to_numpy(found))
    return _named(found, array)


def _numbers(shape: tuple[int, ...], fill: Callable[[Any], None]) -> Any:
    """Return numbers for VTK, in its memory: new memory of large arrays of numpy costs several times as much."""
    found = vtkIdTypeArray()
    found.SetNumberOfValues(math.prod(shape))
    if found.GetNumberOfValues():
        fill(vtk_to_numpy(found).reshape(shape))
    return found


def take_attributes(source: Any, target: Any, numbers: Any) -> None:
    """Give data some of the tuples of each array of other data, in the order of the arrays and marked as they are.

    Raises PipelineError for arrays that are not of numbers.
    """
    _take(source, target, lambda array: taken(array, numbers))


def _take(source: Any, target: Any, some_of: Callable[[Any], Any]) -> None:
    for index in range(source.GetNumberOfArrays()):
        array = source.GetArray(index)
        if array is None:
            name = source.GetAbstractArray(index).GetName()
            raise PipelineError(f"the array {name!r} is not of numbers: pieces with it cannot be put together")
        added, mark = target.AddArray(some_of(array)), source.IsArrayAnAttribute(index)
        if mark >= 0:
            target.SetActiveAttribute(added, mark)


def taken(array: Any, numbers: Any) -> Any:
    """Return an array with some of its tuples."""
    return like(array, np.take(vtk_to_numpy(array), numbers, axis=0))


def like(array: Any, values: Any) -> Any:
    """Return an array of the kind and name of another, with other values."""
    return _named(numpy_to_vtk(values, deep=True, array_type=array.GetDataType()), array)


def _named(found: Any, array: Any) -> Any:
    """Return an array with the name of another, and those of its components."""
    found.SetName(array.GetName())
    found.CopyComponentNames(array)
    return found


def with_marked_removed(data: Any, is_kept: Any) -> Any:
    """Return polygonal data with some of its cells, as VTK takes others away."""
    marked = data.NewInstance()
    marked.ShallowCopy(data)
    numbers = np.where(is_kept, 0, vtkDataSetAttributes.DUPLICATECELL).astype(np.uint8)
    marks = numpy_to_vtk(numbers, deep=True, array_type=VTK_UNSIGNED_CHAR)
    marks.SetName(vtkDataSetAttributes.GhostArrayName())
    marked.GetCellData().AddArray(marks)
    marked.RemoveGhostCells()
    marked.GetCellData().RemoveArray(vtkDataSetAttributes.GhostArrayName())
    return marked
