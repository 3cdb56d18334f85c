"""A terminal that is closed: the system tells all that runs in it, and a server there ends as if told to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import psutil
import pytest

from async_paraview.credentials import find_server
from servermanager import connect
from services_core import ServicesError

from ..harness.apvtest import BACKENDS, Program, Server, in_loop, poll_async

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="closing a console is no signal there")


def hang_up(program: Program) -> None:
    """What the system does: the program and all that it has started get the signal."""
    for one in (psutil.Process(program.pid), *program.descendants()):
        os.kill(one.pid, signal.SIGHUP)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_the_server_tells_its_clients_and_leaves_nothing(backend: str) -> None:
    with Server(backend) as server:
        session = await connect(server.url)
        wavelet = session.sources.Wavelet()
        await wavelet.update_pipeline()
        left = server.descendants()
        hang_up(server)
        assert await asyncio.to_thread(server.wait) == 0, server.errors
        assert server.errors == "" and find_server(server.url) is None
        await poll_async(lambda: not any(one.is_running() for one in left), what="the end of what it had started")
        with pytest.raises(ServicesError, match="the server"):
            await wavelet.update_pipeline()
        await session.close()


@in_loop
async def test_nohup_keeps_the_server() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        server = Server("zmq")
    finally:
        signal.signal(signal.SIGHUP, before)
    with server:
        async with connect(server.url) as session:
            hang_up(server)
            assert (await session.sources.Wavelet().update_pipeline()).number_of_points == 9261
