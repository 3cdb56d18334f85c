"""Pieces put together to the whole: images by their extents, other data in the order of ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints

from ...base.errors import PipelineError
from ...base.values.distinct import counted, numbered_rows
from ..pieces.appending import APPENDED, appended, with_points_once
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
    if kind not in APPENDED:
        raise PipelineError(f"pieces of {kind} cannot be put together")
    filled = [one for one in pieces if one.data.GetNumberOfPoints()]
    if len(filled) < 2:
        return (filled or [first])[0].data
    whole = appended([one.data for one in filled])
    return with_points_once(whole, _numbers(whole, filled)) if first.shares_points else whole


def _numbers(whole: Any, pieces: Sequence[Held]) -> Any:
    """Return for each point of data that was appended which it is, where points at which pieces meet are one."""
    boxes = [one.data.GetBounds() for one in pieces]
    places = vtk_to_numpy(whole.GetPoints().GetData())
    begin, candidates = 0, []
    for rank, one in enumerate(pieces):
        numbers = points_in_others(one.data, rank, boxes) + begin
        candidates.append(numbers)
        begin += one.data.GetNumberOfPoints()
    numbers, together = np.concatenate(candidates), np.concatenate(keys_of([places[one] for one in candidates]))
    stays = np.arange(len(places))
    if len(numbers):
        first, inverse = numbered_rows(together)
        stays[numbers] = numbers[first[inverse]]  # the first that there is of each
    return (counted(stays == np.arange(len(places))) - 1)[stays]


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
