"""Which numbers stand along a legend, and that what is written is what they are."""

from __future__ import annotations

import itertools

import pytest

from apvserver.vtk.rendering.axes.ticks import log_limits, ticks
from apvserver.vtk.rendering.legends.numbers import (
    Numbers,
    Span,
    decades,
    number_alone,
    numbers_along,
    round_numbers,
    written,
)

RANGES = [
    (0.0, 10.0), (101325.0, 101335.0), (101325.0, 101625.0), (1990.0, 2024.0), (1e6, 1e6 + 100), (293.15, 293.25),
    (-1.234567, 1.234567), (0.0, 1e-6), (1e9, 1e9 + 4), (37.35, 276.8), (0.0, 2.5e6), (123456.789, 123456.790),
    (5.0, 5.000001), (-1e-300, 1e-300), (1e300, 1.5e300), (-3e7, 8e7), (-2e9 - 3, -2e9), (4.10001e6, 4.10002e6),
]  # fmt: skip


def said(numbers: Numbers, index: int) -> float:
    """Return what a reader takes a label for."""
    label = numbers.labels[index]
    number = float(label.text) ** int(label.power or 1)
    return number * 10.0**numbers.factor + float(numbers.offset or 0.0)


@pytest.mark.parametrize("span", RANGES, ids=str)
@pytest.mark.parametrize("most", [2, 5, 9])
def test_numbers_are_round_and_written_as_what_they_are(span: tuple[float, float], most: int) -> None:
    numbers = numbers_along(Span(*span), most)
    values, size = numbers.values, span[1] - span[0]
    assert 1 <= len(values) <= most and span[0] - 1e-9 * size <= values[0] and values[-1] <= span[1] + 1e-9 * size
    assert len({(one.text, one.power) for one in numbers.labels}) == len(values)
    assert max(len(one.text.lstrip("-")) for one in numbers.labels) <= 9
    for index, value in enumerate(values):
        assert said(numbers, index) == pytest.approx(value, rel=1e-15, abs=2e-3 * size / most)
    if len(values) > 1:
        steps = [b - a for a, b in itertools.pairwise(values)]
        mantissa = f"{steps[0]:.2e}"[0]
        assert max(steps) == pytest.approx(min(steps), rel=1e-4) and mantissa in "125"


@pytest.mark.parametrize(
    ("span", "labels", "factor", "offset"),
    [
        ((101325.0, 101335.0), ["101326", "101328", "101330", "101332", "101334"], 0, ""),
        ((1990.0, 2024.0), ["1990", "1995", "2000", "2005", "2010", "2015", "2020"], 0, ""),
        ((-1.234567, 1.234567), ["-1.0", "-0.5", "0.0", "0.5", "1.0"], 0, ""),
        ((0.0, 2.5e6), ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"], 6, ""),
        ((0.0, 1e-6), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], -6, ""),
        ((1e9, 1e9 + 4), ["0", "1", "2", "3", "4"], 0, "1000000000"),
        ((5.0, 5.000001), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], -6, "5"),
    ],
)
def test_long_numbers_have_a_factor_or_an_offset_in_common(
    span: tuple[float, float], labels: list[str], factor: int, offset: str
) -> None:
    numbers = numbers_along(Span(*span), 8)
    assert [one.text for one in numbers.labels] == labels and (numbers.factor, numbers.offset) == (factor, offset)


@pytest.mark.parametrize(
    ("span", "labels", "small"),
    [
        ((1e-6, 1.0), [("10", str(power)) for power in range(-6, 1)], 48),
        ((1.0, 100.0), [("1", ""), ("10", ""), ("100", "")], 16),
        ((0.02, 3.0), [("0.1", ""), ("1", "")], 18),
        ((1.0, 50.0), [(one, "") for one in ("1", "2", "5", "10", "20", "50")], 0),
        ((1e-30, 1e30), [("10", str(power)) for power in range(-24, 25, 8)], 54),
    ],
    ids=str,
)
def test_decades_are_powers_of_ten_with_small_ticks(
    span: tuple[float, float], labels: list[tuple[str, str]], small: int
) -> None:
    numbers = numbers_along(Span(*span, logarithmic=True), 8)
    assert [(one.text, one.power) for one in numbers.labels] == labels and len(numbers.small) == small
    for index, value in enumerate(numbers.values):
        assert said(numbers, index) == pytest.approx(value)
    assert not set(numbers.small) & set(numbers.values)
    assert all(span[0] * 0.999 <= one <= span[1] * 1.001 for one in (*numbers.small, *numbers.values))


def test_small_ticks_of_a_decade_are_its_nine_parts() -> None:
    large, small = decades(1.0, 100.0, 5)
    assert large == (1.0, 10.0, 100.0)
    assert small == pytest.approx([*range(2, 10), *range(20, 100, 10)])


def test_a_number_alone_and_none_at_all() -> None:
    assert round_numbers(3.0, 3.0, 5) == (3.0,)
    assert written(()) == Numbers((), ())
    assert [one.text for one in written((2.5,)).labels] == ["2.5"]
    assert [one.text for one in written((0.1, 0.25, 1 / 3)).labels] == ["0.1000", "0.2500", "0.3333"]


@pytest.mark.parametrize("value", [157.0908966064453, 0.0, -1 / 3, 3.0, 123456.0, 1.23456789e-12, -6.02214e23])
def test_a_legend_of_one_number_says_that_number(value: float) -> None:
    numbers = number_alone(value)
    assert len(numbers.values) == len(numbers.labels) == 1 and not numbers.offset
    assert said(numbers, 0) == pytest.approx(value, rel=5e-6)
    assert len(numbers.labels[0].text) <= 9


def test_where_numbers_lie_along_a_span() -> None:
    assert Span(10.0, 20.0).fraction(12.5) == 0.25 and Span(10.0, 20.0).at(0.25) == 12.5
    span = Span(1.0, 100.0, logarithmic=True)
    assert span.fraction(10.0) == pytest.approx(0.5) and span.at(0.5) == pytest.approx(10.0)
    assert not span.has(0.0) and not span.has(-5.0) and span.has(100.0 * (1 + 1e-12)) and not span.has(101.0)


NEAR_OR_FAR = [
    Span(0.0, 5e-324), Span(0.0, 1e-310), Span(0.0, 1e-322), Span(-5.366866679097835e-308, -5.366866679097814e-308),
    Span(-1.7e308, 1.7e308), Span(0.0, 1.797e308), Span(1e308, 1.7e308), Span(1e308, 1.7e308, logarithmic=True),
    Span(1e-307, 1.7e-305, logarithmic=True), Span(2e300, 1.7e308, logarithmic=True),
]  # fmt: skip


@pytest.mark.parametrize("span", NEAR_OR_FAR, ids=str)
def test_numbers_stand_in_order_within_the_least_and_the_widest_ranges(span: Span) -> None:
    low, high = span.low, span.high
    numbers = numbers_along(span, 6)
    places = [span.fraction(one) for one in numbers.values]
    assert 1 <= len(places) <= 6 and places == sorted(places)
    assert places[0] >= -1e-9 and places[-1] <= 1 + 1e-9
    on_axis = ticks(low, high)
    assert on_axis == sorted(on_axis) and low <= on_axis[0] and on_axis[-1] <= high
    if low > 0:
        first, last = log_limits(low, high)
        assert 0 < first <= low and high <= last < float("inf")
