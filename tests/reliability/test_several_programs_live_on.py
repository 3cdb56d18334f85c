"""Sessions with several programs: one is killed, or the worker process is, and the others go on with all there is."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress

import pytest

from servermanager import ServicesError, Session, connect

from ..harness.apvtest import BACKENDS, Program, Server, in_loop
from ..harness.time_limits import scaled
from ..servermanager.test_changes_meet import differences
from ..servermanager.test_several_programs import make_scene, pixels, settled, shape

OPENS = """
import asyncio, sys
from async_paraview import connect

async def main():
    session = await connect(sys.argv[1])
    wavelet = session.sources.Wavelet()
    contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[150.0])
    view = session.views.RenderView(ViewSize=[80, 60])
    session.show(contour, view, Color=[1, 0, 0])
    await view.ready()
    joined = asyncio.Event()
    session.on_change(lambda change: joined.set())
    print("token", session.token, flush=True)
    await joined.wait()
    print("saw", session.proxies.find_source("Sphere1") is not None, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_who_opened_it_is_killed_and_the_other_goes_on(backend: str) -> None:
    loop = asyncio.get_running_loop()
    with Server(backend) as server, Program("-c", OPENS, server.url) as opener:
        found = await loop.run_in_executor(None, lambda: opener.wait_for(r"token (\S+)"))
        async with connect(server.url, session=found[1]) as session:
            (skin,) = (one for one in session.proxies.sources() if one.type_name == "Contour")
            before = await pixels(session)
            session.sources.Sphere().update_vtk_objects()
            await loop.run_in_executor(None, lambda: opener.wait_for("saw True"))
            opener.kill()
            assert (await skin.update_pipeline()).number_of_cells > 0
            assert await pixels(session) == before
            skin.Isosurfaces = [200.0]
            session.all_representations()[0].Color = [0, 1, 0]
            after = await pixels(session)
            assert after != before
            async with connect(server.url, session=session.token) as third:
                assert shape(third)["proxies"] == shape(session)["proxies"] and await pixels(third) == after


async def until_alive(session: Session) -> None:
    """The worker that takes the place of the dead one is there, and has been told."""
    async with asyncio.timeout(scaled(20)):
        while True:
            with suppress(ServicesError):
                await session.synced()
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("how", ["killed", "restarted"])
@in_loop
async def test_all_go_on_in_the_worker_that_takes_the_place_of_another(how: str) -> None:
    with Server("zmq") as server:
        async with AsyncExitStack() as stack:
            one = await stack.enter_async_context(connect(server.url))
            other = await stack.enter_async_context(connect(server.url, session=await one.invite("editor")))
            viewer = await stack.enter_async_context(connect(server.url, session=await one.invite("viewer")))
            everyone = [one, other, viewer]
            make_scene(one)
            await settled(*everyone)
            mine = other.sources.Sphere(Radius=2.0)
            other.all_views()[0].Background = [0, 0, 1]
            await settled(*everyone)
            before = [await pixels(session) for session in everyone]
            shapes = [shape(session) for session in everyone]
            if how == "killed":
                (worker,) = server.workers()
                lost = asyncio.create_task(other.synced())
                worker.kill()
                with suppress(ServicesError):
                    await lost
            else:
                await other.restart()
            for session in everyone:
                await until_alive(session)
            await settled(*everyone)
            assert [differences(shape(session), was) for session, was in zip(everyone, shapes, strict=True)] == [[]] * 3
            assert [await pixels(session) for session in everyone] == before
            mine.Radius = 3.0
            one.all_views()[0].Background = [0, 1, 0]
            await settled(*everyone)
            assert differences(shape(one), shape(other)) == differences(shape(other), shape(viewer)) == []
            bounds = (await mine.update_pipeline()).bounds
            assert bounds is not None and bounds[1] > 2.5
