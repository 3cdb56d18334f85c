"""A connection that a server offers: what comes over it waits for whoever takes it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ..backend import Channel, ChannelReceiver
from ..errors import ProtocolViolation, Refused, ServicesError
from ..protocol.messages import Kind, Message, goodbye

_REFUSAL = "here a client waits for servers, which offer a connection first (apvserver --reverse-connection)"


class Offer:
    """The receiver of an accepted channel. `offered` is told of it once the server has said OFFER, first of all.

    `withdrawn` is told of one that ended before it was taken. Whoever says something else is refused.
    """

    def __init__(self, channel: Channel, offered: Callable[[Offer], None], withdrawn: Callable[[Offer], None]) -> None:
        self.channel = channel
        self._tell_offered = offered
        self._tell_withdrawn = withdrawn
        self._offered = False
        self._lock = threading.Lock()
        self._kept: list[Message] = []
        self._over = False
        self._end: ServicesError | None = None
        self._receiver: ChannelReceiver | None = None

    def deliver_to(self, receiver: ChannelReceiver) -> None:
        """Let `receiver` have all that has come and will come. Called once."""
        with self._lock:  # what comes meanwhile waits, for microseconds
            kept, self._kept = self._kept, []
            if kept:
                receiver.on_messages(kept)
            if self._over:
                receiver.on_closed(self._end)
            else:
                self._receiver = receiver

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver.on_messages."""
        if not self._offered:
            if messages[0].kind != Kind.OFFER:
                self._refuse(Refused(_REFUSAL))
                return
            self._offered = True
            self._tell_offered(self)
            messages = messages[1:]
        receiver = self._receiver
        if receiver is None and messages:
            receiver = self._keep(messages)
        if receiver is not None and messages:
            receiver.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver.on_closed."""
        with self._lock:
            receiver = self._receiver
            self._over, self._end = True, error
        if receiver is not None:
            receiver.on_closed(error)
        else:
            self._tell_withdrawn(self)

    def _keep(self, messages: Sequence[Message]) -> ChannelReceiver | None:
        """Keep these for the receiver, which is returned instead if it is there now."""
        with self._lock:
            if self._receiver is not None:
                return self._receiver
            self._kept += messages
            if len(self._kept) <= 1:  # before HELLO a server has nothing to say but GOODBYE
                return None
            self._kept.clear()
        self._refuse(ProtocolViolation("more was said than GOODBYE before the offer was taken"))
        return None

    def _refuse(self, error: ServicesError) -> None:
        self.channel.send(goodbye(error))
        self.channel.close()
