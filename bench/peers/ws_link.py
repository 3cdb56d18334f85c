"""wslink, what ParaView's and trame's web clients speak: its server, and its protocol spoken by aiohttp."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable
from importlib import import_module
from typing import Any

from ..running.child import Child
from ..running.driving import pipeline_async
from ..running.sample import Timings
from ..running.server import Served, in_thread
from ..running.services import read_only_array
from .peer import Peer

_SECRET = "bench"
_CHUNK_BYTES = 4 * 1024 * 1024


class Wslink(Peer):
    """Without the compression of WebSockets, which costs more than the loopback device."""

    label = "wslink"
    packages = ("wslink", "aiohttp")

    async def open(self) -> None:
        import aiohttp

        self._child = Child(serve)
        self._http = aiohttp.ClientSession()
        self._chunking = import_module("wslink.chunking")
        self._chunks = self._chunking.UnChunker()
        self._chunks.set_max_message_size(1 << 32)
        self._socket = await self._connect()

    async def close(self) -> None:
        await self._socket.close()
        await self._http.close()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        return await pipeline_async(lambda: self._say("bench.echo", payload), self._hear, in_flight, seconds)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        async def fetch() -> None:
            assert len((await self._hear())["result"]) == size_bytes

        return await pipeline_async(lambda: self._say("bench.give", size_bytes), fetch, 1, seconds)

    async def first_reply(self) -> None:
        kept, self._socket = self._socket, await self._connect()
        await self._say("bench.echo", b"")
        await self._hear()
        await self._socket.close()
        self._socket = kept

    async def _connect(self) -> Any:
        self._socket = await self._http.ws_connect(f"http://127.0.0.1:{self._child.address}/ws", max_msg_size=0)
        await self._say("wslink.hello", {"secret": _SECRET}, "system:c0:0")
        await self._hear()
        return self._socket

    def _say(self, method: str, argument: object, id_: str = "rpc:c0:1") -> Awaitable[None]:
        import msgpack

        message = msgpack.packb({"wslink": "1.0", "id": id_, "method": method, "args": [argument], "kwargs": {}})
        (chunk,) = self._chunking.generate_chunks(message, _CHUNK_BYTES)
        sending: Awaitable[None] = self._socket.send_bytes(chunk)
        return sending

    async def _hear(self) -> Any:
        while (message := self._chunks.process_chunk((await self._socket.receive()).data)) is None:
            pass
        return message


def serve() -> Served:
    """wslink's own server over aiohttp."""
    os.environ["WSLINK_READY_MSG"] = ""
    register: Any = import_module("wslink").register
    create_webserver: Any = import_module("wslink.backends.aiohttp").create_webserver
    websocket: Any = import_module("wslink.websocket")

    arrays: dict[int, bytes] = {}

    class Echo(websocket.LinkProtocol):  # type: ignore[misc]
        @register("bench.echo")  # type: ignore[untyped-decorator]
        def echo(self, payload: bytes) -> bytes:
            return payload

        @register("bench.give")  # type: ignore[untyped-decorator]
        def give(self, size_bytes: int) -> bytes:
            return arrays.setdefault(size_bytes, read_only_array(size_bytes).tobytes())

    class Protocol(websocket.ServerProtocol):  # type: ignore[misc]
        def initialize(self) -> None:
            self.registerLinkProtocol(Echo())
            self.updateSecret(_SECRET)

    ready = threading.Event()
    ports: list[int] = []

    def tell(port: int) -> None:
        ports.append(port)
        ready.set()

    async def run() -> None:
        config = {"host": "127.0.0.1", "port": 0, "handle_signals": False, "ws_compress": False}
        await create_webserver({**config, "ws": {"ws": Protocol()}}).start(tell)

    in_thread(lambda: asyncio.run(run()))
    ready.wait(30)
    return Served(ports[0], lambda: None)
