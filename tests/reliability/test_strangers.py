"""Who speaks another language at the server's port does no harm to it, nor to its clients."""

from __future__ import annotations

import os
import random
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import SimpleQueue

import pytest

from servermanager import connect
from services_core import Kind, Message, Packet, ServicesEngine, ServicesError

from ..harness.apvtest import BACKENDS, Server, in_loop
from ..harness.time_limits import scaled

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x01NULL" + bytes(16) + b"\x00" + bytes(31)
"""A correct greeting of ZMTP 3.1: what follows it is a stranger's idea of commands and frames."""
READY = b"\x04\x26\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x08Identity\x00\x00\x00\x00"


@pytest.fixture(scope="module", params=BACKENDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with Server(request.param) as started:
        yield started


def speak(server: Server, data: bytes, *, then_close: bool = False) -> socket.socket:
    """A connection to the server over which `data` was sent."""
    host, _, port = server.url.removeprefix("tcp://").rpartition(":")
    connection = socket.create_connection((host, int(port)), timeout=scaled(5))
    with suppress(OSError):  # it was cut already: well done
        connection.sendall(data)
    if then_close:
        connection.close()
    return connection


async def assert_works(server: Server) -> None:
    async with connect(server.url) as session:
        assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


def frame(payload: bytes) -> bytes:
    """One frame of ZMTP that holds a whole message."""
    return b"\x02" + struct.pack(">Q", len(payload)) + payload


@in_loop
async def test_garbage(server: Server) -> None:
    random.seed(4)
    async with connect(server.url) as session:
        for size in (1, 10, 64, 1000, 100_000):
            speak(server, random.randbytes(size), then_close=True)
            speak(server, b"\xff" * size, then_close=True)
        for payload in (
            b"",
            b"\0",
            b"\x81\xa1",
            os.urandom(5),
            os.urandom(500),
            b"\xdf\xff\xff\xff\xff",
            bytes(70_000),
        ):
            speak(server, GREETING + READY + frame(payload) * 3, then_close=True)
        assert (await session.sources.ConeSource().update_pipeline()).number_of_points > 0  # an old session goes on
        await assert_works(server)


@in_loop
async def test_a_frame_that_announces_an_exabyte(server: Server) -> None:
    with speak(server, GREETING + READY + b"\x02" + struct.pack(">Q", 1 << 60) + b"x"):
        await assert_works(server)


@in_loop
async def test_http(server: Server) -> None:
    with speak(server, b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl\r\n\r\n"):
        await assert_works(server)


@in_loop
async def test_silent_connections(server: Server) -> None:
    silent = [speak(server, b"") for _ in range(50)]
    half = [speak(server, GREETING) for _ in range(10)]  # they greet, and then say nothing
    try:
        await assert_works(server)
    finally:
        for connection in (*silent, *half):
            connection.close()
    await assert_works(server)


@pytest.mark.parametrize("keep", ["0", "60"])
def test_a_client_that_says_it_is_away_is_cut(keep: str) -> None:
    """It would not be cut for what it leaves unread: only a relay may say so, of its clients."""
    heard: SimpleQueue[Message] = SimpleQueue()
    closed: SimpleQueue[ServicesError | None] = SimpleQueue()

    class Receiver:
        def on_messages(self, messages: Sequence[Message]) -> None:
            for message in messages:
                heard.put(message)

        def on_closed(self, error: ServicesError | None) -> None:
            closed.put(error)

    with Server("inproc", "--keep", keep) as server, ServicesEngine("zmq") as engine:
        channel = engine.connect(server.url)
        channel.start(Receiver())
        hello = {"protocol": [1, 2], "service": "sessions", "token": server.token}
        channel.send(Message(Kind.HELLO, value=2**20, packet=Packet(hello)))
        channel.flush()
        assert heard.get(timeout=scaled(10)).kind == Kind.WELCOME
        channel.send(Message(Kind.AWAY, value=1))
        channel.flush()
        last = heard.get(timeout=scaled(10))
        assert last.kind == Kind.GOODBYE and last.packet is not None
        assert last.packet.header["code"] == "protocol" and "AWAY is for" in last.packet.header["message"]
        closed.get(timeout=scaled(10))
