"""Ctrl-C and SIGTERM: a script ends at once, a server says goodbye; no process, no file, no traceback is left."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import pytest

from servermanager import ConnectionLost, connect

from ..harness.apvslow import AS_OTHERS, slow_filter, until_it_runs
from ..harness.apvtest import BACKENDS, Program, Server, in_loop, poll, poll_async
from ..harness.backends import crosses_processes
from ..harness.time_limits import scaled

SLOW_CLIENT = str(Path(__file__).with_name("slow_client.py"))


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["abortable", "stubborn"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_interrupted_script_built_in(backend: str, kind: str, tmp_path: Path) -> None:
    with Program(
        "-m", "apvpython", "--backend", backend, SLOW_CLIENT, kind, TMPDIR=str(tmp_path), **AS_OTHERS
    ) as client:
        client.wait_for("running")
        workers = client.workers()
        client.signal(signal.SIGINT)
        begun = time.monotonic()
        assert client.wait(deadline_s=10) == 130
        assert time.monotonic() - begun < scaled(2), client.errors
        slow = scaled(1.0) > 1.0  # what is interrupted has one second to close, however busy the machine is
        assert_quiet(client, stubborn=kind == "stubborn" or slow)
        poll(lambda: not any(worker.is_running() for worker in workers), deadline_s=5, what="the end of the worker")
    assert left_in(tmp_path) == []


def left_in(directory: Path) -> list[str]:
    """The names of our temporary files."""
    return [path.name for path in directory.iterdir() if path.name.startswith("apv-")]


def assert_quiet(client: Program, *, stubborn: bool = False) -> None:
    """Its last line says that it was interrupted; a stubborn filter may be warned of before."""
    *warnings, last = client.errors.splitlines()
    assert last == "apvpython: interrupted", client.errors
    assert "Traceback" not in client.errors
    assert len(warnings) <= (1 if stubborn else 0), client.errors
    assert "raised" not in client.output and "finished" not in client.output, client.output


@pytest.mark.alone
@pytest.mark.parametrize("backend", BACKENDS)
def test_interrupted_script_of_a_server(backend: str) -> None:
    with Server(backend, **AS_OTHERS) as server:
        with Program("-m", "apvpython", "--server-url", server.url, SLOW_CLIENT) as client:
            client.wait_for("running")
            threads = server.threads()
            client.signal(signal.SIGINT)
            begun = time.monotonic()
            assert client.wait(deadline_s=10) == 130
            assert time.monotonic() - begun < scaled(2), client.errors
            assert_quiet(client)
        if crosses_processes(backend):
            poll(lambda: not server.workers(), deadline_s=5, what="the end of the worker")
        else:
            poll(lambda: server.threads() < threads, deadline_s=5, what="the end of the session's threads")


def test_interrupted_script_that_computes() -> None:
    """As in plain Python: KeyboardInterrupt where the script is, at the first Ctrl-C.

    It sleeps in steps: a signal that comes after Python's last look, and before the system call, waits for its end.
    """
    script = "import time\nprint('computing', flush=True)\nfor _ in range(6000):\n    time.sleep(0.01)"
    with Program("-m", "apvpython", "-c", script) as client:
        client.wait_for("computing")
        client.signal(signal.SIGINT)
        assert client.wait(deadline_s=20) == 130
        assert client.errors == "apvpython: interrupted\n"


def test_a_script_may_clean_up_after_an_interrupt() -> None:
    script = """
import asyncio
try:
    print("waiting", flush=True)
    await asyncio.Event().wait()
finally:
    await asyncio.sleep(0.01)
    print("cleaned up", flush=True)
"""
    with Program("-m", "apvpython", "-c", script) as client:
        client.wait_for("waiting")
        client.signal(signal.SIGINT)
        assert client.wait(deadline_s=20) == 130
        assert "cleaned up" in client.output


@pytest.mark.waiting
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_server_stopped_with_clients_connected(backend: str, how: signal.Signals, tmp_path: Path) -> None:
    with Server(backend, TMPDIR=str(tmp_path), **AS_OTHERS) as server:
        busy, idle = await connect(server.url), await connect(server.url)
        await idle.sources.SphereSource().update_pipeline()
        slow = slow_filter(busy)
        await until_it_runs(busy)
        messages = asyncio.create_task(anext(idle.messages()))
        await asyncio.sleep(0)
        workers = server.workers()
        assert len(workers) == (2 if crosses_processes(backend) else 0)
        server.signal(how)
        begun = time.monotonic()
        for task in (slow, messages):
            with pytest.raises(ConnectionLost, match="the server is shutting down"):
                await task
        assert await asyncio.to_thread(server.wait, deadline_s=10) == 0
        assert time.monotonic() - begun < scaled(10)
        assert server.errors == "", server.errors
        with pytest.raises(ConnectionLost, match="the server is shutting down"):
            await idle.sources.SphereSource().update_pipeline()
        await poll_async(lambda: not any(worker.is_running() for worker in workers), what="the end of the workers")
        assert left_in(tmp_path) == []
        await asyncio.gather(busy.close(), idle.close())


@pytest.mark.parametrize("backend", BACKENDS)
def test_server_stopped_in_a_stubborn_filter(backend: str) -> None:
    with (
        Server(backend) as server,
        Program("-m", "apvpython", "--server-url", server.url, SLOW_CLIENT, "stubborn") as client,
    ):
        client.wait_for("running")
        server.signal(signal.SIGTERM)
        code = server.wait(deadline_s=10)
        assert code == (0 if crosses_processes(backend) else 1)
        assert client.wait(deadline_s=5) == 1
        assert "the server is shutting down" in client.errors
        if not crosses_processes(backend):
            assert "cannot be interrupted" in server.errors


@pytest.mark.waiting
@pytest.mark.parametrize("backend", BACKENDS)
def test_idle_server_stopped(backend: str) -> None:
    with Server(backend) as server:
        server.signal(signal.SIGTERM)
        begun = time.monotonic()
        assert server.wait(deadline_s=5) == 0
        assert time.monotonic() - begun < scaled(2)
        assert server.errors == ""
