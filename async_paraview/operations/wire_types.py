"""The types that fields of operations may have: how each is spelled in docs/protocol.md, and how a value is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Final, get_args, get_origin

from ..records import dataclass


@dataclass(frozen=True, slots=True)
class WireType:
    """One type: a value of exactly the type `exact` is right as it is, any other is for `read` to judge."""

    spelling: str
    exact: type | None
    read: Callable[[Any], Any]
    """Return the value as the field holds it. Raises TypeError if it is of another type."""


_EXACT: Final[Mapping[Any, str]] = {int: "int", str: "str", bool: "bool", bytes: "bin"}


def wire_type(hint: Any) -> WireType:
    """Return the wire's type for a type hint.

    Hints are int, str, bool, bytes, float, Any, Mapping[str, X], `X | None`, tuple[X, ...] and tuple[X, Y]. Raises
    TypeError for others.
    """
    if hint is Any:
        return WireType("any", None, lambda value: value)
    if hint is float:
        return WireType("float", float, _read_float)
    if hint in _EXACT:
        return WireType(_EXACT[hint], hint, _refuse)
    origin, members = get_origin(hint), get_args(hint)
    if origin is Mapping and members[0] is str:
        return WireType("map", dict, _refuse) if members[1] is Any else _map(wire_type(members[1]))
    if origin is UnionType and len(members) == 2 and members[1] is NoneType:
        return _optional(wire_type(members[0]))
    if origin is tuple and members[1:] == (...,):
        return _list(wire_type(members[0]))
    if origin is tuple:
        return _row([wire_type(one) for one in members])
    raise TypeError(f"a field of type {hint} cannot travel; see async_paraview.operations.wire_types")


def _refuse(_value: Any) -> Any:
    raise TypeError


def _read_float(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError
    return float(value)


def _read(of: WireType, value: Any) -> Any:
    return value if type(value) is of.exact else of.read(value)


def _optional(of: WireType) -> WireType:
    return WireType(f"{of.spelling} or nil", of.exact, lambda value: None if value is None else of.read(value))


def _list(of: WireType) -> WireType:
    exact, read_one = of.exact, of.read

    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise TypeError
        return tuple([one if type(one) is exact else read_one(one) for one in value])

    return WireType(f"[{of.spelling}, ...]", None, read)


def _map(of: WireType) -> WireType:
    exact, read_one = of.exact, of.read

    def read(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise TypeError
        return {name: one if type(one) is exact else read_one(one) for name, one in value.items()}

    return WireType(f"{{str: {of.spelling}}}", None, read)


def _row(of: list[WireType]) -> WireType:
    count, exact = len(of), [one.exact for one in of]

    def read(value: Any) -> tuple[Any, ...]:
        if type(value) is not list or len(value) != count:
            raise TypeError
        return tuple(value) if list(map(type, value)) == exact else tuple(map(_read, of, value))

    return WireType(f"[{', '.join(one.spelling for one in of)}]", None, read)
