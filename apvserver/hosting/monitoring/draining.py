"""When a server ends: at once, or when its sessions have ended by themselves, or have had their time."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

LOOK_S: Final = 0.2
"""How often it is looked whether the last session has ended."""


class Ending:
    """The end of a server, asked for by signals, by operators, or by whoever started it.

    The first to ask begins to drain it, for `drain_s` unless told otherwise. Who asks later can only shorten that; the
    second signal ends it at once. `ask` may be called from any thread and from handlers of signals: it takes no lock.
    """

    def __init__(self, drain_s: float) -> None:
        self._drain_s = drain_s
        self._asked: SimpleQueue[tuple[float, bool]] = SimpleQueue()
        self._until: float | None = None
        self.decided = False
        """Whether `wait` has returned."""

    def ask(self, drain_s: float | None = None, *, insist: bool = False) -> float:
        """Ask for the end, in so many seconds at the latest; returns in how many it is. 0: at once.

        With `insist` a server that drains already ends at once.
        """
        seconds, until = self._drain_s if drain_s is None else drain_s, self._until
        self._asked.put((seconds, insist))
        if until is None:
            return seconds
        return 0.0 if insist else max(0.0, min(seconds, until - time.monotonic()))

    def wait(self, drain: Callable[[float], None], sessions: Callable[[], int]) -> None:
        """Return when the server is to end.

        `drain(seconds)` is called first, if there are sessions to wait for, and when the time gets shorter.
        """
        drain_s, _ = self._next()
        if drain_s > 0 and sessions():
            self._drain(drain_s, drain, sessions)
        self.decided = True

    def _next(self) -> tuple[float, bool]:
        while True:  # with a timeout, or Ctrl-C would not get through on Windows
            try:
                return self._asked.get(timeout=0.5)
            except Empty:
                continue

    def _drain(self, drain_s: float, drain: Callable[[float], None], sessions: Callable[[], int]) -> None:
        self._until = until = time.monotonic() + drain_s
        drain(drain_s)
        while sessions() and (left_s := until - time.monotonic()) > 0:
            try:
                drain_s, insist = self._asked.get(timeout=min(LOOK_S, left_s))
            except Empty:
                continue
            if insist or drain_s <= 0:
                return
            if time.monotonic() + drain_s < until:
                self._until = until = time.monotonic() + drain_s
                drain(drain_s)
