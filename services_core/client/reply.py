"""A reply that is on its way: awaited in any asyncio loop, or waited for in a thread."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any, Protocol, TypeVar

from ..errors import ServicesError
from ..receiving import about_to_wait
from .mailbox import loop_event, running_loop, set_soon

_log = logging.getLogger(__name__)
T = TypeVar("T")


class ReplySource(Protocol):
    """Who brings what is waited for."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """Return the only loop in which somebody has waited so far: `note_waiter` need not be told of it again."""

    def give_up(self, id_: int) -> None:
        """Take back that request or subscription: nobody wants what is left of it."""

    def note_waiter(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Note that somebody waits: in that loop, whose thread calls this, or (None) in a thread."""


class Reply(Coroutine[Any, None, T]):
    """The one outcome of a request: a value or an error. Thread-safe.

    `await reply` works in any loop, any number of times, and so does `asyncio.create_task(reply)`. Cancelling the task
    that awaits it cancels the request, as with an asyncio future (use `asyncio.shield` otherwise).
    """

    __slots__ = ("_done", "_error", "_future", "_lock", "_source", "_value", "_watchers", "id")

    def __init__(self, source: ReplySource | None = None, id_: int = 0) -> None:
        self._source = source
        self.id = id_
        self._lock = threading.Lock()
        self._done = False
        self._future: asyncio.Future[None] | None = None  # of the first task that awaits it; others are watchers
        self._watchers: list[Callable[[], None]] | None = None
        self._value: T | None
        self._error: ServicesError | None

    def done(self) -> bool:
        """Return whether the outcome is there."""
        return self._done

    def cancel(self) -> None:
        """Give the request up: it resolves to RequestCancelled at once, and the service is told. Never blocks.

        Without effect when the outcome is there already.
        """
        source = self._source
        if source is not None and not self._done:
            source.give_up(self.id)

    def result(self, timeout_s: float | None = None) -> T:
        """Return the value, waiting for it in this thread for at most `timeout_s` seconds (None: without end).

        Raises the request's error, or TimeoutError: the request then goes on.
        Raises RuntimeError in the thread of a running asyncio loop, which it would block: await the reply there.
        """
        if not self._done:
            self._wait(timeout_s)
        try:
            return self._outcome()
        finally:
            del self  # as in __await__

    def add_done_callback(self, callback: Callable[[], None]) -> None:
        """Have `callback()` called once the outcome is there: at once, or on the thread that brings it (be brief).

        What it raises there is logged. If it is added in a running asyncio loop, that loop may have to bring it.
        """
        source = self._source
        if source is not None:
            source.note_waiter(running_loop())
        if not self._watch(callback):
            callback()

    def __await__(self) -> Generator[object, None, T]:
        if not self._done:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[None] = loop.create_future()
            source = self._source
            if source is not None and source.loop is not loop:
                source.note_waiter(loop)
            self._lock.acquire()  # by name: in half the time of `with`
            try:
                first = self._future is None and not self._done
                if first:
                    self._future = future
            finally:
                self._lock.release()
            if not first and not self._watch(partial(set_soon, future)):
                future.set_result(None)
            try:
                yield from future
            except asyncio.CancelledError:
                self.cancel()
                raise
        if self._error is not None:
            try:
                # The traceback would grow each time, and keep the frames of all who waited.
                raise self._error.with_traceback(None)
            finally:
                del self  # of this frame, which the error has now, too: it would keep itself
        return self._value  # type: ignore[return-value]  # resolved without an error: it is a T

    # --- as a coroutine, of which tasks are made. Nothing is kept between the steps: there may be several tasks

    def send(self, _value: None) -> Any:
        """Return what a task has to wait for; raises StopIteration with the value, or the error."""
        if not self._done:
            arrived, set_arrived = loop_event()
            self.add_done_callback(set_arrived)
            if not arrived.done():
                return next(arrived.__await__())
        try:
            raise StopIteration(self._outcome())
        finally:
            del self  # as in __await__

    def throw(self, kind: Any, value: Any = None, _trace: Any = None) -> Any:
        """Raise what a task was given instead of the outcome; a cancellation cancels the request."""
        error = value if value is not None else kind() if isinstance(kind, type) else kind
        if isinstance(error, asyncio.CancelledError):
            self.cancel()
        try:
            raise error
        finally:
            del self, kind, value, error  # as in __await__

    def close(self) -> None:
        """Do nothing: the request goes on, whether a task waits for it or not."""

    def resolve(
        self, value: T | None, error: ServicesError | None = None, here: asyncio.AbstractEventLoop | None = None
    ) -> bool:
        """Set the outcome, if there is none yet; tells whether it was set. For those who make replies.

        `here` is the loop that runs on this thread, for those who know.
        """
        self._lock.acquire()
        try:
            if self._done:
                return False
            self._value, self._error, self._source = value, error, None
            self._done = True
        finally:
            self._lock.release()
        if self._watchers is not None:
            for watcher in self._watchers:
                notify(watcher)
            self._watchers = None
        future = self._future
        if future is not None:  # last: who awaits finds what the callbacks have done
            self._future = None
            if future.get_loop() is not here:
                set_soon(future)
            elif not future.done():
                future.set_result(None)
        return True

    def _watch(self, watcher: Callable[[], None]) -> bool:
        """Have `watcher()` called once the outcome is there; False if it is there already."""
        with self._lock:
            if self._done:
                return False
            if self._watchers is None:
                self._watchers = []
            self._watchers.append(watcher)
            return True

    def _outcome(self) -> T:
        if self._error is not None:
            try:
                raise self._error.with_traceback(None)  # as in __await__
            finally:
                del self
        return self._value  # type: ignore[return-value]  # resolved without an error: it is a T

    def _wait(self, timeout_s: float | None) -> None:
        refuse_in_loop("result()")
        arrived = threading.Event()
        self.add_done_callback(arrived.set)
        about_to_wait()
        if arrived.wait(timeout_s):
            return
        with self._lock:
            if self._done:  # at this very moment
                return
            if self._watchers is not None:
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
