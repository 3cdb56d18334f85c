"""Values at places inside of curved cells: 1000 places of each, whose parameters are known, with a field that is known.

A cell's nodes are those of its order on its reference cell, bent by a formula that its functions have exactly; a place
is where its parameters are bent to. A field of the parameters that its functions have exactly is right at each place.
"""

from __future__ import annotations

import importlib
import itertools
from typing import Any

import numpy as np
import pytest
from vtkmodules import vtkCommonDataModel as model
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkAppendFilter

from apvserver.vtk.algorithms.measures.quadrature import cell_of
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.types.catalog import construct

from ..harness.apvdata import array, executed, grid, made_of, numbers, over, places, with_cells, with_points
from ..harness.sweep_data import HIDDEN_CELL, points_of

PLACES, BEND = 1000, 0.1
Triple = tuple[int, int, int]


def lattice(kind: int, count: int, degrees: Triple | None = None) -> Any:
    """The parameters of the nodes, in the order of the cell, as the cell says."""
    cell = cell_of(kind, count, degrees)
    return np.array(cell.GetParametricCoords()).reshape(-1, 3)[:count]


def bent(parameters: Any) -> Any:
    """x is moved by a parabola of y, which order 2 has exactly."""
    r, s, t = parameters.T
    return np.column_stack([r + BEND * 4 * s * (1 - s), s, t])


def hexahedron(order: Triple) -> Any:
    cell = model.vtkLagrangeHexahedron()
    cell.SetOrder(*order)
    count = int(np.prod(np.array(order) + 1))
    nodes = np.zeros((count, 3))
    for place in itertools.product(*(range(one + 1) for one in order)):
        nodes[cell.PointIndexFromIJK(*place)] = np.array(place) / order
    made = grid(bent(nodes), (model.VTK_LAGRANGE_HEXAHEDRON, list(range(count))))
    made.GetCellData().SetHigherOrderDegrees(array(np.array([order], float), "degrees"))
    return with_cells(with_points(made, r=nodes[:, 0], rst=nodes), q=[7])


def inside(count: int = PLACES) -> Any:
    return np.random.default_rng(1).uniform(0.02, 0.98, (count, 3))


def sampled(data: Any, at: Any, told: list[Message] | None = None, type_name: str = "ResampleWithDataset") -> Any:
    asked = vtkPolyData()
    asked.SetPoints(points_of(at))
    pipeline = over(data)
    pipeline.create(3, "TrivialProducer")
    pipeline.algorithm(3).SetOutput(asked)
    pipeline.create(2, type_name, {}, {"SourceDataArrays": [(1, 0)], "DestinationMesh": [(3, 0)]})
    return executed(pipeline, 2, told=told)


@pytest.mark.parametrize("order", [(2, 2, 2), (3, 3, 3), (2, 3, 4), (6, 6, 6)], ids=str)
def test_all_places_inside_of_a_bent_hexahedron_have_their_values(order: Triple) -> None:
    """findings/lagrange_probe.sh: VTK finds 24 of 1000, and with a tolerance values that are off by 0.025."""
    where = inside()
    made = sampled(hexahedron(order), bent(where))
    assert numbers(made, "vtkValidPointMask").sum() == PLACES
    np.testing.assert_allclose(numbers(made, "r"), where[:, 0], atol=1e-9)
    np.testing.assert_allclose(numbers(made, "rst"), where, atol=1e-9)
    np.testing.assert_array_equal(numbers(made, "q"), np.full(PLACES, 7))


def test_places_outside_of_a_bent_cell_are_outside() -> None:
    """The corners of its bounds: what the bend leaves free of the box around the nodes."""
    where = inside(200) * [BEND, 1, 1]
    where[:, 0] *= 4 * where[:, 1] * (1 - where[:, 1]) * 0.9  # left of the bent face, by more than VTK's tolerance
    made = sampled(hexahedron((2, 2, 2)), where)
    assert numbers(made, "vtkValidPointMask").sum() == 0
    assert np.isnan(numbers(made, "r")).all()


SIMPLE = {
    "tetrahedron of order 2": (model.VTK_LAGRANGE_TETRAHEDRON, 10),
    "tetrahedron of order 3": (model.VTK_LAGRANGE_TETRAHEDRON, 20),
    "wedge of order 2": (model.VTK_LAGRANGE_WEDGE, 18),
    "wedge of order 3": (model.VTK_LAGRANGE_WEDGE, 40),
    "triangle of order 2": (model.VTK_LAGRANGE_TRIANGLE, 6),
    "triangle of order 4": (model.VTK_LAGRANGE_TRIANGLE, 15),
    "quadrilateral of order 2": (model.VTK_LAGRANGE_QUADRILATERAL, 9),
    "quadrilateral of order 4": (model.VTK_LAGRANGE_QUADRILATERAL, 25),
    "curve of order 2": (model.VTK_LAGRANGE_CURVE, 3),
    "curve of order 5": (model.VTK_LAGRANGE_CURVE, 6),
}


@pytest.mark.parametrize(("kind", "count"), SIMPLE.values(), ids=SIMPLE)
def test_all_places_in_bent_cells_of_other_types_have_their_values(kind: int, count: int) -> None:
    nodes, where = lattice(kind, count), inside()
    dimension = cell_of(kind, count, None).GetCellDimension()
    where[:, dimension:] = 0
    if kind in (model.VTK_LAGRANGE_TETRAHEDRON, model.VTK_LAGRANGE_TRIANGLE):
        where = where[where.sum(axis=1) < 0.98]
    elif kind == model.VTK_LAGRANGE_WEDGE:
        where = where[where[:, :2].sum(axis=1) < 0.98]

    def shape(parameters: Any) -> Any:  # y is moved as well, so that a curve is one; of order 2
        return bent(parameters) + np.column_stack(
            [np.zeros((len(parameters), 1)), 0.2 * parameters[:, :1] ** 2, np.zeros((len(parameters), 1))]
        )

    def field(parameters: Any) -> Any:
        return parameters @ [1.0, 2.0, 3.0]

    data = with_points(grid(shape(nodes), (kind, list(range(count)))), f=field(nodes))
    made = sampled(data, shape(where))
    assert numbers(made, "vtkValidPointMask").sum() == len(where)
    np.testing.assert_allclose(numbers(made, "f"), field(where), atol=1e-8)


def test_a_bezier_cell_has_its_control_points_values_blended() -> None:
    """A field that is x has the value x everywhere, as places and values are blended alike."""
    nodes, kind = lattice(model.VTK_BEZIER_HEXAHEDRON, 27), model.VTK_BEZIER_HEXAHEDRON
    data = grid(bent(nodes), (kind, list(range(27))))
    with_points(data, x=bent(nodes)[:, 0])
    r, s, t = inside().T
    where = np.column_stack([r + BEND * 4 * s * (1 - s) / 2, s, t])  # the middle control point counts for a half
    made = sampled(data, where)
    assert numbers(made, "vtkValidPointMask").sum() == PLACES
    np.testing.assert_allclose(numbers(made, "x"), where[:, 0], atol=1e-9)


def test_each_of_many_cells_has_its_own_places_beside_straight_ones() -> None:
    """Three bent cells in a row and a straight one behind: each tells by q which it is; a hidden one has none."""
    append = vtkAppendFilter()
    for index in range(3):
        cell = hexahedron((2, 2, 2))
        cell.GetPoints().GetData().DeepCopy(array(places(cell) + np.array([index, 0, 0]), "p"))
        cell.GetCellData().RemoveArray("degrees")
        append.AddInputData(with_cells(cell, q=[index]))
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]])
    box = grid(corners + np.array([5.0, 0, 0]), (model.VTK_HEXAHEDRON, list(range(8))))
    append.AddInputData(with_cells(with_points(box, r=corners[:, 0].astype(float), rst=corners.astype(float)), q=[9]))
    append.Update()
    data, where = append.GetOutput(), inside(400)
    which = np.arange(400) % 4
    at = np.where((which == 3)[:, None], where + np.array([5, 0, 0]), bent(where) + np.outer(which, [1, 0, 0]))
    made = sampled(data, at)
    np.testing.assert_array_equal(numbers(made, "q"), np.where(which == 3, 9, which))
    np.testing.assert_allclose(numbers(made, "r"), where[:, 0], atol=1e-9)
    marked = with_cells(data, vtkGhostType=np.array([0, HIDDEN_CELL, 0, 0], np.uint8))
    np.testing.assert_array_equal(numbers(sampled(marked, at), "vtkValidPointMask"), which != 1)


@pytest.mark.parametrize("bend", [BEND, 0.0], ids=["bent", "straight"])
def test_what_looks_in_straight_pieces_tells_that_cells_are_bent(bend: float) -> None:
    data = hexahedron((3, 3, 3))
    if not bend:
        data.GetPoints().GetData().DeepCopy(array(numbers(data, "rst"), "Points"))
    told: list[Message] = []
    with_points(data, v=np.tile([0.0, 1, 0], (data.GetNumberOfPoints(), 1)))
    pipeline = over(data)
    pipeline.create(4, "Line", {"Point1": [0.5, 0.5, 0.4], "Point2": [0.5, 0.5, 0.6], "Resolution": 2})
    pipeline.create(2, "StreamTracer", {"Vectors": ["POINTS", "v"]}, {"Input": [(1, 0)]}, {"SeedType": 4})
    pipeline.create(3, "vtkProbeFilter", {}, {"Input": [(4, 0)], "Source": [(1, 0)]})
    for id_ in (2, 3):
        executed(pipeline, id_, told=told)
    assert ["1 Lagrange or Bezier cells are bent" in one.text for one in told] == [True, True] * bool(bend)


def test_a_line_and_a_place_in_a_bent_cell_are_in_it_all_along() -> None:
    data = hexahedron((2, 2, 2))
    line = made_of("PlotOverLine", data, {"Point1": [0.6, 0.01, 0.5], "Point2": [0.6, 0.99, 0.5], "Resolution": 999})
    s = np.linspace(0.01, 0.99, 1000)
    assert numbers(line, "vtkValidPointMask").sum() == 1000
    np.testing.assert_allclose(numbers(line, "r"), 0.6 - BEND * 4 * s * (1 - s), atol=1e-6)
    place = made_of("ProbeLocation", data, {"ProbeType.Center": [0.6, 0.5, 0.5]})
    np.testing.assert_allclose(numbers(place, "r"), [0.5], atol=1e-9)
    image = made_of("ResampleToImage", data, {"SamplingDimensions": [11, 11, 11]})
    assert 900 < numbers(image, "vtkValidPointMask").sum() < 1331


def test_so_does_what_vtk_makes_in_the_place_of_a_class() -> None:
    importlib.import_module("vtkmodules.vtkFiltersParallelDIY2")  # from then on VTK makes classes of it for others
    assert type(construct("vtkResampleToImage")).__name__ == "vtkPResampleToImage"
    told: list[Message] = []
    made_of("vtkResampleToImage", hexahedron((3, 3, 3)), told=told)
    assert any("1 Lagrange or Bezier cells are bent" in one.text for one in told)
