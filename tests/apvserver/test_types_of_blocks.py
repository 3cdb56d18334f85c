"""Blocks whose arrays of one name differ in type: sampled, integrated and followed as the type that holds both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkMultiBlockDataSet

from apvserver.vtk.base.vtk_messages import Message
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

RESULT = 9


def named(values: Any, name: str) -> Any:
    array = numpy_to_vtk(np.ascontiguousarray(values), deep=True)
    array.SetName(name)
    return array


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
