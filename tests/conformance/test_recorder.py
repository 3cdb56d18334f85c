"""What a recorder waits for: messages, as long as some come, however long all of them take."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from services_core.conformance import recorder
from services_core.conformance.expect import BrokenPromise
from services_core.protocol.messages import Kind, Message


class Slow(recorder.Recorder):
    """Each wait is in vain, and takes its time: one message comes when it is over, until `most` have come."""

    def __init__(self, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__("the end", wait_s=5.0)
        self.now = 0.0
        self._numbers = itertools.count(1)
        self._most = most
        monkeypatch.setattr(recorder, "time", SimpleNamespace(monotonic=lambda: self.now))

    def _wait(self, condition: Callable[[], bool], wait_s: float | None = None) -> bool:
        if condition():
            return True
        assert wait_s is not None
        self.now += wait_s
        if len(self.messages) < self._most:
            self.on_messages([Message(Kind.MESSAGE, next(self._numbers))])
        return False


def test_messages_are_waited_for_as_long_as_some_come(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(20, monkeypatch)
    assert [one.id for one in slow.wait_messages(20)] == list(range(1, 21))
    assert slow.now == 100.0


def test_they_are_not_waited_for_when_none_come_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(5, monkeypatch)
    with pytest.raises(BrokenPromise, match=r"20 messages at the end.*saw 5 messages"):
        slow.wait_messages(20)
    assert slow.now == 30.0
