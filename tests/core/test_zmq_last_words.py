"""What a peer says last is heard, whoever else comes at that moment; who comes after the last is told so."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence

import pytest

from services_core import Channel, ConnectionFailed, ConnectionLost, Message, Packet, ServicesError
from services_core.protocol.messages import Kind
from services_zmq import ZmqBackend
from services_zmq.server import ZmqListener
from services_zmq.transfer import readable

from ..harness.apvtest import poll
from ..harness.time_limits import scaled


class Heard:
    """A receiver that notes ids, and how it ended."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.ended = threading.Event()
        self.error: ServicesError | None = None

    def on_messages(self, messages: Sequence[Message]) -> None:
        self.ids += [one.id for one in messages]

    def on_closed(self, error: ServicesError | None) -> None:
        self.error = error
        self.ended.set()


class Noting(ZmqListener):
    """A listener that can be told to look who has left, as it does by itself whenever somebody comes."""

    def await_one_who_leaves(self) -> None:
        poll(lambda: readable(self._monitor), what="the end of a connection")
        self._watch_connections()


def say(channel: Channel, id_: int) -> None:
    channel.send(Message(Kind.REQUEST, id_, packet=Packet(None)))
    channel.flush()


def test_a_last_word_that_arrives_while_another_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was taken for that of a stranger, and the peer for one that had died: a session was kept for nobody."""
    monkeypatch.setattr("services_zmq.backend.ZmqListener", Noting)
    server, leaver, comer = ZmqBackend(), ZmqBackend(), ZmqBackend()
    accepted: list[Heard] = []

    def accept(channel: Channel) -> None:
        accepted.append(Heard())
        channel.start(accepted[-1])
        if len(accepted) == 2:  # what had come with its first message was received before
            say(leaving, 2)
            leaving.close()
            assert isinstance(listener, Noting)
            listener.await_one_who_leaves()

    listener = server.listen("tcp://127.0.0.1:0", accept)
    try:
        leaving, coming = leaver.connect(listener.url), comer.connect(listener.url)
        leaving.start(Heard())
        say(leaving, 1)
        poll(lambda: accepted and accepted[0].ids == [1], what="the first word")
        coming.start(Heard())
        say(coming, 7)
        assert poll(lambda: len(accepted) > 1, what="the second peer") and accepted[0].ended.wait(scaled(10))
        poll(lambda: accepted[1].ids == [7], what="the word of the second peer")
    finally:
        for backend in (leaver, comer, server):
            backend.close(scaled(5))
    assert (accepted[0].ids, accepted[0].error, len(accepted)) == ([1, 2], None, 2)


def test_who_comes_to_a_closed_listener_is_not_accepted_while_its_thread_is_busy() -> None:
    server, client = ZmqBackend(), ZmqBackend()
    accepted: list[Channel] = []
    listener = server.listen("tcp://127.0.0.1:0", accepted.append)
    assert isinstance(listener, ZmqListener)
    reached, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        reached.set()
        go_on.wait(scaled(20))

    try:
        listener.io.call(hold)
        assert reached.wait(scaled(5))
        coming, heard = client.connect(listener.url), Heard()
        coming.start(heard)
        say(coming, 1)
        poll(coming.is_connected, what="a connection")
        poll(lambda: readable(listener.socket), what="the first word")
        listener.close()
        go_on.set()
        assert heard.ended.wait(scaled(5))
    finally:
        go_on.set()
        for backend in (client, server):
            backend.close(scaled(5))
    assert accepted == []
    assert isinstance(heard.error, ConnectionFailed | ConnectionLost), "their connections end with the address"


@pytest.mark.waiting
def test_who_has_said_nothing_need_not_take_leave() -> None:
    """Where nobody answers, words have five seconds to leave: a channel that was just made has none."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        backend = ZmqBackend()
        backend.connect(f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        backend.close(scaled(10))
        assert time.monotonic() - began < scaled(2)
