"""A server's end of a connection that it has made to a client which waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..backend import Channel, ChannelReceiver
from ..errors import Refused, ServicesError, error_from_wire
from ..packet import Packet
from ..protocol.messages import PROTOCOL_VERSION, SOFTWARE, Kind, Message

Ended = Callable[[ServicesError | None, bool], None]


class OfferingChannel(Channel):
    """Says OFFER first; from then on it is as a channel that was accepted: the client says HELLO when it takes it.

    `taken()` is called when the client speaks, `ended(error, taken)` when the channel has ended, both from any thread;
    they are brief. Who answers with GOODBYE has refused the offer: `error` is Refused then, with the reason.
    """

    def __init__(self, inner: Channel, *, taken: Callable[[], None], ended: Ended) -> None:
        self.chunk_bytes = inner.chunk_bytes
        self.peer = inner.peer
        self.peer_key = inner.peer_key
        self._inner = inner
        self._tell_taken = taken
        self._tell_ended = ended
        self._taken = False
        self._refusal: ServicesError | None = None
        self._receiver: ChannelReceiver

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        self._receiver = receiver
        self._inner.send(Message(Kind.OFFER, packet=Packet({"protocol": list(PROTOCOL_VERSION), "software": SOFTWARE})))
        self._inner.start(self)
        self._inner.flush()

    def send(self, message: Message) -> None:
        """See Channel.send."""
        self._inner.send(message)

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        self._inner.flush(gather)

    def is_connected(self) -> bool:
        """See Channel.is_connected."""
        return self._inner.is_connected()

    def close(self) -> None:
        """See Channel.close."""
        self._inner.close()

    def abandon(self) -> None:
        """See Channel.abandon."""
        self._inner.abandon()

    # --- the receiver of the inner channel

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver.on_messages."""
        if not self._taken:
            if messages[0].kind == Kind.GOODBYE:
                packet = messages[0].packet
                said = error_from_wire(packet.header if packet is not None else None)
                self._refusal = Refused(f"whoever is there takes no offers of servers: {said}")
                self._inner.close()
                return
            self._taken = True
            self._tell_taken()
        self._receiver.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver.on_closed."""
        self._receiver.on_closed(error)
        self._tell_ended(self._refusal or error, self._taken)
