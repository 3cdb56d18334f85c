"""Gradients of linear fields are exact in every kind of cell; where points are hidden there is none."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkUnstructuredGrid
from vtkmodules.vtkFiltersSources import vtkCellTypeSource

from ..harness.apvdata import grid, image, made_of, numbers, places, with_cells, with_points

SLOPE = np.array([3.0, 5.0, 7.0])
MATRIX = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 4.0], [2.0, 0.0, 1.0]])
"""The derivatives of the three components of v."""
EVERYTHING = {"ComputeDivergence": True, "ComputeVorticity": True, "ComputeQCriterion": True}


def cells_of(kind: int) -> Any:
    source = vtkCellTypeSource()
    source.SetCellType(kind)
    source.SetBlocksDimensions(2, 2, 2)
    source.SetOutputPrecision(1)
    source.Update()
    return source.GetOutput()


def polyhedra(count: int = 2) -> vtkUnstructuredGrid:
    """Cubes in a row as polyhedra, the last of which is skewed."""
    corners = [(x, y, z) for x in range(count + 1) for y, z in ((0, 0), (1, 0), (1, 1), (0, 1))]
    made = grid([(x + (0.4 * z if x == count else 0), y + 0.2 * x, z) for x, y, z in corners])
    for first in range(0, 4 * count, 4):
        sides = [[i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4] for i in range(4)]
        faces = [[3, 2, 1, 0], [4, 5, 6, 7], *sides]
        list_ = vtkIdList()
        for one in [len(faces), *(n for face in faces for n in (len(face), *(first + i for i in face)))]:
            list_.InsertNextId(one)
        made.InsertNextCell(model.VTK_POLYHEDRON, list_)
    return made


def with_fields(data: Any) -> Any:
    where = places(data)
    return with_points(data, f=where @ SLOPE, v=where @ MATRIX.T + 1)


def structured() -> Any:
    made, points = model.vtkStructuredGrid(), vtkPoints()
    made.SetDimensions(4, 3, 3)
    for where in places(image(4, 3, 3)):
        points.InsertNextPoint(where + 0.1 * where[::-1])
    made.SetPoints(points)
    return made


KINDS: dict[str, Callable[[], Any]] = {
    "image": lambda: image(4, 3, 3, spacing=(1, 2, 3)),
    "structured": structured,
    "polyhedra": polyhedra,
    **{f"type {kind}": functools.partial(cells_of, kind) for kind in (10, 11, 12, 13, 14, 24, 25, 29)},
}


@pytest.mark.parametrize("name", KINDS)
def test_a_linear_field_has_its_gradient_everywhere(name: str) -> None:
    data = with_fields(KINDS[name]())
    found = numbers(made_of("Gradient", data, {"ScalarArray": ("POINTS", "f")}), "Gradient")
    np.testing.assert_allclose(found, np.tile(SLOPE, (len(found), 1)), atol=1e-4)
    made = made_of("Gradient", data, {"ScalarArray": ("POINTS", "v"), **EVERYTHING})
    count = data.GetNumberOfPoints()
    np.testing.assert_allclose(numbers(made, "Gradient"), np.tile(MATRIX.ravel(), (count, 1)), atol=1e-4)
    np.testing.assert_allclose(numbers(made, "Divergence"), np.full(count, np.trace(MATRIX)), atol=1e-4)
    curl = [MATRIX[2, 1] - MATRIX[1, 2], MATRIX[0, 2] - MATRIX[2, 0], MATRIX[1, 0] - MATRIX[0, 1]]
    np.testing.assert_allclose(numbers(made, "Vorticity"), np.tile(curl, (count, 1)), atol=1e-4)
    q = -np.trace(MATRIX @ MATRIX) / 2
    np.testing.assert_allclose(numbers(made, "Q Criterion"), np.full(count, q), atol=1e-4)


def test_cell_arrays_of_polyhedra_have_their_gradient() -> None:
    """In a row of five cubes the one in the middle has a neighbour on each side."""
    data = polyhedra(5)
    with_cells(data, c=np.arange(5.0) * 2)
    made = made_of("Gradient", data, {"ScalarArray": ("CELLS", "c")})
    assert numbers(made, "Gradient", "Cell")[2] == pytest.approx([2.0, 0.0, 0.0])


def test_polyhedra_beside_other_cells_and_in_blocks() -> None:
    mixed = polyhedra(1)
    first = mixed.GetNumberOfPoints()
    points = mixed.GetPoints()
    for x, y, z in ((9.0, 0.0, 0.0), (10.0, 0.0, 0.0), (9.0, 1.0, 0.0), (9.0, 0.0, 1.0)):
        points.InsertNextPoint(x, y, z)
    mixed.InsertNextCell(model.VTK_TETRA, 4, range(first, first + 4))
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, with_fields(mixed))
    blocks.SetBlock(1, with_fields(image(3, 3, 3)))
    made = made_of("Gradient", blocks, {"ScalarArray": ("POINTS", "f")})
    for number in range(2):
        found = numbers(made.GetBlock(number), "Gradient")
        np.testing.assert_allclose(found, np.tile(SLOPE, (len(found), 1)), atol=1e-5)


def test_hidden_points_and_cells_have_no_gradient() -> None:
    """VTK leaves what is there in memory: that is no number of the data."""
    data = with_fields(image(6, 5, 4))
    for point in range(30):
        data.BlankPoint(point)
    found = numbers(made_of("Gradient", data, {"ScalarArray": ("POINTS", "f")}), "Gradient")
    assert np.isnan(found[:30]).all()
    np.testing.assert_allclose(found[30:], np.tile(SLOPE, (90, 1)), atol=1e-9)


@pytest.mark.parametrize("surface", [False, True])
def test_polygons_have_the_gradient_within_their_plane(surface: bool) -> None:
    """Half of a notched square and a hexagon, both of which lie in z = x / 2."""
    outlines = [(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)], [(8, 0), (9, 0), (10, 1), (9, 2), (8, 2), (7, 1)]
    flat = [(x, y, x / 2) for outline in outlines for x, y in outline]
    data: Any = grid(flat, (7, range(5)), (7, range(5, 11)))
    if surface:
        made, cells = model.vtkPolyData(), model.vtkCellArray()
        made.SetPoints(data.GetPoints())
        for ids in (range(5), range(5, 11)):
            cells.InsertNextCell(len(ids), ids)
        made.SetPolys(cells)
        data = made
    found = numbers(made_of("Gradient", with_fields(data), {"ScalarArray": ("POINTS", "f")}), "Gradient")
    normal = np.array([-0.5, 0, 1]) / np.sqrt(1.25)
    np.testing.assert_allclose(found, np.tile(SLOPE - (SLOPE @ normal) * normal, (11, 1)), atol=1e-9)
