"""Cells of several dimensions in one data set, vertices beside triangles, say: seen here, and led around what VTK does.

VTK 9.7.2 gives what a plane cuts out of them (vtkCutter) values of cells that stand in the memory, and takes types of
cells from there where it makes an unstructured grid of polygonal data (vtkThreshold, vtkExtractCells and others).
Through any other function it cuts them well, and unstructured grids stay what they are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkCellTypeUtilities, vtkImplicitBoolean, vtkUnstructuredGrid

from ..base.array_types import copied, repeated
from ..base.blocks import parts
from .own_algorithms import warn

_LED_AROUND: Final = "a plane that cuts cells of several dimensions"
"""The name of functions that stand for a plane here."""
_KINDS: Final = {"Verts": (2, 1, 2), "Lines": (4, 4, 3, 4), "Polys": (7, 7, 7, 5, 9, 7), "Strips": (6,)}
"""The types of cells by the lists of polygonal data, in its order, and by the number of points; the last for more."""


def has_several_dimensions(part: Any) -> bool:
    """Return whether a data set has cells of several dimensions: points, lines, surfaces, volumes."""
    if part.IsA("vtkPolyData"):
        counts = part.GetNumberOfVerts(), part.GetNumberOfLines(), part.GetNumberOfPolys() + part.GetNumberOfStrips()
        return sum(map(bool, counts)) > 1
    if not part.IsA("vtkUnstructuredGrid"):
        return False
    kinds = part.GetDistinctCellTypesArray()
    found = () if kinds is None else map(kinds.GetValue, range(kinds.GetNumberOfValues()))
    return len({vtkCellTypeUtilities.GetDimension(int(kind)) for kind in found if int(kind)}) > 1


def as_unstructured_grid(surface: Any) -> Any:
    """Return the points and cells of polygonal data, in their order, as an unstructured grid without arrays."""
    made, cells, types = vtkUnstructuredGrid(), vtkCellArray(), []
    for name, kinds in _KINDS.items():
        some = getattr(surface, f"Get{name}")()
        if some is not None and some.GetNumberOfCells():
            cells.Append(some, 0)
            sizes = np.diff(vtk_to_numpy(some.GetOffsetsArray()))
            types.append(np.array(kinds, np.uint8)[np.minimum(sizes, len(kinds) - 1)])
    made.SetPoints(surface.GetPoints())
    if types:
        made.SetCells(copied(np.concatenate(types)), cells)
    return made


def lead_around(cutter: Any) -> None:
    """Have a vtkCutter, whose input is up to date, cut by a function with the values of its plane, if that matters."""
    data, function = cutter.GetInputDataObject(0, 0), cutter.GetCutFunction()
    if data is None or function is None:
        return
    led = function.GetObjectName() == _LED_AROUND
    plane = function.GetFunction().GetItemAsObject(0) if led else function
    if plane.IsA("vtkPlane") and any(map(has_several_dimensions, parts(data))):
        if not led:
            around = vtkImplicitBoolean()
            around.SetObjectName(_LED_AROUND)
            around.AddFunction(plane)
            cutter.SetCutFunction(around)
        _tell_vertices(cutter, plane, data)
    elif led:
        cutter.SetCutFunction(plane)


def _tell_vertices(cutter: Any, plane: Any, data: Any) -> None:
    """Tell of vertices that lie just where it is cut: that way VTK leaves them out."""
    cuts = [cutter.GetValue(index) for index in range(cutter.GetNumberOfContours())]
    count = 0
    for part in filter(has_several_dimensions, parts(data)):
        points, values = _vertices(part), vtkDoubleArray()
        if len(points):
            places = vtk_to_numpy(part.GetPoints().GetData())[points].astype(np.float64)
            values.SetNumberOfTuples(len(points))
            plane.EvaluateFunction(copied(places), values)
            count += int(np.isin(vtk_to_numpy(values), cuts).sum())
    if count:
        warn(f"{count} vertices among other cells lie just where it is cut, and are left out")


def _vertices(part: Any) -> Any:
    """Return the ids of the points of vertices."""
    grid = as_unstructured_grid(part) if part.IsA("vtkPolyData") else part
    sizes, kinds = np.diff(vtk_to_numpy(grid.GetCells().GetOffsetsArray())), vtk_to_numpy(grid.GetCellTypes())
    return vtk_to_numpy(grid.GetCells().GetConnectivityArray())[repeated(np.isin(kinds, (1, 2)), sizes)]
