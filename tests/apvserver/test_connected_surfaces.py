"""ConnectedSurfaceProperties: areas, volumes and centers, whichever way the faces are turned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkPolyData

from apvserver.vtk.base.data_making import cells_of, points_of

from ..harness.apvdata import made_of, numbers, with_cells

CORNERS = np.array([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)], float)
FACES = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]


def two_boxes(turned: set[int]) -> Any:
    """A cube of 1 and a box of 2 x 4 x 6 beside it; of both, those faces are turned around."""
    faces = [one[::-1] if number in turned else one for number, one in enumerate(FACES)]
    both = [*faces, *(tuple(corner + 8 for corner in one) for one in faces)]
    made = vtkPolyData()
    made.SetPoints(points_of(np.vstack([CORNERS, CORNERS * (2, 4, 6) + (5, 0, 0)])))
    made.SetPolys(cells_of(4 * np.arange(13), np.concatenate(both)))
    return with_cells(made, id=np.arange(12))


@pytest.mark.parametrize("turned", [set(), {0}, {1}, {0, 1}, {0, 3, 5}, {1, 2, 3, 4, 5}, set(range(6))], ids=str)
def test_of_two_boxes(turned: set[int]) -> None:
    found = made_of("ConnectedSurfaceProperties", two_boxes(turned))
    assert numbers(found, "ObjectVolumes", "Field") == pytest.approx([1, 48])
    assert numbers(found, "ObjectAreas", "Field") == pytest.approx([6, 88])
    assert numbers(found, "ObjectCentroids", "Field") == pytest.approx(np.array([(0.5, 0.5, 0.5), (6, 2, 3)]))
    assert numbers(found, "ObjectValidity", "Field").tolist() == [1, 1]
    ids = numbers(found, "id", "Cell")
    assert sorted(ids) == list(range(12)) and (numbers(found, "ObjectIds", "Cell") == ids // 6).all()
