"""ZeroMQ's own asyncio sockets on both sides: what most asyncio programs over ZeroMQ are."""

from __future__ import annotations

import asyncio

import zmq
import zmq.asyncio

from ..running.child import Child
from ..running.driving import keep_in_flight, pipeline_async
from ..running.party import FLOOR, Party
from ..running.sample import Timings
from ..running.server import Served, in_thread


class ZmqAsyncio(Party):
    """One frame each way between a DEALER and a ROUTER.

    Requests in flight are as many coroutines, as for everybody else; `pipelined` is one coroutine that sends ahead,
    which is less work, and what a program could do whose answers come in order.
    """

    kind = FLOOR

    def __init__(self, *, pipelined: bool = False) -> None:
        self.label = "zmq.asyncio pipelined" if pipelined else "zmq.asyncio"
        self._pipelined = pipelined

    async def open(self) -> None:
        self._child = Child(serve)
        self._context = zmq.asyncio.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.connect(self._child.address)

    async def close(self) -> None:
        self._socket.close(0)
        self._context.term()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        socket = self._socket
        if self._pipelined:
            return await pipeline_async(lambda: socket.send(payload), socket.recv, in_flight, seconds)

        async def call() -> None:
            await socket.send(payload)
            await socket.recv()

        return await keep_in_flight(call, in_flight, seconds)


def serve() -> Served:
    """Run the ROUTER, in a loop of its own."""
    context = zmq.asyncio.Context()
    socket = context.socket(zmq.ROUTER)
    port = socket.bind_to_random_port("tcp://127.0.0.1")

    async def echo() -> None:
        while True:
            await socket.send_multipart(await socket.recv_multipart())

    in_thread(lambda: asyncio.run(echo()))
    return Served(f"tcp://127.0.0.1:{port}", lambda: None)
