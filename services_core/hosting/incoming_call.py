"""What a service gets to process: one packet of one client, and the ways to answer it."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

from ..errors import RequestCancelled, ServicesError
from ..packet import Packet
from ..protocol.messages import Kind
from ..timekeeper import TimedCall
from .stream_writer import StreamSink, StreamWriter

_NOTHING = Packet()
_KINDS = {int(kind): kind for kind in Kind}  # a call of the enumeration takes a microsecond
_SUBSCRIBE = Kind.SUBSCRIBE


class ServiceClient(StreamSink, Protocol):
    """One client, as its service sees it: the connection that calls come over. Any thread may call it; nothing blocks.

    The first four are for authors of services, the others for what the engine makes of a service's answers.
    """

    @property
    def info(self) -> dict[str, Any]:
        """Return what the client said in its HELLO (docs/protocol.md, "Handshake")."""

    @property
    def away_since(self) -> float | None:
        """Return since when, by `time.monotonic()`, its connection is lost, and kept for it; None: it is there."""

    @property
    def chunk_bytes(self) -> int | None:
        """Return the most bytes of a piece in which this client takes bulk data; None: whole, by reference."""

    @property
    def stopping(self) -> bool:
        """Return whether the service that it is a client of was told to end."""

    def reply(self, incoming: IncomingCall, packet: Packet, gather: int | None = None) -> None:
        """Send the result of a request, whose own bytes may be sent again. `gather`: see Channel.flush."""

    def fail(self, id_: int, error: BaseException) -> None:
        """Send the error of a request or subscription."""

    def fault(self, error: BaseException) -> None:
        """Send the error of a one-way message."""

    def release(self, incoming: IncomingCall) -> None:
        """Let the client send as many bytes as that packet had. They count once, however often this is said."""

    def flush(self) -> None:
        """Have everything sent so far leave: nothing follows for now."""

    def park(self, incoming: IncomingCall) -> bool:
        """Put work aside, in order, if the client leaves its answers unread; tells whether it was put aside."""

    def next_parked(self) -> IncomingCall | None:
        """Return the next work that was put aside and may go on now; None if there is none."""


class IncomingCall:
    """One message, request or subscription that arrived at a service.

    `kind` is Kind.MESSAGE, REQUEST or SUBSCRIBE, `packet` what the client sent, `client` the connection it came over,
    `id` its number there (0 of a message), `deadline` when it expires, by `time.monotonic()` (None: never), `stream`
    the writer of a subscription's items (None of others). Thread-safe.
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
        """Return whether nobody wants the outcome any more: cancelled, skipped, answered, or the client has left."""
        return self._over

    @property
    def deferred(self) -> bool:
        """Return whether the answer comes later."""
        return self._deferred

    def cancelled(self) -> str | None:
        """Return why the outcome is not wanted any more, in a few words; None while it is: work goes on.

        Long work asks it now and then, on any thread. It takes half a microsecond.
        """
        if self.deadline is not None and self.deadline <= time.monotonic():
            return "its deadline has passed"
        if self.client.stopping:
            return "its service ends"
        return "its client gave it up, or has left" if self._over else None

    def time_left_s(self) -> float | None:
        """Return the seconds until the client's deadline, negative when it has passed; None without a deadline."""
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
        """Drop this work, if it was not begun, because newer work made it useless; tells whether it was dropped.

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

    def refuse(self, error: ServicesError) -> None:
        """Answer with an error what was not begun, and drop it."""
        self.fail(error)
        self.abandon()

    def begin(self) -> bool:
        """Claim this work: True for the first caller only."""
        return self._begun.acquire(blocking=False)

    def abandon(self) -> None:
        """Give up: the client cancelled it or left, so nobody gets an answer. Frees its memory if it was not begun."""
        self._over = True
        if self.expiry is not None:
            self.expiry.cancel()
        if self.stream is not None:
            self.stream.set_over()
        if self.begin():
            self._discard()

    def release(self) -> None:
        """Let the client send as many bytes again: the service is done with the packet."""
        if not self.released:
            self.client.release(self)

    def _discard(self) -> None:
        self.release()
        self.packet = _NOTHING
