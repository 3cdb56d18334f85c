"""What is mirrored keeps the places of its texture: they are no vectors. VTK mirrors those of three components."""

from __future__ import annotations

import numpy as np
import pytest

from apvserver.vtk.base.blocks import leaves

from ..harness.apvdata import array, grid, made_of, numbers, places, with_points

TEXTURE = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, 0.9]])


@pytest.mark.parametrize("axis", range(3))
def test_texture_coordinates_stay_and_vectors_turn(axis: int) -> None:
    data = with_points(grid([[0, 0, 0], [1, 0, 0], [0, 1, 2]], (5, (0, 1, 2))), v=np.full((3, 3), 2.0))
    data.GetPointData().SetTCoords(array(TEXTURE, "uvw"))
    found = list(leaves(made_of("Reflect", data, {"Plane": f"{'XYZ'[axis]} Max"})))
    assert len(found) == 2
    mirrored = np.where(np.arange(3) == axis, -2.0, 2.0)
    for one, vector in zip(found, (np.full(3, 2.0), mirrored), strict=True):
        np.testing.assert_array_equal(numbers(one, "uvw"), TEXTURE)
        assert one.GetPointData().GetTCoords().GetName() == "uvw"
        np.testing.assert_array_equal(numbers(one, "v"), np.tile(vector, (3, 1)))
    assert places(found[1])[:, axis].min() == places(data)[:, axis].max()
