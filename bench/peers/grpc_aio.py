"""grpc.aio on both sides: unary calls of bytes, by generic handlers, so without generated code."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from ..running.child import Child
from ..running.driving import keep_in_flight
from ..running.sample import Timings
from ..running.server import Served, in_thread
from ..running.services import read_only_array
from .peer import Peer

_OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


class GrpcAio(Peer):
    """Messages are bytes, neither serialized nor parsed."""

    label = "grpc.aio"
    packages = ("grpcio",)

    async def open(self) -> None:
        self._child = Child(serve)
        self._channel = self._connect()
        self._echo = self._channel.unary_unary("/bench/echo")
        self._give = self._channel.unary_unary("/bench/give")

    async def close(self) -> None:
        await self._channel.close()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        return await keep_in_flight(lambda: self._echo(payload), in_flight, seconds)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        wanted = size_bytes.to_bytes(8, "little")

        async def fetch() -> None:
            assert len(await self._give(wanted)) == size_bytes

        return await keep_in_flight(fetch, 1, seconds)

    async def first_reply(self) -> None:
        async with self._connect() as channel:
            await channel.unary_unary("/bench/echo")(b"x")

    def _connect(self) -> Any:
        import grpc.aio

        options = [*_OPTIONS, ("grpc.use_local_subchannel_pool", 1)]  # or a new channel would share the connection
        return grpc.aio.insecure_channel(f"127.0.0.1:{self._child.address}", options=options)


def serve() -> Served:
    """Run the server, in a loop of its own."""
    import grpc
    import grpc.aio

    arrays: dict[bytes, bytes] = {}
    ready = threading.Event()
    ports: list[int] = []

    async def echo(request: bytes, _context: Any) -> bytes:
        return request

    async def give(request: bytes, _context: Any) -> bytes:
        if request not in arrays:
            arrays[request] = read_only_array(int.from_bytes(request, "little")).tobytes()
        return arrays[request]

    async def run() -> None:
        server = grpc.aio.server(options=_OPTIONS)
        methods = {name: grpc.unary_unary_rpc_method_handler(call) for name, call in (("echo", echo), ("give", give))}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench", methods),))
        ports.append(server.add_insecure_port("127.0.0.1:0"))
        await server.start()
        ready.set()
        await server.wait_for_termination()

    in_thread(lambda: asyncio.run(run()))
    ready.wait(30)
    return Served(ports[0], lambda: None)
