"""Work that nobody wants any more ends soon: cancelled, overtaken, past its deadline, or its session closed."""

from __future__ import annotations

import asyncio
import signal
import time

import pytest

from servermanager import Closed, DeadlineExceeded, RequestCancelled, ServicesError, Session, connect

from ..harness.apvslow import AS_OTHERS, slow_filter, until_it_runs
from ..harness.apvtest import BACKENDS, Server, in_loop
from ..harness.time_limits import scaled

pytestmark = pytest.mark.alone

TRIES = 3
"""The machine may stand still for longer than a narrow bound: the least of so many is what the product takes."""


@pytest.fixture(autouse=True)
def as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in AS_OTHERS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def ends_as(session: Session, state: str) -> None:
    """Wait for a step of that state of the slow filter."""
    async with session.progress() as steps:
        async for step in steps:
            if step.name == "Delaunay3D" and step.state == state:
                return


@in_loop
async def test_cancelling_the_task_interrupts_the_execution(backend: str) -> None:
    async with connect(backend=backend) as session:
        points = session.sources.PointSource(NumberOfPoints=2_000, Radius=0.5)
        mesh = session.filters.Delaunay3D(Input=points)
        expected = await mesh.update_pipeline()
        points.NumberOfPoints = 1_000_000
        told_s: list[float] = []
        stopped_s: list[float] = []
        while not told_s or (min(told_s) >= scaled(0.05) and len(told_s) < TRIES):
            slow = mesh.update_pipeline()
            await until_it_runs(session)
            interrupted = asyncio.create_task(ends_as(session, "interrupted"))
            await asyncio.sleep(0)
            slow.cancel()
            begun = time.monotonic()
            with pytest.raises(asyncio.CancelledError):
                await slow
            told_s.append(time.monotonic() - begun)
            await interrupted
            stopped_s.append(time.monotonic() - begun)
        assert min(told_s) < scaled(0.05) and max(stopped_s) < scaled(1.5), (told_s, stopped_s)
        points.NumberOfPoints = 2_000
        again = await mesh.update_pipeline()
        assert (again.number_of_points, again.data_type) == (2_000, expected.data_type)
        assert again.number_of_cells > 10_000


@in_loop
async def test_the_same_proxy_executes_again_to_the_same_result(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = session.sources.RTAnalyticSource(WholeExtent=[-130, 130, -130, 130, -130, 130])
        expected = (await source.update_pipeline()).array("RTData").ranges
        for attempt in range(2):
            source.XFreq = 61.0 + attempt
            slow = source.update_pipeline()
            async with session.progress() as steps:
                async for step in steps:
                    if step.proxy == source.id and step.state == "running":
                        break
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
        source.XFreq = 60.0
        assert (await source.update_pipeline()).array("RTData").ranges == expected


@in_loop
async def test_a_newer_change_interrupts(backend: str) -> None:
    async with connect(backend=backend) as session:
        slow = slow_filter(session)
        await until_it_runs(session)
        points = next(proxy for proxy in session.proxies if proxy.type_name == "PointSource")
        begun = time.monotonic()
        points.NumberOfPoints = 100
        session.update_vtk_objects()
        with pytest.raises(RequestCancelled, match="newer change"):
            await slow
        assert time.monotonic() - begun < scaled(1.5)
        mesh = next(proxy for proxy in session.proxies if proxy.type_name == "Delaunay3D")
        assert (await mesh.update_pipeline()).number_of_points == 100


@in_loop
async def test_a_change_elsewhere_does_not_interrupt(backend: str) -> None:
    async with connect(backend=backend) as session:
        mesh = session.filters.Delaunay3D(Input=session.sources.PointSource(NumberOfPoints=60_000, Radius=0.5))
        other = session.sources.SphereSource()
        slow = mesh.update_pipeline()
        await until_it_runs(session)
        other.Radius = 3.0
        other.update_vtk_objects()
        await session.data.ping()  # the server has the change
        assert not slow.done()
        assert (await slow).number_of_points == 60_000


@in_loop
async def test_deadline(backend: str) -> None:
    async with connect(backend=backend) as session:
        points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
        mesh = session.filters.Delaunay3D(Input=points)
        await points.update_pipeline()  # VTK is imported, the points are there
        told_s: list[float] = []
        while not told_s or (min(told_s) >= scaled(0.8) and len(told_s) < TRIES):
            stopped = asyncio.create_task(ends_as(session, "interrupted"))
            begun = time.monotonic()
            with pytest.raises(DeadlineExceeded, match=r"0\.5 s|its deadline has passed"):  # whoever tells first
                await mesh.update_pipeline(deadline_s=0.5)
            told_s.append(time.monotonic() - begun)
            await stopped  # the deadline bounds the work behind it, too
            assert time.monotonic() - begun < scaled(2.5)
        assert 0.5 <= min(told_s) < scaled(0.8), told_s


@in_loop
async def test_session_closed_with_things_in_flight(backend: str) -> None:
    session = await connect(backend=backend)
    view = session.views.RenderView()
    slow = slow_filter(session)
    session.show(slow.proxy, view)  # what the screenshot waits for
    await until_it_runs(session)
    more = [
        asyncio.create_task(view.screenshot()),
        asyncio.create_task(session.sources.SphereSource().fetch()),
        asyncio.create_task(session.sources.SphereSource().update_property_information()),
        asyncio.create_task(anext(session.messages())),
    ]
    await asyncio.sleep(0)
    begun = time.monotonic()
    await session.close()
    assert time.monotonic() - begun < scaled(3)
    for outcome in await asyncio.gather(slow, *more, return_exceptions=True):
        assert isinstance(outcome, (ServicesError, StopAsyncIteration)), outcome
    with pytest.raises(Closed):
        await session.types()
    await session.close()


@in_loop
async def test_a_session_that_ends_interrupts_what_executes_for_a_view(backend: str) -> None:
    """Nobody has asked for that by a request; its server says nothing, as of a filter that cannot be interrupted."""
    with Server(backend, **AS_OTHERS) as server:
        async with connect(server.url) as session:
            points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
            session.show(session.filters.Delaunay3D(Input=points), session.views.RenderView(ViewSize=[64, 48]))
            await until_it_runs(session)
            begun = time.monotonic()
            await session.end()
        async with connect(server.url) as session:
            assert (await session.sources.Cone().update_pipeline()).number_of_cells == 7
        server.signal(signal.SIGTERM)
        assert await asyncio.to_thread(server.wait, deadline_s=10) == 0
        assert time.monotonic() - begun < scaled(8) and server.errors == ""


@in_loop
async def test_a_built_in_session_that_is_closed_interrupts_what_executes_for_a_view(
    caplog: pytest.LogCaptureFixture,
) -> None:
    session = await connect(backend="inproc")
    points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
    session.show(session.filters.Delaunay3D(Input=points), session.views.RenderView(ViewSize=[64, 48]))
    await until_it_runs(session)
    begun = time.monotonic()
    await session.close()
    assert time.monotonic() - begun < scaled(3)
    assert "could not be closed" not in caplog.text


@in_loop
async def test_a_screenshot_waits_for_a_change_made_meanwhile(backend: str) -> None:
    async with connect(backend=backend) as session:
        points = session.sources.PointSource(NumberOfPoints=1_000_000, Radius=0.5)
        mesh = session.filters.Delaunay3D(Input=points)
        view = session.views.RenderView(ViewSize=[64, 48], Background=[0.0, 0.0, 0.0])
        session.show(mesh, view, Color=[1.0, 1.0, 1.0])
        screenshot = asyncio.create_task(view.screenshot(format="rgb"))
        await until_it_runs(session)
        points.NumberOfPoints = 50
        points.update_vtk_objects()
        image = await screenshot
        assert image.pixels.max() > 100
        assert (await mesh.update_pipeline()).number_of_points == 50
