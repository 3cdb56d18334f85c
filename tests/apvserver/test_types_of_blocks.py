"""Blocks whose arrays of one name differ in type: kept as the type that holds both, never dropped in silence."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from apvserver.vtk_bridge.execution import Executor
from apvserver.vtk_bridge.messages import Message
from apvserver.vtk_bridge.pipeline import Pipeline

PAIRS = [("i4", "f8"), ("f8", "i4"), ("u1", "f4"), ("f4", "f8"), ("i8", "i4"), ("u1", "i1"), ("u2", "i8"), ("u8", "i4")]
RESULT = 9


def named(values: Any, name: str) -> Any:
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    return array


def plane(dtype: str, value: float, x: float = 0.0) -> Any:
    source = vtkPlaneSource()
    source.SetOrigin(x, 0, 0)
    source.SetPoint1(x + 1, 0, 0)
    source.SetPoint2(x, 1, 0)
    source.Update()
    made = source.GetOutput()
    for name in ("Normals", "TextureCoordinates"):
        made.GetPointData().RemoveArray(name)
    made.GetPointData().AddArray(named(np.full(4, value, dtype), "a"))
    made.GetCellData().AddArray(named(np.full(1, value, dtype), "a"))
    return made


def box(dtype: str, value: float, x: float) -> vtkImageData:
    made = vtkImageData()
    made.SetDimensions(3, 3, 3)
    made.SetOrigin(x, 0, 0)
    made.GetPointData().AddArray(named(np.full(27, value, dtype), "a"))
    made.GetPointData().AddArray(named(np.tile([1, 0, 0], (27, 1)).astype(dtype), "v"))
    made.GetCellData().AddArray(named(np.full(8, value, dtype), "c"))
    return made


def blocks(*members: Any) -> Any:
    made = vtkMultiBlockDataSet()
    for index, member in enumerate(members):
        made.SetBlock(index, member)
    return made


def executed(name: str, *data: Any, said: list[Message] | None = None, **properties: Any) -> Any:
    made = Pipeline()
    for index, one in enumerate(data):
        made.create(index + 1, "vtkTrivialProducer")
        made.algorithm(index + 1).SetOutput(one)
    made.create(RESULT, name, properties, {"Input": [(index + 1, 0) for index in range(len(data))]})
    Executor().execute(made, RESULT, on_message=None if said is None else said.append)
    return made.output_data(RESULT)


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("name", ["AppendDatasets", "AppendGeometry", "MergeBlocks"])
def test_what_is_merged_has_the_numbers_of_both(name: str, one: str, other: str) -> None:
    said: list[Message] = []
    members = (plane(one, 3), plane(other, 7.5 if other[0] == "f" else 7, 2.0))
    found = executed(name, *(members if name.startswith("Append") else [blocks(*members)]), said=said)
    expected = np.result_type(np.dtype(one), np.dtype(other))
    for attributes, count in ((found.GetPointData(), 4), (found.GetCellData(), 1)):
        values = vtk_to_numpy(attributes.GetArray("a"))
        assert values.dtype == expected
        assert values.tolist() == [3] * count + [7.5 if other[0] == "f" else 7] * count
    assert said == []


def test_two_kinds_of_integers_of_64_bits_are_merged() -> None:
    first, second = plane("i8", 3), plane("i8", 7, 2.0)
    array = named(np.full(4, 7, np.longlong), "a")
    second.GetPointData().AddArray(array)
    assert array.GetDataType() != first.GetPointData().GetArray("a").GetDataType()
    found = executed("AppendDatasets", first, second)
    assert vtk_to_numpy(found.GetPointData().GetArray("a")).tolist() == [3] * 4 + [7] * 4


def test_kinds_of_composites_and_single_data_sets_can_be_appended() -> None:
    found = executed("AppendDatasets", blocks(plane("u1", 1), plane("f8", 2, 2.0)), plane("i4", 3, 4.0))
    assert vtk_to_numpy(found.GetCellData().GetArray("a")).tolist() == [1, 2, 3]


def texts() -> Any:
    array = vtkStringArray()
    array.SetName("a")
    for _ in range(4):
        array.InsertNextValue("x")
    return array


def test_what_is_left_out_is_told() -> None:
    only_here, pair, with_texts = plane("f8", 1), plane("f8", 1), plane("f8", 1)
    only_here.GetCellData().AddArray(named(np.zeros(1), "b"))
    pair.GetPointData().AddArray(named(np.zeros((4, 2)), "a"))
    with_texts.GetPointData().AddArray(texts())
    for data, told in (
        (only_here, r"b of cells \(in 1 of 2\)"),
        (pair, r"a of points \(1 and 2 components\)"),
        (with_texts, r"a of points \(numbers and texts\)"),
    ):
        said: list[Message] = []
        executed("AppendDatasets", data, plane("f8", 2, 2.0), said=said)
        assert len(said) == 1 and said[0].severity == "warning"
        assert re.search(told, said[0].text)


def test_digits_that_are_lost_are_told() -> None:
    large = plane("i8", 1)
    large.GetPointData().AddArray(named(np.full(4, 2**53 + 1), "a"))
    said: list[Message] = []
    executed("AppendDatasets", large, plane("f8", 2, 2.0), said=said)
    assert [(one.severity, one.text.startswith("a: integers beyond 2**53")) for one in said] == [("warning", True)]


def test_ghosts_of_one_part_stay_ghosts() -> None:
    first = plane("f8", 1)
    first.GetCellData().AddArray(named(np.array([1], "u1"), "vtkGhostType"))
    found = executed("AppendDatasets", first, plane("f8", 2, 2.0))
    assert vtk_to_numpy(found.GetCellData().GetArray("vtkGhostType")).tolist() == [1, 0]


@pytest.mark.parametrize(("one", "other"), [("f4", "f8"), ("f8", "f4"), ("i4", "f4"), ("f8", "u1")])
def test_integrals_and_samples_of_blocks_take_both(one: str, other: str) -> None:
    two = blocks(box(one, 2.0, 0.0), box(other, 7.0, 2.0))
    found = executed("IntegrateVariables", two)
    assert vtk_to_numpy(found.GetPointData().GetArray("a"))[0] == pytest.approx(8 * 2 + 8 * 7)
    assert vtk_to_numpy(found.GetCellData().GetArray("c"))[0] == pytest.approx(8 * 2 + 8 * 7)
    found = executed("ResampleToImage", two, SamplingDimensions=[5, 3, 3])
    along = vtk_to_numpy(found.GetPointData().GetArray("a"))[:5]
    assert along[[0, 1, 3, 4]] == pytest.approx([2, 2, 7, 7])
    lines = executed("StreamTracer", two, Vectors=["POINTS", "v"])
    assert set(np.round(vtk_to_numpy(lines.GetPointData().GetArray("a")), 6).tolist()) >= {2, 7}


def test_where_a_block_has_no_such_array_samples_are_no_numbers() -> None:
    first, second = box("i4", 2, 0.0), box("i4", 7, 2.0)
    second.GetPointData().AddArray(named(np.full(27, 5, "u1"), "here"))
    found = executed("ResampleToImage", blocks(first, second), SamplingDimensions=[5, 3, 3])
    along = vtk_to_numpy(found.GetPointData().GetArray("here"))[:5]
    assert along[3:] == pytest.approx([5, 5]) and np.isnan(along[:2]).all()


def test_of_an_integral_that_is_not_made_it_is_told() -> None:
    first, second = box("f4", 2, 0.0), box("f4", 7, 2.0)
    second.GetPointData().AddArray(named(np.full(27, 5.0), "here"))
    said: list[Message] = []
    executed("IntegrateVariables", blocks(first, second), said=said)
    assert [(one.severity, "here of points (in 1 of 2)" in one.text) for one in said] == [("warning", True)]
