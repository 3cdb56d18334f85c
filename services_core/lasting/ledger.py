"""What one end of a lasting connection has said that may not have arrived, and how much it has heard. No I/O."""

from __future__ import annotations

from collections import deque
from typing import Final

from ..errors import ProtocolViolation
from ..limits import KiB
from ..packet import Packet
from ..protocol.messages import Kind, Message

ACK_MESSAGES: Final = 64
"""After so many messages their sender is told that they have arrived, and keeps them no longer."""

ACK_BYTES: Final = 256 * KiB
"""Likewise after so many bytes."""

SMALL_BYTES: Final = 128
"""What a message without a packet counts for: about what Python spends on it."""


class Ledger:
    """Counts messages in both directions from the same beginning, and keeps what the peer has not acknowledged.

    Equal counts at both ends are all that it takes to go on over another channel: each sends what the other lacks, in
    order, and nothing twice. Messages are kept by reference; buffers of small ones, which may stay long, are copied:
    they may be the end of an array that would stay with them. Not thread-safe: its owner holds a lock for what is said;
    what is heard belongs to whoever delivers.
    """

    def __init__(self, most_bytes: int) -> None:
        self.kept: deque[Message] = deque()
        """What was said and not acknowledged, in order."""
        self.kept_bytes = 0
        self.heard = 0
        """How many messages of the peer have arrived."""
        self._most_bytes = most_bytes
        self._acknowledged = 0
        self._owed_messages = 0
        self._owed_bytes = 0

    # --- what this end says

    def say(self, message: Message) -> bool:
        """Keep a message that leaves; False if the peer leaves more unacknowledged than it ever may."""
        packet = message[4]
        is_small = packet is not None and packet.buffers and packet.size_bytes < ACK_BYTES
        if packet is not None and is_small and not all(map(_has_own_memory, packet.buffers)):
            message = message._replace(packet=_with_own_buffers(packet))
        self.kept.append(message)
        self.kept_bytes = kept_bytes = self.kept_bytes + (SMALL_BYTES if packet is None else packet.size_bytes)
        return kept_bytes <= self._most_bytes

    def acknowledge(self, count: int) -> None:
        """Let go of what the peer has: `count` messages since the beginning. Raises ProtocolViolation."""
        kept = self.kept
        arrived = count - self._acknowledged
        if not 0 <= arrived <= len(kept):
            raise ProtocolViolation(
                f"the peer says that it has {count} messages; it had said {self._acknowledged}, and "
                f"{self._acknowledged + len(kept)} were sent"
            )
        self._acknowledged = count
        for _ in range(arrived):
            packet = kept.popleft().packet
            self.kept_bytes -= SMALL_BYTES if packet is None else packet.size_bytes

    @property
    def said_goodbye(self) -> bool:
        """Return whether the last word of this end was said, as far as it is still kept."""
        return bool(self.kept) and self.kept[-1].kind == Kind.GOODBYE

    # --- what it hears

    def hear(self, messages: int, size_bytes: int) -> bool:
        """Count what arrived; tells whether the peer is to be told now."""
        self.heard += messages
        self._owed_messages += messages
        self._owed_bytes += size_bytes
        if self._owed_messages < ACK_MESSAGES and self._owed_bytes < ACK_BYTES:
            return False
        self.paid()
        return True

    def paid(self) -> None:
        """Note that the peer is told `heard`."""
        self._owed_messages = self._owed_bytes = 0


def _with_own_buffers(packet: Packet) -> Packet:
    """Return the same packet, with buffers that hold no more memory than they have bytes."""
    return Packet.received(packet.header_bytes, tuple(map(_own_memory, packet.buffers)))


def _own_memory(view: memoryview) -> memoryview:
    return view if _has_own_memory(view) else memoryview(bytes(view))


def _has_own_memory(view: memoryview) -> bool:
    """Return whether a buffer is all of what it keeps alive, as those are that arrived within a first frame."""
    whole = view.obj
    return type(whole) is bytes and len(whole) == view.nbytes
