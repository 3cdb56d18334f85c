"""A deadline that is over leaves nothing behind, on either side; and none, however far away, stops the clock."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from weakref import ref

import pytest

from services_core import (
    DeadlineExceeded,
    IncomingCall,
    Kind,
    Message,
    Packet,
    PacketError,
    Service,
    ServiceEndpoint,
    ServicesEngine,
    ServicesError,
)
from services_core.protocol.deadlines import milliseconds
from services_core.timekeeper import Timekeeper

from ..harness.time_limits import scaled

DAY_S = 86400.0
FEW = 100


class Echo(Service):
    """Answers with what it is sent; "later" is never answered, "error" fails."""

    def __init__(self) -> None:
        super().__init__("echo")

    def process(self, incoming: IncomingCall) -> Packet | None:
        if incoming.packet.header == "later":
            incoming.defer()
            return None
        if incoming.packet.header == "error":
            raise ValueError("as it was told")
        return incoming.packet


@pytest.fixture(params=["inproc", "zmq"])
def engine(request: pytest.FixtureRequest) -> Iterator[ServicesEngine]:
    with ServicesEngine(request.param) as one:
        one.add_service(Echo())
        yield one


def _entries(engine: ServicesEngine) -> int:
    return len(engine._timekeeper._heap)


def _ask(endpoint: ServiceEndpoint, header: str, count: int, deadline_s: float) -> None:
    for reply in [endpoint.send_request(header, deadline_s=deadline_s) for _ in range(count)]:
        refused = pytest.raises(ServicesError, match="as it was told") if header == "error" else nullcontext()
        with refused:
            reply.result(scaled(10))


def test_answered_requests_leave_no_deadline(engine: ServicesEngine) -> None:
    endpoint = engine.endpoint("echo")
    for _ in range(20):
        _ask(endpoint, "x", 50, DAY_S)
        _ask(endpoint, "error", 10, DAY_S)
    assert _entries(engine) < FEW
    assert len(endpoint._conversation._deadlines) < FEW


def test_deadlines_that_come_ever_sooner_leave_one_entry(engine: ServicesEngine) -> None:
    endpoint = engine.endpoint("echo")
    for number in range(200):
        _ask(endpoint, "x", 1, DAY_S - number)
    assert _entries(engine) < FEW


def test_cancelled_requests_leave_no_deadline(engine: ServicesEngine) -> None:
    endpoint = engine.endpoint("echo")
    for reply in [endpoint.send_request("later", deadline_s=DAY_S) for _ in range(500)]:
        reply.cancel()
    endpoint.send_request("x").result(scaled(10))
    assert _entries(engine) < FEW


def test_a_client_that_leaves_takes_its_deadlines_along(engine: ServicesEngine) -> None:
    for _ in range(5):
        endpoint = engine.endpoint("echo")
        left = [endpoint.send_request("later", deadline_s=DAY_S) for _ in range(100)]
        endpoint.send_request("x").result(scaled(10))
        endpoint.close()
        for reply in left:
            with pytest.raises(ServicesError):
                reply.result(scaled(10))
    engine.endpoint("echo").send_request("x").result(scaled(10))
    assert _entries(engine) < FEW


def test_an_endpoint_that_was_closed_is_not_kept_until_its_deadline(engine: ServicesEngine) -> None:
    endpoint = engine.endpoint("echo")
    _ask(endpoint, "x", 1, DAY_S)
    gone = ref(endpoint)
    endpoint.close()
    del endpoint
    until = time.monotonic() + scaled(5)
    while gone() is not None and time.monotonic() < until:
        gc.collect()
    assert gone() is None


def test_deadlines_of_a_client_with_an_old_request_are_bounded() -> None:
    with ServicesEngine("inproc") as engine:
        engine.add_service(Echo())
        endpoint = engine.endpoint("echo")
        endpoint.send_request("later", deadline_s=DAY_S / 2)  # stays first in the queue of deadlines
        for _ in range(20):
            _ask(endpoint, "x", 50, DAY_S)
        assert len(endpoint._conversation._deadlines) < FEW + 50


def test_the_longest_deadline_of_the_protocol_does_not_stop_the_clock() -> None:
    with ServicesEngine("inproc") as engine:
        engine.add_service(Echo())
        url = engine.listen(engine.backend.private_url()).url
        channel = engine.connect(url)
        channel.send(Message(Kind.HELLO, 0, 1 << 20, 0, Packet({"protocol": [1, 0], "service": "echo"})))
        channel.send(Message(Kind.REQUEST, 1, 2**63 - 1, 0, Packet("later")))
        channel.flush()
        endpoint = engine.endpoint("echo", url)
        endpoint.send_request("x", deadline_s=float("inf")).result(scaled(10))
        with pytest.raises(DeadlineExceeded):
            endpoint.send_request("later", deadline_s=0.01).result(scaled(10))
        with pytest.raises(DeadlineExceeded):
            endpoint.send_request("later", deadline_s=-1.0).result(scaled(10))
        with pytest.raises(PacketError, match="NaN"):
            endpoint.send_request("x", deadline_s=float("nan"))
        assert endpoint.send_request("x").result(scaled(10)).header == "x"


def test_a_cancelled_call_is_not_made_and_lets_go_of_what_it_would_call() -> None:
    """Cancelled before its time, and not made when that comes; where the machine stood still until then, once more."""
    for due_s in (0.02, 0.2, 2.0, 20.0):
        if cancelled_in_time(due_s):
            return
    raise AssertionError("a call could not be cancelled within 20 s")


def cancelled_in_time(due_s: float) -> bool:
    keeper = Timekeeper("t")
    called: list[str] = []
    done = threading.Event()

    class Thing:
        def call(self, now: float) -> None:
            called.append("cancelled")

    thing = Thing()
    gone = ref(thing)
    now = time.monotonic()
    first = keeper.call_at(now + due_s, thing.call)
    keeper.call_at(now + 2 * due_s, lambda at: done.set())
    del thing
    first.cancel()
    if time.monotonic() >= now + due_s:
        assert keeper.close(scaled(5))
        return False
    first.cancel()
    assert gone() is None
    assert done.wait(2 * due_s + scaled(5))
    assert called == []
    late = keeper.call_at(now, lambda at: called.append("late"))
    assert keeper.close(scaled(5))
    late.cancel()
    return True


def test_many_cancelled_calls_do_not_pile_up_behind_one_that_stays() -> None:
    keeper = Timekeeper("t")
    keeper.call_at(time.monotonic() + 3600, lambda at: None)
    for _ in range(1000):
        keeper.call_at(time.monotonic() + 7200, lambda at: None).cancel()
    assert len(keeper._heap) < FEW
    assert keeper.close(scaled(5))


def test_deadlines_of_any_size_can_travel() -> None:
    sizes = (-float("inf"), -1.0, 0.0, 0.0004, 1.5, float("inf"))
    assert [milliseconds(one) for one in sizes] == [1, 1, 1, 1, 1500, 10**12]
