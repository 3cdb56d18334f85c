"""Random plays of both peers: one outcome for each request, windows and credits kept, nothing lost."""

from __future__ import annotations

import random
from collections import Counter, deque
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from services_core import DEFAULT_LIMITS, Busy, ConnectionLost, KiB, Kind, Packet, ProtocolViolation
from services_core.protocol.events import Arrived, Dropped, Ended, Event, ItemArrived, Pinged, Ponged, Resolved
from services_core.protocol.messages import WINDOWED

from .wire import Wire


class _Play:
    """A random play of both peers that counts every outcome."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.limits = replace(
            DEFAULT_LIMITS, window_bytes=8 * KiB, outbound_bytes=16 * KiB, stream_items=4, stall_s=1e9
        )
        self.wire = Wire(self.limits)
        self.requests: set[int] = set()
        self.streams: dict[int, bool] = {}
        self.outcomes: Counter[int] = Counter()
        self.ended: Counter[int] = Counter()
        self.work: list[Arrived] = []
        self.unread: deque[ItemArrived] = deque()
        self.items: dict[int, list[int]] = {}
        self.dropped = 0

    def packet(self) -> Packet:
        return Packet(None, [bytes(self.random.choice([0, 10, 1000, 5000, 20_000]))])

    def note(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Resolved):
                self.outcomes[event.id] += 1
            elif isinstance(event, Ended):
                self.ended[event.id] += 1
            elif isinstance(event, ItemArrived):
                self.items.setdefault(event.id, []).append(event.sequence)
                self.unread.append(event)
            elif isinstance(event, Arrived):
                self.work.append(event)
            elif isinstance(event, Pinged):
                self.wire.server.pong(event.id, 0.0)
            elif isinstance(event, Dropped):
                assert not isinstance(event.error, ProtocolViolation), event.error
                self.dropped += 1

    def say(self) -> None:
        client, pick = self.wire.client, self.random.random()
        try:
            if pick < 0.5:
                deadline = self.random.choice([None, None, 0.5, 5.0])
                self.requests.add(client.send_request(self.packet(), now=self.wire.now, deadline_s=deadline))
            elif pick < 0.7:
                newest = self.random.random() < 0.5
                self.streams[client.subscribe(self.packet(), newest=newest)] = newest
            elif pick < 0.85:
                client.send_message(self.packet())
            else:
                self.requests.add(client.ping())
        except Busy:
            assert client.outbox.waiting_bytes >= self.limits.outbound_bytes

    def serve(self) -> None:
        server = self.wire.server
        if self.work and self.random.random() < 0.6:
            work = self.work.pop(0)
            server.consumed(work.packet.size_bytes)
            if work.kind == Kind.REQUEST:
                if self.random.random() < 0.7:
                    server.reply(work.id, self.packet())
                else:
                    server.fail(work.id, ValueError("planned"))
        for id_ in list(self.streams):
            if self.random.random() < 0.3:
                try:
                    server.put(id_, self.packet())
                except Busy:
                    assert not server.has_room(id_)
            if self.random.random() < 0.02:
                server.end(id_)

    def read(self) -> None:
        if self.unread:
            event = self.unread.popleft()
            self.wire.client.item_consumed(event.id, event.packet.size_bytes)

    def turn(self) -> None:
        pick = self.random.random()
        if pick < 0.25:
            self.say()
        elif pick < 0.45:
            self.serve()
        elif pick < 0.6:
            self.read()
        elif pick < 0.63 and self.requests | set(self.streams):
            self.note(self.wire.client.cancel(self.random.choice(sorted(self.requests | set(self.streams)))))
        elif pick < 0.7:
            self.wire.now += 0.1
            self.note(self.wire.client.advance(self.wire.now))
        elif pick < 0.85:
            self.note(self.wire.step_server())
        else:
            self.note(self.wire.step_client())
        self.check_bounds()

    def check_bounds(self) -> None:
        for inbox in (self.wire.client._inbox, self.wire.server.inbox):
            assert inbox.held_bytes + inbox._owed_bytes < self.limits.window_bytes + 22 * KiB
        for queue in (self.wire.to_client, self.wire.to_server):
            sizes = [m.packet.size_bytes for m in queue if m.packet is not None and m.kind in WINDOWED]
            assert sum(sizes) < self.limits.window_bytes + 22 * KiB

    def finish(self, *, lose: bool) -> None:
        if lose:
            self.note(self.wire.client.lost(ConnectionLost("cut")))
            self.note(self.wire.server.lost(ConnectionLost("cut")))
        else:
            for _ in range(3000):
                self.note(self.wire.step_server())
                self.note(self.wire.step_client())
                self.read()
                while self.work:
                    work = self.work.pop(0)
                    self.wire.server.consumed(work.packet.size_bytes)
                    self.wire.server.reply(work.id, Packet())
                for id_ in self.streams:
                    self.wire.server.end(id_)
            assert not self.wire.client.outbox.waiting_bytes and not self.wire.server.outbox.waiting_bytes
            assert self.dropped == 0


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), turns=st.integers(1, 600), lose=st.booleans())
def test_random_plays_keep_every_promise(seed: int, turns: int, lose: bool) -> None:
    play = _Play(seed)
    for _ in range(turns):
        play.turn()
    play.finish(lose=lose)
    pongs = {e.id for e in play.wire.client_events if isinstance(e, Ponged)}
    for id_ in play.requests:
        assert play.outcomes[id_] + (id_ in pongs) == 1, f"request {id_}: {play.outcomes[id_]} outcomes"
    for id_, newest in play.streams.items():
        assert play.ended[id_] == 1, f"stream {id_}: {play.ended[id_]} ends"
        seen = play.items.get(id_, [])
        assert seen == sorted(set(seen))
        if not newest:
            assert seen == list(range(1, len(seen) + 1))
