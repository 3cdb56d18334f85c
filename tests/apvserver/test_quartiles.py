"""Quartiles of what is a number and seen: those of negated values are the negated quartiles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkTable

from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import array, image, made_of, numbers, with_points


def table(**columns: Any) -> vtkTable:
    made = vtkTable()
    for name, values in columns.items():
        made.AddColumn(array(np.asarray(values), name))
    return made


def by_hand(values: Any) -> list[float]:
    """At p of n values: the k-th, k = n p rounded up; the mean of that and the next if n p is whole."""
    ordered, n = sorted(values), len(values)
    found = [float(ordered[0])]
    for quarter in (1, 2, 3):
        k, rest = divmod(n * quarter, 4)
        found.append(float(ordered[k]) if rest else (ordered[k - 1] + ordered[k]) / 2)
    return [*found, float(ordered[-1])]


@pytest.mark.parametrize("count", range(1, 14))
def test_of_any_number_of_values(count: int) -> None:
    values = np.random.default_rng(count).permutation(np.arange(count) ** 2)
    found = made_of("ComputeQuartiles", table(up=values, down=-values))
    assert numbers(found, "up", "Row").tolist() == by_hand(values)
    assert numbers(found, "down", "Row").tolist() == [-one for one in by_hand(values)[::-1]]


def test_what_is_no_number_or_hidden_does_not_count() -> None:
    data = with_points(image(3, 3, 1), s=np.array([7, 1, 3, np.nan, 9, 11, 2, np.inf, 100]), v=np.zeros((9, 3)))
    data.GetPointData().AddArray(array(np.array([0] * 8 + [2], np.uint8), "vtkGhostType"))
    told: list[Message] = []
    found = made_of("ComputeQuartiles", data, told=told)
    assert numbers(found, "s", "Row").tolist() == by_hand([7, 1, 3, 9, 11, 2]) and found.GetNumberOfColumns() == 1
    assert told == []


def test_an_array_without_numbers_is_told() -> None:
    told: list[Message] = []
    found = made_of("ComputeQuartiles", table(gaps=[np.nan, np.nan], a=[1, 2]), told=told)
    assert np.isnan(numbers(found, "gaps", "Row")).all() and numbers(found, "a", "Row")[2] == 1.5
    assert [one.text for one in told] == ["without a finite number, and so without quartiles: gaps"]


def test_blocks_have_columns_of_their_own() -> None:
    blocks = vtkMultiBlockDataSet()
    blocks.SetBlock(0, with_points(image(3, 1, 1), s=np.array([1, 2, 9])))
    blocks.SetBlock(2, with_points(image(2, 1, 1), s=np.array([5.0, 7.0])))
    found = made_of("ComputeQuartiles", blocks)
    assert numbers(found, "s_Block_1", "Row").tolist() == by_hand([1, 2, 9])
    assert numbers(found, "s_Block_3", "Row").tolist() == by_hand([5, 7])


def test_other_parts_than_quarters() -> None:
    found = made_of("ComputeQuartiles", table(a=np.arange(11)), {"NumberOfIntervals": 2})
    assert numbers(found, "a", "Row").tolist() == [0, 5, 10]
