"""Workers that wait for a client, and workers that are forked: they are there at once, and are workers like others."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from apvserver.hosting.workers.fork_server import ForkServer, NoFork
from apvserver.hosting.workers.forking import _Server
from async_paraview.information import DataInformation
from servermanager import ServiceCrashed, Session, connect
from servermanager.model.proxy import SourceProxy

from ..harness.apvtest import Server, in_loop, poll, poll_async
from ..harness.time_limits import scaled

FORKING = "apvserver.hosting.workers.forking"
forks = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")

TELLER = """
import os, random, sys, tempfile, threading
import numpy.random
from services_core import Packet, Service

class Teller(Service):
    def __init__(self, connect):
        super().__init__("teller")
        self.begun_with = threading.active_count()

    def process(self, incoming):
        print("asked")
        modules = [name for name in sys.modules if name.startswith(("apvserver.", "vtkmodules."))]
        return Packet({
            "pid": os.getpid(), "ppid": os.getppid(), "random": random.random(), "numpy": float(numpy.random.random()),
            "temporary": tempfile.gettempdir(), "variable": os.environ["TMPDIR"], "modules": len(modules),
            "has_drawn": "apvserver.render.first_picture" in sys.modules,
        })
"""
"""Says who and where it is."""


@pytest.fixture
def teller(tmp_path: Path) -> dict[str, str | None]:
    (tmp_path / "teller.py").write_text(TELLER)
    return {"PYTHONPATH": str(tmp_path), "APV_SERVICES": "teller:Teller"}


def forker(server: Server) -> psutil.Process:
    (found,) = server.descendants_with(FORKING)
    return found


async def picture(session: Session) -> None:
    view = session.views.RenderView(ViewSize=[32, 32], Background=[0, 0, 1])
    session.show(session.sources.Sphere(), view)
    assert (await view.screenshot(format="rgb")).pixels.any()


@pytest.mark.parametrize("how", ["fork", "spawn"])
@in_loop
async def test_a_client_gets_the_worker_that_waits_and_another_takes_its_place(how: str) -> None:
    with Server(None, "--spare-workers", "1", "--worker-start", how) as server:
        (spare,) = await poll_async(server.workers, deadline_s=30, what="a spare worker")
        async with connect(server.url) as session:
            await picture(session)
            await poll_async(lambda: len(server.workers()) == 2, deadline_s=30, what="the next spare worker")
            assert spare.is_running()
        await poll_async(lambda: not spare.is_running(), what="the end of the worker")
        assert len(server.workers()) == 1


@pytest.mark.parametrize("spares", ["0", "1"])
@in_loop
async def test_a_worker_that_waits_has_made_its_first_picture(spares: str, teller: dict[str, str | None]) -> None:
    """Others begin for a client that waits, and may want none."""
    with Server(None, "--spare-workers", spares, **teller) as server:
        if spares == "1":
            await poll_async(server.workers, deadline_s=30, what="a spare worker")
        async with connect(server.url) as session:
            await session.render.ping()
            told = (await session.endpoint("teller").send_request({})).header
            assert told["has_drawn"] == (spares == "1")
            await picture(session)


@in_loop
async def test_a_spare_that_dies_is_nobodys_loss() -> None:
    with Server(None, "--spare-workers", "1") as server:
        (spare,) = await poll_async(server.workers, deadline_s=30, what="a spare worker")
        spare.kill()
        await poll_async(lambda: "a spare worker is lost" in server.errors, what="the loss of the spare worker")
        async with connect(server.url) as session:
            await picture(session)


@forks
@in_loop
async def test_forked_workers_share_nothing_that_counts(teller: dict[str, str | None]) -> None:
    with Server(None, **teller) as server:
        told = []
        async with connect(server.url) as first, connect(server.url) as second:
            for session in (first, second):
                await picture(session)
                told.append((await session.endpoint("teller").send_request({})).header)
            assert {one.pid for one in server.workers()} == {one["pid"] for one in told}
            assert {one["ppid"] for one in told} == {forker(server).pid}
        for name in ("pid", "random", "numpy", "temporary"):
            assert told[0][name] != told[1][name], name
        assert all(one["temporary"] == one["variable"] for one in told)
        assert server.errors.count("asked") == 2
        assert forker(server).num_threads() == 1


@forks
@in_loop
async def test_sessions_outlive_the_fork_server(teller: dict[str, str | None]) -> None:
    """Others are forked from the next; how those end that were forked from the former is not known any more."""
    with Server(None, **teller) as server:
        async with connect(server.url) as session:
            await picture(session)
            old = (await session.endpoint("teller").send_request({})).header["pid"]
            former = forker(server)
            former.kill()
            await picture(session)
            async with connect(server.url) as other:
                await picture(other)
                assert (await other.endpoint("teller").send_request({})).header["ppid"] == forker(server).pid
            assert not former.is_running()
            assert "what forks workers has ended, and began again" in server.errors
            psutil.Process(old).kill()
            with pytest.raises(ServiceCrashed, match="how is not known"):
                await _ask_for_ever(session)
            await picture(session)


@forks
@pytest.mark.alone
@in_loop
async def test_sessions_whose_workers_die_with_the_fork_server_go_on_in_forks_of_the_next() -> None:
    """One process imports all for them, where each worker did so for itself."""
    with Server(None) as server:
        async with connect(server.url) as one, connect(server.url) as other:
            balls = [session.sources.Sphere(ThetaResolution=5) for session in (one, other)]
            before = [await ball.update_pipeline() for ball in balls]
            for process in (forker(server), *server.workers()):
                process.kill()
            began = time.monotonic()
            after = [await _until_it_works(ball) for ball in balls]
            assert time.monotonic() - began < scaled(3)
            assert [each.number_of_points for each in after] == [each.number_of_points for each in before]
            assert [each.ppid() for each in server.workers()] == [forker(server).pid] * 2


@forks
@in_loop
async def test_what_begins_threads_keeps_workers_from_being_forked() -> None:
    with Server(None, "-v", OPENBLAS_NUM_THREADS="2") as server:
        await poll_async(lambda: "2 threads were begun" in server.errors, deadline_s=30, what="the reason")
        async with connect(server.url) as session:
            await picture(session)
            (worker,) = server.workers()
            assert worker.ppid() == server.pid


class HeardLate(ForkServer):
    """One that is listened to when it has ended already, as on a busy machine."""

    def _listen(self) -> None:
        self._process.wait()
        super()._listen()


@forks
def test_why_nothing_can_be_forked_is_heard_though_a_request_stayed_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux tells of the request first, and only then what the other side has said."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    lost: list[bool] = []
    server = HeardLate("zmq", lambda: lost.append(True))
    try:
        server.load(["none.so"])
        with pytest.raises(NoFork, match="2 threads were begun by what is imported"):
            server.fork({})
    finally:
        server.close()
        assert server.join(scaled(30))
    assert lost == []


@forks
def test_what_forks_ends_with_who_started_it_though_a_report_stayed_unread() -> None:
    requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    read, write = os.pipe()
    with theirs, open(read, "rb", 0) as control:
        theirs.send(b"a report")
        requests.close()
        os.close(write)
        assert _Server(theirs, control).run() is None


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_nothing_is_left(end: str) -> None:
    with Server(None, "--spare-workers", "2") as server:
        poll(lambda: len(server.workers()) == 2, deadline_s=30, what="spare workers")
        asyncio.run(_come_and_go(server.url))
        all_of_it = server.descendants()
        getattr(psutil.Process(server.pid), end)()
        server.wait()
        poll(lambda: not any(one.is_running() for one in all_of_it), what="the end of all of its processes")


async def _ask_for_ever(session: Session) -> None:
    while True:
        await session.types()


async def _until_it_works(proxy: SourceProxy) -> DataInformation:
    with suppress(ServiceCrashed):  # at most one call is told
        return await proxy.update_pipeline()
    return await proxy.update_pipeline()


async def _come_and_go(url: str) -> None:
    async with connect(url) as session:
        await session.sources.Sphere().update_pipeline()
