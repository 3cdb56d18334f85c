"""Payloads: plain data of any size, which travels as the only buffer of a packet, since a packet's header is small."""

from __future__ import annotations

from typing import Any

import msgpack

from .errors import PacketError
from .packet import Packet, unpack


def pack_payload(header: dict[str, Any], data: Any) -> Packet:
    """Return a packet with `header`, and with `data` as msgpack in its only buffer.

    `data` may hold what a header may hold (see Packet), in any size up to that of a packet's buffers. Raises
    PacketError if it holds anything else, or is too large.
    """
    try:
        return Packet(header, [msgpack.packb(data)])
    except (TypeError, ValueError, OverflowError) as error:
        raise PacketError(f"this is no plain data: {error}") from error


def unpack_payload(packet: Packet) -> Any:
    """Return what `pack_payload` put into a packet; tuples have become lists.

    Raises PacketError if the packet has not exactly one buffer, or if that is no msgpack, or holds an extension type.
    """
    if len(packet.buffers) != 1:
        raise PacketError(f"a packet with one buffer of plain data was expected, it has {len(packet.buffers)}")
    try:
        return unpack(packet.buffers[0])
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        reason = str(error) or type(error).__name__
        raise PacketError(f"a buffer of plain data is not msgpack as in docs/protocol.md: {reason}") from error
