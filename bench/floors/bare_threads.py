"""Our threads without our contract: one communication thread in each process, a service thread, an asyncio client.

What is left out: packets, limits, windows, deadlines, cancellation, errors, streams. Nothing that has these threads can
be faster from Python; what a backend needs beyond it is what the promises cost.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue

import zmq

from ..child import Child
from ..driving import keep_in_flight
from ..party import FLOOR, Party
from ..sample import Timings
from ..server import Served, in_thread

_NOBLOCK = int(zmq.NOBLOCK)
_SNDMORE = int(zmq.SNDMORE)
_POLLIN = int(zmq.POLLIN)
_EVENTS = int(zmq.EVENTS)
_HEAD = struct.Struct("<II")
Note = tuple[int, bytes]
"""A request's number and its payload."""


class BareThreads(Party):
    """A DEALER and a ROUTER, each owned by its thread; what is queued together travels in one frame."""

    label = "bare threads"
    kind = FLOOR

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._child = Child(serve)
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.connect(self._child.address)
        self._waiting: dict[int, asyncio.Future[bytes]] = {}
        self._last = 0
        self._owner = _Owner(self._socket, self._received, lambda data: self._socket.send(data))
        self._thread = threading.Thread(target=self._owner.run, name="bench-bare", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        self._owner.stop()
        self._thread.join(5)
        self._socket.close(0)
        self._context.term()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        return await keep_in_flight(lambda: self._request(payload), in_flight, seconds)

    def _request(self, payload: bytes) -> asyncio.Future[bytes]:
        self._last += 1
        future = self._waiting[self._last] = self._loop.create_future()
        self._owner.put((self._last, payload))
        return future

    def _received(self) -> None:
        notes = _split(self._socket.recv(_NOBLOCK))
        self._loop.call_soon_threadsafe(self._resolve, notes)

    def _resolve(self, notes: list[Note]) -> None:
        for number, payload in notes:
            self._waiting.pop(number).set_result(payload)


class _Owner:
    """The thread that owns a socket: receives when it can, sends what others have put."""

    def __init__(
        self, zmq_socket: zmq.Socket[bytes], received: Callable[[], None], send: Callable[[bytes], object]
    ) -> None:
        self._socket = zmq_socket
        self._received = received
        self._send = send
        self._notes: deque[Note] = deque()
        self._reader, self._writer = socket.socketpair()
        self._armed = False
        self._stopping = False

    def put(self, note: Note) -> None:
        """Have it sent; from any thread."""
        self._notes.append(note)
        if not self._armed:
            self._armed = True
            self._writer.send(b"!")

    def stop(self) -> None:
        """End the thread."""
        self._stopping = True
        self._writer.send(b"!")

    def run(self) -> None:
        """The thread."""
        poller = zmq.Poller()
        poller.register(self._socket, zmq.POLLIN)
        poller.register(self._reader, zmq.POLLIN)
        while not self._stopping:
            if any(ready is self._reader or ready == self._reader.fileno() for ready, _ in poller.poll()):
                self._reader.recv(64)
                self._armed = False
            if self._notes:
                self._send(_joined(self._notes))
            while int(self._socket.getsockopt(_EVENTS)) & _POLLIN:
                self._received()
        self._reader.close()
        self._writer.close()


def serve() -> Served:
    """The ROUTER's thread, and a service's thread behind a queue, for one client."""
    zmq_socket: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.ROUTER)
    zmq_socket.bind("tcp://127.0.0.1:*")
    address = zmq_socket.get_string(zmq.LAST_ENDPOINT)
    work: SimpleQueue[list[Note]] = SimpleQueue()
    peer = b""

    def received() -> None:
        nonlocal peer
        peer = zmq_socket.recv(_NOBLOCK)
        work.put(_split(zmq_socket.recv(_NOBLOCK)))

    def send(data: bytes) -> None:
        zmq_socket.send(peer, _SNDMORE)
        zmq_socket.send(data)

    owner = _Owner(zmq_socket, received, send)

    def process() -> None:
        while True:
            for note in work.get():
                owner.put(note)

    in_thread(process)
    in_thread(owner.run)
    return Served(address, lambda: None)


def _joined(notes: deque[Note]) -> bytes:
    parts: list[bytes] = []
    while notes:
        number, payload = notes.popleft()
        parts += (_HEAD.pack(number, len(payload)), payload)
    return b"".join(parts)


def _split(data: bytes) -> list[Note]:
    return list(_notes(data))


def _notes(data: bytes) -> Iterable[Note]:
    at = 0
    while at < len(data):
        number, size_bytes = _HEAD.unpack_from(data, at)
        at += _HEAD.size + size_bytes
        yield number, data[at - size_bytes : at]
