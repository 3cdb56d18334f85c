"""What is on the wire: records of frames, and two that are one byte long.

A record is a byte with the number of its frames, eight bytes with the size of each, and the frames.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Final

from services_core import Frame, Limits, PacketError, first_frame_limit

ALIVE: Final = b"\x00"
"""A record of no frames: a sign of life."""

CLOSED: Final = b"\xff"
"""The sender has closed the channel; nothing follows."""

RECEIVED_BYTES: Final = 64 * 1024


def record(frames: Sequence[Frame]) -> list[memoryview]:
    """Return the record of a message's frames, in parts; large frames are not copied."""
    first, *large = frames
    head = struct.pack(f">B{len(frames)}Q", len(frames), *map(len, frames))
    return [memoryview(head + bytes(first)), *(memoryview(frame) for frame in large)]


class Records:
    """Puts records together. Memory is taken as bytes arrive, not as they are announced."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._head = bytearray()
        self._sizes: tuple[int, ...] = ()
        self._frames: list[bytearray] = []

    def wanted_bytes(self) -> int:
        """Return how much to receive at a time: many small messages give way to others, large frames come quickly."""
        lacks = self._sizes[len(self._frames) - 1] - len(self._frames[-1]) if self._sizes else 0
        return max(RECEIVED_BYTES, min(lacks, 16 * RECEIVED_BYTES))

    def feed(self, data: memoryview) -> Iterator[list[Frame] | None]:
        """Yield the frames of each record that is complete now, None for the last. Raises PacketError."""
        while data:
            if not self._sizes:
                lacks = (1 + 8 * self._head[0] if self._head else 1) - len(self._head)
                self._head += data[:lacks]
                data = data[lacks:]
                if self._head == CLOSED:
                    yield None
                    return
                self._read_head()
                continue
            frame = self._frames[-1]
            lacks = self._sizes[len(self._frames) - 1] - len(frame)
            frame += data[:lacks]
            data = data[lacks:]
            if len(frame) < self._sizes[len(self._frames) - 1]:
                return
            if len(self._frames) < len(self._sizes):
                self._frames.append(bytearray())
                continue
            yield [memoryview(one) for one in self._frames]
            self._sizes, self._frames = (), []

    def _read_head(self) -> None:
        count = self._head[0]
        if count > 1 + self._limits.buffers:
            raise PacketError(f"{count} frames were announced, the limit is {1 + self._limits.buffers}")
        if len(self._head) < 1 + 8 * count:
            return
        sizes = struct.unpack(f">{count}Q", self._head[1:])
        self._head = bytearray()
        if count:
            if not all(sizes) or sizes[0] > first_frame_limit(self._limits):
                raise PacketError(f"a first frame of {sizes[0]} bytes was announced, or an empty frame")
            if sum(sizes[1:]) > self._limits.message_bytes:
                raise PacketError(f"{sum(sizes[1:])} bytes were announced, the limit is {self._limits.message_bytes}")
            self._sizes, self._frames = sizes, [bytearray()]
