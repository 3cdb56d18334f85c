"""Requests that need nothing of the pipeline: answered on a thread of their own, also while a filter executes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from services_core import IncomingCall


class ConcurrentQueries:
    """Answers requests one after the other on its thread, which begins with the first of them.

    A request that was given here may stand in the queue of its service as well: whoever comes first answers it.
    """

    def __init__(self, answer: Callable[[IncomingCall], object]) -> None:
        self._answer = answer
        self._queue: SimpleQueue[IncomingCall | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._closed = False

    def take(self, incoming: IncomingCall) -> None:
        """Have a request answered. Never blocks. After `close` it is left to the service."""
        with self._lock:
            if self._closed:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="concurrent-queries", daemon=True)
                self._thread.start()
        self._queue.put(incoming)

    def close(self) -> None:
        """End the thread after what it does, and wait for it."""
        with self._lock:
            self._closed = True
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (incoming := self._queue.get()) is not None:
            # A client that leaves its answers unread gets no more: then the service goes on with it.
            if not self._closed and not incoming.client.park(incoming) and incoming.begin():
                self._handle(incoming)

    def _handle(self, incoming: IncomingCall) -> None:
        try:
            if not incoming.over:
                self._answer(incoming)
        except BaseException as error:
            incoming.fail(error)
        finally:
            incoming.release()
