"""Streams made on demand: an iterator advanced on the service's thread, between other work, as the subscriber reads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from ..errors import Busy, Closed
from ..packet import Packet
from .incoming_call import ServiceClient
from .stream_writer import StreamWriter


class SerialExecutor(Protocol):
    """Whoever does work in turn, on a thread of its own: a service."""

    def call_soon(self, work: Callable[[], object], client: ServiceClient | None = None) -> None:
        """Have `work()` done, in the turn of that client. From any thread, never blocks."""


class StreamProducer:
    """Advances one iterator: an item at a time, only while the subscriber wants it, closing it when it has left."""

    def __init__(
        self, service: SerialExecutor, client: ServiceClient, stream: StreamWriter, items: Iterator[Packet]
    ) -> None:
        self._service = service
        self._client = client
        self._stream = stream
        self._items: Iterator[Packet] | None = items
        self._made: Packet | None = None  # an item for which there was no room any more when it was made
        self._lock = threading.Lock()
        self._scheduled = False
        stream.watch_room(self.schedule)

    def schedule(self) -> None:
        """Take a step soon, if there is a step to take. From any thread."""
        with self._lock:
            if self._scheduled or self._items is None:
                return
            if not self._stream.over and not self._stream.wants_item():
                return
            self._scheduled = True
        self._service.call_soon(self._step, self._client)

    def _step(self) -> None:
        with self._lock:
            self._scheduled = False
        items = self._items
        if items is None:
            return
        try:
            if self._stream.over:
                self._finish(items)
            elif self._stream.wants_item():
                made, self._made = self._made or next(items), None
                self._put(made)
        except StopIteration:
            self._finish(items)
            self._stream.end()
        except Closed:
            self._finish(items)
        except BaseException as error:  # as in Service: the subscriber hears of SystemExit too
            self._finish(items)
            self._stream.end(error)
        self.schedule()

    def _put(self, item: Packet) -> None:
        try:
            self._stream.put(item)
        except Busy:  # other answers have filled the client's budget while it was made: it leaves when there is room
            self._made = item

    def _finish(self, items: Iterator[Packet]) -> None:
        self._items = self._made = None
        close = getattr(items, "close", None)
        if close is not None:
            close()
