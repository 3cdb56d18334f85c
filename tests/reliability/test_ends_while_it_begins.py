"""A server that is told to end while something of it begins does not wait for that, and calls it no failure."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from servermanager import ServicesError, connect

from ..harness.apvtest import BACKENDS, Program, Server, in_loop, poll, poll_async
from ..harness.backends import crosses_processes
from ..harness.time_limits import scaled

pytestmark = [
    pytest.mark.waiting,
    pytest.mark.skipif(sys.platform == "win32", reason="a process is not asked to end there"),
]

HANGS = """
import os, sys, time
from pathlib import Path


def hang():
    Path(__file__).with_name(f"hangs-{os.getpid()}").touch()
    time.sleep(300)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in MODULES:
            hang()


sys.meta_path.insert(0, Finder)
if set(sys.orig_argv) & set(PROGRAMS):
    hang()
"""
"""Read by every Python that a server starts."""

FORKER, WORKER, PROBE = "apvserver.hosting.workers.forking", "apvserver.hosting.worker", "--draw"


def hanging(directory: Path, *, programs: tuple[str, ...] = (), modules: tuple[str, ...] = ()) -> str:
    """A PYTHONPATH with which these take for ever."""
    directory.mkdir()
    (directory / "sitecustomize.py").write_text(f"PROGRAMS, MODULES = {programs!r}, {modules!r}\n{HANGS}")
    return str(directory)


def has_begun(directory: Path) -> bool:
    """Whether something takes for ever by now."""
    return any(directory.glob("hangs-*"))


def assert_ends(server: Program, temporary: Path, within_s: float = 2.5) -> None:
    """Told to end it does, soon, without a word, and nothing is left of it."""
    left = server.descendants()
    begun = time.monotonic()
    server.signal(signal.SIGTERM)
    assert server.wait(deadline_s=20) == 0, server.errors
    assert time.monotonic() - begun < scaled(within_s), server.errors
    assert server.errors == ""
    poll(lambda: not any(one.is_running() for one in left), what="the end of what the server had started")
    assert [one.name for one in temporary.iterdir()] == []


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_its_workers_begin(start: str, tmp_path: Path) -> None:
    slow = hanging(tmp_path / "slow", programs=(FORKER, WORKER, PROBE))
    (temporary := tmp_path / "temporary").mkdir()
    options = ("--spare-workers", "1", "--worker-start", start)
    with Server("zmq", *options, PYTHONPATH=slow, TMPDIR=str(temporary)) as server:
        poll(lambda: has_begun(tmp_path / "slow"), what="what the server starts")
        assert_ends(server, temporary)


def takes_signals(server: Program) -> bool:
    """Whether SIGTERM would not simply end it, as the kernel says (proc_pid_status(5))."""
    caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{server.pid}/status").read_text())
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells there which signals a program takes")
@pytest.mark.parametrize("backend", BACKENDS)
def test_it_begins_itself_on_a_busy_machine(backend: str, tmp_path: Path) -> None:
    """Told to before it is ready, and right after."""
    with Program("-c", "while True: pass"), Program("-c", "while True: pass"):
        for ready, within_s in (("", 15.0), ("ready at", 5.0)):  # it has to import, too
            options = ("-p", "0", "--backend", backend, "--spare-workers", "1")
            with Program("-m", "apvserver", *options, TMPDIR=str(tmp_path)) as server:
                poll(lambda: takes_signals(server), deadline_s=30, what="the server that takes signals")
                server.wait_for(ready)
                assert_ends(server, tmp_path, within_s)


@pytest.mark.parametrize(("backend", "start"), [("inproc", "fork"), ("zmq", "fork"), ("zmq", "spawn")])
@in_loop
async def test_a_session_begins(backend: str, start: str, tmp_path: Path) -> None:
    slow = hanging(tmp_path / "slow", programs=(FORKER,), modules=("vtkmodules",))
    (temporary := tmp_path / "temporary").mkdir()
    with Server(backend, "--worker-start", start, PYTHONPATH=slow, TMPDIR=str(temporary)) as server:
        session = asyncio.ensure_future(connect(server.url))
        if crosses_processes(backend):
            await poll_async(lambda: list(temporary.glob("apv-worker-*")), what="the session's worker")
        await poll_async(lambda: has_begun(tmp_path / "slow"), what="a session that begins")
        await asyncio.to_thread(assert_ends, server, temporary)
        with suppress(ServicesError):
            await (await session).close()
