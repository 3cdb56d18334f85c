"""Values of properties: made plain so that they can travel, and checked as far as a definition tells."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from services_core import suggest

_OWN: Final[dict[type, Callable[[Any], Any]]] = {
    bool: bool,
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
}
_EXACT: Final = tuple(_OWN)
PLAIN_TYPES: Final = frozenset(_OWN)
"""The types of values that travel as they are, and that nobody can change."""
_TYPES: Final[dict[str, type]] = {"int": int, "float": float, "str": str, "bool": bool}
"""A value of exactly this type is right for a property of that type."""
FLAG: Final = "flag"
"""The kind of domains of integers that mean yes or no."""
_HOLDING: Final = (list, tuple, dict, MappingProxyType)


def is_plain(value: Any) -> bool:
    """Return whether a value travels as it is: a number, text, None, or a list or tuple of numbers and text."""
    kind = type(value)
    if kind is list or kind is tuple:
        return PLAIN_TYPES.issuperset(map(type, value))
    return value is None or kind in PLAIN_TYPES


def payload_value(name: str, value: Any) -> Any:
    """Return a value as it can travel: ranges and numpy arrays become lists, paths text. Raises TypeError."""
    if value is None or type(value) in _EXACT:
        return value
    if isinstance(value, _EXACT):  # numpy's float64, members of enumerations, ...: Python's own
        return next(own(value) for kind, own in _OWN.items() if isinstance(value, kind))
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple, range)):
        if set(map(type, value)) <= PLAIN_TYPES:
            return list(value)  # as most lists are, and all long ones
        return [payload_value(name, item) for item in value]
    if hasattr(value, "__fspath__"):
        return value.__fspath__()
    if isinstance(value, dict) and all(isinstance(key, str) and isinstance(on, bool) for key, on in value.items()):
        return dict(value)  # names of arrays, and whether they are read
    raise TypeError(
        f"the value of {name} is of type {type(value).__name__}; numbers, text and lists of them can be set"
    )


def copied(value: Any) -> Any:
    """Return a plain value whose lists and maps are nobody else's."""
    if isinstance(value, (list, tuple)):
        if set(map(type, value)) <= PLAIN_TYPES:
            return list(value)
        return [copied(item) if isinstance(item, _HOLDING) else item for item in value]
    if isinstance(value, (dict, MappingProxyType)):
        return {key: copied(item) for key, item in value.items()}
    return value


def frozen(value: Any) -> Any:
    """Return a plain value that nobody can write to: lists become tuples, maps read-only."""
    if isinstance(value, (list, tuple)):
        return tuple(value) if set(map(type, value)) <= PLAIN_TYPES else tuple(map(frozen, value))
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(item) for key, item in value.items()})
    return value


def check_value(label: str, entry: Mapping[str, Any], value: Any) -> None:
    """Raise TypeError or ValueError if a plain value does not fit the definition of a property.

    What is accepted here may still be refused, or adjusted, by VTK on the server.
    """
    if type(value) is _TYPES.get(entry["type"]) and entry["size"] == 1 and not entry.get("information"):
        return  # most are this: numbers, also of other kinds, are right
    if entry.get("information"):
        raise ValueError(f"{label} is information: it is filled in after an execution, and cannot be set")
    if entry["kind"] != "simple":
        _check_list(label, entry, value)
        return
    size = entry["size"]
    if size == 1:
        check_one_file(label, entry.get("path", False), value)
        one = value[0] if isinstance(value, list) and len(value) == 1 else value
        _check_scalar(label, entry, one)
        return
    if not isinstance(value, list):
        raise TypeError(f"{label} takes {size} values of type {entry['type']}, not one {type(value).__name__}")
    if len(value) != size:
        raise ValueError(f"{label} takes {size} values of type {entry['type']}, not {len(value)}: {value!r:.80}")
    for one in value:
        _check_scalar(label, entry, one)


def _check_list(label: str, entry: Mapping[str, Any], value: Any) -> None:
    """Raise TypeError for what is no list where numbers, or an array, are wanted; the rest is known to the server."""
    if entry["size"] != 0 or not isinstance(value, (str, dict, bytes, type(None))):
        return
    if entry["type"] in ("int", "float"):
        raise TypeError(f"{label} takes a list of numbers, not {type(value).__name__} {value!r:.80}")
    if entry.get("domain", {}).get("kind") == "arrays":
        raise TypeError(f'{label} takes an array like ("POINTS", "pressure"), not {type(value).__name__} {value!r:.80}')


def check_one_file(label: str, is_path: bool, value: Any) -> None:
    """Raise ValueError for several names of files where one is taken."""
    if is_path and isinstance(value, (list, tuple)) and len(value) > 1:
        raise ValueError(
            f"{label} takes the name of one file, not {len(value)}; several, as times of one data set, are read by "
            "FileSeriesReader, which session.open(paths) makes"
        )


def _check_scalar(label: str, entry: Mapping[str, Any], value: Any) -> None:
    kind = entry["type"]
    if kind == "enum":
        _check_entry(label, entry, value)
    elif kind == "str":
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{label} takes text, not {type(value).__name__} {value!r:.80}")
    elif kind == "bool":
        if value not in (0, 1):
            raise TypeError(f"{label} takes True or False, not {value!r:.80}")
    elif isinstance(value, bool) and entry.get("domain", {}).get("kind") == FLAG:
        return
    elif isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{label} takes a number, not {type(value).__name__} {value!r:.80}")
    elif kind == "int" and value % 1 != 0:
        raise ValueError(f"{label} takes an integer, not {value!r:.80}")


def entry_number(entries: Sequence[Sequence[Any]], also: Sequence[Sequence[Any]], name: str) -> int | None:
    """Return the number of an entry of an enumeration; None if none is called so.

    Names of `also`, those that VTK has, are taken as well, and any spelling of one: "Cell Data" is "CELL_DATA".
    """
    for known in (entries, also):
        for one, number in known:
            if one == name:
                return int(number)
    alike = {int(number) for known in (entries, also) for one, number in known if _spelling(one) == _spelling(name)}
    return alike.pop() if len(alike) == 1 else None


def type_meant(entry: Mapping[str, Any], name: str) -> str | None:
    """Return the type that a word means for a property that holds an object, None if it means none.

    `entry` is the definition of the property: its `names`, any spelling of one, come before names of types.
    """
    meant = {_spelling(word): kind for word, kind in entry.get("names", ())}.get(_spelling(name), name)
    return meant or None


def _spelling(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _check_entry(label: str, entry: Mapping[str, Any], value: Any) -> None:
    entries = entry["enumeration"]
    if isinstance(value, str):
        if entry_number(entries, entry.get("also", ()), value) is not None:
            return
    elif not isinstance(value, bool) and value in [number for _, number in entries]:
        return
    names = [name for name, _ in entries]
    near = suggest(value, names, most=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"{label} has no entry {value!r:.80}; {hint}it has: {', '.join(names)}")
