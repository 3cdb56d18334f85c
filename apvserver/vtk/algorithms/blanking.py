"""Hides points of a data set, and the cells that have such points; removes cells."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes

from ..base.array_types import copied, repeated
from .cell_groups import dimensions_of

Hidden = npt.NDArray[np.bool_]

_NAME: Final = vtkDataSetAttributes.GhostArrayName()
_KEPT: Final = "apv kept ghosts"
_STRUCTURED: Final = ("vtkImageData", "vtkRectilinearGrid", "vtkStructuredGrid")


def seen_points(data_set: Any) -> Hidden:
    """Return which points are neither hidden nor copies of those of another piece."""
    kinds = vtkDataSetAttributes.HIDDENPOINT | vtkDataSetAttributes.DUPLICATEPOINT
    return _without(data_set.GetPointData(), data_set.GetNumberOfPoints(), kinds)


def seen_cells(data_set: Any) -> Hidden:
    """Return which cells are neither hidden nor copies of those of another piece."""
    kinds = vtkDataSetAttributes.HIDDENCELL | vtkDataSetAttributes.DUPLICATECELL
    return _without(data_set.GetCellData(), data_set.GetNumberOfCells(), kinds)


def _without(attributes: Any, count: int, kinds: int) -> Hidden:
    flags = attributes.GetArray(_NAME)
    return np.ones(count, np.bool_) if flags is None else (vtk_to_numpy(flags).astype(np.int64) & kinds) == 0


def blank(data_set: Any, outside: Hidden) -> None:
    """Mark points as hidden, and each cell that has one of them; flags that are there stay."""
    _mark(data_set.GetPointData(), outside, vtkDataSetAttributes.HIDDENPOINT)
    hide_cells(data_set, outside)


def hide_cells(data_set: Any, points: Hidden) -> None:
    """Mark each cell that has one of the points as hidden."""
    _mark(data_set.GetCellData(), cells_with(data_set, points), vtkDataSetAttributes.HIDDENCELL)


def remove_cells(data_set: Any, cells: Hidden) -> None:
    """Remove cells as VTK removes ghosts; those that are ghosts for another reason stay."""
    attributes, ghosts = data_set.GetCellData(), data_set.GetCellData().GetArray(_NAME)
    if ghosts is not None:
        kept = ghosts.NewInstance()
        kept.DeepCopy(ghosts)
        kept.SetName(_KEPT)
        attributes.RemoveArray(_NAME)
        attributes.AddArray(kept)
    _mark(attributes, cells, vtkDataSetAttributes.HIDDENCELL)
    data_set.RemoveGhostCells()
    attributes.RemoveArray(_NAME)
    if attributes.HasArray(_KEPT):
        attributes.GetArray(_KEPT).SetName(_NAME)


def points_with(data_set: Any, wanted: Hidden) -> Hidden:
    """Return which points are of one of the cells."""
    made = np.zeros(data_set.GetNumberOfPoints(), np.bool_)
    if any(map(data_set.IsA, _STRUCTURED)):
        return _points_of_structured(dimensions_of(data_set), wanted)
    if data_set.IsA("vtkPolyData"):
        lists = [data_set.GetVerts(), data_set.GetLines(), data_set.GetPolys(), data_set.GetStrips()]
    else:
        lists = [data_set.GetCells()]
    first = 0
    for cells in lists:
        count = cells.GetNumberOfCells() if cells is not None else 0
        if count:
            sizes = np.diff(vtk_to_numpy(cells.GetOffsetsArray()))
            points = vtk_to_numpy(cells.GetConnectivityArray())
            made[points[repeated(wanted[first : first + count], sizes)]] = True
        first += count
    return made


def cells_with(data_set: Any, wanted: Hidden) -> Hidden:
    """Return which cells have one of the points."""
    if not data_set.GetNumberOfCells():
        return np.zeros(0, np.bool_)
    if any(map(data_set.IsA, _STRUCTURED)):
        return _of_structured(dimensions_of(data_set), wanted)
    if data_set.IsA("vtkPolyData"):
        kinds = (data_set.GetVerts(), data_set.GetLines(), data_set.GetPolys(), data_set.GetStrips())
        return np.concatenate([_of_cells(one, wanted) for one in kinds])
    return _of_cells(data_set.GetCells(), wanted)


def _of_structured(dimensions: tuple[int, int, int], wanted: Hidden) -> Hidden:
    found = wanted.reshape(dimensions[::-1])
    for axis in range(3):
        if found.shape[axis] > 1:
            low = tuple(slice(None, -1) if one == axis else slice(None) for one in range(3))
            high = tuple(slice(1, None) if one == axis else slice(None) for one in range(3))
            found = found[low] | found[high]
    return found.ravel()


def _points_of_structured(dimensions: tuple[int, int, int], wanted: Hidden) -> Hidden:
    found = wanted.reshape([max(one - 1, 1) for one in dimensions[::-1]])
    for axis, size in enumerate(dimensions[::-1]):
        if size > 1:
            low, high = [(0, 0)] * 3, [(0, 0)] * 3
            low[axis], high[axis] = (1, 0), (0, 1)
            found = np.pad(found, low) | np.pad(found, high)
    return found.ravel()


def _of_cells(cells: Any, wanted: Hidden) -> Hidden:
    count = cells.GetNumberOfCells() if cells is not None else 0
    if not count:
        return np.zeros(0, np.bool_)
    offsets = vtk_to_numpy(cells.GetOffsetsArray())
    of_corners = wanted[vtk_to_numpy(cells.GetConnectivityArray())[: offsets[-1]]]
    found, filled = np.zeros(count, np.bool_), offsets[1:] > offsets[:-1]
    if filled.any():  # sums of all would keep Python's lock
        found[filled] = np.logical_or.reduceat(of_corners, offsets[:-1][filled])
    return found


def _mark(attributes: Any, chosen: Hidden, flag: int) -> None:
    there = attributes.GetArray(_NAME)
    flags = np.zeros(len(chosen), np.uint8) if there is None else vtk_to_numpy(there).astype(np.uint8)
    flags[chosen] |= np.uint8(flag)
    array = copied(flags)
    array.SetName(_NAME)
    attributes.AddArray(array)
