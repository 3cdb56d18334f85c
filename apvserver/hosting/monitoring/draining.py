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

    The first to ask begins to drain it, for `drain_s` unless told otherwise; the second ends it at once. `ask` may be
    called from any thread and from handlers of signals: it takes no lock.
    """

    def __init__(self, drain_s: float) -> None:
        self._drain_s = drain_s
        self._asked: SimpleQueue[float] = SimpleQueue()
        self.decided = False
        """Whether `wait` has returned."""

    def ask(self, drain_s: float | None = None) -> None:
        """Ask for the end. 0: at once."""
        self._asked.put(self._drain_s if drain_s is None else drain_s)

    def wait(self, drain: Callable[[float], None], sessions: Callable[[], int]) -> None:
        """Return when the server is to end. `drain(seconds)` is called first, if there are sessions to wait for."""
        drain_s = self._next()
        if drain_s > 0 and sessions():
            drain(drain_s)
            self._drain(time.monotonic() + drain_s, sessions)
        self.decided = True

    def _next(self) -> float:
        while True:  # with a timeout, or Ctrl-C would not get through on Windows
            try:
                return self._asked.get(timeout=0.5)
            except Empty:
                continue

    def _drain(self, until: float, sessions: Callable[[], int]) -> None:
        while sessions() and (left_s := until - time.monotonic()) > 0:
            try:
                self._asked.get(timeout=min(LOOK_S, left_s))
            except Empty:
                continue
            return
