"""Calls at given times, in the order of the times."""

from __future__ import annotations

import threading
import time
from typing import Any

from services_core.timekeeper import Timekeeper

from ..harness.time_limits import scaled


def test_calls_come_in_order_of_their_times_and_not_early() -> None:
    keeper = Timekeeper("t")
    seen: list[tuple[str, float]] = []
    done, go_on = threading.Event(), threading.Event()
    now = time.monotonic()

    def hold(at: float) -> None:
        """The others are there before any of them is looked at, however long that takes."""
        assert at < now + scaled(5) and go_on.wait(scaled(20))

    def late(at: float) -> None:
        seen.append(("late", at))
        done.set()

    keeper.call_at(0.0, hold)
    keeper.call_at(now + 0.06, late)
    keeper.call_at(now + 0.03, lambda at: seen.append(("early", at)))
    keeper.call_at(now + 0.03, lambda at: seen.append(("early too", at)))
    go_on.set()
    assert done.wait(scaled(5))
    assert [name for name, _ in seen] == ["early", "early too", "late"]
    assert seen[0][1] >= now + 0.03 and seen[2][1] >= now + 0.06
    assert keeper.close(scaled(5))


def test_a_call_that_fails_stops_nothing() -> None:
    keeper = Timekeeper("t")
    done = threading.Event()
    failing: Any = lambda at: 1 / 0  # noqa: E731
    keeper.call_at(0.0, failing)
    keeper.call_at(0.1, lambda at: done.set())
    assert done.wait(scaled(5))
    assert keeper.close(scaled(5))


def test_close_forgets_what_was_to_come() -> None:
    keeper = Timekeeper("t")
    called = threading.Event()
    keeper.call_at(time.monotonic() + 3600, lambda at: called.set())
    assert keeper.close(scaled(5))
    assert keeper.close(scaled(5))
    keeper.call_at(0.0, lambda at: called.set())
    assert not called.is_set()
    assert Timekeeper("unused").close(0)
