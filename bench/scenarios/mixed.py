"""A control request while 1 GiB travels: over another endpoint, and over the same one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from services_core import ServiceEndpoint

from ..plan import GiB, Plan
from ..running.driving import now
from ..running.party import BACKEND
from ..running.sample import Sample, Timings, latency
from ..scenario import Contender, Measure, Scenario, Stage
from ..subject import Subject
from ..variants import Variant
from .cast import main_only

PACE_S = 0.002
"""Between two control requests: a user who drags something causes fewer."""

Transfer = Callable[[Subject, int], Awaitable[object]]


async def beside(endpoint: ServiceEndpoint, header: object, transfer: Awaitable[object]) -> Sample:
    """Control requests for as long as the transfer takes."""
    each_s: list[float] = []
    began = now()
    task = asyncio.ensure_future(transfer)
    while not task.done() or not each_s:
        start = now()
        await endpoint.send_request(header)
        each_s.append(now() - start)
        await asyncio.sleep(PACE_S)
    await task
    return latency(Timings(each_s, now() - began), "ms")


async def _pieces(subject: Subject, size_bytes: int) -> None:
    await subject.receive_pieces(size_bytes)


async def _whole(subject: Subject, size_bytes: int) -> None:
    await subject.bulk.send_request({"op": "give", "size": size_bytes})


def mixed(name: str, about: str, transfer: Transfer, *, same_endpoint: bool) -> Scenario:
    """One way of transferring, and an endpoint for the control requests."""

    def contender(variant: Variant, size_bytes: int) -> Contender:
        async def prepare(stage: Stage) -> Measure:
            subject = await stage.party(("mixed", variant), lambda: Subject(variant))
            await transfer(subject, size_bytes)
            endpoint, header = (subject.bulk, {"op": "echo"}) if same_endpoint else (subject.echo, {"op": "echo"})
            return lambda seconds: beside(endpoint, header, transfer(subject, size_bytes))

        return Contender(variant.label, BACKEND, prepare)

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        return [contender(variant, plan.size_bytes(GiB)) for variant in main_only(variants)]

    return Scenario(f"mixed/{name}", "mixed", "ms", "ms", about, contenders)


SCENARIOS = [
    mixed(
        "another endpoint",
        "A control request every 2 ms to one service while 1 GiB comes from another, in pieces.",
        _pieces,
        same_endpoint=False,
    ),
    mixed(
        "same endpoint",
        "A control request every 2 ms to the service that sends 1 GiB, in pieces, over the same connection.",
        _pieces,
        same_endpoint=True,
    ),
    mixed(
        "another endpoint, one packet",
        "The same beside 1 GiB as one packet of another service (for information).",
        _whole,
        same_endpoint=False,
    ),
]
