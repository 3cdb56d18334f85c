"""Many connections where the system's `select` takes few: as on Windows, on every system."""

from __future__ import annotations

import select
import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from services_core import IncomingCall, Packet, Service, ServicesEngine
from services_zmq.threads import io_thread, selecting
from services_zmq.threads.selecting import MOST_OF_SELECT, Descriptors, make_selector

from ..harness.time_limits import scaled


class Echo(Service):
    """Answers with what it is sent."""

    def process(self, incoming: IncomingCall) -> Packet:
        return incoming.packet


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """Connected sockets, of which the first are watched."""
    with ExitStack() as stack:
        made = [socket.socketpair() for _ in range(5)]
        for one in made:
            stack.enter_context(one[0])
            stack.enter_context(one[1])
        yield made


@pytest.mark.parametrize("most", [MOST_OF_SELECT, 0], ids=["select", "ZeroMQ"])
def test_who_can_be_read_is_told_with_what_is_to_be_called(
    most: int, pairs: list[tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "MOST_OF_SELECT", most)
    called: list[int] = []
    descriptors = Descriptors()
    for number, (ours, _) in enumerate(pairs):
        descriptors.register(ours.fileno(), selectors.EVENT_READ, partial(called.append, number))
    assert descriptors.select(0.0) == []
    for number in (1, 3, 4):
        pairs[number][1].send(b"!")
    descriptors.unregister(pairs[3][0].fileno())
    for key, events in descriptors.select(scaled(5)):
        assert events == selectors.EVENT_READ
        key.data()
    assert sorted(called) == [1, 4]
    waking = threading.Timer(0.05, pairs[0][1].send, [b"!"])
    waking.start()
    pairs[1][0].recv(1)
    pairs[4][0].recv(1)
    assert [key.fd for key, _ in descriptors.select(None)] == [pairs[0][0].fileno()]
    waking.join()
    descriptors.close()


def test_windows_gets_it() -> None:
    assert isinstance(make_selector("win32"), Descriptors)
    for other in ("linux", "darwin"):
        usual = make_selector(other)
        assert isinstance(usual, selectors.DefaultSelector)
        usual.close()


def test_connections_beyond_what_select_takes_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a `select` that takes eight, sixty connections: before and after the limit, and when some have ended."""
    real = select.select

    def few(readable: list[int], *others: Any) -> Any:
        if len(readable) > 8:
            raise ValueError("too many file descriptors in select()")
        return real(readable, *others)

    monkeypatch.setattr(selecting, "MOST_OF_SELECT", 8)
    monkeypatch.setattr(select, "select", few)
    monkeypatch.setattr(io_thread, "make_selector", lambda: make_selector("win32"))
    with ServicesEngine("zmq") as server, ServicesEngine("zmq") as clients:
        server.add_service(Echo("echo"))
        url = server.listen("tcp://127.0.0.1:0").url
        endpoints = [clients.endpoint("echo", url) for _ in range(60)]
        replies = [endpoint.send_request(number) for number, endpoint in enumerate(endpoints)]
        assert [reply.result(scaled(10)).header for reply in replies] == list(range(60))
        for endpoint in endpoints[1:]:
            endpoint.close()
        assert endpoints[0].send_request("left").result(scaled(10)).header == "left"
