"""Pieces put together to the whole: images by their extents, other data in the order of ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataSetAttributes
from vtkmodules.vtkFiltersCore import vtkAppendFilter, vtkAppendPolyData

from ...base.data_making import take_tuples, tuples_of
from ...base.errors import PipelineError
from .describing import keys_of, points_in_others
from .extents import Extent, cell_dimensions, dimensions
from .held import Held, Slab
from .taking import like


def joined(pieces: Sequence[Held]) -> Any:
    """Return the whole. Raises PipelineError for data that cannot be put together."""
    first = pieces[0]
    if first.is_structured:
        return _joined_images(pieces)
    kind = first.data.GetClassName()
    if kind not in ("vtkPolyData", "vtkUnstructuredGrid"):
        raise PipelineError(f"pieces of {kind} cannot be put together")
    filled = [one for one in pieces if one.data.GetNumberOfPoints()]
    if len(filled) < 2:
        return (filled or [first])[0].data
    appended = _appended([one.data for one in filled], kind)
    return _with_points_once(appended, filled) if first.shares_points else appended


def _appended(pieces: Sequence[Any], kind: str) -> Any:
    append: Any = vtkAppendPolyData() if kind == "vtkPolyData" else vtkAppendFilter()
    if kind == "vtkUnstructuredGrid":
        append.MergePointsOff()
    append.SetOutputPointsPrecision(1 if any(one.GetPoints().GetDataType() == 11 for one in pieces) else 0)
    for one in pieces:
        append.AddInputData(one)
    append.Update()
    whole = append.GetOutput()
    _order_arrays(whole, pieces[0])
    for index in range(pieces[0].GetFieldData().GetNumberOfArrays()):
        whole.GetFieldData().AddArray(pieces[0].GetFieldData().GetAbstractArray(index))
    for name in ("GetPointData", "GetCellData"):  # as the first marks them
        for kind_of in range(vtkDataSetAttributes.NUM_ATTRIBUTES):
            marked = getattr(pieces[0], name)().GetAbstractAttribute(kind_of)
            if marked is not None and marked.GetName():
                getattr(whole, name)().SetActiveAttribute(marked.GetName(), kind_of)
    return whole


def _order_arrays(whole: Any, first: Any) -> None:
    """Have arrays stand in the order in which a piece has them."""
    for name in ("GetPointData", "GetCellData"):
        attributes, names = getattr(whole, name)(), getattr(first, name)()
        arrays = [attributes.GetAbstractArray(names.GetArrayName(index)) for index in range(names.GetNumberOfArrays())]
        attributes.Initialize()
        for array in arrays:
            if array is not None:
                attributes.AddArray(array)


def _with_points_once(whole: Any, pieces: Sequence[Held]) -> Any:
    """Return data that was appended with the points once at which pieces meet."""
    boxes = [one.data.GetBounds() for one in pieces]
    places = vtk_to_numpy(whole.GetPoints().GetData())
    begin, candidates = 0, []
    for rank, one in enumerate(pieces):
        numbers = points_in_others(one.data, rank, boxes) + begin
        candidates.append(numbers)
        begin += one.data.GetNumberOfPoints()
    numbers, together = np.concatenate(candidates), np.concatenate(keys_of([places[one] for one in candidates]))
    if not len(numbers):
        return whole
    _, first, inverse = np.unique(together, axis=0, return_index=True, return_inverse=True)
    if len(first) == len(numbers):
        return whole
    stays = np.arange(len(places))
    stays[numbers] = numbers[first[inverse.ravel()]]  # the first that there is of each
    is_kept = stays == np.arange(len(places))
    renumbered = (np.cumsum(is_kept) - 1)[stays]
    return _of_points(whole, np.flatnonzero(is_kept), renumbered)


def _of_points(whole: Any, kept: Any, renumbered: Any) -> Any:
    """Return data with some of its points; `renumbered` has for each point which it is now."""
    found = whole.NewInstance()
    found.ShallowCopy(whole)
    points = vtkPoints()
    points.SetData(tuples_of(whole.GetPoints().GetData(), kept))
    found.SetPoints(points)
    if whole.GetClassName() == "vtkPolyData":
        found.SetVerts(_renumbered(whole.GetVerts(), renumbered))
        found.SetLines(_renumbered(whole.GetLines(), renumbered))
        found.SetPolys(_renumbered(whole.GetPolys(), renumbered))
        found.SetStrips(_renumbered(whole.GetStrips(), renumbered))
    else:
        found.SetCells(whole.GetCellTypes(), _renumbered(whole.GetCells(), renumbered))
    take_tuples(whole.GetPointData(), found.GetPointData(), kept)
    return found


def _renumbered(cells: Any, numbers: Any) -> Any:
    found = vtkCellArray()
    found.DeepCopy(cells)
    if cells.GetNumberOfCells():
        connectivity = vtk_to_numpy(found.GetConnectivityArray())
        connectivity[:] = numbers[connectivity]
    return found


def _joined_images(pieces: Sequence[Held]) -> Any:
    first = pieces[0]
    assert first.slab is not None
    whole = first.data.NewInstance()
    whole.CopyStructure(first.data)
    whole.SetExtent(first.slab.whole)
    if whole.IsA("vtkPointSet"):
        whole.SetPoints(_joined_points(pieces))
    whole.GetFieldData().ShallowCopy(first.data.GetFieldData())
    slabs = [one.slab for one in pieces if one.slab is not None]
    for of_points in (True, False):
        name = "GetPointData" if of_points else "GetCellData"
        attributes, target = getattr(first.data, name)(), getattr(whole, name)()
        for index in range(attributes.GetNumberOfArrays()):
            array = attributes.GetArray(index)
            if array is None:
                raise PipelineError("images with texts cannot be put together of pieces")
            parts = [vtk_to_numpy(getattr(one.data, name)().GetArray(array.GetName())) for one in pieces]
            values = _assembled(parts, [_extent(one.data) for one in pieces], slabs, of_points=of_points)
            number = target.AddArray(like(array, values))
            mark = attributes.IsArrayAnAttribute(index)
            if mark >= 0:
                target.SetActiveAttribute(number, mark)
    return whole


def _joined_points(pieces: Sequence[Held]) -> Any:
    """Return the points of a grid whose pieces are parts of its extent."""
    slabs = [one.slab for one in pieces if one.slab is not None]
    of_first = pieces[0].data.GetPoints().GetData()
    places = [vtk_to_numpy(one.data.GetPoints().GetData()) for one in pieces]
    points = vtkPoints()
    points.SetData(like(of_first, _assembled(places, [_extent(one.data) for one in pieces], slabs, of_points=True)))
    return points


def _extent(image: Any) -> Extent:
    a, b, c, d, e, f = image.GetExtent()
    return a, b, c, d, e, f


def _assembled(parts: Sequence[Any], extents: Sequence[Extent], slabs: Sequence[Slab], *, of_points: bool) -> Any:
    """Return the values of the whole extent, from those of the pieces' own parts."""
    count = dimensions if of_points else cell_dimensions
    x, y, z = count(slabs[0].whole)
    components = parts[0].shape[1:]
    values = np.empty((z, y, x, *components), parts[0].dtype)
    for part, extent, slab in zip(parts, extents, slabs, strict=True):
        nx, ny, nz = count(extent)
        values[_within(slab.own, slab.whole, count)] = part.reshape(nz, ny, nx, *components)[
            _within(slab.own, extent, count)
        ]
    return values.reshape(x * y * z, *components)


def _within(part: Extent, whole: Extent, count: Any) -> tuple[slice, slice, slice]:
    """Return where a part stands in an array over a whole, along z, y and x."""
    lengths = count(part)
    x, y, z = (slice(part[2 * a] - whole[2 * a], part[2 * a] - whole[2 * a] + lengths[a]) for a in range(3))
    return z, y, x
