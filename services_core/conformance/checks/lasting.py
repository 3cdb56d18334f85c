"""Connections that outlast their channels: on backends that cross processes."""

from __future__ import annotations

import asyncio
from random import Random

from ...client.endpoint import ServiceEndpoint
from ...client.reply import Reply
from ...engine import ServicesEngine
from ...packet import Packet
from ..check import check
from ..cut_line import CuttingBackend, cutting
from ..expect import BrokenPromise, expect
from ..stage import Stage
from ..workbench import Workbench

_KEEP_S = 30.0


@check
def a_lasting_connection_loses_and_doubles_nothing(stage: Stage) -> None:
    """Requests whose connection is cut again and again are processed once each, in order, and all are answered."""
    if not stage.backend_class.crosses_processes:
        return  # nothing comes between the threads of a process
    service = Workbench(stage)
    endpoint, backend = _lasting(stage, service)
    chance = Random(11)
    replies = []
    for n in range(600):
        size = 200_000 if n % 50 == 0 else 100
        replies.append(endpoint.send_request({"n": n}, (bytes([n % 256]) * size,)))
        if n % 20 == 10:
            earlier = chance.randrange(max(0, n - 10), n)
            _answer(replies[earlier], earlier, stage)
            backend.cut()
    for n, reply in enumerate(replies):
        packet = _answer(reply, n, stage)
        expect(packet.header["n"] == n, f"the answer to {n}", packet.header)
        expect(packet.buffers[0][0] == n % 256, f"the buffer of {n}", packet.buffers[0][0])
    expect(service.begun == list(range(600)), "each request processed once, in order", service.begun[:20])
    expect(backend.made > 10, "connections made again", backend.made)


@check
def a_lasting_connection_goes_on_with_its_streams(stage: Stage) -> None:
    """A stream of every item whose connection is cut again and again loses, doubles and reorders none."""
    if not stage.backend_class.crosses_processes:
        return
    endpoint, backend = _lasting(stage, Workbench(stage))
    items: list[int] = []

    async def read() -> None:
        async with asyncio.timeout(3 * stage.wait_s):
            async for packet in endpoint.subscribe({"do": "count", "n": 1, "items": 300, "size": 1000}):
                items.append(packet.header)
                if len(items) % 40 == 0:
                    backend.cut()

    asyncio.run(read())
    expect(items == list(range(300)), "300 items in order", items[:20])
    expect(backend.made > 5, "connections made again", backend.made)


def _answer(reply: Reply[Packet], number: int, stage: Stage) -> Packet:
    try:
        return reply.result(2 * stage.wait_s)
    except TimeoutError:
        raise BrokenPromise(f"an answer to {number}", f"none within {2 * stage.wait_s:g} s") from None


def _lasting(stage: Stage, service: Workbench) -> tuple[ServiceEndpoint, CuttingBackend]:
    """Return an endpoint of `service` whose connection lasts, and the backend by which it is cut."""
    server = ServicesEngine(stage.backend_class, name="conformance", keep_s=_KEEP_S)
    stage.own(server)
    server.add_service(service)
    url = server.listen(server.backend.private_url(other_processes=True)).url
    client = ServicesEngine(cutting(stage.backend_class), name="conformance")
    stage.own(client)
    backend = client.backend
    assert isinstance(backend, CuttingBackend)
    return client.endpoint(service.name, url), backend
