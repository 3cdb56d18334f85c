"""Polyhedra of any number: a face that uses a point of another cell is found wherever it is."""

from __future__ import annotations

import random
from itertools import chain
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkUnstructuredGrid

from async_paraview.datasets import DataSetError, check_structure
from async_paraview.datasets.checking import polyhedra

SIDES = np.array([[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]])
POINTS = 20_000
Cells = list[list[int]]


def array_of(rows: Cells, kind: Any) -> vtkCellArray:
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(kind)
    made = vtkCellArray()
    assert made.SetData(
        numpy_to_vtk(offsets, deep=True), numpy_to_vtk(np.array([*chain(*rows)], dtype=kind), deep=True)
    )
    return made


def grid(cells: Cells, faces_of_cells: Cells, faces: Cells, *, kind: Any = np.int64) -> Any:
    """Polyhedra of these points, of these faces, of these points; cells without faces are vertices."""
    made, points = vtkUnstructuredGrid(), vtkPoints()
    points.SetNumberOfPoints(POINTS)
    made.SetPoints(points)
    types = np.array([42 if faces else 2 for faces in faces_of_cells], np.uint8)
    made.SetPolyhedralCells(
        numpy_to_vtk(types, deep=True), array_of(cells, kind), array_of(faces_of_cells, kind), array_of(faces, kind)
    )
    return made


def cubes(count: int, dice: random.Random) -> tuple[Cells, Cells, Cells]:
    """Cubes of any eight points; their faces lie one cell after the other, as VTK writes them."""
    cells = [dice.sample(range(POINTS), 8) for _ in range(count)]
    faces = [[cell[point] for point in side] for cell in cells for side in SIDES.tolist()]
    return cells, [list(range(6 * number, 6 * number + 6)) for number in range(count)], faces


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("cell", [0, 1023, 1024, 2999])
def test_a_point_of_another_cell_is_found(cell: int, kind: Any) -> None:
    """Cells are looked at 8192 points at a time, which are 1024 cubes."""
    cells, faces_of_cells, faces = cubes(3000, random.Random(1))
    check_structure(grid(cells, faces_of_cells, faces, kind=kind))
    foreign = cells[cell - 1][0]
    assert foreign not in cells[cell]
    faces[6 * cell + 5][3] = foreign
    with pytest.raises(DataSetError, match=f"cell {cell}: a face uses point {foreign}, which the cell has not"):
        check_structure(grid(cells, faces_of_cells, faces, kind=kind))


def test_faces_in_any_order_and_of_two_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polyhedra, "_AT_A_TIME", 64)
    dice = random.Random(2)
    cells, faces_of_cells, faces = cubes(200, dice)
    order = list(range(len(faces)))
    dice.shuffle(order)
    shuffled = [faces[number] for number in order]
    placed = {number: place for place, number in enumerate(order)}
    faces_of_cells = [[placed[number] for number in numbers] for numbers in faces_of_cells]
    cells.insert(50, [1])  # with no faces
    faces_of_cells.insert(50, [])
    cells += cells[-1:]  # another with the same faces
    faces_of_cells += faces_of_cells[-1:]
    check_structure(grid(cells, faces_of_cells, shuffled))
    cells[51] = [*cells[51][1:], cells[51][1]]
    with pytest.raises(DataSetError, match="cell 51: a face uses point"):
        check_structure(grid(cells, faces_of_cells, shuffled))


def test_faces_named_often_are_refused_before_they_are_expanded() -> None:
    cells, _, faces = cubes(2, random.Random(3))
    many = [3] * 1000
    bound = 4 * (3 * 4 + 500 + 2 * 1000)  # the points of all faces, and the faces of all cells
    with pytest.raises(DataSetError, match=f"faces: expected at most {bound} points with repetitions, got 1000000 or"):
        check_structure(grid(cells, [many, many], [*faces[:3], [cells[0][0]] * 500]))


@pytest.mark.parametrize("free_bits", [-4, -1, 0, 3])
def test_points_that_displace_each_other_are_found(free_bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that is too small for all of them sends most to the search: the answer is the same."""
    monkeypatch.setattr(polyhedra, "_FREE_BITS", free_bits)
    cells, faces_of_cells, faces = cubes(300, random.Random(4))
    check_structure(grid(cells, faces_of_cells, faces))
    faces[700][2] = cells[117][1]
    with pytest.raises(DataSetError, match=f"cell 116: a face uses point {cells[117][1]}, which"):
        check_structure(grid(cells, faces_of_cells, faces))


@pytest.mark.parametrize(
    ("kind", "offsets"),
    [
        (np.int64, [0, 2**62 + 1, -(2**62), 6]),
        (np.int64, [0, 9, 6]),
        (np.int64, [0, 4, 3, 6]),
        (np.int32, [0, 2**31 - 1, -(2**31), 6]),
        (np.int32, [0, -1, 6]),
    ],
)
def test_sizes_that_come_around_are_no_rise(kind: Any, offsets: list[int]) -> None:
    """Each difference of the first, taken modulo 2**64, is a positive number."""
    made = vtkUnstructuredGrid()
    points, cells = vtkPoints(), vtkCellArray()
    points.SetNumberOfPoints(6)
    made.SetPoints(points)
    ids: NDArray[Any] = np.arange(6, dtype=kind)
    assert cells.SetData(numpy_to_vtk(np.array(offsets, kind), deep=True), numpy_to_vtk(ids, deep=True))
    made.SetCells(numpy_to_vtk(np.full(len(offsets) - 1, 2, np.uint8), deep=True), cells)
    with pytest.raises(DataSetError, match="rising offsets, got a fall after cell"):
        check_structure(made)
