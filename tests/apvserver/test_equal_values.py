"""Nothing is said of values that VTK keeps as they were meant."""

from __future__ import annotations

from typing import Any

import pytest

from apvserver.vtk.types.catalog import construct
from apvserver.vtk.types.properties import set_properties


@pytest.mark.parametrize(
    ("type_name", "values"),
    [
        ("PNGReader", {"FileName": None}),
        ("DelimitedTextReader", {"InputString": ""}),
        ("ArrayCalculator", {"Function": None}),
        ("SphereSource", {"Radius": 0.1, "Center": (0.1, 0.2, 0.3)}),
        ("Glyph3D", {"ScaleFactor": 1 / 3, "Range": (0.1, 0.7)}),
        ("STLReader", {"FileName": "a.stl"}),
    ],
)
def test_no_adjustment_is_told(type_name: str, values: dict[str, Any]) -> None:
    algorithm = construct(type_name)
    assert set_properties(algorithm, values) == []
    assert set_properties(algorithm, values) == []


def test_a_value_that_vtk_changed_is_told() -> None:
    (adjustment,) = set_properties(construct("SphereSource"), {"ThetaResolution": 1})
    assert (adjustment.property, adjustment.requested, adjustment.actual) == ("ThetaResolution", 1, 3)
