"""Results are of the type that was asked for, or that has their digits: what a type cannot hold is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.blocks import leaves
from apvserver.vtk.base.vtk_messages import Message

from ..harness.apvdata import array, image, made_of, numbers, with_cells, with_points
from ..harness.sweep_data import poly
from ..harness.sweep_kinds import multiblock

VALUES = np.array([2.7, -2.7, 1e9, -1e9, 3e18, 1e25, -1e25])
LIMITS: dict[str, Any] = {
    "Char": np.int8, "Signed Char": np.int8, "Unsigned Char": np.uint8, "Short": np.int16, "Unsigned Short": np.uint16,
    "Int": np.int32, "Unsigned Int": np.uint32, "Long": np.int64, "Unsigned Long": np.uint64, "Id Type": np.int64,
}  # fmt: skip


def computed(data: Any, function: str, kind: str, **properties: Any) -> tuple[Any, list[str]]:
    told: list[Message] = []
    found = made_of("Calculator", data, {"Function": function, "ResultArrayType": kind, **properties}, told=told)
    return found, [one.text for one in told]


@pytest.mark.parametrize("kind", LIMITS)
def test_whole_numbers_are_cut_off_and_end_at_the_limits_of_their_type(kind: str) -> None:
    found, told = computed(with_points(image(7, 1, 1), p=VALUES), "p", kind)
    limits = np.iinfo(LIMITS[kind])
    expected = [min(max(int(one), limits.min), limits.max) for one in VALUES]
    result = numbers(found, "Result")
    assert result.dtype == LIMITS[kind] and result.tolist() == expected
    beyond = sum(not limits.min <= int(one) <= limits.max for one in VALUES)
    assert [one for one in told if f"{beyond} results are beyond what {kind} holds" in one] and beyond


@pytest.mark.parametrize("kind", LIMITS)
def test_what_is_no_number_is_0_and_told(kind: str) -> None:
    found, told = computed(with_points(image(3, 1, 1), p=np.array([4.0, -1.0, np.nan])), "sqrt(p)", kind)
    assert numbers(found, "Result").tolist() == [2, 0, 0]
    assert [one for one in told if f"2 results are no number (NaN), which {kind} has not: they are 0" in one]


def test_a_replacement_that_fits_is_there_and_nothing_told() -> None:
    data = with_points(image(3, 1, 1), p=np.array([4.0, -1.0, 9.0]))
    found, told = computed(data, "sqrt(p)", "Int", ReplacementValue=-5.0)
    assert (numbers(found, "Result").tolist(), told) == ([2, -5, 3], [])


def test_the_limits_of_64_bits_are_exact() -> None:
    data = with_points(image(4, 1, 1), p=np.array([2.0**63, 2.0**63 - 1024, -(2.0**63), 2.0**64]))
    assert numbers(computed(data, "p", "Long")[0], "Result").tolist() == [
        2**63 - 1, 2**63 - 1024, -(2**63), 2**63 - 1,
    ]  # fmt: skip
    assert numbers(computed(data, "p", "Unsigned Long")[0], "Result").tolist() == [2**63, 2**63 - 1024, 0, 2**64 - 1]


def test_single_precision_keeps_gaps_and_ends_at_its_largest_number() -> None:
    found, told = computed(with_points(image(3, 1, 1), p=np.array([1e39, -1.0, 0.1])), "if(p<0,sqrt(p),p)", "Float")
    result = numbers(found, "Result")
    assert result.dtype == np.float32 and result[0] == np.finfo(np.float32).max
    assert np.isnan(result[1]) and result[2] == np.float32(0.1)
    assert [one for one in told if "1 results are beyond what Float holds" in one]


def test_vectors_cells_and_blocks_are_converted_and_blocks_without_the_array_stay() -> None:
    other = with_cells(image(3, 2, 2), Result=np.array([0.5, 1.5]))
    data = multiblock(with_cells(image(3, 2, 2), c=np.array([1.9, -1.9])), other)
    first, second = leaves(computed(data, "c*iHat+2*c*jHat", "Int", AttributeType="Cell Data")[0])
    assert numbers(first, "Result", "Cell").tolist() == [[1, 3, 0], [-1, -3, 0]]
    assert numbers(second, "Result", "Cell").tolist() == [0.5, 1.5]


def test_without_an_expression_nothing_is_converted() -> None:
    data = with_points(image(3, 1, 1), Result=np.array([0.5, 1.5, 2.5]))
    assert numbers(computed(data, "", "Int")[0], "Result").tolist() == [0.5, 1.5, 2.5]


def test_heights_far_from_0_have_all_their_digits() -> None:
    heights = 1e7 + np.array([0.0, 0.25, 0.5, 1.0])
    data = poly(verts=[[i] for i in range(4)], places=np.column_stack([np.zeros(4), np.zeros(4), heights]))
    data.GetPoints().SetData(array(np.column_stack([np.zeros(4), np.zeros(4), heights]), "Points"))
    points = {"LowPoint": [0.0, 0.0, heights[0]], "HighPoint": [0.0, 0.0, heights[-1]]}
    found = made_of("Elevation", data, {**points, "ScalarRange": [heights[0], heights[-1]]})
    np.testing.assert_array_equal(numbers(found, "Elevation"), heights)
    assert found.GetPointData().GetScalars().GetName() == "Elevation"
    usual = numbers(made_of("Elevation", data, points), "Elevation")
    assert usual.dtype == np.float32 and usual.tolist() == [0, 0.25, 0.5, 1]
    low = {"LowPoint": [0.0, 0.0, heights[1]], "HighPoint": [0.0, 0.0, heights[2]]}
    ends = made_of("Elevation", data, {**low, "ScalarRange": [heights[1], heights[2]]})
    np.testing.assert_array_equal(numbers(ends, "Elevation"), heights[[1, 1, 2, 2]])


def test_heights_of_blocks_and_images_have_all_their_digits() -> None:
    data = multiblock(image(1, 1, 3, origin=(0, 0, 1e7)), None, image(1, 1, 2, origin=(0, 0, 1e7 + 0.25)))
    ends = {"LowPoint": [0.0, 0.0, 1e7], "HighPoint": [0.0, 0.0, 1e7 + 2], "ScalarRange": [1e7, 1e7 + 2]}
    found = [numbers(one, "Elevation").tolist() for one in leaves(made_of("Elevation", data, ends))]
    assert found == [[1e7, 1e7 + 1, 1e7 + 2], [1e7 + 0.25, 1e7 + 1.25]]
