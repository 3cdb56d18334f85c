"""Buffers of some MiB travel in pieces, and are put together in memory that was used before (docs/adr/0008)."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Sequence
from typing import Final

from services_core import INLINE_BYTES, Limits, MiB, PacketError
from services_core.protocol.codec import Frame

from .memory import LARGEST_KEPT_BYTES, Memory

MARK: Final = b"\xc0"
"""First frame of a message that announces pieces, or is a piece. (No message's msgpack begins with this byte.)"""

PIECE_BYTES: Final = 2 * MiB
_SIZE_BYTES: Final = 8


def split(frames: Sequence[Frame]) -> Sequence[Sequence[Frame]]:
    """Return the ZeroMQ messages in which the frames of a message leave: themselves, or an announcement and pieces."""
    sizes = [len(frame) for frame in frames[1:]]
    if not PIECE_BYTES < sum(sizes) <= LARGEST_KEPT_BYTES:
        return (frames,)
    announcement = (MARK, struct.pack(f">{len(sizes)}Q", *sizes), frames[0])
    pieces = [
        (MARK, frame[begin : begin + PIECE_BYTES])
        for frame in frames[1:]
        for begin in range(0, len(frame), PIECE_BYTES)
    ]
    return (announcement, *pieces)


class Assembly:
    """Puts the pieces of one peer together. On the communication thread only."""

    def __init__(self, limits: Limits, memory: Memory) -> None:
        self._limits = limits
        self._memory = memory
        self._first = b""
        self._buffers: list[memoryview] = []
        self._missing: deque[memoryview] = deque()  # of each buffer that is not complete, what is still to be filled

    def add(self, frames: Sequence[memoryview]) -> list[Frame] | None:
        """Add a ZeroMQ message, and return the frames of a message that is complete now; None while pieces miss.

        Raises PacketError for anything that `split` could not have made.
        """
        if len(frames) > 1 and bytes(frames[0][:2]) == MARK:
            if len(frames) == 2:
                return self._fill(frames[1])
            self._announce(frames)
            return None
        if self._missing:
            raise PacketError("a message came between the pieces of another")
        return [bytes(frames[0]), *frames[1:]]

    def _announce(self, frames: Sequence[memoryview]) -> None:
        if self._missing or len(frames) != 3:
            raise PacketError("pieces were announced between the pieces of a message, or not in three frames")
        count, rest = divmod(len(frames[1]), _SIZE_BYTES)
        if rest or not 1 <= count <= self._limits.buffers:
            raise PacketError(f"pieces of {count} buffers were announced, a message has 1 to {self._limits.buffers}")
        sizes = struct.unpack(f">{count}Q", frames[1])
        most = min(self._limits.message_bytes, LARGEST_KEPT_BYTES)
        if sum(sizes) > most:
            raise PacketError(f"pieces of {sum(sizes)} bytes were announced, the limit is {most}")
        if min(sizes) < INLINE_BYTES or sum(sizes) <= PIECE_BYTES:
            raise PacketError(f"pieces of buffers of {list(sizes)} bytes were announced, which do not come in pieces")
        self._first = bytes(frames[2])
        self._buffers = [self._memory.take(size) for size in sizes]
        self._missing.extend(self._buffers)

    def _fill(self, piece: memoryview) -> list[Frame] | None:
        size_bytes = len(piece)
        if not self._missing or not 0 < size_bytes <= len(self._missing[0]):
            raise PacketError(f"a piece of {size_bytes} bytes arrived that was not announced")
        target = self._missing[0]
        target[:size_bytes] = piece
        if size_bytes < len(target):
            self._missing[0] = target[size_bytes:]
        else:
            self._missing.popleft()
        if self._missing:
            return None
        buffers, self._buffers = self._buffers, []
        return [self._first, *(buffer.toreadonly() for buffer in buffers)]
