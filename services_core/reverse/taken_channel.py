"""A client's end of a connection that a server has offered, or is about to offer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

from ..backend import Channel, ChannelReceiver
from ..errors import ConnectionFailed
from ..protocol.messages import Message
from ..timekeeper import Timekeeper
from .offer import Offer


class TakenChannel(Channel):
    """A channel for which an offer may still be waited; what is sent until then is kept: a HELLO."""

    chunk_bytes: int | None = 2**20

    def __init__(self, give_up: Callable[[TakenChannel], bool], timekeeper: Timekeeper) -> None:
        self._give_up = give_up
        self._timekeeper = timekeeper
        self._lock = threading.Lock()
        self._kept: list[Message] = []
        self._receiver: ChannelReceiver | None = None
        self._offer: Offer | None = None
        self._inner: Channel | None = None
        self._over = False

    def bind(self, offer: Offer) -> None:
        """Be the channel that was offered, from now on. Called once."""
        with self._lock:
            for message in self._kept:
                offer.channel.send(message)
            self._kept.clear()
            self._offer, self._inner = offer, offer.channel
            receiver = self._receiver
        if receiver is not None:
            offer.deliver_to(receiver)
        offer.channel.flush()

    def fail(self, error: ConnectionFailed | None) -> None:
        """End without an offer, unless there is one."""
        if self._give_up(self):
            with self._lock:
                self._over = True
                receiver = self._receiver
            if receiver is not None:
                receiver.on_closed(error)

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        with self._lock:
            self._receiver = receiver
            offer, over = self._offer, self._over
        if offer is not None:
            offer.deliver_to(receiver)
        elif over:
            self._soon(partial(receiver.on_closed, None))

    def send(self, message: Message) -> None:
        """See Channel.send."""
        inner = self._inner
        if inner is None:
            with self._lock:
                inner = self._inner
                if inner is None:
                    if not self._over:
                        self._kept.append(message)
                    return
        inner.send(message)

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        if self._inner is not None:
            self._inner.flush(gather)

    def is_connected(self) -> bool:
        """See Channel.is_connected: who has offered has answered."""
        return self._inner is not None

    def close(self) -> None:
        """See Channel.close."""
        if self._inner is not None:
            self._inner.close()
        else:
            self._soon(self._close)

    def abandon(self) -> None:
        """See Channel.abandon."""
        if self._inner is not None:
            self._inner.abandon()
        else:
            self._soon(self._close)

    def _close(self) -> None:
        self.fail(None)
        if self._inner is not None:  # an offer came meanwhile
            self._inner.close()

    def _soon(self, call: Callable[[], None]) -> None:
        self._timekeeper.call_at(time.monotonic(), lambda _: call())
