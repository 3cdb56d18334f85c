"""The bounds that every conversation keeps, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

KiB: Final = 1024
MiB: Final = 1024 * KiB

INLINE_BYTES: Final = 64 * KiB
"""A buffer below this size travels inside the header frame; one of at least this size is a frame of its own."""

MESSAGE_OVERHEAD_BYTES: Final = 1 * KiB
"""What a message counts for in every byte budget beside its header and buffers: about what Python spends on it."""

MOST_WINDOW_BYTES: Final = 1024 * MiB
"""The widest window that a peer may open: what it then leaves unread waits in this side's memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds. The defaults are those of docs/promises.md."""

    header_bytes: int = 64 * KiB
    """Largest encoded header of a packet."""
    header_depth: int = 32
    """Deepest nesting of lists and maps in a header."""
    buffers: int = 15
    """Most buffers of a packet (with the header: 16 frames)."""
    message_bytes: int = 256 * MiB
    """Largest sum of the buffers of one packet."""
    window_bytes: int = 64 * MiB
    """What a peer may have under way to us that nobody has consumed yet (at most 1 GiB); one message may overshoot."""
    outbound_bytes: int = 64 * MiB
    """What may wait on this side for the peer's window; past it new work gets `Busy`."""
    under_way: int = 65_536
    """Requests and streams of one client that may be open at a time; past it more get `Busy`."""
    stream_items: int = 16
    """Items of a stream that may be under way to its subscriber."""
    stall_s: float = 10.0
    """How long a peer may leave a full outbound budget unread before it is cut with `SlowConsumer`."""
    connect_s: float = 3.0
    """How long a connection may take from the first byte to the WELCOME ..."""
    welcome_s: float = 30.0
    """... and where the transport has answered by then, and would tell if the peer died: that is busy, not dead."""


DEFAULT_LIMITS: Final = Limits()
