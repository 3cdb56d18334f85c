"""Integers that are averaged, interpolated or summed over time: the same numbers as of doubles, with their fractions.

The right values are those of the same data as float64, and closed forms where there is one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkBitArray, vtkDoubleArray
from vtkmodules.vtkCommonDataModel import vtkDataSetAttributes, vtkImageData, vtkMultiBlockDataSet

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.geometry import doubles
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.toml_definitions import composition

from ..harness.apvdata import create
from .test_curated import CASES, named
from .test_curated import pipeline as inputs_of_all_kinds

INTEGERS = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "bit"]
DATA = 1
TRIED = 20


def vtk_array(values: Any, name: str, dtype: str) -> Any:
    values = np.asarray(values)
    if dtype == "bit":
        array = vtkBitArray()
        array.SetNumberOfComponents(values.shape[1] if values.ndim > 1 else 1)
        array.SetNumberOfTuples(len(values))
        for index, value in enumerate(values.ravel().tolist()):
            array.SetValue(index, value)
    else:
        array = numpy_to_vtk(values.astype(dtype), deep=True)
    array.SetName(name)
    return array


def numbers(array: Any) -> Any:
    made = vtkDoubleArray()
    made.DeepCopy(array)
    return vtk_to_numpy(made)


def holding(data: Any, id: int = DATA) -> Pipeline:
    made = Pipeline()
    made.create(id, "vtkTrivialProducer")
    made.algorithm(id).SetOutput(data)
    return made


def image(dtype: str, x: float = 0.0) -> vtkImageData:
    """3 x 3 x 3 points with x + 2y + 4z mod 2 (or mod 7) of point, and the numbers of the cells mod 2 (or 8)."""
    made = vtkImageData()
    made.SetDimensions(3, 3, 3)
    made.SetOrigin(x, 0, 0)
    modulus = 2 if dtype.startswith("bit") else 7
    kind = "f8" if dtype.endswith("float") else dtype
    at = np.arange(27) ** 2 % modulus
    made.GetPointData().AddArray(vtk_array(at, "p", kind))
    made.GetPointData().AddArray(vtk_array(np.column_stack([at, at[::-1], at]), "v", kind))
    made.GetCellData().AddArray(vtk_array(np.arange(8) ** 2 % modulus, "c", kind))
    return made


def executed(data: Any, name: str, properties: dict[str, Any], port: str = "Input", **others: Any) -> Any:
    made = holding(data)
    inputs = {port: [(DATA, 0)]}
    for index, (other, source) in enumerate(others.items()):
        made.create(2 + index, *source)
        inputs[other] = [(2 + index, 0)]
    create(made, TRIED, name, properties, inputs)
    Executor().execute(made, TRIED)
    return made.output_data(TRIED)


POINTS_BETWEEN: dict[str, dict[str, Any]] = {
    "Contour": {"ContourBy": ["POINTS", "p"], "Isosurfaces": [0.3]},
    "Slice": {},
    "Clip": {},
    "ClipByScalar": {"Scalars": ["POINTS", "p"], "Value": 0.3},
    "IsoVolume": {"InputScalars": ["POINTS", "p"], "ThresholdRange": [0.3, 0.6]},
    "PlotOverLine": {"Point1": [0.1, 0.2, 0.3], "Point2": [1.9, 1.7, 1.6], "Resolution": 7},
    "ProbeLocation": {"ProbeType.Center": [0.3, 0.4, 1.1]},
    "ResampleToImage": {"SamplingDimensions": [4, 4, 4]},
    "AdaptiveResampleToImage": {"SamplingDimensions": [6, 6, 6], "NumberOfImages": 1},
    "PointDatatoCellData": {},
    "CellDatatoPointData": {},
}


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name", POINTS_BETWEEN)
def test_what_lies_between_integers_is_what_lies_between_doubles(name: str, dtype: str) -> None:
    properties = dict(POINTS_BETWEEN[name])
    expected, found = (
        executed(image(one), name, properties) for one in ("bitfloat" if dtype == "bit" else "float", dtype)
    )
    expected, found = next(parts(expected)), next(parts(found))
    for association in (0, 1):
        wanted = expected.GetAttributes(association)
        for index in range(wanted.GetNumberOfArrays()):
            array = wanted.GetArray(index)
            other = found.GetAttributes(association).GetArray(array.GetName())
            np.testing.assert_allclose(numbers(other), numbers(array), rtol=1e-6, atol=1e-6, err_msg=array.GetName())


def test_averages_of_cells_and_points_are_those_of_paper() -> None:
    line = vtkImageData()
    line.SetDimensions(3, 1, 1)
    line.GetPointData().AddArray(vtk_array([0, 1, 4], "p", "u1"))
    line.GetCellData().AddArray(vtk_array([2, 5], "c", "u1"))
    found = executed(line, "PointDatatoCellData", {})
    assert numbers(found.GetCellData().GetArray("p")).tolist() == [0.5, 2.5]
    found = executed(line, "CellDatatoPointData", {})
    assert numbers(found.GetPointData().GetArray("c")).tolist() == [2, 3.5, 5]


def test_averages_of_large_integers_keep_the_digits_of_doubles() -> None:
    line = vtkImageData()
    line.SetDimensions(2, 1, 1)
    line.GetPointData().AddArray(vtk_array([2**31 - 3, 2**31 - 2], "p", "i4"))
    found = executed(line, "PointDatatoCellData", {})
    assert numbers(found.GetCellData().GetArray("p")).tolist() == [2**31 - 2.5]


def categories() -> Any:
    data = image("u1")
    data.GetPointData().SetActiveScalars("p")
    return data


def test_the_most_frequent_category_is_no_average() -> None:
    found = executed(categories(), "PointDatatoCellData", {"CategoricalData": True})
    assert not np.any(numbers(found.GetCellData().GetArray("p")) % 1)


def test_averaging_may_be_switched_on_later() -> None:
    made = holding(categories())
    made.create(TRIED, "PointDatatoCellData", {"CategoricalData": True}, {"Input": [(DATA, 0)]})
    Executor().execute(made, TRIED)
    made.modify(TRIED, {"CategoricalData": False})
    Executor().execute(made, TRIED)
    found = numbers(made.output_data(TRIED).GetCellData().GetArray("p"))
    expected = executed(image("float"), "PointDatatoCellData", {})
    np.testing.assert_allclose(found, numbers(expected.GetCellData().GetArray("p")))


@pytest.mark.parametrize(
    ("data", "properties", "told"),
    [(image("u1"), {}, "none marked"), (categories(), {"ProcessAllArrays": False}, "switch one of them")],
)
def test_categories_that_vtk_makes_nothing_of_are_refused(data: Any, properties: dict[str, Any], told: str) -> None:
    with pytest.raises(ExecutionFailed, match=told):
        executed(data, "PointDatatoCellData", {"CategoricalData": True, **properties})


def test_a_blurred_image_of_bytes_is_that_of_doubles() -> None:
    made = []
    for dtype in ("float", "u1", "bit"):
        data = image(dtype)
        data.GetPointData().SetActiveScalars("p")
        found = executed(data, "ImageGaussianSmooth", {"StandardDeviations": [1, 1, 1]})
        made.append(numbers(found.GetPointData().GetArray("p")))
    np.testing.assert_allclose(made[1], made[0], atol=1e-9)
    assert set(np.round(made[2] % 1, 6)) != {0.0}


def test_points_that_become_one_have_the_average_of_their_integers() -> None:
    square = executed(image("u1"), "ExtractSubset", {"VOI": [0, 2, 0, 2, 0, 0]})
    cells = executed(square, "Shrink", {"ShrinkFactor": 1.0})
    count = cells.GetNumberOfPoints()
    for association in (cells.GetPointData(), cells.GetCellData()):
        association.Initialize()
    cells.GetPointData().AddArray(vtk_array(np.arange(count) // 4, "cell", "i4"))
    found = executed(cells, "CleantoGrid", {"AveragePointData": True})
    assert sorted(set(numbers(found.GetPointData().GetArray("cell")).tolist())) == [0, 0.5, 1, 1.5, 2, 2.5, 3]


def test_weights_of_a_kernel_give_fractions() -> None:
    plane = ("Plane", {"Origin": [0.2, 0.3, 0.6], "Point1": [1.8, 0.3, 0.6], "Point2": [0.2, 1.6, 0.6]})
    made = holding(image("u1"))
    made.create(2, *plane)
    made.create(3, "objects/vtkShepardKernel", {"Radius": 1.5})
    made.create(TRIED, "PointDatasetInterpolator", {}, {"Input": [(DATA, 0)], "Source": [(2, 0)]}, {"Kernel": 3})
    Executor().execute(made, TRIED)
    assert np.any(numbers(made.output_data(TRIED).GetPointData().GetArray("p")) % 1)


def test_blocks_are_averaged_each_with_the_type_that_it_has() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, image("u1"))
    blocks.SetBlock(1, image("float", 5.0))
    found = executed(blocks, "PointDatatoCellData", {})
    first, second = (numbers(leaf.GetCellData().GetArray("p")) for leaf in parts(found))
    np.testing.assert_allclose(first, second, atol=1e-6)


def test_ids_and_marks_stay_what_they_are() -> None:
    data = image("i8")
    ids = vtk_array(np.arange(27), "ids", "i8")
    data.GetPointData().SetGlobalIds(ids)
    data.GetPointData().AddArray(vtk_array(np.zeros(27), vtkDataSetAttributes.GhostArrayName(), "u1"))
    found = executed(data, "PointDatatoCellData", {"PassPointData": True})
    kinds = {name: found.GetPointData().GetArray(name).GetDataTypeAsString() for name in ("ids", "vtkGhostType", "p")}
    assert kinds == {"ids": "long", "vtkGhostType": "unsigned char", "p": "double"}


def test_of_integers_that_no_double_holds_it_is_told() -> None:
    data = image("float")
    data.GetPointData().AddArray(vtk_array(2**53 + 1 + np.arange(27), "id", "i8"))
    made = holding(data)
    made.create(2, "objects/Plane", {"Origin": [0.5, 0, 0], "Normal": [1, 0, 0]})
    made.create(TRIED, "Clip", {"Invert": False}, {"Input": [(DATA, 0)]}, {"ClipType": 2})
    said: list[Message] = []
    Executor().execute(made, TRIED, on_message=said.append)
    assert made.output_data(TRIED).GetPointData().GetArray("id").GetDataTypeAsString() == "long"
    assert [(one.severity, "id" in one.text and "2**53" in one.text) for one in said] == [("warning", True)]


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("name", ["Slice", "Clip", "Contour", "PlotOverLine", "ResampleToImage"])
def test_huge_arrays_are_read_without_a_copy_and_give_the_same(
    name: str, marked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubles, "HUGE", 20)
    made = []
    for dtype in ("float", "u1"):
        data = image(dtype)
        if marked:
            data.GetPointData().SetActiveScalars("p")
        found = executed(data, name, dict(POINTS_BETWEEN[name]))
        made.append([numbers(found.GetPointData().GetArray(one)) for one in ("p", "v")])
    for expected, values in zip(*made, strict=True):
        np.testing.assert_allclose(values, expected, atol=1e-6)


def test_large_arrays_of_short_integers_take_half_of_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doubles, "LARGE", 20)
    found = executed(image("u1"), "Slice", {})
    assert found.GetPointData().GetArray("v").GetDataTypeAsString() == "float"
    expected = executed(image("float"), "Slice", {}).GetPointData().GetArray("v")
    np.testing.assert_allclose(numbers(found.GetPointData().GetArray("v")), numbers(expected), atol=1e-6)


def test_bare_classes_average_like_the_curated_ones() -> None:
    found = executed(image("u1"), "vtkCellDataToPointData", {})
    expected = executed(image("float"), "vtkCellDataToPointData", {})
    np.testing.assert_allclose(
        numbers(found.GetPointData().GetArray("c")), numbers(expected.GetPointData().GetArray("c"))
    )


def test_what_is_no_integer_is_shared_not_copied() -> None:
    data = image("float")
    made = holding(data)
    made.create(TRIED, "Slice", {}, {"Input": [(DATA, 0)]})
    Executor().execute(made, TRIED)
    place = [part.vtk_name for part in composition("Slice").parts].index("PromoteIntegers")
    first = made.proxy(TRIED).algorithms[place].GetOutputDataObject(0)
    assert first.GetPointData().GetArray("p") is data.GetPointData().GetArray("p")


NOT_COMPARED = {
    *("Glyph", "GaussianResampling", "StreamTracer", "RandomAttributes", "ProgrammableFilter", "Reflect"),
    *("RotationalExtrusion", "VolumeOfRevolution"),
}
"""They draw random numbers, or need scripts, or take vectors of bytes for colours (see `test_vectors_turn`)."""
OF_TIME = {"PlotDataOverTime", "PlotSelectionOverTime", "TemporalInterpolator", "TemporalSmoothing"}
"""They need several times: see `test_integers_over_time`, `test_averages_around_times`, `test_statistics_over_time`."""


def with_integers(data: Any, dtype: str) -> Any:
    made = data.NewInstance()
    made.DeepCopy(data)
    for leaf in parts(made):
        for association in (0, 1) if leaf.IsA("vtkDataSet") else ():
            attributes = leaf.GetAttributes(association)
            count = (leaf.GetNumberOfPoints, leaf.GetNumberOfCells)[association]()
            values = np.random.default_rng(5).integers(0, 101, (count, 3))
            attributes.AddArray(vtk_array(values[:, 0], f"whole {association}", dtype))
            attributes.AddArray(vtk_array(values, f"vectors {association}", dtype))
    return made


def all_numbers(made: Pipeline) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for place, leaf in enumerate(parts(made.output_data(TRIED))):
        for association in range(7):
            attributes = leaf.GetAttributesAsFieldData(association)
            for index in range(attributes.GetNumberOfArrays() if attributes else 0):
                if (array := attributes.GetArray(index)) is not None:
                    found[place, association, array.GetName()] = numbers(array)
    return found


@pytest.mark.deep
@pytest.mark.parametrize("dtype", ["u1", "i8"])
@pytest.mark.parametrize("name", [one for one in named("filters") if one not in NOT_COMPARED | OF_TIME])
def test_every_filter_gives_of_integers_what_it_gives_of_doubles(name: str, dtype: str) -> None:
    inputs, properties, _ = CASES[name]
    results = []
    for kind in ("f8", dtype):
        sources, made = inputs_of_all_kinds(), Pipeline()
        connections: dict[str, list[tuple[int, int]]] = {}
        for port, ids in inputs.items():
            for id in ids:
                Executor().execute(sources, id)
                place = len(made) + 1
                made.create(place, "vtkTrivialProducer")
                made.algorithm(place).SetOutput(with_integers(sources.output_data(id), kind))
                connections.setdefault(port, []).append((place, 0))
        made.create(TRIED, name, properties, connections)
        Executor().execute(made, TRIED)
        results.append(all_numbers(made))
    expected, found = results
    assert expected.keys() == found.keys()
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, rtol=1e-5, atol=1e-3, err_msg=str(key))
