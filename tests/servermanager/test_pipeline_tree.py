"""The pipeline browser of pipelines that branch and join, that are long, and that change under way."""

from __future__ import annotations

import time

import pytest

from servermanager import PipelineBuilder, ProgressObserver, connect

from ..harness.apvslow import slow_filter
from ..harness.apvtest import BACKENDS, in_loop
from ..harness.time_limits import scaled


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_branches_that_join_are_told_once() -> None:
    async with connect(backend="inproc") as session:
        last = session.sources.Sphere()
        for _ in range(16):
            branches = [session.filters.ShrinkPolyData(Input=last), session.filters.ShrinkPolyData(Input=last)]
            last = session.filters.AppendPolyData(Input=branches)
        lines, seconds = [], []
        for _ in range(5):
            begun = time.perf_counter()
            lines = str(session.proxies).splitlines()
            seconds.append(time.perf_counter() - begun)
        assert lines[:6] == [
            "Sphere1 (Sphere): uninitialized",
            "  ShrinkPolyData1 (ShrinkPolyData): uninitialized",
            "    AppendPolyData1 (AppendPolyData): uninitialized",
            "      ShrinkPolyData3 (ShrinkPolyData): uninitialized",
            "        AppendPolyData2 (AppendPolyData): uninitialized",
            "          ShrinkPolyData5 (ShrinkPolyData): uninitialized",
        ]
        assert lines[-2:] == [
            "  ShrinkPolyData2 (ShrinkPolyData): uninitialized",
            "    AppendPolyData1 (AppendPolyData): uninitialized (see above)",
        ]
        assert len(lines) == 65 and min(seconds) < scaled(0.005)
        await branches[0].update_pipeline()
        session.proxies.sources()[0].Radius = 2.0
        assert sum(line.endswith("modified") for line in str(session.proxies).splitlines()) == 1


@in_loop
async def test_long_chains_are_walked_without_recursion() -> None:
    async with connect(backend="inproc") as session:
        last = session.sources.Sphere()
        for _ in range(1500):
            last = session.filters.Shrink(Input=last)
        assert str(session.proxies).splitlines()[-1].strip() == "Shrink1500 (Shrink): uninitialized"
        assert len(repr(session.proxies.tree())) < 200


@in_loop
async def test_what_watchers_of_the_active_objects_are_told() -> None:
    async with connect(backend="inproc") as session:
        active, told = session.proxies.active, []
        sphere, cone = session.sources.Sphere(), session.sources.Cone()
        active.watch(lambda: told.append((active.source, active.selection)))
        session.proxies.rename(sphere, "ball")
        assert told == []
        active.select(cone, sphere)
        session.delete(cone)
        assert told == [(sphere, (cone, sphere)), (sphere, (sphere,))]
        session.delete(sphere)
        assert told[-1] == (None, ())


@in_loop
async def test_the_builder_removes_whatever_was_done_before(backend: str) -> None:
    async with connect(backend=backend) as session:
        builder, wavelet = PipelineBuilder(session), session.sources.Wavelet()
        middle = session.filters.Shrink(Input=wavelet)
        session.delete(session.filters.Shrink(Input=middle))
        user = session.filters.AppendFilter(Input=[middle, wavelet])
        await user.update_pipeline()
        builder.remove(middle)
        assert [port.proxy for port in user.inputs()["Input"]] == [wavelet, wavelet]
        assert (await user.update_pipeline()).number_of_points == 2 * 21**3
        session.delete(user)
        builder.remove(wavelet)
        assert len(session.proxies) == 0


@in_loop
async def test_an_execution_given_up_is_not_the_one_under_way(backend: str) -> None:
    async with connect(backend=backend) as session:
        run = slow_filter(session)
        again = run.proxy.update_pipeline()
        run.cancel()
        assert session.proxies.state(run.proxy) == "executing"
        again.cancel()
        assert session.proxies.state(run.proxy) == "modified"


@in_loop
async def test_an_observer_left_at_once_leaves_no_stream(backend: str) -> None:
    async with connect(backend=backend) as session:
        await session.sources.Sphere().update_pipeline()
        before = len(session.data._streams)
        for _ in range(5):
            async with ProgressObserver(session):
                pass
        assert len(session.data._streams) == before
