"""Passes messages between a client and a session's worker, in both directions, unread but for the HELLO."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from services_core import Channel, Kind, Message, Packet, PacketError, ServicesError, goodbye

SUPERVISOR_S: Final = 0.5
"""How long a broken connection may wait for the supervisor's word on the process; a frozen one has not ended."""


class Relay:
    """The receiver of the client's channel; the worker's side is an inner receiver.

    It holds nothing back: the two ends of the conversation bound what is under way. The client's HELLO is passed on
    with the worker's token instead of the session's, which the front has checked.
    """

    def __init__(self, client: Channel, worker: Channel, token: str, ended: Callable[[Relay], None]) -> None:
        self._client = client
        self._worker = worker
        self._token = token
        self._ended = ended
        self._greeted = False
        self._lock = threading.Lock()
        self._closed = False
        worker.start(_FromWorker(self))

    def on_messages(self, messages: Sequence[Message]) -> None:
        """From the client."""
        for message in messages:
            if not self._greeted:
                self._greeted = True
                message = self._introduced(message)
            self._worker.send(message)
        self._worker.flush()

    def on_closed(self, error: ServicesError | None) -> None:
        """The client's connection ended."""
        self._worker.close()
        self._ended(self)

    def to_client(self, messages: Sequence[Message]) -> None:
        """From the worker."""
        for message in messages:
            self._client.send(message)
        self._client.flush()

    def worker_closed(self, error: ServicesError | None) -> None:
        """The worker's connection ended. If the worker died, its supervisor knows how, and calls `close` at once."""
        if error is None:
            self._client.close()
            return
        verdict = threading.Timer(SUPERVISOR_S, self.close, [error])
        verdict.daemon = True
        verdict.start()

    def close(self, error: ServicesError) -> None:
        """End the client's connection and tell it why. The first reason counts."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self.to_client([goodbye(error)])
        self._client.close()
        self._worker.close()
        self._ended(self)

    def _introduced(self, hello: Message) -> Message:
        try:
            info = hello.packet.header if hello.packet is not None else None
        except PacketError:
            info = None
        if hello.kind != Kind.HELLO or not isinstance(info, dict):
            return hello  # the worker refuses it, in its own words
        return hello._replace(packet=Packet({**info, "session": self._token}))


class _FromWorker:
    """The receiver of the worker's channel."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def on_messages(self, messages: Sequence[Message]) -> None:
        """From the worker to the client."""
        self._relay.to_client(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """The worker's connection ended."""
        self._relay.worker_closed(error)
