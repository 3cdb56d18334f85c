"""Our threads without our contract: an asyncio loop that owns its socket, a communication and a service thread.

What is left out: packets, limits, windows, deadlines, cancellation, errors, streams, and threads that would send, too.
Nothing that has these threads can be faster from Python; what a backend needs beyond it is what the promises cost.
"""

from __future__ import annotations

import asyncio
import selectors
import socket
import struct
import sys
import threading
from collections.abc import Iterable
from queue import SimpleQueue

import zmq

from ..running.child import Child
from ..running.driving import keep_in_flight
from ..running.party import FLOOR, Party
from ..running.sample import Timings
from ..running.server import Served, in_thread

_NOBLOCK = int(zmq.NOBLOCK)
_SNDMORE = int(zmq.SNDMORE)
_POLLIN = int(zmq.POLLIN)
_EVENTS = int(zmq.EVENTS)
_FD = int(zmq.FD)
_HEAD = struct.Struct("<II")
_SHARE = 16
Note = tuple[int, bytes]
"""A request's number and its payload."""


class BareThreads(Party):
    """A DEALER that belongs to the loop; up to 16 requests that are made together travel in one frame."""

    label = "bare threads"
    kind = FLOOR

    @classmethod
    def missing(cls) -> str | None:
        return "the usual loop of Windows watches no sockets of ZeroMQ" if sys.platform == "win32" else None

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._child = Child(serve)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.connect(self._child.address)
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._last = 0
        self._notes: list[Note] = []
        self._scheduled = False
        self._descriptor = int(self._socket.getsockopt(_FD))
        self._loop.add_reader(self._descriptor, self._receive)

    async def close(self) -> None:
        self._loop.remove_reader(self._descriptor)
        self._socket.close(0)
        self._context.term()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        return await keep_in_flight(lambda: self._request(payload), in_flight, seconds)

    def _request(self, payload: bytes) -> asyncio.Future[bytes]:
        self._last += 1
        future = self._waiting[self._last] = self._loop.create_future()
        self._notes.append((self._last, payload))
        if len(self._notes) >= _SHARE:
            self._send()
        elif not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._flush)
        return future

    def _flush(self) -> None:
        self._scheduled = False
        self._send()
        self._receive()  # to send may have swallowed the sign of what has come

    def _send(self) -> None:
        if self._notes:
            notes, self._notes = self._notes, []
            self._socket.send(_joined(notes))

    def _receive(self) -> None:
        while int(self._socket.getsockopt(_EVENTS)) & _POLLIN:
            for number, payload in _split(self._socket.recv(_NOBLOCK)):
                self._waiting.pop(number).set_result(payload)


def serve() -> Served:
    """Run the ROUTER's thread, and a service's behind a queue, which answers what came together in one frame."""
    zmq_socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.ROUTER)
    zmq_socket.bind("tcp://127.0.0.1:*")
    address = zmq_socket.get_string(zmq.LAST_ENDPOINT)
    work: SimpleQueue[tuple[bytes, bytes]] = SimpleQueue()
    lock = threading.Lock()
    reader, writer = socket.socketpair()

    def receive() -> None:
        selector = selectors.DefaultSelector()
        selector.register(int(zmq_socket.getsockopt(_FD)), selectors.EVENT_READ)
        selector.register(reader, selectors.EVENT_READ)
        while True:
            with lock:
                while int(zmq_socket.getsockopt(_EVENTS)) & _POLLIN:
                    work.put((zmq_socket.recv(_NOBLOCK), zmq_socket.recv(_NOBLOCK)))
            if any(key.fileobj is reader for key, _ in selector.select()):
                reader.recv(64)

    def process() -> None:
        while True:
            peer, data = work.get()
            answer = _joined(_split(data))
            with lock:
                zmq_socket.send(peer, _SNDMORE)
                zmq_socket.send(answer)
                swallowed = int(zmq_socket.getsockopt(_EVENTS)) & _POLLIN
            if swallowed:
                writer.send(b"!")

    in_thread(process)
    in_thread(receive)
    return Served(address, lambda: None)


def _joined(notes: Iterable[Note]) -> bytes:
    parts: list[bytes] = []
    for number, payload in notes:
        parts += (_HEAD.pack(number, len(payload)), payload)
    return b"".join(parts)


def _split(data: bytes) -> Iterable[Note]:
    at = 0
    while at < len(data):
        number, size_bytes = _HEAD.unpack_from(data, at)
        at += _HEAD.size + size_bytes
        yield number, data[at - size_bytes : at]
