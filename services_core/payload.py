"""Plain data of any size: it travels as one msgpack buffer, since a packet's header is small."""

from __future__ import annotations

from typing import Any

import msgpack

from .errors import PacketError
from .packet import Packet, unpack


def plain_packet(header: dict[str, Any], data: Any) -> Packet:
    """A packet with `data` in its only buffer. Raises PacketError if it is no plain data."""
    try:
        return Packet(header, [msgpack.packb(data)])
    except (TypeError, ValueError, OverflowError) as error:
        raise PacketError(f"this is no plain data: {error}") from error


def plain_data(packet: Packet) -> Any:
    """What `plain_packet` put in. Raises PacketError if the packet is not made like that."""
    if len(packet.buffers) != 1:
        raise PacketError(f"a packet with one buffer of plain data was expected, it has {len(packet.buffers)}")
    try:
        return unpack(packet.buffers[0])
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        reason = str(error) or type(error).__name__
        raise PacketError(f"a buffer of plain data is not msgpack as in docs/protocol.md: {reason}") from error
