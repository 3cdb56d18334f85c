"""The accepting end of a lasting connection: kept while its client is away, and taken up again by a RESUME."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from ..backend import Channel
from ..errors import ConnectionLost, PacketError, ServicesError
from ..limits import Limits
from ..packet import Packet
from ..protocol.messages import Kind, Message, goodbye
from ..timekeeper import TimedCall, Timekeeper
from .channel import NOWHERE, LastingChannel, Line

LAST_WORD_S: Final = 30.0
"""How long the end of a connection is kept for a client that may not have heard it."""

IS_AWAY: Final = Message(Kind.AWAY, value=1)
IS_BACK: Final = Message(Kind.AWAY, value=0)
"""What a receiver is told by this end itself: these very values. Peers can only send others that are equal."""

_BUSY_S: Final = 0.02
_UNKNOWN: Final = (
    "the server does not know this connection any more: its process began anew, or had kept the connection for as long "
    "as it does ({:g} s)"
)


class Keeper:
    """The lasting connections of one engine, by the secret ids under which they are taken up again. Thread-safe."""

    def __init__(self, keep_s: float, *, limits: Limits, timekeeper: Timekeeper) -> None:
        self.keep_s = keep_s
        self.limits = limits
        self.timekeeper = timekeeper
        self._lock = threading.Lock()
        self._kept: dict[str, KeptChannel] = {}

    def keeping(self, accept: Callable[[Channel], None]) -> Callable[[Channel], None]:
        """Return an `accept` for a listener that hands on channels that last, to clients that ask for that.

        A channel that takes up an earlier connection is handed on, too; it says nothing, and that it is closed.
        """
        return lambda channel: accept(KeptChannel(channel, self))

    def add(self, channel: KeptChannel) -> str:
        """Keep a connection from now on; returns its id."""
        id_ = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[id_] = channel
        return id_

    def find(self, id_: Any) -> KeptChannel | None:
        """Return the connection of that id."""
        with self._lock:
            return self._kept.get(id_) if isinstance(id_, str) else None

    def forget(self, id_: str) -> None:
        """Keep a connection no longer."""
        with self._lock:
            self._kept.pop(id_, None)

    def forget_later(self, id_: str) -> None:
        """Keep the end of a connection a little longer."""
        self.timekeeper.call_at(time.monotonic() + min(self.keep_s, LAST_WORD_S), lambda now: self.forget(id_))

    def close(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()


class KeptChannel(LastingChannel):
    """An accepted channel. If its client asks for it, the connection outlasts the loss of it by `keep_s`.

    Its receiver is told, as if the client had said so, that the client is away, and that it is back (IS_AWAY, IS_BACK).
    A RESUME takes over from a channel that this end still thinks alive; of several attempts the last counts.
    """

    def __init__(self, channel: Channel, keeper: Keeper) -> None:
        super().__init__(channel, limits=keeper.limits, timekeeper=keeper.timekeeper)
        self._keeper = keeper
        self._id = ""
        self._attempt = 0
        self._pending: tuple[Line, Message] | None = None
        self._former: Line | None = None
        self._settling = threading.Lock()
        self._away_since: float | None = None
        self._expiry: TimedCall | None = None

    def close(self) -> None:
        """See Channel.close."""
        super().close()
        if self._id:
            self._keeper.forget_later(self._id)

    def take_over(self, line: Line, resume: Message) -> None:
        """Go on over `line`, as its first message asks: now, or as soon as the line before is in no call."""
        with self._lock:
            if resume.id <= self._attempt:
                late: Line | None = line  # a later attempt came before
            else:
                self._attempt = resume.id
                late = self._pending[0] if self._pending is not None else None
                self._pending = line, resume
                line.owner = self
        if late is not None:
            late.channel.close()
        self.settle()

    def settle(self) -> None:
        """See LastingChannel.settle."""
        while self._pending is not None and self._settling.acquire(blocking=False):
            try:
                self._retire()
                former = self._former
                if former is None or not former.busy:
                    self._go_on()
            finally:
                self._settling.release()
            if former is not None and former.busy and self._pending is not None:
                return  # that line comes here itself, as soon as it can

    # --- by the lines

    def _opened(self, line: Line, messages: Sequence[Message]) -> None:
        first = messages[0]
        if first.kind == Kind.RESUME:
            self._hand_over(line, first)
            return
        header = _map(first) if first.kind == Kind.HELLO else {}
        if header.pop("lasting", None) is not True:
            self._be_plain()
            self._deliver(messages)
            return
        self._id = self._keeper.add(self)
        self._keep(first.value)
        line.channel.send(Message(Kind.KEPT, packet=Packet({"id": self._id, "keep_s": self._keeper.keep_s})))
        self._deliver([first._replace(packet=Packet(header))])
        line.channel.flush()
        if len(messages) > 1:
            self.arrived(line, messages[1:])

    def _hand_over(self, line: Line, resume: Message) -> None:
        """Give the channel to the connection that it is to take up, if there is one."""
        with self._lock:
            self.line, self._channel, self._closing = None, NOWHERE, True
        kept = self._keeper.find(_map(resume).get("id"))
        if kept is None or kept.peer_key != self.peer_key:
            line.channel.send(goodbye(ConnectionLost(_UNKNOWN.format(self._keeper.keep_s))))
            line.channel.close()
        else:
            kept.take_over(line, resume)
        self._finish(None)

    def _arrived_elsewhere(self, line: Line, messages: Sequence[Message]) -> None:
        """Drop it: who sent it has gone on over another line, and sends it again."""

    def _ended_elsewhere(self, line: Line, error: ServicesError | None) -> None:
        """Nothing: another line carries the connection, or is to."""

    def _lost(self, error: ServicesError) -> None:
        self._away_since = time.monotonic()
        self._deliver((IS_AWAY,))
        self._expire_at(self._away_since + self._keeper.keep_s, error)

    def _finish(self, error: ServicesError | None) -> None:
        if self._id and (self._heard_goodbye or self._verdict is not None or not self._closing):
            self._keeper.forget(self._id)  # else it was closed here, which the client may still have to hear
        super()._finish(error)

    def _closed_away(self) -> None:
        self._timekeeper.call_at(0.0, lambda now: self._finish_when_idle(self._verdict))

    # --- taking up again, by one thread at a time

    def _retire(self) -> None:
        """Take nothing more from the line that carries the connection so far."""
        with self._lock:
            line = self.line
            if line is None:
                return
            self._former, self.line, self._channel = line, None, NOWHERE
        line.channel.close()

    def _go_on(self) -> None:
        with self._lock:
            pending, self._pending = self._pending, None
            away, self._away_since = self._away_since is not None, None
            closing, expiry = self._closing, self._expiry
        if pending is None:
            return
        if expiry is not None:
            expiry.cancel()
        if away and not closing:
            self._deliver((IS_BACK,))
        line, resume = pending
        with self._lock:
            ledger = self._ledger
            assert ledger is not None
            fits = self._take_up(line, resume.value, Message(Kind.RESUMED, resume.id, ledger.heard))
            if fits and not self._closing:
                self._former, self.line, self._channel = None, line, line.channel
        if not fits:
            self._break(line, f"it says that it has {resume.value} messages, which is impossible")
            self._finish_when_idle(self._verdict)
        elif self._closing:
            line.channel.close()
        else:
            line.channel.flush()

    def _expire_at(self, when: float, error: ServicesError) -> None:
        self._expiry = self._timekeeper.call_at(when, lambda now: self._expire(error))

    def _expire(self, error: ServicesError) -> None:
        reason = f"the client was away for more than {self._keeper.keep_s:g} s, for which it is kept: {error}"
        if not self._settling.acquire(blocking=False):
            return  # it is being taken up at this moment
        try:
            if self._away_since is not None and self._pending is None:
                self._finish(ConnectionLost(reason))
        finally:
            self._settling.release()
        self.settle()

    def _finish_when_idle(self, error: ServicesError | None) -> None:
        """Say the end when no line is in a call: at once, as a rule."""
        former = self._former
        if former is not None and former.busy:
            self._timekeeper.call_at(time.monotonic() + _BUSY_S, lambda now: self._finish_when_idle(error))
        else:
            self._finish(error)


def _map(message: Message) -> dict[str, Any]:
    """Return the header of a message, empty if it is none."""
    try:
        header = message.packet.header if message.packet is not None else None
    except PacketError:
        header = None
    return header if isinstance(header, dict) else {}
