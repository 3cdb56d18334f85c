"""Blocks in which there is nothing, and blocks that are not there, keep no filter from the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData

from apvserver.vtk.base.blocks import parts
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Capture, Report
from apvserver.vtk.pipeline.execution import Executor

from ..harness.apvdata import made_of, numbers, over
from ..harness.sweep_data import hexahedra, image, sphere
from ..harness.sweep_kinds import multiblock

TYPES = ("Curvature", "Decimate", "ExtractGeometryByFunction", "MergeVectorComponents", "Smooth", "TextureMaptoPlane")


def leaves(data: Any) -> list[Any]:
    return [one for one in parts(data) if one.GetNumberOfPoints()]


@pytest.mark.parametrize("type_name", TYPES)
def test_what_is_made_of_the_others_is_what_is_made_of_them_alone(type_name: str) -> None:
    block = image() if type_name == "ExtractGeometryByFunction" else sphere()
    made = made_of(type_name, multiblock(None, block, vtkImageData(), multiblock(None), vtkPolyData()))
    (found,), (alone,) = leaves(made), leaves(made_of(type_name, multiblock(block)))
    assert (found.GetNumberOfPoints(), found.GetNumberOfCells()) == (
        alone.GetNumberOfPoints(),
        alone.GetNumberOfCells(),
    )
    for name in {"c", "p"} & {
        found.GetPointData().GetArrayName(i) for i in range(found.GetPointData().GetNumberOfArrays())
    }:
        np.testing.assert_array_equal(numbers(found, name), numbers(alone, name))


@pytest.mark.parametrize("type_name", TYPES)
def test_of_empty_blocks_alone_nothing_is_made(type_name: str) -> None:
    assert leaves(made_of(type_name, multiblock(None, vtkPolyData()))) == []


def test_that_something_failed_is_told_only_where_nothing_says_why() -> None:
    captured, failed = Capture(), "vtkPipeline: Algorithm vtkX returned failure for request: REQUEST_DATA"
    captured.reports.append(Report("error", failed))
    assert captured.errors == [failed]
    captured.reports.append(Report("error", "vtkX: no triangles"))
    assert captured.errors == ["vtkX: no triangles"]


def test_the_reason_of_a_filter_of_vtk_stands_alone() -> None:
    pipeline = over(hexahedra())
    pipeline.create(2, "Plane", {"Point1": [0.0, 0, 0], "Point2": [0.0, 0, 0], "Origin": [0.0, 0, 0]})
    with pytest.raises(ExecutionFailed) as caught:
        Executor().execute(pipeline, 2)
    assert caught.value.messages == ("vtkPlaneSource: Bad plane coordinate system",)
