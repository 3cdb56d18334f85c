"""A connection that is lost again as soon as it was made again: the thread of the outage before tries no more."""

from __future__ import annotations

import threading
from collections.abc import Callable

from services_core import Backend, Channel, ChannelReceiver, ConnectionLost, Kind, Limits, Listener, Message, Packet
from services_core.lasting.reconnecting import ReconnectingChannel
from services_core.timekeeper import Timekeeper

from ..harness.apvtest import poll
from ..harness.time_limits import scaled

LOST = 5
"""So many outages end with a connection that is lost before the thread that made it comes to look."""


class _Channel(Channel):
    """Answers what it is told at once, on the thread that says it, and is lost after that if there are more."""

    chunk_bytes = 1 << 20
    peer = "test://nobody"

    def __init__(self, attempt: int) -> None:
        self.attempt = attempt
        self.said: list[Message] = []

    def start(self, receiver: ChannelReceiver) -> None:
        self.receiver = receiver

    def send(self, message: Message) -> None:
        self.said.append(message)

    def flush(self, gather: int | None = None) -> None:
        said, self.said = self.said, []
        for kind in (message.kind for message in said):
            if kind == Kind.HELLO:
                self.receiver.on_messages([Message(Kind.KEPT, packet=Packet({"id": "a", "keep_s": 60.0}))])
            if kind == Kind.RESUME and self.attempt <= LOST:
                self.receiver.on_messages([Message(Kind.RESUMED)])
            if kind in (Kind.HELLO, Kind.RESUME) and self.attempt <= LOST:
                self.receiver.on_closed(ConnectionLost("cut"))

    def close(self) -> None:
        """Nothing: what is lost need not be closed."""


class _Backend(Backend):
    """Keeps which threads have connected, and when nobody answers any more."""

    schemes = ("test",)

    def __init__(self) -> None:
        super().__init__(Limits())
        self.threads: list[threading.Thread] = []
        self.silent = threading.Event()

    def connect(self, url: str) -> Channel:
        self.threads.append(threading.current_thread())
        if len(self.threads) > LOST + 1:
            self.silent.set()
        return _Channel(len(self.threads) - 1)

    def listen(self, url: str, accept: Callable[[Channel], None]) -> Listener:
        raise NotImplementedError

    def private_url(self, *, other_processes: bool = False) -> str:
        raise NotImplementedError

    def close(self, timeout_s: float = 10.0) -> None:
        """Nothing is open."""


class _Receiver(ChannelReceiver):
    def on_messages(self, messages: object) -> None:
        """Nothing is said."""

    def on_closed(self, error: object) -> None:
        """Nobody listens."""


def test_the_thread_of_an_outage_that_is_over_tries_no_more() -> None:
    """Two at a time would take up the connection twice, each from where it was: what has arrived would come again."""
    backend, timekeeper = _Backend(), Timekeeper("test")
    channel = ReconnectingChannel(backend, "test://nobody", limits=Limits(), timekeeper=timekeeper)
    try:
        channel.start(_Receiver())
        channel.send(Message(Kind.HELLO, packet=Packet({})))
        channel.flush()
        assert backend.silent.wait(scaled(10))
        poll(lambda: sum(thread.is_alive() for thread in set(backend.threads[1:])) == 1, what="one thread that tries")
        made_again = backend.threads[1 : LOST + 1]
        assert len(set(made_again)) == LOST, "each outage has its own thread, whose first try makes it again"
    finally:
        channel.close()
        timekeeper.close(scaled(5))
