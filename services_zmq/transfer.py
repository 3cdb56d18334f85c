"""Frames to and from a ZeroMQ socket: without waiting, and without a copy of what is large."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

import zmq
import zmq.utils.garbage  # with its function at exit, which comes after that of engines that are made later

from services_core import INLINE_BYTES
from services_core.protocol.codec import Frame

NOBLOCK: Final = int(zmq.NOBLOCK)
SNDMORE: Final = int(zmq.SNDMORE)
_WITH_MORE: Final = NOBLOCK | SNDMORE
POLLIN: Final = int(zmq.POLLIN)
EVENTS: Final = int(zmq.EVENTS)

COPIED_BYTES: Final = 256 * 1024
"""Frames of up to so many bytes are copied when they are sent.

For each frame that is lent instead pyzmq wakes a thread of its own, which takes longer than the copy (docs/adr/0001).
"""

BATCH: Final = 64
"""Frames that are received at a time, while senders find the socket taken."""

TURN_S: Final = 0.5e-3
"""For so long a socket may be received from, batch after batch, before others have their turn.

To wait for its next turn takes three calls of the system: as long as to receive a batch.
"""


def send_frames(send: Callable[..., object], frames: Sequence[Frame]) -> None:
    """Send the frames of one message; those above COPIED_BYTES, which the codec leaves as views, without a copy."""
    last = len(frames) - 1
    for index, frame in enumerate(frames):
        flags = NOBLOCK if index == last else _WITH_MORE
        send(frame, flags, index == 0 or len(frame) <= COPIED_BYTES)


def send_last(socket: zmq.Socket[bytes], frame: bytes) -> zmq.MessageTracker | None:
    """Send the last message of a socket; what is returned tells when this, and so all before it, has left.

    None if pyzmq cannot tell that, as when the interpreter ends.
    """
    try:
        last = zmq.Frame(frame, track=True, copy=False, copy_threshold=0)
    except RuntimeError:
        socket.send(frame, NOBLOCK)
        return None
    return socket.send(last, NOBLOCK, copy=False, track=True)


def readable(socket: zmq.Socket[bytes]) -> bool:
    """Return whether there is something to receive. Under the socket's lock."""
    return bool(int(socket.getsockopt(EVENTS)) & POLLIN)


def receive_batch(
    socket: zmq.Socket[bytes], lock: threading.Lock, *, routed: bool
) -> tuple[list[tuple[bytes, list[zmq.Frame]]], bool]:
    """Receive up to BATCH messages: the routing id, if it is `routed`, and the frames of each; and whether more.

    Frames are not copied. What they hold ends the batch at 64 KiB: many small messages give way to others, and what a
    large one holds is taken before the next is received, which then finds the memory warm. Whoever comes here knows
    that something has happened, which mostly is a message; before each further one the events are asked for: to be
    refused by an exception costs four times as much.
    """
    messages: list[tuple[bytes, list[zmq.Frame]]] = []
    size_bytes = 0
    recv = socket.recv
    with lock:
        while not messages or readable(socket):
            try:
                routing_id = recv(NOBLOCK) if routed else b""
                frame = recv(NOBLOCK, False)
            except zmq.Again:  # something else has happened
                break
            frames = [frame]
            messages.append((routing_id, frames))
            while frame.more:
                frame = recv(NOBLOCK, False)
                frames.append(frame)
            size_bytes += len(frame)
            if len(messages) == BATCH or size_bytes >= INLINE_BYTES:
                return messages, readable(socket)
    return messages, False
