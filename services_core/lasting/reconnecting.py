"""The connecting end of a lasting connection: it connects again, and goes on where it was."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from ..backend import Backend, Channel
from ..connection_state import CONNECTED, LOST, RECONNECTING, ConnectionKind, ConnectionState
from ..errors import ConnectionFailed, ConnectionLost, PacketError, Refused, ServicesError, error_from_wire
from ..limits import MOST_WINDOW_BYTES, Limits
from ..packet import Packet
from ..protocol.messages import Kind, Message
from ..timekeeper import Timekeeper
from .channel import NOWHERE, LastingChannel, Line
from .pauses import REFUSED_S, attempt_s, pauses

_MOST_ID: Final = 256


class Kept(NamedTuple):
    """What a server says of a connection that it keeps."""

    id: str
    keep_s: float


class ReconnectingChannel(LastingChannel):
    """A channel to `url` that asks the server to keep the connection, and goes on over another channel if it does.

    Attempts are made on a thread of their own, which lives as long as an outage does: for as long as the server keeps
    the connection, and at most `patience_s`.
    """

    def __init__(
        self,
        backend: Backend,
        url: str,
        *,
        limits: Limits,
        timekeeper: Timekeeper,
        patience_s: float = math.inf,
    ) -> None:
        self._backend = backend
        self._patience_s = patience_s
        self._began = time.monotonic()
        self._attempt_s = attempt_s(0.0)
        self._id = ""
        self._early: list[Message] = []
        """What left after the HELLO and before the KEPT, as that a client of a relay is away: the server counts it."""
        self._attempts = 0
        self._trying: Line | None = None
        self._failed: ServicesError = ConnectionLost("nothing was tried")
        self._failure: ServicesError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watcher: Callable[[ConnectionState], None] | None = None
        super().__init__(backend.connect(url), limits=limits, timekeeper=timekeeper)
        self.peer = url
        self._changed = threading.Condition(self._lock)

    def watch(self, watcher: Callable[[ConnectionState], None]) -> None:
        """See Channel.watch."""
        self._watcher = watcher

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """See Channel.attach_loop."""
        self._loop = loop
        self._channel.attach_loop(loop)

    def detach_loop(self) -> None:
        """See Channel.detach_loop."""
        self._loop = None
        self._channel.detach_loop()

    def opening(self, message: Message) -> Message:
        """Ask in the HELLO that the connection be kept."""
        if message.kind != Kind.HELLO or message.packet is None:
            self._early.append(message)
            return message
        return message._replace(packet=Packet({**message.packet.header, "lasting": True}, limits=self._limits))

    # --- by the lines

    def _opened(self, line: Line, messages: Sequence[Message]) -> None:
        first = messages[0]
        if first.kind != Kind.KEPT:
            self._be_plain()
            self._early.clear()
            self._deliver(messages)
            return
        try:
            kept = _kept(first)
        except ValueError as error:
            self._break(line, str(error))
            return
        self._id, self._patience_s = kept.id, min(kept.keep_s, self._patience_s)
        self._attempt_s = attempt_s(time.monotonic() - self._began)
        with self._lock:
            ledger = self._keep(MOST_WINDOW_BYTES)
            for message in self._early:
                ledger.say(message)
            self._early.clear()
        if len(messages) > 1:
            self.arrived(line, messages[1:])

    def _arrived_elsewhere(self, line: Line, messages: Sequence[Message]) -> None:
        answer = messages[0]
        if answer.kind != Kind.RESUMED:
            self._refused(line, answer)
            return
        with self._lock:
            if line is not self._trying:
                return  # it took too long
            self._trying = None
            goes_on = not self._closing and self._take_up(line, answer.value)
            if goes_on:
                self.line, self._channel, line.carried = line, line.channel, True
            elif not self._closing:
                self._failure = ConnectionLost(f"{self.peer} says that it has {answer.value} messages: more, or fewer")
            self._changed.notify()
        if not goes_on:
            line.channel.abandon()
            return
        self._tell(CONNECTED)
        line.channel.flush()
        if (loop := self._loop) is not None:
            with contextlib.suppress(RuntimeError):  # it was closed
                loop.call_soon_threadsafe(self._attach_again, loop, line.channel)
        if len(messages) > 1:
            self.arrived(line, messages[1:])

    def _refused(self, line: Line, answer: Message) -> None:
        """Note that the server does not go on; its GOODBYE says why."""
        told = answer.packet if answer.kind == Kind.GOODBYE else None
        error = error_from_wire(_header(told)) if told else ConnectionLost(f"{self.peer} did not go on")
        with self._changed:
            if line is self._trying:
                self._trying, self._failure = None, ConnectionLost(str(error))
                self._changed.notify()
        line.channel.close()

    def _ended_elsewhere(self, line: Line, error: ServicesError | None) -> None:
        with self._changed:
            if line is self._trying:
                self._trying = None
                self._failed = error or ConnectionLost("it was closed")
                if isinstance(error, Refused):  # as a key that was revoked meanwhile
                    self._failure = ConnectionLost(str(error))
                self._changed.notify()

    def _lost(self, error: ServicesError) -> None:
        self._tell(RECONNECTING, str(error))
        threading.Thread(target=self._reconnect, args=(error,), name=f"reconnect-{self.peer}", daemon=True).start()

    def _closed_away(self) -> None:
        with self._changed:
            trying, self._trying = self._trying, None
            self._failed = ConnectionLost("it was closed")
            self._changed.notify()
        if trying is not None:  # here, not on the thread that tries: the backend may be closed next
            trying.channel.abandon()

    # --- an outage, on its thread

    def _reconnect(self, lost: ServicesError) -> None:
        """Try until it stands, is over, or there is no hope."""
        until = time.monotonic() + self._patience_s
        refused_since: float | None = None
        for pause_s in pauses():
            began = time.monotonic()
            failed = self._try(min(self._attempt_s, max(0.1, until - began)))
            if failed is None or self._settled():
                return
            now = time.monotonic()
            if not isinstance(failed, ConnectionFailed) or not self._backend.nobody_listens(self.peer):
                refused_since = None
            elif refused_since is None:
                refused_since = began
            if refused_since is not None and now - refused_since >= REFUSED_S:
                self._give_up(f"{lost}. Connections have been refused for {REFUSED_S:g} s: its process has ended")
                return
            if now >= until:
                self._give_up(f"{lost}. It could not be made again within {self._patience_s:g} s: {failed}")
                return
            with self._changed:
                self._changed.wait_for(self._is_over, max(0.0, min(began + pause_s, until) - now))

    def _try(self, limit_s: float) -> ServicesError | None:
        """Make one attempt, and wait for its end; returns why it failed, None if it did not.

        What was made again may be lost by then: that is another outage, with a thread of its own.
        """
        with self._changed:
            if self._is_over():
                return ConnectionLost("it is over")
            self._attempts += 1
            assert self._ledger is not None
            resume = Message(Kind.RESUME, self._attempts, self._ledger.heard, 0, Packet({"id": self._id}))
        try:
            channel = self._backend.connect(self.peer)
        except ServicesError as error:  # the backend is closed
            return error
        line = Line(self, channel)
        with self._changed:
            over = self._is_over()
            if not over:
                self._trying = line
            self._failed = ConnectionLost("it was closed" if over else f"no answer within {limit_s:g} s")
        if over:
            channel.start(line)
            channel.abandon()
            return self._failed
        channel.start(line)
        channel.send(resume)
        channel.flush()
        with self._changed:
            self._changed.wait_for(lambda: line is not self._trying or self._is_over(), limit_s)
            late, failed = line is self._trying, self._failed
            if late:
                self._trying = None
        if late:
            channel.abandon()
        return None if line.carried else failed

    def _is_over(self) -> bool:
        return self._closing or self._over or self._failure is not None

    def _settled(self) -> bool:
        """Return whether nothing is left to do for this thread; it says the end, if that is how it is."""
        with self._lock:
            if self._channel is not NOWHERE:
                return True
            over, error = self._is_over(), self._verdict or self._failure
        if over:
            if error is not None and not self._over:
                self._tell(LOST, str(error))
            self._finish(error)
        return over

    def _give_up(self, reason: str) -> None:
        self._tell(LOST, reason)
        self._finish(ConnectionLost(reason))

    def _tell(self, kind: ConnectionKind, reason: str = "") -> None:
        if self._watcher is not None:
            self._watcher(ConnectionState(kind, time.time(), reason))

    def _attach_again(self, loop: asyncio.AbstractEventLoop, channel: Channel) -> None:
        if self._loop is loop and self._channel is channel:
            channel.attach_loop(loop)


def _kept(message: Message) -> Kept:
    """Return what a KEPT says. Raises ValueError."""
    header = _header(message.packet)
    id_, keep_s = (header.get("id"), header.get("keep_s")) if isinstance(header, dict) else (None, None)
    if not isinstance(id_, str) or not 0 < len(id_) <= _MOST_ID:
        raise ValueError("KEPT without an id")
    if isinstance(keep_s, bool) or not isinstance(keep_s, (int, float)) or not 0 <= keep_s < math.inf:
        raise ValueError("KEPT without a time in seconds")
    return Kept(id_, float(keep_s))


def _header(packet: Packet | None) -> Any:
    try:
        return None if packet is None else packet.header
    except PacketError:
        return None
