"""What both ends of a connection share: a queue of encoded messages, drained by the communication thread."""

from __future__ import annotations

import contextlib
import threading
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from typing import Final

import zmq

from services_core import (
    Channel,
    ChannelReceiver,
    ConnectionLost,
    Message,
    MiB,
    PacketError,
    ProtocolViolation,
    ServicesError,
    goodbye,
)
from services_core.limits import MESSAGE_OVERHEAD_BYTES
from services_core.protocol.codec import Frame, decode_all, encode_next, first_frame_limit

from .pieces import Assembly, split
from .resources import Resources
from .threads.io_thread import IoThread
from .threads.strand import Strand

BURST_GAP_S: Final = 100e-6
"""A message that comes later than this after the message before comes alone."""

BURST: Final = 15
"""Messages of a burst that may gather; then the peer begins with them while others are made."""

TURN: Final = 256
"""After so many messages of one peer others have their turn: to hand them on takes a few milliseconds."""

CLOSE_FRAME: Final = b""
"""A message of one empty frame: its sender has closed the channel."""

REFUSE_FRAME: Final = b"\xc1"
"""A message of this one frame: the listener accepts no more channels. (No msgpack begins with this byte.)"""


class ZmqChannel(Channel):
    """A channel over a ZeroMQ socket of its own, or a listener's.

    `send` queues; `flush` sends a message that comes alone at once, and leaves bursts to the channel's strand, which
    sends small messages together: the first way saves two changes of threads, the second is several times cheaper.

    A ZeroMQ socket may be used by one thread at a time: `_socket_lock` says whose turn it is. A sender that finds it
    taken does not wait, it leaves the sending to the strand. The strand alone makes callbacks, without the lock, and
    changes the state, but for `_closing` and `_scheduled`, which only go from False to True elsewhere.
    """

    chunk_bytes: int | None = 1 * MiB

    def __init__(self, strand: Strand | IoThread, peer: str, socket_lock: threading.Lock, resources: Resources) -> None:
        self.peer = peer
        self._socket_lock = socket_lock
        self._strand = strand
        self._limits = resources.limits
        self._log = resources.log
        self._outgoing: deque[Message] = deque()
        self._assembly = Assembly(resources.limits, resources.memory)
        self._scheduled = False
        self._flushed = 0.0
        self._receiver: ChannelReceiver | None = None
        self._backlog: list[Message] = []
        self._backlog_bytes = 0
        self._closing = False
        self._over = False
        self._end: ServicesError | None = None

    def start(self, receiver: ChannelReceiver) -> None:
        """See Channel.start."""
        self._strand.call(lambda: self._begin(receiver))

    def send(self, message: Message) -> None:
        """See Channel.send."""
        if not self._closing:
            self._outgoing.append(message)

    def flush(self, gather: int | None = None) -> None:
        """See Channel.flush."""
        outgoing = self._outgoing
        if not outgoing:
            return
        if gather is None:
            now = time.monotonic()
            gather, self._flushed = 0 if now - self._flushed > BURST_GAP_S else BURST, now
        if len(outgoing) > gather and self._send_now():
            return
        if not self._scheduled:
            self._scheduled = True  # cleared by the strand before it drains
            self._strand.call(self._drain)

    def close(self) -> None:
        """See Channel.close."""
        if not self._closing:
            self._closing = True
            self._strand.call(lambda: self.finish(None, tell_peer=True))

    def abandon(self) -> None:
        """See Channel.abandon."""
        if not self._closing:
            self._closing = True
            self._strand.call(lambda: self.finish(None, tell_peer=False))

    def _send_now(self) -> bool:
        """Send on this thread, unless another uses the socket; tells whether it was sent."""
        if not self._socket_lock.acquire(blocking=False):
            return False
        try:
            self._send_outgoing()
        finally:
            self._socket_lock.release()
        return True

    # --- by the strand

    @abstractmethod
    def _open(self) -> None:
        """Begin to receive."""

    @abstractmethod
    def _send_frames(self, frames: Sequence[Frame]) -> None:
        """Hand one message to ZeroMQ. Raises zmq.ZMQError."""

    def _send_close(self) -> None:
        """Hand the last message to ZeroMQ. Raises zmq.ZMQError. Under the lock."""
        self._send_frames((CLOSE_FRAME,))

    @abstractmethod
    def _look(self) -> None:
        """Have received what may have arrived: sending has swallowed the sign of it. Under the lock, on any thread."""

    @abstractmethod
    def _release(self, *, reachable: bool) -> None:
        """Free the socket, under its lock; `reachable`: what was sent may still be delivered."""

    @abstractmethod
    def _unreachable(self, reason: str) -> None:
        """End: nothing can be sent any more. What the peer had sent before is delivered first."""

    @abstractmethod
    def _peer_closed(self) -> None:
        """End: the peer's CLOSE_FRAME arrived."""

    def _begin(self, receiver: ChannelReceiver) -> None:
        self._receiver = receiver
        if not self._over:
            self._open()
        if self._backlog:
            backlog, self._backlog = self._backlog, []
            self._hand_over(receiver, backlog)
        if self._over and self._receiver is not None:
            self._tell(self._receiver)

    def _drain(self) -> None:
        self._scheduled = False
        with self._socket_lock:
            self._send_outgoing()

    def _send_outgoing(self) -> None:
        """Hand what is queued to ZeroMQ. Under the lock, on any thread."""
        if self._over:
            return
        outgoing = self._outgoing
        try:
            while outgoing:
                frames = encode_next(outgoing)
                if len(frames) == 1:
                    self._send_frames(frames)
                else:
                    for part in split(frames):
                        self._send_frames(part)
            self._look()
        except zmq.ZMQError as error:
            outgoing.clear()
            reason = error.strerror or str(error)
            self._strand.call(lambda: self._unreachable(reason))

    def deliver(self, arrived: Sequence[Sequence[zmq.Frame]]) -> Sequence[Sequence[zmq.Frame]]:
        """Deliver the messages in what arrived together, as frames of ZeroMQ, together.

        Returns what is left when it were many messages: others have their turn before that.
        """
        messages: list[Message] = []
        for index, frames in enumerate(arrived):
            if len(messages) >= TURN:
                self._take(messages)
                return arrived[index:]
            first = frames[0].buffer
            if not len(first) and len(frames) == 1:
                self._take(messages)
                self._peer_closed()
                return ()
            if self._over:
                continue  # it was cut: what it still sends is not even read
            try:
                if len(first) > first_frame_limit(self._limits):
                    raise PacketError(f"a first frame of {len(first)} bytes arrived")
                whole = self._assembly.add([frame.buffer for frame in frames])
                if whole is not None:
                    messages += decode_all(whole, self._limits)
            except PacketError as error:
                self._take(messages)
                self._cut(f"sent what is no message: {error}")
                return ()
        self._take(messages)
        return ()

    def _take(self, messages: list[Message]) -> None:
        if self._over or not messages:
            return
        if self._receiver is None:
            self._keep(messages)
        else:
            self._hand_over(self._receiver, messages)

    def _hand_over(self, receiver: ChannelReceiver, messages: list[Message]) -> None:
        try:
            receiver.on_messages(messages)
        except Exception as error:
            self._log.exception("the receiver of %s failed; its channel is closed", self.peer)
            self._backlog.clear()
            self._end_with(
                ConnectionLost(f"the receiver of this channel failed: {error}"),
                ProtocolViolation(f"the receiver of {self.peer} failed: {error}"),
            )

    def _keep(self, messages: list[Message]) -> None:
        """Keep messages until the channel is started: as many as the window of a conversation allows."""
        for message in messages:
            self._backlog_bytes += message.packet.size_bytes if message.packet is not None else MESSAGE_OVERHEAD_BYTES
        self._backlog += messages
        if self._backlog_bytes > self._limits.window_bytes + self._limits.message_bytes:
            self._backlog.clear()
            self._cut("sent more than its window")

    def _cut(self, breach: str) -> None:
        """End the channel of a peer that broke the protocol, and tell it how."""
        if not self._over:
            self._log.warning("cut %s: it %s", self.peer, breach)
            error = ProtocolViolation(f"{self.peer} {breach}")
            self._end_with(error, error)

    def _end_with(self, told: ServicesError, error: ServicesError) -> None:
        """Say `told` to the peer as the last word, and end with `error` on this side, unless it has ended."""
        self.say_last(told)
        self.finish(error, tell_peer=True)

    def say_last(self, told: ServicesError) -> None:
        """Have this be the last word to the peer, which `finish` says, unless the channel has ended."""
        if not self._over:
            self._closing = True  # nothing follows the goodbye
            self._outgoing.append(goodbye(told))

    def finish(self, error: ServicesError | None, *, tell_peer: bool) -> None:
        """End the channel for the reason `error`, and say the close to the peer if it is there to hear it."""
        if self._over:
            return
        self._end = error
        self._closing = True
        with self._socket_lock:
            if tell_peer:
                self._send_outgoing()
                with contextlib.suppress(zmq.ZMQError):  # the peer has gone: it needs no word
                    self._send_close()
            self._over = True
            self._outgoing.clear()
            self._release(reachable=tell_peer)
        if self._receiver is not None and not self._backlog:
            self._tell(self._receiver)

    def _tell(self, receiver: ChannelReceiver) -> None:
        self._receiver = None
        try:
            receiver.on_closed(self._end)
        except Exception:
            self._log.exception("the receiver of %s failed when its channel closed", self.peer)


def lost(peer: str, reason: str) -> ServicesError:
    """Return the error for a connection that broke."""
    return ConnectionLost(f"the connection to {peer} broke: {reason}; its process has ended, or the network has")
