"""Passes messages between a client and a session's worker, in both directions, unread but for the HELLO."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Final

from services_core import (
    Channel,
    ConnectionFailed,
    ConnectionLost,
    KiB,
    Kind,
    Message,
    MiB,
    Packet,
    PacketError,
    ProtocolViolation,
    ServicesError,
    goodbye,
)

_log = logging.getLogger(__name__)

SUPERVISOR_S: Final = 0.5
"""How long a broken connection may wait for the supervisor's word on the process. One that has not ended hangs."""

KILLED_S: Final = 10.0
"""How long that may wait for it once more: until the process that hangs has been ended."""

UNREACHED: Final = (
    "the worker process of this session could not be reached: it has just ended, or does not listen; nothing of this "
    "was executed: call it again, and the session goes on in another process if that one has ended"
)
"""In the place of what is said of a URL at which nobody listens: no client knows that URL, or can do anything there."""

HELD_BYTES: Final = MiB
"""Most that is held of one client for a worker that is not ready: a HELLO has no more than a header."""


class Relay:
    """The receiver of the client's channel; the worker's side is an inner receiver.

    Until the worker can be reached, what the client says is held: its HELLO, for before the worker's WELCOME it may say
    little else. After that nothing is held back: the two ends of the conversation bound what is under way. The client's
    HELLO is passed on with the worker's token instead of the session's, which the server has checked.
    """

    def __init__(self, client: Channel, ended: Callable[[Relay], None], hangs: Callable[[], None]) -> None:
        """Relay for `client`. `hangs()` is called if the worker does not answer any more, and may have it ended."""
        self._client = client
        self._ended = ended
        self._hangs = hangs
        self._worker: Channel | None = None
        self._token = ""
        self._greeted = False
        self._held: list[Message] = []
        self._held_bytes = 0
        self._lock = threading.Lock()
        self._closed = False
        self._said_goodbye = False

    def reach(self, worker: Channel, token: str) -> None:
        """Pass on what was held, and all that follows. Called once, from any thread, when the worker is ready."""
        worker.start(_FromWorker(self))
        with self._lock:
            closed = self._closed
            if not closed:
                self._token = token
                held, self._held = self._held, []
                self._pass_on(worker, held)
                self._worker = worker  # last: who sees it passes on what follows
        if closed:
            worker.close()
        else:
            worker.flush()

    def on_messages(self, messages: Sequence[Message]) -> None:
        """Take messages from the client."""
        worker = self._worker or self._hold(messages)
        if worker is not None:
            self._pass_on(worker, messages)
            worker.flush()

    def on_closed(self, error: ServicesError | None) -> None:
        """Note that the client's connection ended."""
        if self._end():
            self._leave_worker()

    def to_client(self, messages: Sequence[Message]) -> None:
        """Send the client what comes from the worker."""
        for message in messages:
            self._client.send(message)
        if messages[-1].kind == Kind.GOODBYE:
            self._said_goodbye = True
        self._client.flush()

    def worker_closed(self, error: ServicesError | None) -> None:
        """Note that the worker's connection ended.

        If the worker died, its supervisor knows how, and calls `close` at once. If not, it hangs, or is stopped.
        """
        if error is None:
            self._client.close()
            return
        if type(error) is ConnectionLost and not self._said_goodbye:
            _later(SUPERVISOR_S, self._has_hung, error)
        elif type(error) is ConnectionFailed:
            _log.info("a worker could not be reached: %s", error)
            _later(SUPERVISOR_S, self.close, ConnectionLost(UNREACHED))
        else:
            _later(SUPERVISOR_S, self.close, error)

    def _has_hung(self, error: ServicesError) -> None:
        if not self._closed:
            self._hangs()
            _later(KILLED_S, self.close, error)

    def close(self, error: ServicesError) -> None:
        """End the client's connection and tell it why. The first reason counts."""
        if self._end():
            self.to_client([goodbye(error)])
            self._client.close()
            self._leave_worker()  # last: when that has ended, it closes the client's without a word

    def _end(self) -> bool:
        """Return whether this is the first call. After it no worker is reached any more."""
        with self._lock:
            first, self._closed = not self._closed, True
            self._held = []
        return first

    def _leave_worker(self) -> None:
        if self._worker is not None:
            self._worker.close()
        self._ended(self)

    def _hold(self, messages: Sequence[Message]) -> Channel | None:
        """Keep these until the worker is there, which is returned if it is there now."""
        with self._lock:
            if self._worker is not None or self._closed:
                return self._worker
            self._held += messages
            self._held_bytes += sum(map(_size_bytes, messages))
            if self._held_bytes <= HELD_BYTES:
                return None
        self.close(ProtocolViolation(f"more than {HELD_BYTES} bytes were sent before the service had said WELCOME"))
        return None

    def _pass_on(self, worker: Channel, messages: Sequence[Message]) -> None:
        for message in messages:
            if not self._greeted:
                self._greeted = True
                message = self._introduced(message)
            worker.send(message)

    def _introduced(self, hello: Message) -> Message:
        try:
            info = hello.packet.header if hello.packet is not None else None
        except PacketError:
            info = None
        if hello.kind != Kind.HELLO or not isinstance(info, dict):
            return hello  # the worker refuses it, in its own words
        told = {key: value for key, value in info.items() if key != "token"}  # the server's: no worker needs it
        return hello._replace(packet=Packet({**told, "session": self._token}))


class _FromWorker:
    """The receiver of the worker's channel."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def on_messages(self, messages: Sequence[Message]) -> None:
        """Hand messages of the worker to the client."""
        self._relay.to_client(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """Note that the worker's connection ended."""
        self._relay.worker_closed(error)


def _later(delay_s: float, what: Callable[[ServicesError], None], error: ServicesError) -> None:
    timer = threading.Timer(delay_s, what, [error])
    timer.daemon = True
    timer.start()


def _size_bytes(message: Message) -> int:
    return KiB if message.packet is None else message.packet.size_bytes
