"""What VTK's filters leave out or round without a word is told, and what they give wrong values to is refused.

The right values are those of the input: k is 100 of vertices, 200 of lines, 0 ... 3 of triangles.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.types.toml_definitions import composition

from ..harness.apvdata import executed, grid, image, made_of, numbers, over, with_cells, with_points

LARGE = 2**53 + 1


def surface(*, mixed: bool) -> Any:
    """Four triangles around a point; if mixed, two vertices and a line beside them."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0.5]], float)
    data = vtkPolyData()
    data.SetPoints(grid(corners).GetPoints())
    lists = {"Polys": [[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 1]]}
    if mixed:
        lists |= {"Verts": [[1], [2]], "Lines": [[1, 3]]}
    for name, cells in lists.items():
        made = vtkCellArray()
        for ids in cells:
            made.InsertNextCell(len(ids), ids)
        getattr(data, f"Set{name}")(made)
    return with_points(data, big=LARGE + 2 * np.arange(5), i=np.arange(5, dtype="i4"), f=np.arange(5.0))


def told_of(type_name: str, data: Any, **properties: Any) -> tuple[Any, list[str]]:
    told: list[Message] = []
    pipeline = over(data)
    inputs = [one.name for one in composition(type_name).definition.inputs]
    pipeline.create(2, type_name, properties, {name: [(1, 0)] for name in inputs})
    return executed(pipeline, 2, told=told), [one.text for one in told]


@pytest.mark.parametrize(
    "type_name",
    ["Decimate", "QuadricDecimation", "BinnedDecimation", "DensifyPolyData", "TriangularTCoords"],
)
def test_lines_and_vertices_that_are_left_out_are_told(type_name: str) -> None:
    data = surface(mixed=True)
    data.GetPointData().RemoveArray("big")
    found, told = told_of(type_name, data)
    assert [one for one in told if one.endswith("1 lines and 2 vertices beside polygons are left out")]
    assert not found.GetNumberOfLines() and not found.GetNumberOfVerts()
    assert not [one for one in told_of(type_name, surface(mixed=False))[1] if "left out" in one]


@pytest.mark.parametrize(
    "type_name", ["BoundaryMeshQuality", "StaticCleanPolyData", "vtkExtractEdges", "GeometryFilter"]
)
def test_large_integers_that_are_rounded_are_told(type_name: str) -> None:
    data = surface(mixed=False)
    if type_name == "BoundaryMeshQuality":
        data = grid(np.eye(4, 3, -1), (10, (0, 1, 2, 3)))
        with_points(data, big=LARGE + 2 * np.arange(4))
    _, told = told_of(type_name, data)
    assert [one for one in told if "big: integers beyond 2**53 are rounded here" in one]
    data.GetPointData().GetArray("big").Fill(2**53)
    assert told_of(type_name, data)[1] == []


@pytest.mark.parametrize("type_name", ["AdaptiveSubdivisionFilter", "DensifyPolyData", "ImprintFilter", "Ribbon"])
def test_values_of_other_cells_are_refused(type_name: str) -> None:
    with pytest.raises(ExecutionFailed, match="give those the values of others; ExtractCellsByType"):
        told_of(type_name, with_cells(surface(mixed=True), k=np.array([100.0, 100, 200, 0, 1, 2, 3])))


def test_alone_they_are_right() -> None:
    found, _ = told_of("DensifyPolyData", with_cells(surface(mixed=False), k=np.arange(4.0)))
    middles = np.array([np.mean([found.GetCell(at).GetPoints().GetPoint(i) for i in range(3)], 0) for at in range(12)])
    quarters = np.degrees(np.arctan2(middles[:, 1], middles[:, 0])) % 360 // 90
    np.testing.assert_array_equal(numbers(found, "k", "Cell"), quarters)


def test_integers_between_points_have_fractions() -> None:
    found, _ = told_of("DensifyPolyData", surface(mixed=False))
    np.testing.assert_array_equal(numbers(found, "i"), numbers(found, "f"))
    assert (numbers(found, "f") % 1).any()


@pytest.mark.parametrize("type_name", ["PResampleFilter", "PResampleToImage", "mAverageToCells"])
def test_integers_of_images_have_fractions_beside_doubles(type_name: str) -> None:
    data = with_points(image(4, 4, 4), i=np.arange(64, dtype="i4") * 7 % 5, f=np.arange(64) * 7 % 5 * 1.0)
    found, _ = told_of(type_name, data)
    kind = "Cell" if type_name == "mAverageToCells" else "Point"
    np.testing.assert_allclose(numbers(found, "i", kind), numbers(found, "f", kind), rtol=1e-6)


@pytest.mark.parametrize("type_name", ["ImageDataGeometryFilter", "ImageAppend", "ImageFlip"])
def test_arrays_of_cells_that_would_be_wrong_are_refused(type_name: str) -> None:
    data = with_points(image(3, 3, 3), p=np.arange(27.0))
    data.GetPointData().SetActiveScalars("p")
    assert made_of(type_name, data).GetNumberOfPoints() == 27
    with pytest.raises(ExecutionFailed, match="the image has arrays of cells"):
        made_of(type_name, with_cells(data, c=np.arange(8.0)))
