"""`python -m bench reliability --only soak`: what it finds to have grown; and that nothing does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping

import pytest

from bench.reliability.running import unfound
from bench.reliability.soak import day
from bench.reliability.soak.day import CLIENT, DAY, LOOK, Amount, Done, growth
from bench.reliability.soak.holdings import MB, Holdings

from ..harness.time_limits import scaled

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is told by Linux only")


def held(own_mb: float, descriptors: int = 20, threads: int = 9) -> Holdings:
    return Holdings(int(2 * own_mb * MB), int(own_mb * MB), descriptors, threads)


def test_parts_are_all_of_it() -> None:
    whole = Amount(7, 1001, 33)
    parts = [whole.part(number, 10) for number in range(10)]
    sums = {name: sum(getattr(one, name) for one in parts) for name in ("sessions", "requests", "pipelines")}
    assert Amount(**sums) == whole
    assert {one.requests for one in parts} == {100, 101}


def test_what_grew_most_is_named() -> None:
    before = {"server": held(50), "worker": held(100), "spare 1": held(30)}
    after = {"server": held(52), "worker": held(103, threads=10), "spare 2": held(1)}
    found = {kind: growth(kind, before, after) for kind in day.KINDS}
    assert (found["threads"].process, found["memory"].process) == ("spare 2", "spare 2")
    assert found["memory"].percent == 100
    del after["spare 2"]
    assert str(growth("memory", before, after)) == "server: 50, then 52"
    assert growth("memory", before, after).percent == pytest.approx(4)
    assert growth("threads", before, after).percent == pytest.approx(100 / 9)


def test_the_verdict_is_of_the_end_against_the_first_steady_part() -> None:
    series: list[Mapping[str, Holdings]] = [{CLIENT: held(40 + one), "server": held(20)} for one in (0, 5, 5, 6, 8)]
    done = Done(sessions=60, requests=2000, items=1999, pipelines=200)
    figures = {figure.name: figure for figure in day.figures("zmq", LOOK, done, series)}
    assert not figures["zmq: items of streams that came"].met
    assert figures["zmq: requests answered"].met and figures["zmq: memory of the server, growth"].met
    grown = figures["zmq: memory of the client, growth"]
    assert grown.value == pytest.approx(100 * 3 / 45) and grown.met is False


def test_a_day_is_what_was_promised() -> None:
    assert Amount(sessions=3000, requests=100_000, pipelines=10_000) == DAY


def soaked(backend: str, amount: Amount, parts: int) -> list[Mapping[str, Holdings]]:
    async def run() -> list[Mapping[str, Holdings]]:
        async with asyncio.timeout(scaled(60 + amount.sessions)):
            done, found = await day.soak(backend, amount, lambda *told: None, parts=parts)
        assert done == Done(amount.sessions, amount.requests, amount.requests, amount.pipelines)
        return found

    with unfound():
        return asyncio.run(run())


@LINUX
@pytest.mark.parametrize(
    ("backend", "amount"), [("inproc", Amount(24, 600, 48)), pytest.param("zmq", LOOK, marks=pytest.mark.deep)]
)
def test_sessions_leave_nothing(backend: str, amount: Amount) -> None:
    """Neither thread nor descriptor; and of memory less than a tenth of what a session takes, each."""
    _, steady, end = soaked(backend, amount, 3)
    for kind in ("descriptors", "threads"):
        for whose in end.keys() - {CLIENT}:
            assert day.KINDS[kind](end[whose]) <= day.KINDS[kind](steady[whose]), (kind, whose)
    assert day.KINDS["descriptors"](end[CLIENT]) <= day.KINDS["descriptors"](steady[CLIENT])
    for whose in end:
        assert end[whose].own_bytes - steady[whose].own_bytes < amount.sessions / 3 * 0.3 * MB, whose
