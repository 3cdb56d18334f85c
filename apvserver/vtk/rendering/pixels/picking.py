"""Places of a view and of what it shows: rectangles of pixels, points within them, positions. On the render thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy

from async_paraview.datasets.id_pairs import distinct
from async_paraview.records import dataclass

from ...base.array_types import repeated
from ...base.errors import InvalidProperty
from ..images import Vector
from ..placement import Matrix, placed

Ids = npt.NDArray[np.int64]
Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Hit:
    """What a ray through a pixel meets first: a cell, or the point that a shape is drawn at, and where that is."""

    cell: int
    position: Vector


def area_of(value: Sequence[Any], size: tuple[int, int]) -> Area:
    """Return a rectangle (x0, y0, x1, y1) of pixels from the top left, in any order of its corners, cut to the picture.

    As VTK counts them: left, bottom, right, top. Raises `InvalidProperty` for what is none.
    """
    if len(value) != 4 or not all(type(one) is int for one in value):
        raise InvalidProperty(f"a rectangle is x0, y0, x1, y1 in whole pixels, not {value!r:.80}")
    (left, right), (top, bottom) = sorted(value[::2]), sorted(value[1::2])
    width, height = size
    if right < 0 or bottom < 0 or left >= width or top >= height:
        raise InvalidProperty(f"the rectangle {value!r:.80} lies outside of the picture of {width} x {height} pixels")
    left, right, top, bottom = max(0, left), min(width - 1, right), max(0, top), min(height - 1, bottom)
    return left, height - 1 - bottom, right, height - 1 - top


def points_within(renderer: Any, area: Area, data: Any, cells: Ids, stands: Matrix) -> Ids:
    """Return the points of some cells of `data` that lie in the rectangle, in front of or behind whatever there is.

    Of the cells that are seen these are the points that are seen. VTK's own selection of points takes others too, those
    right behind an outline. `stands` says where in the scene the data is.
    """
    points = points_of(data, cells)
    if not len(points):
        return points
    return points[_inside(renderer, area, placed(stands, vtk_to_numpy(data.GetPoints().GetData())[points]))]


def points_of(data: Any, cells: Ids) -> Ids:
    """Return the points of some cells of polygonal data, in order.

    VTK's vtkExtractSelection mixes up cells where there are vertices, lines and polygons.
    """
    found, first = [np.zeros(0, np.int64)], 0
    for part in _lists_of(data):
        count = part.GetNumberOfCells()
        wanted = cells[(cells >= first) & (cells < first + count)] - first
        if len(wanted):
            offsets = vtk_to_numpy(part.GetOffsetsArray()).astype(np.int64)
            sizes = np.diff(offsets)[wanted]
            steps = np.arange(sizes.sum()) - repeated(np.cumsum(sizes) - sizes, sizes)
            found.append(vtk_to_numpy(part.GetConnectivityArray())[repeated(offsets[wanted], sizes) + steps])
        first += count
    return distinct(np.concatenate(found))


def _lists_of(data: Any) -> tuple[Any, ...]:
    """Return the lists of cells of polygonal data, in the order in which those are counted."""
    return data.GetVerts(), data.GetLines(), data.GetPolys(), data.GetStrips()


def _inside(renderer: Any, area: Area, places: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return which places of the world, (n, 3), are drawn in a rectangle."""
    matrix = renderer.GetActiveCamera().GetCompositeProjectionTransformMatrix(renderer.GetTiledAspectRatio(), -1, 1)
    rows = np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(4)])
    clip = np.column_stack([places, np.ones(len(places))]) @ rows.T
    width, height = renderer.GetSize()
    x, y = (clip[:, 0] / clip[:, 3] + 1) / 2 * width, (clip[:, 1] / clip[:, 3] + 1) / 2 * height
    left, bottom, right, top = area
    inside: npt.NDArray[np.bool_] = (left <= x) & (x <= right + 1) & (bottom <= y) & (y <= top + 1)
    return inside


def place_of(renderer: Any, x: int, y: int) -> Vector:
    """Return where in the world what a pixel shows is; what has been drawn last tells how far away."""
    renderer.SetDisplayPoint(x + 0.5, y + 0.5, renderer.GetZ(x, y))
    renderer.DisplayToWorld()
    wx, wy, wz, w = renderer.GetWorldPoint()
    return wx / w, wy / w, wz / w


def nearest_point(data: Any, cell: int, position: Vector) -> int:
    """Return the point of a cell of polygonal data that is nearest to a position.

    Of the data nothing is built for that.
    """
    for cells in _lists_of(data):
        count = cells.GetNumberOfCells()
        if cell < count:
            begin, end = vtk_to_numpy(cells.GetOffsetsArray())[cell : cell + 2]
            ids = vtk_to_numpy(cells.GetConnectivityArray())[begin:end]
            places = vtk_to_numpy(data.GetPoints().GetData())[ids].astype(np.float64)
            return int(ids[np.sum((places - position) ** 2, axis=1).argmin()])
        cell -= count
    raise ValueError(f"there is no cell {cell} after the last one")
