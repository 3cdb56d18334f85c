"""Lengths, areas, volumes and integrals against closed forms: every type of cell, hidden cells, blocks, levels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkIdList, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkGenericCell, vtkMultiBlockDataSet, vtkUnstructuredGrid
from vtkmodules.vtkFiltersAMR import vtkImageToAMR
from vtkmodules.vtkFiltersSources import vtkCellTypeSource, vtkHyperTreeGridSource
from vtkmodules.vtkFiltersVerdict import vtkMeshQuality

from apvserver.vtk.algorithms.measures.quadrature import DIMENSIONS
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.types.toml_definitions import composition

from ..harness.apvdata import array, grid, image, made_of, numbers, places, with_cells, with_points

SLOPE = np.array([3.0, 5.0, 7.0])
L_SHAPE = [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)]
L_CENTRE = (5 / 6, 5 / 6)
CUBE = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]


def polyhedron(points: list[Any], faces: list[list[int]]) -> vtkUnstructuredGrid:
    made, list_ = grid(points), vtkIdList()
    for one in [len(faces), *(number for face in faces for number in (len(face), *face))]:
        list_.InsertNextId(one)
    made.InsertNextCell(model.VTK_POLYHEDRON, list_)
    return made


def prism(outline: list[Any], height: float, turn: frozenset[int] = frozenset()) -> vtkUnstructuredGrid:
    """A polyhedron over an outline; the faces in `turn` are the other way round."""
    n = len(outline)
    points = [(x, y, z) for z in (0.0, height) for x, y in outline]
    sides = [[i, (i + 1) % n, (i + 1) % n + n, i + n] for i in range(n)]
    faces = [list(range(n - 1, -1, -1)), list(range(n, 2 * n)), *sides]
    return polyhedron(points, [face[::-1] if number in turn else face for number, face in enumerate(faces)])


def one(kind: int, points: list[Any]) -> vtkUnstructuredGrid:
    return grid(points, (kind, range(len(points))))


def star(n: int) -> tuple[list[Any], float]:
    """A star of n points whose tips are at 2 and notches at 1, and its area."""
    angles = [math.pi * i / n for i in range(2 * n)]
    points = [((2 - i % 2) * math.cos(a), (2 - i % 2) * math.sin(a), 0.0) for i, a in enumerate(angles)]
    return points, 2 * n * math.sin(math.pi / n)


def shapes() -> dict[str, tuple[Any, float, tuple[float, ...]]]:
    """By name: a cell, its size, and the middle of what it fills."""
    flat = [(x, y, 0.0) for x, y in L_SHAPE]
    tilted = [(x * 0.6, y, x * 0.8) for x, y in L_SHAPE]
    many = [(math.cos(math.tau * i / 1000), math.sin(math.tau * i / 1000), 0.0) for i in range(1000)]
    l_middle = (*L_CENTRE, 1.0)
    top = [(0.25, 0.25, 1), (0.75, 0.25, 1), (0.75, 0.75, 1), (0.25, 0.75, 1)]
    return {
        "a notched square": (one(7, [(0, 0, 0), (4, 0, 0), (4, 4, 0), (2, 1, 0), (0, 4, 0)]), 10, (2, 1.4, 0)),
        "an L": (one(7, flat), 3, (*L_CENTRE, 0)),
        "a tilted L": (one(7, tilted), 3, (L_CENTRE[0] * 0.6, L_CENTRE[1], L_CENTRE[0] * 0.8)),
        "a star": (one(7, star(20)[0]), star(20)[1], (0, 0, 0)),
        "a thousand sides": (one(7, many), 500 * math.sin(math.tau / 1000), (0, 0, 0)),
        "a concave quadrilateral": (one(9, [(0, 0, 0), (4, 0, 0), (1, 1, 0), (0, 4, 0)]), 4, (1, 1, 0)),
        "an L of a prism": (prism(L_SHAPE, 2.0), 6, l_middle),
        "faces inside out": (prism(L_SHAPE, 2.0, frozenset(range(8))), 6, l_middle),
        "some faces inside out": (prism(L_SHAPE, 2.0, frozenset({1, 4})), 6, l_middle),
        "a prism of a star": (prism([p[:2] for p in star(7)[0]], 3.0), 3 * star(7)[1], (0, 0, 1.5)),
        "a frustum": (one(12, [*CUBE[:4], *top]), 7 / 12, (0.5, 0.5, 11 / 28)),
        "a wedge": (one(13, [(0, 0, 0), (3, 0, 0), (0, 3, 0), (0, 0, 2), (3, 0, 2), (0, 3, 2)]), 9, (1, 1, 1)),
        "a pyramid": (one(14, [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.5, 0.5, 4)]), 4 / 3, (0.5, 0.5, 1)),
        "a strip": (one(6, [(0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 1, 0)]), 2, (1, 0.5, 0)),
        "a line of pieces": (one(4, [(0, 0, 0), (3, 0, 0), (3, 4, 0)]), 7, (16.5 / 7, 8 / 7, 0)),
    }


@pytest.mark.parametrize("name", shapes())
def test_the_size_of_a_cell_and_the_integral_of_a_linear_field(name: str) -> None:
    data, size, middle = shapes()[name]
    with_cells(with_points(data, f=places(data) @ SLOPE + 1), c=np.array([2.5]))
    array_name = ("Length", "Area", "Volume")[data.GetCell(0).GetCellDimension() - 1]
    assert numbers(made_of("CellSize", data), array_name, "Cell").tolist() == pytest.approx([size])
    found = made_of("IntegrateVariables", data)
    assert numbers(found, array_name, "Cell").tolist() == pytest.approx([size])
    assert found.GetPoint(0) == pytest.approx(middle)
    assert numbers(found, "f").tolist() == pytest.approx([size * (np.dot(middle, SLOPE) + 1)])
    assert numbers(found, "c", "Cell").tolist() == pytest.approx([2.5 * size])


ORDERS = {68: 4, 69: 10, 70: 16, 71: 20, 72: 27, 73: 18, 75: 4, 76: 10, 77: 16, 78: 20, 79: 27, 80: 18}


def curved(kind: int) -> tuple[Any, int]:
    """A cell at its own parametric coordinates, bent in a way that its functions hold exactly; and its dimension."""
    cell = vtkGenericCell.InstantiateCell(kind)
    count = ORDERS.get(kind, cell.GetNumberOfPoints())
    cell.GetPointIds().SetNumberOfIds(count)
    cell.GetPoints().SetNumberOfPoints(count)
    if kind in ORDERS:
        if hasattr(cell, "SetUniformOrderFromNumPoints"):
            cell.SetUniformOrderFromNumPoints(count)
        cell.Initialize()
    flat = cell.GetParametricCoords()
    own = np.array([flat[i] for i in range(3 * count)]).reshape(-1, 3)
    return own, DIMENSIONS[kind]


@pytest.mark.parametrize("kind", [22, 23, 24, 25, 26, 28, 29, 32, 33, 34, 69, 70, 71, 72, 73])
def test_curved_cells_have_the_size_of_what_they_fill(kind: int) -> None:
    """x + 0.3 y^2, y, z + z x / 2: the determinant is 1 + x / 2, and the integral of it a closed form."""
    own, dimension = curved(kind)
    bent = own.copy()
    bent[:, 0] += 0.3 * own[:, 1] ** 2
    x_of = {22: 1 / 3, 34: 1 / 3, 69: 1 / 3, 24: 1 / 4, 71: 1 / 4, 26: 1 / 3, 32: 1 / 3, 73: 1 / 3}.get(kind, 0.5)
    size = {22: 0.5, 34: 0.5, 69: 0.5, 24: 1 / 6, 71: 1 / 6, 26: 0.5, 32: 0.5, 73: 0.5}.get(kind, 1.0)
    if dimension == 3:
        bent[:, 2] += 0.5 * own[:, 2] * own[:, 0]
        size *= 1 + 0.5 * x_of
    data = one(kind, bent.tolist())
    name = ("Length", "Area", "Volume")[dimension - 1]
    assert numbers(made_of("CellSize", data), name, "Cell").tolist() == pytest.approx([size], rel=1e-9)
    with_points(data, one=np.ones(len(own)))
    assert numbers(made_of("IntegrateVariables", data), "one").tolist() == pytest.approx([size], rel=1e-9)


@pytest.mark.parametrize("kind", sorted(DIMENSIONS))
def test_straight_cells_of_every_type(kind: int) -> None:
    """Moved, turned and stretched: the determinant of the matrix times the size of the parametric shape."""
    own, dimension = curved(kind)
    if kind == model.VTK_CUBIC_LINE:
        own = (own + np.array([1.0, 0, 0])) / [2, 1, 1]
    matrix = np.array([[2.0, 0.5, 0.1], [0.0, 3.0, 0.7], [0.2, 0.0, 1.5]])
    shape = 1.0
    if kind in (5, 22, 34, 69, 76, 13, 26, 31, 32, 73, 80):
        shape = 0.5
    elif kind in (10, 24, 71, 78):
        shape = 1 / 6
    elif kind in (14, 27):  # the apex is above the middle
        shape = 1 / 3
        edges = ((0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4), (2, 4), (3, 4))[: len(own) - 5]
        for number, edge in enumerate(edges):
            own[5 + number] = own[list(edge)].mean(axis=0)
    vectors = matrix.T[:dimension]
    factor = math.sqrt(np.linalg.det(vectors @ vectors.T))
    data = one(kind, (own @ matrix.T + [10.0, 20.0, 30.0]).tolist())
    name = ("Length", "Area", "Volume")[dimension - 1]
    assert numbers(made_of("CellSize", data), name, "Cell").tolist() == pytest.approx([shape * factor], rel=1e-9)


def test_a_parabola_has_its_length() -> None:
    data = one(21, [(0, 0, 0), (1, 1, 0), (0.5, 0.25, 0)])
    length = math.sqrt(5) / 2 + math.asinh(2) / 4
    assert numbers(made_of("CellSize", data), "Length", "Cell")[0] == pytest.approx(length, rel=1e-5)
    assert numbers(made_of("IntegrateVariables", data), "Length", "Cell")[0] == pytest.approx(length, rel=1e-5)


def test_degrees_of_a_cell_may_differ() -> None:
    """A hexahedron of degrees 2, 1, 1: its twelve points are in VTK's order, corners first."""
    points = [*CUBE, (0.5, 0, 0), (0.5, 1, 0), (0.5, 0, 1), (0.5, 1, 1)]
    data = one(72, [(2 * x, 3 * y, z) for x, y, z in points])
    degrees = vtkDoubleArray()
    degrees.SetNumberOfComponents(3)
    degrees.InsertNextTuple3(2, 1, 1)
    degrees.SetName("degrees")
    data.GetCellData().SetHigherOrderDegrees(degrees)
    assert numbers(made_of("CellSize", data), "Volume", "Cell").tolist() == pytest.approx([6.0])


def test_what_cannot_be_measured_says_so() -> None:
    with pytest.raises(ExecutionFailed, match="ConvexPointSet cannot be measured; Tetrahedralize"):
        made_of("CellSize", one(41, CUBE))


def test_solids_that_are_inside_out_are_told() -> None:
    right, wrong = CUBE, [CUBE[i] for i in (4, 5, 6, 7, 0, 1, 2, 3)]
    data = grid([*right, *wrong], (12, range(8)), (12, range(8, 16)))
    assert numbers(made_of("CellSize", data), "Volume", "Cell").tolist() == pytest.approx([1, -1])
    messages: list[Message] = []
    found = made_of("IntegrateVariables", data, told=messages)
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([2.0])
    assert "1 of 2 cells are turned inside out" in messages[0].text


def test_only_cells_of_the_highest_dimension_count_and_that_is_told() -> None:
    data = grid([*CUBE, (9, 0, 0)], (12, range(8)), (9, (0, 1, 2, 3)), (3, (0, 8)))
    messages: list[Message] = []
    found = made_of("IntegrateVariables", with_points(data, f=np.arange(9.0)), told=messages)
    assert numbers(found, "Volume", "Cell").tolist() == [pytest.approx(1.0)]
    assert numbers(found, "f").tolist() == pytest.approx([3.5])
    assert [one.text for one in messages] == ["only the 1 solids are integrated, not the 2 cells of lower dimension"]
    sizes = made_of("CellSize", data)
    found_sizes = [numbers(sizes, name, "Cell").tolist() for name in ("Length", "Area", "Volume")]
    assert found_sizes == [[0, 0, pytest.approx(9)], [0, pytest.approx(1), 0], [pytest.approx(1), 0, 0]]


@pytest.mark.parametrize(
    ("dimensions", "spacing", "size"),
    [((3, 4, 5), (1, 2, 3), 144.0), ((3, 1, 5), (1, 2, 3), 24.0), ((1, 1, 5), (1, 2, 3), 12)],
)
@pytest.mark.parametrize("direction", [None, (0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1), (-1, 0, 0, 0, 1, 0, 0, 0, 1)])
def test_images_wherever_they_lie(dimensions: Any, spacing: Any, size: float, direction: Any) -> None:
    data = image(*dimensions, spacing=spacing, origin=(5, 6, 7), direction=direction, first=(-2, 3, 1))
    with_points(data, f=places(data) @ SLOPE)
    found = made_of("IntegrateVariables", data)
    name = ("Length", "Area", "Volume")[data.GetDataDimension() - 1]
    assert numbers(found, name, "Cell").tolist() == pytest.approx([size])
    assert found.GetPoint(0) == pytest.approx(data.GetCenter())
    assert numbers(found, "f").tolist() == pytest.approx([size * np.dot(data.GetCenter(), SLOPE)])
    assert numbers(made_of("CellSize", data), name, "Cell").sum() == pytest.approx(size)


def rectilinear() -> Any:
    made = model.vtkRectilinearGrid()
    made.SetExtent(0, 2, 3, 5, 0, 1)
    for axis, values in (("X", [0, 1, 3]), ("Y", [5, 4, 0]), ("Z", [0, 2])):
        getattr(made, f"Set{axis}Coordinates")(array(np.array(values, float), axis))
    return made


def structured(handed: float = 1.0) -> Any:
    made, points = model.vtkStructuredGrid(), vtkPoints()
    made.SetDimensions(3, 3, 2)
    for k in range(2):
        for j in range(3):
            for i in range(3):
                points.InsertNextPoint(i * handed, 2 * j, 3 * k)
    made.SetPoints(points)
    return made


@pytest.mark.parametrize(("data", "size"), [(rectilinear(), 30.0), (structured(), 24.0), (structured(-1.0), 24.0)])
def test_other_regular_grids(data: Any, size: float) -> None:
    with_points(data, f=places(data) @ SLOPE)
    found = made_of("IntegrateVariables", data)
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([size])
    assert numbers(found, "f").tolist() == pytest.approx([size * np.dot(data.GetCenter(), SLOPE)])


@pytest.mark.parametrize("make", [lambda: image(3, 3, 2, spacing=(1, 2, 3)), structured], ids=["image", "structured"])
@pytest.mark.parametrize("mark", ["cells", "a point", "copies"])
def test_hidden_cells_do_not_count(make: Any, mark: str) -> None:
    """Four cells of size 6; the first one, which is hidden, has no number."""
    data = make()
    if mark == "a point":
        data.BlankPoint(0)
    elif mark == "cells":
        data.BlankCell(0)
    else:
        data.GetCellData().AddArray(numpy_to_vtk(np.array([1, 0, 0, 0], np.uint8), deep=True))
        data.GetCellData().GetArray(0).SetName("vtkGhostType")
    with_cells(data, c=np.array([np.nan, 1.0, 2.0, 3.0]))
    found = made_of("IntegrateVariables", data, {"DivideCellDataByVolume": True})
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([18.0])
    assert numbers(found, "c", "Cell").tolist() == pytest.approx([2.0])
    assert numbers(made_of("CellSize", data), "Volume", "Cell").tolist() == pytest.approx([0, 6, 6, 6])


def test_blocks_add_up_and_what_some_lack_is_told() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, with_points(image(3, 3, 3), f=np.full(27, 2, np.uint8), g=np.ones(27)))
    blocks.SetNumberOfBlocks(3)
    blocks.SetBlock(2, with_points(image(2, 2, 2), f=np.full(8, 300.0)))
    blocks.SetBlock(3, with_points(image(9, 9, 1), f=np.full(81, 1e9)))
    messages: list[Message] = []
    found = made_of("IntegrateVariables", blocks, told=messages)
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([9.0])
    assert numbers(found, "f").tolist() == pytest.approx([8 * 2 + 300.0])
    assert [one.text for one in messages] == [
        "only the 9 solids are integrated, not the 64 cells of lower dimension",
        "not in all of the 2 blocks, and integrated over those that have them: g",
    ]
    assert made_of("CellSize", blocks).GetNumberOfBlocks() == 4


def test_levels_that_overlap_count_once() -> None:
    """8 x 8 x 8 cells as an image of two levels and more: its size stays that of the box."""
    data = with_cells(image(9, 9, 9), c=np.ones(512))
    with_points(data, f=places(data) @ SLOPE)
    levels = vtkImageToAMR()
    levels.SetInputData(data)
    levels.SetNumberOfLevels(2)
    levels.SetMaximumNumberOfBlocks(8)
    levels.Update()
    amr = levels.GetOutput()
    assert amr.GetNumberOfLevels() == 2
    found = made_of("IntegrateVariables", amr)
    assert numbers(found, "Volume", "Cell").tolist() == pytest.approx([512.0])
    assert numbers(found, "c", "Cell").tolist() == pytest.approx([512.0])


def test_trees_have_the_size_of_their_leaves() -> None:
    source = vtkHyperTreeGridSource()
    source.SetDimensions(3, 3, 3)
    source.SetGridScale(2.0, 1.0, 1.0)
    source.SetMaxDepth(2)
    source.SetDescriptor("R....... | ........")
    source.Update()
    assert numbers(made_of("IntegrateVariables", source.GetOutput()), "Volume", "Cell").tolist() == pytest.approx(
        [16.0]
    )


def test_integers_and_vectors_are_summed_as_numbers_with_fractions() -> None:
    data = image(2, 2, 2)
    with_cells(data, bytes=np.array([200], np.uint8), v=np.array([[1, 2, 3]], np.int32))
    data.GetPointData().AddArray(array(np.arange(8, dtype=np.uint8) * 30, "p"))
    found = made_of("IntegrateVariables", data)
    assert numbers(found, "bytes", "Cell").tolist() == [200.0]
    assert numbers(found, "v", "Cell").tolist() == [[1.0, 2.0, 3.0]]
    assert numbers(found, "p").tolist() == pytest.approx([105.0])


def test_nothing_is_made_of_nothing() -> None:
    assert made_of("IntegrateVariables", vtkUnstructuredGrid()).GetNumberOfPoints() == 0
    assert made_of("CellSize", vtkUnstructuredGrid()).GetNumberOfCells() == 0


@pytest.mark.parametrize("kind", [10, 11, 12, 13, 14, 24, 25, 26])
def test_tetrahedra_fill_the_cells_and_are_the_right_way_round(kind: int) -> None:
    source = vtkCellTypeSource()
    source.SetCellType(kind)
    source.SetBlocksDimensions(2, 1, 1)
    source.SetOutputPrecision(1)
    source.Update()
    sizes = numbers(made_of("CellSize", made_of("Tetrahedralize", source.GetOutput())), "Volume", "Cell")
    assert sizes.sum() == pytest.approx(2.0) and (sizes > 0).all()


def test_a_convex_polyhedron_is_divided_and_a_concave_one_refused() -> None:
    hexagon = [(math.cos(math.pi * i / 3), math.sin(math.pi * i / 3)) for i in range(6)]
    sizes = numbers(made_of("CellSize", made_of("Tetrahedralize", prism(hexagon, 2.0))), "Volume", "Cell")
    assert sizes.sum() == pytest.approx(3 * math.sqrt(3)) and (sizes > 0).all()
    with pytest.raises(ExecutionFailed, match="concave polyhedra into tetrahedra that fill 7, and the cells fill 6"):
        made_of("Tetrahedralize", prism(L_SHAPE, 2.0))


@pytest.mark.parametrize("direction", [None, (0, -1, 0, 1, 0, 0, 0, 0, 1)], ids=["straight", "turned"])
def test_voxels_and_pixels_have_the_quality_of_hexahedra_and_quadrilaterals(direction: Any) -> None:
    """The ratio of the longest to the shortest edge of a box is that of its sides."""
    sides = {"HexQualityMeasure": "MAX_EDGE_RATIO", "QuadQualityMeasure": "EDGE_RATIO"}
    volume = image(3, 3, 3, spacing=(1, 2, 4), direction=direction)
    np.testing.assert_allclose(numbers(made_of("MeshQuality", volume, sides), "Quality", "Cell"), np.full(8, 4.0))
    sheet = image(3, 3, 1, spacing=(1, 2, 4), direction=direction)
    np.testing.assert_allclose(numbers(made_of("MeshQuality", sheet, sides), "Quality", "Cell"), np.full(4, 2.0))


def test_cells_without_a_measure_are_told() -> None:
    told: list[Message] = []
    cells = grid(
        CUBE, (model.VTK_TETRA, [0, 1, 3, 4]), (model.VTK_LINE, [0, 6]), (model.VTK_VOXEL, [0, 1, 3, 2, 4, 5, 7, 6])
    )
    found = numbers(
        made_of("MeshQuality", cells, {"HexQualityMeasure": "MAX_EDGE_RATIO"}, told=told), "Quality", "Cell"
    )
    np.testing.assert_allclose(found[1:], [np.nan, 1.0])
    assert math.isfinite(found[0])
    assert [one.text for one in told] == [
        "MeasurableCells: 1 cells are of kinds that have no measure, and get NaN: vtkLine"
    ]


OF_A_KIND: dict[str, tuple[int, list[Any]]] = {
    "Triangle": (model.VTK_TRIANGLE, [(0, 0, 0), (2, 0, 0), (0, 1, 0)]),
    "Quad": (model.VTK_QUAD, [(0, 0, 0), (2, 0, 0), (2, 1, 0), (0, 1.5, 0)]),
    "Tet": (model.VTK_TETRA, [(0, 0, 0), (2, 0, 0), (0, 1, 0), (0, 0, 3)]),
    "Hex": (model.VTK_HEXAHEDRON, [(x, y, z * 2) for x, y, z in CUBE]),
    "Pyramid": (model.VTK_PYRAMID, [(0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0), (1, 1, 3)]),
    "Wedge": (model.VTK_WEDGE, [(0, 0, 0), (1, 0, 0), (0, 2, 0), (0, 0, 3), (1, 0, 3), (0, 2, 3)]),
}


@pytest.mark.parametrize("kind", OF_A_KIND)
def test_each_measure_is_that_of_its_name(kind: str) -> None:
    """VTK has a method for each measure of a kind, named after it; of a number that it has not it makes NaN."""
    cell, points = OF_A_KIND[kind]
    name = f"{kind}QualityMeasure"
    entries = next(one for one in composition("MeshQuality").definition.properties if one.name == name).enumeration
    cells, plain = grid(points, (cell, range(len(points)))), vtkMeshQuality()
    of_vtk = {}
    for method in dir(plain):
        if method.startswith(f"Set{name}To"):
            getattr(plain, method)()
            of_vtk[method.removeprefix(f"Set{name}To")] = getattr(plain, f"Get{name}")()
    assert sorted(number for _, number in entries) == sorted(of_vtk.values()), "all of them, and no other"
    short = {"Maximum": "Max", "Minimum": "Min", " Dihedral": "", "and": "And", " ": ""}
    for label, number in entries:
        called = label
        for word, by in short.items():
            called = called.replace(word, by)
        assert of_vtk.get(called, of_vtk.get(called.replace("Mean", "Med"))) == number, label
        if (kind, label) != ("Hex", "Edge Ratio"):
            assert np.isfinite(numbers(made_of("MeshQuality", cells, {name: label}), "Quality", "Cell")).all(), label


def test_the_edge_ratio_of_hexahedra_which_vtk_has_wrong_is_refused() -> None:
    """It says 1 of a box of 1 x 1 x 3, and 3 of the same box on its side."""
    with pytest.raises(ExecutionFailed, match="leaves out four of the edges; Maximum Edge Ratio has all"):
        made_of("MeshQuality", image(2, 2, 2, spacing=(1, 1, 3)), {"HexQualityMeasure": "EDGE_RATIO"})
