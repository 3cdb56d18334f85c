"""A worker that dies is replaced by itself, and the session goes on with all it consists of."""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from async_paraview.operations.data import HoldBack
from bench.reliability.workers import longest_wait
from servermanager import (
    RemoteError,
    RenderViewProxy,
    RequestCancelled,
    ServiceCrashed,
    ServicesError,
    Session,
    SourceProxy,
    connect,
)

from ..harness.apvslow import slow_filter, until_it_runs
from ..harness.apvtest import KILLED, Server, in_loop, is_worker, poll
from ..harness.time_limits import scaled
from .test_restart import make_scene, scene

AGAIN_S = 3.0
"""Within this the next call works."""


def workers(server: Server | None) -> list[psutil.Process]:
    children = psutil.Process(None if server is None else server.pid).children(recursive=True)
    return [one for one in children if is_worker(one)]


@asynccontextmanager
async def hit_session(server: Server | None, **more: Any) -> AsyncIterator[tuple[Session, psutil.Process]]:
    """A session and its worker."""
    before = {one.pid for one in workers(server)}
    async with connect(None if server is None else server.url, backend="zmq", **more) as session:
        await session.sources.Cone().update_pipeline()
        (worker,) = [one for one in workers(server) if one.pid not in before]
        yield session, worker


async def crash(session: Session, worker: psutil.Process) -> ServiceCrashed:
    """Kill it while a call is under way; returns what that call raises."""
    slow = slow_filter(session)
    await until_it_runs(session)
    worker.kill()
    with pytest.raises(ServiceCrashed, match=KILLED) as caught:
        await slow
    with suppress(ServiceCrashed):  # where the session does not go on
        session.delete(slow.proxy)
    return caught.value


@pytest.mark.waiting
@pytest.mark.parametrize("home", ["built in", "remote"])
@in_loop
async def test_the_next_call_works_and_everything_is_there_again(home: str) -> None:
    if home == "built in":
        await assert_all_is_there_again(None)
        return
    with Server("zmq") as server:
        await assert_all_is_there_again(server)


async def assert_all_is_there_again(server: Server | None) -> None:
    async with hit_session(server) as (session, worker):
        await make_scene(session)
        before = await scene(session)
        error = await crash(session, worker)
        assert "while executing Delaunay3D (proxy " in str(error)
        begun = time.monotonic()
        assert (await session.sources.Sphere().update_pipeline()).number_of_points == 50
        assert time.monotonic() - begun < scaled(AGAIN_S)
        assert await scene(session) == before


@in_loop
async def test_who_only_changes_something_goes_on_too() -> None:
    """What is set while the worker dies is set in the next one."""
    with Server("zmq") as server:
        async with hit_session(server) as (session, worker):
            sphere = session.sources.Sphere(Radius=1.0)
            await sphere.update_pipeline()
            worker.kill()
            sphere.Radius = 2.0
            bounds = None
            for _ in range(5):  # the death may be learned by the first call
                try:
                    bounds = (await sphere.update_pipeline()).bounds
                    break
                except ServiceCrashed:
                    continue
            assert bounds is not None and bounds[4:] == (-2.0, 2.0)


@in_loop
async def test_it_can_be_left_to_the_user() -> None:
    with Server("zmq") as server:
        async with hit_session(server, restart=False) as (session, worker):
            await make_scene(session)
            before = await scene(session)
            await crash(session, worker)
            with pytest.raises(ServiceCrashed, match=KILLED):
                await session.sources.Sphere().update_pipeline()
            assert workers(server) == []
            await session.restart()
            assert await scene(session) == before


@in_loop
async def test_five_deaths_in_a_minute_are_enough() -> None:
    with Server("zmq") as server:
        async with hit_session(server) as (session, worker):
            sphere = session.sources.Sphere()
            last: ServicesError | None = None
            for death in range(1, 6):
                assert (await sphere.update_pipeline()).number_of_points == 50
                (worker,) = workers(server)
                last = await crash(session, worker)
                assert ("no other begins by itself" in str(last)) == (death == 5)
            with pytest.raises(ServicesError, match="5th within 60 s"):
                await sphere.update_pipeline()
            await session.restart()
            assert (await sphere.update_pipeline()).number_of_points == 50


@in_loop
async def test_what_is_made_before_the_loop_has_seen_the_death_is_made() -> None:
    """A type that was never asked about is asked about at once: of the next process."""
    async with hit_session(None) as (session, worker):
        endpoint = session.data
        worker.kill()
        poll(lambda: endpoint.error, what="that the worker has died, which this loop did not see")
        sphere = session.sources.Sphere()
        assert (await sphere.update_pipeline()).number_of_points == 50


@in_loop
async def test_what_kills_is_not_executed_again_by_itself() -> None:
    """It is held back until it, or what it depends on, is changed; nothing else is."""
    with Server("zmq") as server:
        async with hit_session(server) as (session, _):
            view = session.views.RenderView(ViewSize=[32, 32])
            wavelet = session.sources.Wavelet(WholeExtent=[-5, 5] * 3)
            fatal = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[150.0])
            shown = session.show(fatal, view)
            await view.screenshot()
            session.data.send_message(HoldBack(ids=(fatal.id,), reason="was ended by SIGSEGV").packet())
            with pytest.raises(RemoteError, match=r"last worker process.*SIGSEGV") as caught:
                await fatal.update_pipeline()
            assert caught.value.details["proxy"] == fatal.id
            assert (await wavelet.update_pipeline()).number_of_points == 1331
            wavelet.WholeExtent = [-6, 6] * 3
            assert (await fatal.update_pipeline()).number_of_cells > 0
            hold = HoldBack(representations=(shown.id,), reason="was ended by SIGSEGV").packet()
            session.data.send_message(hold)
            fatal.Isosurfaces = [160.0]
            await view.screenshot()  # changed: tried again
            session.data.send_message(hold)
            with pytest.raises(RemoteError, match="SIGSEGV"):
                await view.screenshot()


@in_loop
async def test_a_death_that_repeats_ends_with_what_brings_it() -> None:
    """A filter that ends the process is shown: it is executed once, and the session goes on without it."""
    with Server("zmq", "--allow-python") as server:
        async with hit_session(server) as (session, _):
            view = session.views.RenderView(ViewSize=[32, 32])
            sphere = session.sources.Sphere()
            session.show(sphere, view)
            await view.screenshot()
            fatal = session.filters.ProgrammableFilter(Input=sphere, Script="import os; os.abort()")
            session.show(fatal, view)
            with pytest.raises(
                (ServiceCrashed, RemoteError), match=ABORTED + r", while executing ProgrammableFilter \("
            ):
                await view.screenshot()  # it may have died before this has asked for anything
            with pytest.raises(RemoteError, match="last worker process of this session died"):
                await view.screenshot()
            assert (await sphere.update_pipeline()).number_of_points == 50
            fatal.Script = "pass"
            await fatal.update_pipeline()
            await view.screenshot()
            assert len(workers(server)) == 1


ABORTED: Final = r"exit code \d+" if sys.platform == "win32" else "SIGABRT"
"""How a process ends that gives itself up."""

TELLER = """
import os
from services_core import Packet, Service

class Teller(Service):
    def __init__(self, connect):
        super().__init__("teller")

    def process(self, incoming):
        return Packet({"pid": os.getpid()})
"""


@pytest.mark.alone
@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.deep)])
def test_killed_at_random_moments(kills: int, tmp_path: Path) -> None:
    """A call works again within 3 s, and another session never waits for 0.5 s."""
    (tmp_path / "teller.py").write_text(TELLER)
    options = ("--spare-workers", "1", "--service", "teller:Teller")
    with Server("zmq", *options, PYTHONPATH=str(tmp_path)) as server:
        asyncio.run(kill_at_random(server.url, kills))


async def kill_at_random(url: str, kills: int) -> None:
    chance = random.Random(kills)
    async with connect(url) as other:
        watching = asyncio.create_task(longest_wait(other, over := asyncio.Event()))
        for first in range(0, kills, 4):  # five within a minute would be the end of a session
            async with asyncio.timeout(scaled(60)), connect(url) as session:
                for _ in range(min(4, kills - first)):
                    await kill_once(session, chance)
        over.set()
        assert await watching < scaled(0.5)


async def kill_once(session: Session, chance: random.Random) -> None:
    view = session.views.RenderView(ViewSize=[64, 64])
    contour = session.filters.Contour(Input=session.sources.Wavelet(), ContourBy=("POINTS", "RTData"))
    session.show(contour, view)
    worker = psutil.Process((await session.endpoint("teller").send_request({})).header["pid"])
    working = asyncio.create_task(work(contour, view))
    await asyncio.sleep(chance.random() * 0.3)
    worker.kill()
    begun = time.monotonic()
    while True:  # what is under way when the death is learned is told of it; who works may have had nothing, and go on
        contour.Isosurfaces = [157.0]
        try:
            assert (await contour.update_pipeline()).number_of_cells > 0
            break
        except (ServiceCrashed, RequestCancelled):
            assert time.monotonic() - begun < scaled(AGAIN_S)
    assert time.monotonic() - begun < scaled(AGAIN_S)
    working.cancel()
    (outcome,) = await asyncio.gather(working, return_exceptions=True)
    assert isinstance(outcome, (ServiceCrashed, RequestCancelled, asyncio.CancelledError)), outcome
    assert (await view.screenshot(format="rgb")).pixels.shape == (64, 64, 3)
    view.delete()
    session.delete(contour)


async def work(contour: SourceProxy, view: RenderViewProxy) -> None:
    for value in itertools.cycle((150.0, 160.0, 170.0)):
        contour.Isosurfaces = [value]
        await contour.update_pipeline()
        await view.screenshot()


@in_loop
async def test_all_who_are_in_a_session_go_on() -> None:
    """After a death, and after a restart that one of them has asked for; who only looks as well."""
    with Server("zmq") as server:
        async with hit_session(server) as (session, worker):
            sphere = session.sources.Sphere(Radius=2.0)
            session.proxies.rename(sphere, "ball")
            await sphere.update_pipeline()
            editor_token, viewer_token = await session.invite("editor"), await session.invite("viewer")
            async with (
                connect(server.url, session=editor_token) as editor,
                connect(server.url, session=viewer_token) as viewer,
            ):
                await crash(session, worker)
                await assert_same(session, editor, viewer, radius=2.0)
                await session.restart()
                await assert_same(session, editor, viewer, radius=2.0)
                ball = editor.proxies.find_source("ball")
                assert ball is not None
                ball.Radius = 3.0
                editor.update_vtk_objects()
                await assert_same(session, editor, viewer, radius=3.0)
                assert sphere.Radius == 3.0


async def assert_same(*sessions: Session, radius: float) -> None:
    for session in sessions:
        ball = session.proxies.find_source("ball")
        assert ball is not None
        bounds = None
        while bounds is None:
            try:
                await session.synced()
                bounds = (await ball.update_pipeline()).bounds
            except ServiceCrashed:
                continue  # it learns of the end by this call
        assert bounds[4:] == (-radius, radius), session
