"""A stream as its subscriber sees it: an async iterator, or a blocking `get` in a thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from ..errors import Closed, ServicesError
from ..packet import Packet
from ..receiving import about_to_wait
from .mailbox import loop_event
from .reply import ReplySource, refuse_in_loop


class StreamSource(ReplySource, Protocol):
    """Who brings the items of streams."""

    def item_consumed(self, id_: int, size_bytes: int) -> None:
        """Note that the reader took or dropped an item of so many bytes: as many may be sent again."""


class Subscription:
    """The items of one stream, for one reader.

    `async for packet in subscription` ends when the stream ends, and raises the stream's error if it has any, after
    the items that came before it. A newest-only stream keeps just the newest item that was not read. Leave it with
    `close()` or as a context manager (`with` or `async with`); the service is told at once.
    """

    def __init__(self, id_: int, newest: bool, source: StreamSource) -> None:
        self.newest = newest
        self._id = id_
        self._source = source
        self._lock = threading.Lock()
        self._items: deque[Packet] = deque()
        self._ended = False
        self._closed = False
        self._error: ServicesError | None = None
        self._watchers: list[Callable[[], None]] = []

    def close(self) -> None:
        """Unsubscribe; a reader that waits sees the end. Never blocks; may be repeated."""
        self._closed = True
        self._source.give_up(self._id)
        self.end(None)
        self._drop_all()

    def get(self, timeout_s: float | None = None) -> Packet | None:
        """Return the next item, waiting in this thread for at most `timeout_s` seconds; None at the stream's end.

        Raises TimeoutError (the stream goes on), the stream's error once its items are read, or RuntimeError in the
        thread of a running asyncio loop.
        """
        until = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            ended = self._ended  # looked at first: whatever came before the end is there by then
            if (item := self._next()) is not None:
                return item
            if ended:
                self._at_end()
                return None
            refuse_in_loop("get()")
            self._source.note_waiter(None)
            arrived = threading.Event()
            self._watch(arrived.set)
            about_to_wait()
            if not arrived.wait(None if until is None else max(0.0, until - time.monotonic())):
                self._unwatch(arrived.set)
                raise TimeoutError(f"no item of the stream within {timeout_s:g} s; it goes on")

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Packet:
        while True:
            ended = self._ended  # looked at first: whatever came before the end is there by then
            if (item := self._next()) is not None:
                return item
            if ended:
                self._at_end()
                raise StopAsyncIteration
            if self._source.loop is not (loop := asyncio.get_running_loop()):
                self._source.note_waiter(loop)
            arrived, set_arrived = loop_event()
            self._watch(set_arrived)
            try:
                await arrived
            finally:
                self._unwatch(set_arrived)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    async def __aenter__(self) -> Subscription:
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.close()

    # --- for the endpoint

    def put(self, packet: Packet) -> None:
        """Add an item that arrived."""
        overtaken: Packet | None = None
        with self._lock:
            if self._ended:
                overtaken = packet
            else:
                if self.newest and self._items:
                    overtaken = self._items.popleft()
                self._items.append(packet)
            watchers, self._watchers = self._watchers, []
        if overtaken is not None:
            self._source.item_consumed(self._id, overtaken.size_bytes)
        for watcher in watchers:
            watcher()

    def end(self, error: ServicesError | None) -> None:
        """End the stream after the items so far, with its error if there is any. The first call counts."""
        with self._lock:
            if not self._ended:
                self._ended, self._error = True, error
            watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            watcher()

    # --- inside

    def _next(self) -> Packet | None:
        if self._closed:
            return None
        with self._lock:
            item = self._items.popleft() if self._items else None
        if item is not None:
            self._source.item_consumed(self._id, item.size_bytes)
        return item

    def _at_end(self) -> None:
        """End the reading: raises the stream's error, once."""
        error, self._error = self._error, None
        if error is not None and not (self._closed and isinstance(error, Closed)):
            raise error

    def _watch(self, watcher: Callable[[], None]) -> None:
        with self._lock:
            if not self._items and not self._ended:
                self._watchers.append(watcher)
                return
        watcher()

    def _unwatch(self, watcher: Callable[[], None]) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._watchers.remove(watcher)

    def _drop_all(self) -> None:
        with self._lock:
            dropped, self._items = self._items, deque()
        for item in dropped:
            self._source.item_consumed(self._id, item.size_bytes)
