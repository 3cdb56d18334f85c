"""Lines, places and images through data: values of all blocks as one, NaN outside, at places of double precision.

The right values are those of linear functions of the coordinates, which linear interpolation gives exactly, and the
numbers of cells, which are constant in each.
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
    vtkPartitionedDataSet,
    vtkPolyData,
    vtkUniformGrid,
)
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter, vtkShrinkFilter
from vtkmodules.vtkFiltersHyperTree import vtkHyperTreeGridToUnstructuredGrid
from vtkmodules.vtkFiltersSources import vtkRandomHyperTreeGridSource

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.information import describe_output
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import create

DATA, MESH, FILTER = 1, 2, 10


def image(dimensions: Any, origin: Any = (0, 0, 0), spacing: Any = (1, 1, 1), kind: Any = vtkImageData) -> Any:
    made = kind()
    made.SetDimensions(dimensions)
    made.SetOrigin(origin)
    made.SetSpacing(spacing)
    return made


def points_of(data: Any) -> Any:
    return np.array([data.GetPoint(index) for index in range(data.GetNumberOfPoints())])


def add(attributes: Any, name: str, values: Any) -> None:
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    attributes.AddArray(array)


def bar(begin: float, dtype: Any = np.float64) -> Any:
    """An image of 4 x 2 x 2 cells from `begin` to `begin` + 4; T = 1 + x, C the number of the unit along x."""
    made = image((5, 3, 3), (begin, 0, 0))
    add(made.GetPointData(), "T", (points_of(made)[:, 0] + 1).astype(dtype))
    add(made.GetCellData(), "C", (np.tile(np.arange(4), 4) + begin).astype(np.int64))
    return made


def blocks(*members: Any) -> Any:
    made = vtkMultiBlockDataSet()
    for index, member in enumerate(members):
        made.SetBlock(index, member)
    return made


def executed(data: Any, type_name: str, properties: dict[str, Any], mesh: Any = None) -> tuple[Any, list[Message]]:
    made, told = Pipeline(), list[Message]()
    for id_, one in ((DATA, data), (MESH, mesh)):
        if one is not None:
            made.create(id_, "vtkTrivialProducer")
            made.algorithm(id_).SetOutput(one)
    inputs = (
        {"Input": [(DATA, 0)]} if mesh is None else {"SourceDataArrays": [(DATA, 0)], "DestinationMesh": [(MESH, 0)]}
    )
    create(made, FILTER, type_name, properties, inputs)
    Executor().execute(made, FILTER, on_message=told.append)
    return made.output_data(FILTER, 0), told


def line(data: Any, first: Any, last: Any, segments: int) -> Any:
    return executed(data, "PlotOverLine", {"Point1": first, "Point2": last, "Resolution": segments})[0]


def values(data: Any, name: str) -> Any:
    return vtk_to_numpy(data.GetPointData().GetArray(name))


def test_a_line_through_blocks_is_one_line() -> None:
    for data in (blocks(bar(0), bar(4)), blocks(blocks(bar(4)), None, vtkPolyData(), bar(0))):
        found = line(data, (0, 1, 1), (8, 1, 1), 16)
        assert found.GetClassName() == "vtkPolyData" and found.GetNumberOfLines() == 1
        np.testing.assert_allclose(values(found, "T"), np.linspace(1, 9, 17))
        np.testing.assert_array_equal(values(found, "vtkValidPointMask"), np.ones(17))
        np.testing.assert_allclose(values(found, "arc_length"), np.linspace(0, 8, 17))


def test_cell_arrays_are_constant_in_each_cell_and_stay_integers_where_all_places_have_one() -> None:
    found = line(blocks(bar(0), bar(4)), (0.5, 0.5, 0.5), (7.5, 0.5, 0.5), 7)
    assert values(found, "C").dtype == np.int64
    np.testing.assert_array_equal(values(found, "C"), np.arange(8))


def test_between_blocks_and_beyond_the_ends_is_nothing() -> None:
    found = line(blocks(bar(0), bar(6)), (-2, 1, 1), (12, 1, 1), 14)
    x = np.arange(-2, 13)
    inside = ((x >= 0) & (x <= 4)) | ((x >= 6) & (x <= 10))
    np.testing.assert_array_equal(values(found, "T"), np.where(inside, x + 1.0, np.nan))
    np.testing.assert_array_equal(values(found, "vtkValidPointMask"), inside)
    assert np.isnan(values(found, "C")[~inside]).all() and np.isfinite(values(found, "C")[inside]).all()


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.uint64, np.float32, np.float64])
def test_numbers_of_points_get_fractions_whatever_their_type(dtype: Any) -> None:
    found = line(bar(0, dtype), (0, 1, 1), (4, 1, 1), 8)
    np.testing.assert_array_equal(values(found, "T"), np.linspace(1, 5, 9))
    assert values(found, "T").dtype == (np.float32 if dtype is np.float32 else np.float64)


def test_blocks_whose_arrays_differ_in_type_or_are_missing_keep_all_numbers() -> None:
    first, second, third = bar(0, np.float32), bar(4, np.int16), bar(8)
    third.GetPointData().RemoveArray("T")
    add(third.GetPointData(), "only here", points_of(third))
    found = line(blocks(first, second, third), (0, 1, 1), (12, 1, 1), 12)
    x = np.arange(13.0)
    np.testing.assert_array_equal(values(found, "T"), np.where(x <= 8, x + 1, np.nan))
    expected = np.where((x >= 8)[:, None], np.column_stack([x, np.ones(13), np.ones(13)]), np.nan)
    np.testing.assert_array_equal(values(found, "only here"), expected)
    assert values(found, "vtkValidPointMask").all()


def test_where_blocks_overlap_the_first_has_the_say_and_each_array_comes_from_one_that_has_it() -> None:
    first, second = image((5, 3, 3)), image((5, 3, 3), (2, 0, 0))
    add(first.GetPointData(), "A", np.full(45, 1.0))
    add(second.GetPointData(), "A", np.full(45, 2.0))
    add(second.GetPointData(), "B", np.full(45, 5.0))
    found = line(blocks(first, second), (0, 1, 1), (6, 1, 1), 6)
    np.testing.assert_array_equal(values(found, "A"), [1, 1, 1, 1, 1, 2, 2])
    np.testing.assert_array_equal(values(found, "B"), [np.nan, np.nan, 5, 5, 5, 5, 5])


def test_components_that_differ_between_blocks_are_refused() -> None:
    other = image((5, 3, 3), (4, 0, 0))
    add(other.GetPointData(), "T", np.zeros((45, 3)))
    with pytest.raises(ExecutionFailed, match="'T' has 1 and 3 components in different blocks: rename one"):
        line(blocks(bar(0), other), (0, 1, 1), (8, 1, 1), 8)


def test_ghost_and_hidden_cells_give_no_values() -> None:
    pieces = vtkPartitionedDataSet()
    pieces.SetNumberOfPartitions(2)
    for number, flags in enumerate(([0, 0, 0, 1], [0, 32, 0, 0])):  # a duplicate of what the next piece owns; hidden
        piece = bar(3.0 * number)
        add(piece.GetCellData(), "piece", np.full(16, number))
        add(piece.GetCellData(), "vtkGhostType", np.tile(np.array(flags, np.uint8), 4))
        pieces.SetPartition(number, piece)
    found = line(pieces, (0.5, 0.5, 0.5), (6.5, 0.5, 0.5), 6)
    np.testing.assert_array_equal(values(found, "piece"), [0, 0, 0, 1, np.nan, 1, 1])
    assert found.GetPointData().GetArray("vtkGhostType") is None


def test_the_finest_level_of_a_mesh_has_the_say() -> None:
    mesh = vtkOverlappingAMR()
    mesh.Initialize([1, 1])
    for level, spacing, size in ((0, 1.0, 5), (1, 0.5, 5)):
        mesh.SetSpacing(level, [spacing] * 3)
        grid = image((size,) * 3, (0, 0, 0), (spacing,) * 3, vtkUniformGrid)
        add(grid.GetCellData(), "level", np.full(grid.GetNumberOfCells(), level))
        mesh.SetAMRBox(level, 0, vtkAMRBox((0, 0, 0), (size - 2,) * 3))
        mesh.SetDataSet(level, 0, grid)
    found = line(mesh, (0.25, 0.25, 0.25), (3.25, 0.25, 0.25), 3)
    np.testing.assert_array_equal(values(found, "level"), [1, 1, 0, 0])


@pytest.mark.parametrize("kind", ["image", "hexahedra", "tetrahedra"])
def test_metres_of_a_map_are_not_rounded(kind: str) -> None:
    """UTM coordinates: in single precision the steps are 0.03 m in x and 0.5 m in y, the whole line is 0.1 m."""
    origin = np.array([500000.123, 5300000.456, 312.7])
    data: Any = image((11, 6, 6), origin, (0.01, 0.01, 0.01))
    add(data.GetPointData(), "east", (points_of(data) - origin)[:, 0])
    add(data.GetPointData(), "north", (points_of(data) - origin)[:, 1])
    if kind != "image":
        append = vtkAppendFilter()
        append.SetOutputPointsPrecision(1)
        append.SetInputData(data)
        append.Update()
        data = append.GetOutput()
    if kind == "tetrahedra":
        divide = vtkDataSetTriangleFilter()
        divide.SetInputData(data)
        divide.Update()
        data = divide.GetOutput()
    last = data.GetBounds()[1::2]
    found = line(data, list(origin), list(last), 10)
    assert values(found, "vtkValidPointMask").all()
    np.testing.assert_allclose(values(found, "east"), np.linspace(0, 0.1, 11), atol=1e-8)
    np.testing.assert_allclose(values(found, "north"), np.linspace(0, 0.05, 11), atol=1e-8)
    length = np.linalg.norm(np.array(last) - origin)
    np.testing.assert_allclose(values(found, "arc_length"), np.linspace(0, length, 11), atol=1e-8)
    at = (origin + np.array([0.033, 0.01, 0.01])).tolist()
    place, _ = executed(data, "ProbeLocation", {"ProbeType.Center": at})
    np.testing.assert_allclose(values(place, "east"), [0.033], atol=1e-8)
    np.testing.assert_allclose(place.GetPoint(0), at, atol=1e-9)


def test_a_line_from_corner_to_corner_of_any_box_is_all_inside() -> None:
    numbers = np.random.default_rng(5)
    for _ in range(20):
        box = image((4, 5, 6), numbers.uniform(-1e6, 1e6, 3), numbers.uniform(1e-3, 10, 3))
        add(box.GetPointData(), "z", points_of(box)[:, 2])
        low, high = np.array(box.GetBounds()).reshape(3, 2).T
        found = line(blocks(box, None), low.tolist(), high.tolist(), 13)
        np.testing.assert_allclose(values(found, "z"), np.linspace(low[2], high[2], 14), rtol=1e-9)


def test_one_place_in_blocks_and_one_outside_of_them() -> None:
    data = blocks(bar(0), bar(4))
    found, told = executed(data, "ProbeLocation", {"ProbeType.Center": [6.5, 1, 1]})
    assert found.GetClassName() == "vtkPolyData" and values(found, "T").tolist() == [7.5] and not told
    found, told = executed(data, "ProbeLocation", {"ProbeType.Center": [9.5, 1, 1]})
    assert np.isnan(values(found, "T")).all() and values(found, "vtkValidPointMask").tolist() == [0]
    assert [one.severity for one in told] == ["warning"] and "none of the points lies in a cell" in told[0].text


def test_values_on_a_mesh_keep_its_structure_and_hide_what_is_outside() -> None:
    mesh = image((7, 2, 2), (-1, 1, 1))
    add(mesh.GetPointData(), "own", np.arange(28.0))
    add(mesh.GetPointData(), "T", np.arange(28.0))
    found, _ = executed(blocks(bar(0), bar(4)), "ResampleWithDataset", {"PassPointArrays": True}, mesh)
    assert found.GetClassName() == "vtkImageData" and found.GetExtent() == mesh.GetExtent()
    x = points_of(mesh)[:, 0]
    np.testing.assert_array_equal(values(found, "T"), np.where(x >= 0, x + 1, np.nan))
    np.testing.assert_array_equal(values(found, "own"), np.arange(28.0))
    np.testing.assert_array_equal(values(found, "vtkGhostType"), np.where(x < 0, 2, 0))
    assert vtk_to_numpy(found.GetCellGhostArray()).tolist() == [32, 0, 0, 0, 0, 0]


def test_values_on_a_composite_of_meshes_are_a_composite() -> None:
    meshes = blocks(image((3, 3, 3)), None, image((3, 3, 3), (7, 0, 0)))
    found, told = executed(blocks(bar(0), bar(4)), "ResampleWithDataset", {}, meshes)
    assert found.GetClassName() == "vtkMultiBlockDataSet" and found.GetNumberOfBlocks() == 3 and not told
    last = found.GetBlock(2)
    np.testing.assert_array_equal(
        values(last, "T"), np.where(points_of(last)[:, 0] <= 8, points_of(last)[:, 0] + 1, np.nan)
    )


def test_cells_of_an_unstructured_mesh_are_hidden_by_any_point_outside() -> None:
    append = vtkAppendFilter()
    append.SetInputData(image((7, 2, 2), (-1, 1, 1)))
    append.Update()
    found, _ = executed(bar(0), "ResampleWithDataset", {}, append.GetOutput())
    assert vtk_to_numpy(found.GetCellGhostArray()).tolist() == [32, 0, 0, 0, 0, 32]


def test_an_image_of_blocks_has_the_arrays_of_all() -> None:
    second = bar(4)
    second.GetPointData().RemoveArray("T")
    add(second.GetPointData(), "U", -points_of(second)[:, 1])
    found, _ = executed(blocks(bar(0), second), "ResampleToImage", {"SamplingDimensions": [9, 3, 3]})
    assert found.GetDimensions() == (9, 3, 3) and found.GetBounds() == (0, 8, 0, 2, 0, 2)
    x, y, _ = points_of(found).T
    np.testing.assert_allclose(values(found, "T"), np.where(x <= 4, x + 1, np.nan))
    np.testing.assert_allclose(values(found, "U"), np.where(x >= 4, -y, np.nan))
    wide = {"SamplingDimensions": [3, 3, 3], "UseInputBounds": False, "SamplingBounds": [-2, 2, 0, 2, 0, 2]}
    found, _ = executed(bar(0), "ResampleToImage", wide)
    x = points_of(found)[:, 0]
    np.testing.assert_allclose(values(found, "T"), np.where(x >= 0, x + 1, np.nan))
    assert vtk_to_numpy(found.GetCellGhostArray()).tolist() == [32, 0] * 4


def test_what_cannot_be_interpolated_or_is_rounded_is_told() -> None:
    data = bar(0)
    names = vtkStringArray()
    names.SetName("names")
    names.SetNumberOfValues(45)
    data.GetPointData().AddArray(names)
    add(data.GetCellData(), "ids", np.full(16, 2**60 + 1))
    found, told = executed(data, "PlotOverLine", {"Point1": [-1, 1, 1], "Point2": [4, 1, 1], "Resolution": 5})
    assert found.GetPointData().GetAbstractArray("names") is None
    assert sorted(one.text.split(": ", 1)[-1] for one in told) == [
        "arrays of texts have no values between points and were left out: names",
        "integers of 'ids' beyond 2**53 are rounded, as some places have none (NaN)",
    ]


def test_a_line_that_moves_searches_in_what_was_prepared_and_new_data_is_prepared_anew() -> None:
    made, data = Pipeline(), bar(0)
    made.create(DATA, "vtkTrivialProducer")
    made.algorithm(DATA).SetOutput(data)
    made.create(
        FILTER, "PlotOverLine", {"Point1": [0, 1, 1], "Point2": [4, 1, 1], "Resolution": 4}, {"Input": [(DATA, 0)]}
    )
    Executor().execute(made, FILTER)
    sampler = made.proxy(FILTER).parts["probe"]
    before = list(sampler._blocks.values())
    made.modify(FILTER, {"Point2": [2, 1, 1]})
    Executor().execute(made, FILTER)
    assert values(made.output_data(FILTER, 0), "T").tolist() == [1, 1.5, 2, 2.5, 3]
    assert [one is other for one, other in zip(before, sampler._blocks.values(), strict=True)] == [True]
    add(data.GetPointData(), "T", np.zeros(45))
    data.Modified()
    made.touch(DATA)
    Executor().execute(made, FILTER)
    assert values(made.output_data(FILTER, 0), "T").tolist() == [0] * 5


def test_points_without_cells_have_no_values_between_them_and_that_is_told() -> None:
    cloud = vtkPolyData()
    points = vtkPoints()
    points.InsertNextPoint(1, 1, 1)
    cloud.SetPoints(points)
    add(cloud.GetPointData(), "T", np.array([3.0]))
    found, told = executed(cloud, "ProbeLocation", {"ProbeType.Center": [1, 1, 1]})
    assert np.isnan(values(found, "T")).all()
    assert len(told) == 1 and "no cells" in told[0].text and "PointDatasetInterpolator" in told[0].text


def test_a_tree_of_cells_is_looked_into() -> None:
    """The array of the source is the depth of each leaf: its size is 1 / 2 ** depth."""
    source = vtkRandomHyperTreeGridSource()
    source.SetDimensions(3, 3, 3)
    source.SetOutputBounds(0, 2, 0, 2, 0, 2)
    source.SetSeed(1)
    source.SetMaxDepth(3)
    source.Update()
    tree, convert = source.GetOutputDataObject(0), vtkHyperTreeGridToUnstructuredGrid()
    convert.SetInputData(tree)
    convert.Update()
    leaves = convert.GetOutput()
    for cell in range(0, leaves.GetNumberOfCells(), 37):
        low, high = np.array(leaves.GetCell(cell).GetBounds()).reshape(3, 2).T
        found, _ = executed(tree, "ProbeLocation", {"ProbeType.Center": ((low + high) / 2).tolist()})
        assert high[0] - low[0] == pytest.approx(0.5 ** values(found, "Depth")[0])


@pytest.mark.parametrize(
    "type_name", ["PlotOverLine", "ProbeLocation", "ResampleToImage", "Contour", "MergeBlocks", "Glyph"]
)
def test_the_times_of_the_data_come_through(type_name: str) -> None:
    made = Pipeline()
    made.create(DATA, "TimeSourceExample")
    few = {"SamplingDimensions": [5, 5, 5]} if type_name == "ResampleToImage" else {}
    made.create(FILTER, type_name, few, {"Input": [(DATA, 0)]})
    Executor().execute(made, FILTER)
    known = describe_output(*made.output(FILTER))["time_steps"]
    assert len(known) > 5 and known == describe_output(*made.output(DATA))["time_steps"]
    for time in known[:3]:
        Executor().execute(made, FILTER, time=time)
        data = made.output_data(FILTER, 0)
        assert data.GetInformation().Get(data.DATA_TIME_STEP()) == time


def test_no_place_is_missed_in_cells_that_share_no_points() -> None:
    """Many formats store each cell with points of its own: of such cells VTK's usual search misses some."""
    shrink = vtkShrinkFilter()
    shrink.SetShrinkFactor(1.0)
    shrink.SetInputData(image((9, 9, 9)))
    shrink.Update()
    data = shrink.GetOutput()
    add(data.GetCellData(), "cell", np.arange(512))
    add(data.GetPointData(), "x", points_of(data)[:, 0])
    places, mesh, points = np.random.default_rng(1).uniform(0, 8, (2000, 3)), vtkPolyData(), vtkPoints()
    places[:50, 0] = 3.0005  # closer to the cell beside it than the tolerance that VTK chooses, a thousandth of a cell
    points.SetData(numpy_to_vtk(places, deep=True))
    mesh.SetPoints(points)
    found, told = executed(data, "ResampleWithDataset", {}, mesh)
    np.testing.assert_array_equal(values(found, "cell"), np.floor(places) @ [1, 8, 64])
    np.testing.assert_allclose(values(found, "x"), places[:, 0], atol=1e-6)
    assert not told


def test_a_place_in_a_block_is_not_taken_by_one_that_ends_just_before_it() -> None:
    first, second = bar(0), bar(4)
    for block, number in ((first, 1.0), (second, 2.0)):
        add(block.GetPointData(), "block", np.full(45, number))
    found, _ = executed(blocks(first, second), "ProbeLocation", {"ProbeType.Center": [4.0005, 1.3, 1.3]})
    assert values(found, "block").tolist() == pytest.approx([2.0])


def test_vtks_own_probe_refuses_blocks_and_names_what_takes_them() -> None:
    made = Pipeline()
    for id_, data in ((DATA, blocks(bar(0), bar(4))), (MESH, bar(0))):
        made.create(id_, "vtkTrivialProducer")
        made.algorithm(id_).SetOutput(data)
    made.create(FILTER, "vtkProbeFilter", {}, {"Input": [(MESH, 0)], "Source": [(DATA, 0)]})
    with pytest.raises(ExecutionFailed, match="Source is a vtkMultiBlockDataSet; ResampleWithDataset takes all blocks"):
        Executor().execute(made, FILTER)
    made.connect(FILTER, {"Source": [(MESH, 0)]})
    Executor().execute(made, FILTER)
    np.testing.assert_array_equal(values(made.output_data(FILTER, 0), "T"), values(bar(0), "T"))
