"""The server's side of one connection: a channel, its conversation and the service that it was opened for."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ._version import __version__
from .backend import Channel
from .errors import ConnectionLost, ServicesError, VersionMismatch
from .events import Arrived, CancelArrived, Dropped, Event, Greeted, Pinged, RoomMade
from .incoming import Incoming
from .limits import Limits
from .messages import PROTOCOL_VERSION, Message
from .packet import Packet
from .server_conversation import ServerConversation
from .service import Service
from .timekeeper import Timekeeper

_log = logging.getLogger(__name__)

T = TypeVar("T")
SOFTWARE = f"async-paraview {__version__}"

Admit = Callable[[dict[str, Any]], Service]
"""Finds the service for a HELLO. Raises Refused if there is none, or the client may not use it."""


class ClientLink:
    """One client, seen from the service. Every method may be called from any thread, and none blocks."""

    def __init__(
        self,
        channel: Channel,
        admit: Admit,
        *,
        limits: Limits,
        timekeeper: Timekeeper,
        ended: Callable[[ClientLink], None],
    ) -> None:
        self.limits = limits
        self.info: dict[str, Any] = {}
        """What the client said in its HELLO."""
        self._channel = channel
        self._admit = admit
        self._timekeeper = timekeeper
        self._ended = ended
        self._lock = threading.Lock()
        self._conversation = ServerConversation(limits=limits)
        self._service: Service | None = None
        self._work: dict[int, Incoming] = {}
        self._parked: deque[Incoming] = deque()
        self._timed = False
        self._over = False

    @property
    def chunk_bytes(self) -> int | None:
        """Largest piece in which bulk data should be sent to this client; None: whole, by reference."""
        return self._channel.chunk_bytes

    # --- the channel's receiver

    def on_message(self, message: Message) -> None:
        """The client said something."""
        self._do(lambda: self._conversation.receive(message, time.monotonic()))

    def on_closed(self, error: ServicesError | None) -> None:
        """The connection ended."""
        self._do(lambda: self._conversation.lost(error or ConnectionLost("the client closed its connection")))

    # --- what the service answers

    def reply(self, id_: int, packet: Packet) -> None:
        """The result of a request."""
        self._work.pop(id_, None)
        self._do(lambda: self._conversation.reply(id_, packet))

    def fail(self, id_: int, error: BaseException) -> None:
        """The error of a request or of a subscription."""
        self._work.pop(id_, None)
        self._do(lambda: self._conversation.fail(id_, error))

    def fault(self, error: BaseException) -> None:
        """A one-way message failed."""
        self._do(lambda: self._conversation.fault(error))

    def put(self, id_: int, packet: Packet) -> bool:
        """The next item of a stream; False if it is over. Raises Busy."""
        return self._do(lambda: self._conversation.put(id_, packet))

    def end(self, id_: int, error: BaseException | None) -> None:
        """The end of a stream."""
        self._work.pop(id_, None)
        self._do(lambda: self._conversation.end(id_, error))

    def has_room(self, id_: int) -> bool:
        """Whether `put` would take an item."""
        with self._lock:
            return self._conversation.has_room(id_)

    def wants_item(self, id_: int) -> bool:
        """Whether an item put now would leave at once."""
        with self._lock:
            return self._conversation.wants_item(id_)

    def consumed(self, size_bytes: int) -> None:
        """The service is done with a packet of that size."""
        self._do(lambda: self._conversation.consumed(size_bytes))

    def close(self, error: ServicesError) -> None:
        """End the connection and tell the client why."""
        self._do(lambda: self._conversation.close(error))

    # --- back-pressure: who does not read answers gets no new ones made

    def park(self, incoming: Incoming) -> bool:
        """Put work aside, in order, while the client leaves its answers unread. Called by the service."""
        with self._lock:
            if not self._parked and not self._conversation.outbox.full:
                return False
            self._parked.append(incoming)
            return True

    def next_parked(self) -> Incoming | None:
        """The next work that may go on now. Called by the service."""
        with self._lock:
            if not self._parked or self._conversation.outbox.full:
                return None
            return self._parked.popleft()

    # --- inside

    def _do(self, operation: Callable[[], T]) -> T:
        """Change the conversation under the lock, ship what it says, then handle its events without the lock."""
        with self._lock:
            was_full = self._conversation.outbox.full
            result = operation()
            leaving = self._conversation.outbox.take()
            for message in leaving:
                self._channel.send(message)
            drained = bool(self._parked) and was_full and not self._conversation.outbox.full
            deadline = self._conversation.next_deadline(time.monotonic())
            if self._timed:
                deadline = None
            self._timed = self._timed or deadline is not None
        if leaving:
            self._channel.flush()
        if deadline is not None:
            self._timekeeper.call_at(deadline, self._advance)
        if isinstance(result, list):
            self._handle(result)
        if drained and self._service is not None:
            service = self._service
            service.call_soon(lambda: service.resume(self))
        return result

    def _advance(self, now: float) -> None:
        with self._lock:
            self._timed = False
        self._do(lambda: self._conversation.advance(now))

    def _handle(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, Arrived):
                self._arrived(event)
            elif isinstance(event, CancelArrived):
                if (work := self._work.pop(event.id, None)) is not None and self._service is not None:
                    self._service.cancel(work)
            elif isinstance(event, RoomMade):
                work = self._work.get(event.id)
                if work is not None and work.stream is not None:
                    work.stream.room_made()
            elif isinstance(event, Pinged):
                busy_s = self._service.busy_s() if self._service is not None else 0.0
                self._do(lambda id_=event.id, busy_s=busy_s: self._conversation.pong(id_, busy_s))  # type: ignore[misc]
            elif isinstance(event, Greeted):
                self._greet(event.info)
            elif isinstance(event, Dropped):
                self._drop(event.error)

    def _greet(self, info: dict[str, Any]) -> None:
        try:
            check_version(info)
            self._service = self._admit(info)
        except ServicesError as error:
            self.close(error)
            return
        self.info = info
        welcome = {"protocol": list(PROTOCOL_VERSION), "software": SOFTWARE, "service": self._service.name}
        self._do(lambda: self._conversation.welcome(welcome))

    def _arrived(self, event: Arrived) -> None:
        assert self._service is not None  # the conversation lets nothing arrive before the welcome
        incoming = Incoming(event.kind, event.id, event.packet, event.deadline, event.newest, self)
        if event.id:
            self._work[event.id] = incoming
        self._service.submit(incoming)
        if self._over:  # it ended from another thread meanwhile, and may not have seen this
            self._service.cancel(incoming)

    def _drop(self, error: ServicesError) -> None:
        if self._over:
            return
        self._over = True
        _log.debug("a client of service %s left: %s", self._service.name if self._service else "?", error)
        self._channel.close()
        work, self._work = self._work, {}
        service = self._service
        if service is not None:
            for incoming in reversed(work.values()):  # what runs comes last, or the service would begin the next
                service.cancel(incoming)
            with self._lock:
                self._parked.clear()
            service.call_soon(lambda: service.client_left(self))
        self._ended(self)


def check_version(info: dict[str, Any]) -> None:
    """Raises VersionMismatch if the peer that said `info` speaks another major version of the protocol."""
    theirs = info.get("protocol")
    if isinstance(theirs, list) and len(theirs) == 2 and theirs[0] == PROTOCOL_VERSION[0]:
        return
    version = ".".join(map(str, theirs)) if isinstance(theirs, list) else "unknown"
    ours = ".".join(map(str, PROTOCOL_VERSION))
    raise VersionMismatch(
        f"the client ({str(info.get('software', 'unknown software'))[:100]}) speaks protocol {version}, the server "
        f"({SOFTWARE}) speaks protocol {ours}; install the same major version on both sides"
    )
