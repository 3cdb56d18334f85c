"""The channel of an endpoint that has none: what is sent is dropped."""

from __future__ import annotations

from ..backend import Channel, ChannelReceiver
from ..protocol.messages import Message


class NoChannel(Channel):
    """Leads nowhere, and says nothing."""

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""

    def send(self, message: Message) -> None:
        """See Channel.send."""

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""

    def close(self) -> None:
        """See Channel.close."""
