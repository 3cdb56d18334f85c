"""What waits in several connections together is counted, whatever becomes of it, and bounded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from services_core import Budget, Busy, IncomingCall, Packet, Service, ServiceEndpoint, ServicesEngine
from services_core.hosting.server_connection import UNCOUNTED

from ..harness.apvtest import poll
from ..harness.time_limits import scaled

KIB = bytes(1024)
LIMIT = 20_000


class Holding(Service):
    """Notes what it is asked; asked to hold, it does nothing else until it is let go on."""

    def __init__(self) -> None:
        super().__init__("holding")
        self.entered, self.gate = threading.Event(), threading.Event()
        self.done: list[Any] = []
        self.streams: list[IncomingCall] = []

    def process(self, incoming: IncomingCall) -> Packet | None:
        name = incoming.packet.header
        self.done.append(name)
        if name == "hold":
            self.entered.set()
            self.gate.wait(scaled(20))
        if incoming.stream is not None:
            self.streams.append(incoming)
            return None
        return Packet(name, [bytes(int(name))] if str(name).isdecimal() else [])


class Stage:
    """An engine with such a service, whose clients share a budget."""

    def __init__(self, backend: str) -> None:
        self.service, self.budget = Holding(), Budget(LIMIT)
        self.server, self.client = ServicesEngine(backend), ServicesEngine(backend)
        self.server.add_service(self.service)
        where = "thread://budget" if backend == "inproc" else "tcp://127.0.0.1:0"
        self.url = self.server.listen(where, lambda channel: self.server.serve(channel, budget=self.budget)).url

    def endpoint(self) -> ServiceEndpoint:
        made = self.client.endpoint("holding", self.url)
        made.connected().result(scaled(5))
        return made

    def hold(self) -> ServiceEndpoint:
        endpoint = self.endpoint()
        endpoint.send_message("hold")
        assert self.service.entered.wait(scaled(5))
        return endpoint

    def nothing_waits(self) -> None:
        poll(lambda: self.budget.queued_bytes == 0, what=f"nothing that waits, not {self.budget.queued_bytes} bytes")


@pytest.fixture(params=["inproc", "zmq"])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    made = Stage(request.param)
    try:
        yield made
    finally:
        made.service.gate.set()
        made.client.close()
        made.server.close()


def test_past_the_bound_requests_and_streams_get_busy_and_messages_a_fault(stage: Stage) -> None:
    first = stage.hold()
    faults: list[Exception] = []
    first.add_fault_callback(faults.append)
    replies = [first.send_request("kept", [KIB]) for _ in range(100)]
    stream = first.subscribe("stream")
    with pytest.raises(Busy, match="bytes wait in this session"):
        stream.get(scaled(5))
    refused = [reply for reply in replies if was_refused(reply)]  # before the stream, which was asked for later
    assert 85 <= len(refused) <= 95, "2 KiB each and a little, 20 kB may wait"
    first.send_message("lost")
    poll(lambda: faults)
    assert isinstance(faults[0], Busy)
    assert LIMIT <= stage.budget.queued_bytes <= LIMIT + 3000 and stage.budget.refused == len(refused) + 2
    other = stage.endpoint()
    mine = other.send_request("mine")  # nothing of it waits: it has room for one
    stage.service.gate.set()
    assert mine.result(scaled(5)).header == "mine"
    for reply in replies:
        if reply not in refused:
            assert reply.result(scaled(5)).header == "kept"
    assert first.send_request("again").result(scaled(5)).header == "again"
    stage.nothing_waits()
    assert stage.service.done.count("kept") == 100 - len(refused) and "lost" not in stage.service.done


def was_refused(reply: Any) -> bool:
    """Whether a request was refused by now; those that were not are not answered yet."""
    try:
        reply.result(0)
    except Busy:
        return True
    except TimeoutError:
        return False
    raise AssertionError("answered while the service is held")


def test_what_was_cancelled_or_whose_client_has_left_waits_no_more(stage: Stage) -> None:
    first, second = stage.hold(), stage.endpoint()
    given_up = [first.send_request("given up", [KIB]) for _ in range(5)]
    for _ in range(5):
        second.send_request("left", [KIB])
        second.send_message("said before it left", [KIB])
    poll(lambda: stage.budget.queued_bytes >= 15 * 2048 or stage.budget.refused)
    for reply in given_up:
        reply.cancel()
    second.close()
    stage.service.gate.set()
    first.send_request("last").result(scaled(5))
    stage.nothing_waits()


def test_items_that_are_not_read_count_and_are_refused_past_the_bound(stage: Stage) -> None:
    endpoint = stage.endpoint()
    with endpoint.subscribe("stream") as stream:
        poll(lambda: stage.service.streams)
        writer = stage.service.streams[0].stream
        assert writer is not None
        while not stage.budget.full:
            writer.put(Packet(0, [KIB]))
        with pytest.raises(Busy):
            writer.put(Packet(0, [KIB]))
        assert LIMIT <= stage.budget.queued_bytes <= LIMIT + 3000
        first = stream.get(scaled(5))
        assert first is not None and first.header == 0
    stage.nothing_waits()


def test_a_small_part_of_a_large_budget_waits_uncounted_and_nothing_of_what_is_done(stage: Stage) -> None:
    """What each packet changes is not told: it would cost more than what else is done for it."""
    stage.budget.limit_bytes = 10_000 * UNCOUNTED
    endpoint = stage.hold()
    kept = [endpoint.send_request("kept", [KIB]) for _ in range(25)]
    poll(lambda: stage.service.backlog == 25)
    real = 26 * 1029 + 25 * len(KIB)
    assert real - 10_000 <= stage.budget.queued_bytes <= real + 26
    told = 0
    change = stage.budget.change

    def counting(by_bytes: int) -> None:
        nonlocal told
        told += 1
        change(by_bytes)

    stage.budget.change = counting  # type: ignore[method-assign]
    stage.service.gate.set()
    for reply in kept:
        assert reply.result(scaled(5)).header == "kept"
    stage.nothing_waits()
    assert 1 <= told <= 8, "of 26 that were done"


def test_a_bound_may_change_at_any_time(stage: Stage) -> None:
    endpoint = stage.hold()
    kept = [endpoint.send_request("kept", [KIB]) for _ in range(4)]
    poll(lambda: stage.service.backlog == 4, what="four that wait")
    stage.budget.limit_bytes = 5000
    with pytest.raises(Busy):
        endpoint.send_request("refused").result(scaled(5))
    stage.budget.limit_bytes = LIMIT
    kept.append(endpoint.send_request("kept"))
    poll(lambda: stage.service.backlog == 5, what="five that wait")
    stage.service.gate.set()
    assert [reply.result(scaled(5)).header for reply in kept] == ["kept"] * 5
