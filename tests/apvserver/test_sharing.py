"""A process that serves many: its threads have short turns, and Python's search for cycles does not come in between."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from apvserver.sharing import SWITCH_S, SeldomCollecting, take_short_turns

from ..harness.apvtest import poll


class Ring:
    """An object that holds itself, which only a search for cycles frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)
    gc.collect()
    gc.freeze()  # again, as after all tests were collected


def full_collections() -> int:
    return int(gc.get_stats()[2]["collections"])


def test_nothing_that_is_made_has_everything_looked_through() -> None:
    before, limits = full_collections(), gc.get_threshold()
    seldom = SeldomCollecting(every_s=3600)
    try:
        began = full_collections()
        kept = [[one] for one in range(400_000)]  # Python itself would look through all of them several times
        assert full_collections() == began and len(kept) == 400_000
    finally:
        seldom.close()
    assert gc.get_threshold() == limits and gc.get_freeze_count() == 0 and full_collections() > before


def test_cycles_are_freed_all_the_same() -> None:
    seldom = SeldomCollecting(every_s=0.01)
    try:
        ring = Ring()
        freed = weakref.ref(ring)
        gc.collect(1)  # it has become old
        del ring
        kept = [[one] for one in range(400_000)]
        poll(lambda: freed() is None, what="the end of a cycle")
        assert kept
    finally:
        seldom.close()


def test_turns_become_shorter_and_never_longer() -> None:
    sys.setswitchinterval(0.005)
    take_short_turns()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
    sys.setswitchinterval(SWITCH_S / 10)
    take_short_turns()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_S / 10, abs=2e-6)  # kept in microseconds
