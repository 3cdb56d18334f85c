"""What VTK makes at random is the same at each execution, whatever was made before in the process."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkMath
from vtkmodules.vtkFiltersSources import vtkPointSource

from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import executed, made_of, numbers, over, places
from ..harness.sweep_data import HIDDEN_CELL, HIDDEN_POINT, ghosts, image


def test_points_at_random_are_where_vtk_has_them_in_a_new_process_at_each_execution() -> None:
    vtkMath.RandomSeed(1177)
    plain = vtkPointSource()
    plain.SetNumberOfPoints(20)
    plain.Update()
    pipeline = Pipeline()
    for id_ in (1, 2):
        pipeline.create(id_, "PointCloud", {"NumberOfPoints": 20})
    found = [places(executed(pipeline, 1)), places(executed(pipeline, 2))]
    pipeline.touch(1)
    found.append(places(executed(pipeline, 1)))
    for one in found:
        np.testing.assert_array_equal(one, places(plain.GetOutput()))


@pytest.mark.parametrize(
    ("type_name", "properties"),
    [("StreamTracer", {}), ("RandomAttributes", {}), ("MaskPoints", {"RandomSampling": True}), ("ProbeLocation", {})],
)
def test_two_of_a_kind_make_the_same(type_name: str, properties: Any) -> None:
    first, second = (made_of(type_name, image(), properties) for _ in range(2))
    np.testing.assert_array_equal(places(first), places(second))
    for index in range(first.GetPointData().GetNumberOfArrays()):
        name = first.GetPointData().GetArrayName(index)
        np.testing.assert_array_equal(numbers(first, name), numbers(second, name))


def test_marks_of_ghosts_are_not_interpolated() -> None:
    pipeline = over(ghosts(image(), HIDDEN_POINT, HIDDEN_CELL))
    pipeline.create(3, "Sphere", {"Center": [2.0, 4.0, 6.0]})
    pipeline.create(2, "PointDatasetInterpolator", {"PassPointArrays": True}, {"Input": [(1, 0)], "Source": [(3, 0)]})
    attributes = executed(pipeline, 2).GetPointData()
    assert [attributes.GetArrayName(index) for index in range(attributes.GetNumberOfArrays())] == ["p", "pv", "Normals"]
