"""What is cut and clipped out of cells of several dimensions has the values of the cells that it comes from.

Cell n lies between y = 10 n and 10 n + 2, and has the value n: whatever is made of it says by its place what it must
hold. VTK 9.7.2 gives such pieces what stands in the memory.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest
import vtkmodules.vtkCommonDataModel as model
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.sweep_data import image, numbers, points_of, poly
from ..harness.sweep_kinds import multiblock

FLAT: Final[dict[str, tuple[int, list[tuple[float, float]]]]] = {
    "vertex": (1, [(2, 0)]),
    "vertices": (2, [(2, 0), (2, 1), (3, 1)]),
    "line": (3, [(0, 0), (4, 1)]),
    "lines": (4, [(0, 0), (4, 1), (0, 2)]),
    "triangle": (5, [(0, 0), (4, 0), (0, 2)]),
    "quadrangle": (9, [(0, 0), (4, 0), (4, 2), (0, 2)]),
    "polygon": (7, [(0, 0), (3, 0), (4, 1), (3, 2), (0, 2)]),
    "strip": (6, [(0, 0), (0, 2), (1, 0), (3, 2), (4, 0), (4, 2)]),
}
"""Cells across x = 2 by kind, with the type of VTK, in the order that polygonal data has."""
DATA, FUNCTION, FILTER = 1, 2, 3
ALL: Final = tuple(FLAT)
SETS: Final = (ALL, ("vertices", "polygon"), ("lines", "strip"), ("line", "triangle"), ("vertex", "quadrangle"))


def with_values(data: Any) -> Any:
    places = vtk_to_numpy(data.GetPoints().GetData())
    data.GetPointData().Initialize()
    data.GetCellData().Initialize()
    data.GetPointData().AddArray(numbers("x", places[:, 0]))
    data.GetPointData().AddArray(numbers("y", places[:, 1]))
    data.GetCellData().AddArray(numbers("id", np.arange(float(data.GetNumberOfCells()))))
    return data


def surface(kinds: tuple[str, ...]) -> Any:
    places: list[tuple[float, float, float]] = []
    lists: dict[str, list[list[int]]] = {"verts": [], "lines": [], "polys": [], "strips": []}
    for number, kind in enumerate(kinds):
        type_, corners = FLAT[kind]
        where = {1: "verts", 2: "verts", 3: "lines", 4: "lines", 6: "strips"}.get(type_, "polys")
        lists[where].append(list(range(len(places), len(places) + len(corners))))
        places += [(x, 10 * number + y, 0) for x, y in corners]
    return with_values(poly(**lists, places=places))


def grid(kinds: tuple[str, ...]) -> Any:
    """The same cells the other way round, after a tetrahedron."""
    cells: list[tuple[int, list[tuple[float, float, float]]]]
    cells = [(10, [(0, 0, 0), (4, 0, 0), (0, 2, 0), (0, 0, 2)])]
    cells += [(FLAT[kind][0], [(x, y, 0) for x, y in FLAT[kind][1]]) for kind in reversed(kinds)]
    made = model.vtkUnstructuredGrid()
    places: list[tuple[float, float, float]] = []
    for number, (type_, corners) in enumerate(cells):
        made.InsertNextCell(type_, len(corners), list(range(len(places), len(places) + len(corners))))
        places += [(x, 10 * number + y, z) for x, y, z in corners]
    made.SetPoints(points_of(np.array(places, float)))
    return with_values(made)


def pipeline_of(data: Any, type_name: str, properties: dict[str, Any], function: str | None) -> Pipeline:
    made = Pipeline()
    made.create(DATA, "vtkTrivialProducer")
    made.algorithm(DATA).SetOutput(data)
    objects: dict[str, int | None] = {"ClipType": None} if "Scalars" in properties and type_name == "Clip" else {}
    if function is not None:
        made.create(FUNCTION, "objects/Plane", {"Origin": [2, 0, 0], "Normal": [1, 0, 0]})
        objects = {function: FUNCTION}
    made.create(FILTER, type_name, properties, {"Input": [(DATA, 0)]}, objects)
    return made


def cells_of(data: Any) -> list[tuple[float, float]]:
    """Return for each cell the number that it must have by its place, and the one that it has."""
    found = []
    for part in parts(data):
        values = part.GetCellData().GetArray("id")
        for index in range(part.GetNumberOfCells()):
            low, high = part.GetCell(index).GetBounds()[2:4]
            found.append(((low + high) / 2 // 10, values.GetValue(index)))
    return found


WAYS: Final[dict[str, tuple[str, dict[str, Any], str | None]]] = {
    "Slice": ("Slice", {}, "SliceType"),
    "Slice at several": ("Slice", {"SliceOffsetValues": [-0.5, 0.0, 0.25]}, "SliceType"),
    "Slice in polygons": ("Slice", {"Triangulatetheslice": False}, "SliceType"),
    "crinkle slice": ("Slice", {"Crinkleslice": True}, "SliceType"),
    "SliceWithPlane": ("SliceWithPlane", {}, "PlaneType"),
    "AxisAlignedSlice": ("AxisAlignedSlice", {"OffsetValues": [0.0, 2.0]}, None),
    "vtkCutter": ("vtkCutter", {}, "CutFunction"),
    "Clip": ("Clip", {}, "ClipType"),
    "crinkle clip": ("Clip", {"Crinkleclip": True}, "ClipType"),
    "Clip by an array": ("Clip", {"Scalars": ("POINTS", "x"), "Value": 1.5}, None),
    "ClipByScalar": ("ClipByScalar", {"Scalars": ("POINTS", "x"), "Value": 1.5}, None),
    "IsoVolume": ("IsoVolume", {"InputScalars": ("POINTS", "x"), "ThresholdRange": [0.5, 2.5]}, None),
    "Contour": ("Contour", {"ContourBy": ("POINTS", "x"), "Isosurfaces": [1.5, 2.0]}, None),
}


REACH: Final = ("Slice", "vtkCutter", "crinkle clip", "Clip", "SliceWithPlane")
"""Ways whose function lies across all cells but vertices."""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kinds", SETS, ids="-".join)
@pytest.mark.parametrize("make", [surface, grid])
def test_pieces_have_the_values_of_their_cells(way: str, kinds: tuple[str, ...], make: Any) -> None:
    type_name, properties, function = WAYS[way]
    for data in (make(kinds), multiblock(None, make(kinds))):
        pipeline = pipeline_of(data, type_name, properties, function)
        Executor().execute(pipeline, FILTER)
        found = cells_of(pipeline.output_data(FILTER))
        assert [held for _, held in found] == [wanted for wanted, _ in found]
        if way in REACH:
            in_order = list(kinds) if make is surface else ["tetrahedron", *reversed(kinds)]
            needed = {number for number, kind in enumerate(in_order) if not kind.startswith("vert")}
            assert {held for _, held in found} >= needed, "something of each cell"


def test_vertices_on_the_plane_are_told_to_be_left_out() -> None:
    """Of the three points of the cells of vertices two lie at x = 2, and the one of the vertex."""
    told: list[str] = []
    pipeline = pipeline_of(surface(ALL), "Slice", {}, "SliceType")
    Executor().execute(pipeline, FILTER, on_message=lambda message: told.append(message.text))
    assert any("3 vertices among other cells lie just where it is cut" in text for text in told), told


def test_a_plane_that_is_moved_and_other_data_are_cut_anew() -> None:
    pipeline = pipeline_of(surface(("line", "triangle")), "vtkCutter", {}, "CutFunction")
    for x in (2.0, 1.0):
        pipeline.modify(FUNCTION, {"Origin": [x, 0, 0]})
        Executor().execute(pipeline, FILTER)
        made = pipeline.output_data(FILTER)
        assert cells_of(made) == [(0, 0), (1, 1)]
        assert made.GetBounds()[:2] == (x, x)
    pipeline.algorithm(DATA).SetOutput(surface(("triangle",)))
    Executor().execute(pipeline, FILTER)
    assert cells_of(pipeline.output_data(FILTER)) == [(0, 0)]
    assert pipeline.algorithm(FILTER).GetCutFunction().IsA("vtkPlane"), "as without mixed cells before"


@pytest.mark.parametrize("kinds", [*SETS, ("vertex", "strip")], ids="-".join)
def test_cells_that_are_taken_are_of_their_kinds(kinds: tuple[str, ...]) -> None:
    properties = {"Scalars": ("CELLS", "id"), "LowerThreshold": 0.0, "UpperThreshold": 100.0}
    pipeline = pipeline_of(surface(kinds), "Threshold", properties, None)
    Executor().execute(pipeline, FILTER)
    made = pipeline.output_data(FILTER)
    assert [made.GetCellType(index) for index in range(made.GetNumberOfCells())] == [FLAT[kind][0] for kind in kinds]
    assert cells_of(made) == [(number, number) for number in range(len(kinds))]


def test_cells_one_by_one_are_refused() -> None:
    pipeline = pipeline_of(surface(("line", "triangle")), "vtkCutter", {"SortBy": 1}, "CutFunction")
    with pytest.raises(ExecutionFailed, match="several dimensions"):
        Executor().execute(pipeline, FILTER)


def test_lines_of_a_second_input_are_sampled_along() -> None:
    """Without a controller, VTK ended the process on every second input."""
    data = image()
    data.GetPointData().Initialize()
    places = np.array([data.GetPoint(index) for index in range(data.GetNumberOfPoints())])
    data.GetPointData().AddArray(numbers("f", places @ [1.0, 2.0, 3.0]))
    low, high = np.array(data.GetBounds()[::2]), np.array(data.GetBounds()[1::2])
    pipeline = Pipeline()
    for number, one in ((DATA, data), (FUNCTION, poly(lines=[[0, 1]], places=[low, high]))):
        pipeline.create(number, "vtkTrivialProducer")
        pipeline.algorithm(number).SetOutput(one)
    inputs = {"Input": [(DATA, 0)], "Source": [(FUNCTION, 0)]}
    pipeline.create(FILTER, "PlotOverLinesFromCustomSource", {"Resolution": 4}, inputs)
    Executor().execute(pipeline, FILTER)
    (line,) = parts(pipeline.output_data(FILTER))
    assert line.GetNumberOfPoints() == 5
    found, at = vtk_to_numpy(line.GetPointData().GetArray("f")), vtk_to_numpy(line.GetPoints().GetData())
    np.testing.assert_allclose(at, np.linspace(low, high, 5), atol=1e-6)
    np.testing.assert_allclose(found, at @ [1.0, 2.0, 3.0], rtol=1e-5)
