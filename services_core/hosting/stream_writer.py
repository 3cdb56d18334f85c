"""The service's end of one stream: what it puts in goes to one subscriber, as fast as that reads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from ..errors import Busy, Closed, ServicesError, SlowConsumer
from ..limits import Limits
from ..packet import Packet
from ..receiving import about_to_wait


class StreamSink(Protocol):
    """The connection that takes the items of streams to their subscriber. Any thread may call it; nothing blocks."""

    @property
    def limits(self) -> Limits:
        """Return the limits of the connection."""

    def put(self, id_: int, packet: Packet) -> bool:
        """Send the next item of a stream; False if it is over. Raises Busy if there is no room."""

    def has_room(self, id_: int) -> bool:
        """Return whether `put` would take an item."""

    def wants_item(self, id_: int) -> bool:
        """Return whether an item put now would leave at once."""

    def end(self, id_: int, error: BaseException | None) -> None:
        """Send the end of a stream, or its error."""

    def close(self, error: ServicesError) -> None:
        """End the connection, and tell the client why."""


class StreamWriter:
    """The service's end of one stream. Every method may be called from any thread, and none but put_waiting blocks."""

    def __init__(self, client: StreamSink, id_: int, newest: bool) -> None:
        self.newest = newest
        self._client = client
        self._id = id_
        self._changed = threading.Condition()
        self._over = False
        self._room_watcher: Callable[[], None] | None = None

    @property
    def over(self) -> bool:
        """Return whether the subscriber has left, or the stream was ended."""
        return self._over

    def put(self, packet: Packet) -> None:
        """Publish an item. Newest-only: it replaces the last, if that was not sent yet.

        Raises Busy, with nothing queued, if the subscriber of an every-item stream has left its budget unread, and
        Closed if the stream is over.
        """
        if self._over or not self._client.put(self._id, packet):
            raise Closed("this stream is over: its subscriber left, or it was ended")

    def put_waiting(self, packet: Packet) -> None:
        """Publish an item, waiting for room in a thread that may wait.

        Raises Closed as `put` does, and SlowConsumer after the stall limit: the client's connection is then cut.
        """
        until = time.monotonic() + self._client.limits.stall_s
        while True:
            try:
                return self.put(packet)
            except Busy:
                about_to_wait()
                with self._changed:
                    left_s = until - time.monotonic()
                    if left_s > 0 and not self._over and not self._client.has_room(self._id):
                        self._changed.wait(left_s)
                if time.monotonic() >= until:
                    error = SlowConsumer(f"a stream was not read for {self._client.limits.stall_s:g} s")
                    self._client.close(error)
                    raise error from None

    def wants_item(self) -> bool:
        """Return whether an item put now would leave at once."""
        return not self._over and self._client.wants_item(self._id)

    def end(self, error: BaseException | None = None) -> None:
        """End the stream: after what was put, or with an error at once. May be repeated."""
        if not self._over:
            self._client.end(self._id, error)
            self.set_over()

    def watch_room(self, watcher: Callable[[], None]) -> None:
        """Have `watcher()` called whenever there may be room again, and when the stream is over: at once if it is.

        After that it is let go: it usually holds who writes the stream, and what is written.
        """
        with self._changed:
            if not self._over:
                self._room_watcher = watcher
                return
        watcher()

    def room_made(self) -> None:
        """Note that the subscriber took items. Called by the engine."""
        with self._changed:
            watcher = self._room_watcher
            self._changed.notify_all()
        if watcher is not None:
            watcher()

    def set_over(self) -> None:
        """End the stream here: nothing more can be put. Called by the engine."""
        with self._changed:
            self._over, watcher, self._room_watcher = True, self._room_watcher, None
            self._changed.notify_all()
        if watcher is not None:
            watcher()
