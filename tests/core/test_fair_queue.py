"""What waits for a service: in order, no client waits for another's flood, and what was given up takes no room."""

from __future__ import annotations

import gc
import threading
import time
from typing import Any, cast

import pytest

from services_core import (
    Channel,
    ChannelReceiver,
    IncomingCall,
    Kind,
    Limits,
    Message,
    Packet,
    Service,
    ServiceClient,
    ServicesEngine,
)
from services_core.hosting.fair_queue import AHEAD, MANY, PART, FairQueue
from services_core.hosting.server_connection import MANY_PARKED

from ..harness.apvtest import poll
from ..harness.time_limits import scaled


class Client:
    """Stands for a connection."""

    def release(self, incoming: IncomingCall) -> None:
        incoming.released = True

    def fail(self, id_: int, error: BaseException) -> None:
        """Nobody reads it."""


def calls(client: Client, first: int, many: int) -> list[IncomingCall]:
    whose = cast(ServiceClient, client)
    return [IncomingCall(Kind.REQUEST, first + one, Packet(), None, False, whose) for one in range(many)]


def put(queue: FairQueue, client: Client, first: int, many: int) -> list[IncomingCall]:
    made = calls(client, first, many)
    queue.put(made)
    return made


def taken(queue: FairQueue, many: int = 1 << 20) -> list[Any]:
    """Take so much: ids of calls, what other work returns."""
    found: list[Any] = []
    while len(found) < many and (queue.now or queue.refill()):
        item = queue.now.popleft()
        found.append(item.id if isinstance(item, IncomingCall) else item())
    return found


class _Channel(Channel):
    """Takes what is sent, and no more."""

    peer = "nobody"

    def start(self, receiver: ChannelReceiver) -> None:
        """Nothing arrives by itself."""

    def send(self, message: Message) -> None:
        """Nobody reads it."""

    def flush(self, gather: int | None = None) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""


def test_what_arrived_first_is_done_first_also_of_several_clients() -> None:
    """One may have told another to ask."""
    queue, one, two = FairQueue(), Client(), Client()
    for round_ in range(3):
        put(queue, one, 10 * round_, 2)
        queue.put_work(lambda: "work")
        put(queue, two, 1000 + round_, 1)
    assert len(queue) == 12 and [one.id for one in queue.waiting()][:3] == [0, 1, 1000]
    assert taken(queue) == [0, 1, "work", 1000, 10, 11, "work", 1001, 20, 21, "work", 1002]
    assert not queue.now and not queue.refill() and len(queue) == 0


def test_none_waits_for_all_of_anothers_flood_and_that_stays_in_order() -> None:
    queue, many, few = FairQueue(), Client(), Client()
    put(queue, many, 0, AHEAD - 1)
    put(queue, many, AHEAD - 1, 2 * AHEAD + 1)
    put(queue, few, 10_000, 2)
    put(queue, many, 3 * AHEAD, 1)
    queue.put_work(lambda: "of few", cast(ServiceClient, few))
    queue.put_work(lambda: "of many", cast(ServiceClient, many))
    found = taken(queue)
    assert found[: AHEAD + 3] == [*range(AHEAD), 10_000, 10_001, "of few"]
    assert found[AHEAD + 3 :] == [*range(AHEAD, 3 * AHEAD + 1), "of many"]
    put(queue, many, 0, AHEAD)  # it has its whole part again
    put(queue, few, 10_000, 1)
    assert taken(queue) == [*range(AHEAD), 10_000]


def test_of_several_that_flood_each_has_its_part_and_who_has_less_keeps_its_place() -> None:
    queue, one, two, few = FairQueue(), Client(), Client(), Client()
    put(queue, few, 10_000, PART - 1)
    put(queue, one, 0, AHEAD)  # one that is done next, then its part of the line, then what stands behind
    put(queue, few, 20_000, PART)
    put(queue, two, 30_000, AHEAD)
    put(queue, few, 40_000, 1)
    own = [*range(10_000, 10_000 + PART - 1), *range(20_000, 20_000 + PART), 40_000]
    found = taken(queue)
    assert [id_ for id_ in found if id_ in own] == own
    assert [id_ for id_ in found if id_ < AHEAD] == [*range(AHEAD)]
    assert [id_ for id_ in found if 30_000 <= id_ < 40_000] == [*range(30_000, 30_000 + AHEAD)]
    assert found[: PART + PART] == [*own[: PART - 1], *range(PART + 1)], "in the order in which they arrived"
    assert found.index(40_000) < found.index(AHEAD - 1) + 1 + AHEAD


def test_what_threads_put_at_once_is_all_there_and_of_each_in_order() -> None:
    """Without a lock where little waits, and with one where more does, to and fro."""
    queue, sizes = FairQueue(), (1, 7, 60, 1, 130, 2, 300, 1, 1)
    clients = [Client() for _ in range(3)]
    each = 20 * sum(sizes)

    def fill(client: Client) -> None:
        first = 0
        for size in sizes * 20:
            put(queue, client, first, size)
            first += size

    threads = [threading.Thread(target=fill, args=(client,)) for client in clients]
    found: dict[Any, list[int]] = {client: [] for client in clients}
    until = time.monotonic() + scaled(20)
    for thread in threads:
        thread.start()
    while sum(map(len, found.values())) < 3 * each and time.monotonic() < until:
        while queue.now or queue.refill():
            item = queue.now.popleft()
            assert isinstance(item, IncomingCall)
            found[item.client].append(item.id)
    for thread in threads:
        thread.join()
    assert [found[client] for client in clients] == [list(range(each))] * 3
    assert len(queue) == 0 and not queue.lined_up


def test_what_was_given_up_takes_no_room() -> None:
    """It counts in no window any more, so that a client may send and cancel for as long as the service is busy."""
    queue, client = FairQueue(), Client()
    kept = put(queue, client, 1, 3)
    for round_ in range(40):
        for one in put(queue, client, 100 + round_ * 100, 100):
            one.abandon()
    assert len(queue) <= AHEAD + MANY + 100
    assert queue.waiting() == kept and taken(queue, 3) == [1, 2, 3]
    assert taken(queue) and len(queue) == 0


class Slow(Service):
    """Notes what it was asked; asked to hold, it does nothing else for a while."""

    def __init__(self) -> None:
        super().__init__("slow")
        self.entered, self.gate = threading.Event(), threading.Event()
        self.seen: list[Any] = []

    def process(self, incoming: IncomingCall) -> None:
        self.seen.append(incoming.packet.header)
        if incoming.packet.header == "hold":
            self.entered.set()
            self.gate.wait(scaled(10))


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_one_client_does_not_wait_for_all_that_another_has_sent(backend: str) -> None:
    service = Slow()
    with ServicesEngine(backend) as engine:
        engine.add_service(service)
        flooding, other = engine.endpoint("slow"), engine.endpoint("slow")
        flooding.send_message("hold")
        assert service.entered.wait(scaled(5))
        for number in range(2000):
            flooding.send_message(number)
        last = flooding.send_request("last")
        until = time.monotonic() + scaled(5)
        while len(service.waiting()) < 2001 and time.monotonic() < until:
            time.sleep(0.001)
        mine = other.send_request("mine")
        while len(service.waiting()) < 2002 and time.monotonic() < until:
            time.sleep(0.001)
        service.gate.set()
        mine.result(scaled(5))
        last.result(scaled(10))
    assert service.seen.index("mine") <= AHEAD + 1
    assert [one for one in service.seen if type(one) is int] == list(range(2000))


def test_what_was_put_aside_and_given_up_takes_no_room() -> None:
    """So it is with what waits until its client reads its answers."""
    service = Slow()
    with ServicesEngine("inproc", limits=Limits(outbound_bytes=1)) as engine:
        engine.add_service(service)
        channel = _Channel()
        connection = engine.receiver(channel)
        connection.on_messages([Message(Kind.HELLO, 0, 1, 0, Packet({"protocol": [1, 0], "service": "slow"}))])
        connection.on_messages([Message(Kind.REQUEST, id_, packet=Packet("answered")) for id_ in (1, 2)])
        assert poll(lambda: connection.waiting_bytes), "the window holds one answer, the second waits for it"
        for id_ in range(3, 20_000):
            connection.on_messages([Message(Kind.REQUEST, id_, packet=Packet("never")), Message(Kind.CANCEL, id_)])
        poll(lambda: service.backlog == 0)
        gc.collect()
        kept = sum(type(one) is IncomingCall for one in gc.get_objects())
        assert kept <= 2 * MANY_PARKED + MANY + AHEAD and "never" not in service.seen
