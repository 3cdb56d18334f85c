"""Levels of detail are made one after the other on a thread of their own: the newest of each key, with patience."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from apvserver.vtk.geometry.coarse_surface import DetailUnwanted
from apvserver.vtk.geometry.detail_maker import PATIENCE_S, DetailMaker, IsUnwanted

from ..harness.apvtest import poll


class Bench:
    """A maker whose clock stands still, and work that goes on when it is let."""

    def __init__(self) -> None:
        self.now = 0.0
        self.maker = DetailMaker(clock=lambda: self.now)
        self.begun: list[str] = []
        self.made: list[str] = []
        self.given_up: list[str] = []
        self._let = {name: threading.Event() for name in "abcdefgh"}

    def work(self, name: str, is_unwanted: IsUnwanted) -> None:
        self.begun.append(name)
        poll(lambda: is_unwanted() or self._let[name].is_set())
        if is_unwanted():
            self.given_up.append(name)
            raise DetailUnwanted
        self.made.append(name)

    def make(self, key: str, name: str, *, at_once: bool = False) -> None:
        if at_once:
            self.let(name)
        self.maker.make(key, partial(self.work, name))

    def let(self, name: str) -> None:
        self._let[name].set()

    def begin(self, key: str, name: str) -> None:
        self.make(key, name)
        poll(lambda: name in self.begun)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.maker.close()


def test_what_is_at_work_is_given_up_for_something_newer(bench: Bench) -> None:
    bench.begin("one", "a")
    bench.make("one", "b", at_once=True)
    poll(lambda: bench.made == ["b"])
    assert bench.given_up == ["a"]


def test_what_waits_gives_way_to_something_newer_and_other_keys_keep_their_turn(bench: Bench) -> None:
    bench.begin("one", "a")
    bench.make("two", "b", at_once=True)
    bench.make("two", "c", at_once=True)
    bench.make("three", "d", at_once=True)
    bench.let("a")
    poll(lambda: len(bench.made) == 3)
    assert bench.made == ["a", "c", "d"] and bench.given_up == []


def test_what_was_given_up_for_too_long_is_left_to_finish(bench: Bench) -> None:
    bench.begin("one", "a")
    bench.begin("one", "b")
    bench.now = PATIENCE_S - 0.01
    bench.begin("one", "c")
    bench.now = PATIENCE_S + 0.01
    bench.make("one", "d")
    bench.make("one", "e", at_once=True)
    bench.let("c")
    poll(lambda: bench.made == ["c", "e"])
    assert bench.given_up == ["a", "b"] and "d" not in bench.begun
    bench.begin("one", "f")
    bench.make("one", "g", at_once=True)  # patience begins anew with what was made
    poll(lambda: bench.made == ["c", "e", "g"])


def test_who_waits_is_called_when_what_there_was_or_something_newer_is_made(bench: Bench) -> None:
    called: list[str] = []
    bench.maker.when_made(["one", "two"], lambda: called.append("nothing to make"))
    assert called == ["nothing to make"]
    bench.begin("one", "a")
    bench.make("two", "b")
    bench.maker.when_made(["two"], lambda: called.append("b"))
    bench.maker.when_made(["one", "two"], lambda: called.append("a and b"))
    bench.make("one", "c", at_once=True)  # takes the place of a, which is given up
    poll(lambda: bench.begun[-1] == "b")
    assert called == ["nothing to make"]
    bench.let("b")
    poll(lambda: len(called) == 3)
    assert called == ["nothing to make", "b", "a and b"] and bench.made == ["b", "c"]


def test_an_older_one_that_is_left_to_finish_is_not_what_is_waited_for(bench: Bench) -> None:
    called: list[str] = []
    bench.begin("one", "a")
    bench.begin("one", "b")
    bench.now = 2 * PATIENCE_S
    bench.make("one", "c")
    bench.maker.when_made(["one"], lambda: called.append(",".join(bench.made)))
    bench.let("b")
    poll(lambda: bench.begun == ["a", "b", "c"])
    assert called == []
    bench.let("c")
    poll(lambda: called == ["b,c"])


def test_nobody_waits_for_what_is_dropped_or_failed(bench: Bench) -> None:
    called: list[str] = []
    bench.begin("one", "a")
    bench.make("two", "b")
    for key in ("one", "two"):
        bench.maker.when_made([key], partial(called.append, key))
    bench.maker.drop("two")
    assert called == ["two"]
    bench.maker.drop("one")
    assert called == ["two", "one"]
    poll(lambda: bench.given_up == ["a"])

    def fail(_: IsUnwanted) -> None:
        raise MemoryError

    bench.begin("one", "c")
    bench.maker.make("three", fail)
    bench.maker.when_made(["three"], lambda: called.append("three"))
    bench.let("c")
    poll(lambda: called == ["two", "one", "three"])
    bench.make("three", "d", at_once=True)
    poll(lambda: bench.made == ["c", "d"])


def test_at_its_end_nothing_more_is_made_and_nobody_waits(bench: Bench) -> None:
    called: list[str] = []
    bench.begin("one", "a")
    bench.make("two", "b", at_once=True)
    bench.maker.when_made(["one", "two"], lambda: called.append("both"))
    bench.maker.close()
    assert called == ["both"] and bench.given_up == ["a"] and bench.made == []
    bench.make("two", "c", at_once=True)
    bench.maker.when_made(["two"], lambda: called.append("later"))
    assert called == ["both", "later"] and bench.begun == ["a"]
