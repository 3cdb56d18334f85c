"""Of what executes there is progress soon, and twice a second, also of filters that say nothing themselves."""

from __future__ import annotations

import itertools
import time
from collections.abc import AsyncIterator

import pytest

from servermanager import ProgressStep, Session, SourceProxy, connect
from servermanager.streams import ProgressStream

from ..harness.apvtest import BACKENDS, in_loop, variables
from ..harness.time_limits import scaled

pytestmark = pytest.mark.alone

SILENT = "import time\ntime.sleep(2.6)"
TRIES = 3
"""The machine may stand still for longer than a narrow bound: the least of so many is what the product takes."""


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_a_filter_that_says_nothing(backend: str) -> None:
    with variables(APV_ALLOW_PYTHON="1"):
        async with connect(backend=backend) as session:
            filter = await _silent_filter(session)
            firsts: list[float] = []
            while not firsts or (min(firsts) >= scaled(0.3) and len(firsts) < TRIES):
                filter.Script = f"{SILENT}  # {len(firsts)}"
                begun = time.monotonic()
                run = filter.update_pipeline()
                arrivals = [(time.monotonic() - begun, step) async for step in run.steps() if step.proxy == filter.id]
                await run
                firsts.append(arrivals[0][0])
    assert min(firsts) < scaled(0.3), firsts
    times = [when for when, _ in arrivals]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert len(times) >= 5 and sorted(gaps)[len(gaps) // 2] <= scaled(0.5), gaps
    steps = [step for _, step in arrivals]
    running = [step for step in steps if step.state == "running"]
    assert {step.fraction for step in running} == {None}, "indeterminate, where VTK does not tell"
    silences = [step.silent_s for step in running[:-1]]  # the last one may be VTK's own, at the end
    assert silences[-1] > 1.5 and silences == sorted(silences)
    assert steps[-1].state == "finished" and sum(step.state == "finished" for step in steps) == 1


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_who_subscribes_while_something_executes_is_told_at_once(backend: str) -> None:
    with variables(APV_ALLOW_PYTHON="1"):
        async with connect(backend=backend) as session:
            filter = await _silent_filter(session)
            async with session.progress() as first:
                run = filter.update_pipeline()
                begun = [step async for step in _until_of(first, filter.id)]
                took_s = []
                for _ in range(TRIES):
                    asked = time.monotonic()
                    async with session.progress() as late:
                        step = await anext(late)
                    took_s.append(time.monotonic() - asked)
            await run
    assert begun[-1].state == "started"
    assert (step.proxy, step.request) == (filter.id, run.id)
    assert step.state in ("started", "running")
    assert min(took_s) < scaled(0.2), "not at the next sign of life, which is 0.4 s later"


async def _silent_filter(session: Session) -> SourceProxy:
    """It has executed once, so that what it says at first is not of its making, and is silent the next time."""
    filter = session.filters.ProgrammableFilter(Input=session.sources.Sphere(), Script="pass")
    await filter.update_pipeline()
    filter.Script = SILENT
    return filter


async def _until_of(stream: ProgressStream, proxy: int) -> AsyncIterator[ProgressStep]:
    async for step in stream:
        yield step
        if step.proxy == proxy:
            return
