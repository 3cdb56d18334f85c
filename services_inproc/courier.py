"""The thread that goes on delivering when a sender has delivered its share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Courier:
    """Makes calls on its own thread, in order. The thread starts with the first call."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def call(self, call: Callable[[], None]) -> None:
        """Make this call soon. Never blocks; may be called after `close`, when it makes the call itself."""
        with self._lock:
            if not self._closed:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="inproc-courier", daemon=True)
                    self._thread.start()
                self._calls.put(call)
                return
        call()

    def close(self, timeout_s: float) -> bool:
        """Make the calls that are left and end the thread; tells whether it ended in time."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._calls.put(None)
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
