"""Bursts: many clients that come at once, to a server with room for few of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Final

from servermanager import connect

from .figures import Figure, Measurement, at_least, at_most
from .own_server import own_server

CLIENTS: Final = 300
WAIT_S: Final = 300.0


async def _come(url: str, told: list[int]) -> float:
    """Open a session, use it and leave; returns how long that took."""
    begun = time.perf_counter()
    async with connect(url, wait_s=WAIT_S, on_waiting=told.append) as session:
        await session.sources.Sphere().update_pipeline()
        return time.perf_counter() - begun


async def _burst(backend: str, many: int) -> tuple[list[float], list[str], int]:
    """Return how long each client took that was served, how the others failed, and the longest line that was told."""
    told: list[int] = []
    async with own_server("--backend", backend) as server:
        outcomes = await asyncio.gather(*(_come(server.url, told) for _ in range(many)), return_exceptions=True)
    served = [one for one in outcomes if isinstance(one, float)]
    failed = [f"{type(one).__name__}: {one}" for one in outcomes if not isinstance(one, float)]
    return served, failed, max(told, default=0)


def bursts(quick: bool) -> Iterator[Figure]:
    """Yield how many of those who come at once are served, and when the last has been."""
    many = 30 if quick else CLIENTS
    for backend in ("zmq", "inproc"):
        served, failed, longest = asyncio.run(_burst(backend, many))
        yield Figure(f"{backend}: served", len(served), "", many, at_least(many), failed[0][:80] if failed else "")
        slowest = max(served, default=0.0)
        yield Figure(f"{backend}: slowest", slowest, "s", many, at_most(WAIT_S), f"longest line told: {longest}")


MEASUREMENTS: Final = (
    Measurement("bursts", "Many clients open a session at once, use it and leave; how many are served.", bursts),
)
