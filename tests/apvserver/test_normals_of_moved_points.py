"""Where points were moved, the normals of before are normal to nothing: they are those of the result, or gone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkPolyDataNormals
from vtkmodules.vtkFiltersSources import vtkSphereSource

from ..harness.apvdata import array, made_of, numbers, places, with_points


def rough(*, inward: bool = False) -> Any:
    """A sphere with dents, and normals of its points and cells."""
    source, normals, made = vtkSphereSource(), vtkPolyDataNormals(), vtkPolyData()
    source.SetThetaResolution(14)
    source.SetPhiResolution(9)
    source.Update()
    made.CopyStructure(source.GetOutput())
    moved = places(made) * (1 + 0.2 * np.random.default_rng(5).random((made.GetNumberOfPoints(), 1)))
    made.GetPoints().SetData(array(moved, "Points"))
    normals.SetInputData(made)
    normals.ComputeCellNormalsOn()
    normals.SplittingOff()
    normals.Update()
    made = normals.GetOutput()
    for attributes in (made.GetPointData(), made.GetCellData()):
        if inward:
            attributes.SetNormals(array(-numbers_of(attributes), "Normals"))
    return with_points(made, s=np.arange(made.GetNumberOfPoints()) / 50.0, v=places(made)[:, [1, 2, 0]])


def numbers_of(attributes: Any) -> Any:
    return np.array(
        [attributes.GetNormals().GetTuple(index) for index in range(attributes.GetNormals().GetNumberOfTuples())]
    )


def by_hand(surface: Any) -> Any:
    """The normals of triangles by the cross product of their edges."""
    corners = np.array(
        [[surface.GetCell(i).GetPointId(k) for k in range(3)] for i in range(surface.GetNumberOfCells())]
    )
    first, second, third = (places(surface)[corners[:, k]] for k in range(3))
    found = np.cross(second - first, third - first)
    return found / np.linalg.norm(found, axis=1)[:, None]


@pytest.mark.parametrize("inward", [False, True])
@pytest.mark.parametrize("type_name", ["Smooth", "WindowedSincSmooth"])
def test_of_what_is_smoothed_they_are_those_of_the_result(type_name: str, inward: bool) -> None:
    before = rough(inward=inward)
    found = made_of(type_name, before)
    expected = by_hand(found) * (-1 if inward else 1)
    np.testing.assert_allclose(numbers(found, "Normals", "Cell"), expected, atol=1e-5)
    assert np.abs(numbers(before, "Normals", "Cell") - expected).max() > 0.1, "they were others before"
    assert found.GetCellData().GetNormals() is not None
    of_points = numbers(found, "Normals")
    np.testing.assert_allclose(np.linalg.norm(of_points, axis=1), 1, atol=1e-5)
    around = [
        np.flatnonzero([found.GetCell(c).GetPointIds().IsId(p) >= 0 for c in range(len(expected))]) for p in (0, 20)
    ]
    for point, cells in zip((0, 20), around, strict=True):
        mean = expected[cells].mean(axis=0)
        assert of_points[point] @ mean / np.linalg.norm(mean) > 0.98


@pytest.mark.parametrize("type_name", ["AnimateModes", "WarpByScalar", "WarpByVector"])
@pytest.mark.parametrize("is_marked", [True, False])
def test_of_what_is_warped_there_are_none(type_name: str, is_marked: bool) -> None:
    data = rough()
    if not is_marked:
        for attributes in (data.GetPointData(), data.GetCellData()):
            attributes.SetActiveAttribute(-1, 2)
    found = made_of(type_name, data)
    names = {
        attributes.GetArrayName(index)
        for attributes in (found.GetPointData(), found.GetCellData())
        for index in range(attributes.GetNumberOfArrays())
    }
    assert "Normals" not in names and {"s", "v"} <= names


def test_a_surface_without_normals_gets_none() -> None:
    found = made_of("Smooth", bare())
    assert found.GetPointData().GetNumberOfArrays() == found.GetCellData().GetNumberOfArrays() == 0


def bare() -> Any:
    made = vtkPolyData()
    made.CopyStructure(rough())
    return made
