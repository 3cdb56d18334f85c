"""Where the time of one request goes, for each backend: from marks that are left along its way."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterable
from contextlib import ExitStack
from statistics import median
from typing import Any, Final

from rich.table import Table

from services_core import IncomingCall, Packet, Service, ServicesEngine, backend_class

from ..plan import Plan
from ..running.child import Child
from ..running.server import Served
from ..variants import Variant
from .trace import CLIENT, SERVER, Trace, probed, traced

REQUESTS: Final = 1000
_WARM_UP: Final = 50
_PAYLOAD: Final = bytes(100)

LAYERS: Final = {
    "client.packet": "the packet is made, its header encoded",
    "client.given": "endpoint and conversation",
    "client.taken": "the backend takes it",
    "client.io": "the communication thread wakes",
    "server.deliver": "encoded, sent; the server's communication thread wakes and receives",
    "server.message": "decoded and delivered",
    "server.preview": "conversation and link of the server",
    "server.process": "the service's thread wakes",
    "server.done": "the service itself",
    "server.given": "link and conversation take the reply",
    "server.taken": "the backend takes it",
    "server.io": "the communication thread wakes",
    "client.deliver": "encoded, sent; the client's asyncio loop wakes and receives",
    "client.message": "decoded and delivered",
    "client.resolved": "conversation of the client, the reply is resolved",
    "client.awake": "the asyncio loop wakes, or goes on",
}
"""Marks in the order in which a request leaves them, and what happens between each and the one before it."""

Marks = list[tuple[int, str]]


class TracedEcho(Service):
    """Answers "echo" as the benchmark's service does, and tells its marks for an empty request."""

    def __init__(self, trace: Trace) -> None:
        super().__init__("echo")
        self._trace = trace

    def preview(self, incoming: IncomingCall) -> None:
        self._trace.mark("preview")

    def process(self, incoming: IncomingCall) -> Packet:
        self._trace.mark("process")
        if incoming.packet.header is None:
            marks = self._trace.take()
            return Packet(len(marks), [repr(marks).encode()])
        self._trace.mark("done")
        return incoming.packet


def serve(variant: list[Any]) -> Served:
    """Run the service with its own trace, in a process of its own."""
    chosen = Variant(*variant)
    trace = Trace(SERVER)
    probes = ExitStack()
    probes.enter_context(probed(trace, SERVER))
    engine = ServicesEngine(traced(backend_class(chosen.backend), Trace(CLIENT), trace))
    engine.add_service(TracedEcho(trace))
    url = engine.listen(chosen.url(engine.backend)).url

    def close() -> None:
        engine.close()
        probes.close()

    return Served(url, close)


async def measure_layers(variants: Iterable[Variant], plan: Plan) -> list[dict[str, Any]]:
    """For each variant the total and its layers, in microseconds: medians, scaled to add up to the median total."""
    return [await _measure(variant, plan.count(REQUESTS)) for variant in variants]


async def _measure(variant: Variant, count: int) -> dict[str, Any]:
    client, server = Trace(CLIENT), Trace(SERVER)
    backend = traced(backend_class(variant.backend), client, server)
    child = Child(serve, variant=list(variant)) if variant.own_process else None
    try:
        with probed(client, CLIENT), probed(server, SERVER):
            async with ServicesEngine(backend, name="bench-layers") as engine:
                if child is None:
                    engine.add_service(TracedEcho(server))
                marks = await _requests(engine, child.address if child else None, client, server, count)
    finally:
        if child is not None:
            await asyncio.to_thread(child.close)
    return {"backend": variant.label, **layers(marks)}


async def _requests(engine: ServicesEngine, url: str | None, client: Trace, server: Trace, count: int) -> Marks:
    endpoint = engine.endpoint("echo", url)
    for _ in range(_WARM_UP):
        await endpoint.send_request(_PAYLOAD)
    for _ in range(count):
        client.mark("begin")
        packet = Packet(_PAYLOAD)
        client.mark("packet")
        reply = endpoint.send_request(packet)
        await reply
        client.mark("awake")
    marks = client.take()
    if url is None:
        return sorted(marks + server.take())
    told = await endpoint.send_request(None)
    return sorted(marks + ast.literal_eval(bytes(told.buffers[0]).decode()))


def layers(marks: Marks) -> dict[str, Any]:
    """Return the layers of the requests among the marks."""
    times: dict[str, list[float]] = {name: [] for name in LAYERS}
    totals: list[float] = []
    begins = [index for index, (_, name) in enumerate(marks) if name == "client.begin"]
    for index, following in zip(begins, [*begins[1:], len(marks)], strict=True):
        first: dict[str, int] = {}
        for when, name in marks[index:following]:
            first.setdefault(name, when)
        previous = first["client.begin"]
        for name in LAYERS:
            if first.get(name, 0) >= previous:
                times[name].append((first[name] - previous) / 1000)
                previous = first[name]
        totals.append((first["client.awake"] - first["client.begin"]) / 1000)
    medians = {name: median(found) for name, found in times.items() if len(found) > len(totals) / 2}
    total = median(totals)
    factor = total / sum(medians.values())
    found = [{"mark": name, "layer": LAYERS[name], "us": value * factor} for name, value in medians.items()]
    return {"total_us": total, "requests": len(totals), "layers": found}


def layers_table(measured: Iterable[dict[str, Any]]) -> Table:
    """One column for each backend."""
    found = list(measured)
    table = Table(title="Where the time of one request goes (us)", title_justify="left", header_style="bold")
    table.add_column("layer")
    for one in found:
        table.add_column(one["backend"], justify="right")
    by_mark = [{layer["mark"]: layer["us"] for layer in one["layers"]} for one in found]
    for mark, text in LAYERS.items():
        if any(mark in times for times in by_mark):
            side = mark.partition(".")[0]
            table.add_row(f"{side}: {text}", *(f"{times[mark]:.1f}" if mark in times else "" for times in by_mark))
    table.add_row("all", *(f"{one['total_us']:.0f}" for one in found), style="bold")
    return table
