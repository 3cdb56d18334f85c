"""While a worker begins, or never comes to it, nobody else waits, and its own client is told why."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from apvserver.hosting import worker_process
from apvserver.hosting.relay import HELD_BYTES, Relay
from apvserver.hosting.relayed_worker import RelayedWorker
from apvserver.settings import Settings
from servermanager import Session, connect
from services_core import (
    Channel,
    ChannelReceiver,
    Kind,
    Limits,
    Message,
    Packet,
    ServicesEngine,
    ServicesError,
)
from services_zmq.client import nobody

from ..harness.apvtest import BACKENDS, Program, Server, in_loop, is_worker, poll, poll_async, variables
from ..harness.time_limits import scaled

pytestmark = pytest.mark.waiting

GATE = """
import os, time
from pathlib import Path
from services_core import Packet, Service

class Gate(Service):
    def __init__(self, connect):
        super().__init__("gate")
        directory = Path(os.environ["GATE"])
        (directory / f"waits-{os.getpid()}").touch()
        while not (directory / "open").exists():
            time.sleep(0.01)

    def process(self, incoming):
        return Packet({"through": True})
"""
FAILING = "raise RuntimeError('the licence has expired')\n"
QUICK_S = scaled(0.5)
"""Far above what a request takes on a busy machine, far below a second connection's time limit."""


class Gate:
    """A directory with a service that begins once the gate is open."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "gate.py").write_text(GATE)

    @property
    def variables(self) -> dict[str, Any]:
        return {"PYTHONPATH": str(self.directory), "GATE": str(self.directory)}

    def open(self) -> None:
        (self.directory / "open").touch()

    def shut(self) -> None:
        for one in ("open", *self.waiting()):
            (self.directory / one).unlink()

    def waiting(self) -> list[str]:
        """Who has come to the gate since it was shut."""
        return [one.name for one in self.directory.glob("waits-*")]


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    made = Gate(tmp_path)
    yield made
    made.open()


def workers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if is_worker(one)]


async def assert_quick(session: Session) -> None:
    for _ in range(20):
        begun = time.monotonic()
        await session.data.send_request({"op": "sync"})
        assert time.monotonic() - begun < QUICK_S
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_others_are_answered_while_a_session_begins(backend: str, gate: Gate) -> None:
    gate.open()
    with Server(backend, "--service", "gate:Gate", **gate.variables) as server:
        async with connect(server.url) as other:
            await other.sources.Sphere().update_pipeline()
            gate.shut()
            opening = asyncio.create_task(_open(server.url))
            await poll_async(gate.waiting, deadline_s=30, what="a session that begins")
            await assert_quick(other)
            assert not opening.done()
            gate.open()
            async with await opening as late:
                assert (await late.endpoint("gate").send_request({})).header == {"through": True}


@in_loop
async def test_others_are_answered_while_a_worker_begins_anew(gate: Gate) -> None:
    gate.open()
    with Server(None, "--service", "gate:Gate", **gate.variables) as server:
        async with connect(server.url) as session, connect(server.url) as other:
            await other.sources.Sphere().update_pipeline()
            gate.shut()
            restarting = asyncio.create_task(session.restart())
            await poll_async(lambda: gate.waiting() or restarting.done(), deadline_s=30, what="a worker that begins")
            assert gate.waiting(), (restarting, server.output)
            endpoint = session.endpoint("gate")  # one more connection to the worker that is not there yet
            await assert_quick(other)
            assert not restarting.done()
            gate.open()
            await restarting
            endpoint.close()
            assert (await session.endpoint("gate").send_request({})).header == {"through": True}


async def _open(url: str) -> Session:
    return await connect(url)


@in_loop
async def test_who_connects_before_the_worker_is_ready_is_answered_when_it_is() -> None:
    with ServicesEngine("zmq", limits=Limits(connect_s=40)) as engine:
        worker = RelayedWorker("zmq", Settings(), engine=engine, died=lambda error: None)
        url = engine.listen("thread://early", lambda channel: channel.start(worker.receiver(channel))).url
        endpoint = engine.endpoint("data", url)
        reply = endpoint.send_request({"op": "sync"})
        assert not worker.ready.done()
        second = worker.restart()  # one begins already
        await reply
        assert second.done()
        await second
        worker.close("nobody needs it any more")
        assert worker.join(scaled(10))


@in_loop
async def test_a_worker_that_never_gets_ready(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "READY_S", 0.5)
    monkeypatch.syspath_prepend(gate.directory)  # a worker finds modules where this process does
    with (
        variables(APV_SERVICES="gate:Gate", GATE=str(gate.directory)),
        pytest.raises(ServicesError, match=r"within 0\.5 s.*--service"),
    ):
        await connect(backend="zmq")
    assert workers() == []


@in_loop
async def test_a_worker_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for executable in (str(tmp_path / "no-python"), None):
        monkeypatch.setattr(sys, "executable", executable)
        with pytest.raises(ServicesError, match="worker process of this session could not be started"):
            await connect(backend="zmq")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_a_service_that_cannot_begin_is_explained(
    backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "licensed.py").write_text(FAILING)
    monkeypatch.syspath_prepend(tmp_path)
    for name, why in (
        ("licensed:Service", "'licensed:Service' failed: importing it raised RuntimeError: the licence has expired"),
        ("nowhere_at_all:Service", "'nowhere_at_all:Service' cannot be imported: No module named.*PYTHONPATH"),
    ):
        with variables(APV_SERVICES=name), pytest.raises(ServicesError, match=why):
            await connect(backend=backend)
    assert workers() == []


def test_a_worker_that_begins_for_ever_ends_with_its_parent(gate: Gate) -> None:
    code = "import asyncio; from servermanager import connect; asyncio.run(connect(backend='zmq').__aenter__())"
    with Program("-c", code, APV_SERVICES="gate:Gate", **gate.variables) as client:
        poll(gate.waiting, deadline_s=30, what="a worker that waits")
        (worker,) = client.workers()
        client.kill()
        poll(lambda: not worker.is_running(), what="the end of the worker")


class Line(Channel):
    """A channel that keeps what is sent until it is closed, and says at once that it is."""

    def __init__(self) -> None:
        self.said: list[Message] = []
        self.closed = False
        self._receiver: ChannelReceiver | None = None

    def start(self, receiver: ChannelReceiver) -> None:
        self._receiver = receiver

    def send(self, message: Message) -> None:
        if not self.closed:
            self.said.append(message)

    def flush(self, gather: int | None = None) -> None: ...

    def fail(self, error: ServicesError) -> None:
        assert self._receiver is not None
        self._receiver.on_closed(error)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            if self._receiver is not None:
                self._receiver.on_closed(None)


def hello() -> list[Message]:
    return [Message(Kind.HELLO, packet=Packet({"service": "data", "session": "of the front"}))]


def test_a_client_whose_worker_cannot_be_reached_is_not_sent_looking_for_a_server() -> None:
    client, worker = Line(), Line()
    relay = Relay(client, lambda ended: None, lambda: None)
    client.start(relay)
    relay.on_messages(hello())
    relay.reach(worker, "of the worker")
    worker.fail(nobody("ipc:///tmp/apv-worker-1/worker", "it refused"))
    poll(lambda: client.closed, what="the end of the client's connection")
    (goodbye,) = client.said
    assert goodbye.packet is not None
    message = goodbye.packet.header["message"]
    assert goodbye.packet.header["code"] == "closed"  # a ConnectionLost, to who had not begun
    assert "could not be reached" in message and "call it again" in message
    assert "nobody listens" not in message and "ipc://" not in message


def test_what_was_held_is_passed_on_in_order_and_the_client_hears_the_reason_of_the_end() -> None:
    client, worker, ended = Line(), Line(), list[Relay]()
    relay = Relay(client, ended.append, lambda: None)
    client.start(relay)
    relay.on_messages(hello())
    relay.on_messages([Message(Kind.PING, 1)])
    relay.reach(worker, "of the worker")
    relay.on_messages([Message(Kind.PING, 2)])
    assert [(one.kind, one.id) for one in worker.said] == [(Kind.HELLO, 0), (Kind.PING, 1), (Kind.PING, 2)]
    assert worker.said[0].packet is not None
    assert worker.said[0].packet.header == {"service": "data", "session": "of the worker"}
    relay.close(ServicesError("the worker has crashed"))
    (goodbye,) = client.said
    assert goodbye.packet is not None and "the worker has crashed" in str(goodbye.packet.header)
    assert client.closed and worker.closed and ended == [relay]


def test_a_client_that_floods_a_worker_that_is_not_ready_is_cut() -> None:
    client, ended = Line(), list[Relay]()
    relay = Relay(client, ended.append, lambda: None)
    relay.on_messages(hello())
    assert not client.closed
    flood = Message(Kind.MESSAGE, packet=Packet(None, [bytes(64 * 1024)]))
    for _ in range(HELD_BYTES // (64 * 1024)):
        relay.on_messages([flood])
    assert client.closed and ended == [relay]
    assert [message.kind for message in client.said] == [Kind.GOODBYE]
    late = Line()
    relay.reach(late, "token")
    assert late.closed and late.said == []
    relay.close(ServicesError("again"))
    assert ended == [relay]
