"""What both ends of a lasting connection share: a channel that is one of several in turn."""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Sequence
from typing import Final

from ..backend import Channel, ChannelReceiver
from ..client.no_channel import NoChannel
from ..errors import ConnectionLost, ProtocolViolation, ServicesError
from ..limits import MOST_WINDOW_BYTES, Limits, MiB
from ..protocol.messages import Kind, Message, goodbye
from ..timekeeper import Timekeeper
from .ledger import Ledger

NOWHERE: Final = NoChannel()
"""Where messages go during an outage: the ledger has them."""

_GOODBYE, _RECEIVED = int(Kind.GOODBYE), int(Kind.RECEIVED)
_LATER: Final = 16
"""An acknowledgement waits for so many messages, or until nothing else is to be done."""

_SLACK_BYTES: Final = 16 * MiB
"""What is small, or on its way, beside a window and the message that overshoots it."""


class Line:
    """The receiver of one channel that carries a lasting connection, or is to carry it."""

    __slots__ = ("busy", "carried", "channel", "owner")

    def __init__(self, owner: LastingChannel, channel: Channel) -> None:
        self.owner = owner
        self.channel = channel
        self.busy = False
        """Whether it is in a call of the owner: another line must not deliver meanwhile."""
        self.carried = False
        """Whether an attempt with it has succeeded, even if it was lost since."""

    def on_messages(self, messages: Sequence[Message]) -> None:
        """See ChannelReceiver.on_messages."""
        self.busy = True
        try:
            self.owner.arrived(self, messages)
        finally:
            self.busy = False
        if self.owner.line is not self:
            self.owner.settle()

    def on_closed(self, error: ServicesError | None) -> None:
        """See ChannelReceiver.on_closed."""
        self.busy = True
        try:
            self.owner.ended(self, error)
        finally:
            self.busy = False
        self.owner.settle()


class LastingChannel(Channel):
    """A channel that goes on when that which carries it is lost. Until both ends agree on that it is as any other.

    Over `line` messages arrive, and leave while it is there. An end that GOODBYE did not announce is an outage, unless
    the peer broke the protocol. Who sends finds one lock more; who receives is never called by two lines at a time.
    """

    def __init__(self, channel: Channel, *, limits: Limits, timekeeper: Timekeeper) -> None:
        self.chunk_bytes = channel.chunk_bytes
        self.peer = channel.peer
        self.peer_key = channel.peer_key
        self.line: Line | None = Line(self, channel)
        self._channel: Channel = channel
        self._limits = limits
        self._timekeeper = timekeeper
        self._lock = threading.Lock()
        self._ledger: Ledger | None = None
        self._plain = False
        """Whether it is known that the peer does not take part."""
        self._receiver: ChannelReceiver | None = None
        self._closing = False
        self._over = False
        self._heard_goodbye = False
        self._verdict: ServicesError | None = None

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        self._receiver = receiver
        assert self.line is not None
        self._channel.start(self.line)

    def send(self, message: Message) -> None:
        """See Channel.send."""
        ledger = self._ledger
        if ledger is None:
            self._send_before(message)
            return
        if self._closing:
            return
        self._lock.acquire()  # by name: in half the time of `with`
        try:
            fits = ledger.say(message)
            self._channel.send(message)
        finally:
            self._lock.release()
        if not fits:
            self._overflowed()

    def _send_before(self, message: Message) -> None:
        """Send what leaves before both ends agree, if they ever do."""
        if self._plain:
            self._channel.send(message)
            return
        with self._lock:
            if self._ledger is None:
                self._channel.send(self.opening(message))
                return
        self.send(message)  # they have agreed meanwhile

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        self._channel.flush(gather)

    def is_connected(self) -> bool:
        """See Channel.is_connected."""
        return self._channel.is_connected()

    def close(self) -> None:
        """See Channel.close."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            channel, ledger = self._channel, self._ledger
            if ledger is not None and not ledger.said_goodbye and not self._heard_goodbye:
                word = goodbye(ConnectionLost("the connection was closed"))  # or it would be taken for an outage
                ledger.say(word)
                channel.send(word)
        if channel is NOWHERE:
            self._closed_away()
        else:
            channel.close()

    # --- by the lines

    def arrived(self, line: Line, messages: Sequence[Message]) -> None:
        """Take what arrived over a line."""
        if line is not self.line:
            self._arrived_elsewhere(line, messages)
            return
        ledger = self._ledger
        if ledger is None:
            if self._plain:
                self._deliver(messages)
            else:
                self._opened(line, messages)
            return
        size_bytes, acknowledged = 0, False
        for kind, _, _, _, packet in messages:
            if packet is not None:
                size_bytes += packet.size_bytes
            elif kind == _RECEIVED:
                acknowledged = True
        if acknowledged:
            messages = self._without_acknowledgements(ledger, line, messages)
        if messages:
            self._take(ledger, line, messages, size_bytes)

    def _take(self, ledger: Ledger, line: Line, messages: Sequence[Message], size_bytes: int) -> None:
        owed = ledger.hear(len(messages), size_bytes)
        if owed:  # first: what answers it, and windows that it opens, come after
            line.channel.send(Message(_RECEIVED, 0, ledger.heard))
        if messages[-1][0] == _GOODBYE:
            self._heard_goodbye = True
        self._deliver(messages)
        if owed:
            line.channel.flush(_LATER)

    def ended(self, line: Line, error: ServicesError | None) -> None:
        """Note the end of the channel of a line."""
        if line is not self.line:
            self._ended_elsewhere(line, error)
        elif self._is_outage(error):
            with self._lock:
                self.line, self._channel = None, NOWHERE
                closing = self._closing
            if closing:
                self._finish(error)
            else:
                self._lost(error or ConnectionLost("it was closed without a goodbye"))
        else:
            self._finish(self._verdict or error)

    def settle(self) -> None:
        """Go on with what had to wait until a line was in no call."""

    # --- what the two ends do differently

    def opening(self, message: Message) -> Message:
        """Return a message as it leaves before both ends agree. Under the lock."""
        return message

    @abstractmethod
    def _opened(self, line: Line, messages: Sequence[Message]) -> None:
        """Take the peer's first messages: it takes part, or it does not."""

    @abstractmethod
    def _arrived_elsewhere(self, line: Line, messages: Sequence[Message]) -> None:
        """Take what arrived over a line that does not carry the connection, yet or any more."""

    @abstractmethod
    def _ended_elsewhere(self, line: Line, error: ServicesError | None) -> None:
        """Note the end of such a line."""

    @abstractmethod
    def _lost(self, error: ServicesError) -> None:
        """Begin an outage."""

    @abstractmethod
    def _closed_away(self) -> None:
        """Have `_finish` called, by a thread that delivers nothing else: it was closed during an outage."""

    # --- what both use

    def _be_plain(self) -> None:
        """Be as the channel that carries it, from now on: the peer does not take part."""
        self._plain = True
        self._pass_on(self._channel)

    def _pass_on(self, channel: Channel) -> None:
        """Have what is sent taken by that channel itself: it is said for each message."""
        self.send = channel.send  # type: ignore[method-assign]  # of this one, not of the class
        self.flush = channel.flush  # type: ignore[method-assign]  # as above

    def _keep(self, window_bytes: int) -> Ledger:
        """Begin to count and keep. `window_bytes` is what the peer may leave unread."""
        most = min(window_bytes, MOST_WINDOW_BYTES) + self._limits.message_bytes + _SLACK_BYTES
        ledger = self._ledger = Ledger(most)
        return ledger

    def _take_up(self, line: Line, heard: int, first: Message | None = None) -> bool:
        """Go on over `line`, whose peer has heard so many messages; tells whether that can be. Under the lock."""
        ledger = self._ledger
        assert ledger is not None
        try:
            ledger.acknowledge(heard)
        except ProtocolViolation:
            return False
        if first is not None:
            line.channel.send(first)
        ledger.paid()  # the peer was told as it went on
        for message in ledger.kept:
            line.channel.send(message)
        return True

    def _deliver(self, messages: Sequence[Message]) -> None:
        receiver = self._receiver
        if receiver is not None and not self._over:
            receiver.on_messages(messages)

    def _finish(self, error: ServicesError | None) -> None:
        """Say the end, once, and let the receiver go: it holds this channel, and all that the session had."""
        with self._lock:
            first, self._over = not self._over, True
            self._closing = True
            self.line, self._channel = None, NOWHERE
            receiver, self._receiver = self._receiver, None
            if self._plain:
                self._pass_on(NOWHERE)
        if first and receiver is not None:
            receiver.on_closed(error)

    def _break(self, line: Line, breach: str) -> None:
        """End: the peer broke the protocol. On a thread that delivers for `line`."""
        error = ProtocolViolation(f"the peer broke the protocol: {breach}")
        line.channel.send(goodbye(error))
        self._verdict = error
        with self._lock:
            self._closing = True
        line.channel.close()

    def _without_acknowledgements(self, ledger: Ledger, line: Line, messages: Sequence[Message]) -> Sequence[Message]:
        """Let go of what the peer says that it has, and return the other messages."""
        try:
            with self._lock:
                ledger.acknowledge(max(message.value for message in messages if message.kind == _RECEIVED))
        except ProtocolViolation as error:
            self._break(line, str(error))
            return ()
        return [message for message in messages if message.kind != _RECEIVED]

    def _is_outage(self, error: ServicesError | None) -> bool:
        if self._ledger is None or self._heard_goodbye or self._verdict is not None:
            return False
        return type(error) is ConnectionLost if error is not None else not self._closing

    def _overflowed(self) -> None:
        """End: the peer acknowledges nothing. Not here: a sender calls no receiver."""
        self._timekeeper.call_at(0.0, lambda now: self._cut_overflowed())

    def _cut_overflowed(self) -> None:
        line = self.line
        if line is not None:
            self._break(line, "it acknowledges nothing of what it receives")
