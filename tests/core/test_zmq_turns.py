"""A peer that sends many messages at once has its turn, and others theirs; its order stays."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import zmq

from services_core import DEFAULT_LIMITS, LimitedLog, Message, Packet, ServicesEngine, ServicesError
from services_core.protocol.codec import JOINED_MESSAGES, Frame, encode_next
from services_core.protocol.messages import Kind
from services_zmq.channel import CLOSE_FRAME, TURN, ZmqChannel
from services_zmq.client import ClientChannel
from services_zmq.memory import Memory
from services_zmq.patience import Patience
from services_zmq.resources import Resources
from services_zmq.server import ZmqListener
from services_zmq.threads.io_thread import IoThread
from services_zmq.transfer import TURN_S

from ..harness.apvtest import poll
from ..harness.time_limits import scaled
from .test_fair_queue import Slow


class AloneChannel(ZmqChannel):
    """A channel without a socket: what arrives it is given."""

    def _open(self) -> None:
        """Nothing is to be opened."""

    def _send_frames(self, frames: Sequence[Frame]) -> None:
        """Nobody reads it."""

    def _look(self) -> None:
        """Nothing arrives by itself."""

    def _release(self, *, reachable: bool) -> None:
        """Nothing is held."""

    def _unreachable(self, reason: str) -> None:
        """Nobody can be reached."""

    def _peer_closed(self) -> None:
        self.finish(None, tell_peer=False)


class Ids:
    """A receiver that notes how many messages each call brought, and their ids."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.ids: list[int] = []
        self.ended = threading.Event()

    def on_messages(self, messages: Sequence[Message]) -> None:
        self.calls.append(len(messages))
        self.ids += [one.id for one in messages]

    def on_closed(self, error: ServicesError | None) -> None:
        self.ended.set()


@contextlib.contextmanager
def alone() -> Iterator[AloneChannel]:
    io = IoThread("turns")
    try:
        with zmq.Context() as context:
            log = LimitedLog(logging.getLogger(__name__))
            yield AloneChannel(
                io, "nobody", threading.Lock(), Resources(io, context, DEFAULT_LIMITS, Memory(), log, Patience())
            )
    finally:
        io.stop(lambda: None)
        assert io.join(scaled(5))


def joined(first: int, many: int) -> list[zmq.Frame]:
    waiting = deque(Message(Kind.REQUEST, first + one, packet=Packet(None)) for one in range(many))
    frames = [zmq.Frame(bytes(frame)) for frame in encode_next(waiting)]
    assert not waiting
    return frames


def test_many_messages_are_delivered_in_turns_and_in_order() -> None:
    ids = Ids()
    with alone() as channel:
        channel.start(ids)
        arrived: Sequence[Sequence[zmq.Frame]] = [joined(1 + 100 * one, 100) for one in range(12)]
        poll(lambda: not channel.deliver([joined(0, 1)]) and ids.ids)  # it has begun
        arrived = [*arrived, [zmq.Frame(CLOSE_FRAME)]]
        turns = 0
        while arrived:
            arrived, turns = channel.deliver(arrived), turns + 1
    assert ids.ids[-1200:] == list(range(1, 1201)) and ids.ended.is_set()
    assert max(ids.calls) < TURN + JOINED_MESSAGES and turns == 5 and ids.calls[-4:] == [300] * 4


def test_what_is_left_for_the_next_turn_arrives_although_nothing_else_does() -> None:
    with ServicesEngine("zmq") as server, ServicesEngine("zmq") as client:
        service = Slow()
        server.add_service(service)
        endpoint = client.endpoint("slow", server.listen("tcp://127.0.0.1:0").url)
        endpoint.connected().result(scaled(5))
        with endpoint.together():
            for number in range(20 * JOINED_MESSAGES):
                endpoint.send_message(number)
            last = endpoint.send_request("last")
        last.result(scaled(10))
        assert service.seen == [*range(20 * JOINED_MESSAGES), "last"]


@pytest.mark.parametrize("end", [ZmqListener, ClientChannel])
def test_a_turn_ends_in_time_although_there_is_more(end: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch after batch: the system is asked less often then. But others have their turns."""
    now = [0.0]

    def receive_batch(*_: object, **__: object) -> tuple[list[Any], bool]:
        now[0] += TURN_S / 4
        return [], now[0] < 9.5 * TURN_S / 4

    module = sys.modules[end.__module__]
    monkeypatch.setattr(module, "receive_batch", receive_batch)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    alone = object.__new__(end)
    alone._socket = alone.socket = alone._socket_lock = alone.socket_lock = None
    alone._received, alone._over, alone.deliver = deque(), False, lambda arrived: ()
    turns = []
    more = True
    while more:
        began = now[0]
        more = alone._take_turn()
        turns.append(round((now[0] - began) / (TURN_S / 4)))
    assert turns == [4, 4, 2]
