"""Blocking TCP sockets with the work done in C: what the operating system can do."""

from __future__ import annotations

import socket
import struct
from typing import Any

import numpy as np

from ..running.child import Child
from ..running.driving import pipeline, repeat
from ..running.party import FLOOR, Party
from ..running.sample import Timings
from ..running.server import Served, in_thread
from ..running.services import read_only_array
from ..subject import check

ECHO, GIVE, TAKE = 0, 1, 2
_head = struct.Struct("<BQ")


class RawTcp(Party):
    """A head of 9 bytes (what, how many) and the payload, received into one buffer that is used again."""

    label = "raw TCP"
    kind = FLOOR

    async def open(self) -> None:
        self._child = Child(serve)
        self._socket = self._connect()
        self._buffers: dict[int, Any] = {}

    async def close(self) -> None:
        self._socket.close()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        message = _head.pack(ECHO, len(payload)) + payload
        buffer = bytearray(len(payload))
        send, receive = self._socket.sendall, self._socket.recv_into
        wait_all, size = socket.MSG_WAITALL, len(payload)
        return pipeline(lambda: send(message), lambda: receive(buffer, size, wait_all), in_flight, seconds)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        buffer = self._buffer(size_bytes)

        def fetch() -> None:
            self._socket.sendall(_head.pack(GIVE, size_bytes))
            receive_all(self._socket, memoryview(buffer))
            check(buffer, size_bytes)

        return repeat(fetch, seconds)

    async def send(self, size_bytes: int, seconds: float) -> Timings:
        array = read_only_array(size_bytes)

        def give() -> None:
            self._socket.sendall(_head.pack(TAKE, size_bytes))
            self._socket.sendall(array.data)
            self._socket.recv(1)

        return repeat(give, seconds)

    async def first_reply(self) -> None:
        with self._connect() as connection:
            connection.sendall(_head.pack(ECHO, 1) + b"x")
            connection.recv(1)

    def _buffer(self, size_bytes: int) -> Any:
        return self._buffers.setdefault(size_bytes, np.empty(size_bytes, np.uint8))

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._child.address))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def serve() -> Served:
    """Accept connections, with a thread for each."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            in_thread(lambda connection=connection: _answer(connection))  # type: ignore[misc]

    in_thread(accept)
    return Served(listener.getsockname()[1], lambda: None)


def receive_all(connection: socket.socket, view: memoryview) -> None:
    """Fill the view. Raises ConnectionError at the end of the stream."""
    while len(view):
        count = connection.recv_into(view, len(view), socket.MSG_WAITALL)
        if not count:
            raise ConnectionError("the peer has closed the connection")
        view = view[count:]


def _answer(connection: socket.socket) -> None:
    head = bytearray(_head.size)
    buffers: dict[int, Any] = {}
    while True:
        try:
            receive_all(connection, memoryview(head))
        except ConnectionError:
            return
        what, size_bytes = _head.unpack(head)
        if what == GIVE:
            connection.sendall(read_only_array(size_bytes).data)
            continue
        buffer = buffers.setdefault(size_bytes, np.empty(size_bytes, np.uint8))
        receive_all(connection, memoryview(buffer))
        connection.sendall(buffer if what == ECHO else b"k")
