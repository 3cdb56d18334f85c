"""One connection: messages go out as records, records come in as messages."""

from __future__ import annotations

import errno
import logging
import selectors
import socket
import time
from collections import deque
from typing import Final

from services_core import (
    Channel,
    ChannelReceiver,
    ConnectionFailed,
    ConnectionLost,
    LimitedLog,
    Limits,
    Message,
    MiB,
    PacketError,
    ProtocolViolation,
    ServicesError,
    decode_all,
    encode_next,
    goodbye,
)

from .loop import Loop
from .records import ALIVE, CLOSED, Records, record

DEAD_AFTER_S: Final = 3.5
"""A peer of whom nothing has been heard for so long is frozen, or cut off."""

LINGER_S: Final = 5.0
"""How long a closed channel goes on delivering what was sent."""

SENDS: Final = 16
"""Calls of `send` for one channel until the others have their turn."""

_limited_log = LimitedLog(logging.getLogger(__name__))


class SocketChannel(Channel):
    """A channel over a connection. Everything but `start`, `send`, `flush` and the closing runs on the loop's thread.

    `_over` says that the receiver has been told the end, or will be when it starts. The socket lives on until what was
    sent is delivered, and goes on reading: to close one with unread bytes would take back what the peer has not read.
    """

    chunk_bytes = 1 * MiB

    def __init__(self, loop: Loop, sock: socket.socket, peer: str, limits: Limits, *, accepted: bool) -> None:
        self.peer = peer
        self._loop = loop
        self._socket = sock
        self._limits = limits
        self._outgoing: deque[Message] = deque()
        self._unsent: deque[memoryview] = deque()
        self._records = Records(limits)
        self._receiver: ChannelReceiver | None = None
        self._connected = self._heard = accepted
        self._heard_at = time.monotonic()
        self._scheduled = self._closing = self._over = self._gone = False
        self._leave_at = 0.0
        self._last_is_said = False
        self._end: ServicesError | None = None

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        self._loop.call(lambda: self._begin(receiver))

    def send(self, message: Message) -> None:
        """See Channel.send."""
        if not self._closing:
            self._outgoing.append(message)

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        if self._outgoing and not self._scheduled:
            self._scheduled = True  # cleared before the queue is looked at
            self._loop.call(self._flush)

    def close(self) -> None:
        """See Channel.close."""
        if not self._closing:
            self._closing = True
            self._loop.call(lambda: self._finish(None))

    def abandon(self) -> None:
        """See Channel.abandon."""
        self._closing = True
        self._loop.call(lambda: self._leave(None))

    # --- on the thread of the loop

    def open(self, code: int) -> None:
        """Begin, unless to connect has failed at once, with this code."""
        self._loop.channels.add(self)
        if code:
            self._break(errno.errorcode.get(code, str(code)))
        elif self._connected:
            self._unsent.append(memoryview(ALIVE))  # tells the other side that somebody is here
        self._watch()

    def look(self, now: float, *, excused: bool) -> None:
        """Give a sign of life, and see whether there was one. `excused`: this process has not listened itself."""
        waits = self._receiver is not None or not self._connected
        if excused or not waits:
            self._heard_at = now
        if self._over:
            if now >= self._leave_at:
                self._leave(self._end)
        elif now - self._heard_at > (DEAD_AFTER_S if self._heard else self._limits.connect_s):
            self._break("nothing was heard of it any more")
        elif self._connected and not self._unsent:
            self._unsent.append(memoryview(ALIVE))
            self._write()

    def _begin(self, receiver: ChannelReceiver) -> None:
        self._receiver = receiver
        self._heard_at = time.monotonic()
        if self._over:
            self._tell()
        self._watch()

    def _flush(self) -> None:
        self._scheduled = False
        if self._connected:
            self._write()

    def _watch(self) -> None:
        """Wait for what this channel waits for: nothing is received before there is a receiver, or an end."""
        if not self._gone:
            reads = self._connected and (self._receiver is not None or self._over)
            says_more = self._unsent or self._outgoing or (self._over and not self._last_is_said)
            writes = bool(says_more) or not self._connected
            events = (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if writes else 0)
            self._loop.watch(self._socket, events, self._ready)

    def _ready(self, events: int) -> None:
        if not self._connected:
            self._see_whether_connected()
        elif events & selectors.EVENT_READ:
            self._read()
        if self._connected:
            self._write()

    def _see_whether_connected(self) -> None:
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        # A port that nobody has may be given to this very socket, which TCP then connects to itself.
        if not code and self._socket.getsockname() == self._socket.getpeername():
            code = errno.ECONNREFUSED
        if code:
            self._break(errno.errorcode.get(code, str(code)))
        else:
            self._connected = True
            self._unsent.append(memoryview(ALIVE))

    def _read(self) -> None:
        try:
            data = self._socket.recv(self._records.wanted_bytes())
        except BlockingIOError:
            return
        except OSError as error:
            self._break(error.strerror or str(error))
            return
        if not data:
            self._break("it was closed from the other side")
        elif not self._over:  # else it is read to be dropped
            self._heard, self._heard_at = True, time.monotonic()
            self._take(data)

    def _take(self, data: bytes) -> None:
        messages: list[Message] = []
        closed, breach = False, None
        try:
            for frames in self._records.feed(memoryview(data)):
                closed = frames is None
                messages += decode_all(frames, self._limits) if frames is not None else ()
        except PacketError as error:
            breach = error
        if messages:
            self._hand_over(messages)
        if breach is not None:
            text = f"{self.peer} sent what is no message: {breach}"
            _limited_log.warning("cut: %s", text)
            self._cut(ProtocolViolation(text), ProtocolViolation(text))
        elif closed:
            self._leave(None)

    def _hand_over(self, messages: list[Message]) -> None:
        if self._receiver is None:
            return
        try:
            self._receiver.on_messages(messages)
        except Exception as error:
            _limited_log.exception("the receiver of %s failed; its channel is closed", self.peer)
            text = f"the receiver of this channel failed: {error}"
            self._cut(ConnectionLost(text), ProtocolViolation(text))

    def _write(self) -> None:
        """Send as much as the socket takes."""
        if self._gone:
            return
        try:
            for _ in range(SENDS):
                if not self._unsent and not self._encode():
                    break
                view = self._unsent[0]
                sent = self._socket.send(view)
                self._unsent.popleft()
                if sent < len(view):
                    self._unsent.appendleft(view[sent:])
            if self._last_is_said and not self._unsent:
                self._socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            pass  # the selector tells when there is room
        except OSError:
            self._outgoing.clear()  # it broke; what the peer had sent before is read first, and then the reason
            self._unsent.clear()
        self._watch()

    def _encode(self) -> bool:
        """Make the next record; tells whether there is one."""
        if self._outgoing and not self._last_is_said:
            self._unsent.extend(record(encode_next(self._outgoing)))
        elif self._over and not self._last_is_said:
            self._last_is_said = True
            self._unsent.append(memoryview(CLOSED))
        return bool(self._unsent)

    def _cut(self, told: ServicesError, error: ServicesError) -> None:
        """End with `error`, after `told` was said to the peer as the last word."""
        self._closing = True
        self._outgoing.append(goodbye(told))
        self._finish(error)

    def _break(self, reason: str) -> None:
        """End at once: nobody is there, or no more."""
        if self._heard:
            self._leave(ConnectionLost(f"the connection to {self.peer} broke: {reason}"))
        else:
            self._leave(ConnectionFailed(f"nobody listens at {self.peer}: {reason}; check the address and the port"))

    def _leave(self, error: ServicesError | None) -> None:
        """End, and close the socket, whatever has not been delivered."""
        if not self._gone:
            self._gone = True
            self._loop.drop(self._socket)
            self._loop.channels.discard(self)
        self._finish(error)

    def _finish(self, error: ServicesError | None) -> None:
        """End for the reason `error`; the socket goes when what was sent is delivered, or after LINGER_S."""
        if self._over:
            return
        self._over = self._closing = True
        self._end = error
        self._leave_at = time.monotonic() + LINGER_S
        if self._receiver is not None:
            self._tell()
        if self._connected:
            self._write()

    def _tell(self) -> None:
        receiver, self._receiver = self._receiver, None
        assert receiver is not None
        try:
            receiver.on_closed(self._end)
        except Exception:
            _limited_log.exception("the receiver of %s failed when its channel closed", self.peer)
