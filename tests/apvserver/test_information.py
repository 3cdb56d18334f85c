"""Outputs as plain values, and copies that survive the next execution of their producer."""

import itertools
import math
from typing import Any

import msgpack
import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkPoints, vtkStringArray
from vtkmodules.vtkCommonDataModel import (
    vtkCellArray,
    vtkCompositeDataSet,
    vtkMultiBlockDataSet,
    vtkPolyData,
    vtkTable,
    vtkUnstructuredGrid,
)

from apvserver.data.model import DataModel
from apvserver.vtk.base.data_making import array_of
from apvserver.vtk.base.errors import PipelineError
from apvserver.vtk.base.information import describe_data, describe_output, shallow_output
from apvserver.vtk.base.values.ranges import find_bounds, find_ranges, finite_range, full_range
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties
from async_paraview.operations.data import Fetch

from ..harness.lock_kept import longest_kept
from ..harness.quiet_sink import QuietSink
from ..harness.time_limits import scaled


def updated(type_name: str, **properties: Any) -> Any:
    algorithm = construct(type_name)
    set_properties(algorithm, properties)
    algorithm.Update()
    return algorithm


def test_an_image() -> None:
    found = describe_output(updated("RTAnalyticSource", WholeExtent=(-2, 3, 0, 4, 0, 0)))
    assert (found["type"], found["points"], found["cells"]) == ("vtkImageData", 30, 20)
    assert (found["dimensions"], found["spacing"], found["origin"]) == ((6, 5, 1), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    assert found["bounds"] == (-2.0, 3.0, 0.0, 4.0, 0.0, 0.0)
    (array,) = found["arrays"]
    assert (array["association"], array["name"], array["type"], array["tuples"]) == ("POINTS", "RTData", "float", 30)
    low, high = array["ranges"][0]
    assert 0 < low < high < 300
    assert array["magnitude_range"] is None


def test_vectors_have_a_range_per_component_and_one_of_the_magnitude() -> None:
    found = describe_output(updated("SphereSource", Radius=2.0))
    normals = next(array for array in found["arrays"] if array["name"] == "Normals")
    assert len(normals["ranges"]) == 3
    assert normals["magnitude_range"] == pytest.approx((1.0, 1.0), abs=1e-5)
    assert found["memory_kib"] > 0


def test_no_output_and_no_bounds() -> None:
    found = describe_output(construct("SphereSource"))
    assert (found["points"], found["bounds"], found["arrays"]) == (0, None, [])
    assert describe_data(None)["type"] == ""


def test_a_port_that_does_not_exist() -> None:
    with pytest.raises(PipelineError, match="vtkSphereSource has no output port 3; it has 1"):
        describe_output(construct("SphereSource"), 3)


def test_a_table_with_strings_and_nothing() -> None:
    table = vtkTable()
    names, numbers = vtkStringArray(), vtkDoubleArray()
    names.SetName("names")
    numbers.SetName("numbers")
    names.InsertNextValue("one")
    numbers.InsertNextValue(float("nan"))
    table.AddColumn(names)
    table.AddColumn(numbers)
    found = describe_data(table)
    assert found["rows"] == 1
    assert [(one["association"], one["name"], one["ranges"]) for one in found["arrays"]] == [
        ("ROWS", "names", [None]),
        ("ROWS", "numbers", [None]),
    ]


def composite() -> Any:
    blocks = vtkMultiBlockDataSet()
    for index, (name, radius) in enumerate([("small", 1.0), ("big", 3.0)]):
        blocks.SetBlock(index, updated("SphereSource", Radius=radius).GetOutput())
        blocks.GetMetaData(index).Set(vtkCompositeDataSet.NAME(), name)
    elevated = updated("RTAnalyticSource", WholeExtent=(0, 1, 0, 1, 0, 1)).GetOutput()
    inner = vtkMultiBlockDataSet()
    inner.SetBlock(0, elevated)
    blocks.SetBlock(2, inner)
    return blocks


def test_a_composite_has_totals_united_arrays_and_named_blocks() -> None:
    found = describe_data(composite())
    assert found["points"] == 50 + 50 + 8
    assert found["bounds"] == pytest.approx((-2.92, 2.92, -2.92, 2.92, -3.0, 3.0), abs=0.1)
    assert [block["name"] for block in found["blocks"]] == ["small", "big", "Block 2"]
    assert found["blocks"][2]["blocks"][0]["type"] == "vtkImageData"
    arrays = {array["name"]: array for array in found["arrays"]}
    assert arrays["Normals"]["tuples"] == 100
    assert arrays["Normals"]["partial"] and arrays["RTData"]["partial"]


@pytest.mark.parametrize("data", [composite(), updated("RTAnalyticSource").GetOutput()], ids=["composite", "image"])
def test_descriptions_are_plain(data: Any) -> None:
    assert msgpack.unpackb(msgpack.packb(describe_data(data)))["points"] == data.GetNumberOfPoints()


def test_a_shallow_copy_keeps_its_values_when_the_producer_executes_again() -> None:
    sphere = updated("SphereSource", Radius=1.0)
    copy = shallow_output(sphere)
    set_properties(sphere, {"Radius": 5.0, "ThetaResolution": 30})
    sphere.Update()
    assert describe_data(copy)["bounds"][5] == pytest.approx(1.0)
    assert copy.GetNumberOfPoints() == 50


def test_time_steps_are_announced_by_the_pipeline() -> None:
    found = describe_output(updated("SpatioTemporalHarmonicsSource"))
    assert found["time_steps"] == pytest.approx([step * math.pi / 10 for step in range(20)])
    assert found["time_range"] == (found["time_steps"][0], found["time_steps"][-1])
    assert describe_output(updated("SphereSource"))["time_steps"] == []


@pytest.mark.parametrize("components", [1, 2, 3, 9])
@pytest.mark.parametrize(
    ("dtype", "spoilt"),
    [
        *itertools.product(("f4", "f8"), ("", "nan", "infinite", "both", "a column")),
        *((dtype, "") for dtype in ("i1", "u1", "i2", "i4", "i8", "u8")),
    ],
)
def test_ranges_of_large_arrays_are_those_of_vtk(dtype: str, components: int, spoilt: str) -> None:
    random = np.random.default_rng(components)
    count = 50_000 // components + 1
    if np.dtype(dtype).kind == "f":
        values = (random.normal(size=(count, components)) * 1e3).astype(dtype)
        if spoilt in ("nan", "both"):
            values[random.integers(0, count, 50), random.integers(0, components, 50)] = np.nan
        if spoilt in ("infinite", "both"):
            values[random.integers(0, count, 50), random.integers(0, components, 50)] = np.inf
            values[7, 0] = -np.inf
        if spoilt == "a column":
            values[:, 0] = np.nan
    else:
        limits = np.iinfo(dtype)
        values = random.integers(limits.min, limits.max, (count, components), dtype, endpoint=True)
    by_vtk, found = (numpy_to_vtk(np.ascontiguousarray(values), deep=True) for _ in range(2))
    if np.dtype(dtype).kind in "iu" and components > 1:
        as_doubles = values.astype(np.float64)
        assert finite_range(found, -1) == finite_range(numpy_to_vtk(as_doubles, deep=True), -1), "as of real numbers"
        assert finite_range(numpy_to_vtk(values[:9], deep=True), -1) == finite_range(numpy_to_vtk(as_doubles[:9]), -1)
    for component in (*([-1] if np.dtype(dtype).kind == "f" else []), *range(components)):
        find_ranges(found, component)
        for kind in ("GetRange", "GetFiniteRange"):
            found_one, by_vtk_one = getattr(found, kind)(component), getattr(by_vtk, kind)(component)
            assert found_one == pytest.approx(by_vtk_one, rel=0, abs=0, nan_ok=True), (kind, component)
    values[:] = 1
    vtk_to_numpy(found)[:] = 1
    found.Modified()
    assert finite_range(found, 0) == full_range(found, 0) == (1.0, 1.0), "what was known of it is forgotten"


@pytest.mark.alone
def test_who_looks_for_ranges_leaves_the_lock_to_others() -> None:
    array = numpy_to_vtk(np.random.default_rng(0).random((8_000_000, 3)).astype(np.float32), deep=False)

    def look() -> None:
        array.Modified()
        assert finite_range(array, -1) is not None and full_range(array, 1) is not None

    assert longest_kept(look) < scaled(0.02)


@pytest.mark.alone
def test_who_makes_an_array_leaves_the_lock_to_others() -> None:
    values = np.random.default_rng(0).random((4_000_000, 3))
    made = array_of(values, "values")
    assert np.array_equal(vtk_to_numpy(made), values) and not np.shares_memory(vtk_to_numpy(made), values)
    assert longest_kept(lambda: array_of(values, "values")) < scaled(0.02)


@pytest.mark.alone
def test_bounds_of_very_many_points_are_those_of_vtk_and_leave_the_lock_to_others() -> None:
    places = np.random.default_rng(0).normal(size=(3_000_000, 3)).astype(np.float32)
    limits = tuple(float(one) for column in places.T for one in (column.min(), column.max()))
    points = vtkPoints()
    points.SetData(numpy_to_vtk(places))
    cells = vtkCellArray()
    cells.SetData(numpy_to_vtk(np.arange(0, 3_000_001, 3, dtype=np.int64)), numpy_to_vtk(np.arange(3_000_000)))
    for data in (vtkPolyData(), vtkUnstructuredGrid()):
        data.SetPoints(points)
        data.SetPolys(cells) if isinstance(data, vtkPolyData) else data.SetCells(5, cells)

        def look(data: Any = data) -> None:
            points.Modified()
            data.Modified()
            find_bounds(data)
            assert data.GetBounds() == limits

        find_bounds(data)  # what it needs is imported
        assert longest_kept(look) < scaled(0.02)


def test_to_hand_out_an_output_is_to_look_at_no_number() -> None:
    """VTK keeps the ranges that it has found with an array, and keeps the interpreter while it looks for them."""
    model = DataModel(QuietSink())
    model.update([{"id": 1, "type": "Wavelet", "properties": {"WholeExtent": [0, 99, 0, 99, 0, 109]}}])
    assert model.execute(1, 0, cancelled=lambda: None)
    array = model.pipeline.output_data(1).GetPointData().GetArray("RTData")
    pieces = list(model.pieces(Fetch(id=1), None))
    assert sum(one.nbytes for piece in pieces for one in piece.buffers) > 4 * array.GetNumberOfValues() == 4_400_000
    assert not array.HasInformation()
    assert model.information(1, 0)["arrays"][0]["ranges"] == [array.GetRange()] and array.HasInformation()
    model.close()
