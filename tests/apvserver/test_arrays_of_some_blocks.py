"""No block is the model of all: arrays that only some blocks have are kept, or what is left out is told.

The right values are those of the blocks one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkStringArray
from vtkmodules.vtkCommonDataModel import (
    vtkAMRBox,
    vtkImageData,
    vtkMultiBlockDataSet,
    vtkOverlappingAMR,
    vtkPolyData,
    vtkUniformGrid,
)
from vtkmodules.vtkFiltersFlowPaths import vtkStreamTracer
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.information import describe_data
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.guards.refusals import harmful
from apvserver.vtk.pipeline.guards.requirements import is_a
from apvserver.vtk.pipeline.proxies import Pipeline

FILTER = 100


def bar(begin: int, **of_points: Any) -> Any:
    """Two cells from x = `begin` on; arrays are functions of the coordinates."""
    made = vtkImageData()
    made.SetDimensions(3, 2, 2)
    made.SetOrigin(begin, 0, 0)
    places = np.array([made.GetPoint(index) for index in range(12)])
    for name, function in of_points.items():
        add(made.GetPointData(), name, function(places))
    return made


def add(attributes: Any, name: str, values: Any) -> None:
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    attributes.AddArray(array)


def x_of(places: Any) -> Any:
    return places[:, 0]


def along_x(places: Any) -> Any:
    return np.tile([1.0, 0, 0], (len(places), 1))


def blocks(*members: Any) -> Any:
    made = vtkMultiBlockDataSet()
    for index, member in enumerate(members):
        made.SetBlock(index, member)
    return made


def some(order: int) -> Any:
    """A block with the arrays p, q and v, and one with p only, before it or after it."""
    both = [bar(0, p=x_of), bar(2, p=x_of, q=x_of, v=along_x)]
    return blocks(*both[::order])


def executed(type_name: str, properties: dict[str, Any], *inputs: Any, port: str = "Input") -> tuple[Any, list[str]]:
    made, told = Pipeline(), list[Message]()
    for id_, data in enumerate(inputs):
        made.create(id_, "vtkTrivialProducer")
        made.algorithm(id_).SetOutput(data)
    made.create(FILTER, type_name, properties, {port: [(id_, 0) for id_ in range(len(inputs))]})
    Executor().execute(made, FILTER, on_message=told.append)
    return made.output_data(FILTER, 0), [one.text for one in told]


def values(data: Any, name: str) -> Any:
    return vtk_to_numpy(data.GetPointData().GetArray(name))


def places(data: Any) -> Any:
    return vtk_to_numpy(data.GetPoints().GetData())


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("type_name", ["MergeBlocks", "AppendDatasets"])
def test_blocks_that_are_merged_keep_all_arrays(type_name: str, order: int) -> None:
    found, told = executed(type_name, {"MergePoints": False}, some(order))
    assert found.GetClassName() == "vtkUnstructuredGrid" and found.GetNumberOfCells() == 4
    assert told == [
        "AppendedGrids: not all of the 2 data sets have 'q', 'v': NaN, or an empty text, where it is missing"
    ]
    x = places(found)[:, 0]
    of_second = np.repeat([False, True][::order], 12)
    np.testing.assert_array_equal(values(found, "p"), x)
    np.testing.assert_array_equal(values(found, "q"), np.where(of_second, x, np.nan))
    np.testing.assert_array_equal(np.isnan(values(found, "v")).all(axis=1), ~of_second)


def test_data_sets_that_are_appended_keep_all_arrays_of_any_type() -> None:
    first, second = bar(0), bar(2)
    add(first.GetPointData(), "n", np.arange(12, dtype=np.int16))
    add(second.GetPointData(), "n", np.arange(12) + 0.5)
    add(first.GetPointData(), "only", np.arange(12, dtype=np.uint8))
    add(first.GetCellData(), "ids", np.array([7, 8], np.int64))
    add(second.GetCellData(), "ids", np.array([2**60, 9], np.int64))
    texts = vtkStringArray()
    texts.SetName("texts")
    for index in range(12):
        texts.InsertNextValue(f"of {index}")
    second.GetPointData().AddArray(texts)
    add(first.GetCellData(), "vtkGhostType", np.array([0, 1], np.uint8))
    found, told = executed("AppendDatasets", {}, first, second)
    np.testing.assert_array_equal(values(found, "n"), [*range(12), *(np.arange(12) + 0.5)])
    np.testing.assert_array_equal(values(found, "only"), [*range(12), *[np.nan] * 12])
    assert vtk_to_numpy(found.GetCellData().GetArray("ids")).tolist() == [7, 8, 2**60, 9]
    assert vtk_to_numpy(found.GetCellData().GetArray("vtkGhostType")).tolist() == [0, 1, 0, 0]
    kept = found.GetPointData().GetAbstractArray("texts")
    assert [kept.GetValue(index) for index in (0, 11, 12, 23)] == ["", "", "of 0", "of 11"]
    assert len(told) == 1 and "NaN, or an empty text, where it is missing" in told[0]


def test_large_integers_that_only_some_have_are_rounded_and_that_is_told() -> None:
    first, second = bar(0), bar(2)
    add(first.GetPointData(), "ids", np.arange(12) + 2**53)
    found, told = executed("AppendDatasets", {}, first, second)
    assert values(found, "ids")[1] == 2.0**53, "a neighbour's"
    assert any("ids: integers beyond 2**53 lose digits" in one for one in told)
    np.testing.assert_array_equal(values(found, "ids")[12:], np.full(12, np.nan))


def test_surfaces_that_are_appended_keep_all_arrays() -> None:
    members = []
    for name in ("a", "b"):
        plane = vtkPlaneSource()
        plane.Update()
        add(plane.GetOutput().GetPointData(), name, np.arange(4.0))
        members.append(plane.GetOutput())
    found, _ = executed("AppendGeometry", {}, members[0], blocks(members[1], vtkPolyData()))
    assert found.GetClassName() == "vtkPolyData" and found.GetNumberOfCells() == 2
    np.testing.assert_array_equal(values(found, "a"), [0, 1, 2, 3, *[np.nan] * 4])
    np.testing.assert_array_equal(values(found, "b"), [*[np.nan] * 4, 0, 1, 2, 3])
    with pytest.raises(ExecutionFailed, match="a vtkImageData"):
        executed("AppendGeometry", {}, blocks(members[0], bar(0)))


def test_what_cannot_be_one_array_is_refused() -> None:
    for other, why in ((along_x, "'p' has 1 and 3 components in different blocks"), (None, "texts in others")):
        block = bar(2) if other is None else bar(2, p=other)
        if other is None:
            texts = vtkStringArray()
            texts.SetName("p")
            texts.SetNumberOfValues(12)
            block.GetPointData().AddArray(texts)
        with pytest.raises(ExecutionFailed, match=why):
            executed("MergeBlocks", {}, blocks(bar(0, p=x_of), block))


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("StreamTracer", {"Vectors": ["POINTS", "v"]}),
        ("ClipByScalar", {"Scalars": ["POINTS", "q"], "Value": 2.5, "Invert": False}),
        ("IsoVolume", {"InputScalars": ["POINTS", "q"], "ThresholdRange": [2.5, 4.0]}),
        ("Gradient", {"ScalarArray": ["POINTS", "q"]}),
    ],
)
def test_blocks_without_the_array_are_left_out_and_that_is_told(
    type_name: str, properties: dict[str, Any], order: int
) -> None:
    found, told = executed(type_name, properties, some(order))
    assert told == [
        f"BlocksWithArray: 1 of 2 blocks have no array {next(iter(properties.values()))[1]!r} and were left out"
    ]
    filled = [leaf for leaf in parts(found) if leaf.GetNumberOfPoints()]
    bounds = np.array([leaf.GetBounds() for leaf in filled])
    assert bounds[:, 0].min() >= (2.5 if "Clip" in type_name or "Iso" in type_name else 2.0)
    assert bounds[:, 1].max() == pytest.approx(4, abs=0.2 if type_name == "StreamTracer" else 1e-6)  # seeds are random
    if type_name == "Gradient":
        np.testing.assert_allclose(values(filled[0], "Gradient"), np.tile([1.0, 0, 0], (12, 1)), atol=1e-6)


def test_all_blocks_that_have_the_array_are_taken_without_a_word() -> None:
    data = blocks(bar(0, v=along_x), bar(2, v=along_x), vtkPolyData())
    found, told = executed("StreamTracer", {"Vectors": ["POINTS", "v"]}, data)
    assert not told and found.GetNumberOfPoints() > 0
    assert found.GetBounds()[0] < 0.1 and found.GetBounds()[1] > 3.9


@pytest.mark.parametrize("order", [1, -1])
def test_an_array_of_some_blocks_is_integrated_over_those(order: int) -> None:
    """The integral of x over the bar from 2 to 4, of cross section 1: 6; of p over both: 8."""
    found, told = executed("IntegrateVariables", {}, some(order))
    assert values(found, "p")[0] == pytest.approx(8) and values(found, "q")[0] == pytest.approx(6)
    assert vtk_to_numpy(found.GetCellData().GetArray("Volume"))[0] == pytest.approx(4)
    assert told == ["not in all of the 2 blocks, and integrated over those that have them: q, v"]


def test_points_of_several_blocks_give_values_to_others() -> None:
    made = Pipeline()
    for id_, data in enumerate((blocks(bar(0, p=x_of), bar(2, p=x_of)), bar(1))):
        made.create(id_, "vtkTrivialProducer")
        made.algorithm(id_).SetOutput(data)
    made.create(FILTER, "PointDatasetInterpolator", {}, {"Input": [(0, 0)], "Source": [(1, 0)]})
    Executor().execute(made, FILTER)
    found = made.output_data(FILTER, 0)
    np.testing.assert_allclose(values(found, "p"), [1, 2, 3] * 4)


@pytest.mark.parametrize("order", [1, -1])
def test_a_histogram_counts_the_values_of_the_blocks_that_have_them(order: int) -> None:
    found, _ = executed("Histogram", {"SelectInputArray": ["POINTS", "q"], "BinCount": 2}, some(order))
    assert vtk_to_numpy(found.GetRowData().GetArray("bin_values")).tolist() == [4, 8]


def test_streamlines_begin_at_the_points_of_all_blocks() -> None:
    made = Pipeline()
    seeds = blocks(*(vtkPolyData() for _ in range(2)))
    for index, place in enumerate(((0.5, 0.5, 0.5), (2.5, 0.25, 0.5))):
        points = vtkPoints()
        points.InsertNextPoint(place)
        seeds.GetBlock(index).SetPoints(points)
    for id_, data in enumerate((blocks(bar(0, v=along_x), bar(2, v=along_x)), seeds)):
        made.create(id_, "vtkTrivialProducer")
        made.algorithm(id_).SetOutput(data)
    connected = {"Input": [(0, 0)], "SeedSource": [(1, 0)]}
    made.create(FILTER, "StreamTracerWithCustomSource", {"Vectors": ["POINTS", "v"]}, connected)
    Executor().execute(made, FILTER)
    found = made.output_data(FILTER, 0)
    assert found.GetClassName() == "vtkPolyData"
    assert set(places(found)[:, 1].round(6).tolist()) == {0.5, 0.25}


def adaptive(*, boxes: bool) -> Any:
    """Two levels, the finer one in the lower half of the coarser, with vectors along x."""
    mesh = vtkOverlappingAMR()
    mesh.Initialize([1, 1])
    for level, spacing in ((0, 1.0), (1, 0.5)):
        mesh.SetSpacing(level, [spacing] * 3)
        grid = vtkUniformGrid()
        grid.SetDimensions(5, 5, 5)
        grid.SetSpacing(spacing, spacing, spacing)
        add(grid.GetPointData(), "v", np.tile([1.0, 0, 0], (125, 1)))
        add(grid.GetPointData(), "x", np.tile(np.arange(5) * spacing, 25))
        if boxes:
            mesh.SetAMRBox(level, 0, vtkAMRBox((0, 0, 0), (3, 3, 3)))
        mesh.SetDataSet(level, 0, grid)
    return mesh


def test_adaptive_meshes_are_taken_where_composites_are() -> None:
    """VTK's table of types says that they are none."""
    found, _ = executed("Contour", {"ContourBy": ["POINTS", "x"], "Isosurfaces": [0.75]}, adaptive(boxes=True))
    assert found.GetNumberOfPoints() and {leaf.GetBounds()[0] for leaf in parts(found)} == {0.75}
    found, _ = executed("StreamTracer", {"Vectors": ["POINTS", "v"]}, adaptive(boxes=True))
    assert found.GetBounds()[0] < 0.1 and found.GetBounds()[1] > 3.9
    assert is_a("vtkOverlappingAMR", "vtkCompositeDataSet") and not is_a("vtkOverlappingAMR", "vtkDataSet")


def test_an_adaptive_mesh_without_boxes_is_not_given_to_the_stream_tracer() -> None:
    """It would end the process; the guard is asked, and nothing is executed."""
    tracer = vtkStreamTracer()
    tracer.SetInputDataObject(adaptive(boxes=False))
    assert "no box for block 0 of level 0; MergeBlocks" in str(harmful(tracer))
    tracer.SetInputDataObject(adaptive(boxes=True))
    assert harmful(tracer) is None


def described(*members: Any) -> dict[str, Any]:
    (found,) = [one for one in describe_data(blocks(*members))["arrays"] if one["name"] == "a"]
    return dict(found)


def with_array(values: Any) -> Any:
    block = bar(0)
    add(block.GetPointData(), "a", values)
    return block


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (np.int16, np.float32, "float"),
        (np.int32, np.float32, "double"),
        (np.uint8, np.int8, "short"),
        (np.uint8, np.uint8, "unsigned char"),
        (np.float32, np.float64, "double"),
    ],
)
def test_information_names_a_type_that_holds_the_numbers_of_all_blocks(one: Any, other: Any, name: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = described(with_array(np.arange(12, dtype=first)), with_array(np.arange(5, 17).astype(second)))
        assert (found["type"], found["ranges"], found["tuples"]) == (name, [(0, 16)], 24)


def test_information_of_vectors_in_some_blocks_has_the_ranges_of_all_components() -> None:
    vectors, numbers = np.arange(36.0).reshape(12, 3), np.arange(-5.0, 7)
    for members in ((with_array(vectors), with_array(numbers)), (with_array(numbers), with_array(vectors))):
        found = described(*members)
        assert (found["components"], found["ranges"]) == (3, [(-5, 33), (1, 34), (2, 35)])


def test_blocks_without_values_say_nothing_of_an_array() -> None:
    empty = vtkPolyData()
    add(empty.GetPointData(), "a", np.zeros((0, 3), np.int8))
    for members in ((empty, with_array(np.arange(12.0))), (with_array(np.arange(12.0)), empty)):
        found = described(*members)
        assert (found["type"], found["components"], found["ranges"]) == ("double", 1, [(0, 11)])


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("type_name", "properties"),
    [
        ("WarpByScalar", {"Scalars": ["POINTS", "q"], "UseNormal": True, "Normal": [0, 0, 1]}),
        ("WarpByVector", {"Vectors": ["POINTS", "v"]}),
    ],
)
def test_blocks_that_stay_where_they_are_beside_moved_ones_are_told(
    type_name: str, properties: dict[str, Any], order: int
) -> None:
    found, told = executed(type_name, properties, some(order))
    assert len(told) == 1 and "1 of 2 blocks have no array" in told[0] and "stay where they are" in told[0]
    bounds = [leaf.GetBounds() for leaf in parts(found)][::order]
    assert bounds[0] == (0, 2, 0, 1, 0, 1)
    assert bounds[1] == ((2, 4, 0, 1, 2, 5) if type_name == "WarpByScalar" else (3, 5, 0, 1, 0, 1))
