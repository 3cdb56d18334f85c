"""Pieces of grids and polygonal data, put together to the whole: of ranks, and of a program's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import VTK_POLYHEDRON, vtkUnstructuredGrid

from apvserver.vtk.base.errors import VtkError
from apvserver.vtk.pipeline.pieces.merging import merged
from apvserver.vtk.pipeline.ranks.held import Held
from apvserver.vtk.pipeline.ranks.joining import joined

_FACES = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
_CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)


def polyhedron(left: float) -> Any:
    """A cube of six faces whose left is there, as one polyhedron, with arrays of points and cells."""
    data, points = vtkUnstructuredGrid(), vtkPoints()
    points.SetDataTypeToDouble()
    for z in (0.0, 1.0):
        for x, y in _CORNERS:
            points.InsertNextPoint(left + x, y, z)
    data.SetPoints(points)
    faces = vtkIdList()
    for number in (len(_FACES), *(one for face in _FACES for one in (len(face), *face))):
        faces.InsertNextId(number)
    data.InsertNextCell(VTK_POLYHEDRON, faces)
    for attributes, names, count in ((data.GetPointData(), "ab", 8), (data.GetCellData(), "c", 1)):
        for name in names:
            array = numpy_to_vtk(left + np.arange(float(count)), deep=True)
            array.SetName(name)
            attributes.AddArray(array)
    data.GetPointData().SetActiveScalars("b")
    return data


def of_ranks(pieces: list[Any]) -> Any:
    return joined([Held(one) for one in pieces])


def of_one_process(pieces: list[Any]) -> Any:
    return merged(pieces, points_once=True)


WAYS = pytest.mark.parametrize("put_together", [of_ranks, of_one_process])


@WAYS
def test_polyhedra_keep_their_faces_and_have_points_in_common_once(put_together: Callable[[list[Any]], Any]) -> None:
    whole = put_together([polyhedron(0.0), polyhedron(1.0)])
    assert (whole.GetNumberOfCells(), whole.GetNumberOfPoints()) == (2, 12)
    places = vtk_to_numpy(whole.GetPoints().GetData())
    for number in range(2):
        cell = whole.GetCell(number)
        assert cell.GetNumberOfFaces() == 6
        for face, corners in enumerate(_FACES):
            ids = cell.GetFace(face).GetPointIds()
            expected = [(number + x, y, z) for x, y, z in _places(corners)]
            assert sorted(map(tuple, places[[ids.GetId(one) for one in range(4)]])) == sorted(expected)
    assert vtk_to_numpy(whole.GetCellData().GetArray("c")).tolist() == [0.0, 1.0]


def _places(corners: list[int]) -> list[tuple[float, float, float]]:
    return [(*_CORNERS[one % 4].tolist(), float(one // 4)) for one in corners]


@WAYS
def test_arrays_stand_and_are_marked_as_the_first_piece_has_them(put_together: Callable[[list[Any]], Any]) -> None:
    whole = put_together([polyhedron(0.0), polyhedron(1.0)])
    attributes = whole.GetPointData()
    assert [attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays())] == ["a", "b"]
    assert attributes.GetScalars().GetName() == "b"
    assert vtk_to_numpy(attributes.GetArray("a")).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 2, 3, 6, 7]


@WAYS
def test_arrays_of_one_name_and_several_types_are_not_put_together(put_together: Callable[[list[Any]], Any]) -> None:
    other = polyhedron(1.0)
    array = numpy_to_vtk(np.arange(8), deep=True)
    array.SetName("a")
    other.GetPointData().AddArray(array)
    with pytest.raises(VtkError, match="several types, and are not put together: point a"):
        put_together([polyhedron(0.0), other])
