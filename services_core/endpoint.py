"""What a client holds to talk to one service: messages, requests, streams. No call blocks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from .backend import Channel
from .client_conversation import ClientConversation
from .errors import ConnectionLost, ServicesError
from .events import Dropped, Ended, Event, Faulted, ItemArrived, Ponged, Resolved, Welcomed
from .limits import Limits
from .link import SOFTWARE
from .messages import PROTOCOL_VERSION, Message
from .packet import Packet
from .reply import Reply, notify
from .subscription import Subscription
from .timekeeper import Timekeeper

_log = logging.getLogger(__name__)

T = TypeVar("T")


class ServiceEndpoint:
    """A connection to one service. Made by `ServicesEngine.endpoint`; thread-safe; usable from any asyncio loop.

    It can be used at once: what is sent before the connection stands goes out when it does. Packets are processed in
    the order in which they were sent. If the connection ends, every reply and stream under way gets its error, and
    later calls raise it; an endpoint does not connect again.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        service: str,
        peer: str,
        session: str | None,
        limits: Limits,
        timekeeper: Timekeeper,
        ended: Callable[[ServiceEndpoint], None],
    ) -> None:
        self.service = service
        self.peer = peer
        self._channel = channel
        self._timekeeper = timekeeper
        self._ended = ended
        self._lock = threading.Lock()
        self._waiting: dict[int, Reply[Any]] = {}
        self._streams: dict[int, Subscription] = {}
        self._pinged: dict[int, float] = {}
        self._welcome: Reply[dict[str, Any]] = Reply()
        self._room: Reply[None] | None = None
        self._close_watchers: list[Callable[[ServicesError], None]] = []
        self._fault_watchers: list[Callable[[ServicesError], None]] = []
        self._error: ServicesError | None = None
        self._next_call = float("inf")
        hello: dict[str, Any] = {"protocol": list(PROTOCOL_VERSION), "software": SOFTWARE, "service": service}
        if session is not None:
            hello["session"] = session
        self._conversation = ClientConversation(hello, peer=peer, now=time.monotonic(), limits=limits)
        channel.start(self)
        self._do(lambda: None)

    # --- the three ways to talk

    def send_message(self, header: Any, buffers: Any = ()) -> None:
        """Send one way. If the service fails to process it, the fault callbacks are told.

        `header` may be a Packet made before. Raises PacketError, Busy (then wait for `room`), or the error that ended
        the connection; nothing was sent then.
        """
        packet = _packet(header, buffers)
        self._do(lambda: self._conversation.send_message(packet))

    def send_request(self, header: Any, buffers: Any = (), *, deadline_s: float | None = None) -> Reply[Packet]:
        """Send a request; its reply has exactly one outcome. Raises as send_message does.

        With `deadline_s` the reply raises DeadlineExceeded after so many seconds, and the service does not begin the
        work any more.
        """
        packet = _packet(header, buffers)

        def send() -> Reply[Packet]:
            id_ = self._conversation.send_request(packet, now=time.monotonic(), deadline_s=deadline_s)
            reply: Reply[Packet] = Reply(lambda: self._cancel(id_))
            self._waiting[id_] = reply
            return reply

        return self._do(send)

    def subscribe(self, header: Any, buffers: Any = (), *, newest: bool = False) -> Subscription:
        """Ask for a stream. Raises as send_message does.

        With `newest` only the newest item matters: a slow reader gets fewer items, never older ones. Otherwise every
        item arrives, and a slow reader slows the stream down.
        """
        packet = _packet(header, buffers)

        def send() -> Subscription:
            id_ = self._conversation.subscribe(packet, newest=newest)
            stream = self._streams[id_] = Subscription(
                newest,
                lambda size_bytes: self._do(lambda: self._conversation.item_consumed(id_, size_bytes)),
                lambda: self._cancel(id_),
            )
            return stream

        return self._do(send)

    # --- the connection itself

    def connected(self) -> Reply[dict[str, Any]]:
        """Resolves to the server's WELCOME, or to the error that prevented it."""
        return self._welcome

    def ping(self) -> Reply[tuple[float, float]]:
        """Resolves to the round trip and to how long the service has been busy with one packet, in seconds.

        The connection answers, not the service's thread: a busy service is not dead.
        """

        def send() -> Reply[tuple[float, float]]:
            id_ = self._conversation.ping()
            self._pinged[id_] = time.monotonic()
            reply: Reply[tuple[float, float]] = Reply()
            self._waiting[id_] = reply
            return reply

        return self._do(send)

    def room(self) -> Reply[None]:
        """Resolves when the outbound budget has room again, at once if it has."""

        def ask() -> Reply[None]:
            if self._room is None:
                self._room = Reply()
            return self._room

        return self._do(ask)

    @property
    def error(self) -> ServicesError | None:
        """Why the connection ended; None while it lives."""
        return self._error

    def add_close_callback(self, callback: Callable[[ServicesError], None]) -> None:
        """Have `callback(error)` called when the connection has ended, at once if it has (any thread; be brief)."""
        with self._lock:
            if self._error is None:
                self._close_watchers.append(callback)
                return
        callback(self._error)

    def add_fault_callback(self, callback: Callable[[ServicesError], None]) -> None:
        """Have `callback(error)` called when a one-way message failed over there. Without one, faults are logged."""
        self._fault_watchers.append(callback)

    def close(self) -> None:
        """Say goodbye and disconnect. Everything under way ends with Closed. Never blocks; may be repeated."""
        self._do(self._conversation.close)

    # --- the channel's receiver

    def on_message(self, message: Message) -> None:
        """The service said something."""
        self._do(lambda: self._conversation.receive(message, time.monotonic()))

    def on_closed(self, error: ServicesError | None) -> None:
        """The channel ended."""
        self._do(lambda: self._conversation.lost(error or ConnectionLost(f"{self.peer} closed the connection")))

    # --- inside

    def _do(self, operation: Callable[[], T]) -> T:
        """Change the conversation under the lock, ship what it says, then handle its events without the lock."""
        with self._lock:
            result = operation()
            leaving = self._conversation.outbox.take()
            for message in leaving:
                self._channel.send(message)
            room = None
            if self._room is not None and not self._conversation.outbox.full:
                room, self._room = self._room, None
            deadline = self._conversation.next_deadline()
            if deadline is not None and deadline < self._next_call:
                self._next_call = deadline
            else:
                deadline = None
        if leaving:
            self._channel.flush()
        if deadline is not None:
            self._timekeeper.call_at(deadline, self._advance)
        if room is not None:
            room.resolve(None)
        if isinstance(result, list):
            for event in result:
                self._handle(event)
        return result

    def _cancel(self, id_: int) -> None:
        self._do(lambda: self._conversation.cancel(id_))

    def _advance(self, now: float) -> None:
        with self._lock:
            self._next_call = float("inf")
        self._do(lambda: self._conversation.advance(now))

    def _handle(self, event: Event) -> None:
        if isinstance(event, Resolved):
            if (reply := self._waiting.pop(event.id, None)) is not None:
                reply.resolve(event.packet, event.error)
        elif isinstance(event, ItemArrived):
            if (stream := self._streams.get(event.id)) is not None:
                stream.put(event.packet)
            else:
                self._do(lambda: self._conversation.item_consumed(event.id, event.packet.size_bytes))
        elif isinstance(event, Ended):
            if (stream := self._streams.pop(event.id, None)) is not None:
                stream.end(event.error)
        elif isinstance(event, Ponged):
            sent = self._pinged.pop(event.id)
            if (reply := self._waiting.pop(event.id, None)) is not None:
                reply.resolve((time.monotonic() - sent, event.busy_s))
        elif isinstance(event, Welcomed):
            self._welcome.resolve(event.info)
        elif isinstance(event, Faulted):
            self._fault(event.error)
        elif isinstance(event, Dropped):
            self._drop(event.error)

    def _fault(self, error: ServicesError) -> None:
        for watcher in self._fault_watchers:
            notify(watcher, error)
        if not self._fault_watchers:
            _log.warning("a message to service %s at %s failed there: %s", self.service, self.peer, error)

    def _drop(self, error: ServicesError) -> None:
        with self._lock:
            self._error = error
            watchers, self._close_watchers = self._close_watchers, []
            room, self._room = self._room, None
        self._channel.close()
        self._welcome.resolve(None, error)
        if room is not None:
            room.resolve(None, error)
        for watcher in watchers:
            notify(watcher, error)
        self._ended(self)


def _packet(header: Any, buffers: Any) -> Packet:
    return header if isinstance(header, Packet) else Packet(header, buffers)
