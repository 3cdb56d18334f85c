"""Floods: one client sends or reads as fast as it can, while another asks now and then."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from async_paraview.operations import data, sessions
from services_core import ServiceEndpoint, ServicesEngine

from .figures import Figure, Measurement, at_most
from .flooder import KINDS, WAIT_S, begin_session
from .own_server import own_server

BACKENDS: Final = ("zmq", "inproc")
EVERY_S: Final = 0.01
"""Between two questions of the client that is looked at."""

SETTLES_S: Final = 0.5
"""From the beginning of a flood until it is looked at."""

P99_MS: Final = 50.0


@contextmanager
def flooded(url: str, kind: str, seconds: float) -> Iterator[None]:
    """Have another process flood the server meanwhile."""
    command = [sys.executable, "-m", "bench.reliability.flooder", url, kind, str(seconds + SETTLES_S)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as flooder:
        assert flooder.stdin is not None and flooder.stdout is not None
        try:
            if flooder.stdout.readline() != "ready\n":
                raise RuntimeError(f"the client that was to flood {url} has ended")
            flooder.stdin.write("go on\n")
            flooder.stdin.flush()
            time.sleep(SETTLES_S)
            yield
            if int(flooder.stdout.readline() or 0) < 1:
                raise RuntimeError(f"the flood of {kind} was none")
        finally:
            flooder.kill()


def control_requests(front: ServiceEndpoint, own: ServiceEndpoint, seconds: float) -> list[float]:
    """Ask the server's front, and a session, in turn; returns how long each answer took, in ms."""
    took: list[float] = []
    asked = ((front, sessions.About().packet()), (own, data.Sync().packet()))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for endpoint, packet in asked:
            began = time.perf_counter()
            endpoint.send_request(packet).result(WAIT_S)
            took.append((time.perf_counter() - began) * 1e3)
        time.sleep(EVERY_S)
    return took


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _figures(label: str, took: Sequence[float]) -> Iterator[Figure]:
    yield Figure(f"{label}: p50", percentile(took, 0.5), "ms", len(took))
    note = f"longest {max(took):.0f} ms"
    yield Figure(f"{label}: p99", percentile(took, 0.99), "ms", len(took), at_most(P99_MS), note)


def _of_backend(url: str, backend: str, seconds: float) -> list[Figure]:
    found: list[Figure] = []
    with ServicesEngine("zmq", name="floods") as engine:
        front, own = begin_session(engine, url)
        found += _figures(f"{backend}, no flood", control_requests(front, own, seconds))
        for kind in KINDS:
            with flooded(url, kind, seconds):
                found += _figures(f"{backend}, {kind}", control_requests(front, own, seconds))
    return found


async def _served(backend: str, seconds: float) -> list[Figure]:
    async with own_server("--backend", backend) as server:
        return await asyncio.to_thread(_of_backend, server.url, backend, seconds)


def _measure(quick: bool) -> Iterator[Figure]:
    for backend in BACKENDS:
        yield from asyncio.run(_served(backend, 2.0 if quick else 15.0))


MEASUREMENTS: Final = (
    Measurement("floods", "One client floods its session; how long another's control requests take.", _measure),
)
