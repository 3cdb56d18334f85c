"""A fork server that is lost is followed by the next, but not again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from apvserver.hosting.workers import forks
from apvserver.hosting.workers.fork_server import NoFork
from apvserver.hosting.workers.forks import MOST_BEGINNINGS, Forks


class FakeForkServer:
    """Forks numbers: which fork server it is, from 0."""

    def __init__(self, number: int, lost: Callable[[], None]) -> None:
        self.number = number
        self.loaded: list[str] = []
        self.lives = True
        self.is_lost_when_asked = False
        self._lost = lost

    def die(self) -> None:
        self.lives = False
        self._lost()

    def fork(self, environment: Mapping[str, str]) -> int:
        if self.is_lost_when_asked:
            self.die()
        if not self.lives:
            raise NoFork("the fork server has ended")
        return self.number

    def load(self, libraries: Sequence[str]) -> None:
        self.loaded += libraries

    def end_unready(self) -> None:
        self.die()  # as one does that is killed


class Begun:
    """Those that have begun, and a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.servers: list[FakeForkServer] = []
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        begin: Any = self._begin
        self.forks = Forks("zmq", begin)

    def _begin(self, lost: Callable[[], None]) -> FakeForkServer:
        self.servers.append(FakeForkServer(len(self.servers), lost))
        return self.servers[-1]

    def fork(self) -> Any:
        return self.forks.fork({})


def test_the_next_loads_what_was_loaded_and_gives_those_who_waited_their_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = Begun(monkeypatch)
    begun.forks.load(["libGL.so"])
    assert begun.fork() == 0
    begun.servers[0].is_lost_when_asked = True
    assert begun.fork() == 1
    assert [each.loaded for each in begun.servers] == [["libGL.so"]] * 2


def test_at_most_so_many_begin_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Begun(monkeypatch)
    for number in range(MOST_BEGINNINGS):
        begun.now += 10.0
        assert begun.fork() == number
        begun.servers[-1].die()
    assert len(begun.servers) == MOST_BEGINNINGS
    with pytest.raises(NoFork):
        begun.fork()
    begun.now = 1000.0 + forks.BEGINNINGS_S + 0.1
    assert begun.fork() == MOST_BEGINNINGS


def test_none_begins_when_workers_are_not_wanted_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Begun(monkeypatch)
    begun.forks.end_unready()
    with pytest.raises(NoFork):
        begun.fork()
    assert len(begun.servers) == 1


def test_one_that_cannot_fork_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has told why, which the next would, too."""
    begun = Begun(monkeypatch)
    begun.servers[0].lives = False
    with pytest.raises(NoFork):
        begun.fork()
    assert len(begun.servers) == 1
