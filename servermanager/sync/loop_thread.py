"""A thread with an asyncio loop, in which other threads have calls made, and wait for what comes of them."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any, Final

from services_core import Closed
from services_core.old_names import place_outside, speak_for

CANCEL_S: Final = 2.0
"""How long Ctrl-C, or a timeout, waits for what was under way to have ended."""

_SLICE_S: Final = 0.05 if sys.platform == "win32" else None
"""On Windows nothing interrupts a thread that waits: it looks up so often."""


_here: Final = threading.local()
"""Has `thread`, a LoopThread, where the loop of one runs."""


class LoopThread:
    """Runs a loop until `stop`. Any thread may call any method."""

    def __init__(self, name: str) -> None:
        """Start the thread; it does not keep the interpreter from ending."""
        self._loop = asyncio.new_event_loop()
        self._stopped = False
        self._order = threading.Lock()
        """Held while a call is handed over: none comes after the end."""
        self._waiting = 0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        _here.thread = self
        try:
            self._loop.run_forever()
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()

    @property
    def is_current(self) -> bool:
        """Return whether this is the thread that runs the loop."""
        return threading.current_thread() is self._thread

    @property
    def ended(self) -> bool:
        """Return whether the loop was stopped."""
        return self._stopped

    @property
    def waited_for(self) -> bool:
        """Return whether a thread waits for a call."""
        return self._waiting > 0

    def do(
        self,
        what: str,
        work: Callable[[], Any],
        convert: Callable[[Any], Any] = lambda value: value,
        timeout_s: float | None = None,
    ) -> Any:
        """Have `work()` called in the loop, wait for what it returns if that can be awaited, and return `convert(it)`.

        `what` is being done, for messages. Raises what `work` raises, with the caller's lines first in its traceback;
        TimeoutError, after what is under way was cancelled, so as at Ctrl-C before KeyboardInterrupt is raised; Closed
        if the loop was stopped; RuntimeError if the caller runs in the loop itself, and would wait for itself.
        """
        if self.is_current:
            return convert(at_once(what, work()))
        call, context = _Call(self._loop, work, convert), copy_context()
        context.run(speak_for, place_outside("apvpython", "servermanager"))
        with self._order:
            if self._stopped:
                raise Closed(f"{what}: its session was closed")
            self._loop.call_soon_threadsafe(call.begin, context=context)
            self._waiting += 1
        try:
            return call.wait(what, timeout_s)
        finally:
            with self._order:
                self._waiting -= 1

    def call_soon(self, work: Callable[[], object]) -> None:
        """Have `work()` called in the loop, and wait for nothing. Raises Closed when that has ended."""
        with self._order:
            if self._stopped:
                raise Closed("the loop of a session was ended: the session was closed")
            self._loop.call_soon_threadsafe(work)

    def stop(self) -> None:
        """End the loop and what runs in it, and wait for the thread. Without effect if it has ended."""
        with self._order:
            if not self._stopped:
                self._stopped = True
                self._loop.call_soon_threadsafe(self._loop.stop)
        if not self.is_current:
            self._thread.join()


def is_waited_for() -> bool:
    """Return whether a program waits for the loop that runs here: always, but for calls into a LoopThread."""
    thread: LoopThread | None = getattr(_here, "thread", None)
    return thread is None or thread.waited_for


def at_once(what: str, value: Any) -> Any:
    """Return a value that nobody has to wait for. Raises RuntimeError, and gives up what could be awaited."""
    if not inspect.isawaitable(value):
        return value
    give_up(value)
    raise RuntimeError(
        f"{what} waits for the server, in the thread that the session's loop runs on: it would wait for itself. "
        "A callback may set and read properties; have what waits done by another thread"
    )


def give_up(awaitable: Any) -> None:
    """Have something that nobody awaits any more come to its end."""
    for end in ("cancel", "close"):
        with suppress(AttributeError):
            getattr(awaitable, end)()


class _Call:
    """One call on its way into the loop and back. `begin` and `cancel` are called in the loop, `wait` elsewhere."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Callable[[], Any], convert: Callable[[Any], Any]) -> None:
        self._loop = loop
        self._work = work
        self._convert = convert
        self._outcome: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self._task: asyncio.Task[Any] | None = None
        self._given_up = False

    def begin(self) -> None:
        if self._given_up:
            self._outcome.set_exception(asyncio.CancelledError())
            return
        try:
            value = self._work()
            if inspect.isawaitable(value):
                self._task = self._loop.create_task(self._awaited(value))
                self._task.add_done_callback(partial(self._ended, value))
            else:
                self._outcome.set_result(self._convert(value))
        except BaseException as error:
            self._outcome.set_exception(error)

    async def _awaited(self, value: Any) -> Any:
        return self._convert(await value)

    def _ended(self, value: Any, task: asyncio.Task[Any]) -> None:
        if task.cancelled():
            give_up(value)  # it may not have been begun yet
            self._outcome.set_exception(asyncio.CancelledError())
        elif (error := task.exception()) is not None:
            self._outcome.set_exception(error)
        else:
            self._outcome.set_result(task.result())

    def _cancel(self) -> None:
        self._given_up = True
        if self._task is not None:
            self._task.cancel()

    def wait(self, what: str, timeout_s: float | None) -> Any:
        """Return the outcome. Raises as `LoopThread.do`."""
        until = None if timeout_s is None else time.monotonic() + timeout_s
        try:
            if not self._wait(until):
                self._give_up()
                raise TimeoutError(f"{what} was given up after {timeout_s:.3g} s, and is interrupted on the server")
            return self._outcome.result()
        except KeyboardInterrupt:
            self._give_up()
            raise
        except asyncio.CancelledError:
            raise Closed(f"{what} was given up: its session was closed") from None

    def _wait(self, until: float | None) -> bool:
        """Wait until there is an outcome; returns whether there is."""
        while not self._outcome.done():
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return False
            slices = [one for one in (left, _SLICE_S) if one is not None]
            concurrent.futures.wait([self._outcome], min(slices, default=None))
        return True

    def _give_up(self) -> None:
        """Cancel it, and wait a moment for its end."""
        with suppress(RuntimeError):  # the loop has ended, and all that ran in it
            self._loop.call_soon_threadsafe(self._cancel)
            self._wait(time.monotonic() + CANCEL_S)
