"""A reply that is on its way: awaited in any asyncio loop, or waited for in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from .errors import ServicesError
from .mailbox import loop_event

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Reply(Generic[T]):
    """The one outcome of a request: a value or an error. Thread-safe.

    `await reply` works in any loop, any number of times. Cancelling the task that awaits it cancels the request, as
    with an asyncio future (use `asyncio.shield` otherwise).
    """

    __slots__ = ("_cancel", "_done", "_error", "_lock", "_value", "_watchers")

    def __init__(self, cancel: Callable[[], None] | None = None) -> None:
        self._cancel = cancel
        self._lock = threading.Lock()
        self._watchers: list[Callable[[], None]] = []
        self._done = False
        self._value: T | None = None
        self._error: ServicesError | None = None

    def done(self) -> bool:
        """Whether the outcome is there."""
        return self._done

    def cancel(self) -> None:
        """Give the request up: it resolves to RequestCancelled at once, and the service is told. Never blocks.

        Without effect when the outcome is there already.
        """
        if self._cancel is not None and not self._done:
            self._cancel()

    def result(self, timeout_s: float | None = None) -> T:
        """The value, waited for in a thread. Raises the request's error, or TimeoutError: the request then goes on.

        Raises RuntimeError in the thread of a running asyncio loop, which it would block: await the reply there.
        """
        if not self._done:
            self._wait(timeout_s)
        return self._outcome()

    def add_done_callback(self, callback: Callable[[], None]) -> None:
        """Have `callback()` called once the outcome is there: at once, or on the thread that brings it (be brief).

        What it raises there is logged.
        """
        with self._lock:
            if not self._done:
                self._watchers.append(callback)
                return
        callback()

    def __await__(self) -> Generator[object, None, T]:
        if not self._done:
            arrived, set_arrived = loop_event()
            self.add_done_callback(set_arrived)
            try:
                yield from arrived
            except asyncio.CancelledError:
                self.cancel()
                raise
        return self._outcome()

    def resolve(self, value: T | None, error: ServicesError | None = None) -> bool:
        """Set the outcome, if there is none yet; tells whether it was set. For those who make replies."""
        with self._lock:
            if self._done:
                return False
            self._value, self._error, self._cancel = value, error, None
            self._done = True
            watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            notify(watcher)
        return True

    def _outcome(self) -> T:
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # resolved without an error: it is a T

    def _wait(self, timeout_s: float | None) -> None:
        refuse_in_loop("result()")
        arrived = threading.Event()
        self.add_done_callback(arrived.set)
        if not arrived.wait(timeout_s):
            with self._lock, contextlib.suppress(ValueError):  # resolved meanwhile
                self._watchers.remove(arrived.set)
            raise TimeoutError(f"no reply within {timeout_s:g} s; the request goes on (cancel() gives it up)")


def notify(watcher: Callable[..., None], *arguments: object) -> None:
    """Call a callback of the application; what it raises is logged, for it must not end the connection."""
    try:
        watcher(*arguments)
    except Exception:
        _log.exception("a callback failed")


def refuse_in_loop(call: str) -> None:
    """Raise RuntimeError if this thread runs an asyncio loop, which `call` would block."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError(f"{call} would block this asyncio loop; use await instead")
