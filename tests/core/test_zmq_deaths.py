"""The zmq backend and processes that die, freeze, are busy, or forget to close."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services_core import ConnectionLost, ServiceEndpoint, ServicesEngine, ServicesError

from ..harness.time_limits import scaled
from .zmq_server import Server

pytestmark = pytest.mark.waiting

_HOST = "127.0.0.1"


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


class Program:
    """One of zmq_programs in a process of its own; `line` is the first that it printed."""

    def __init__(self, name: str, url: str) -> None:
        command = [sys.executable, "-W", "error", "-m", "tests.core.zmq_programs", name, url]
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def programs() -> Iterator[list[Program]]:
    begun: list[Program] = []
    yield begun
    for program in begun:
        program.kill()


@pytest.fixture
def engine() -> Iterator[ServicesEngine]:
    with ServicesEngine("zmq") as one:
        yield one


def _lost_after(endpoint: ServiceEndpoint, limit_s: float) -> ServicesError:
    over = threading.Event()
    endpoint.add_close_callback(lambda error: over.set())
    assert over.wait(scaled(limit_s)), f"not noticed within {scaled(limit_s)} s"
    assert endpoint.error is not None
    return endpoint.error


# --- processes that die, freeze or are busy


def test_killed_server_is_noticed_within_a_second(engine: ServicesEngine, programs: list[Program]) -> None:
    programs.append(Program("serve", f"tcp://{_HOST}:0"))
    endpoint = engine.endpoint("echo", programs[0].line)
    endpoint.send_request({}).result(scaled(5))
    waiting = endpoint.send_request({"do": "sleep", "s": 30})
    programs[0].process.kill()
    with pytest.raises(ConnectionLost) as caught:
        waiting.result(scaled(1.0))
    assert caught.value.maybe_executed
    assert "broke" in str(caught.value)


@pytest.mark.parametrize("loop_is", ["waiting", "busy", "stopped"])
def test_killed_server_of_a_loop_that_receives_is_noticed_within_a_second(
    engine: ServicesEngine, programs: list[Program], loop_is: str
) -> None:
    programs.append(Program("serve", f"tcp://{_HOST}:0"))
    endpoint = engine.endpoint("echo", programs[0].line)

    async def use() -> None:
        await endpoint.send_request({})
        await endpoint.send_request({})
        waiting = endpoint.send_request({"do": "sleep", "s": 30})
        if loop_is == "stopped":
            return
        programs[0].process.kill()
        if loop_is == "busy":
            until = time.monotonic() + scaled(1.0)
            while endpoint.error is None and time.monotonic() < until:
                time.sleep(0.001)  # noqa: ASYNC251  # on purpose: this loop does nothing else
            assert isinstance(endpoint.error, ConnectionLost), "the communication thread sees it"
        with pytest.raises(ConnectionLost):
            async with asyncio.timeout(scaled(1.0)):
                await waiting

    asyncio.run(use())
    if loop_is == "stopped":
        programs[0].process.kill()
        assert isinstance(_lost_after(endpoint, 1.0), ConnectionLost)


def test_killed_client_is_noticed_within_a_second(server: Server, programs: list[Program]) -> None:
    programs.append(Program("visit", server.url))
    assert programs[0].line == "connected"
    programs[0].process.kill()
    assert server.service.left.wait(scaled(1.0))
    server.must_work()


def test_frozen_server_is_noticed_within_five_seconds(engine: ServicesEngine, programs: list[Program]) -> None:
    programs.append(Program("serve", f"tcp://{_HOST}:0"))
    endpoint = engine.endpoint("echo", programs[0].line)
    endpoint.send_request({}).result(scaled(5))
    psutil.Process(programs[0].process.pid).suspend()
    assert isinstance(_lost_after(endpoint, 5.0), ConnectionLost)


@pytest.mark.parametrize("do", ["spin", "sleep"])
def test_busy_server_is_not_declared_dead(engine: ServicesEngine, programs: list[Program], do: str) -> None:
    programs.append(Program("serve", f"tcp://{_HOST}:0"))
    endpoint = engine.endpoint("echo", programs[0].line)
    endpoint.send_request({}).result(scaled(5))
    reply = endpoint.send_request({"do": do, "s": 5.0})
    others = [endpoint.send_request({"n": n}) for n in range(3000)]  # more than libzmq reads ahead by default
    assert reply.result(scaled(20)).header["s"] == 5.0
    assert others[-1].result(scaled(20)).header == {"n": 2999}
    assert endpoint.error is None


def test_forgotten_engines_let_the_interpreter_exit() -> None:
    command = [sys.executable, "-W", "error", "-m", "tests.core.zmq_programs", "forget", ""]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, timeout=scaled(15), check=False, cwd=root)
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_a_flood_that_ends_abruptly_does_not_end_the_server(programs: list[Program]) -> None:
    """A listener sends no heartbeats (docs/adr/0003)."""
    flooded = Program("flooded", f"tcp://{_HOST}:0")
    programs.append(flooded)
    assert flooded.line == "flooded"
    printed, _ = flooded.process.communicate(timeout=scaled(60))
    assert (flooded.process.returncode, printed.strip()) == (0, "after")
