"""One thread that ends a process of tests when a test takes too long, where pytest-timeout begins one for each test."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Final

import pytest
import pytest_timeout

IDLE_S: Final = 3600.0
"""How long it sleeps while no test runs."""


@dataclass(frozen=True)
class Running:
    """A test, and when it is to have ended."""

    item: pytest.Item
    settings: pytest_timeout.Settings
    until: float


class OneWatch:
    """What looks after the test that runs now. Thread-safe; its thread begins with the first test, and is a daemon.

    To begin and end a thread takes longer than most tests: this one is woken only by a test that must end sooner than
    it would look anyway.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: Running | None = None
        self._looks_at: float | None = None

    def begin(self, item: pytest.Item, settings: pytest_timeout.Settings) -> None:
        """Have the process end, with the stacks of all threads, unless `end` is called before the time is up."""
        running = Running(item, settings, time.monotonic() + settings.timeout)
        with self._changed:
            self._running = running
            if self._looks_at is None:
                threading.Thread(target=self._look, name="tests-one-watch", daemon=True).start()
            elif running.until < self._looks_at:
                self._changed.notify()
            self._looks_at = min(running.until, self._looks_at or running.until)

    def end(self) -> None:
        """The test has ended."""
        with self._changed:
            self._running = None

    def _look(self) -> None:
        with self._changed:
            while True:
                now, running = time.monotonic(), self._running
                if running is not None and running.until <= now:
                    pytest_timeout.timeout_timer(running.item, running.settings)  # returns in a debugger alone
                    self._running = running = None
                self._looks_at = now + IDLE_S if running is None else running.until
                self._changed.wait(self._looks_at - now)
