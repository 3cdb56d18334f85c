"""One thread that calls back at given times: the clock of deadlines and time limits."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

_log = logging.getLogger(__name__)

_LONGEST_WAIT_S: Final = 3600.0
"""The thread looks at the clock at least so often: a wait of 2**63 ms, as a client may ask for, cannot be made."""

_FEW: Final = 32
"""So many calls that were cancelled may stay, whatever else is to come."""


class TimedCall:
    """One call that is to come."""

    __slots__ = ("_cancel", "callback")

    def __init__(self, cancel: Callable[[TimedCall], None], callback: Callable[[float], None]) -> None:
        self._cancel = cancel
        self.callback: Callable[[float], None] | None = callback

    def cancel(self) -> None:
        """Do not make it: what it would call is let go at once. From any thread; without effect once it was made."""
        self._cancel(self)


class Timekeeper:
    """Calls back at times of `time.monotonic()`, on its own thread, which starts with the first call."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, TimedCall]] = []
        self._cancelled = 0  # of those in the heap: they leave it together, once they are most of it
        self._order = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def call_at(self, when: float, callback: Callable[[float], None]) -> TimedCall:
        """Have `callback(now)` called at `when`; it must be brief. Without effect after `close`."""
        timed = TimedCall(self._cancel, callback)
        with self._wake:
            if self._closed:
                timed.callback = None
                return timed
            earliest = not self._heap or when < self._heap[0][0]
            heapq.heappush(self._heap, (when, next(self._order), timed))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"{self._name}-timekeeper", daemon=True)
                self._thread.start()
            elif earliest:
                self._wake.notify()
        return timed

    def close(self, timeout_s: float) -> bool:
        """Forget what was to come and end the thread; tells whether it ended in time."""
        with self._wake:
            self._closed = True
            for _, _, timed in self._heap:
                timed.callback = None
            self._heap.clear()
            self._wake.notify()
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (callback := self._next()) is not None:
            try:
                callback(time.monotonic())
            except Exception:
                _log.exception("a timed call failed")

    def _next(self) -> Callable[[float], None] | None:
        with self._wake:
            while not self._closed:
                if not self._heap:
                    self._wake.wait()
                elif self._heap[0][2].callback is None:
                    heapq.heappop(self._heap)
                    self._cancelled -= 1
                elif (left_s := self._heap[0][0] - time.monotonic()) > 0:
                    self._wake.wait(min(left_s, _LONGEST_WAIT_S))
                else:
                    timed = heapq.heappop(self._heap)[2]
                    callback, timed.callback = timed.callback, None
                    return callback
            return None

    def _cancel(self, timed: TimedCall) -> None:
        with self._wake:
            if timed.callback is None:
                return
            timed.callback = None
            self._cancelled += 1
            if self._cancelled > max(_FEW, len(self._heap) // 2):
                self._heap = [entry for entry in self._heap if entry[2].callback is not None]
                heapq.heapify(self._heap)
                self._cancelled = 0
