"""The server's side of one connection: a channel, its conversation and the service that it was opened for."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from ..backend import Channel
from ..errors import ConnectionLost, ServicesError, VersionMismatch
from ..limits import Limits
from ..packet import Packet
from ..protocol.events import Arrived, AwayChanged, CancelArrived, Dropped, Event, Greeted, Pinged, RoomMade
from ..protocol.messages import PROTOCOL_VERSION, SOFTWARE, Kind, Message
from ..protocol.server_conversation import ServerConversation
from ..timekeeper import Timekeeper
from .budget import Budget
from .incoming_call import IncomingCall
from .service import Service

_log = logging.getLogger(__name__)

T = TypeVar("T")

MANY_PARKED: Final = 1024
"""When so much is put aside, what was given up of it is taken out; then again when there is twice as much."""

UNCOUNTED: Final = 4096
"""So small a part of what may wait in a session may wait in each of its connections uncounted: 64 KiB of 256 MiB."""

Admit = Callable[[dict[str, Any]], Service]
"""Finds the service for a HELLO. Raises Refused if there is none, or the client may not use it."""


class ServerConnection:
    """The server's side of a connection: the receiver of its channel, and the ServiceClient of the service it is for.

    Made by `ServicesEngine.receiver`. Every method may be called from any thread, and none blocks.
    """

    def __init__(
        self,
        channel: Channel,
        admit: Admit,
        *,
        limits: Limits,
        timekeeper: Timekeeper,
        ended: Callable[[ServerConnection], None],
        budget: Budget | None = None,
    ) -> None:
        """`budget` counts what waits here together with what waits in other connections."""
        self.limits = limits
        self.info: dict[str, Any] = {}
        """What the client said in its HELLO, but for the token."""
        self.away_since: float | None = None
        """Since when, by `time.monotonic()`, its connection is lost, and kept for it; None: it is there."""
        self._channel = channel
        self._admit = admit
        self._timekeeper = timekeeper
        self._ended = ended
        self._lock = threading.Lock()
        self._conversation = ServerConversation(limits=limits)
        self._inbox = self._conversation.inbox
        self._budget = budget
        self._counted_bytes = 0
        self._least_held, self._most_held = 0, -1  # see _count
        self._counts_all = False
        self._service: Service | None = None
        self._work: dict[int, IncomingCall] = {}
        self._parked: deque[IncomingCall] = deque()
        self._many_parked = MANY_PARKED
        self._timed = False
        self._over = False

    @property
    def chunk_bytes(self) -> int | None:
        """Return the most bytes of a piece in which this client takes bulk data; None: whole, by reference."""
        return self._channel.chunk_bytes

    @property
    def waiting_bytes(self) -> int:
        """Return how much waits for the client to read what it has."""
        return self._conversation.outbox.waiting_bytes

    @property
    def queued_bytes(self) -> int:
        """Return how much waits here: what the service is not done with, and what the client has not read."""
        return self._conversation.queued_bytes

    @property
    def stopping(self) -> bool:
        """Return whether the service was told to end."""
        return self._service is not None and self._service.stopping

    # --- the channel's receiver

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver.on_messages."""
        now = time.monotonic()
        if self._service is not None:
            self._do(self._conversation.receive, messages, now)
        else:  # the HELLO: what comes with it is for the service that it names
            for message in messages:
                self._do(self._conversation.receive, (message,), now)

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver.on_closed."""
        self._do(self._conversation.lost, error or ConnectionLost("the client closed its connection"))

    # --- what the service answers

    def reply(self, incoming: IncomingCall, packet: Packet, gather: int | None = None) -> None:
        """Send the result of a request, whose own bytes may be sent again. `gather`: see Channel.flush."""
        id_ = incoming.id
        self._work.pop(id_, None)
        conversation, channel = self._conversation, self._channel
        self._lock.acquire()  # as _do, in a straight line; by name: in half the time of `with`
        try:
            conversation.reply(id_, packet, 0 if incoming.released else incoming.packet.size_bytes)
            incoming.released = True
            for message in conversation.outbox.take():
                channel.send(message)
            if self._counted_bytes and (self._counts_all or self._inbox.held_bytes < self._least_held):
                self._count()
            stalling = self._unread() if conversation.outbox.waiting_bytes else None
            unparked = self._parked and not conversation.outbox.full
        finally:
            self._lock.release()
        channel.flush(gather)
        if stalling or unparked:
            self._go_on(stalling, unparked=bool(unparked))

    def flush(self) -> None:
        """Have everything sent so far leave: nothing more follows for now."""
        self._channel.flush(0)

    def fail(self, id_: int, error: BaseException) -> None:
        """Send the error of a request or of a subscription."""
        self._work.pop(id_, None)
        self._do(self._conversation.fail, id_, error)

    def fault(self, error: BaseException) -> None:
        """Send the error of a one-way message."""
        self._do(self._conversation.fault, error)

    def put(self, id_: int, packet: Packet) -> bool:
        """Send the next item of a stream; False if it is over. Raises Busy."""
        return self._do(self._put, id_, packet)

    def end(self, id_: int, error: BaseException | None) -> None:
        """Send the end of a stream, after its items, or at once with an error."""
        self._work.pop(id_, None)
        self._do(self._conversation.end, id_, error)

    def has_room(self, id_: int) -> bool:
        """Return whether `put` would take an item."""
        with self._lock:
            self._look_at_budget()
            return self._conversation.has_room(id_)

    def wants_item(self, id_: int) -> bool:
        """Return whether an item put now would leave at once."""
        with self._lock:
            return self._conversation.wants_item(id_)

    def release(self, incoming: IncomingCall) -> None:
        """Let the client send as many bytes as that packet had: once, whoever says so, and however often."""
        self._do(self._release, incoming)

    def close(self, error: ServicesError) -> None:
        """End the connection and tell the client why."""
        self._do(self._conversation.close, error)

    # --- back-pressure: who does not read answers gets no more made

    def park(self, incoming: IncomingCall) -> bool:
        """Put work aside, in order, while the client leaves its answers unread. Called by the service, alone.

        Work of a client that is gone is put aside for good, unless it is a message, which wants no answer.
        """
        if not self._parked and not self._conversation.outbox.full and not self._conversation.closed:
            return False
        with self._lock:
            if self._conversation.closed:
                return incoming.kind is not Kind.MESSAGE
            if not self._parked and not self._conversation.outbox.full:
                return False
            if len(self._parked) >= self._many_parked:  # what was given up meanwhile counts in no window any more
                self._parked = deque(one for one in self._parked if not (one.over and one.released))
                self._many_parked = max(MANY_PARKED, 2 * len(self._parked))
            self._parked.append(incoming)
            return True

    def next_parked(self) -> IncomingCall | None:
        """Return the next work that may go on now; None if there is none, or the client is gone. By the service."""
        with self._lock:
            if not self._parked or self._conversation.outbox.full or self._conversation.closed:
                return None
            return self._parked.popleft()

    # --- inside

    def _do(self, operation: Callable[..., T], *arguments: Any) -> T:
        """Change the conversation under the lock, ship what it says, then handle its events without the lock."""
        conversation, channel = self._conversation, self._channel
        with self._lock:
            result = operation(*arguments)
            leaving = conversation.outbox.take()
            for message in leaving:
                channel.send(message)
            if self._counts_all:
                self._count()
            stalling = self._unread() if conversation.outbox.waiting_bytes else None
            unparked = self._parked and not conversation.outbox.full
        if leaving:
            channel.flush()
        if isinstance(result, list) and result:
            self._handle(result)
        if stalling or unparked:
            self._go_on(stalling, unparked=bool(unparked))
        return result

    def _put(self, id_: int, packet: Packet) -> bool:
        self._look_at_budget()
        taken = self._conversation.put(id_, packet)
        if self._conversation.stream_bytes:
            self._count()
        return taken

    def _look_at_budget(self) -> None:
        if self._budget is not None:
            self._conversation.crowded = self._budget.full

    def _count(self) -> None:
        """Have the budget know what waits here now, and note by how much that may change until it has to know again.

        Under the lock. Nothing is counted for each packet: as long as nothing waits to be read, and what the service is
        not done with changes by less than a small part of the budget, that is compared with two bounds, and no more.
        When nothing waits any more the budget knows.
        """
        budget = self._budget
        if budget is None:
            return
        queued_bytes = self._conversation.queued_bytes
        if queued_bytes != self._counted_bytes:
            budget.change(queued_bytes - self._counted_bytes)
            self._counted_bytes = queued_bytes
        held_bytes = self._inbox.held_bytes
        self._counts_all = queued_bytes != held_bytes  # something waits to be read
        slack_bytes = budget.limit_bytes // UNCOUNTED
        self._least_held = max(1, held_bytes - slack_bytes) if held_bytes else 0
        self._most_held = held_bytes + slack_bytes

    def _release(self, incoming: IncomingCall) -> None:
        if not incoming.released:
            incoming.released = True
            self._conversation.consumed(incoming.packet.size_bytes)
            if self._counted_bytes and self._inbox.held_bytes < self._least_held:
                self._count()

    def _go_on(self, stalling: float | None, *, unparked: bool) -> None:
        if stalling is not None:
            self._timekeeper.call_at(stalling, self._advance)
        service = self._service
        if service is not None and unparked:
            service.call_soon(lambda: service.resume(self), self)

    def _handle(self, events: list[Event]) -> None:
        """Handle events, in order; work that arrived together is submitted together.

        Who may put more into a stream is told last. That wakes the service, which would find the interpreter taken by
        this thread as long as that looks at the work, and would have to be woken once more.
        """
        work: list[IncomingCall] = []
        room: list[RoomMade] = []
        for event in events:
            if type(event) is Arrived:
                work.append(self._incoming(event))
                continue
            if type(event) is RoomMade:
                room.append(event)
                continue
            if work:
                self._submit(work)
                work = []
            self._handlers[type(event)](self, event)
        if work:
            self._submit(work)
        for made in room:
            self._make_room(made)

    def _admitted(self, work: list[IncomingCall], budget: Budget) -> list[IncomingCall]:
        """Refuse what the budget has no room for; a connection of which nothing waits always has room for one."""
        with self._lock:
            self._count()
        if not budget.full:
            return work
        sizes = [incoming.packet.size_bytes for incoming in work]
        before, others = self._counted_bytes - sum(sizes), budget.queued_bytes - self._counted_bytes
        admitted: list[IncomingCall] = []
        for incoming, size_bytes in zip(work, sizes, strict=True):
            if before > 0 and others + before >= budget.limit_bytes:
                self._work.pop(incoming.id, None)
                incoming.refuse(budget.refusal())
            else:
                before += size_bytes
                admitted.append(incoming)
        return admitted

    def _unread(self) -> float | None:
        """Note that answers wait for the client to read others; returns what `_stalling` does. Under the lock."""
        self._count()
        return self._stalling()

    def _stalling(self) -> float | None:
        """Return when to look whether the client still leaves a full budget unread, if that is news. Under the lock."""
        if self._timed:
            return None
        deadline = self._conversation.next_deadline(time.monotonic())
        self._timed = deadline is not None
        return deadline

    def _advance(self, now: float) -> None:
        with self._lock:
            self._timed = False
        self._do(self._conversation.advance, now)

    def _cancel(self, event: CancelArrived) -> None:
        work = self._work.pop(event.id, None)
        if work is not None and self._service is not None:
            self._service.cancel(work)

    def _make_room(self, event: RoomMade) -> None:
        work = self._work.get(event.id)
        if work is not None and work.stream is not None:
            work.stream.room_made()

    def _pong(self, event: Pinged) -> None:
        busy_s = self._service.busy_s() if self._service is not None else 0.0
        self._do(self._conversation.pong, event.id, busy_s)

    def _note_away(self, event: AwayChanged) -> None:
        self.away_since = time.monotonic() if event.away else None

    def _greet(self, event: Greeted) -> None:
        info = event.info
        try:
            check_version(info)
            self._service = self._admit(info)
        except ServicesError as error:
            self.close(error)
            return
        self.info = {key: value for key, value in info.items() if key != "token"}
        welcome = {"protocol": list(PROTOCOL_VERSION), "software": SOFTWARE, "service": self._service.name}
        self._do(self._conversation.welcome, welcome)

    def _submit(self, work: list[IncomingCall]) -> None:
        assert self._service is not None  # the conversation lets nothing arrive before the welcome
        budget = self._budget
        if budget is not None and (
            self._inbox.held_bytes > self._most_held or budget.queued_bytes >= budget.limit_bytes
        ):
            work = self._admitted(work, budget)
        if work:
            self._service.submit(work)
        if self._over:  # it ended from another thread meanwhile, and may not have seen this
            for incoming in work:
                self._service.cancel(incoming)

    def _incoming(self, event: Arrived) -> IncomingCall:
        kind, id_, packet, deadline, newest = event
        incoming = IncomingCall(kind, id_, packet, deadline, newest, self)
        if id_:
            self._work[id_] = incoming
        if deadline is not None:
            assert self._service is not None
            incoming.expiry = self._timekeeper.call_at(deadline, partial(self._service.expire, incoming))
        return incoming

    def _drop(self, event: Dropped) -> None:
        error = event.error
        if self._over:
            return
        self._over = True
        _log.debug("a client of service %s left: %s", self._service.name if self._service else "?", error)
        self._channel.close()
        work = list(self._work.values())  # at once: who answers meanwhile takes out of it
        self._work.clear()
        service = self._service
        if service is not None:
            with self._lock:
                parked = list(self._parked)
                self._parked.clear()  # first: each cancelled packet frees room, in which the service would begin them
            for incoming in parked:
                incoming.abandon()
            for incoming in reversed(work):  # what runs comes last, or the service would begin the next
                service.cancel(incoming)
            service.call_soon(lambda: service.client_left(self), self)  # after its messages
        self._ended(self)

    _handlers: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        CancelArrived: _cancel,
        RoomMade: _make_room,
        Pinged: _pong,
        AwayChanged: _note_away,
        Greeted: _greet,
        Dropped: _drop,
    }


def check_version(info: dict[str, Any]) -> None:
    """Raise VersionMismatch if the peer that said `info` speaks another major version of the protocol."""
    theirs = info.get("protocol")
    if isinstance(theirs, list) and len(theirs) == 2 and all(type(number) is int for number in theirs):
        if theirs[0] == PROTOCOL_VERSION[0]:
            return
        version = ".".join(map(str, theirs))
    else:
        version = f"{theirs!r:.40}, which is no version"
    ours = ".".join(map(str, PROTOCOL_VERSION))
    raise VersionMismatch(
        f"the client ({str(info.get('software', 'unknown software'))[:100]}) speaks protocol {version}, the server "
        f"({SOFTWARE}) speaks protocol {ours}; install the same major version on both sides"
    )
