"""Levels of detail of what is slow to draw: coarser surfaces, and every so manieth point."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import VTK_BIT, VTK_LONG_LONG, vtkDataArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkBinnedDecimation

from ..base.array_types import as_numpy, copied, put_in_place, repeated, retyped

TRIANGLES: Final = 100_000
"""Surfaces of more cells get a coarser one."""
POINTS: Final = 200_000
"""Clouds of more points get a thinner one of about so many."""
_CORNERS: Final = 3
_DIVISIONS: Final = 64
"""Of the longest side of its box: a coarse surface differs by less than a pixel or two in most pictures."""


def reduced_surface(surface: Any) -> Any | None:
    """Return a surface of the same look with a small part of the triangles and the same arrays, or None."""
    if surface.GetNumberOfCells() <= TRIANGLES or not surface.GetNumberOfPolys() + surface.GetNumberOfStrips():
        return None
    decimate = vtkBinnedDecimation()
    decimate.SetInputData(triangulated(surface))
    decimate.SetNumberOfDivisions(*_divisions(surface.GetBounds()))
    decimate.AutoAdjustNumberOfDivisionsOff()
    decimate.ProducePointDataOn()
    decimate.ProduceCellDataOn()
    decimate.Update()
    made = vtkPolyData()
    made.ShallowCopy(decimate.GetOutput())
    for attributes, before in (
        (made.GetPointData(), surface.GetPointData()),
        (made.GetCellData(), surface.GetCellData()),
    ):
        _give_back_types(attributes, before)
    made.GetPointData().SetNormals(None)  # they are those of single points, and would spot the surface
    return made if 0 < made.GetNumberOfCells() < surface.GetNumberOfCells() / 2 else None


def triangulated(surface: Any) -> Any:
    """Return a surface of triangles alone, as VTK 9.7 decimates: of others, quadrilaterals too, it makes nothing.

    A polygon becomes a fan around its first point, a strip its triangles; points are shared, cells' arrays repeated.
    """
    polygons, strips = surface.GetPolys(), surface.GetStrips()
    if not strips.GetNumberOfCells() and _size_of_all(polygons) == _CORNERS:
        return surface
    made = vtkPolyData()
    made.SetPoints(surface.GetPoints())
    made.GetPointData().ShallowCopy(surface.GetPointData())
    of_fans, of_folds = _triangles_in(polygons), _triangles_in(strips)
    corners = vtkDataArray.CreateDataArray((polygons if len(of_fans) else strips).GetConnectivityArray().GetDataType())
    corners.SetNumberOfValues(_CORNERS * int(of_fans.sum() + of_folds.sum()))
    if corners.GetNumberOfValues():
        places = vtk_to_numpy(corners).reshape(-1, _CORNERS)  # its own memory: there may be gigabytes of them
        _put_fans(polygons, of_fans, places[: of_fans.sum()])
        _put_folds(strips, of_folds, places[of_fans.sum() :])
    cells = vtkCellArray()
    cells.SetData(_CORNERS, corners)
    made.SetPolys(cells)
    arrays = [surface.GetCellData().GetArray(index) for index in range(surface.GetCellData().GetNumberOfArrays())]
    if any(array is not None for array in arrays):
        before = surface.GetNumberOfVerts() + surface.GetNumberOfLines()
        counts = np.concatenate([of_fans, of_folds])
        from_cells = before + repeated(np.arange(len(counts)), counts)
        for array in arrays:
            if array is not None:
                made.GetCellData().AddArray(_rows(array, from_cells))
    return made


def _triangles_in(cells: Any) -> Any:
    """Return how many triangles each cell has."""
    return np.maximum(np.diff(_ids_and_offsets(cells)[1]) - 2, 0)


def _size_of_all(cells: Any) -> int:
    """Return how many points each cell has, 0 without cells or if they differ; VTK keeps Python's lock to see that."""
    sizes = np.diff(_ids_and_offsets(cells)[1])
    return int(sizes[0]) if len(sizes) and (sizes == sizes[0]).all() else 0


def _put_fans(polygons: Any, counts: Any, corners: Any) -> None:
    """Put the triangles of polygons into an array (n, 3)."""
    ids, offsets = _ids_and_offsets(polygons)
    size = _size_of_all(polygons)
    if size >= _CORNERS:
        cells, fans = ids.reshape(-1, size), corners.reshape(-1, size - 2, _CORNERS)
        fans[..., 0], fans[..., 1], fans[..., 2] = cells[:, :1], cells[:, 1:-1], cells[:, 2:]
        return
    first, step = _numbered(offsets, counts)
    corners[:, 0], corners[:, 1], corners[:, 2] = ids[first], ids[first + step + 1], ids[first + step + 2]


def _put_folds(strips: Any, counts: Any, corners: Any) -> None:
    """Put the triangles of strips, all turned alike, into an array (n, 3)."""
    ids, offsets = _ids_and_offsets(strips)
    first, step = _numbered(offsets, counts)
    at, odd = first + step, step % 2
    corners[:, 0], corners[:, 1], corners[:, 2] = ids[at], ids[at + 1 + odd], ids[at + 2 - odd]


def _numbered(offsets: Any, counts: Any) -> tuple[Any, Any]:
    """Return of each triangle where its cell begins, and its number in it."""
    first = repeated(offsets[:-1], counts)
    return first, np.arange(len(first)) - repeated(np.cumsum(counts) - counts, counts)


def _ids_and_offsets(cells: Any) -> tuple[Any, Any]:
    if not cells.GetNumberOfCells():
        return np.zeros(0, np.longlong), np.zeros(1, np.longlong)
    return as_numpy(cells.GetConnectivityArray()), as_numpy(cells.GetOffsetsArray())


def _give_back_types(attributes: Any, before: Any) -> None:
    """Give back types, where VTK 9.7 makes floats of all arrays: bytes that are colors would be white."""
    for index in range(attributes.GetNumberOfArrays()):
        array = attributes.GetArray(index)
        original = None if array is None else before.GetArray(array.GetName())
        if original is not None and original.GetDataType() not in (array.GetDataType(), VTK_BIT):
            put_in_place(attributes, index, retyped(array, original.GetDataType()))


def reduced_points(points: Any) -> Any | None:
    """Return some of the points, evenly by number, with their arrays, as vertices; None if there are few."""
    count = points.GetNumberOfPoints()
    if count <= POINTS:
        return None
    return every(points, -(-count // POINTS))


def every(points: Any, stride: int) -> Any:
    """Return every `stride`-th point with its arrays, as vertices of a new vtkPolyData."""
    chosen = np.arange(0, points.GetNumberOfPoints(), stride)
    made = vtkPolyData()
    made.SetPoints(_taken(points, chosen))
    made.SetVerts(vertices(len(chosen)))
    for index in range(points.GetPointData().GetNumberOfArrays()):
        array = points.GetPointData().GetArray(index)
        if array is not None:
            made.GetPointData().AddArray(_rows(array, chosen))
    return made


def vertices(count: int) -> Any:
    """Return a vertex cell for each of so many points."""
    cells = vtkCellArray()
    cells.SetData(_ids(np.arange(count + 1)), _ids(np.arange(count)))
    return cells


def _divisions(bounds: Any) -> tuple[int, int, int]:
    sides = np.subtract(bounds[1::2], bounds[::2])
    x, y, z = np.maximum(1, np.ceil(_DIVISIONS * sides / (sides.max() or 1.0))).astype(int).tolist()
    return x, y, z


def _taken(points: Any, chosen: Any) -> Any:
    made = points.GetPoints().NewInstance()
    made.SetData(_rows(points.GetPoints().GetData(), chosen))
    return made


def _rows(array: Any, chosen: Any) -> Any:
    kind = None if array.GetDataType() == VTK_BIT else array.GetDataType()
    made = copied(np.ascontiguousarray(as_numpy(array)[chosen]), array_type=kind)
    made.SetName(array.GetName())
    return made


def _ids(values: Any) -> Any:
    return copied(values.astype(np.longlong), array_type=VTK_LONG_LONG)
