"""How sessions begin and end: who comes when the server ends is told so, and what cannot begin tells why."""

from __future__ import annotations

import gc
import threading
from typing import Any
from weakref import ref

import pytest

from apvserver.hosting import session_services, thread_host
from apvserver.hosting.monitoring.session_state import HostState
from apvserver.hosting.placement import host_maker
from apvserver.hosting.relayed_worker import RelayedWorker
from apvserver.hosting.session_host import Left, SessionHost
from apvserver.hosting.session_table import SESSION_ENDED, SessionTable
from apvserver.hosting.thread_host import ThreadHost
from apvserver.hosting.worker import _listen
from apvserver.settings import MAX_QUEUED, Settings
from services_core import (
    Budget,
    Channel,
    ChannelReceiver,
    ConnectionLost,
    IncomingCall,
    Kind,
    Message,
    Packet,
    Refused,
    Reply,
    Service,
    ServicesEngine,
    ServicesError,
)

from ..harness.apvtest import poll
from ..harness.time_limits import scaled


def test_no_session_begins_once_the_table_is_closed() -> None:
    with ServicesEngine("inproc") as engine:
        make_host = host_maker("inproc", Settings(), engine=engine, died=lambda error: None)
        table = SessionTable(make_host, 3)
        owner: Any = object()
        session = table.open(owner)
        assert table.close(scaled(30.0)) is not Left.SOMETHING
        with pytest.raises(Refused, match="shutting down"):
            table.open(owner)
        assert table.find(session.token) is None and table.of(owner) is None


class Lingering(SessionHost):
    """A place of a session that ends when it is let."""

    def __init__(self, *, gone: bool = False) -> None:
        self.ready = Reply()
        self.gone = gone
        self.closed = self.waited_for = False

    def receiver(self, channel: Channel, hello: Message) -> ChannelReceiver:
        raise NotImplementedError

    def named(self, session: str) -> None: ...

    def let_wait(self, most_bytes: int) -> None: ...

    def look(self) -> HostState:
        raise NotImplementedError

    def restart(self) -> Reply[None]:
        raise NotImplementedError

    def close(self, reason: str) -> None:
        self.closed = True

    def join(self, timeout_s: float) -> Left:
        self.waited_for = self.waited_for or timeout_s > 1
        return Left.NOTHING if self.gone else Left.SOMETHING


def test_sessions_that_end_already_are_waited_for_as_those_that_are_there() -> None:
    """As those whose threads are still in VTK: a process that ended meanwhile would be one that crashes."""
    quick, slow, there = Lingering(gone=True), Lingering(), Lingering(gone=True)
    hosts: list[SessionHost] = [there, slow, quick]
    table = SessionTable(hosts.pop, 3)
    owners: list[Any] = [object() for _ in range(3)]
    for owner in owners:
        table.open(owner)
    for owner in owners[:2]:
        table.leave(owner)
    forgotten = ref(quick)
    assert quick.closed and slow.closed and not there.closed
    del quick
    gc.collect()
    assert forgotten() is None, "it has ended, and nobody waits for it"
    assert table.close(scaled(30.0)) is Left.SOMETHING
    assert slow.waited_for and there.closed and there.waited_for


def test_a_filter_that_comes_to_its_end_after_its_session_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_host, "THREADS_END_S", 0.05)
    gate, entered = threading.Event(), threading.Event()

    class Stuck(Service):
        def process(self, incoming: IncomingCall) -> None:
            entered.set()
            assert gate.wait(scaled(30))

    def begin(engine: ServicesEngine, _settings: Settings) -> list[Service]:
        service = Stuck("stuck")
        engine.add_service(service)
        return [service]

    monkeypatch.setattr(session_services, "start_session_services", begin)
    host = ThreadHost("inproc", Settings())
    host.ready.result(scaled(10))
    with ServicesEngine("inproc") as front:
        hello = Message(Kind.HELLO, 0, 0, 0, Packet({"service": "stuck"}))
        url = front.listen("thread://stuck", lambda channel: channel.start(host.receiver(channel, hello))).url
        front.endpoint("stuck", url).send_message({})
        assert entered.wait(scaled(10))
        host.close(SESSION_ENDED)
        assert host.join(scaled(30)) is Left.SOMETHING
        gate.set()
        poll(lambda: host.join(0.0) is Left.NOTHING, what="the end of the filter")


def test_whatever_keeps_services_from_beginning_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_engine: ServicesEngine, _settings: Settings) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(session_services, "start_session_services", no_thread)
    with ServicesEngine("inproc") as engine:
        ready = session_services.begin_session_services(engine, Settings())
        with pytest.raises(ServicesError, match="could not begin: RuntimeError: can't start new thread"):
            ready.result(scaled(5))


def test_who_waits_for_a_worker_of_a_session_that_ends_is_told_the_reason() -> None:
    crashes: list[ServicesError] = []
    with ServicesEngine("zmq") as engine:
        worker = RelayedWorker("zmq", Settings(), engine=engine, died=crashes.append)
        worker.close("the server is being moved", 0.0)
        with pytest.raises(ConnectionLost, match=r"^the server is being moved$"):
            worker.ready.result(scaled(5))
        assert worker.join(scaled(20.0)) and not crashes


def test_who_waits_for_threads_of_a_session_that_ends_is_told_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    going_on = threading.Event()
    monkeypatch.setattr(session_services, "start_session_services", lambda engine, settings: going_on.wait(scaled(10)))
    host = ThreadHost("inproc", Settings())
    host.close("the server is being moved")
    with pytest.raises(ConnectionLost, match=r"^the server is being moved$"):
        host.ready.result(scaled(5))
    going_on.set()
    assert host.join(scaled(10.0)) is Left.NOTHING


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_who_comes_as_the_session_ends_is_told_so(backend: str) -> None:
    """Its HELLO named a session that was there, and is not when the place of it is asked."""
    with ServicesEngine(backend) as front:
        host = host_maker(backend, Settings(), engine=front, died=lambda error: None)()
        host.ready.result(scaled(30))
        hello = Message(Kind.HELLO, 0, 0, 0, Packet({"service": "data"}))
        url = front.listen("thread://late", lambda channel: channel.start(host.receiver(channel, hello))).url
        early = front.endpoint("data", url)
        early.send_request({"op": "sync"}).result(scaled(30))
        host.close(SESSION_ENDED)
        assert host.join(scaled(30.0)) is not Left.SOMETHING
        for endpoint in (early, front.endpoint("data", url)):
            with pytest.raises((ConnectionLost, Refused), match=f"^{SESSION_ENDED}$"):
                endpoint.send_request({"op": "sync"}).result(scaled(10))


@pytest.mark.parametrize("token", ["another", "", "tok\u00e9n", 7])
def test_a_worker_refuses_whatever_is_not_its_token(token: Any) -> None:
    with ServicesEngine("zmq") as engine:
        url = _listen(engine, "the right one", Budget(MAX_QUEUED))
        endpoint = engine.endpoint("data", url, session=token)
        with pytest.raises(Refused, match="belongs to a session with another token"):
            endpoint.connected().result(scaled(5))
