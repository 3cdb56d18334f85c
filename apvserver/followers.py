"""Who is told what the clients of a session change: each what the others do, in the order in which it was done."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from async_paraview.operations import Operation, data, render
from async_paraview.operations.members import Member, member_of
from services_core import Busy, Closed, IncomingCall, Packet, PacketError, ServiceClient, StreamWriter
from services_core.payload import pack_payload

_log = logging.getLogger(__name__)

NOBODY: Final = 0
"""The client that a snapshot is of."""

MOST_CLIENTS: Final = 1000
"""Of so many clients it is remembered what they have told last, and of all who follow."""

MOST_ENDED: Final = 250
"""Of so many things that were deleted the numbers are still known: what comes late of them is not made."""

MANY_STREAMS: Final = 64
"""When so many follow, those are forgotten that have left; then again when there are twice as many."""

Told = dict[str, Any]
"""The header of an operation."""

Snapshot = Iterable[tuple[Told, Hashable]]
"""Operations that make what there is, each with what its numbers are counted by."""


@dataclass(slots=True, eq=False)
class _Follower:
    """One stream. While it gets its snapshot, what is changed meanwhile waits."""

    stream: StreamWriter
    client: ServiceClient
    member: Member
    waiting: deque[Packet] | None = field(default_factory=deque)


class Followers:
    """The `changes` streams of one service. Changes are told by its thread; streams begin on any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._followers: list[_Follower] = []
        self._many = MANY_STREAMS
        self._seen: dict[int, dict[Hashable, int]] = {}
        """By client, and by what is counted for itself: the number of its last change."""
        self._ended: deque[Hashable] = deque()
        self._complete = False
        """Whether a client has told all that it knows to a service that took the place of another."""

    def arrived(self, incoming: IncomingCall) -> None:
        """Keep for a stream, from now on, what it is told after its snapshot, which `follow` takes later.

        Who tells something after asking for the stream misses nothing that others do to that: on which thread the
        snapshot is taken, and when, does not matter. What is in it may be told again after it, in its order.
        """
        self._begun(incoming)

    def follow(self, incoming: IncomingCall, snapshot: Callable[[], Snapshot] | None) -> None:
        """Begin a stream. `snapshot` is called under the lock, which changes take too, and is told before them.

        It tells what of the client's own has come before it, as all else does: who has told a new worker something
        already keeps that.
        """
        follower = self._begun(incoming)
        with self._lock:
            told = [] if snapshot is None else snapshot()
            seen, complete = dict(self._seen.get(follower.member.client, {})), self._complete
        for change, of in told:
            self._put(follower, _item(change, NOBODY, seen.get(of, 0)))
        if snapshot is not None:
            self._put(follower, Packet({"ready": True, "complete": True} if complete else {"ready": True}))
        while True:
            with self._lock:
                waiting = follower.waiting
                if not waiting:
                    follower.waiting = None
                    return
                follower.waiting = deque()
            for packet in waiting:
                self._put(follower, packet)

    def record(self, incoming: IncomingCall, number: int, of: Hashable, record: Callable[[], object]) -> None:
        """Have a change taken into the snapshot by `record()`, and its number noted."""
        client = member_of(incoming.client.info).client
        with self._lock:
            record()
            if number:
                self._seen_of(client)[of] = number

    def ended(self, of: Hashable) -> None:
        """Take that nothing more is changed of what numbers are counted by; they are forgotten later."""
        with self._lock:
            self._ended.append(of)
            if len(self._ended) > MOST_ENDED:
                former = self._ended.popleft()
                for seen in self._seen.values():
                    seen.pop(former, None)

    def is_overtaken(self, incoming: IncomingCall, number: int, of: Hashable) -> bool:
        """Return whether that client has told something newer of the same already.

        Then this comes late, over a connection that the client has given up, and all of it was told again since.
        """
        with self._lock:
            last = self._seen.get(member_of(incoming.client.info).client, {}).get(of, 0)
        if overtaken := 0 < number < last:
            _log.info("change %d of a client comes after its change %d, and is not made", number, last)
        return overtaken

    def told_all(self, incoming: IncomingCall, told: Operation) -> None:
        """Take that a client has told all that it knows."""

        def complete() -> None:
            self._complete = True

        self.record(incoming, 0, None, complete)
        self.tell(incoming, told)

    def tell(self, incoming: IncomingCall, change: Operation, of: Hashable = None) -> None:
        """Tell the others of a change that a client has made."""
        followers = self._followers
        by = member_of(incoming.client.info).client
        if not followers or (len(followers) == 1 and followers[0].member.client == by):
            return
        told = change.header()
        for follower in list(followers):
            if follower.member.client != by:
                seen = self._seen.get(follower.member.client, {}).get(of, 0)
                self._hand(follower, _item(told, by, seen))

    def others(self, incoming: IncomingCall) -> bool:
        """Return whether anybody is told of what that client changes."""
        followers, by = self._followers, member_of(incoming.client.info).client
        return len(followers) > 1 or (len(followers) == 1 and followers[0].member.client != by)

    def tell_itself(self, incoming: IncomingCall, told: Told) -> None:
        """Tell the client that has made a change, and nobody else, what came of it."""
        member = member_of(incoming.client.info)
        for follower in list(self._followers):
            if follower.member.client == member.client:
                seen = self._seen.get(member.client, {}).get(None, 0)
                self._hand(follower, _item(told, NOBODY, seen))

    def mark(self, incoming: IncomingCall, mark: int) -> None:
        """Tell the streams of that connection that it has come so far."""
        for follower in list(self._followers):
            if follower.client is incoming.client:
                self._hand(follower, Packet({"mark": mark}))

    def left(self, client: ServiceClient) -> None:
        """Forget a connection that is over."""
        with self._lock:
            self._followers = [one for one in self._followers if one.client is not client]

    # --- inside

    def _begun(self, incoming: IncomingCall) -> _Follower:
        """Return the follower that is this stream, which is one from the first call on."""
        assert incoming.stream is not None  # or it would have been refused: it is a stream
        with self._lock:
            for follower in self._followers:
                if follower.stream is incoming.stream:
                    return follower
            if len(self._followers) >= self._many:  # where nothing is changed for long, many come and go
                self._followers = [one for one in self._followers if not one.stream.over]
                self._many = max(MANY_STREAMS, 2 * len(self._followers))
            follower = _Follower(incoming.stream, incoming.client, member_of(incoming.client.info))
            self._followers.append(follower)
        return follower

    def _seen_of(self, client: int) -> dict[Hashable, int]:
        """Return the numbers of a client, which outlive its connection: the end of one may be told after the next."""
        if client not in self._seen and len(self._seen) >= MOST_CLIENTS:
            follow = {one.member.client for one in self._followers}
            self._seen.pop(next((one for one in self._seen if one not in follow), client), None)
        return self._seen.setdefault(client, {})

    def _hand(self, follower: _Follower, packet: Packet) -> None:
        """Put what follows the snapshot, after it."""
        with self._lock:
            if follower.stream.over:
                self._followers = [one for one in self._followers if one is not follower]
                return
            if follower.waiting is not None:
                follower.waiting.append(packet)
                return
        self._put(follower, packet)

    def _put(self, follower: _Follower, packet: Packet) -> None:
        try:
            follower.stream.put(packet)
        except (Closed, Busy) as error:
            if isinstance(error, Busy):  # it does not read: it shall know that it has missed some
                follower.stream.end(error)
            with self._lock:
                self._followers = [one for one in self._followers if one is not follower]


class Shared(ABC):
    """A service's share of a session with several clients; elsewhere every call is without effect."""

    def __init__(self) -> None:
        self._followers = Followers()

    def follow(self, incoming: IncomingCall, wanted: data.Changes | render.Changes) -> None:
        """Begin to tell a client what others change, after what there is, if it wants that."""
        self._followers.follow(incoming, self._snapshot if wanted.snapshot else None)

    def mark(self, incoming: IncomingCall, mark: int) -> None:
        """Tell the streams of that connection that it has come so far."""
        self._followers.mark(incoming, mark)

    def told_all(self, incoming: IncomingCall, told: data.ToldAll | render.ToldAll) -> None:
        """Take that a client has told all that it knows."""
        if is_shared(incoming):
            self._followers.told_all(incoming, told)

    def left(self, client: ServiceClient) -> None:
        """Forget a connection that is over."""
        self._followers.left(client)

    @abstractmethod
    def _snapshot(self) -> Snapshot:
        """Return operations that make what there is."""


def is_shared(incoming: IncomingCall) -> bool:
    """Return whether others can join the session: then a server stands before it, and has told who the client is."""
    return member_of(incoming.client.info).client > 0


def _item(change: Told, by: int, seen: int) -> Packet:
    facts = {"by": by, "seen": seen}
    try:
        return Packet({"change": change, **facts})
    except PacketError:  # what was just small enough by itself, or many proxies of a snapshot
        return pack_payload(facts, change)
