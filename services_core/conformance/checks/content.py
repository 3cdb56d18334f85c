"""Channels deliver messages unchanged, and buffers under the ownership rule of Packet."""

from __future__ import annotations

import gc
import random

from ...limits import INLINE_BYTES
from ...packet import Packet, share
from ...protocol.messages import NEEDS_PACKET, Kind, Message
from ..check import check
from ..expect import expect
from ..stage import Stage, message

_MIXED_SIZES = (0, 1, 7, 1000, INLINE_BYTES - 1, INLINE_BYTES, INLINE_BYTES + 1, 3, 0, 200_000, 64, 1 << 20, 2, 65, 0)


@check
def channel_keeps_fields(stage: Stage) -> None:
    """Kind, id, value, flags and header arrive as they were sent, for every kind and up to 2**63 - 1."""
    line = stage.line()
    header = {
        "text": "Größe",
        "numbers": [1, -(2**63), 2**64 - 1, 1.5, None, True],
        "bytes": b"\0\xff",
        "deep": {"a": {}},
    }
    sent = []
    for kind in Kind:
        sent.append(Message(kind, 2**63 - 1, 2**63 - 1, 1, Packet(header)))
        if kind not in NEEDS_PACKET:
            sent.append(Message(kind, 0, 0, 0, None))
    for one in sent:
        line.near.send(one)
    line.near.flush()
    for one, arrived in zip(sent, line.far_ear.wait_messages(len(sent)), strict=True):
        expect(arrived[:4] == one[:4], f"the fields {one[:4]}", arrived[:4])
        expect((arrived.packet is None) == (one.packet is None), f"a packet as in {one}", arrived)
        if one.packet is not None and arrived.packet is not None:
            expect(arrived.packet.header == header, f"the header {header}", arrived.packet.header)


@check
def channel_keeps_buffers(stage: Stage) -> None:
    """Fifteen buffers of sizes around the 64 KiB threshold, empty ones among them, arrive byte for byte."""
    line = stage.line()
    contents = tuple(random.Random(size).randbytes(size) for size in _MIXED_SIZES)
    line.near.send(message(1, {"n": 15}, contents))
    line.near.send(message(2))
    line.near.send(message(3, None, (b"",)))
    line.near.flush()
    full, bare, empty = line.far_ear.wait_messages(3)
    assert full.packet is not None
    assert bare.packet is not None
    assert empty.packet is not None
    sizes = [view.nbytes for view in full.packet.buffers]
    expect(sizes == list(_MIXED_SIZES), f"buffers of {_MIXED_SIZES} bytes", sizes)
    expect(all(map(_same, full.packet.buffers, contents)), "every byte as it was sent", "other bytes")
    expect(len(bare.packet.buffers) == 0, "no buffers", len(bare.packet.buffers))
    expect([v.nbytes for v in empty.packet.buffers] == [0], "one empty buffer", empty.packet.buffers)


@check
def channel_hands_over_read_only_views(stage: Stage) -> None:
    """Received buffers are read-only, C-contiguous views of bytes, small or large."""
    line = stage.line()
    memory = bytearray(b"x" * 100_000)
    line.near.send(message(1, None, (b"small", bytes(INLINE_BYTES), share(memory), bytearray(10))))
    line.near.flush()
    packet = line.far_ear.wait_messages(1)[0].packet
    assert packet is not None
    for view in packet.buffers:
        kind = (type(view) is memoryview, view.readonly, view.c_contiguous, view.format, view.ndim)
        expect(kind == (True, True, True, "B", 1), "a read-only, contiguous memoryview of bytes", (view, *kind))


@check
def channel_never_touches_what_arrived(stage: Stage) -> None:
    """A received message stays as it arrived: after later traffic, after the channel closed, after a collection."""
    line = stage.line()
    count = 40
    contents = [random.Random(n).randbytes(INLINE_BYTES + 100 * (n % 2) if n % 3 else 500) for n in range(count)]
    for number in range(20):
        line.near.send(message(number, number, (contents[number],)))
        line.near.flush()
    kept = list(line.far_ear.wait_messages(20))
    for number in range(20, count):
        line.near.send(message(number, number, (contents[number],)))
        line.near.flush()
    kept = list(line.far_ear.wait_messages(count))
    line.near.close()
    line.far_ear.wait_closed()
    line.far_ear.messages.clear()
    del line
    gc.collect()
    for number, one in enumerate(kept):
        assert one.packet is not None
        expect(one.packet.header == number, f"header {number}", one.packet.header)
        expect(_same(one.packet.buffers[0], contents[number]), f"message {number} as it arrived", "other bytes")


def _same(view: memoryview, content: bytes) -> bool:
    return bytes(view) == content
