"""What was refused of something: kept by property, tried again, forgotten when it is right."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from apvserver.render.refusals import Refusals


class Range:
    """Low must stay below high; everything is set, or nothing."""

    def __init__(self) -> None:
        self.has: dict[str, object] = {"low": 0, "high": 1}

    def set_properties(self, changes: Mapping[str, object]) -> None:
        after = {**self.has, **changes}
        if not set(after) <= {"low", "high", "name"}:
            raise ValueError(f"unknown: {sorted(after)}")
        if not after["low"] < after["high"]:  # type: ignore[operator]
            raise ValueError("low is not below high")
        self.has = after


def test_what_depends_on_another_is_right_in_any_order() -> None:
    target, refusals = Range(), Refusals()
    refusals.set(lambda: target, {"low": 5, "high": 9})
    assert target.has == {"low": 5, "high": 9}
    with pytest.raises(ValueError, match="unknown"):
        refusals.set(lambda: target, {"low": 20, "wrong": 1, "high": 30, "name": "n"})
    assert target.has == {"low": 20, "high": 30, "name": "n"}
    assert "unknown" in str(refusals.first)


def test_the_last_value_of_a_refused_property_counts_and_others_raise_nothing() -> None:
    target, refusals = Range(), Refusals()
    for wrong in (7, 8):
        with pytest.raises(ValueError, match="not below"):
            refusals.set(lambda: target, {"low": wrong})
    refusals.set(lambda: target, {"name": "n"})
    assert target.has == {"low": 0, "high": 1, "name": "n"} and refusals.first is not None
    refusals.set(lambda: target, {"high": 9})
    assert target.has == {"low": 8, "high": 9, "name": "n"} and refusals.first is None


def test_what_could_not_be_made_is_made_by_a_later_change_with_all_that_was_asked_for() -> None:
    target, refusals = Range(), Refusals()

    def unmade() -> Range:
        raise RuntimeError("no window")

    for changes in ({"low": -3}, {"high": 3}):
        with pytest.raises(RuntimeError, match="no window"):
            refusals.set(unmade, changes)
    assert "no window" in str(refusals.first)
    refusals.set(lambda: target, {"name": "n"})
    assert target.has == {"low": -3, "high": 3, "name": "n"} and refusals.first is None
