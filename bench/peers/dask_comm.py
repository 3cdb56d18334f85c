"""The communication layer of dask.distributed: messages over tcp, arrays out of band."""

from __future__ import annotations

import asyncio
import threading
from importlib import import_module
from typing import Any

from ..running.child import Child
from ..running.driving import pipeline_async
from ..running.sample import Timings
from ..running.server import Served, in_thread
from ..running.services import read_only_array
from ..subject import check
from .peer import Peer


class DaskComm(Peer):
    """One comm answers in order."""

    label = "dask comm"
    packages = ("distributed",)

    async def open(self) -> None:
        self._child = Child(serve)
        self._comm = await self._connect()

    async def close(self) -> None:
        await self._comm.close()
        self._child.close()

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        comm = self._comm
        return await pipeline_async(lambda: comm.write({"echo": payload}), comm.read, in_flight, seconds)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        async def fetch() -> None:
            check((await self._comm.read())["array"].view("u1"), size_bytes)

        return await pipeline_async(lambda: self._comm.write({"give": size_bytes}), fetch, 1, seconds)

    async def first_reply(self) -> None:
        comm = await self._connect()
        await comm.write({"echo": b""})
        await comm.read()
        await comm.close()

    async def _connect(self) -> Any:
        return await import_module("distributed.comm").connect(self._child.address, deserialize=True)


def serve() -> Served:
    """Run a listener in a loop of its own."""
    listen: Any = import_module("distributed.comm").listen
    to_serialize: Any = import_module("distributed.protocol").to_serialize

    ready = threading.Event()
    addresses: list[str] = []

    async def answer(comm: Any) -> None:
        while True:
            try:
                message = await comm.read()
            except OSError:
                return
            if "echo" in message:
                await comm.write(message)
                continue
            size_bytes = message["give"]
            await comm.write({"array": to_serialize(read_only_array(size_bytes))})

    async def run() -> None:
        listener = await listen("tcp://127.0.0.1", answer, deserialize=True)
        addresses.append(listener.contact_address)
        ready.set()
        await asyncio.Event().wait()

    in_thread(lambda: asyncio.run(run()))
    ready.wait(30)
    return Served(addresses[0], lambda: None)
