"""Latency beside a thread of the client's process that computes in Python."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..floors import PyzmqBlocking, QueueHop
from ..plan import Plan
from ..running.party import REFERENCE, Party
from ..running.sample import Sample, latency
from ..scenario import Contender, Scenario
from ..variants import Variant
from .cast import floors, main_only, subjects

_PAYLOAD = bytes(100)


@contextmanager
def busy_thread() -> Iterator[None]:
    """Run a thread that holds the interpreter as long as it is let."""
    ending = False

    def compute() -> None:
        while not ending:
            sum(range(200))

    thread = threading.Thread(target=compute, name="bench-busy", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending = True
        thread.join()


async def beside(party: Party, seconds: float) -> Sample:
    """Measure requests, one at a time, beside it."""
    with busy_thread():
        return latency(await party.requests(_PAYLOAD, 1, seconds), "ms")


async def alone(party: Party, seconds: float) -> Sample:
    """Measure the same without it."""
    return latency(await party.requests(_PAYLOAD, 1, seconds), "ms")


def contenders(variants: list[Variant], _plan: Plan) -> list[Contender]:
    """Backends and floors beside the busy thread; backends alone."""
    mains = main_only(variants)
    return [
        *subjects(mains, beside, across_floor="pyzmq", within_floor="queue"),
        *floors([QueueHop, PyzmqBlocking], beside),
        *(
            Contender(f"{one.label}, nobody busy", REFERENCE, one.prepare)
            for one in subjects(mains, alone, across_floor=None, within_floor=None)
        ),
    ]


SCENARIOS = [
    Scenario("busy/request", "busy", "ms", "ms", "Round trip of 100 B beside one busy Python thread.", contenders)
]
