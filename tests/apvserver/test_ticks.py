"""Numbers along axes: round, within the range, with the digits that tell them."""

from __future__ import annotations

import pytest

from apvserver.vtk.rendering.axes.ticks import digits, ticks


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (-10.0, 10.0, [-10, -5, 0, 5, 10]),
        (-0.487, 0.487, [-0.4, -0.2, 0, 0.2, 0.4]),
        (0.0, 1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (37.4, 276.8, [50, 100, 150, 200, 250]),
        (1e6, 1e6 + 10, [1000000, 1000002, 1000004, 1000006, 1000008, 1000010]),
        (3.0, 3.0, [3.0]),
        (1e-12, 5e-12, [1e-12, 2e-12, 3e-12, 4e-12, 5e-12]),
    ],
)
def test_ticks_are_round_and_lie_within(low: float, high: float, wanted: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ([100, 200], 1),
        ([50, 100, 150], 2),
        ([2.5, 5.0], 2),
        ([1000000, 1000002], 7),
        ([0.1, 0.15], 2),
        ([3.0], 1),
        ([0], 1),
    ],
)
def test_digits_tell_numbers_apart(numbers: list[float], wanted: int) -> None:
    assert digits(numbers) == wanted
