"""Streamlines in polyhedra, in which VTK finds values of other places, are refused; in tetrahedra they are right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import VtkError

from ..harness.apvdata import made_of, numbers, places, with_points
from .test_gradients import polyhedra

GIVEN: dict[str, Any] = {
    "Vectors": ["POINTS", "v"], "SeedType.Point1": [0.5, 0.3, 0.4], "SeedType.Point2": [4.5, 0.6, 0.5],
    "SeedType.Resolution": 3,
}  # fmt: skip


def field() -> Any:
    data = polyhedra(5)
    where = places(data)
    return with_points(
        data, f=where @ [3.0, 5, 7], v=np.stack([where[:, 1], 1 - where[:, 0], 0 * where[:, 0] + 0.1], 1)
    )


@pytest.mark.parametrize("type_name", ["StreamTracer", "OverlappingCellsDetector"])
def test_they_are_refused_with_what_to_do(type_name: str) -> None:
    with pytest.raises(VtkError, match=r"polyhedra, on which it does not work; Tetrahedralize makes"):
        made_of(type_name, field(), GIVEN if type_name == "StreamTracer" else {})


def test_in_tetrahedra_each_value_is_that_of_its_place() -> None:
    found = made_of("StreamTracer", made_of("Tetrahedralize", field()), GIVEN)
    assert found.GetNumberOfCells() >= 2 and found.GetNumberOfPoints() > 4
    np.testing.assert_allclose(numbers(found, "f"), places(found) @ [3, 5, 7], rtol=1e-5)
    np.testing.assert_allclose(numbers(found, "v")[:, 1], 1 - places(found)[:, 0], atol=1e-5)
