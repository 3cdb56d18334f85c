"""Levels of detail of what is slow to draw: coarser surfaces, and every so manieth point."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import VTK_BIT, VTK_LONG_LONG
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkBinnedDecimation

from ..base.array_types import as_numpy, put_in_place, retyped

TRIANGLES: Final = 100_000
"""Surfaces of more cells get a coarser one."""
POINTS: Final = 200_000
"""Clouds of more points get a thinner one of about so many."""
_DIVISIONS: Final = 64
"""Of the longest side of its box: a coarse surface differs by less than a pixel or two in most pictures."""


def reduced_surface(surface: Any) -> Any | None:
    """Return a surface of the same look with a small part of the triangles and the same arrays, or None."""
    if surface.GetNumberOfCells() <= TRIANGLES or not surface.GetNumberOfPolys() + surface.GetNumberOfStrips():
        return None
    decimate = vtkBinnedDecimation()
    decimate.SetInputData(surface)
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
    made = numpy_to_vtk(np.ascontiguousarray(as_numpy(array)[chosen]), deep=True, array_type=kind)
    made.SetName(array.GetName())
    return made


def _ids(values: Any) -> Any:
    return numpy_to_vtk(values.astype(np.longlong), deep=True, array_type=VTK_LONG_LONG)
