"""What a client holds to talk to one service: messages, requests, streams. No call blocks."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import TracebackType
from typing import Any, ClassVar, Final, TypeVar

from ..backend import Channel
from ..connection_state import CONNECTED, LOST, ConnectionState
from ..errors import ConnectionLost, ServicesError
from ..limited_log import LimitedLog
from ..limits import Limits
from ..packet import Packet
from ..protocol.client_conversation import ClientConversation
from ..protocol.events import Dropped, Ended, Event, Faulted, ItemArrived, Ponged, Resolved, Welcomed
from ..protocol.messages import PROTOCOL_VERSION, SOFTWARE, Message
from ..timekeeper import TimedCall, Timekeeper
from .mailbox import running_loop
from .no_channel import NoChannel
from .reply import Reply, notify
from .subscription import Subscription

_log = logging.getLogger(__name__)

T = TypeVar("T")
_MANY: Final = 4
"""More requests in flight than this are a burst: each reply leads to the next request. Half of them leave together, so
that either side has something to do while the other has, too."""


class _Together(AbstractContextManager[None]):
    """What `ServiceEndpoint.together` returns: a generator would take twice as long."""

    __slots__ = ("_endpoint",)

    def __init__(self, endpoint: ServiceEndpoint) -> None:
        self._endpoint = endpoint

    def __enter__(self) -> None:
        self._endpoint.gather(1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._endpoint.gather(-1)


class ServiceEndpoint:
    """A connection to one service. Made by `ServicesEngine.endpoint`; thread-safe; usable from any asyncio loop.

    It can be used at once: what is sent before the connection stands goes out when it does. Packets are processed in
    the order in which they were sent. If the connection ends, every reply and stream under way gets its error, and
    later calls raise it. A server that keeps connections is connected to again by itself, for as long as it does: what
    is under way then takes longer, up to its deadline, and arrives once, in order.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        service: str,
        peer: str,
        session: str | None,
        token: str | None = None,
        limits: Limits,
        timekeeper: Timekeeper,
        ended: Callable[[ServiceEndpoint], None],
        crosses_processes: bool = True,
    ) -> None:
        self.service = service
        self.peer = peer
        self._channel = channel
        self._timekeeper = timekeeper
        self._crosses_processes = crosses_processes
        self._ended = ended
        self._lock = threading.Lock()
        self._waiting: dict[int, Reply[Any]] = {}
        self._streams: dict[int, Subscription] = {}
        self._gathering = 0  # whoever sets it back flushes
        self._width = 0  # how many replies were awaited when the last ones came
        self._pinged: dict[int, float] = {}
        self._welcome: Reply[dict[str, Any]] = Reply(self)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._attaching = threading.RLock()
        self._shared = False
        self._room: Reply[None] | None = None
        self._close_watchers: list[Callable[[ServicesError], None]] = []
        self._fault_watchers: list[Callable[[ServicesError], None]] = []
        self._state_watchers: list[Callable[[ConnectionState], None]] = []
        self._state = ConnectionState(CONNECTED, time.time())
        self._error: ServicesError | None = None
        self._log: LimitedLog | None = None  # made for the first fault: most endpoints have none
        self._next_call = float("inf")
        self._clock: TimedCall | None = None
        hello: dict[str, Any] = {"protocol": list(PROTOCOL_VERSION), "software": SOFTWARE, "service": service}
        if session is not None:
            hello["session"] = session
        if token is not None:
            hello["token"] = token
        self._conversation = ClientConversation(hello, peer=peer, now=time.monotonic(), limits=limits)
        channel.watch(self._state_changed)
        channel.start(self)
        self._do(_nothing)

    # --- the three ways to talk

    def send_message(self, header: Any, buffers: Any = ()) -> None:
        """Send one way. If the service fails to process it, the fault callbacks are told.

        `header` is plain data of at most 64 KiB, `buffers` are up to 15 objects that offer the buffer protocol, with at
        most 256 MiB together (the engine's Limits; Packet says who owns them); or `header` is a Packet made before.
        Raises PacketError, Busy (then wait for `room`), or the error that ended the connection; nothing was sent then.
        """
        self._do(self._conversation.send_message, _packet(header, buffers))

    def send_request(self, header: Any, buffers: Any = (), *, deadline_s: float | None = None) -> Reply[Packet]:
        """Send a request; its reply has exactly one outcome. Raises as send_message does.

        With `deadline_s` the reply raises DeadlineExceeded after so many seconds, and the service does not begin the
        work any more, or is interrupted. Awaiting the reply gives the answer's Packet, or raises RemoteError,
        RequestCancelled, DeadlineExceeded or ConnectionLost.
        """
        packet = header if isinstance(header, Packet) else Packet(header, buffers)
        reply: Reply[Packet] = Reply(self)
        conversation, channel = self._conversation, self._channel
        self._lock.acquire()  # as _do, in a straight line; by name: in half the time of `with`
        try:
            if deadline_s is None:
                id_ = conversation.send_request(packet)
            else:
                id_ = conversation.send_request(packet, deadline_s, now=time.monotonic())
            reply.id = id_
            self._waiting[id_] = reply
            for message in conversation.outbox.take():
                channel.send(message)
            if conversation.timed:
                self._set_clock()
        finally:
            self._lock.release()
        if self._gathering:
            return reply
        width = self._width
        channel.flush((width - 1) // 2 if width > _MANY and self.loop is not None else None)
        return reply

    def subscribe(self, header: Any, buffers: Any = (), *, newest: bool = False) -> Subscription:
        """Ask for a stream. Raises as send_message does.

        With `newest` only the newest item matters: a slow reader gets fewer items, never an older item. Otherwise every
        item arrives, and a slow reader slows the stream down.
        """
        return self._do(self._subscribe, _packet(header, buffers), newest)

    def together(self) -> AbstractContextManager[None]:
        """Send what is sent inside when the block ends: messages that follow each other then leave as one.

        For a few calls in a row, without waiting for anything inside. Whatever raises there, what was sent leaves.
        """
        return _Together(self)

    def in_a_row(self) -> AbstractContextManager[None]:
        """Send what is sent inside, many messages that are made one after the other, in the way that takes least.

        A peer in another process begins with the first while the others are made. Over a backend of one process they
        leave as one when the block ends: there is one interpreter, for which the two would only take turns. As
        `together` otherwise.
        """
        return _AS_THEY_COME if self._crosses_processes else _Together(self)

    def gather(self, more: int) -> None:
        """Have what is sent leave when as many calls have said -1 as have said 1. For `together`."""
        with self._lock:
            self._gathering += more
        if more < 0:
            self._channel.flush()

    # --- the connection itself

    def connected(self) -> Reply[dict[str, Any]]:
        """Return a reply that resolves to the header of the server's WELCOME, or to the error that prevented it."""
        return self._welcome

    def ping(self) -> Reply[tuple[float, float]]:
        """Return a reply that resolves to times in seconds: of the round trip, and since the service began a packet.

        The second is 0 if the service waits for work. The connection answers, not the service's thread: a busy service
        is not dead.
        """
        return self._do(self._ping)

    def room(self) -> Reply[None]:
        """Return a reply that resolves when more may be sent and be under way, at once if it may be now."""
        return self._do(self._ask_room)

    @property
    def error(self) -> ServicesError | None:
        """Return why the connection ended; None while it lives."""
        return self._error

    @property
    def state(self) -> ConnectionState:
        """Return how the connection is."""
        return self._state

    def add_state_callback(self, callback: Callable[[ConnectionState], None]) -> None:
        """Have `callback(state)` called when the connection breaks, stands again, or is over (any thread; be brief)."""
        with self._lock:
            self._state_watchers.append(callback)

    def add_close_callback(self, callback: Callable[[ServicesError], None]) -> None:
        """Have `callback(error)` called when the connection has ended, at once if it has (any thread; be brief).

        If it is added in a running asyncio loop, that loop may have to bring it, as a reply's callback.
        """
        self.note_waiter(running_loop())
        with self._lock:
            if self._error is None:
                self._close_watchers.append(callback)
                return
        callback(self._error)

    def add_fault_callback(self, callback: Callable[[ServicesError], None]) -> None:
        """Have `callback(error)` called when a one-way message failed over there. Without one, faults are logged.

        Called on the thread that brings it, as the other callbacks.
        """
        self.note_waiter(running_loop())
        self._fault_watchers.append(callback)

    def close(self) -> None:
        """Say goodbye and disconnect. Everything under way ends with Closed. Never blocks; may be repeated."""
        self._do(self._conversation.close)

    def disown(self, error: ServicesError) -> None:
        """Leave the channel alone, in a process forked from that which connected: whoever calls gets `error`.

        Called first thing there, by the one thread that a forked process has. Who waits does so in the other process.
        """
        self._lock, self._attaching = threading.Lock(), threading.RLock()
        self._channel = NoChannel()
        self._conversation.lost(error)
        self._error = error

    # --- the channel's receiver

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver.on_messages."""
        self._do(self._conversation.receive, messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver.on_closed."""
        self._do(self._conversation.lost, error or ConnectionLost(f"{self.peer} closed the connection"))

    # --- inside

    def _do(self, operation: Callable[..., T], *arguments: Any) -> T:
        """Change the conversation under the lock, ship what it says, then handle its events without the lock."""
        conversation, channel = self._conversation, self._channel
        with self._lock:
            result = operation(*arguments)
            leaving = conversation.outbox.take()
            for message in leaving:
                channel.send(message)
            if conversation.timed:
                self._set_clock()
            room = self._room if self._room is not None and not conversation.full else None
            if room is not None:
                self._room = None
        if leaving and not (self._gathering and conversation.outbox.open):  # else only the peer could open its window
            channel.flush()
        if room is not None:
            room.resolve(None)
        if isinstance(result, list) and result:
            self._handle(result)
        return result

    def _handle(self, events: list[Event]) -> None:
        waiting = self._waiting
        here = None
        last = events[-1]
        if type(last) is Dropped:
            self._error = last.error  # before those who wait: they may look why
        if type(events[0]) is Resolved:
            self._width = len(waiting)
            here = running_loop()
        for event in events:
            if type(event) is not Resolved:
                self._handlers[type(event)](self, event)
            elif (reply := waiting.pop(event.id, None)) is not None:
                reply.resolve(event.packet, event.error, here)

    def _set_clock(self) -> None:
        """Have `_advance` called at the next deadline, unless it is called before anyway. Under the lock."""
        deadline = self._conversation.next_deadline()
        if deadline is None or deadline >= self._next_call:
            return
        if self._clock is not None:
            self._clock.cancel()
        self._next_call, self._clock = deadline, self._timekeeper.call_at(deadline, self._advance)

    def _advance(self, now: float) -> None:
        with self._lock:
            self._next_call = float("inf")
        self._do(partial(self._conversation.advance, connected=self._channel.is_connected()), now)

    # --- operations on the conversation, under the lock

    def _subscribe(self, packet: Packet, newest: bool) -> Subscription:
        id_ = self._conversation.subscribe(packet, newest=newest)
        stream = self._streams[id_] = Subscription(id_, newest, self)
        return stream

    def _ping(self) -> Reply[tuple[float, float]]:
        id_ = self._conversation.ping()
        self._pinged[id_] = time.monotonic()
        reply: Reply[tuple[float, float]] = Reply(self, id_)
        self._waiting[id_] = reply
        return reply

    def _ask_room(self) -> Reply[None]:
        if self._room is None:
            self._room = Reply(self)
        return self._room

    # --- what replies and subscriptions call

    def give_up(self, id_: int) -> None:
        """See ReplySource.give_up."""
        self._do(self._conversation.cancel, id_)

    def item_consumed(self, id_: int, size_bytes: int) -> None:
        """See StreamSource.item_consumed."""
        self._do(self._conversation.item_consumed, id_, size_bytes)

    def note_waiter(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """See ReplySource.note_waiter. While a single loop waits, it may receive by itself."""
        with self._attaching:
            if self._shared or (loop is not None and loop is self.loop):
                return
            if self.loop is not None:
                self._channel.detach_loop()
            if loop is not None and (self.loop is None or self.loop.is_closed()):
                self.loop = loop
                self._channel.attach_loop(loop)
            else:
                self.loop, self._shared = None, True

    # --- events, without the lock

    def _take_item(self, event: ItemArrived) -> None:
        stream = self._streams.get(event.id)
        if stream is not None:
            stream.put(event.packet)
        else:
            self.item_consumed(event.id, event.packet.size_bytes)

    def _end(self, event: Ended) -> None:
        stream = self._streams.pop(event.id, None)
        if stream is not None:
            stream.end(event.error)

    def _ponged(self, event: Ponged) -> None:
        sent = self._pinged.pop(event.id)
        reply = self._waiting.pop(event.id, None)
        if reply is not None:
            reply.resolve((time.monotonic() - sent, event.busy_s))

    def _welcomed(self, event: Welcomed) -> None:
        self._welcome.resolve(event.info)

    def _fault(self, event: Faulted) -> None:
        for watcher in self._fault_watchers:
            notify(watcher, event.error)
        if not self._fault_watchers:
            if self._log is None:
                self._log = LimitedLog(_log)
            self._log.warning("a message to service %s at %s failed there: %s", self.service, self.peer, event.error)

    def _state_changed(self, state: ConnectionState) -> None:
        with self._lock:
            if self._state.kind == LOST:
                return
            self._state = state
            watchers = list(self._state_watchers)
        for watcher in watchers:
            notify(watcher, state)

    def _drop(self, event: Dropped) -> None:
        error = event.error
        with self._lock:
            self._error = error
            watchers, self._close_watchers = self._close_watchers, []
            room, self._room = self._room, None
            clock = self._clock
        if clock is not None:
            clock.cancel()
        self._channel.close()
        self._state_changed(ConnectionState(LOST, time.time(), str(error)))
        self._welcome.resolve(None, error)
        if room is not None:
            room.resolve(None, error)
        for watcher in watchers:
            notify(watcher, error)
        self._ended(self)

    _handlers: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        ItemArrived: _take_item,
        Ended: _end,
        Ponged: _ponged,
        Welcomed: _welcomed,
        Faulted: _fault,
        Dropped: _drop,
    }


_AS_THEY_COME: Final[AbstractContextManager[None]] = nullcontext()


def _nothing() -> None:
    """Ship what the conversation says by itself: its HELLO."""


def _packet(header: Any, buffers: Any) -> Packet:
    return header if isinstance(header, Packet) else Packet(header, buffers)
