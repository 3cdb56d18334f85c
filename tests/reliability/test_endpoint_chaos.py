"""Endpoints of loops and threads at once, cancelled, closed in the midst: every wait ends, every answer is right."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from services_core import (
    Closed,
    ConnectionFailed,
    ConnectionLost,
    IncomingCall,
    Kind,
    Packet,
    Service,
    ServiceEndpoint,
    ServicesEngine,
)

from ..harness.backends import listening_url
from ..harness.time_limits import scaled

ROUNDS = 120
WAIT_S = scaled(20.0)
_ITEMS = 50
_ENDS = (Closed, ConnectionLost, ConnectionFailed)


class Echo(Service):
    """Answers with what it is sent, and streams the first numbers."""

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet]:
        if incoming.kind is Kind.SUBSCRIBE:
            return (Packet(number) for number in range(_ITEMS))
        return incoming.packet


async def _ask(endpoint: ServiceEndpoint, count: int, cancel: bool) -> None:
    async def one(number: int) -> None:
        try:
            assert (await endpoint.send_request(number)).header == number
        except _ENDS:
            return  # it was closed in the midst, and says so

    tasks = [asyncio.ensure_future(one(number)) for number in range(count)]
    if cancel:
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    wrong = [one for one in outcomes if one is not None and not (cancel and isinstance(one, asyncio.CancelledError))]
    assert not wrong, wrong


async def _read(endpoint: ServiceEndpoint) -> None:
    try:
        async with endpoint.subscribe(None) as stream:
            seen = [packet.header async for packet in stream]
    except _ENDS:
        return
    assert seen == list(range(_ITEMS))


def _ask_in_thread(endpoint: ServiceEndpoint, count: int) -> None:
    try:
        replies = [endpoint.send_request(number) for number in range(count)]
        assert [reply.result(WAIT_S).header for reply in replies] == list(range(count))
    except _ENDS:
        return


class _Threads:
    """Threads whose failures are not lost."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    def start(self, work: Callable[..., object], *arguments: object) -> None:
        def run() -> None:
            try:
                work(*arguments)
            except BaseException as error:
                self._failures.append(error)

        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(WAIT_S)
            assert not thread.is_alive(), "a thread hangs"
        assert not self._failures, self._failures


@pytest.mark.deep
@pytest.mark.timeout(scaled(300))
@pytest.mark.parametrize("backend", ["inproc", "zmq"])
@pytest.mark.parametrize("seed", range(3))
def test_endpoints_under_chaos(backend: str, seed: int) -> None:
    chance = random.Random(seed)
    with ServicesEngine(backend, name="server") as server:
        server.add_service(Echo("echo"))
        url = server.listen(listening_url(backend, "chaos")).url
        for _ in range(ROUNDS):
            _play(chance, backend, url)


def _play(chance: random.Random, backend: str, url: str) -> None:
    client = ServicesEngine(backend, name="client")
    endpoints = [client.endpoint("echo", url) for _ in range(chance.randint(1, 4))]
    threads = _Threads()

    async def use() -> None:
        work: list[Awaitable[None]] = []
        for endpoint in endpoints:
            work.append(_ask(endpoint, chance.choice([1, 5, 40, 200]), chance.random() < 0.3))
            if chance.random() < 0.5:
                work.append(_read(endpoint))
            if chance.random() < 0.3:
                threads.start(_ask_in_thread, endpoint, chance.choice([1, 20]))
            if chance.random() < 0.2:
                threads.start(_close_later, endpoint, chance.random() * 0.02)
        async with asyncio.timeout(WAIT_S):
            await asyncio.gather(*work)
        if chance.random() < 0.3:
            time.sleep(chance.random() * 0.02)  # noqa: ASYNC251  # a loop that is busy is part of the play

    for _ in range(chance.randint(1, 2)):
        asyncio.run(use())
    threads.join()
    if chance.random() < 0.5:
        client.close(WAIT_S)
    else:
        asyncio.run(client.aclose(WAIT_S))


def _close_later(endpoint: ServiceEndpoint, delay_s: float) -> None:
    time.sleep(delay_s)  # anywhere in the midst: the moment is what the play varies
    endpoint.close()
