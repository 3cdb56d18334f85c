"""Who receives for a channel: the loop that waits alone, the communication thread for everybody else."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from services_core import Closed, IncomingCall, Packet, Service, ServiceEndpoint, ServicesEngine
from services_zmq.backend import ZmqBackend
from services_zmq.threads import io_thread, strand
from services_zmq.threads.io_thread import IoThread

from ..harness.time_limits import scaled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no loop watches sockets of ZeroMQ there")


class Echo(Service):
    """Answers with what it is sent; "hold" waits for the test."""

    def __init__(self) -> None:
        super().__init__("echo")
        self.entered = threading.Event()
        self.gate = threading.Event()

    def process(self, incoming: IncomingCall) -> Packet:
        if incoming.packet.header == "hold":
            self.entered.set()
            assert self.gate.wait(scaled(10))
        return incoming.packet


@pytest.fixture
def engine() -> Iterator[ServicesEngine]:
    with ServicesEngine("zmq", name="test") as one:
        yield one


@pytest.fixture
def service() -> Echo:
    return Echo()


@pytest.fixture
def endpoint(engine: ServicesEngine, service: Echo) -> ServiceEndpoint:
    engine.add_service(service)
    url = engine.listen("tcp://127.0.0.1:0").url
    return engine.endpoint("echo", url)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The communication thread never finds that a loop was too busy for its own calls, however busy the machine is."""
    monkeypatch.setattr(io_thread, "TICK_S", 1000.0)


async def _left_to_this_loop(endpoint: ServiceEndpoint, engine: ServicesEngine) -> None:
    """Attach this loop, and go on when the communication thread has made the calls that this has posted to it."""
    await _ask(endpoint)
    assert isinstance(engine.backend, ZmqBackend)
    made = threading.Event()
    engine.backend._resources.io.call(made.set)
    assert await asyncio.to_thread(made.wait, scaled(10))


class _Threads:
    """Notes which thread hands messages to an endpoint."""

    def __init__(self, endpoint: ServiceEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[threading.Thread] = []
        handle = ServiceEndpoint.on_messages

        def noted(receiver: ServiceEndpoint, messages: Any) -> None:
            if receiver is endpoint:
                self.seen.append(threading.current_thread())
            handle(receiver, messages)

        monkeypatch.setattr(ServiceEndpoint, "on_messages", noted)

    def take(self) -> set[threading.Thread]:
        """The threads since the last time."""
        seen, self.seen = self.seen, []
        return set(seen)


async def _ask(endpoint: ServiceEndpoint, what: object = 1) -> None:
    assert (await endpoint.send_request(what)).header == what


@pytest.mark.usefixtures("unhurried")
def test_a_loop_that_waits_alone_receives_by_itself(
    engine: ServicesEngine, service: Echo, endpoint: ServiceEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = _Threads(endpoint, monkeypatch)
    note = ServiceEndpoint.note_waiter

    def noted(one: ServiceEndpoint, loop: asyncio.AbstractEventLoop | None) -> None:
        note(one, loop)
        if one is endpoint and loop is None:
            service.gate.set()  # not before: the answer would be there before the thread waits for it

    monkeypatch.setattr(ServiceEndpoint, "note_waiter", noted)

    async def main() -> None:
        await _left_to_this_loop(endpoint, engine)  # until then either may receive
        threads.take()
        await asyncio.gather(*(_ask(endpoint, n) for n in range(200)))
        assert threads.take() == {threading.current_thread()}
        await asyncio.to_thread(endpoint.send_request("hold").result, scaled(10))
        threads.take()
        await _ask(endpoint)
        received_by = {thread.name for thread in threads.take()}
        assert received_by <= {"services-zmq", "service-echo"}, "since a thread has waited, too; either may receive"

    asyncio.run(main())


@pytest.mark.usefixtures("unhurried")
def test_the_next_loop_receives_when_the_one_before_was_closed(
    engine: ServicesEngine, endpoint: ServiceEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = _Threads(endpoint, monkeypatch)
    asyncio.run(_ask(endpoint))

    async def main() -> None:
        await _left_to_this_loop(endpoint, engine)
        threads.take()
        await asyncio.gather(*(_ask(endpoint, n) for n in range(50)))
        assert threads.take() == {threading.current_thread()}

    asyncio.run(main())


def test_a_loop_that_only_stopped_leaves_the_socket_to_threads(endpoint: ServiceEndpoint) -> None:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_ask(endpoint))
    assert endpoint.send_request(2).result(scaled(5)).header == 2
    loop.run_until_complete(_ask(endpoint, 3))
    endpoint.close()
    with pytest.raises(Closed):
        endpoint.send_request(4)
    loop.close()


def test_an_engine_closes_while_the_loop_of_its_endpoint_is_busy_or_has_stopped(engine: ServicesEngine) -> None:
    engine.add_service(Echo())
    url = engine.listen("tcp://127.0.0.1:0").url
    clients = [ServicesEngine("zmq", name=f"client {n}") for n in range(2)]
    busy, stopped = (client.endpoint("echo", url) for client in clients)

    async def close_inside() -> None:
        await _ask(busy)
        clients[0].close(scaled(5))  # blocks this loop, on purpose

    asyncio.run(close_inside())
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_ask(stopped))
    clients[1].close(scaled(5))
    assert isinstance(busy.error, Closed)
    assert isinstance(stopped.error, Closed)
    loop.close()


class _NoReaders(asyncio.SelectorEventLoop):
    """As the usual loop of Windows."""

    def add_reader(self, fd: Any, callback: Any, *args: Any) -> Any:  # type: ignore[override]
        if "Strand" in str(args):
            raise NotImplementedError
        return super().add_reader(fd, callback, *args)


@pytest.mark.parametrize("way", ["loop without readers", "system without descriptors"])
def test_where_nothing_can_be_lent_the_thread_receives(
    endpoint: ServiceEndpoint, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    threads = _Threads(endpoint, monkeypatch)
    if way == "system without descriptors":
        monkeypatch.setattr(strand, "CAN_ATTACH", False)

    async def main() -> None:
        await _ask(endpoint)
        await asyncio.gather(*(_ask(endpoint, n) for n in range(50)))

    with asyncio.Runner(loop_factory=_NoReaders if way == "loop without readers" else None) as runner:
        runner.run(main())
    received_by = {thread.name for thread in threads.take()}
    assert received_by, "answers have arrived"
    assert received_by <= {"services-zmq", "service-echo"}, "the loop receives nothing; an idle service may"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open descriptors are counted in /proc, of Linux")
def test_descriptors_are_given_back(engine: ServicesEngine) -> None:
    engine.add_service(Echo())
    url = engine.listen("tcp://127.0.0.1:0").url

    async def use(count: int) -> None:
        async with ServicesEngine("zmq", name="client") as client:
            endpoints = [client.endpoint("echo", url) for _ in range(count)]
            await asyncio.gather(*map(_ask, endpoints))
            for one in endpoints[::2]:
                one.close()

    def open_descriptors() -> int:
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    asyncio.run(use(2))
    before = open_descriptors()
    for _ in range(3):
        asyncio.run(use(20))
    # What the server's sockets hold of connections that have just ended is freed by libzmq's thread, a little later.
    for _ in range(200):
        if open_descriptors() <= before + 2:
            break
        threading.Event().wait(0.01)
    assert open_descriptors() <= before + 2


def test_a_loop_that_is_busy_does_not_keep_a_burst_from_leaving(engine: ServicesEngine) -> None:
    service = Echo()
    engine.add_service(service)
    url = engine.listen("tcp://127.0.0.1:0").url
    with ServicesEngine("zmq", name="client") as client:
        endpoint = client.endpoint("echo", url)

        async def main() -> None:
            await _ask(endpoint)
            replies = [endpoint.send_request(n) for n in range(10)]
            replies.append(endpoint.send_request("hold"))
            assert service.entered.wait(scaled(5)), "the communication thread sends what this loop does not come to"
            service.gate.set()
            assert [(await reply).header for reply in replies] == [*range(10), "hold"]

        asyncio.run(main())


class Counter(Service):
    """Publishes numbers, as fast as it can, while its subscriber is busy."""

    def __init__(self) -> None:
        super().__init__("counter")
        self.go_on = threading.Event()
        self.done = threading.Event()

    def process(self, incoming: IncomingCall) -> None:
        stream = incoming.stream
        assert stream is not None

        def publish() -> None:
            stream.put(Packet(0))
            assert self.go_on.wait(scaled(5))
            for number in range(1, 1001):
                stream.put(Packet(number))
            self.done.set()

        threading.Thread(target=publish, daemon=True).start()


def test_of_a_newest_only_stream_a_blocked_loop_sees_few_old_items(engine: ServicesEngine) -> None:
    service = Counter()
    engine.add_service(service)
    url = engine.listen("tcp://127.0.0.1:0").url
    seen: list[int] = []

    async def read() -> None:
        async with (
            asyncio.timeout(scaled(5)),
            ServicesEngine("zmq", name="client") as client,
            client.endpoint("counter", url).subscribe(None, newest=True) as stream,
        ):
            async for packet in stream:
                seen.append(packet.header)
                if len(seen) == 1:
                    service.go_on.set()
                    assert service.done.wait(scaled(5))  # blocks this loop, on purpose
                if packet.header == 1000:
                    return

    asyncio.run(read())
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert len(seen) <= 4, "the first, at most two that were under way, and the newest"


def test_however_often_something_happens_it_is_looked_at_once() -> None:
    """While another thread makes the calls, a loop is told of the same thing in each of its iterations."""
    looks: list[int] = []
    io = IoThread("test")
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    with context.socket(zmq.DEALER) as socket:
        one = strand.Strand(io, socket, lambda: looks.append(len(looks)))

        def meanwhile() -> None:
            for _ in range(1000):
                one._look()

        one.exclusively(meanwhile)
        one._look()
        assert looks == [0]
        one._look()
        assert looks == [0, 1]
    context.term()
    io.stop(lambda: None)
    assert io.join(scaled(5))
