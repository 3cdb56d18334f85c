"""What encryption costs: raw ZeroMQ with and without CURVE, for information."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from ..floors import PyzmqBlocking
from ..plan import MiB, Plan
from ..running.party import FLOOR, REFERENCE
from ..running.sample import Sample, latency, throughput
from ..scenario import Contender, Measure, Prepare, Scenario, Stage
from ..variants import Variant

Act = Callable[[PyzmqBlocking, float], Coroutine[Any, Any, Sample]]


def _contenders(act: Act) -> Callable[[list[Variant], Plan], list[Contender]]:
    def prepare(curve: bool) -> Prepare:
        async def opened(stage: Stage) -> Measure:
            party = await stage.party(("curve", curve), lambda: PyzmqBlocking(curve=curve))
            return lambda seconds: act(party, seconds)

        return opened

    def contenders(_variants: list[Variant], _plan: Plan) -> list[Contender]:
        return [
            Contender("pyzmq CURVE", REFERENCE, prepare(True), floor="pyzmq"),
            Contender("pyzmq", FLOOR, prepare(False)),
        ]

    return contenders


async def _request(party: PyzmqBlocking, seconds: float) -> Sample:
    return latency(await party.requests(bytes(100), 1, seconds))


async def _array(party: PyzmqBlocking, seconds: float) -> Sample:
    return throughput(await party.receive(MiB, seconds), MiB)


SCENARIOS = [
    Scenario("curve/request", "curve", "us", "us", "Round trip of 100 B with blocking pyzmq.", _contenders(_request)),
    Scenario("curve/1 MiB", "curve", "GB/s", "ms", "Arrays of 1 MiB with blocking pyzmq.", _contenders(_array)),
]
