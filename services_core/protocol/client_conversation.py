"""The client's half of a conversation: requests, streams, deadlines, credits. No I/O, no threads, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..errors import (
    Busy,
    Closed,
    ConnectionFailed,
    ConnectionLost,
    DeadlineExceeded,
    ProtocolViolation,
    RequestCancelled,
    ServiceCrashed,
    ServicesError,
    error_from_wire,
)
from ..limits import Limits
from ..packet import Packet
from .client_stream import ClientStream
from .deadlines import Deadlines, milliseconds
from .events import Dropped, Ended, Event, Faulted, ItemArrived, Ponged, Resolved, Welcomed
from .flow import Inbox, Outbox
from .messages import NEWEST, SERVER_SAYS, WINDOWED, Kind, Message, goodbye, kind_name

_OPENING: Final = "opening"
_OPEN: Final = "open"
_CLOSED: Final = "closed"
_REQUEST, _REPLY, _ERROR, _ITEM = Kind.REQUEST, Kind.REPLY, Kind.ERROR, Kind.ITEM  # to look one up takes 0.1 us
_ANSWERS: Final = frozenset({Kind.REPLY, Kind.ERROR, Kind.ITEM, Kind.END, Kind.PONG})
_new = tuple.__new__  # a NamedTuple's own way takes three times as long
_SAYABLE: Final[dict[str, frozenset[int]]] = {
    _OPENING: frozenset({Kind.WELCOME, Kind.GOODBYE}),
    _OPEN: SERVER_SAYS - {Kind.WELCOME},
}


class ClientConversation:
    """One client talking to one service.

    Every operation changes the state and fills `outbox`; `receive` and `advance` return events. Times are seconds of
    one monotonic clock that the caller reads. Not thread-safe: its owner holds a lock.
    """

    def __init__(self, hello: dict[str, Any], *, peer: str, now: float, limits: Limits) -> None:
        self.outbox = Outbox(limits.outbound_bytes)
        self._inbox = Inbox(limits.window_bytes)
        self._limits = limits
        self._most = limits.under_way
        self._peer = peer
        self._state = _OPENING
        self._end: ServicesError | None = None
        self._last_id = 0
        self._requests: set[int] = set()
        self._streams: dict[int, ClientStream] = {}
        self._pings: set[int] = set()
        self._deadlines = Deadlines(self._requests)
        self._began = now
        self._opening_until = now + limits.connect_s
        self.outbox.push(Message(Kind.HELLO, 0, limits.window_bytes, 0, Packet(hello)))

    # --- what the client says

    def send_message(self, packet: Packet) -> None:
        """Send one way. Raises Busy, or the error that ended the conversation."""
        self._check_room()
        self.outbox.push(Message(Kind.MESSAGE, packet=packet))

    def send_request(self, packet: Packet, deadline_s: float | None = None, *, now: float = 0.0) -> int:
        """Send a request, and return the id that its `Resolved` will name. Raises as send_message does.

        `deadline_s` counts from `now`.
        """
        if self._end is not None or self.outbox.full or len(self._requests) + len(self._streams) >= self._most:
            self._check_room()
        value = 0
        if deadline_s is not None:
            value = milliseconds(deadline_s)
        self._last_id = id_ = self._last_id + 1
        self._requests.add(id_)
        if deadline_s is not None:
            self._deadlines.add(now + deadline_s, id_, deadline_s)
        self.outbox.push(_new(Message, (_REQUEST, id_, value, 0, packet)))
        return id_

    def subscribe(self, packet: Packet, *, newest: bool) -> int:
        """Ask for a stream, and return its id. Raises as send_message does."""
        self._check_room()
        id_ = self._next_id()
        stream = self._streams[id_] = ClientStream(newest, 2 if newest else self._limits.stream_items)
        self.outbox.push(Message(Kind.SUBSCRIBE, id_, stream.credit, NEWEST if newest else 0, packet))
        return id_

    def cancel(self, id_: int) -> list[Event]:
        """Give up a request, which resolves to RequestCancelled, or a stream, which ends, unless it is over already."""
        if id_ in self._requests:
            self._requests.discard(id_)
            outcome: Event = Resolved(id_, None, RequestCancelled(f"cancelled by this client (peer {self._peer})"))
        elif id_ in self._streams:
            del self._streams[id_]
            outcome = Ended(id_, None)
        else:
            return []
        self._take_back(id_)
        return [outcome]

    def ping(self) -> int:
        """Send a ping, and return the id that `Ponged` will name. Raises the error that ended the conversation."""
        self._check_open()
        id_ = self._next_id()
        self._pings.add(id_)
        if self._state is _OPEN:
            self.outbox.push(Message(Kind.PING, id_))
        return id_

    def item_consumed(self, id_: int, size_bytes: int) -> None:
        """Give the bytes and, in time, the credit of an item back to the service: the reader took or dropped it."""
        self._grant_window(size_bytes)
        stream = self._streams.get(id_)
        if stream is not None and not stream.newest and (credit := stream.consumed(self._limits.stream_items)):
            self.outbox.push(Message(Kind.CREDIT, id_, credit))

    def close(self, error: ServicesError | None = None) -> list[Event]:
        """Say GOODBYE; everything unresolved ends with `error` (default: Closed)."""
        if self._state is _CLOSED:
            return []
        events = self.lost(error or Closed(f"this side closed the endpoint of {self._peer}"))
        self.outbox.push(Message(Kind.GOODBYE, packet=Packet({"code": "closed", "message": "the client closed"})))
        return events

    # --- what happens to the client

    def receive(self, messages: Sequence[Message]) -> list[Event]:
        """Take messages of the server, in order, and return what they mean. A breach ends all, with a GOODBYE."""
        events: list[Event] = []
        requests, streams, inbox = self._requests, self._streams, self._inbox
        try:
            for message in messages:
                kind, id_, value, _, packet = message
                if self._state is _OPEN and kind == _REPLY and id_ in requests and packet is not None:  # most are this
                    if granted := inbox.passed(packet.size_bytes):
                        self.outbox.push(Message(Kind.WINDOW, 0, granted))
                    requests.remove(id_)
                    events.append(_new(Resolved, (id_, packet, None)))
                elif self._state is _OPEN and kind == _ITEM and id_ in streams and packet is not None:
                    inbox.arrived(packet.size_bytes)
                    events.append(self._item(streams[id_], id_, value, packet))
                elif self._state is not _CLOSED:
                    events += self._receive(message)
        except ServicesError as error:
            broken = ProtocolViolation(f"{self._peer} broke the protocol: {error}")
            events += self.lost(broken)
            self.outbox.push(goodbye(broken))
        return events

    def lost(self, error: ServicesError) -> list[Event]:
        """End the conversation: the connection ended by `error`. Every request, ping and stream gets its outcome."""
        if self._state is _CLOSED:
            return []
        was_open, self._state, self._end = self._state is _OPEN, _CLOSED, error
        unsent = self.outbox.withdraw_all()
        events: list[Event] = [
            Resolved(id_, None, _outcome(error, executed=was_open and id_ not in unsent))
            for id_ in sorted(self._requests | self._pings)
        ]
        events += [Ended(id_, error) for id_ in self._streams]
        self._requests.clear()
        self._pings.clear()
        self._streams.clear()
        self._deadlines.clear()
        return [*events, Dropped(error)]

    def advance(self, now: float, *, connected: bool = False) -> list[Event]:
        """Let time pass up to `now`: deadlines expire, an opening that takes too long fails.

        It may take longer where the transport is `connected`, and would tell if the peer died.
        """
        if self._state is _OPENING and now >= self._opening_until:
            if connected:
                self._opening_until = max(self._opening_until, self._began + self._limits.welcome_s)
            if now >= self._opening_until:
                return self.lost(ConnectionFailed(self._not_welcomed(connected)))
        events: list[Event] = []
        for id_, deadline_s in self._deadlines.expired(now):
            self._requests.discard(id_)
            self._take_back(id_)
            text = f"no answer of {self._peer} within the deadline of {deadline_s:g} s"
            events.append(Resolved(id_, None, DeadlineExceeded(text)))
        return events

    @property
    def full(self) -> bool:
        """Return whether nothing more is taken for now: bytes wait for the window, or all too much is under way."""
        return self.outbox.full or self._under_way >= self._most

    @property
    def timed(self) -> bool:
        """Return whether `advance` has something to do some time."""
        return self._deadlines.any or self._state is _OPENING

    def next_deadline(self) -> float | None:
        """Return when `advance` has something to do next; None if never."""
        deadline = self._deadlines.next()
        if self._state is _OPENING:
            return self._opening_until if deadline is None else min(self._opening_until, deadline)
        return deadline

    # --- inside

    def _not_welcomed(self, connected: bool) -> str:
        if not connected:
            within = f"{self._peer} did not answer within {self._limits.connect_s:g} s"
            return f"{within}; is a server of this protocol listening there?"
        within = f"within {max(self._limits.connect_s, self._limits.welcome_s):g} s"
        return f"{self._peer} answers, but said no WELCOME {within}: it is too busy, or no server of this protocol"

    def _receive(self, message: Message) -> list[Event]:
        kind, id_, value, _, packet = message
        self._admit(kind, id_, packet)
        if kind in (_REPLY, _ERROR):
            return self._resolve(kind, id_, packet)
        if kind == _ITEM:
            assert packet is not None
            self._grant_window(packet.size_bytes)
            return []  # late: unsubscribed
        if kind == Kind.WINDOW:
            self.outbox.grant(value)
            return []
        if kind == Kind.END:
            error = error_from_wire(packet.header) if packet else None  # if it is unreadable, the stream is still known
            return [Ended(id_, error)] if self._streams.pop(id_, None) else []
        if kind == Kind.PONG:
            return self._ponged(id_, value / 1000)
        assert packet is not None
        if kind == Kind.FAULT:
            return [Faulted(error_from_wire(packet.header))]
        if kind == Kind.GOODBYE:
            return self.lost(_farewell(error_from_wire(packet.header)))
        return self._welcome(value, packet)

    def _admit(self, kind: int, id_: int, packet: Packet | None) -> None:
        """Count what may be said now. Raises ProtocolViolation for what may not."""
        if kind not in _SAYABLE[self._state]:
            raise ProtocolViolation(f"{kind_name(kind)} in state {self._state}")
        if id_ > self._last_id or (id_ < 1 and kind in _ANSWERS):
            raise ProtocolViolation(f"{kind_name(kind)} for id {id_}, which was never sent")
        if kind == _ITEM:
            assert packet is not None
            self._inbox.arrived(packet.size_bytes)
        elif packet is not None and kind in WINDOWED and (granted := self._inbox.passed(packet.size_bytes)):
            self.outbox.push(Message(Kind.WINDOW, 0, granted))

    def _ponged(self, id_: int, busy_s: float) -> list[Event]:
        if id_ not in self._pings:
            raise ProtocolViolation(f"PONG {id_} without a PING")
        self._pings.discard(id_)
        return [Ponged(id_, busy_s)]

    def _welcome(self, window_bytes: int, packet: Packet) -> list[Event]:
        info = packet.header
        if not isinstance(info, dict):
            raise ProtocolViolation("a WELCOME whose header is no map")
        self._state = _OPEN
        self.outbox.grant(window_bytes)
        for id_ in sorted(self._pings):
            self.outbox.push(Message(Kind.PING, id_))
        return [Welcomed(info)]

    def _resolve(self, kind: int, id_: int, packet: Packet | None) -> list[Event]:
        if id_ not in self._requests:
            return []  # late: cancelled, or past its deadline
        assert packet is not None
        error = error_from_wire(packet.header) if kind == _ERROR else None  # unreadable: still to be resolved
        self._requests.discard(id_)
        return [Resolved(id_, None if error else packet, error)]

    def _item(self, stream: ClientStream, id_: int, sequence: int, packet: Packet) -> Event:
        stream.arrived(sequence)
        if stream.newest:
            stream.credit += 1
            self.outbox.push(Message(Kind.CREDIT, id_, 1))
        return _new(ItemArrived, (id_, packet, sequence))

    def _grant_window(self, size_bytes: int) -> None:
        if granted := self._inbox.consumed(size_bytes):
            self.outbox.push(Message(Kind.WINDOW, 0, granted))

    def _take_back(self, id_: int) -> None:
        """Take back what nobody waits for any more: it does not leave, or the service is told to drop it."""
        if not self.outbox.withdraw(id_):
            self.outbox.push(Message(Kind.CANCEL, id_))

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _check_open(self) -> None:
        if self._end is not None:
            raise _outcome(self._end, executed=False)

    def _check_room(self) -> None:
        self._check_open()
        if self.full:
            raise Busy(
                f"{self.outbox.waiting_bytes} bytes wait already for {self._peer}, the budget is "
                f"{self._limits.outbound_bytes}; {self._under_way} requests and streams are open, {self._most} may be: "
                "await endpoint.room() before sending more"
            )

    @property
    def _under_way(self) -> int:
        return len(self._requests) + len(self._streams)


def _outcome(error: ServicesError, *, executed: bool) -> ServicesError:
    """Return a request's error when the connection ended by `error`: an object and a `maybe_executed` of its own."""
    if isinstance(error, ServiceCrashed):
        return ServiceCrashed(str(error), maybe_executed=executed, details=error.details)
    if isinstance(error, ConnectionLost):
        return type(error)(str(error), maybe_executed=executed)
    return type(error)(*error.args)


def _farewell(error: ServicesError) -> ServicesError:
    return error if isinstance(error, (ConnectionLost, ConnectionFailed)) else ConnectionLost(str(error))
