"""Which frames are copied when they leave, and when a batch that was received says that there is more."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
import zmq

from services_core import INLINE_BYTES
from services_zmq.transfer import COPIED_BYTES, NOBLOCK, SNDMORE, receive_batch, send_frames

from ..harness.time_limits import scaled


@contextlib.contextmanager
def connected() -> Iterator[tuple[zmq.Socket[bytes], zmq.Socket[bytes]]]:
    """Two sockets of one context, of which the second receives what the first sends."""
    with zmq.Context() as context, context.socket(zmq.DEALER) as one, context.socket(zmq.DEALER) as other:
        other.bind("inproc://transfer")
        one.connect("inproc://transfer")
        yield one, other


def received(socket: zmq.Socket[bytes]) -> tuple[list[list[bytes]], bool]:
    """Return what a batch has brought, once there is something, and whether it says that there is more."""
    assert socket.poll(round(scaled(5) * 1000))
    messages, more = receive_batch(socket, threading.Lock(), routed=False)
    return [[frame.bytes for frame in frames] for _, frames in messages], more


def test_only_frames_that_cost_more_to_copy_than_to_lend_are_lent() -> None:
    sent: list[tuple[int, int, bool]] = []
    sizes = [10, INLINE_BYTES, COPIED_BYTES, COPIED_BYTES + 1]
    frames = [memoryview(bytes(size)) for size in sizes]
    send_frames(lambda frame, flags, copy: sent.append((len(frame), flags, copy)), [bytes(400_000), *frames])
    more = NOBLOCK | SNDMORE
    assert sent == [(400_000, more, True)] + [
        (size, flags, copied)
        for size, flags, copied in zip(sizes, [more, more, more, NOBLOCK], [True, True, True, False], strict=True)
    ]


@pytest.mark.parametrize("size_bytes", [INLINE_BYTES, COPIED_BYTES, COPIED_BYTES + 1])
def test_an_array_that_came_alone_is_all_that_there_is(size_bytes: int) -> None:
    """To say that there may be more costs a turn: a wake of the communication thread, a call of the loop."""
    array = bytes([7]) * size_bytes
    with connected() as (one, other):
        send_frames(one.send, [b"header", memoryview(array)])
        assert received(other) == ([[b"header", array]], False)


def test_an_array_with_another_behind_it_is_not_all() -> None:
    array = bytes(INLINE_BYTES)
    with connected() as (one, other):
        for number in range(2):
            send_frames(one.send, [bytes([number]), memoryview(array)])
        assert received(other) == ([[b"\0", array]], True)
        assert received(other) == ([[b"\1", array]], False)


def test_memory_that_is_sent_as_a_copy_may_be_used_again_at_once() -> None:
    array = bytearray(b"a" * COPIED_BYTES)
    with connected() as (one, other):
        send_frames(one.send, [b"header", memoryview(array).toreadonly()])
        array[:] = b"b" * COPIED_BYTES
        assert received(other) == ([[b"header", b"a" * COPIED_BYTES]], False)
