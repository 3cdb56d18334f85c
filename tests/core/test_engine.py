"""The engine: context managers, names, closing, and what it does not wait for."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Sequence

import pytest

from services_core import (
    Closed,
    ConfigurationError,
    IncomingCall,
    Kind,
    Message,
    Packet,
    Reply,
    Service,
    ServicesEngine,
    ServicesError,
    backend_class,
)
from services_inproc import InprocBackend

from ..harness.time_limits import scaled


class Echo(Service):
    """Echoes."""

    def __init__(self, name: str = "echo") -> None:
        super().__init__(name)
        self.entered, self.gate = threading.Event(), threading.Event()

    def process(self, incoming: IncomingCall) -> Packet:
        if incoming.packet.header == "hold":
            self.entered.set()
            self.gate.wait(scaled(10))
        return Packet(incoming.packet.header, incoming.packet.buffers)


@pytest.fixture(params=["inproc", "zmq"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each backend of ours."""
    name: str = request.param
    return name


def test_context_managers(backend: str) -> None:
    with ServicesEngine(backend) as engine:
        engine.add_service(Echo())
        assert engine.endpoint("echo").send_request(1).result(scaled(5)).header == 1
    engine.close()

    async def talk() -> None:
        async with ServicesEngine(backend_class(backend)) as engine:
            engine.add_service(Echo())
            assert (await engine.endpoint("echo").send_request(2)).header == 2

    asyncio.run(talk())


def test_closed_engine_refuses(backend: str) -> None:
    engine = ServicesEngine(backend)
    engine.close()
    engine.close()
    for call in (
        lambda: engine.add_service(Echo()),
        lambda: engine.endpoint("echo"),
        lambda: engine.listen("thread://x"),
        lambda: engine.connect("thread://x"),
    ):
        with pytest.raises(Closed):
            call()


def test_names_are_taken_once(backend: str) -> None:
    with ServicesEngine(backend) as engine:
        engine.add_service(Echo())
        with pytest.raises(ConfigurationError, match="'echo' runs in this engine already"):
            engine.add_service(Echo())


def test_close_names_what_did_not_end(backend: str) -> None:
    engine = ServicesEngine(backend)
    service = Echo()
    engine.add_service(service)
    engine.endpoint("echo").send_message("hold")
    assert service.entered.wait(scaled(5))
    with pytest.raises(ServicesError, match="service echo"):
        engine.close(0.1)
    service.gate.set()


def test_url_of_another_backend(backend: str) -> None:
    with ServicesEngine(backend) as engine:
        engine.add_service(Echo())
        for url in ("thread://other-backend", "tcp://127.0.0.1:0"):
            endpoint = engine.endpoint("echo", engine.listen(url).url)
            assert endpoint.send_request(3).result(scaled(5)).header == 3


def test_endpoints_of_two_engines_to_each_other_do_not_deadlock() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        engines = [ServicesEngine("inproc") for _ in range(2)]
        urls = []
        for number, engine in enumerate(engines):
            engine.add_service(Echo())
            urls.append(engine.listen(f"thread://mutual-{number}").url)

        def talk(own: int) -> None:
            for _ in range(200):
                engines[own].endpoint("echo", urls[1 - own]).close()

        threads = [threading.Thread(target=talk, args=(own,), daemon=True) for own in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(scaled(20))
        assert not any(thread.is_alive() for thread in threads), "the engines wait for each other"
        for engine in engines:
            engine.close()
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.alone
def test_mass_cancel_is_quick(backend: str) -> None:
    with ServicesEngine(backend) as engine:
        service = Echo()
        engine.add_service(service)
        endpoint = engine.endpoint("echo")
        endpoint.send_message("hold")
        assert service.entered.wait(scaled(5))
        replies: list[Reply[Packet]] = [endpoint.send_request(n, (bytes(10_000),)) for n in range(10_000)]
        began = time.monotonic()
        for reply in replies:
            reply.cancel()
        assert time.monotonic() - began < scaled(3.0)
        service.gate.set()
        assert endpoint.send_request("after").result(scaled(5)).header == "after"


def test_backlog_beyond_the_delivery_thread_is_delivered_while_closing() -> None:
    backend = InprocBackend()
    seen: list[int] = []
    ended = threading.Event()

    class Ear:
        def on_messages(self, messages: Sequence[Message], /) -> None:
            seen.extend(message.id for message in messages)

        def on_closed(self, error: object, /) -> None:
            ended.set()

    listener = backend.listen(backend.private_url(), lambda channel: channel.start(Ear()))
    channel = backend.connect(listener.url)
    channel.start(Ear())
    for number in range(200_000):
        channel.send(Message(Kind.PING, number))
    backend.close()
    assert ended.wait(scaled(5))
    assert len(seen) == 200_000
