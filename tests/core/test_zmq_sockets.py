"""Contexts and sockets of ZeroMQ: what a system limits, and what is left of a socket that could not be used."""

from __future__ import annotations

import errno
import threading
import time
from queue import Queue
from typing import Any

import pytest
import zmq

from services_core import (
    Channel,
    ConfigurationError,
    IncomingCall,
    Limits,
    Packet,
    Service,
    ServicesEngine,
    ServicesError,
)
from services_zmq import ZmqBackend, client
from services_zmq.addresses import listen_error
from services_zmq.server import LEAVE_S
from services_zmq.sockets import MAX_SOCKETS, make_context, make_socket

from ..harness.time_limits import scaled

_WINDOWS = 16383
"""SOCKET_LIMIT of the Windows wheel of pyzmq 27.3."""


class Windows(zmq.Context):  # type: ignore[type-arg]
    """A context that takes no more sockets than one on Windows."""

    def get(self, option: int) -> Any:
        return _WINDOWS if option == zmq.SOCKET_LIMIT else super().get(option)

    def set(self, option: int, optval: int) -> None:
        if option == zmq.MAX_SOCKETS and optval > _WINDOWS:
            raise zmq.ZMQError(errno.EINVAL)
        super().set(option, optval)


class Echo(Service):
    """Answers with what it is sent."""

    def process(self, incoming: IncomingCall) -> Packet:
        return incoming.packet


def test_a_context_has_as_many_sockets_as_the_system_allows() -> None:
    with make_context() as context:
        assert context.get(zmq.MAX_SOCKETS) == min(MAX_SOCKETS, context.get(zmq.SOCKET_LIMIT))


@pytest.mark.parametrize(("connect_s", "at_least_ms"), [(24.0, 24000), (3.0, 3000), (0.1, 3000)])
def test_a_handshake_may_take_as_long_as_a_connection(connect_s: float, at_least_ms: int) -> None:
    with make_context() as context:
        limits = Limits(connect_s=connect_s)
        for kind, options in ((zmq.DEALER, ("HANDSHAKE_IVL", "CONNECT_TIMEOUT")), (zmq.ROUTER, ("HANDSHAKE_IVL",))):
            with make_socket(context, kind, "tcp://127.0.0.1:1", limits) as socket:
                assert [socket.get(getattr(zmq, name)) for name in options] == [at_least_ms] * len(options)


def test_it_works_where_fewer_sockets_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zmq, "Context", Windows)
    with make_context() as context:
        assert context.get(zmq.MAX_SOCKETS) == _WINDOWS
    with ServicesEngine("zmq") as engine:
        engine.add_service(Echo("echo"))
        assert engine.endpoint("echo").send_request("x").result(scaled(5)).header == "x"


@pytest.mark.parametrize(("name", "said"), [("EADDRINUSE", "is in use"), ("EADDRNOTAVAIL", "no address of this")])
def test_errors_of_zeromq_are_known_where_python_has_other_numbers(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: C's EADDRINUSE is 100 there, and Python's 10048."""
    told = zmq.ZMQError(getattr(zmq, name))
    monkeypatch.setattr(errno, name, 10_000 + getattr(errno, name))
    assert said in str(listen_error("tcp://127.0.0.1:1", told))


def test_a_connection_that_cannot_be_begun_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is left open would hold up the end of the context for ever."""

    class Refusing(zmq.Socket):  # type: ignore[type-arg]
        """A socket that connects nowhere."""

        def connect(self, addr: str) -> Any:
            raise zmq.ZMQError(errno.ENODEV)

    def make(context: Any, *arguments: Any, **options: Any) -> Any:
        socket = make_socket(context, *arguments, **options)
        socket.__class__ = Refusing
        return socket

    monkeypatch.setattr(client, "make_socket", make)
    backend = ZmqBackend()
    with pytest.raises(ConfigurationError, match=r"cannot connect to tcp://127\.0\.0\.1:9") as kept:
        backend.connect("tcp://127.0.0.1:9")
    assert_closes(backend, kept)


def assert_closes(backend: ZmqBackend, kept: object) -> None:
    """Also while somebody has kept the errors, and with them what they have seen."""
    closing = threading.Thread(target=backend.close, daemon=True)
    closing.start()
    closing.join(scaled(5))
    assert not closing.is_alive(), kept


def test_where_there_is_no_socket_left_to_watch_with_none_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_self: Any, _events: Any = None, _addr: Any = None) -> Any:
        raise zmq.ZMQError(errno.EMFILE)

    monkeypatch.setattr(zmq.Socket, "get_monitor_socket", none_left)
    backend = ZmqBackend()
    with pytest.raises(ConfigurationError, match="cannot connect") as connecting:
        backend.connect("tcp://127.0.0.1:9")
    with pytest.raises(ServicesError, match=r"tcp://127\.0\.0\.1:0") as listening:
        backend.listen("tcp://127.0.0.1:0", lambda channel: None)
    assert_closes(backend, (connecting, listening))


@pytest.mark.waiting
def test_peers_of_several_listeners_that_do_not_leave_are_waited_for_at_the_same_time() -> None:
    backend, context = ZmqBackend(), zmq.Context()
    came: Queue[Channel] = Queue()
    listeners = [backend.listen("tcp://127.0.0.1:0", came.put) for _ in range(4)]
    staying = [context.socket(zmq.DEALER) for _ in listeners]
    for socket, listener in zip(staying, listeners, strict=True):
        socket.connect(listener.url)
        socket.send(b"something")
    for _ in listeners:
        came.get(timeout=scaled(5))
    begun = time.monotonic()
    backend.close()
    assert LEAVE_S <= time.monotonic() - begun < scaled(3 * LEAVE_S)
    context.destroy(linger=0)
