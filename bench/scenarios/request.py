"""Requests: how long one takes, and how many a second there can be."""

from __future__ import annotations

from ..floors import BareThreads, PyzmqBlocking, QueueHop, RawTcp, ZmqAsyncio
from ..plan import Plan
from ..running.party import Party
from ..running.sample import Sample, latency, rate
from ..scenario import Contender, Scenario
from ..variants import Variant
from .cast import floors, peers, subjects


def request(in_flight: int, size_bytes: int) -> Scenario:
    """So many requests in flight, each answered with the payload it brought."""
    payload = bytes(size_bytes)

    async def act(party: Party, seconds: float) -> Sample:
        timings = await party.requests(payload, in_flight, seconds)
        return latency(timings) if in_flight == 1 else rate(timings)

    def contenders(variants: list[Variant], plan: Plan) -> list[Contender]:
        return [
            *subjects(variants, act, across_floor="pyzmq", within_floor="queue"),
            *floors(
                [QueueHop, BareThreads, PyzmqBlocking, ZmqAsyncio, lambda: ZmqAsyncio(pipelined=True), RawTcp], act
            ),
            *(peers(plan, act) if in_flight < 100 else []),
        ]

    size = "1 KiB" if size_bytes == 1024 else f"{size_bytes} B"
    return Scenario(
        f"request/{in_flight} in flight/{size}",
        "request",
        "us" if in_flight == 1 else "1/s",
        "us",
        f"Round trip of {size}: {in_flight} at a time, from asyncio.",
        contenders,
    )


SCENARIOS = [request(in_flight, size_bytes) for in_flight in (1, 32, 256) for size_bytes in (100, 1024)]
