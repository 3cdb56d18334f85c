"""The packets that tell the render service of properties: a header holds only so much."""

from __future__ import annotations

from typing import Any

from services_core import Packet, PacketError


def property_packets(header: dict[str, Any], properties: dict[str, Any]) -> list[Packet]:
    """As few packets as can be, each with some of the properties. Raises PacketError, naming one that cannot travel."""
    try:
        return [Packet({**header, "properties": properties})]
    except PacketError as error:
        if len(properties) < 2:
            raise PacketError(f"{', '.join(properties)} cannot be told to the server: {error}") from error
    names = list(properties)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    return [one for half in halves for one in property_packets(header, {name: properties[name] for name in half})]
