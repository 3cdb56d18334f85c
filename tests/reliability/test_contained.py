"""An apvserver without options: what ends, freezes or fills one session leaves the others as they are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import psutil
import pytest

from servermanager import ServiceCrashed, Session, connect

from ..harness.apvslow import slow_filter, until_it_runs
from ..harness.apvtest import READY, Server, in_loop, poll_async
from ..harness.time_limits import scaled

pytestmark = pytest.mark.waiting

QUICK_S = scaled(1.0)
"""Far above what a request takes on a busy machine, far below any time limit that could hide a wait."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(None) as running:
        yield running


@asynccontextmanager
async def pair(server: Server) -> AsyncIterator[tuple[Session, psutil.Process, Session]]:
    """A session that something will happen to, its worker, and another session."""
    before = {worker.pid for worker in server.workers()}
    async with connect(server.url) as hit:
        await hit.sources.Sphere().update_pipeline()
        (worker,) = [one for one in server.workers() if one.pid not in before]
        async with connect(server.url) as other:
            await other.sources.Sphere().update_pipeline()
            yield hit, worker, other


async def assert_quick(session: Session, until: Callable[[], bool]) -> None:
    """Right values, at once, again and again until that is so."""
    sphere = session.sources.Sphere()
    rounds = 0
    while not until() or rounds < 10:
        rounds += 1
        sphere.Radius = float(rounds)
        begun = time.monotonic()
        bounds = (await sphere.update_pipeline()).bounds
        assert time.monotonic() - begun < QUICK_S
        assert bounds is not None and bounds[4:] == (-rounds, rounds)
        await asyncio.sleep(0.02)
    session.delete(sphere)


async def outcome(work: Awaitable[object]) -> BaseException | object:
    return (await asyncio.gather(work, return_exceptions=True))[0]


def test_what_it_says_when_it_is_ready(server: Server) -> None:
    assert READY.search(server.output)
    assert server.output.count("\n") == 1
    assert "(backend zmq: each session has a worker process of its own" in server.output


def test_threads_are_said_not_to_be_contained() -> None:
    with Server(None, "--backend", "inproc") as threads:
        assert "(backend inproc: sessions are threads of this process, so that one that crashes" in threads.output
        assert "and a call into VTK that keeps Python's lock holds them all up" in threads.output


@in_loop
async def test_a_crash(server: Server) -> None:
    async with pair(server) as (hit, worker, other):
        slow = asyncio.create_task(outcome(slow_filter(hit)))
        await until_it_runs(hit)
        worker.kill()
        await assert_quick(other, until=slow.done)
        assert isinstance(await slow, ServiceCrashed)
        await hit.restart()
        assert (await hit.sources.Cone().update_pipeline()).number_of_cells == 7


@in_loop
async def test_a_stall(server: Server) -> None:
    async with pair(server) as (hit, worker, other):
        cone = hit.sources.Cone()
        await cone.definition()  # or the call would wait for that first, and then go to the next worker
        worker.suspend()
        lost = asyncio.create_task(outcome(cone.update_pipeline()))
        await assert_quick(other, until=lost.done)
        ended = await lost
        assert isinstance(ended, ServiceCrashed) and "did not answer any more" in str(ended)
        assert (await cone.update_pipeline()).number_of_cells == 7
    await poll_async(lambda: not worker.is_running(), what="the end of the frozen worker")


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="only on Linux can another process be limited")
@in_loop
async def test_a_session_that_wants_more_memory_than_there_is(server: Server) -> None:
    async with pair(server) as (hit, worker, other):
        most = worker.memory_info().vms + 100 * 2**20
        psutil.Process(worker.pid).rlimit(psutil.RLIMIT_AS, (most, most))
        wavelet = hit.sources.Wavelet(WholeExtent=[-80, 80] * 3)  # which fits: what is told to be too large is refused
        large = asyncio.create_task(outcome(hit.create("vtkDataSetTriangleFilter", Input=wavelet).update_pipeline()))
        await assert_quick(other, until=large.done)
        assert isinstance(await large, ServiceCrashed)
