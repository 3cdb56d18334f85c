"""Many sessions leave nothing behind: no thread, no process, no file, no open descriptor."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from pathlib import Path

import psutil
import pytest

from servermanager import Session, connect

from ..harness.apvtest import BACKENDS, Server, in_loop, is_worker, poll_async, variables
from ..harness.backends import crosses_processes


async def use(session: Session) -> None:
    view = session.views.RenderView(ViewSize=[32, 32])
    session.show(session.sources.SphereSource(), view)
    assert (await view.screenshot(format="rgb")).pixels.shape == (32, 32, 3)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_many_sessions_of_a_server(backend: str, tmp_path: Path) -> None:
    with Server(backend, TMPDIR=str(tmp_path)) as server:
        async with connect(server.url) as session:
            await use(session)
        process = psutil.Process(server.pid)
        await poll_async(lambda: not server.workers(), what="the end of the worker")
        threads, descriptors = process.num_threads(), process.num_fds()
        for _ in range(2 if crosses_processes(backend) else 5):
            sessions = await asyncio.gather(*(connect(server.url) for _ in range(4)))
            if not crosses_processes(backend):
                await asyncio.gather(*map(use, sessions))
            await asyncio.gather(*(session.close() for session in sessions))
        await poll_async(lambda: not server.workers(), what="the end of the workers")
        await poll_async(lambda: process.num_threads() <= threads + 1, what="the end of the threads")
        await poll_async(lambda: process.num_fds() <= descriptors + 2, what="closed descriptors")
        await poll_async(
            lambda: not any(name.startswith("apv-worker-") for name in os.listdir(tmp_path)),
            what="the end of their directories",  # which are removed after the processes have ended
        )
        assert server.errors == ""


@pytest.mark.parametrize(("backend", "times"), [("inproc", 20), ("zmq", 3)])
@in_loop
async def test_built_in_sessions(backend: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with connect(backend=backend) as session:
        await use(session)
    this = psutil.Process()
    before = {thread.name for thread in threading.enumerate()}
    children = set(this.children())
    descriptors = this.num_fds()
    for _ in range(times):
        async with connect(backend=backend) as session:
            await use(session)
    assert set(this.children()) <= children
    names = {thread.name for thread in threading.enumerate()}
    assert {name for name in names - before if not name.startswith("asyncio_")} == set()
    # What sockets held is closed by threads of libzmq and of asyncio, a little later.
    await poll_async(lambda: this.num_fds() <= descriptors + 2, what="closed descriptors")
    assert os.listdir(tmp_path) == []


@in_loop
async def test_a_built_in_session_without_ipc() -> None:
    with variables(APV_ZMQ_NO_IPC="1"):
        async with connect(backend="zmq") as session:
            await use(session)


@in_loop
async def test_cancelled_while_connecting() -> None:
    for backend in BACKENDS:
        for patience_s in (0, 0.05, 0.3):
            opening = asyncio.create_task(_open(backend))
            await asyncio.wait([opening], timeout=patience_s)
            opening.cancel()
            outcome = (await asyncio.gather(opening, return_exceptions=True))[0]
            if isinstance(outcome, Session):
                await outcome.close()
    children = psutil.Process().children()
    await poll_async(lambda: not any(map(is_worker, children)), what="the end of workers")


async def _open(backend: str) -> Session:
    return await connect(backend=backend)
