"""Blocks that touch, one of them without an array: at the points that they share its values stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter

from ..harness.apvdata import image, made_of, numbers, places, with_points


def surface(data: Any) -> Any:
    made = vtkGeometryFilter()
    made.SetInputData(data)
    made.Update()
    return made.GetOutput()


def blocks(*leaves: Any) -> vtkMultiBlockDataSet:
    made = vtkMultiBlockDataSet()
    for number, one in enumerate(leaves):
        made.SetBlock(number, one)
    return made


def sheet(left: float, **arrays: Any) -> Any:
    """Three by two points from `left` on, a step of 1 apart."""
    return with_points(image(3, 2, 1, origin=(left, 0, 0)), **arrays)


@pytest.mark.parametrize("given", [{}, {"OutputDataSetType": "Polygonal Mesh"}], ids=["grid", "surface"])
def test_shared_points_have_the_values_of_the_block_that_has_the_array(given: dict[str, Any]) -> None:
    flow = np.arange(18.0).reshape(6, 3)
    leaves = [sheet(0, p=np.zeros(6)), sheet(2, p=np.ones(6), t=np.arange(6) * 10, flow=flow), sheet(4, p=np.ones(6))]
    if given:
        leaves = [surface(one) for one in leaves]
    found = made_of("MergeBlocks", blocks(*leaves), {"MergePoints": True, **given})
    where = places(found)
    assert found.GetNumberOfPoints() == 14 and found.GetNumberOfCells() == 6
    inside = (where[:, 0] >= 2) & (where[:, 0] <= 4)
    ids = (where[:, 0] - 2 + 3 * where[:, 1]).astype(int)[inside]
    t, of_flow = numbers(found, "t"), numbers(found, "flow")
    assert t[inside].tolist() == (ids * 10).tolist() and np.isnan(t[~inside]).all()
    assert (of_flow[inside] == flow[ids]).all() and np.isnan(of_flow[~inside]).all()
    p = numbers(found, "p")
    assert (p == (where[:, 0] > 2))[where[:, 0] != 2].all() and not np.isnan(p).any()


def test_a_contour_reaches_to_the_neighbour() -> None:
    rows = with_points(image(3, 3, 3, origin=(2, 0, 0)))
    with_points(rows, t=places(rows)[:, 1])
    merged = made_of("MergeBlocks", blocks(with_points(image(3, 3, 3), other=np.zeros(27)), rows))
    found = places(made_of("Contour", merged, {"ContourBy": ["POINTS", "t"], "Isosurfaces": [0.5]}))
    assert (found[:, 0].min(), found[:, 0].max()) == (2, 4)


def test_a_gap_of_the_blocks_own_stays() -> None:
    first, second = sheet(0, t=np.array([0, 1, np.nan, 3, 4, 5])), sheet(2, u=np.ones(6))
    found = made_of("MergeBlocks", blocks(first, second))
    where, t = places(found), numbers(found, "t")
    assert np.isnan(t[(where[:, 0] == 2) & (where[:, 1] == 0)]).all()
    assert t[(where[:, 0] == 2) & (where[:, 1] == 1)].tolist() == [5]
    assert numbers(found, "u")[where[:, 0] >= 2].tolist() == [1] * 6
