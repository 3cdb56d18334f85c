"""What is filled in and what was set follow each change: of objects, of their users, and changes that were refused."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.filling import filled_values
from apvserver.vtk.pipeline.proxies import Pipeline

PLANE, TRANSFORM, LOW, HIGH, FIRST, SECOND = range(1, 7)


@pytest.fixture
def pipeline() -> Pipeline:
    """Two slices of spheres at z 1 and 5 that hold the same plane, along z."""
    made = Pipeline()
    made.create(PLANE, "objects/Plane", {"Normal": [0, 0, 1]})
    made.create(TRANSFORM, "objects/Transform")
    made.create(LOW, "Sphere", {"Center": [0, 0, 1], "Radius": 5.0})
    made.create(HIGH, "Sphere", {"Center": [0, 0, 5], "Radius": 5.0})
    made.create(FIRST, "Slice", {}, {"Input": [(LOW, 0)]}, {"SliceType": PLANE})
    made.create(SECOND, "Slice", {}, {"Input": [(HIGH, 0)]}, {"SliceType": PLANE})
    return made


def executed(pipeline: Pipeline, id_: int) -> Any:
    Executor().execute(pipeline, id_)
    return pipeline.output_data(id_)


def height(pipeline: Pipeline, id_: int) -> float:
    """At which z a slice lies."""
    low, high = executed(pipeline, id_).GetBounds()[4:]
    assert low == pytest.approx(high)
    return float(low)


def test_an_object_that_is_set_back_is_filled_again(pipeline: Pipeline) -> None:
    assert height(pipeline, FIRST) == pytest.approx(1.0)
    pipeline.modify(PLANE, {"Normal": [0, 0, 1], "Origin": [0, 0, 3]})
    assert height(pipeline, FIRST) == pytest.approx(3.0)
    pipeline.modify(PLANE, {"Normal": [0, 0, 1]}, unset=["Origin"])
    assert height(pipeline, FIRST) == pytest.approx(1.0)
    assert filled_values(pipeline, pipeline.proxy(FIRST))["SliceType.Origin"] == pytest.approx([0, 0, 1])


@pytest.mark.parametrize("how", ["deleted", "unset", "replaced"])
def test_a_shared_object_follows_who_holds_it_still(pipeline: Pipeline, how: str) -> None:
    assert [height(pipeline, FIRST), height(pipeline, SECOND)] == pytest.approx([1.0, 1.0])
    if how == "deleted":
        pipeline.delete(FIRST)
    elif how == "unset":
        pipeline.modify(FIRST, {}, unset=["SliceType"])
    else:
        pipeline.modify(FIRST, {}, {"SliceType": None})
    assert height(pipeline, SECOND) == pytest.approx(5.0)


def test_values_beside_an_object_that_is_refused_are_not_set(pipeline: Pipeline) -> None:
    pipeline.create(9, "vtkCutter", {}, {"Input": [(LOW, 0)]}, {"CutFunction": PLANE})
    before = executed(pipeline, 9).GetPointData().GetNumberOfArrays()
    with pytest.raises(InvalidProperty, match="CutFunction"):
        pipeline.modify(9, {"GenerateCutScalars": True}, {"Locator": None, "CutFunction": TRANSFORM})
    assert pipeline.proxy(9).objects == {"CutFunction": PLANE}
    assert pipeline.algorithm(9).GetCutFunction() is pipeline.algorithm(PLANE)
    assert executed(pipeline, 9).GetPointData().GetNumberOfArrays() == before


def test_what_was_filled_in_and_is_no_more_is_as_in_a_new_proxy(pipeline: Pipeline) -> None:
    pipeline.create(9, "Glyph", {}, {"Input": [(LOW, 0)]})
    executed(pipeline, 9)
    filled = pipeline.proxy(9).filled["ScaleFactor"]
    pipeline.create(10, "vtkPointSource", {"NumberOfPoints": 1, "Radius": 0.0})
    pipeline.connect(9, {"Input": [(10, 0)]})
    pipeline.create(11, "Glyph", {}, {"Input": [(10, 0)]})
    bounds = [executed(pipeline, id_).GetBounds() for id_ in (9, 11)]
    assert filled > 0
    assert "ScaleFactor" not in pipeline.proxy(9).filled
    assert bounds[0] == pytest.approx(bounds[1])
