"""What both ends of a connection share: a queue of encoded messages, drained by the communication thread."""

from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

import zmq

from services_core import (
    Channel,
    ChannelReceiver,
    ConnectionLost,
    Limits,
    Message,
    MiB,
    PacketError,
    ProtocolViolation,
    ServicesError,
)
from services_core.codec import Frame, decode, encode, first_frame_limit

from .io_thread import IoThread

_log = logging.getLogger(__name__)

NOBLOCK: Final = int(zmq.NOBLOCK)
SNDMORE: Final = int(zmq.SNDMORE)
CLOSE_FRAME: Final = b""
"""A message of one empty frame: its sender has closed the channel."""


class ZmqChannel(Channel):
    """`send` encodes and queues; `flush` has the communication thread send what is queued.

    Of its state `_over` alone is changed and read under the lock: the one transition from open to over happens once,
    whoever comes first.
    """

    chunk_bytes: ClassVar[int | None] = 1 * MiB

    def __init__(self, io: IoThread, limits: Limits, peer: str) -> None:
        self.peer = peer
        self._io = io
        self._limits = limits
        self._outgoing: deque[Sequence[Frame]] = deque()
        self._scheduled = False
        self._receiver: ChannelReceiver | None = None
        self._lock = threading.Lock()
        self._over = False

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        self._receiver = receiver
        self._io.call(self._open)

    def send(self, message: Message) -> None:
        """See Channel.send."""
        if not self._over:
            self._outgoing.append(encode(message))

    def flush(self) -> None:
        """See Channel.flush."""
        if self._outgoing and not self._scheduled:
            self._scheduled = True  # cleared by the communication thread before it drains
            self._io.call(self._drain)

    def close(self) -> None:
        """See Channel.close."""
        if not self._over:
            self._io.call(lambda: self._finish(None, tell_peer=True))

    # --- on the communication thread

    @abstractmethod
    def _open(self) -> None:
        """Begin to receive."""

    @abstractmethod
    def _send_frames(self, frames: Sequence[Frame]) -> None:
        """Hand one message to ZeroMQ. Raises zmq.ZMQError."""

    @abstractmethod
    def _release(self, *, reachable: bool) -> None:
        """Free the socket; `reachable`: what was sent may still be delivered."""

    def _drain(self) -> None:
        self._scheduled = False
        outgoing = self._outgoing
        try:
            while outgoing:
                self._send_frames(outgoing.popleft())
        except zmq.ZMQError as error:
            outgoing.clear()
            self._finish(lost(self.peer, error.strerror or str(error)), tell_peer=False)

    def _deliver(self, frames: Sequence[zmq.Frame]) -> None:
        """A message arrived, as frames of ZeroMQ."""
        if self._over or self._receiver is None:
            return
        first = frames[0].buffer
        if not len(first) and len(frames) == 1:
            self._finish(None, tell_peer=False)
            return
        try:
            if len(first) > first_frame_limit(self._limits):
                raise PacketError(f"a first frame of {len(first)} bytes arrived")
            message = decode([bytes(first), *(frame.buffer for frame in frames[1:])], self._limits)
        except PacketError as error:
            _log.warning("cut %s: %s", self.peer, error)
            self._finish(ProtocolViolation(f"{self.peer} sent what is no message: {error}"), tell_peer=True)
            return
        self._receiver.on_message(message)

    def _finish(self, error: ServicesError | None, *, tell_peer: bool) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
        if tell_peer:
            self._outgoing.append((CLOSE_FRAME,))
            self._drain()
        self._outgoing.clear()
        self._release(reachable=tell_peer)
        if self._receiver is not None:
            self._receiver.on_closed(error)


def send_frames(send: Callable[..., object], frames: Sequence[Frame], first_flags: int = NOBLOCK) -> None:
    """Send the frames of one message; only large ones, which the codec leaves as views, travel without a copy."""
    last = len(frames) - 1
    for index, frame in enumerate(frames):
        flags = first_flags if index == last else first_flags | SNDMORE
        send(frame, flags, index == 0)


def receive_frames(socket: zmq.Socket[bytes]) -> list[zmq.Frame]:
    """The frames of the next message, without a copy. Raises zmq.Again if there is none."""
    frame = socket.recv(NOBLOCK, False)
    frames = [frame]
    while frame.more:
        frame = socket.recv(NOBLOCK, False)
        frames.append(frame)
    return frames


def lost(peer: str, reason: str) -> ServicesError:
    """The error for a connection that broke."""
    return ConnectionLost(f"the connection to {peer} broke: {reason}; its process has ended, or the network has")
