"""The thread that goes on delivering when a sender has delivered its share."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable


class DeliveryThread:
    """Makes calls on its own thread, in order. The thread starts with the first call."""

    def __init__(self) -> None:
        self._calls: deque[Callable[[], None]] = deque()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._ended = False

    def call(self, call: Callable[[], None]) -> bool:
        """Make this call soon; False if the thread has ended: then the caller does so itself. Never blocks."""
        with self._lock:
            if not self._ended:
                if self._thread is None and not self._closed:
                    self._thread = threading.Thread(target=self._run, name="inproc-delivery", daemon=True)
                    self._thread.start()
                if self._thread is not None:
                    self._calls.append(call)
                    self._wake.set()
                    return True
        return False

    def close(self, timeout_s: float) -> bool:
        """Make the calls that are left, and those they lead to, and end the thread; tells whether it ended in time."""
        with self._lock:
            self._closed = True
            self._wake.set()
        if self._thread is None or self._thread is threading.current_thread():
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._ended:
            self._wake.wait()
            self._wake.clear()
            while self._calls:
                self._calls.popleft()()
            with self._lock:
                self._ended = self._closed and not self._calls
                if self._closed:
                    self._wake.set()
