"""An algorithm of our own: the triangles of polygons, each with the values of its cell, also where there are lines."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkIdList
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkFiltersCore import vtkTriangleFilter

from ...base.array_types import copied
from ...types.own_properties import OwnProperties, switch

_TRIANGLE: Final = 3
_NUMBER: Final = "number"


class PolygonTriangles(OwnProperties, VTKPythonAlgorithmBase):
    """PolygonTriangles - Divides polygons and strips into triangles, and lines into segments.

    VTK 9.7.2's vtkTriangleFilter gives values of other cells, and what stands in the memory, where there are vertices
    or lines beside triangles. Here it gets polygons and strips alone; the others are divided beside it.
    """

    PROPERTIES: ClassVar = (
        switch("PassLines", True, "Whether lines stay, as segments."),
        switch("PassVerts", True, "Whether single points stay."),
    )

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, nOutputPorts=1, inputType="vtkPolyData")

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make vertices, then segments, then triangles, each with the values of the cell that it is of."""
        data, output = vtkPolyData.GetData(inInfo[0]), vtkPolyData.GetData(outInfo)
        output.SetPoints(data.GetPoints())
        output.GetPointData().ShallowCopy(data.GetPointData())
        output.GetFieldData().ShallowCopy(data.GetFieldData())
        counts = (data.GetNumberOfVerts(), data.GetNumberOfLines(), data.GetNumberOfPolys())
        first_poly, first_strip = sum(counts[:2]), sum(counts)
        parents = []
        if self.value_of("PassVerts") and counts[0]:
            verts, of = _divided(data.GetVerts(), 1)
            output.SetVerts(verts)
            parents.append(of)
        if self.value_of("PassLines") and counts[1]:
            lines, of = _divided(data.GetLines(), 2)
            output.SetLines(lines)
            parents.append(of + counts[0])
        polys, of_polys = _triangles(data, data.GetPolys(), None)
        strips, of_strips = _triangles(data, None, data.GetStrips())
        if strips is not None:
            polys = _joined(polys, strips)
        if polys is not None:
            output.SetPolys(polys)
        parents += [of_polys + first_poly, of_strips + first_strip]
        rows = np.concatenate(parents)
        if len(rows) == data.GetNumberOfCells() and (np.diff(rows) == 1).all():
            output.GetCellData().ShallowCopy(data.GetCellData())
        else:
            _take_rows(data.GetCellData(), rows, output.GetCellData())
        return 1


def _triangles(data: Any, polys: Any, strips: Any) -> tuple[Any, Any]:
    """Return the triangles of polygons or of strips, each alone, and of which of those each is."""
    cells = polys if polys is not None else strips
    count = cells.GetNumberOfCells() if cells is not None else 0
    if not count:
        return None, np.zeros(0, np.longlong)
    if polys is not None and cells.IsHomogeneous() == _TRIANGLE:
        return cells, np.arange(count)
    alone, numbers = vtkPolyData(), copied(np.arange(count, dtype=np.longlong))
    numbers.SetName(_NUMBER)
    alone.SetPoints(data.GetPoints())
    (alone.SetPolys if polys is not None else alone.SetStrips)(cells)
    alone.GetCellData().AddArray(numbers)
    divided = vtkTriangleFilter()
    divided.SetInputData(alone)
    divided.Update()
    made = divided.GetOutput()
    return made.GetPolys(), vtk_to_numpy(made.GetCellData().GetArray(_NUMBER)).astype(np.longlong)


def _joined(polys: Any, strips: Any) -> Any:
    made = vtkCellArray()
    for one in (polys, strips):
        if one is not None:
            made.Append(one, 0)
    return made


def _divided(cells: Any, size: int) -> tuple[Any, Any]:
    """Return vertices of one point, or segments of two, and of which cell each is."""
    offsets, ids = (
        vtk_to_numpy(one).astype(np.longlong) for one in (cells.GetOffsetsArray(), cells.GetConnectivityArray())
    )
    begins = np.ones(len(ids), bool)
    if size > 1:
        begins[offsets[1:][np.diff(offsets) > 0] - 1] = False  # the last point of a line begins no segment
    begin = np.flatnonzero(begins)
    found = np.stack([ids[begin + step] for step in range(size)], axis=1).ravel()
    made = vtkCellArray()
    ends = np.arange(0, len(found) + 1, size, dtype=np.longlong)
    made.SetData(copied(ends), copied(found))
    return made, np.searchsorted(offsets, begin, side="right") - 1


def _take_rows(source: Any, rows: Any, target: Any) -> None:
    for index in range(source.GetNumberOfArrays()):
        array = source.GetAbstractArray(index)
        taken = _like(array, len(rows))
        _copy_rows(array, rows, taken)
        target.AddArray(taken)
        kind = source.IsArrayAnAttribute(index)
        if kind >= 0 and array.GetName():
            target.SetActiveAttribute(array.GetName(), kind)


def _like(array: Any, count: int) -> Any:
    made = array.NewInstance()
    made.SetName(array.GetName())
    made.SetNumberOfComponents(array.GetNumberOfComponents())
    made.SetNumberOfTuples(count)
    return made


def _copy_rows(source: Any, rows: Any, target: Any) -> None:
    if source.IsA("vtkDataArray") and source.HasStandardMemoryLayout() and source.GetDataTypeAsString() != "bit":
        if len(rows):
            vtk_to_numpy(target)[:] = vtk_to_numpy(source)[rows]
        return
    taken, placed = vtkIdList(), vtkIdList()
    for number, row in enumerate(rows.tolist()):
        taken.InsertNextId(row)
        placed.InsertNextId(number)
    target.InsertTuples(placed, taken, source)
