"""Connectivity: what is kept has the points of its cells, and no more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData

from apvserver.vtk.base.blocks import leaves
from apvserver.vtk.base.errors import VtkError

from ..harness.apvdata import grid, made_of, numbers, places, with_cells, with_points
from ..harness.sweep_kinds import multiblock
from .test_measures_of_cells import CUBE, polyhedron

PLACES = [(i, j, 0) for i in range(6) for j in range(2)]
SQUARES = [(8, 10, 11, 9), (0, 2, 3, 1), (2, 4, 5, 3)]
"""One far away, and two side by side."""


def surface() -> vtkPolyData:
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    for one in PLACES:
        points.InsertNextPoint(one)
    for corners in SQUARES:
        cells.InsertNextCell(4, corners)
    made.SetPoints(points)
    made.SetPolys(cells)
    return made


@pytest.mark.parametrize("kind", ["grid", "surface"])
@pytest.mark.parametrize(("mode", "kept"), [("Extract Largest Region", [1, 2]), ("Extract Closest Point Region", [0])])
def test_points_of_other_regions_are_left_out(kind: str, mode: str, kept: list[int]) -> None:
    data: Any = surface() if kind == "surface" else grid(PLACES, *((9, one) for one in SQUARES))
    with_cells(with_points(data, id=np.arange(12)), id=np.arange(3))
    found = made_of("Connectivity", data, {"ExtractionMode": mode, "ClosestPoint": [5.0, 0.0, 0.0]})
    assert found.GetClassName() == data.GetClassName()
    assert numbers(found, "id", "Cell").tolist() == kept
    ids = numbers(found, "id")
    assert sorted(ids) == sorted({corner for one in kept for corner in SQUARES[one]})
    assert (places(found) == np.array(PLACES)[ids]).all()
    for index, one in enumerate(kept):
        cell = found.GetCell(index)
        assert [ids[cell.GetPointId(corner)] for corner in range(4)] == list(SQUARES[one])
    assert len(set(numbers(found, "RegionId").tolist())) == 1


def test_all_regions_keep_all_points() -> None:
    found = made_of("Connectivity", grid([*PLACES, (9, 9, 9)], *((9, one) for one in SQUARES)))
    assert found.GetNumberOfCells() == 3 and sorted(set(numbers(found, "RegionId", "Cell"))) == [0, 1]


def test_polyhedra_keep_their_faces() -> None:
    one = polyhedron(CUBE, [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]])
    for place in [(9, 9, 9), (9, 9, 8), (9, 8, 9), (8, 9, 9)]:
        one.GetPoints().InsertNextPoint(place)
    one.InsertNextCell(10, 4, [8, 9, 10, 11])
    found = made_of("Connectivity", one, {"ExtractionMode": "Extract Closest Point Region", "ClosestPoint": [0, 0, 0]})
    assert found.GetNumberOfPoints() == 8 and found.GetNumberOfCells() == 1
    assert numbers(made_of("CellSize", found), "Volume", "Cell").tolist() == pytest.approx([1])


def _of_blocks(mode: str, *blocks: Any) -> list[Any]:
    given = {"ExtractionMode": mode, "ClosestPoint": [5.0, 0.0, 0.0], "RegionIdAssignmentMode": "Cell Count Descending"}
    return list(leaves(made_of("Connectivity", multiblock(*blocks), given)))


@pytest.mark.parametrize("mode", ["Extract All Regions", "Extract Largest Region", "Extract Closest Point Region"])
def test_each_block_has_the_regions_of_its_own(mode: str) -> None:
    """VTK gives all blocks the arrays of the last one."""
    apart = grid(PLACES, *((9, one) for one in SQUARES))
    near = grid(PLACES, *((9, one) for one in (SQUARES[1], SQUARES[2], (4, 6, 7, 5))))
    larger = with_points(grid([*PLACES, (9, 9, 9)], *((9, one) for one in SQUARES), (1, [12])), f=np.arange(13))
    alone = [_of_blocks(mode, one)[0] for one in (apart, near, surface(), larger)]
    for order in ([0, 1, 2, 3], [3, 1, 0], [1, 0]):
        found = _of_blocks(mode, *[(apart, near, surface(), larger)[index] for index in order])
        assert len(found) == len(order)
        for one, index in zip(found, order, strict=True):
            assert one.GetClassName() == alone[index].GetClassName()
            np.testing.assert_array_equal(places(one), places(alone[index]))
            for association in ("Point", "Cell"):
                ids = numbers(one, "RegionId", association)
                np.testing.assert_array_equal(ids, numbers(alone[index], "RegionId", association))
    if mode == "Extract All Regions":
        found = [numbers(one, "RegionId", "Cell").tolist() for one in alone[:3]]
        assert found == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]


def test_arrays_of_the_last_block_are_refused_where_nothing_mends_them() -> None:
    hexahedra, other = (grid([*CUBE, (9, 9, 9 + one)], (12, range(8))) for one in range(2))
    with_cells(hexahedra, region=np.array([1])), with_cells(other, region=np.array([2]))
    assert made_of("ExtractRegionSurface", multiblock(None, hexahedra)).GetClassName() == "vtkMultiBlockDataSet"
    with pytest.raises(VtkError, match=r"arrays of the last.*MergeBlocks"):
        made_of("ExtractRegionSurface", multiblock(hexahedra, other))


def test_measures_of_cells_refuse_blocks_in_which_there_is_nothing() -> None:
    with pytest.raises(VtkError, match="a block of it, is empty"):
        made_of("CellQuality", multiblock(surface(), vtkPolyData()))
