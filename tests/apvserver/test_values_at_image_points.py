"""Values of scattered points at those of an image: its extent begins anywhere, and its axes may be turned.

VTK's interpolator takes the points for those of an image whose extent begins at 0, and whose axes are those of space.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkPolyData

from apvserver.vtk.base.data_making import array_of, points_of

from ..harness.apvdata import create, executed, image, numbers, over, places

SLOPE = np.array([3.0, 5.0, 7.0])
KINDS: dict[str, dict[str, Any]] = {
    "at 0": {},
    "elsewhere": {"first": (2, -3, 4)},
    "turned": {"direction": (0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1)},
    "turned and elsewhere": {"first": (-2, 1, 0), "direction": (0, -1, 0, 1, 0, 0, 0, 0, 1)},
}
INTERPOLATORS = ["PointDatasetInterpolator", "PointInterpolator", "vtkPointInterpolator"]


def target(kind: str) -> Any:
    return image(5, 4, 3, origin=(10, 20, 30), spacing=(1, 1.5, 0.5), **KINDS[kind])


def scattered(where: Any) -> vtkPolyData:
    made = vtkPolyData()
    made.SetPoints(points_of(where))
    made.GetPointData().AddArray(array_of(where @ SLOPE, "f"))
    return made


def interpolated(type_name: str, source: Any, data: Any) -> Any:
    pipeline = over(source)
    pipeline.create(3, "TrivialProducer")
    pipeline.algorithm(3).SetOutput(data)
    bare = type_name.startswith("vtk")
    pipeline.create(4, "vtkVoronoiKernel")
    inputs = {"Source": [(1, 0)], "Input": [(3, 0)]} if bare else {"Input": [(1, 0)], "Source": [(3, 0)]}
    if bare:
        pipeline.create(2, type_name, {"PassPointArrays": False}, inputs, {"Kernel": 4})
    else:
        create(pipeline, 2, type_name, {}, inputs)
    return executed(pipeline, 2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("type_name", INTERPOLATORS)
def test_each_point_of_an_image_has_the_value_of_the_nearest(type_name: str, kind: str) -> None:
    data = target(kind)
    found = interpolated(type_name, scattered(places(data)[::-1] + 0.1), data)
    np.testing.assert_allclose(places(found), places(data), atol=1e-5)
    np.testing.assert_allclose(numbers(found, "f"), (places(data) + 0.1) @ SLOPE, rtol=1e-6)
    if "turned" not in kind:
        assert found.IsA("vtkImageData")


def test_images_in_blocks_have_theirs() -> None:
    blocks = vtkMultiBlockDataSet()
    for index, kind in enumerate(("elsewhere", "at 0")):
        blocks.SetBlock(2 * index, target(kind))
    where = np.concatenate([places(target("elsewhere")), places(target("at 0"))])
    found = interpolated("PointDatasetInterpolator", scattered(where), blocks)
    for index, kind in enumerate(("elsewhere", "at 0")):
        np.testing.assert_allclose(numbers(found.GetBlock(2 * index), "f"), places(target(kind)) @ SLOPE, rtol=1e-6)
