"""What is deleted, and what a session had, is given back to the system at once, without Python's collector."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from servermanager import RenderViewProxy, Session, SourceProxy, connect

from ..harness.apvtest import ROOT, Server, in_loop, poll_async
from ..harness.time_limits import scaled

pytestmark = [pytest.mark.alone, pytest.mark.skipif(sys.platform != "linux", reason="RssAnon is told by Linux only")]

EXTENT: Final = [0, 179] * 3
"""Of 5.8 million floats."""
SIZE_BYTES: Final = 4 * 180**3
MB: Final = 1e6
NO_COLLECTOR: Final = ("--service", "tests.harness.no_collector:NoCollector")

Use = Callable[[Session, RenderViewProxy], Awaitable[None]]


def anonymous_bytes(pid: int) -> int:
    """Return the memory of a process that no file is behind."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))


async def big_source(session: Session) -> SourceProxy:
    source = session.sources.Wavelet(WholeExtent=EXTENT)
    await source.update_pipeline()
    return source


async def made_and_deleted(session: Session, _view: RenderViewProxy) -> None:
    session.delete(await big_source(session))


async def shown_and_deleted(session: Session, view: RenderViewProxy) -> None:
    source = await big_source(session)
    contour = session.filters.Contour(Input=source, Isosurfaces=[150.0])
    shown = session.show(contour, view)
    await view.screenshot()
    shown.delete()
    session.delete(contour)
    session.delete(source)
    await view.screenshot()


async def shown_in_views_of_their_own(session: Session, _view: RenderViewProxy) -> None:
    source = await big_source(session)
    own = session.create_view(ViewSize=[300, 200])
    session.show(source, own)
    await own.screenshot()
    own.delete()
    session.delete(source)


async def watched_in_views_of_their_own(session: Session, _view: RenderViewProxy) -> None:
    source = await big_source(session)
    own = session.create_view(ViewSize=[300, 200])
    session.show(source, own)
    async with own.images() as images:
        await anext(images)
        own.rotate(0.1, 0.1)
        await anext(images)
    own.delete()
    session.delete(source)


async def drawn_in_charts(session: Session, _view: RenderViewProxy) -> None:
    source = await big_source(session)
    line = session.filters.PlotOverLine(Input=source, Resolution=100_000)
    chart = session.create_chart()
    session.show(line, chart)
    await chart.screenshot()
    chart.delete()
    session.delete(line)
    session.delete(source)


async def fetched_and_deleted(session: Session, _view: RenderViewProxy) -> None:
    source = await big_source(session)
    assert (await source.fetch()).number_of_points == 180**3
    session.delete(source)


async def deleted_undone_and_deleted(session: Session, _view: RenderViewProxy) -> None:
    source = await big_source(session)
    session.delete(source)
    session.recreate(source)
    await source.update_pipeline()
    session.delete(source)


async def failed_and_deleted(session: Session, _view: RenderViewProxy) -> None:
    source = await big_source(session)
    failing = session.create("vtkImageRGBToHSV", Input=source)
    with pytest.raises(Exception, match="vtkImageRGBToHSV"):
        await failing.update_pipeline()
    session.delete(failing)
    session.delete(source)


USES: Final[dict[str, Use]] = {
    "made": made_and_deleted,
    "shown": shown_and_deleted,
    "views": shown_in_views_of_their_own,
    "watched": watched_in_views_of_their_own,
    "charts": drawn_in_charts,
    "fetched": fetched_and_deleted,
    "undone": deleted_undone_and_deleted,
    "failed": failed_and_deleted,
}


SHORT: Final = ("shown", "charts", "fetched")
"""Those that stand for the others where time is short."""


@asynccontextmanager
async def working() -> AsyncIterator[tuple[Session, RenderViewProxy, int]]:
    """A session with a picture, in a worker without collector, and the number of that process."""
    with Server("zmq", *NO_COLLECTOR, PYTHONPATH=str(ROOT)) as server:
        async with connect(server.url) as session:
            (worker,) = server.workers()
            off = await session.endpoint("no_collector").send_request({})
            assert off.header == {"off": True}
            view = session.create_view(ViewSize=[300, 200])
            session.show(session.sources.Sphere(), view)
            await view.screenshot()
            yield session, view, worker.pid


async def at_rest(pid: int) -> int:
    """The memory of a process when it has stayed the same for a second: what was deleted is given back soon."""
    least, since = anonymous_bytes(pid), time.monotonic()
    while time.monotonic() < since + scaled(1):
        await asyncio.sleep(0.05)
        if (now := anonymous_bytes(pid)) < least - MB:
            least, since = now, time.monotonic()
    return least


async def assert_at_most(bytes_: float, pid: int, what: str) -> None:
    await poll_async(lambda: anonymous_bytes(pid) < bytes_, what=f"less than {bytes_ / MB:.0f} MB after {what}")


@in_loop
async def test_what_is_deleted() -> None:
    async with working() as (session, view, pid):
        for name in SHORT:  # what these uses import, and keep for the next, is there then
            await USES[name](session, view)
        before = await at_rest(pid)
        for name in SHORT:
            await USES[name](session, view)
            await assert_at_most(before + SIZE_BYTES / 2, pid, name)


@pytest.mark.deep
@pytest.mark.parametrize("name", USES)
@in_loop
async def test_what_is_deleted_forty_times(name: str) -> None:
    async with working() as (session, view, pid):
        before = anonymous_bytes(pid)
        for _ in range(40):
            await USES[name](session, view)
        await assert_at_most(before + 120 * MB, pid, name)


@in_loop
async def test_what_sessions_on_threads_had() -> None:
    """The memory of a server is what it was, however many sessions it has had; the first brings VTK's libraries."""
    with Server("inproc", *NO_COLLECTOR, PYTHONPATH=str(ROOT)) as server:
        after: list[int] = []
        for _ in range(3):
            async with connect(server.url) as session:
                view = session.create_view(ViewSize=[300, 200])
                source = await big_source(session)
                session.show(session.filters.Contour(Input=source, Isosurfaces=[150.0, 160.0]), view)
                await view.screenshot()
                await source.fetch()
                top = anonymous_bytes(server.pid)
            if after:
                await poll_async(
                    lambda: anonymous_bytes(server.pid) < after[0] + SIZE_BYTES, what="the memory of before"
                )
            else:
                await poll_async(lambda: anonymous_bytes(server.pid) < top - SIZE_BYTES, what="the end of the first")  # noqa: B023
            after.append(anonymous_bytes(server.pid))
