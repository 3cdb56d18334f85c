"""The packets that tell the render service of properties: a header holds only so much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from async_paraview.operations import Operation
from services_core import Packet, PacketError


def property_packets(change: Callable[..., Operation], properties: dict[str, Any]) -> list[Packet]:
    """Return as few packets as can be, each with some of the properties, made by `change(properties=...)`.

    Raises PacketError, naming the property, for a value that cannot travel.
    """
    try:
        return [change(properties=properties).packet()]
    except PacketError as error:
        if len(properties) < 2:
            raise PacketError(f"{', '.join(properties)} cannot be told to the server: {error}") from error
    names = list(properties)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    return [one for half in halves for one in property_packets(change, {name: properties[name] for name in half})]
