"""How long the client's loop stands still, and how soon requests are answered, while a filter executes."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable

from servermanager import Session, SourceProxy

from ..plan import Plan
from ..running.party import FLOOR
from ..running.sample import Sample
from ..scenario import Contender, Measure, Scenario, Stage
from ..variants import Variant
from .homes import Act, contenders, homes, on_session

BEAT_S = 0.001
FULL_S = 5.0
IDLE = "idle loop beside a busy process"


async def beat_during(work: Awaitable[object]) -> Sample:
    """Return the gaps of a 1 ms heartbeat while something is awaited; the value is the longest, in ms."""
    gaps_s: list[float] = []
    task = asyncio.ensure_future(work)
    last = time.perf_counter()
    while not task.done():
        await asyncio.sleep(BEAT_S)
        now = time.perf_counter()
        gaps_s.append(now - last)
        last = now
    await task
    return Sample(max(gaps_s) * 1e3, gaps_s, {"executed for s": sum(gaps_s)})


async def long_contour(session: Session, plan: Plan) -> SourceProxy:
    """Make a contour that executes for about as long as a full run wants, less in a smaller one."""
    side = max(8, round(64 * plan.scale**0.3))
    wavelet = session.sources.Wavelet(WholeExtent=[-side, side] * 3)
    await wavelet.update_pipeline()
    contour = session.filters.vtkContourFilter(Input=wavelet, Values=[150.0], FastMode=False)
    began = time.perf_counter()
    await contour.update_pipeline()
    once_s = time.perf_counter() - began
    count = max(1, round(FULL_S * plan.scale / once_s))
    contour.Values = [100 + 150 * index / count for index in range(count)]
    return contour


async def long_delaunay(session: Session, plan: Plan) -> SourceProxy:
    """Make a triangulation of as many points as it takes."""
    count = max(200, round(1500 * plan.scale))
    points = session.sources.PointCloud(NumberOfPoints=count, Radius=1.0)
    mesh = session.filters.Delaunay3D(Input=points)
    began = time.perf_counter()
    await mesh.update_pipeline()
    once_s = time.perf_counter() - began
    points.NumberOfPoints = min(60_000, max(count, round(count * (FULL_S * plan.scale / once_s) ** 0.85)))
    return mesh


def beating(make: Callable[[Session, Plan], Awaitable[SourceProxy]]) -> Act:
    """Heartbeats while what `make` gives executes."""

    @on_session
    async def act(session: Session, plan: Plan) -> Sample:
        proxy = await make(session, plan)
        sample = await beat_during(proxy.update_pipeline())
        session.delete(proxy)
        return sample

    return act


async def busy_script(session: Session, plan: Plan) -> SourceProxy:
    """Make a filter that is a Python script and computes for as long as a full run wants."""
    script = f"import time\nuntil = time.monotonic() + {FULL_S * plan.scale}\nwhile time.monotonic() < until: pass\n"
    return session.filters.ProgrammableFilter(Input=session.sources.Sphere(), Script=script)


@on_session
async def ask_beside_filter(session: Session, plan: Plan) -> Sample:
    """Pings of the data service's endpoint, listings and cancellations while it executes; the median in ms."""
    proxy = await long_contour(session, plan)
    task = proxy.update_pipeline()
    each_s: list[float] = []
    while not task.done():
        began = time.perf_counter()
        await session.data.ping()
        each_s.append(time.perf_counter() - began)
        began = time.perf_counter()
        await session.files.list(os.curdir)
        each_s.append(time.perf_counter() - began)
        waiting = session.data.send_request({"op": "sync"})
        began = time.perf_counter()
        waiting.cancel()
        await asyncio.wait([asyncio.ensure_future(_outcome(waiting))])
        each_s.append(time.perf_counter() - began)
        await asyncio.sleep(0.005)
    await task
    session.delete(proxy)
    return Sample(sorted(each_s)[len(each_s) // 2] * 1e3, each_s)


async def _outcome(reply: Awaitable[object]) -> BaseException | None:
    try:
        await reply
    except Exception as error:
        return error
    return None


async def _idle(stage: Stage) -> Measure:
    """Measure the floor: the same heartbeat, nothing of ours, and a program that keeps the other core busy."""

    async def measure(_seconds: float) -> Sample:
        busy = await asyncio.create_subprocess_exec(sys.executable, "-P", "-c", "while True: pass")
        try:
            return await beat_during(asyncio.sleep(max(0.1, FULL_S * stage.plan.scale)))
        finally:
            busy.kill()
            await busy.wait()

    return measure


def _scenario(name: str, about: str, act: Act) -> Scenario:
    def make(variants: list[Variant], _plan: Plan) -> list[Contender]:
        return [*contenders(act, homes(variants), IDLE), Contender(IDLE, FLOOR, _idle)]

    return Scenario(f"heartbeat/{name}", "interactive", "ms", "ms", about, make, most=2, warms_up=False)


def _requests(variants: list[Variant], _plan: Plan) -> list[Contender]:
    return contenders(ask_beside_filter, homes(variants))


SCENARIOS = [
    _scenario("contour of a wavelet", "Longest gap of a 1 ms heartbeat beside a contour.", beating(long_contour)),
    _scenario("Delaunay3D", "Longest gap of a 1 ms heartbeat beside a triangulation.", beating(long_delaunay)),
    _scenario("busy Python filter", "Longest gap of a 1 ms heartbeat beside a script.", beating(busy_script)),
    Scenario(
        "requests beside a filter", "interactive", "ms", "ms",
        "Pings, listings and cancellations at the data service's endpoint while it executes.", _requests, most=2,
        warms_up=False,
    ),
]  # fmt: skip
