"""The steepness of images, at their sides as well, against numbers by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.apvdata import image, made_of, numbers, places, with_points

TURN = (0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1)


def marked(data: Any, values: Any) -> Any:
    with_points(data, f=values, other=np.zeros(data.GetNumberOfPoints()))
    data.GetPointData().SetActiveScalars("f")
    return data


@pytest.mark.parametrize("kind", ["f8", "f4", "i2", "u1"])
@pytest.mark.parametrize("direction", [None, TURN], ids=["straight", "turned"])
def test_a_slope_is_as_steep_everywhere(kind: str, direction: Any) -> None:
    flat = image(5, 4, 3, spacing=(1, 2, 0.5))
    data = image(5, 4, 3, spacing=(1, 2, 0.5), direction=direction, origin=(7, 8, 9), first=(3, 2, 1))
    found = made_of("GradientMagnitude", marked(data, (places(flat) @ (3, 5, 14)).astype(kind)))
    assert numbers(found, "f") == pytest.approx(np.full(60, np.sqrt(9 + 25 + 196)), rel=1e-6)
    assert numbers(found, "f").dtype == (np.float32 if kind == "f4" else np.float64)
    assert found.GetExtent() == data.GetExtent() and found.GetPointData().GetScalars().GetName() == "f"
    assert (numbers(found, "other") == 0).all()


def test_z_counts_only_in_three_dimensions_and_an_axis_of_one_point_does_not() -> None:
    data = marked(image(4, 4, 3), places(image(4, 4, 3)) @ (3, 4, 12))
    two = made_of("GradientMagnitude", data, {"Dimensionality": "Two"})
    assert numbers(two, "f") == pytest.approx(np.full(48, 5.0))
    assert numbers(made_of("GradientMagnitude", data), "f") == pytest.approx(np.full(48, 13.0))
    sheet = marked(image(4, 1, 3), places(image(4, 1, 3)) @ (3, 99, 4))
    assert numbers(made_of("GradientMagnitude", sheet), "f") == pytest.approx(np.full(12, 5.0))


def test_inside_it_is_that_of_the_values_on_both_sides() -> None:
    values = np.random.default_rng(2).random((3, 3, 3))
    found = numbers(made_of("GradientMagnitude", marked(image(3, 3, 3), values.ravel())), "f")
    steps = [values[1, 1, 2] - values[1, 1, 0], values[1, 2, 1] - values[1, 0, 1], values[2, 1, 1] - values[0, 1, 1]]
    assert found[13] == pytest.approx(np.linalg.norm(steps) / 2)
    assert found[0] == pytest.approx(np.linalg.norm(values[[0, 0, 1], [0, 1, 0], [1, 0, 0]] - values[0, 0, 0]))


def test_without_scalars_it_says_so() -> None:
    with pytest.raises(ExecutionFailed, match="no array is marked"):
        made_of("GradientMagnitude", with_points(image(3, 3, 3), f=np.zeros(27)))
