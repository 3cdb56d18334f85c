"""Contexts and sockets of ZeroMQ: what a system limits, and what is left of a socket that could not be used."""

from __future__ import annotations

import errno
import threading
from typing import Any

import pytest
import zmq

from services_core import ConfigurationError, Incoming, Packet, Service, ServicesEngine
from services_zmq import ZmqBackend, client
from services_zmq.sockets import MAX_SOCKETS, make_context

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

    def process(self, incoming: Incoming) -> Packet:
        return incoming.packet


def test_a_context_has_as_many_sockets_as_the_system_allows() -> None:
    with make_context() as context:
        assert context.get(zmq.MAX_SOCKETS) == min(MAX_SOCKETS, context.get(zmq.SOCKET_LIMIT))


def test_it_works_where_fewer_sockets_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zmq, "Context", Windows)
    with make_context() as context:
        assert context.get(zmq.MAX_SOCKETS) == _WINDOWS
    with ServicesEngine("zmq") as engine:
        engine.add_service(Echo("echo"))
        assert engine.endpoint("echo").send_request("x").result(5).header == "x"


def test_a_connection_that_cannot_be_begun_leaves_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is left open would hold up the end of the context for ever."""
    make_socket = client.make_socket

    class Refusing(zmq.Socket):  # type: ignore[type-arg]
        """A socket that connects nowhere."""

        def connect(self, addr: str) -> Any:
            raise zmq.ZMQError(errno.ENODEV)

    def make(context: Any, *arguments: Any) -> Any:
        socket = make_socket(context, *arguments)
        socket.__class__ = Refusing
        return socket

    monkeypatch.setattr(client, "make_socket", make)
    backend = ZmqBackend()
    with pytest.raises(ConfigurationError, match=r"cannot connect to tcp://127\.0\.0\.1:9") as kept:
        backend.connect("tcp://127.0.0.1:9")
    closing = threading.Thread(target=backend.close, daemon=True)
    closing.start()
    closing.join(5)
    assert not closing.is_alive(), kept
