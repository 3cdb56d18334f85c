"""Handing calls to an asyncio loop from any thread, waking the loop once for many of them."""

from __future__ import annotations

import asyncio
import threading
from asyncio import _get_running_loop
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary, ref

running_loop = _get_running_loop
"""Return the loop that runs on this thread; None where the documented way, which is slower then, raises."""

_mailboxes: WeakKeyDictionary[asyncio.AbstractEventLoop, Mailbox] = WeakKeyDictionary()
_lock = threading.Lock()


class Mailbox:
    """Calls for one loop, made there in order. What is posted to a loop that was closed is dropped.

    It appends, then looks at the flag: docs/architecture.md, "Handing over without a lock".

    What a loop leaves behind when it is closed holds it, by way of its futures: the next loop's mailbox frees that.
    """

    def __init__(self, call_soon_threadsafe: Callable[..., Any]) -> None:
        self._call_soon_threadsafe = call_soon_threadsafe
        self._calls: deque[tuple[Callable[..., Any], tuple[Any, ...]]] = deque()
        self._armed = False

    @classmethod
    def of(cls, loop: asyncio.AbstractEventLoop) -> Mailbox:
        """Return the mailbox of that loop."""
        mailbox = _mailboxes.get(loop)
        if mailbox is None:
            with _lock:
                for other, left in list(_mailboxes.items()):
                    if other.is_closed():
                        left.clear()
                mailbox = _mailboxes.setdefault(loop, cls(_weak_call(loop)))
        return mailbox

    def post(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Make this call in the loop, soon. From any thread, without blocking."""
        self._calls.append((call, arguments))
        if not self._armed:
            self._armed = True  # cleared by the loop before it drains, so a call appended now is never left behind
            try:
                self._call_soon_threadsafe(self._drain)
            except RuntimeError:  # the loop was closed: nobody is left to tell
                self.clear()

    def clear(self) -> None:
        """Drop what was posted: the loop was closed."""
        self._calls.clear()
        self._armed = False

    def _drain(self) -> None:
        self._armed = False
        calls = self._calls
        while calls:
            call, arguments = calls.popleft()
            call(*arguments)


def _weak_call(loop: asyncio.AbstractEventLoop) -> Callable[..., Any]:
    """Return `loop.call_soon_threadsafe` without keeping the loop alive: the mailbox is the value of a weak key."""
    reference = ref(loop)

    def call(*arguments: Any) -> None:
        alive = reference()
        if alive is None:
            raise RuntimeError("the loop is gone")
        alive.call_soon_threadsafe(*arguments)

    return call


def loop_event() -> tuple[asyncio.Future[None], Callable[[], None]]:
    """Return a future of the running loop, and the call that sets it: from any thread, any number of times.

    Raises RuntimeError where no loop runs.
    """
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    return future, partial(set_soon, future)


def in_loop(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> Callable[[], None]:
    """Return what makes this call in a loop: from any thread; at once, if that is the loop's own."""
    return partial(_call_in, loop, call)


def _call_in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if running_loop() is loop:
        call()
    else:
        Mailbox.of(loop).post(call)


def set_soon(future: asyncio.Future[None]) -> None:
    """Set a future of any loop, unless it is set. From any thread."""
    loop = future.get_loop()
    if running_loop() is loop:
        _set(future)
    else:
        Mailbox.of(loop).post(_set, future)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
