"""LinearCellExtrusion: solids have their right side out, whichever way faces are pulled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkPolyData

from apvserver.vtk.base.data_making import cells_of, points_of

from ..harness.apvdata import made_of, numbers, with_cells

PLACES = np.array(
    [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (2, 0, 0), (3, 1, 0), (3, 2, 0), (2, 3, 0), (1, 2, 0)], float
)
FACES = [(0, 1, 2, 3), (1, 4, 2), (4, 5, 6, 7, 8)]
AREAS = [1.0, 0.5, 3.5]
HEIGHTS = [3.0, -2.0, 0.5]


def faces() -> Any:
    made = vtkPolyData()
    made.SetPoints(points_of(PLACES))
    made.SetPolys(cells_of(np.cumsum([0, *map(len, FACES)]), np.concatenate(FACES)))
    return with_cells(made, h=np.array(HEIGHTS), id=np.arange(3))


@pytest.mark.parametrize("scale", [1.0, -2.0])
def test_volumes_are_positive_and_those_of_prisms(scale: float) -> None:
    given = {"SelectInputScalars": ["CELLS", "h"], "ScaleFactor": scale}
    found = made_of("LinearCellExtrusion", faces(), given)
    assert sorted(numbers(found, "id", "Cell")) == [0, 1, 2]
    order = numbers(found, "id", "Cell")
    want = np.abs(np.array(AREAS) * HEIGHTS * scale)[order]
    assert numbers(made_of("CellSize", found), "Volume", "Cell") == pytest.approx(want)
    for index, one in enumerate(order):
        low, high = sorted((0.0, HEIGHTS[one] * scale))
        assert found.GetCell(index).GetBounds()[4:] == pytest.approx((low, high))


def test_nothing_turns_again_when_it_is_executed_anew() -> None:
    given = {"SelectInputScalars": ["CELLS", "h"], "UseUserVector": True, "UserVector": [0.0, 0.0, 1.0]}
    for _ in range(2):
        found = made_of("LinearCellExtrusion", faces(), given)
        assert (numbers(made_of("CellSize", found), "Volume", "Cell") > 0).all()
