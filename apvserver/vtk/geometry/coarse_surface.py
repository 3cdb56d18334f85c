"""A coarser surface for one that is slow to draw, made of it piece by piece.

Of all points in a small box one stands for all; what stays are triangles whose corners are in three boxes. (Rossignac
and Borrel, "Multi-resolution 3D approximations for rendering complex scenes", 1993.) numpy works on some cells at a
time: other threads go on meanwhile, no more memory is needed than for those, and it can be given up between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkCommonCore import VTK_TYPE_INT32, vtkDataArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

from ..base.array_types import as_numpy, repeated
from ..base.values.distinct import counted
from .rows import rows_of

CELLS: Final = 100_000
"""Surfaces of more cells get a coarser one."""
_CORNERS: Final = 3
_DIVISIONS: Final = 64
"""Of the longest side of its box: a coarse surface differs by less than a pixel or two in most pictures."""
_AT_A_TIME: Final = 100_000

Ids = npt.NDArray[Any]


class DetailUnwanted(Exception):
    """Nobody wants the coarser surface any more."""


def may_be_reduced(surface: Any) -> bool:
    """Return whether a surface has so many cells that it may get a coarser one."""
    return surface.GetNumberOfCells() > CELLS and bool(surface.GetNumberOfPolys() + surface.GetNumberOfStrips())


def reduced_surface(surface: Any, is_unwanted: Callable[[], bool] = lambda: False) -> Any | None:
    """Return a surface of the same look with a small part of the triangles and the same arrays; None: it is coarse.

    `is_unwanted` is asked after each piece. Raises `DetailUnwanted` if it is.
    """
    if not may_be_reduced(surface):
        return None
    points = as_numpy(surface.GetPoints().GetData())
    boxes, count = _boxes(points, surface.GetBounds(), is_unwanted)
    found = list(_between_boxes(surface, boxes, is_unwanted))
    corners, cells = np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])
    drawn = (surface.GetPolys(), surface.GetStrips())
    if not 0 < len(cells) < sum(one.GetNumberOfConnectivityIds() - 2 * one.GetNumberOfCells() for one in drawn) / 2:
        return None
    is_used = np.zeros(count, bool)
    is_used[corners] = True
    number = counted(is_used).astype(np.int32) - 1
    chosen = _first_in(boxes, count)[is_used]
    made, places = vtkPolyData(), vtkPoints()
    places.SetData(rows_of(surface.GetPoints().GetData(), chosen))
    made.SetPoints(places)
    made.SetPolys(_triangles(number[corners]))
    for before, after, ids in (
        (surface.GetPointData(), made.GetPointData(), chosen),
        (surface.GetCellData(), made.GetCellData(), cells),
    ):
        _hand_on(before, after, ids)
    made.GetPointData().SetNormals(None)  # they are those of single points, and would spot the surface
    return made


def triangles_of(begins: Ids, sizes: Ids, *, are_strips: bool) -> tuple[npt.NDArray[np.int64], Ids]:
    """Return the triangles of cells: (n, 3) of places among the corners, and of which cell each is.

    A cell's corners begin at a place and are so many. A polygon becomes a fan around its first point, a strip its
    triangles, all turned alike.
    """
    counts = np.maximum(sizes - 2, 0)
    cells = repeated(np.arange(len(counts)), counts)
    step = np.arange(len(cells)) - repeated(np.cumsum(counts) - counts, counts)
    at = begins[cells]
    if are_strips:
        odd = step % 2
        return np.stack([at + step, at + step + 1 + odd, at + step + 2 - odd], axis=1), cells
    return np.stack([at, at + step + 1, at + step + 2], axis=1), cells


def _boxes(points: Any, bounds: Any, is_unwanted: Callable[[], bool]) -> tuple[npt.NDArray[np.int32], int]:
    """Return in which box each point is, -1 if it is nowhere, and how many boxes there are."""
    low, sides = np.array(bounds[::2]), np.subtract(bounds[1::2], bounds[::2])
    divisions = np.maximum(1, np.ceil(_DIVISIONS * sides / (sides.max() or 1.0))).astype(int)
    scale = divisions / np.where(sides > 0, sides, 1.0)
    boxes = np.empty(len(points), np.int32)
    for begin in range(0, len(points), _AT_A_TIME):
        if is_unwanted():
            raise DetailUnwanted
        some = points[begin : begin + _AT_A_TIME]
        number, is_somewhere = np.zeros(len(some), np.int32), np.ones(len(some), bool)
        for axis in (2, 1, 0):
            at = (some[:, axis] - low[axis]) * scale[axis]
            is_finite = np.isfinite(at)
            if not is_finite.all():
                is_somewhere &= is_finite
                at = np.nan_to_num(at)
            number = number * divisions[axis] + np.clip(at, 0, divisions[axis] - 1).astype(np.int32)
        boxes[begin : begin + _AT_A_TIME] = np.where(is_somewhere, number, -1)
    return boxes, int(divisions.prod())


def _first_in(boxes: npt.NDArray[np.int32], count: int) -> npt.NDArray[np.int64]:
    """Return the first point in each box."""
    first = np.zeros(count + 1, np.int64)  # the last one is of points that are in none
    for begin in reversed(range(0, len(boxes), _AT_A_TIME)):
        some = boxes[begin : begin + _AT_A_TIME]
        first[some[::-1]] = np.arange(begin + len(some) - 1, begin - 1, -1)
    return first[:-1]


def _between_boxes(
    surface: Any, boxes: npt.NDArray[np.int32], is_unwanted: Callable[[], bool]
) -> Iterator[tuple[Ids, Ids]]:
    """Yield triangles with corners in three boxes, (n, 3) of those, and of which cell of the surface each is."""
    before = surface.GetNumberOfVerts() + surface.GetNumberOfLines()
    for cells, are_strips in ((surface.GetPolys(), False), (surface.GetStrips(), True)):
        count = cells.GetNumberOfCells()
        if not count:
            continue
        ids, offsets = as_numpy(cells.GetConnectivityArray()), as_numpy(cells.GetOffsetsArray())
        for begin in range(0, count, _AT_A_TIME):
            if is_unwanted():
                raise DetailUnwanted
            ends = offsets[begin : begin + _AT_A_TIME + 1]
            at = boxes.take(ids[ends[0] : ends[-1]])
            sizes = np.diff(ends)
            if (sizes == _CORNERS).all() and not are_strips:
                corners, some = _triangles_between(at.reshape(-1, _CORNERS))
                yield corners, before + begin + some
                continue
            begins = (ends[:-1] - ends[0]).astype(np.int64)
            some = np.flatnonzero(_lie_in_several(at, begins, sizes))
            places, of = triangles_of(begins[some], sizes[some], are_strips=are_strips)
            corners = at[places]
            is_kept = _in_three(corners)
            yield corners[is_kept], before + begin + some[of[is_kept]]
        before += count


def _triangles_between(boxes: Any) -> tuple[Ids, Ids]:
    """Return the same of cells that are all triangles, in the boxes of whose corners they are, in half the time."""
    some = np.flatnonzero((boxes[:, 0] != boxes[:, 1]) & (boxes[:, 1] != boxes[:, 2]))
    corners = boxes.take(some, axis=0)
    is_kept = _in_three(corners)
    return corners[is_kept], some[is_kept]


def _in_three(corners: Any) -> Any:
    one, two, three = corners.T
    return (one != two) & (two != three) & (three != one) & (corners >= 0).all(axis=1)


def _lie_in_several(boxes: Any, begins: Any, sizes: Any) -> Any:
    """Return of each cell whether its corners are in more than one box."""
    size = int(sizes[0])
    if size >= _CORNERS and (sizes == size).all():
        corners = boxes.reshape(-1, size)
        several = corners[:, 0] != corners[:, 1]
        for corner in range(2, size):
            several |= corners[:, 0] != corners[:, corner]
        return several
    several, filled = np.zeros(len(sizes), bool), np.flatnonzero(sizes >= _CORNERS)
    differs = np.zeros(len(boxes), bool)
    differs[1:] = boxes[1:] != boxes[:-1]
    changes = np.concatenate([[0], counted(differs)])  # how many corners before one are in another box than the next
    first, last = begins[filled], begins[filled] + sizes[filled]
    several[filled] = changes[last] > changes[first + 1]
    return several


def _triangles(corners: Any) -> Any:
    connectivity = vtkDataArray.CreateDataArray(VTK_TYPE_INT32)
    connectivity.SetNumberOfValues(corners.size)
    as_numpy(connectivity)[:] = corners.ravel()
    cells = vtkCellArray()
    cells.SetData(_CORNERS, connectivity)
    return cells


def _hand_on(before: Any, after: Any, ids: Ids) -> None:
    """Give arrays of numbers on, with these rows, marked as they were."""
    for index in range(before.GetNumberOfArrays()):
        array = before.GetArray(index)
        if array is not None:
            marked, position = before.IsArrayAnAttribute(index), after.AddArray(rows_of(array, ids))
            if marked >= 0:
                after.SetActiveAttribute(position, marked)
