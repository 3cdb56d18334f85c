"""The middles of cells are the centers of what they fill, whichever corner is the first one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkMultiBlockDataSet, vtkPolyData

from apvserver.vtk.base.blocks import parts

from ..harness.apvdata import array, grid, image, made_of, numbers, places, with_cells
from .test_measures_of_cells import curved

PENTAGON = np.array([(0, 0, 1), (4, 0, 1), (5, 3, 1), (1, 2, 1), (-0.5, 1, 1)])
ELL = np.array([(0, 0, 0), (4, 0, 0), (4, 1, 0), (1, 1, 0), (1, 4, 0), (0, 4, 0)], float)
PYRAMID = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.5, 0.5, 4)])


def center_of(outline: Any) -> Any:
    """The center of a flat polygon in a plane of one z (formula of the shoelace)."""
    x, y = outline[:, 0], outline[:, 1]
    next_x, next_y = np.roll(x, -1), np.roll(y, -1)
    cross = x * next_y - next_x * y
    area = cross.sum() / 2
    return ((x + next_x) @ cross / (6 * area), (y + next_y) @ cross / (6 * area), outline[0, 2])


def surface(outline: Any) -> vtkPolyData:
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    points.SetDataType(11)
    for one in outline:
        points.InsertNextPoint(one)
    cells.InsertNextCell(len(outline), range(len(outline)))
    made.SetPoints(points)
    made.SetPolys(cells)
    return made


@pytest.mark.parametrize("far", [0.0, 4e6])
@pytest.mark.parametrize("first", range(6))
@pytest.mark.parametrize("outline", [PENTAGON, ELL], ids=["a pentagon", "an L"])
def test_a_polygon_has_one_middle_whichever_corner_is_first(outline: Any, first: int, far: float) -> None:
    turned = np.roll(outline, first, axis=0) + far
    want = np.array(center_of(outline)) + far
    for data in (grid(turned, (7, range(len(turned)))), surface(turned)):
        assert places(made_of("CellCenters", data)) == pytest.approx(want[None], abs=1e-8)
        noted = made_of("Coordinates", data, {"AppendCellCenters": True})
        assert numbers(noted, "CellCenters", "Cell") == pytest.approx(want[None], abs=1e-8)


def test_the_middle_of_a_pyramid_is_on_its_axis() -> None:
    found = places(made_of("CellCenters", grid(PYRAMID, (14, range(5)))))
    assert found == pytest.approx(np.array([[0.5, 0.5, 1.0]]))


def test_the_middle_of_a_straight_quadratic_pyramid_is_that_of_the_pyramid() -> None:
    own, _ = curved(27)
    corners = np.vstack([PYRAMID, [(PYRAMID[a] + PYRAMID[b]) / 2 for a, b in EDGES]])
    assert len(own) == len(corners)
    found = places(made_of("CellCenters", grid(corners, (27, range(13)))))
    assert found == pytest.approx(np.array([[0.5, 0.5, 1.0]]), abs=1e-6)


EDGES = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4), (2, 4), (3, 4)]


def test_middles_stay_with_the_values_of_their_cells_beside_others() -> None:
    points = np.vstack([PYRAMID + np.array([10, 0, 0]), ELL, (0, 0, 9), (2, 0, 9), (0, 2, 9)])
    data = grid(points, (5, (11, 12, 13)), (0, ()), (14, range(5)), (7, range(5, 11)), (1, (13,)))
    data.GetCellData().AddArray(array(np.array([0, 0, 32, 0, 0], np.uint8), "vtkGhostType"))
    with_cells(data, id=np.arange(5))
    found = made_of("CellCenters", data, {"VertexCells": True})
    assert numbers(found, "id").tolist() == [0, 2, 3, 4] and found.GetNumberOfCells() == 4
    want = [(2 / 3, 2 / 3, 9), (10.5, 0.5, 1), center_of(ELL), (0, 2, 9)]
    assert places(found) == pytest.approx(np.array(want), abs=1e-9)


def test_each_block_has_its_own_middles_and_images_keep_theirs() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, image(2, 2, 2))
    blocks.SetBlock(2, surface(ELL))
    one, other = parts(made_of("CellCenters", blocks))
    assert places(one).tolist() == [[0.5, 0.5, 0.5]]
    assert places(other) == pytest.approx(np.array([center_of(ELL)]))


def test_shapes_stand_in_the_middles() -> None:
    data = with_cells(grid(PYRAMID, (14, range(5))), size=np.array([1.0]))
    given = {"ScaleArray": ["CELLS", "size"], "GlyphMode": "All Points", "ScaleFactor": 0.1, "GlyphType": "Sphere"}
    found = places(made_of("Glyph", data, {name: value for name, value in given.items() if name != "GlyphType"}))
    assert found.mean(axis=0)[:2] == pytest.approx((0.5, 0.5), abs=0.05)
