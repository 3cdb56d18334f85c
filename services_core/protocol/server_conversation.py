"""The server's half of a conversation: what arrives for a service, and what it answers. No I/O, threads or clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from ..errors import Busy, ConnectionLost, ProtocolViolation, ServicesError, SlowConsumer
from ..limits import Limits
from ..packet import Packet
from .events import Arrived, AwayChanged, CancelArrived, Dropped, Event, Greeted, Pinged, RoomMade
from .flow import Inbox, Outbox
from .messages import CLIENT_SAYS, NEWEST, WINDOWED, Kind, Message, error_packet, goodbye, kind_name

_WAITING: Final = "waiting for HELLO"
_GREETED: Final = "greeted"
_OPEN: Final = "open"
_CLOSED: Final = "closed"
_MESSAGE, _REQUEST, _SUBSCRIBE = Kind.MESSAGE, Kind.REQUEST, Kind.SUBSCRIBE  # to look one up takes 0.1 us
_REPLY, _ITEM = Kind.REPLY, Kind.ITEM
_new = tuple.__new__  # a NamedTuple's own way takes three times as long
_SAYABLE: Final[dict[str, frozenset[int]]] = {
    _WAITING: frozenset({Kind.HELLO}),
    _GREETED: frozenset({Kind.GOODBYE}),
    _OPEN: CLIENT_SAYS - {Kind.HELLO},
}


class ServerConversation:
    """One service talking to one client; the counterpart of ClientConversation, under the same rules."""

    def __init__(self, *, limits: Limits) -> None:
        self.outbox = Outbox(limits.outbound_bytes)
        self.crowded = False
        """Whether too much waits in this and other conversations: streams take no more of what is not read."""
        self.inbox = Inbox(limits.window_bytes)
        """What has arrived, to be looked at."""
        self._limits = limits
        self._most = limits.under_way
        self._state = _WAITING
        self._last_id = 0
        self._requests: set[int] = set()
        self._streams: dict[int, _Stream] = {}
        self.stream_bytes = 0
        """How much of streams waits for those who subscribed to take it."""
        self._full_since: float | None = None
        self._away = False

    @property
    def closed(self) -> bool:
        """Return whether it is over."""
        return self._state is _CLOSED

    @property
    def queued_bytes(self) -> int:
        """Return how much waits here: what the service is not done with, and what the client has not read."""
        return self.inbox.held_bytes + self.outbox.waiting_bytes + self.stream_bytes

    # --- what the service says

    def welcome(self, info: dict[str, Any]) -> None:
        """Accept the client that said HELLO."""
        if self._state is _GREETED:
            self._state = _OPEN
            self.outbox.push(Message(Kind.WELCOME, 0, self._limits.window_bytes, 0, Packet(info)))

    def reply(self, id_: int, packet: Packet, consumed_bytes: int = 0) -> None:
        """Send the result of a request, unless it is over already; `consumed_bytes` as for `consumed`."""
        if consumed_bytes:
            self.consumed(consumed_bytes)
        if id_ in self._requests:
            self._requests.remove(id_)
            self.outbox.push(_new(Message, (_REPLY, id_, 0, 0, packet)))

    def fail(self, id_: int, error: BaseException) -> None:
        """Send the error of a request, or of a subscription that could not begin."""
        if id_ in self._streams:
            self.end(id_, error)
        elif id_ in self._requests:
            self._requests.discard(id_)
            self.outbox.push(Message(Kind.ERROR, id_, packet=error_packet(error)))

    def fault(self, error: BaseException) -> None:
        """Send the error of a one-way message, unless the client leaves a full budget unread."""
        if self._state is _OPEN and not self.outbox.full:
            self.outbox.push(Message(Kind.FAULT, packet=error_packet(error)))

    def put(self, id_: int, packet: Packet) -> bool:
        """Send the next item of a stream; False if the stream is over.

        Newest-only: replaces the item that was not sent yet. Every-item: raises Busy, with nothing queued, while as
        many bytes as the outbound budget wait for the subscriber, or any where it is crowded.
        """
        stream = self._streams.get(id_)
        if stream is None:
            return False
        if not stream.queue and stream.credit > 0 and self.outbox.open:  # most are this: it leaves, and waits nowhere
            stream.sequence += 1
            stream.credit -= 1
            self.outbox.push(_new(Message, (_ITEM, id_, stream.sequence, 0, packet)))
            return True
        if stream.newest:
            stream.queue.clear()
        elif not self.has_room(id_):
            raise Busy(f"the subscriber has not taken {stream.queued_bytes} bytes of this stream yet")
        stream.sequence += 1
        stream.queue.append((stream.sequence, packet))
        before = stream.queued_bytes
        stream.queued_bytes = packet.size_bytes if stream.newest else before + packet.size_bytes
        self.stream_bytes += stream.queued_bytes - before
        self._pump(id_, stream)
        return True

    def has_room(self, id_: int) -> bool:
        """Return whether `put` would take an item of this stream; True for streams that are over or newest-only."""
        stream = self._streams.get(id_)
        if stream is None or stream.newest:
            return True
        if self.crowded and stream.queued_bytes:
            return False
        return stream.queued_bytes + self.outbox.waiting_bytes < self._limits.outbound_bytes

    def wants_item(self, id_: int) -> bool:
        """Return whether an item put now would leave at once: what a producer that makes items on demand asks."""
        stream = self._streams.get(id_)
        return stream is not None and stream.credit > 0 and not stream.queue and self.outbox.open

    def end(self, id_: int, error: BaseException | None = None) -> None:
        """End a stream after what was put; with an error, at once."""
        stream = self._streams.get(id_)
        if stream is None:
            return
        if error is not None:
            stream.queue.clear()
            self._finish(id_, error_packet(error))
        elif stream.queue:
            stream.ending = True
        else:
            self._finish(id_, None)

    def pong(self, id_: int, busy_s: float) -> None:
        """Answer a ping."""
        if self._state is _OPEN:
            self.outbox.push(Message(Kind.PONG, id_, round(busy_s * 1000)))

    def consumed(self, size_bytes: int) -> None:
        """Count a packet of that size that the service is done with: in time the client may send as much again."""
        if (granted := self.inbox.consumed(size_bytes)) and self._state is _OPEN:
            self.outbox.push(Message(Kind.WINDOW, 0, granted))

    def close(self, error: ServicesError) -> list[Event]:
        """Say GOODBYE with the reason; what waited for the client's window is dropped."""
        events = self.lost(error)
        if events:
            self.outbox.push(goodbye(error))
        return events

    # --- what happens to the service

    def receive(self, messages: Sequence[Message], now: float) -> list[Event]:
        """Take messages of the client, in order, and return what they mean. A breach ends all, with a GOODBYE."""
        events: list[Event] = []
        try:
            for message in messages:
                kind, id_, value, _, packet = message
                if self._state is _OPEN and kind == _REQUEST and id_ > self._last_id and packet is not None:  # most are
                    self.inbox.arrived(packet.size_bytes)
                    self._last_id = id_
                    self._requests.add(id_)
                    events.append(_new(Arrived, (kind, id_, packet, now + value / 1000 if value else None, False)))
                elif self._state is not _CLOSED:
                    events += self._receive(message, now)
            if len(self._requests) + len(self._streams) > self._most:
                raise ProtocolViolation(f"more than {self._most} requests and streams are open")
        except ServicesError as error:
            events += self.close(ProtocolViolation(f"the client broke the protocol: {error}"))
        return events

    def lost(self, error: ServicesError) -> list[Event]:
        """End the conversation: the connection ended. Every stream and request is over."""
        if self._state is _CLOSED:
            return []
        self._state = _CLOSED
        self.outbox.withdraw_all()
        self._requests.clear()
        self._streams.clear()
        self.stream_bytes = 0
        return [Dropped(error)]

    def advance(self, now: float) -> list[Event]:
        """Let time pass up to `now`: a client that leaves a full budget unread for too long is cut."""
        deadline = self.next_deadline(now)
        if deadline is None or now < deadline or self._state is _CLOSED:
            return []
        waiting_bytes, stall_s = self.outbox.waiting_bytes, self._limits.stall_s
        return self.close(SlowConsumer(f"{waiting_bytes} bytes of answers were not read for {stall_s:g} s"))

    def next_deadline(self, now: float) -> float | None:
        """Return when `advance` has something to do next; asked after each operation: it times the stall."""
        if self._away or not self.outbox.full:
            self._full_since = None
            return None
        if self._full_since is None:
            self._full_since = now
        return self._full_since + self._limits.stall_s

    # --- inside

    def _receive(self, message: Message, now: float) -> list[Event]:
        kind, id_, value, flags, packet = message
        if kind not in _SAYABLE[self._state]:
            raise ProtocolViolation(f"{kind_name(kind)} in state {self._state!r}")
        if packet is not None and kind in WINDOWED:
            self.inbox.arrived(packet.size_bytes)
            return [self._arrived(kind, id_, value, flags, packet, now)]
        if kind == Kind.CANCEL:
            return self._cancelled(id_)
        if kind == Kind.CREDIT:
            return self._credit(id_, value)
        if kind == Kind.WINDOW:
            self.outbox.grant(value)
            if not self.outbox.full:
                self._full_since = None  # it was read: a later stall is timed anew
            return self._pump_all()
        if kind == Kind.PING:
            return [_pinged(id_)]
        if kind == Kind.AWAY:
            self._away = value != 0
            return [AwayChanged(self._away)]
        if kind == Kind.GOODBYE:
            return self.lost(ConnectionLost("the client said goodbye"))
        assert packet is not None
        return [self._greeted(value, packet)]

    def _greeted(self, window_bytes: int, packet: Packet) -> Event:
        self.outbox.grant(window_bytes)
        info = packet.header
        if not isinstance(info, dict):
            raise ProtocolViolation("a HELLO whose header is no map")
        self._state = _GREETED
        return Greeted(info)

    def _arrived(self, kind: int, id_: int, value: int, flags: int, packet: Packet, now: float) -> Event:
        if kind == _MESSAGE:
            return Arrived(kind, 0, packet, None, False)
        if id_ < 1:
            raise ProtocolViolation(f"{kind_name(kind)} with the id {id_}; ids begin at 1")
        if id_ <= self._last_id:
            raise ProtocolViolation(f"{kind_name(kind)} with the id {id_} came after the id {self._last_id}; ids grow")
        newest = bool(flags & NEWEST)
        if kind == _SUBSCRIBE and value < 1:
            raise ProtocolViolation(f"SUBSCRIBE {id_} with a credit of {value} items; it is at least 1")
        self._last_id = id_
        if kind == _SUBSCRIBE:
            self._streams[id_] = _Stream(newest, value)
            return Arrived(kind, id_, packet, None, newest)
        self._requests.add(id_)
        return Arrived(kind, id_, packet, now + value / 1000 if value else None, False)

    def _cancelled(self, id_: int) -> list[Event]:
        if id_ not in self._requests and id_ not in self._streams:
            return []  # it was over before the client knew
        self._requests.discard(id_)
        if (stream := self._streams.pop(id_, None)) is not None:
            self.stream_bytes -= stream.queued_bytes
        self.outbox.withdraw(id_)
        return [CancelArrived(id_)]

    def _credit(self, id_: int, items: int) -> list[Event]:
        if items < 1:
            raise ProtocolViolation(f"CREDIT of {items} items for the stream {id_}; it is at least 1")
        stream = self._streams.get(id_)
        if stream is None:
            return []
        stream.credit += items
        self._pump(id_, stream)
        return [RoomMade(id_)]

    def _pump_all(self) -> list[Event]:
        for id_, stream in list(self._streams.items()):
            self._pump(id_, stream)
        return [RoomMade(id_) for id_ in self._streams]

    def _pump(self, id_: int, stream: _Stream) -> None:
        while stream.queue and stream.credit > 0 and self.outbox.open:
            sequence, packet = stream.queue.popleft()
            stream.credit -= 1
            stream.queued_bytes -= packet.size_bytes
            self.stream_bytes -= packet.size_bytes
            self.outbox.push(_new(Message, (_ITEM, id_, sequence, 0, packet)))
        if stream.ending and not stream.queue:
            self._finish(id_, None)

    def _finish(self, id_: int, packet: Packet | None) -> None:
        self.stream_bytes -= self._streams.pop(id_).queued_bytes
        self.outbox.push(Message(Kind.END, id_, packet=packet))


def _pinged(id_: int) -> Event:
    if id_ < 1:
        raise ProtocolViolation(f"PING with the id {id_}; ids begin at 1")
    return Pinged(id_)


class _Stream:
    """What the server knows of one subscription."""

    def __init__(self, newest: bool, credit: int) -> None:
        self.newest = newest
        self.credit = credit
        self.queue: deque[tuple[int, Packet]] = deque()
        self.queued_bytes = 0
        self.sequence = 0
        self.ending = False
