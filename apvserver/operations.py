"""Finding the method for a packet: the header's `op` names an entry of a service's own table, never anything else."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from services_core import IncomingCall, Packet

Result = Packet | Iterator[Packet] | None
Operation = Callable[[IncomingCall, dict[str, Any]], Result]

T = TypeVar("T")


class UnknownOperation(ValueError):
    """The packet asks for something that this service does not do."""


class MissingField(ValueError):
    """The packet lacks a field, or has one of the wrong type."""


def dispatch(service: str, operations: Mapping[str, Operation], incoming: IncomingCall) -> Result:
    """Call the operation that the packet names. Raises UnknownOperation, which lists what there is."""
    header = incoming.packet.header
    name = header.get("op") if isinstance(header, dict) else None
    operation = operations.get(name) if isinstance(name, str) else None
    if operation is None:
        near = difflib.get_close_matches(str(name), operations, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnknownOperation(f"the {service} service has no operation {name!r}{hint} It has: {', '.join(operations)}")
    return operation(incoming, header)


def field(header: Mapping[str, Any], name: str, kind: type[T], default: T | None = None) -> T:
    """The value of a field. Raises MissingField saying what was expected and what came."""
    value = header.get(name, default)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise MissingField(
            f"operation {header.get('op')!r} needs a field {name!r} of type {kind.__name__}, got {value!r:.80}"
        )
    return value


def pair(header: Mapping[str, Any], name: str) -> tuple[int, int]:
    """A field of two integers. Raises MissingField."""
    value = field(header, name, list)
    if len(value) != 2 or not all(type(one) is int for one in value):
        raise MissingField(f"operation {header.get('op')!r} needs two integers as {name!r}, got {value!r:.80}")
    return value[0], value[1]
