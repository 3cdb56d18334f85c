"""One client that floods its session does not keep others waiting: `python -m bench reliability --only floods`."""

from __future__ import annotations

import contextlib
import os

import psutil
import pytest

from bench.reliability import measurements
from bench.reliability.flooder import KINDS, begin_session
from bench.reliability.floods import P99_MS, control_requests, flooded, percentile
from services_core import ServicesEngine

from ..harness.apvtest import BACKENDS, Server
from ..harness.time_limits import scaled

SECONDS = 1.5
FLOODS = 3


def crowd() -> float:
    """How many processes want each core that belong to others."""
    return max(1.0, psutil.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.mark.alone
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", ["small messages"])
def test_a_flood_does_not_keep_others_waiting(backend: str, kind: str) -> None:
    """Beyond what the machine itself keeps them waiting: what else runs on it has its share of each core, too.

    In so short a time one request in a hundred is one: the least of a few floods is what a flood does.
    """
    limit = scaled(P99_MS) * crowd()
    beyond: list[float] = []
    while not beyond or (min(beyond) > limit and len(beyond) < FLOODS):
        quiet, beside = measured(backend, kind)
        beyond.append(beside - quiet)
    assert min(beyond) <= limit, f"{beyond} ms longer beside floods of servers, each with one"


def measured(backend: str, kind: str) -> tuple[float, float]:
    """How long 99 of 100 requests take at most, in ms: without a flood, and beside one."""
    with Server(backend) as server, ServicesEngine("zmq", name="floods") as engine:
        front, own = begin_session(engine, server.url)
        with contextlib.closing(front), contextlib.closing(own):
            quiet = percentile(control_requests(front, own, SECONDS), 0.99)
            with flooded(server.url, kind, SECONDS):
                return quiet, percentile(control_requests(front, own, SECONDS), 0.99)


@pytest.mark.deep
def test_no_kind_of_flood_keeps_others_waiting() -> None:
    """Beyond what the machine itself keeps them waiting, as above: on one that is at rest, the bound of the bench."""
    (floods,) = measurements("floods")
    others = crowd()
    found = list(floods.measure(False))
    p99 = {one.name: one.value for one in found if one.target}
    assert len(p99) == len(BACKENDS) * (len(KINDS) + 1)
    limit = scaled(P99_MS) * others
    quiet = {backend: p99.pop(f"{backend}, no flood: p99") for backend in BACKENDS}
    assert max(quiet.values()) <= limit
    limits = {name: quiet[name.partition(",")[0]] + limit for name in p99}
    assert {name: (value, limits[name]) for name, value in p99.items() if value > limits[name]} == {}
