"""What an update costs, how soon one is interrupted, and what becomes of moves that are overtaken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from servermanager import ProgressStep, Session
from services_core import RemoteError, RequestCancelled

from ..floors import PyzmqBlocking
from ..plan import Plan
from ..running.party import FLOOR
from ..running.sample import Sample, throughput
from ..scenario import Contender, Measure, Scenario, Stage
from ..variants import Variant
from .homes import contenders, homes, on_session

MOVES = 50


@on_session
async def small_update(session: Session, plan: Plan) -> Sample:
    """Set a property of a trivial source, execute it, and have what came out told."""
    cone = session.sources.Cone()
    await cone.update_pipeline()
    each_s: list[float] = []
    for index in range(plan.count(300)):
        began = time.perf_counter()
        cone.Height = 1.0 + index
        await cone.update_pipeline()
        each_s.append(time.perf_counter() - began)
    session.delete(cone)
    return Sample(sorted(each_s)[len(each_s) // 2] * 1e3, each_s)


def _side(plan: Plan) -> int:
    return 256 if plan.scale >= 1 else 32


@on_session
async def fetch_image(session: Session, plan: Plan) -> Sample:
    """Fetch a whole image of floats, validated and ready for use."""
    side = _side(plan)
    wavelet = session.sources.Wavelet(WholeExtent=[0, side - 1] * 3)
    await wavelet.update_pipeline()
    each_s: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        data = await wavelet.fetch()
        each_s.append(time.perf_counter() - began)
        assert data.number_of_points == side**3
        del data
    session.delete(wavelet)
    return Sample(side**3 * 4 / sorted(each_s)[1] / 1e9, each_s)


async def _raw(stage: Stage) -> Measure:
    party = await stage.party("raw", PyzmqBlocking)

    async def measure(_seconds: float) -> Sample:
        size_bytes = _side(stage.plan) ** 3 * 4
        return throughput(await party.receive(size_bytes, 0.2), size_bytes)

    return measure


@on_session
async def interrupt(session: Session, plan: Plan) -> Sample:
    """From a change to the end of the execution that it made useless, by the progress that the client sees."""
    wavelet = session.sources.Wavelet(WholeExtent=[-100, 100] * 3 if plan.scale >= 1 else [-60, 60] * 3)
    each_s: list[float] = []
    async with session.progress() as progress:
        for index in range(plan.count(20)):
            wavelet.Maximum = 300.0 + index
            task = wavelet.update_pipeline()
            await _state(progress, wavelet.id, "started")
            wavelet.Maximum = 200.0 - index
            began = time.perf_counter()
            wavelet.update_vtk_objects()
            try:
                await task
            except (RequestCancelled, RemoteError):
                each_s.append(time.perf_counter() - began)
    session.delete(wavelet)
    return Sample(sorted(each_s)[len(each_s) // 2] * 1e3, each_s, {"p95": sorted(each_s)[len(each_s) * 19 // 20] * 1e3})


async def _state(progress: AsyncIterator[ProgressStep], proxy: int, state: str) -> None:
    async for step in progress:
        if step.proxy == proxy and step.state == state:
            return


@on_session
async def move_seeds(session: Session, plan: Plan) -> Sample:
    """50 moves of 100 seeds (5, where it need only run), as fast as they can be sent.

    The time from the last move to its result is measured, in tracings.
    """
    side = 63 if plan.scale >= 1 else 15
    wavelet = session.sources.Wavelet(WholeExtent=[-side, side + 1] * 3)
    vectors = session.filters.Gradient(Input=wavelet, ScalarArray=("POINTS", "RTData"))
    count = 100 if plan.scale >= 0.3 else 5
    seeds = session.sources.PointCloud(NumberOfPoints=count, Radius=side / 2)
    tracer = session.filters.StreamTracerWithCustomSource(
        Input=vectors, SeedSource=seeds, Vectors=("POINTS", "Gradient"), MaximumStreamlineLength=float(8 * side)
    )
    await tracer.update_pipeline()
    once_s = []
    for index in range(3):
        seeds.Center = (index, 0, 0.5)
        began = time.perf_counter()
        await tracer.update_pipeline()
        once_s.append(time.perf_counter() - began)
    tracing_s = sorted(once_s)[1]
    executed: list[ProgressStep] = []
    async with session.progress() as progress:
        reader = asyncio.ensure_future(_finished(progress, tracer.id, executed))
        tasks = []
        for index in range(MOVES):
            seeds.Center = (0, index / 10, 0)
            tasks.append(tracer.update_pipeline())
            await asyncio.sleep(0)
        began = time.perf_counter()
        await tasks[-1]
        last_s = time.perf_counter() - began
        await asyncio.gather(*tasks, return_exceptions=True)
        reader.cancel()
    done = sum(task.exception() is None for task in tasks)
    for proxy in (tracer, seeds, vectors, wavelet):
        session.delete(proxy)
    extra = {"executed": float(len(executed)), "answered": float(done), "tracing ms": tracing_s * 1e3}
    return Sample(last_s / tracing_s, [], extra)


async def _finished(progress: AsyncIterator[ProgressStep], proxy: int, found: list[ProgressStep]) -> None:
    async for step in progress:
        if (step.proxy, step.state) == (proxy, "finished"):
            found += [step]


def _fetch(variants: list[Variant], _plan: Plan) -> list[Contender]:
    remote = [home for home in homes(variants) if home.remote]
    return [*contenders(fetch_image, remote, PyzmqBlocking().label), Contender(PyzmqBlocking().label, FLOOR, _raw)]


SCENARIOS = [
    Scenario(
        "set, update, information", "interactive", "ms", "ms", "A change of a trivial source, and what came of it.",
        lambda variants, plan: contenders(small_update, homes(variants)), most=3,
    ),
    Scenario(
        "fetch of a 256^3 float image", "interactive", "GB/s", "ms", "Whole, validated, in the client's memory.",
        _fetch, most=3,
    ),
    Scenario(
        "change to interruption", "interactive", "ms", "ms",
        "From a change to the end of an execution that it made useless.",
        lambda variants, plan: contenders(interrupt, homes(variants)), most=2, warms_up=False,
    ),
    Scenario(
        "moves of streamlines", "interactive", "x tracing", "ms",
        "From the last of 50 moves to its result, in times that one tracing takes.",
        lambda variants, plan: contenders(move_seeds, homes(variants)), most=3, warms_up=False,
    ),
]  # fmt: skip
