"""A thread that beats while something executes, so that signs of life go out even when VTK says nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

BEAT_S: Final = 0.1
"""How long it is from one beat to the next."""
BEATS_BEFORE_SLEEP: Final = 10
"""After so many beats without an execution the thread sleeps until the next: an idle session costs nothing."""


class Heartbeat:
    """Calls `beat()` every `BEAT_S` between `begin` and `end`, on a thread of its own, which starts when it must.

    `begin` and `end` cost less than a microsecond while the thread is awake. `beat` must be brief.
    """

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat
        self._executing = False
        self._asleep = False
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin to beat: something executes from now on. Belongs to the executing thread, as `end` does."""
        self._executing = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
            self._thread.start()
        elif self._asleep:
            self._wake.set()

    def end(self) -> None:
        """Stop beating: nothing executes any more."""
        self._executing = False

    def close(self) -> None:
        """End the thread, and wait for it. May be repeated."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        idle = 0
        while not self._closing.wait(BEAT_S):
            if self._executing:
                idle = 0
                self._beat()
                continue
            idle += 1
            if idle >= BEATS_BEFORE_SLEEP:
                self._sleep()
                idle = 0

    def _sleep(self) -> None:
        self._wake.clear()
        self._asleep = True
        if not self._executing and not self._closing.is_set():  # looked at after `begin` can see that it sleeps
            self._wake.wait()
        self._asleep = False
