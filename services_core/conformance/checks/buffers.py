"""Buffers from a client through a service and back: who owns which memory."""

from __future__ import annotations

import gc
import random
import zlib

from ...limits import INLINE_BYTES, MiB
from ...packet import Packet, share
from ..check import check
from ..expect import expect
from ..stage import Stage
from ..workbench import Workbench

_MIXED_SIZES = (0, 1, INLINE_BYTES - 1, INLINE_BYTES, INLINE_BYTES + 1, 100, 0, 1 << 20, 5, 6, 7, 8, 9, 10, 11)


@check
def writable_buffers_are_copied(stage: Stage) -> None:
    """A writable buffer is copied when the packet is made: writing to it afterwards changes nothing that arrives."""
    endpoint = stage.endpoint(Workbench(stage))
    for size in (10, INLINE_BYTES, 1 * MiB):
        memory = bytearray(b"a" * size)
        reply = endpoint.send_request({"n": 1}, (memory,))
        memory[:] = b"z" * size
        answer = reply.result(stage.wait_s)
        expect(bytes(answer.buffers[0]) == b"a" * size, "the bytes as they were when sent", "later ones")


@check
def read_only_buffers_are_not_copied(stage: Stage) -> None:
    """A packet keeps a buffer that is read-only, or was shared, by reference."""
    content = bytes(100_000)
    memory = bytearray(100_000)
    packet = Packet(None, (content, share(memory)))
    expect(packet.buffers[0].obj is content, "the very bytes object", packet.buffers[0].obj)
    expect(packet.buffers[1].obj is memory, "the very bytearray", packet.buffers[1].obj)
    answer = stage.endpoint(Workbench(stage)).send_request({"n": 1}, packet.buffers).result(stage.wait_s)
    expect([view.nbytes for view in answer.buffers] == [100_000, 100_000], "both buffers back", answer)


@check
def received_buffers_stay_valid(stage: Stage) -> None:
    """Received views are read-only and stay unchanged after later traffic, the connection's end and a collection."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    content = random.Random(1).randbytes(2 * INLINE_BYTES)
    reply = endpoint.send_request({"n": 1}, (content, content[:100])).result(stage.wait_s)
    endpoint.send_request({"n": 2, "do": "keep"}, (content, content[:100])).result(stage.wait_s)
    for n in range(50):
        endpoint.send_request({"n": n}, (bytes([n]) * (2 * INLINE_BYTES), bytes([n]) * 100)).result(stage.wait_s)
    views = [*reply.buffers, *service.kept[0].buffers]
    endpoint.close()
    stage.wait(service.left, "client_left")
    del reply, endpoint, service
    gc.collect()
    for view, expected in zip(views, (content, content[:100]) * 2, strict=True):
        expect(view.readonly, "a read-only view", view)
        expect(bytes(view) == expected, "the bytes that were sent", "others")


@check
def buffers_of_every_size_travel(stage: Stage) -> None:
    """Header only, one empty buffer, and fifteen of mixed sizes go there and back unchanged."""
    endpoint = stage.endpoint(Workbench(stage))
    for sizes in ((), (0,), _MIXED_SIZES):
        contents = [random.Random(size).randbytes(size) for size in sizes]
        answer = endpoint.send_request({"n": 1, "text": "ü"}, contents).result(stage.wait_s)
        expect(answer.header == {"n": 1, "text": "ü"}, "the header", answer.header)
        expect([bytes(view) for view in answer.buffers] == contents, f"buffers of {sizes} bytes", answer)


@check
def buffer_of_256_mib(stage: Stage) -> None:
    """One buffer of 256 MiB, the most that a message may hold, arrives byte for byte."""
    endpoint = stage.endpoint(Workbench(stage))
    endpoint.connected().result(stage.wait_s)  # before this process is busy with making so much
    content = random.Random(256).randbytes(1 * MiB) * 256
    seen = endpoint.send_request({"n": 1, "do": "sum"}, (content,)).result(3 * stage.wait_s).header
    expected = {"bytes": 256 * MiB, "crc": zlib.crc32(content), "first": content[0], "last": content[-1]}
    expect(seen == expected, str(expected), seen)
