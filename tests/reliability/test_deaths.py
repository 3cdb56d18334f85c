"""kill -9, in every place and in the middle of everything: who is left is told in time, and nothing is left behind."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from servermanager import ConnectionLost, ServiceCrashed, connect

from ..harness.apvslow import AS_OTHERS, slow_filter, until_it_runs
from ..harness.apvtest import KILLED, Program, Server, in_loop, is_worker, poll, poll_async
from ..harness.time_limits import scaled

SLOW_CLIENT = str(Path(__file__).with_name("slow_client.py"))


async def assert_works(server: Server) -> None:
    async with connect(server.url) as session:
        assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


@pytest.mark.parametrize("kind", ["abortable", "stubborn"])
def test_client_killed_in_a_filter_frees_its_worker(kind: str) -> None:
    """Backend zmq: the worker process ends, also if its filter cannot be interrupted."""
    with Server("zmq", "--keep", "1") as server:
        with Program("-m", "apvpython", "--server-url", server.url, SLOW_CLIENT, kind) as client:
            client.wait_for("running")
            (worker,) = server.workers()
            client.kill()
            asyncio.run(assert_works(server))  # the others go on meanwhile
            poll(lambda: not worker.is_running(), deadline_s=8, what="the end of the worker")
        poll(lambda: not server.workers(), deadline_s=5, what="the end of all workers")
        asyncio.run(assert_works(server))


@pytest.mark.waiting
def test_client_killed_in_a_filter_frees_its_threads() -> None:
    """Backend inproc: the service threads end."""
    with Server("inproc", "--keep", "1", **AS_OTHERS) as server:
        asyncio.run(assert_works(server))  # VTK is imported, pools are warm
        poll(lambda: server.threads() <= idle_threads(server), what="idle threads")
        before = server.threads()
        with Program("-m", "apvpython", "--server-url", server.url, SLOW_CLIENT, "abortable") as client:
            client.wait_for("running")
            assert server.threads() > before
            client.kill()
            asyncio.run(assert_works(server))
        poll(lambda: server.threads() <= before, deadline_s=5, what="the end of the session's threads")


def idle_threads(server: Server) -> int:
    """The number of threads, when it has stayed the same for a while."""
    seen = server.threads()
    until = time.monotonic() + scaled(0.5)
    while time.monotonic() < until:
        now = server.threads()
        if now != seen:
            seen, until = now, time.monotonic() + scaled(0.5)
        time.sleep(0.02)
    return seen


def test_client_killed_in_a_stubborn_filter_keeps_nobody_waiting() -> None:
    """Backend inproc: the thread goes on until VTK returns, which is documented; everybody else is served."""
    with (
        Server("inproc") as server,
        Program("-m", "apvpython", "--server-url", server.url, SLOW_CLIENT, "stubborn") as client,
    ):
        client.wait_for("running")
        client.kill()
        begun = time.monotonic()
        asyncio.run(assert_works(server))
        assert time.monotonic() - begun < scaled(5)


@pytest.mark.parametrize(("backend", "client_backend", "keep"), [
    ("inproc", "zmq", "0"), ("zmq", "inproc", "0"), ("zmq", "zmq", "60"),
])  # fmt: skip
@pytest.mark.waiting
@in_loop
async def test_server_killed_while_a_client_waits(backend: str, client_backend: str, keep: str) -> None:
    with Server(backend, "--keep", keep) as server:
        session = await connect(server.url, backend=client_backend)
        running = asyncio.create_task(until_it_runs(session))
        view = session.views.RenderView()
        slow = slow_filter(session)
        session.show(slow.proxy, view)  # what the screenshot waits for
        await running
        messages = asyncio.create_task(anext(session.messages()))
        images = asyncio.create_task(anext(view.images()))
        waiting: list[Any] = [slow, asyncio.create_task(view.screenshot()), messages, images]
        await asyncio.sleep(0)  # so that they wait
        server.kill()
        begun = time.monotonic()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert time.monotonic() - begun < scaled(1 if keep == "0" else 7)
        lost = [outcome for outcome in outcomes if isinstance(outcome, ConnectionLost)]
        assert len(lost) >= 3, outcomes  # the first image may have come before
        assert server.url in str(lost[0]), lost
        with pytest.raises(ConnectionLost):
            await session.sources.SphereSource().update_pipeline()
        await session.close()


@in_loop
async def test_workers_of_a_killed_server_end() -> None:
    with Server("zmq") as server:
        sessions = [await connect(server.url) for _ in range(2)]
        workers = server.workers()
        assert len(workers) == 2
        slow = slow_filter(sessions[0])
        await until_it_runs(sessions[0])
        server.kill()
        await asyncio.gather(slow, return_exceptions=True)
        await poll_async(lambda: not any(worker.is_running() for worker in workers), what="the end of the workers")
        for session in sessions:
            await session.close()


@pytest.mark.waiting
@in_loop
async def test_worker_killed() -> None:
    with Server("zmq") as server:
        async with connect(server.url) as hit:
            victim = server.workers()
            async with connect(server.url) as other:
                slow = slow_filter(hit)
                await until_it_runs(hit)
                victim[0].kill()
                begun = time.monotonic()
                with pytest.raises(ServiceCrashed, match=KILLED):
                    await slow
                assert time.monotonic() - begun < scaled(1)
                assert (await other.sources.SphereSource().update_pipeline()).number_of_points == 50
                assert (await hit.sources.SphereSource().update_pipeline()).number_of_points == 50
                await assert_works(server)  # a new session


@pytest.mark.waiting
@in_loop
async def test_worker_of_a_built_in_session_killed() -> None:
    async with connect(backend="zmq") as session:
        slow = slow_filter(session)
        await until_it_runs(session)
        (worker,) = [one for one in psutil.Process().children() if is_worker(one)]
        worker.kill()
        begun = time.monotonic()
        with pytest.raises(ServiceCrashed, match=KILLED):
            await slow
        assert time.monotonic() - begun < scaled(1)
    async with connect(backend="zmq") as session:  # and again
        assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


@pytest.mark.parametrize("kind", ["abortable", "stubborn"])
def test_worker_of_a_built_in_session_ends_with_its_client(kind: str) -> None:
    with Program("-m", "apvpython", "--backend", "zmq", SLOW_CLIENT, kind) as client:
        client.wait_for("running")
        (worker,) = client.workers()
        client.kill()
        poll(lambda: not worker.is_running(), deadline_s=8, what="the end of the worker")


@in_loop
async def test_a_frozen_worker_is_noticed() -> None:
    with Server("zmq") as server:
        async with connect(server.url) as session:
            slow = slow_filter(session)
            await until_it_runs(session)
            (worker,) = server.workers()
            worker.suspend()
            begun = time.monotonic()
            with pytest.raises(ServiceCrashed, match="did not answer any more"):
                await slow
            assert time.monotonic() - begun < scaled(8)  # two of them for the link to be taken up again
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50
            await assert_works(server)
        await poll_async(lambda: not worker.is_running(), what="the end of the frozen worker")


@in_loop
async def test_a_frozen_server_is_noticed() -> None:
    with Server("zmq", "--keep", "0") as server:
        session = await connect(server.url, backend="inproc")
        slow = slow_filter(session)
        await until_it_runs(session)
        with server.frozen():
            begun = time.monotonic()
            with pytest.raises(ConnectionLost):
                await slow
            assert time.monotonic() - begun < scaled(6)
            await session.close()
        await assert_works(server)
