"""Outages: links that go down, and servers and clients that are stopped, with work under way."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil

from async_paraview.credentials import read_token
from servermanager import connect

from .figures import Figure, Measurement, at_most
from .pastime import Pastime
from .proxy import Proxy

_READY = re.compile(r"ready at (tcp://\S+)")
_BACKENDS = ("zmq", "inproc")

Outage = Callable[["_Stage"], AbstractContextManager[None]]


class _Stage:
    """A server in a process group of its own, and a proxy before it."""

    def __init__(self, backend: str) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self.token_file = Path(self._directory.name) / "token"
        command = [sys.executable, "-m", "apvserver", "-p", "0", "--backend", backend, "--token-file"]
        self.process = subprocess.Popen([*command, str(self.token_file)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = next(filter(None, map(_READY.search, self.process.stdout)), None)
        assert found is not None, "apvserver did not begin"
        self.proxy = Proxy(found[1])
        read_token(self.token_file)

    def close(self) -> None:
        self.proxy.__exit__()
        self.process.terminate()
        self.process.wait(20)
        self._directory.cleanup()


def _link_down(stage: _Stage) -> AbstractContextManager[None]:
    return stage.proxy.down()


def _link_dropped(stage: _Stage) -> AbstractContextManager[None]:
    return stage.proxy.down(drop=True)


@contextmanager
def _server_stopped(stage: _Stage) -> Iterator[None]:
    every = [psutil.Process(stage.process.pid)]
    every += every[0].children(recursive=True)
    for one in every:
        one.suspend()
    try:
        yield
    finally:
        for one in every:
            one.resume()


async def _once(stage: _Stage, outage: Outage, seconds: float) -> float:
    """Return after how long a session goes on; raises what it raises if it does not, or is wrong."""
    async with connect(stage.proxy.url, token_file=stage.token_file) as session, Pastime(session) as pastime:
        with outage(stage):
            await asyncio.sleep(seconds)
        async with asyncio.timeout(60):
            return await pastime.goes_on()


def _client_stopped(stage: _Stage, seconds: float) -> float:
    """Return after how long a client goes on that was stopped itself, in a process of its own."""
    command = [sys.executable, "-m", "bench.reliability.stopped_client", stage.proxy.url, str(stage.token_file)]
    client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None and client.stdin is not None
    try:
        assert client.stdout.readline() == "under way\n"
        os.kill(client.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(client.pid, signal.SIGCONT)
        client.stdin.write("go on\n")
        client.stdin.flush()
        return float(client.stdout.readline())
    finally:
        client.kill()
        client.wait()


def _figures(label: str, many: int, once: Callable[[], float]) -> Iterator[Figure]:
    took_s: list[float] = []
    lost: list[str] = []
    for _ in range(many):
        try:
            took_s.append(once())
        except Exception as error:
            lost.append(f"{type(error).__name__}: {str(error)[:60]}")
    yield Figure(f"{label}: sessions lost, or wrong", len(lost), "", many, at_most(0), "; ".join(lost[:1]))
    if took_s:
        yield Figure(f"{label}: goes on after, at most", max(took_s), "s", many, at_most(2.0))


def _measure(quick: bool) -> Iterator[Figure]:
    for backend in _BACKENDS:
        stage = _Stage(backend)
        try:
            yield from _measure_one(stage, backend, quick)
        finally:
            stage.close()


def _measure_one(stage: _Stage, backend: str, quick: bool) -> Iterator[Figure]:
    many = 1 if quick else 5
    kinds: list[tuple[str, Outage, list[float]]] = [
        ("link down", _link_down, [3.0] if quick else [3.0, 8.0, 30.0]),
        ("link dropped", _link_dropped, [1.0] if quick else [8.0]),
        ("server stopped", _server_stopped, [5.0] if quick else [20.0]),
    ]
    for name, outage, lengths in kinds:
        for seconds in lengths:

            def once(outage: Outage = outage, seconds: float = seconds) -> float:
                return asyncio.run(_once(stage, outage, seconds))

            yield from _figures(f"{backend}, {name} {seconds:g} s", many, once)
    if hasattr(signal, "SIGSTOP"):
        stop_s = 5.0 if quick else 20.0
        label = f"{backend}, client stopped {stop_s:g} s"
        yield from _figures(label, many, lambda: _client_stopped(stage, stop_s))


MEASUREMENTS = (
    Measurement(
        "outages",
        "With a filter, a fetch, requests and a stream of images under way a link goes down, or a process is stopped.",
        _measure,
    ),
)
