"""Translate, Rotate and Scale of a Transform: in whatever order they are set, and read as they were set."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonTransforms import vtkTransform

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.types.properties import get_property, set_properties

VALUES = {"Translate": (10.0, -2.0, 3.0), "Rotate": (20.0, 110.0, -75.0), "Scale": (-1.0, 2.0, 0.5)}


def wanted(point: tuple[float, float, float], values: dict[str, Any]) -> Any:
    """ParaView's order: scaled, then turned about y, x and z, then moved."""
    x, y, z = (math.radians(angle) for angle in values["Rotate"])
    about_x = np.array([[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]])
    about_y = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    about_z = np.array([[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]])
    scaled = np.multiply(values["Scale"], point)
    return about_z @ about_x @ about_y @ scaled + np.array(values["Translate"])


@pytest.mark.parametrize("order", list(itertools.permutations(VALUES)))
def test_the_order_in_which_they_are_set_does_not_matter(order: tuple[str, ...]) -> None:
    transform = vtkTransform()
    for name in order:
        assert set_properties(transform, {name: VALUES[name]}) == []
    assert transform.TransformPoint(1.0, 2.0, 3.0) == pytest.approx(wanted((1.0, 2.0, 3.0), VALUES))
    for name, value in VALUES.items():
        assert get_property(transform, name) == value
    moved = {**VALUES, "Translate": (0.0, 1.0, 0.0)}
    set_properties(transform, {"Translate": moved["Translate"]})
    assert transform.TransformPoint(1.0, 2.0, 3.0) == pytest.approx(wanted((1.0, 2.0, 3.0), moved))


@pytest.mark.parametrize("angles", [(120.0, 0.0, 0.0), (90.0, 0.0, 90.0), (0.0, 720.0, -180.0), (1e-9, 180.0, 360.0)])
def test_angles_are_read_as_they_were_set_without_a_warning(angles: tuple[float, float, float]) -> None:
    transform = vtkTransform()
    assert set_properties(transform, {"Rotate": angles}) == []
    assert get_property(transform, "Rotate") == angles
    before = transform.GetMTime()
    assert set_properties(transform, {"Rotate": angles}) == []
    assert transform.GetMTime() == before


def test_two_transforms_are_two() -> None:
    one, other = vtkTransform(), vtkTransform()
    set_properties(one, {"Translate": (1, 2, 3)})
    assert get_property(other, "Translate") == (0.0, 0.0, 0.0) and get_property(other, "Scale") == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    "values", [{"Scale": (1, 0, 1)}, {"Scale": (1, math.nan, 1)}, {"Rotate": (0, math.inf, 0)}, {"Translate": (1, 2)}]
)
def test_what_makes_no_transform_is_refused(values: dict[str, Any]) -> None:
    transform = vtkTransform()
    set_properties(transform, VALUES)
    with pytest.raises(InvalidProperty, match="expects 3"):
        set_properties(transform, values)
    assert transform.TransformPoint(1.0, 2.0, 3.0) == pytest.approx(wanted((1.0, 2.0, 3.0), VALUES))
