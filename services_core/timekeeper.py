"""One thread that calls back at given times: the clock of deadlines and time limits."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Timekeeper:
    """Calls back at times of `time.monotonic()`, on its own thread, which starts with the first call."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._wake = threading.Condition()
        self._heap: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    def call_at(self, when: float, callback: Callable[[float], None]) -> None:
        """Have `callback(now)` called at `when`; it must be brief. Without effect after `close`."""
        with self._wake:
            if self._closed:
                return
            earliest = not self._heap or when < self._heap[0][0]
            heapq.heappush(self._heap, (when, next(self._order), callback))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"{self._name}-timekeeper", daemon=True)
                self._thread.start()
            elif earliest:
                self._wake.notify()

    def close(self, timeout_s: float) -> bool:
        """Forget what was to come and end the thread; tells whether it ended in time."""
        with self._wake:
            self._closed = True
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
                elif (left_s := self._heap[0][0] - time.monotonic()) > 0:
                    self._wake.wait(left_s)
                else:
                    return heapq.heappop(self._heap)[2]
            return None
