"""A backend under test: an engine here, and the services in a process of their own if the backend crosses processes."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from services_core import Limits, Packet, ServiceEndpoint, ServicesEngine

from .plan import GiB
from .running.child import Child
from .running.driving import keep_in_flight
from .running.party import BACKEND, Party
from .running.sample import Timings
from .running.services import add_services, read_only_array, serve
from .variants import Variant

LIMITS = Limits(message_bytes=GiB)
"""The defaults, but for packets of 1 GiB."""


class Subject(Party):
    """One variant of a backend. `child` is its server's process, None if the services run in this one."""

    kind = BACKEND

    def __init__(self, variant: Variant, limits: Limits = LIMITS) -> None:
        self.variant = variant
        self.label = variant.label
        self.limits = limits
        self.child: Child | None = None
        self._url: str | None = None

    async def open(self) -> None:
        self.engine = ServicesEngine(self.variant.backend, limits=self.limits, name="bench")
        if self.variant.own_process:
            self.child = Child(serve, variant=list(self.variant), limits=dataclasses.asdict(self.limits))
            self._url = self.child.address
        else:
            add_services(self.engine)
        self.echo = self.endpoint("echo")
        self.bulk = self.endpoint("bulk")
        await self.echo.connected()
        await self.bulk.connected()

    async def close(self) -> None:
        await self.engine.aclose()
        if self.child is not None:
            self.child.close()

    def endpoint(self, service: str) -> ServiceEndpoint:
        """Return a new endpoint of "echo" or "bulk"."""
        return self.engine.endpoint(service, self._url)

    async def requests(self, payload: bytes, in_flight: int, seconds: float) -> Timings:
        send_request = self.echo.send_request
        return await keep_in_flight(lambda: send_request(payload), in_flight, seconds)

    async def receive(self, size_bytes: int, seconds: float) -> Timings:
        async def fetch() -> None:
            reply = await self.bulk.send_request({"op": "give", "size": size_bytes})
            check(reply.buffers[0], size_bytes)

        return await keep_in_flight(fetch, 1, seconds)

    async def send(self, size_bytes: int, seconds: float) -> Timings:
        array = read_only_array(size_bytes)

        async def give() -> None:
            reply = await self.bulk.send_request(Packet({"op": "take"}, [array], limits=self.limits))
            assert reply.header == size_bytes

        return await keep_in_flight(give, 1, seconds)

    async def receive_pieces(self, size_bytes: int, endpoint: ServiceEndpoint | None = None) -> None:
        """One transfer as a stream of pieces."""
        received = 0
        async with (endpoint or self.bulk).subscribe({"op": "pieces", "size": size_bytes}) as pieces:
            async for piece in pieces:
                received += piece.buffers[0].nbytes
        assert received == size_bytes

    async def first_reply(self) -> None:
        endpoint = self.endpoint("echo")
        await endpoint.send_request(b"")
        endpoint.close()


def check(view: memoryview | np.ndarray[Any, Any], size_bytes: int) -> None:
    """Whether an array arrived from its first to its last byte: speed over garbage counts for nothing."""
    if view.nbytes != size_bytes or view[0] != 1 or view[-1] != 2:
        raise AssertionError(f"{view.nbytes} bytes arrived that are not the {size_bytes} that were sent")
