"""Numbers that make places or values without end are errors that name them, and leave no trace once they are set back.

Single precision ends at 3.4e38 (IEEE 754), and so do places of sources that have it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvdata import executed, image, made_of, numbers, over, places, with_points
from ..harness.sweep_data import poly, sphere
from ..harness.sweep_kinds import bad_places


@pytest.mark.parametrize(
    ("type_name", "properties", "named"),
    [
        ("Box", {"XLength": 1e39}, "XLength = 1e+39"),
        ("Cone", {"Height": float("inf")}, "Height = inf"),
        ("Cone", {"Direction": [1e-300, 0.0, 0.0]}, "Direction = "),
        ("Sphere", {"Center": [1.0, -1e300, 1.0]}, "Center = "),
    ],
)
def test_a_source_without_end_is_refused(type_name: str, properties: Any, named: str) -> None:
    pipeline = Pipeline()
    pipeline.create(1, type_name, properties)
    with pytest.raises(ExecutionFailed, match="the result has places that are no finite numbers") as caught:
        Executor().execute(pipeline, 1)
    assert named in str(caught.value)
    pipeline.modify(1, {}, unset=properties.keys())
    assert np.isfinite(places(executed(pipeline, 1))).all()


def test_so_are_places_that_a_filter_moves_there_and_values_that_it_makes() -> None:
    with pytest.raises(ExecutionFailed, match=r"places .* look at ScaleFactor = 1e[+]300"):
        made_of("WarpByVector", sphere(), {"ScaleFactor": 1e300})
    pipeline = Pipeline()
    pipeline.create(1, "Superquadric", {"Size": 0.0})
    with pytest.raises(ExecutionFailed, match=r"values .* look at Size = 0.0"):
        Executor().execute(pipeline, 1)
    with pytest.raises(ExecutionFailed, match=r"values .* look at ScalarRange = "):
        made_of("Elevation", sphere(), {"ScalarRange": [0.0, 1e300]})


def test_numbers_of_objects_are_named_with_the_property_that_holds_them() -> None:
    pipeline = over(poly(lines=[[0, 1, 2, 3], [4, 5, 6]]))
    pipeline.create(
        3, "objects/Box", {"UseReferenceBounds": True, "Bounds": [0.0] * 6, "Position": [0.0] * 3, "Length": [1.0] * 3}
    )
    pipeline.create(2, "Clip", {}, {"Input": [(1, 0)]}, {"ClipType": 3})
    with pytest.raises(ExecutionFailed, match=r"look at ClipType.Bounds = "):
        Executor().execute(pipeline, 2)


def test_an_error_is_remembered_and_gone_when_the_number_is_another() -> None:
    pipeline, executor = Pipeline(), Executor()
    pipeline.create(1, "Box", {"XLength": 1e39})
    for _ in range(2):
        with pytest.raises(ExecutionFailed, match="XLength"):
            executor.execute(pipeline, 1)
    pipeline.modify(1, {"XLength": 1e30})
    executor.execute(pipeline, 1)
    np.testing.assert_allclose(places(pipeline.output_data(1))[:, 0].max(), 5e29, rtol=1e-6)


def test_what_was_not_finite_before_is_no_news() -> None:
    made = made_of("Transform", bad_places(np.inf), {})
    assert np.isinf(places(made)).any()
    data = with_points(image(3, 3, 3), f=np.where(np.arange(27) % 2, np.nan, np.arange(27.0)))
    found = numbers(made_of("Threshold", data, {"LowerThreshold": -np.inf, "UpperThreshold": np.inf}), "f")
    assert np.isnan(found).any() or len(found) == 0


def test_gaps_outside_of_the_data_are_no_overflow() -> None:
    data = with_points(image(3, 3, 3), f=np.arange(27.0))
    made = made_of("PlotOverLine", data, {"Point1": [-1e16, 1.0, 1.0], "Point2": [1e16, 1.0, 1.0], "Resolution": 3})
    np.testing.assert_array_equal(numbers(made, "f"), np.full(4, np.nan))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_mark_where_nothing_is_may_be_no_numbers(value: float) -> None:
    """What was asked for there is no overflow; FillValue is that of the outermost points."""
    made = made_of("GaussianResampling", sphere(), {"ResamplingGrid": [9, 9, 9], "FillValue": value})
    splats = numbers(made, "SplatterValues").reshape(9, 9, 9)
    assert np.isfinite(splats[1:-1, 1:-1, 1:-1]).all()
    assert np.array_equal(splats[0], np.full((9, 9), value), equal_nan=True)
    made = made_of("GaussianResampling", sphere(), {"FillVolumeBoundary": False, "EmptyCellValue": value})
    assert np.array_equal(np.unique(numbers(made, "SplatterValues"))[-1:], [value], equal_nan=True)
