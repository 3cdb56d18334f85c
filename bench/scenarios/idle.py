"""1000 endpoints that say nothing: what each costs, and what they do to the others."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import psutil

from services_core import ServicesEngine

from ..plan import KiB, Plan
from ..running.child import Child
from ..running.party import BACKEND, REFERENCE
from ..running.sample import Sample, latency
from ..running.server import Served
from ..running.services import add_services
from ..scenario import Contender, Measure, Prepare, Scenario, Stage
from ..subject import Subject
from ..variants import Variant
from .cast import main_only

_PAYLOAD = bytes(100)
_AT_ONCE = 64


def hold(variant: list[Any], url: str | None, count: int) -> Served:
    """Connect so many endpoints and keep them; the address is by how many bytes this process grew."""
    chosen = Variant(*variant)
    engine = ServicesEngine(chosen.backend, name="bench-idle")
    if url is None:
        add_services(engine)
    for _ in range(2):  # what the first ones cost is no cost of each
        engine.endpoint("echo", url).send_request(_PAYLOAD).result(10)
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    for begin in range(0, count, _AT_ONCE):  # ZeroMQ's backlog has room for so many at once
        endpoints = [engine.endpoint("echo", url) for _ in range(min(_AT_ONCE, count - begin))]
        for endpoint in endpoints:
            endpoint.connected().result(10)
    return Served(process.memory_info().rss - before, engine.close)


def memory(side: str) -> Scenario:
    """Memory for each endpoint, of the process that serves or of the one that holds them."""

    def contender(variant: Variant, plan: Plan) -> Contender:
        async def prepare(_stage: Stage) -> Measure:
            return lambda seconds: asyncio.to_thread(_memory, side, variant, plan.idle_endpoints)

        return Contender(variant.label, BACKEND, prepare)

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        return [contender(variant, plan) for variant in main_only(variants) if variant.own_process == (side != "both")]

    where = {"server": "in the server", "client": "in the client", "both": "in the one process"}[side]
    name = f"idle/memory of each, {where}"
    return Scenario(
        name, name, "KiB", "us", f"Growth for each idle endpoint, {where}.", contenders, most=2, warms_up=False
    )


def _memory(side: str, variant: Variant, count: int) -> Sample:
    if not variant.own_process:
        return _grown(Child(hold, variant=list(variant), url=None, count=count), count)
    from ..running.services import serve

    server = Child(serve, variant=list(variant), limits={})
    try:
        warm = Child(hold, variant=list(variant), url=server.address, count=0)
        before = server.memory_bytes
        holder = Child(hold, variant=list(variant), url=server.address, count=count)
        grown = (server.memory_bytes - before) / count / KiB
        warm.close()
        client = _grown(holder, count)
        return Sample(grown) if side == "server" else client
    finally:
        server.close()


def _grown(holder: Child, count: int) -> Sample:
    try:
        return Sample(holder.address / count / KiB)
    finally:
        holder.close()


def latency_beside(where: str) -> Scenario:
    """Round trips of one endpoint, while the idle ones are held by its own process or by another."""

    def contender(variant: Variant, count: int) -> Contender:
        label = variant.label if count else f"{variant.label}, no idle ones"
        prepare = _beside(variant, count, where)
        reference = f"{variant.label}, no idle ones"
        return Contender(label, BACKEND if count else REFERENCE, prepare, floor=reference if count else None)

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        mains = [variant for variant in main_only(variants) if variant.own_process or where == "here"]
        return [contender(variant, count) for variant in mains for count in (plan.idle_endpoints, 0)]

    place = "held by the same process" if where == "here" else "held by other processes"
    name = f"idle/request beside 1000, {place}"
    about = f"Round trip of 100 B, 1 at a time, beside 1000 idle ones {place}."
    return Scenario(name, name, "us", "us", about, contenders)


def _beside(variant: Variant, count: int, where: str) -> Prepare:
    async def prepare(stage: Stage) -> Measure:
        subject = await stage.party(("idle", variant, count, where), lambda: Subject(variant))
        if where == "here":
            for begin in range(0, count, _AT_ONCE):
                endpoints = [subject.endpoint("echo") for _ in range(min(_AT_ONCE, count - begin))]
                await asyncio.gather(*(_connected(endpoint) for endpoint in endpoints))
        elif count:
            assert subject.child is not None
            url = subject.child.address
            holder = await asyncio.to_thread(Child, hold, variant=list(variant), url=url, count=count)
            stage.at_end(lambda: asyncio.to_thread(holder.close))

        async def measure(seconds: float) -> Sample:
            return latency(await subject.requests(_PAYLOAD, 1, seconds))

        return measure

    return prepare


async def _connected(endpoint: Any) -> None:
    await endpoint.connected()


SCENARIOS = [
    memory("server"),
    memory("client"),
    memory("both"),
    latency_beside("elsewhere"),
    latency_beside("here"),
]
