"""What a service gets to process: one packet of one client, and the ways to answer it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import Busy, Closed, RequestCancelled, SlowConsumer
from ..packet import Packet
from ..protocol.messages import Kind

if TYPE_CHECKING:
    from ..timekeeper import TimedCall
    from .server_connection import ServiceClient


_NOTHING = Packet()
_KINDS = {int(kind): kind for kind in Kind}  # a call of the enumeration takes a microsecond
_SUBSCRIBE = Kind.SUBSCRIBE


class IncomingCall:
    """One message, request or subscription that arrived at a service.

    `packet` is what the client sent, `client` the connection it came over. Thread-safe.
    """

    __slots__ = (
        "__weakref__",
        "_begun",
        "_deferred",
        "_over",
        "client",
        "deadline",
        "expiry",
        "id",
        "kind",
        "packet",
        "released",
        "stream",
    )

    def __init__(
        self, kind: int, id_: int, packet: Packet, deadline: float | None, newest: bool, client: ServiceClient
    ) -> None:
        self.kind = _KINDS[kind]
        self.id = id_
        self.packet = packet
        self.deadline = deadline
        self.client = client
        self.stream = StreamWriter(client, id_, newest) if kind == _SUBSCRIBE else None
        self._begun = threading.Lock()  # taken once: by the service that begins, or by whoever drops it before
        self._over = False
        self._deferred = False
        self.released = False  # whether the client was told that it may send as many bytes again: see ServiceClient
        self.expiry: TimedCall | None = None  # what ends it at its deadline

    @property
    def over(self) -> bool:
        """Whether nobody wants the outcome any more: cancelled, skipped, answered, or the client has left."""
        return self._over

    @property
    def deferred(self) -> bool:
        """Whether the answer comes later."""
        return self._deferred

    def time_left_s(self) -> float | None:
        """Seconds until the deadline that the client set, negative when it has passed; None without one."""
        return None if self.deadline is None else self.deadline - time.monotonic()

    def defer(self) -> None:
        """Say, while processing a request, that `reply` or `fail` will be called later, from any thread."""
        self._deferred = True

    def reply(self, packet: Packet, *, gather: int | None = None) -> None:
        """Answer the request. Without effect if it is over. `gather`: see Channel.flush."""
        if not self._over:
            self._over = True
            self.client.reply(self, packet, gather)
            if self.expiry is not None:
                self.expiry.cancel()

    def fail(self, error: BaseException) -> None:
        """Answer with an error: of a request or subscription its outcome, of a message a fault that the client logs."""
        if self._over:
            return
        self._over = True
        if self.kind is Kind.MESSAGE:
            self.client.fault(error)
        else:
            self.client.fail(self.id, error)
        if self.expiry is not None:
            self.expiry.cancel()

    def skip(self, reason: str) -> bool:
        """Drop this work, if it was not begun, because a newer one made it useless; tells whether it was dropped.

        A request is answered with RequestCancelled(reason).
        """
        if not self.begin():
            return False
        if self.kind is not Kind.MESSAGE:
            self.fail(RequestCancelled(reason))
        self._over = True
        self._discard()
        return True

    # --- for the engine

    def begin(self) -> bool:
        """Claim this work: True for the first caller only."""
        return self._begun.acquire(blocking=False)

    def abandon(self) -> None:
        """The client cancelled it or left: there is nobody to answer. Its memory is freed if it was not begun."""
        self._over = True
        if self.expiry is not None:
            self.expiry.cancel()
        if self.stream is not None:
            self.stream.set_over()
        if self.begin():
            self._discard()

    def release(self) -> None:
        """The service is done with the packet: the client may send as many bytes again."""
        if not self.released:
            self.client.release(self)

    def _discard(self) -> None:
        self.release()
        self.packet = _NOTHING


class StreamWriter:
    """The service's end of one stream. Every method may be called from any thread, and none but put_waiting blocks."""

    def __init__(self, client: ServiceClient, id_: int, newest: bool) -> None:
        self.newest = newest
        self._client = client
        self._id = id_
        self._changed = threading.Condition()
        self._over = False
        self._room_watcher: Callable[[], None] | None = None

    @property
    def over(self) -> bool:
        """Whether the subscriber has left, or the stream was ended."""
        return self._over

    def put(self, packet: Packet) -> None:
        """Publish an item. Newest-only: it replaces one that was not sent yet.

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
                with self._changed:
                    left_s = until - time.monotonic()
                    if left_s > 0 and not self._over and not self._client.has_room(self._id):
                        self._changed.wait(left_s)
                if time.monotonic() >= until:
                    error = SlowConsumer(f"a stream was not read for {self._client.limits.stall_s:g} s")
                    self._client.close(error)
                    raise error from None

    def wants_item(self) -> bool:
        """Whether an item put now would leave at once."""
        return not self._over and self._client.wants_item(self._id)

    def end(self, error: BaseException | None = None) -> None:
        """End the stream: after what was put, or with an error at once. May be repeated."""
        if not self._over:
            self._client.end(self._id, error)
            self.set_over()

    def watch_room(self, watcher: Callable[[], None]) -> None:
        """Have `watcher()` called whenever there may be room again, or the stream is over."""
        self._room_watcher = watcher

    def room_made(self) -> None:
        """The subscriber took items. Called by the engine."""
        with self._changed:
            self._changed.notify_all()
        if self._room_watcher is not None:
            self._room_watcher()

    def set_over(self) -> None:
        """Nothing more can be put. Called by the engine."""
        self._over = True
        self.room_made()
