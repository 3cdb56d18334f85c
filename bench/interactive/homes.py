"""Where sessions live: built into the client, or in an apvserver, with each backend."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

import psutil

from servermanager import Session, connect

from ..plan import Plan
from ..running.party import BACKEND, Party
from ..running.sample import Sample
from ..scenario import Contender, Measure, Prepare, Stage
from ..variants import Variant

START_LIMIT_S: Final = 30.0


class Home(NamedTuple):
    """A way to have a session."""

    backend: str
    remote: bool

    @property
    def label(self) -> str:
        """How tables call it."""
        return f"{'remote' if self.remote else 'built in'}, {self.backend}"


class SessionParty(Party):
    """A session, and the server that it is on."""

    kind = BACKEND

    def __init__(self, home: Home) -> None:
        self.label = home.label
        self._home = home
        self._server: asyncio.subprocess.Process | None = None
        self._session: Session | None = None

    async def open(self) -> None:
        url = await self._start_server() if self._home.remote else None
        backend = "zmq" if self._home.remote else self._home.backend
        self._session = await connect(url, backend=backend)

    @property
    def session(self) -> Session:
        """The session, once the party was opened."""
        assert self._session is not None
        return self._session

    def server_bytes(self) -> int:
        """Return what the server's processes have for themselves in memory."""
        assert self._server is not None
        server = psutil.Process(self._server.pid)
        return sum(process.memory_full_info().uss for process in (server, *server.children(recursive=True)))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        if self._server is not None:
            self._server.terminate()
            await self._server.wait()

    async def _start_server(self) -> str:
        self._server = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "apvserver", "--server-port", "0",
            "--backend", self._home.backend, "--allow-python",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert self._server.stdout is not None
        async with asyncio.timeout(START_LIMIT_S):
            while line := (await self._server.stdout.readline()).decode(errors="replace"):
                if "ready at" in line:
                    return line.partition("ready at")[2].split()[0]
        raise RuntimeError("apvserver ended before it was ready")


Act = Callable[[SessionParty, Plan], Awaitable[Sample]]
"""What is measured."""


def on_session(measured: Callable[[Session, Plan], Awaitable[Sample]]) -> Act:
    """Return the act that measures on a session, wherever it lives."""
    return lambda party, plan: measured(party.session, plan)


def homes(variants: list[Variant]) -> list[Home]:
    """Every way to have a session with these backends."""
    names = list(dict.fromkeys(variant.backend for variant in variants))
    return [Home(name, remote) for remote in (False, True) for name in names]


def contenders(act: Act, chosen: list[Home], floor: str | None = None) -> list[Contender]:
    """Do the same thing in each home."""
    return [Contender(home.label, BACKEND, _prepare(home, act), floor=floor) for home in chosen]


def _prepare(home: Home, act: Act) -> Prepare:
    async def prepare(stage: Stage) -> Measure:
        party = await stage.party(("session", home), lambda: SessionParty(home))

        async def measure(_seconds: float) -> Sample:
            return await act(party, stage.plan)

        return measure

    return prepare
