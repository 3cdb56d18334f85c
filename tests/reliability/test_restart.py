"""A filter that cannot be interrupted is ended with its process, and the session goes on with all it consists of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from servermanager import ConnectionLost, RemoteError, Session, connect
from services_core import Refused

from ..harness.apvslow import slow_filter, until_it_runs
from ..harness.apvtest import Server, in_loop
from ..harness.time_limits import scaled

HOMES = ["built in", "remote"]


@asynccontextmanager
async def session_on(home: str, backend: str) -> AsyncIterator[Session]:
    if home == "built in":
        async with connect(backend=backend) as session:
            yield session
    else:
        with Server(backend) as server:
            async with connect(server.url) as session:
                yield session


async def scene(session: Session) -> tuple[list[object], bytes]:
    """Values of a pipeline with an object, data of ours, and a view of it, after asking for all."""
    by_name = session.proxies.find_source
    cut, mine = by_name("cut"), by_name("mine")
    assert cut is not None and mine is not None
    values: list[object] = [
        (await cut.update_pipeline()).bounds,
        float((await mine.fetch()).point_data["values"].sum()),
    ]
    image = await session.all_views()[0].screenshot(format="rgb")
    return values, bytes(image.data)


async def make_scene(session: Session) -> None:
    plane = session.objects.Plane(Origin=[0, 0, 3], Normal=[0, 0, 1])
    cut = session.filters.Slice(Input=session.sources.Wavelet(), SliceType=plane)
    session.proxies.rename(cut, "cut")
    await session.send_data(np.arange(60.0).reshape(3, 4, 5), name="mine")
    view = session.views.RenderView(ViewSize=[80, 60])
    session.show(cut, view, ColorBy=("POINTS", "RTData"))
    view.reset_camera("-Z")
    await view.screenshot()
    view.rotate(0.1, 0.2)  # what was seen is there again


@pytest.mark.parametrize("home", HOMES)
@in_loop
async def test_force_ends_a_stubborn_filter_and_everything_is_there_again(home: str) -> None:
    async with session_on(home, "zmq") as session:
        await make_scene(session)
        before = await scene(session)
        slow = slow_filter(session, stubborn=True)
        await until_it_runs(session)
        progress = asyncio.create_task(anext(session.messages()))
        await asyncio.sleep(0)
        begun = time.monotonic()
        await slow.interrupt(force=True, grace_s=0.3)
        assert time.monotonic() - begun < scaled(8)
        assert slow.cancelled()
        with pytest.raises(ConnectionLost, match="restart"):
            await progress
        assert await scene(session) == before
        session.delete(slow.proxy)


@pytest.mark.parametrize("home", HOMES)
@in_loop
async def test_threads_cannot_be_ended_and_that_is_said(home: str) -> None:
    async with session_on(home, "inproc") as session:
        cone = session.sources.Cone()
        with pytest.raises((RemoteError, Refused), match=r"threads of a process.*APV_COMMUNICATION_BACKEND=zmq"):
            await session.restart()
        assert (await cone.update_pipeline()).number_of_cells == 7


@in_loop
async def test_an_interruption_without_force_waits_until_the_filter_has_ended() -> None:
    async with connect(backend="zmq") as session:
        slow = slow_filter(session)
        await until_it_runs(session)
        await slow.interrupt()
        assert slow.cancelled()
        assert (await session.data.ping())[1] < 0.5  # the service is no longer busy with it
