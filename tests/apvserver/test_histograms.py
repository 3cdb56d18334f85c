"""Histograms count what numpy counts: finite numbers that are there, of all blocks, in bins that are told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkBitArray
from vtkmodules.vtkCommonDataModel import vtkMultiBlockDataSet, vtkTable

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import array, executed, image, made_of, numbers, over, with_cells, with_points

A = ("POINTS", "a")


def line(values: Any) -> Any:
    return with_points(image(len(values), 1, 1), a=np.asarray(values))


def counts(data: Any, bins: int, told: list[Message] | None = None, **properties: Any) -> list[float]:
    given = {"SelectInputArray": A, "BinCount": bins, **properties}
    found: list[float] = numbers(made_of("Histogram", data, given, told=told), "bin_values", "Row").tolist()
    return found


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int8, np.uint8, np.int64, np.uint64])
def test_counts_are_those_of_numpy(dtype: Any) -> None:
    values = np.random.default_rng(7).integers(0, 100, 500).astype(dtype)
    found = made_of("Histogram", line(values), {"SelectInputArray": A, "BinCount": 13})
    wanted, edges = np.histogram(values, bins=13)
    assert numbers(found, "bin_values", "Row").tolist() == wanted.tolist()
    assert numbers(found, "bin_extents", "Row") == pytest.approx((edges[:-1] + edges[1:]) / 2)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_no_number_is_not_counted(dtype: Any) -> None:
    values = np.array([np.nan, 1, 2, -5, np.nan, np.inf, -np.inf], dtype)
    assert counts(line(values), 3) == [1, 0, 2]
    assert counts(line(values), 3, Normalize=True) == pytest.approx([1 / 3, 0, 2 / 3])


def test_an_array_of_one_value_is_in_the_middle() -> None:
    found = made_of("Histogram", line([4.0, 4.0, 4.0]), {"SelectInputArray": A, "BinCount": 3})
    assert numbers(found, "bin_values", "Row").tolist() == [0, 3, 0]
    assert numbers(found, "bin_extents", "Row") == pytest.approx([3.5 + 1 / 6, 4.0, 4.5 - 1 / 6])


def test_values_outside_of_own_limits_are_left_out_and_told() -> None:
    messages: list[Message] = []
    limits = {"UseCustomBinRanges": True, "CustomBinRanges": (0.0, 5.0)}
    assert counts(line([-1.0, 0, 1, 2, 5, 10]), 5, messages, **limits) == [1, 1, 1, 0, 1]
    assert [one.text for one in messages] == ["2 values of 'a' are not between 0 and 5: no bin has them"]
    with pytest.raises(ExecutionFailed, match="the first limit must be the lower one"):
        counts(line([1.0]), 5, UseCustomBinRanges=True, CustomBinRanges=(5.0, 0.0))


def test_components_and_the_magnitude() -> None:
    data = line([[3.0, 4.0], [1.0, 0.0], [0.0, 0.0]])
    assert counts(data, 2, Component=0) == [2, 1]
    assert counts(data, 5, Component=2) == [1, 1, 0, 0, 1]
    with pytest.raises(ExecutionFailed, match="Component is 5, and 'a' has 2"):
        counts(data, 2, Component=5)


def test_hidden_points_and_cells_and_copies_do_not_count() -> None:
    data = line([1.0, 2.0, 3.0])
    data.BlankPoint(2)
    assert counts(data, 2) == [1, 1]
    cells = with_cells(image(5, 2, 1), c=np.array([1.0, 2.0, 50.0, 2.0]))
    cells.GetCellData().AddArray(array(np.array([0, 0, 32, 1], np.uint8), "vtkGhostType"))
    found = made_of("Histogram", cells, {"SelectInputArray": ("CELLS", "c"), "BinCount": 2})
    assert numbers(found, "bin_values", "Row").tolist() == [1, 1]


def test_blocks_are_counted_together_and_tables_and_bits() -> None:
    blocks = vtkMultiBlockDataSet()
    for number, values in enumerate(([0.0, 1.0], np.array([4, 4, 2], np.int16), None, [np.nan])):
        if values is not None:
            blocks.SetBlock(number, line(values))
    blocks.SetBlock(9, image(2, 2, 2))
    assert counts(blocks, 4) == [1, 1, 1, 2]
    table = vtkTable()
    table.GetRowData().AddArray(array(np.array([1.0, 1.0, 3.0]), "a"))
    assert counts(table, 2, SelectInputArray=("ROWS", "a")) == [2, 1]
    bits, data = vtkBitArray(), image(4, 1, 1)
    for bit in (0, 1, 1, 1):
        bits.InsertNextValue(bit)
    bits.SetName("a")
    data.GetPointData().AddArray(bits)
    assert counts(data, 2) == [1, 3]


def test_nothing_to_count_is_told() -> None:
    messages: list[Message] = []
    found = made_of("Histogram", line([np.nan, np.inf]), {"SelectInputArray": A}, told=messages)
    assert found.GetNumberOfRows() == 0
    assert messages[0].text == "'a' has no finite number: there is nothing to put into bins"


def test_the_number_of_bins_has_its_limits() -> None:
    pipeline = over(line([1.0, 2.0]))
    adjusted = pipeline.create(2, "Histogram", {"BinCount": 0, "SelectInputArray": A}, {"Input": [(1, 0)]})
    assert [one.property for one in adjusted] == ["BinCount"]
    assert executed(pipeline, 2).GetNumberOfRows() == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("base", [101325.0, 1e6, 3.0])
def test_values_near_each_other_lie_in_the_bins_that_are_told(dtype: Any, base: float) -> None:
    values = (base + np.arange(17) * 0.0625).astype(dtype)
    wanted, edges = np.histogram(values.astype(np.float64), bins=256)
    found = made_of("Histogram", line(values), {"SelectInputArray": A, "BinCount": 256})
    assert numbers(found, "bin_values", "Row").tolist() == wanted.tolist()
    assert numbers(found, "bin_extents", "Row") == pytest.approx((edges[:-1] + edges[1:]) / 2, rel=1e-14)


@pytest.mark.parametrize("values", [[101325.0] * 3, [1e20] * 3, [1.0, 1.0 + 2**-52, 1.0 + 2**-51], [0.0, 5e-324]])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bins_are_as_wide_as_numbers_can_be_told_apart(values: list[float], dtype: Any) -> None:
    array = np.array(values).astype(dtype)
    found = made_of("Histogram", line(array), {"SelectInputArray": A, "BinCount": 256})
    middles, counted = numbers(found, "bin_extents", "Row"), numbers(found, "bin_values", "Row")
    assert counted.sum() == len(values) and (np.diff(middles) > 0).all()
    half = (middles[1] - middles[0]) / 2
    for one in np.unique(array.astype(np.float64)):
        bins = np.flatnonzero(np.abs(middles - one) <= 1.01 * half)
        assert counted[bins].sum() >= (array == one).sum()


def test_values_farther_apart_than_any_number_are_refused() -> None:
    with pytest.raises(ExecutionFailed, match="farther apart than any number"):
        counts(line([-1.7e308, 1.7e308]), 5)
