"""Headers that were decoded to look at packets as they arrived, kept until those are processed: only so many bytes."""

from __future__ import annotations

from typing import Any, Final

from services_core import IncomingCall

LEAST_BYTES: Final = 512
"""Smaller headers are decoded anew as soon as they are kept."""
MOST_BYTES: Final = 65_536
"""Of all headers that are kept, as they were encoded; decoded they take up to 73 times as much."""


class HeadersAhead:
    """Those of one service: decoded on the communication thread, taken on the service's own."""

    def __init__(self) -> None:
        """Have none yet."""
        self._kept: dict[IncomingCall, Any] = {}
        self._bytes = 0
        """Of those that were added, on the communication thread, since the last were counted."""

    def keep(self, incoming: IncomingCall, header: Any) -> None:
        """Keep a header, which nobody writes to, if there is room. On the communication thread."""
        size = len(incoming.packet.header_bytes)
        if not LEAST_BYTES <= size <= MOST_BYTES:
            return
        if self._bytes + size > MOST_BYTES:
            self._count()
        if self._bytes + size <= MOST_BYTES:
            self._bytes += size
            self._kept[incoming] = header

    def take(self, incoming: IncomingCall) -> Any:
        """Return the header of a packet that is processed now. Raises PacketError if it is none."""
        header = self._kept.pop(incoming, None)
        return incoming.packet.header if header is None else header

    def _count(self) -> None:
        """Count what is kept, without what will not be processed any more."""
        for one in [one for one in list(self._kept) if one.over]:
            self._kept.pop(one, None)
        self._bytes = sum(len(one.packet.header_bytes) for one in list(self._kept))
