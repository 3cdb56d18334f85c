"""Buffers of some MiB over ZeroMQ: how they are cut and put together, and who holds the memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import psutil
import pytest

from services_core import Channel, Limits, Message, MiB, Packet, PacketError
from services_core.protocol.codec import Frame, decode, encode
from services_core.protocol.messages import Kind
from services_zmq import ZmqBackend
from services_zmq.memory import Memory
from services_zmq.pieces import MARK, PIECE_BYTES, Assembly, split

from ..harness.time_limits import scaled

_SIZE = 2 * PIECE_BYTES + 5


def _request(*sizes_bytes: int) -> Message:
    numbers = np.arange(max(sizes_bytes), dtype=np.uint32).astype(np.uint8)
    return Message(Kind.REQUEST, 1, packet=Packet("h", [numbers[:size].tobytes() for size in sizes_bytes]))


def _views(frames: Sequence[Frame]) -> list[memoryview]:
    return [memoryview(frame) for frame in frames]


def test_buffers_of_some_mib_leave_in_pieces_and_arrive_whole() -> None:
    message = _request(_SIZE, 70_000, 100, PIECE_BYTES)
    parts = split(encode(message))
    assert [len(part) for part in parts] == [3] + [2] * 5
    assembly = Assembly(Limits(), Memory())
    *incomplete, frames = [assembly.add(_views(part)) for part in parts]
    assert incomplete == [None] * 5
    assert frames is not None
    packet = decode(frames).packet
    assert packet is not None and message.packet is not None
    assert [bytes(view) for view in packet.buffers] == [bytes(view) for view in message.packet.buffers]
    assert all(view.readonly for view in packet.buffers)


@pytest.mark.parametrize("size_bytes", [70_000, PIECE_BYTES, 64 * MiB + 1])
def test_smaller_and_larger_buffers_travel_as_one_frame(size_bytes: int) -> None:
    frames: list[bytes | memoryview] = [b"first", memoryview(bytes(size_bytes))]
    assert split(frames) == (frames,)


_ANNOUNCEMENT = [MARK, _SIZE.to_bytes(8, "big"), b"first"]


@pytest.mark.parametrize(
    "messages",
    [
        [[MARK, b"1234"]],
        [_ANNOUNCEMENT, [MARK, b""]],
        [_ANNOUNCEMENT, [MARK, bytes(_SIZE + 1)]],
        [_ANNOUNCEMENT, _ANNOUNCEMENT],
        [_ANNOUNCEMENT, [b"a message between"]],
        [_ANNOUNCEMENT, [MARK, bytes(_SIZE)], [MARK, b"1"]],
        [[*_ANNOUNCEMENT, b"more"]],
        [[MARK, b"", b"first"]],
        [[MARK, bytes(7), b"first"]],
        [[MARK, bytes(8), b"first"]],
        [[MARK, b"\xff" * 8, b"first"]],
        [[MARK, PIECE_BYTES.to_bytes(8, "big") * 16, b"first"]],
        [[MARK, PIECE_BYTES.to_bytes(8, "big"), b"first"]],
        [[MARK, (65_535).to_bytes(8, "big") + PIECE_BYTES.to_bytes(8, "big"), b"first"]],
        [[MARK, (64 * MiB + 1).to_bytes(8, "big"), b"first"]],
    ],
)
def test_pieces_that_were_not_announced_are_refused(messages: list[list[bytes]]) -> None:
    assembly = Assembly(Limits(), Memory())

    def add_all() -> None:
        for message in messages:
            assembly.add(_views(message))

    with pytest.raises(PacketError):
        add_all()


def test_pieces_beyond_the_limit_of_a_message_are_refused() -> None:
    with pytest.raises(PacketError, match="the limit is 9"):
        Assembly(Limits(message_bytes=9), Memory()).add(_views(_ANNOUNCEMENT))


def test_what_is_announced_takes_memory_only_as_it_arrives() -> None:
    process = psutil.Process()
    before = process.memory_info().rss
    assemblies = [Assembly(Limits(), Memory()) for _ in range(16)]
    for assembly in assemblies:
        assembly.add(_views([MARK, (64 * MiB).to_bytes(8, "big"), b"first"]))
    assert process.memory_info().rss - before < 64 * MiB
    assemblies[0].add(_views([MARK, bytes(PIECE_BYTES)]))


def test_memory_is_used_again_only_when_its_last_view_is_gone() -> None:
    memory = Memory()
    lent = memory.take(100)
    lent[:] = bytes(range(100))
    held = np.frombuffer(lent.toreadonly(), np.uint8)[10:20]
    del lent
    memory.take(100)[:] = bytes(100)
    assert held.tolist() == list(range(10, 20))
    address = held.ctypes.data - 10
    del held
    again = [memory.take(100), memory.take(100)]
    assert address in [np.frombuffer(view, np.uint8).ctypes.data for view in again]


def test_memory_that_was_cleared_is_not_kept() -> None:
    memory = Memory()
    memory.take(100)
    memory.clear()
    assert not memory._free


def test_at_most_two_pieces_of_memory_are_kept() -> None:
    memory = Memory()
    views = [memory.take(100) for _ in range(5)]
    del views
    assert len(memory._free) == 2
    assert len(memory.take(200)) == 200


class _Receiver:
    def __init__(self, count: int) -> None:
        self.messages: list[Message] = []
        self.complete = threading.Event()
        self._count = count

    def on_messages(self, messages: Sequence[Message], /) -> None:
        self.messages += messages
        if len(self.messages) == self._count:
            self.complete.set()

    def on_closed(self, error: Exception | None, /) -> None:
        self.complete.set()


@pytest.fixture
def backend() -> Iterator[ZmqBackend]:
    one = ZmqBackend()
    yield one
    one.close()


def test_what_was_received_stays_while_more_arrives_in_order(backend: ZmqBackend) -> None:
    count = 6
    receiver = _Receiver(2 * count)
    accepted: list[Channel] = []

    def accept(channel: Channel) -> None:
        accepted.append(channel)
        channel.start(receiver)

    url = backend.listen("tcp://127.0.0.1:0", accept).url
    client = backend.connect(url)
    client.start(_Receiver(1))
    for number in range(1, count + 1):
        client.send(Message(Kind.REQUEST, number, packet=Packet(number, [bytes([number]) * _SIZE])))
        client.send(Message(Kind.CANCEL, number))
    client.flush()
    assert receiver.complete.wait(scaled(10))
    assert [(m.kind, m.id) for m in receiver.messages] == [
        (kind, number) for number in range(1, count + 1) for kind in (Kind.REQUEST, Kind.CANCEL)
    ]
    packets = [message.packet for message in receiver.messages if message.packet is not None]
    assert [bytes(packet.buffers[0]) == bytes([number]) * _SIZE for number, packet in enumerate(packets, 1)] == (
        [True] * count
    )
