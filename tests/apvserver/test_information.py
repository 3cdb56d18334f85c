"""Outputs as plain values, and copies that survive the next execution of their producer."""

import math
from typing import Any

import msgpack
import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet, vtkMultiBlockDataSet, vtkTable

from apvserver.vtk.base.arrays import cached_range, considerate_range
from apvserver.vtk.base.errors import PipelineError
from apvserver.vtk.base.information import describe_data, describe_output, shallow_output
from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties


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


def test_ranges_of_large_arrays_are_those_of_vtk() -> None:
    random = np.random.default_rng(0)
    values = random.normal(size=(700_001, 3)).astype(np.float32)
    values[5] = np.nan
    for numbers, components in (
        (values, 3),
        (values[:, 0].copy(), 1),
        (random.integers(-9, 999, 2_000_000, np.int16), 1),
        (np.full(1_500_000, np.nan), 1),
    ):
        array = numpy_to_vtk(np.ascontiguousarray(np.tile(numbers, 2) if numbers.ndim == 1 else numbers), deep=True)
        for component in (*range(components), *([-1] if components > 1 else [])):
            expected = cached_range(array, component)
            found = considerate_range(array, component)
            assert found == (expected and pytest.approx(expected, rel=1e-6))
