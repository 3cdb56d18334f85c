"""What there is to choose of, as choices with labels: entries, arrays, types, sources. Plain functions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from async_paraview.domains import Domain
from async_paraview.information import ArrayInformation
from async_paraview.names import words

from ...model.proxy import Proxy, SourceProxy
from .panel_line import Choice

_WHERE: Final = {"POINTS": "", "ROWS": "", "CELLS": " (cells)", "FIELD": " (field)"}
_BY_ITSELF: Final = "Default"
_NO_ARRAY: Final = "None"
_SOLID: Final = "Solid Color"
MOST_COMPONENTS: Final = 9
"""Arrays with more are no vectors or tensors, and have no choice for each."""


def plain(value: Any) -> Any:
    """Return a value as JSON has it: lists for tuples, texts for numbers that are not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return value


def entries(entry: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Return the choices of an enumeration, or of a flag that may be left open: each number once."""
    found: list[Choice] = [Choice(_BY_ITSELF, None)] if entry.get("optional") else []
    if not entry["enumeration"]:
        return (*found, Choice("On", True), Choice("Off", False))
    seen: set[Any] = set()
    for name, number in entry["enumeration"]:
        if number not in seen:
            seen.add(number)
            found.append(Choice(name, name))
    return tuple(found)


def entry_named(entry: Mapping[str, Any], value: Any) -> Any:
    """Return the name of an entry that was set by its number, or by another name of it."""
    if value is None or not entry["enumeration"]:
        return value
    numbers = {name: number for name, number in reversed(entry["enumeration"])}
    also = dict(entry.get("also", ()))
    number = numbers.get(value, also.get(value)) if isinstance(value, str) else value
    return next((name for name, known in entry["enumeration"] if known == number), value)


def arrays(entry: Mapping[str, Any], domain: Domain, value: Any) -> tuple[Choice, ...]:
    """Return the arrays that a property takes, what stands for none, and what is set though it is not there."""
    found = [*_none_of_arrays(entry), *(_array(one) for one in domain.entries)]
    if value not in (None, [], "") and not any(one.value == value for one in found):
        found.append(_array(value))
    return tuple(found)


def with_components(choices: Iterable[Choice], arrays: Iterable[ArrayInformation]) -> tuple[Choice, ...]:
    """Return choices of arrays that color, and after each vector its components: a color map has one number."""
    known = {(one.association, one.name): one for one in arrays}
    found: list[Choice] = []
    for choice in choices:
        found.append(choice)
        array = known.get(tuple(choice.value)) if choice.value and len(choice.value) == 2 else None
        if array is not None and 1 < array.components <= MOST_COMPONENTS:
            found += [_array([*choice.value, one]) for one in _components(array)]
    return tuple({str(one.value): one for one in found}.values())


def _components(array: ArrayInformation) -> Sequence[str | int]:
    """Return what the components of an array are called, as legends call them."""
    if len(array.component_names) == array.components and all(array.component_names):
        return array.component_names
    return "XYZ"[: array.components] if array.components <= 3 else range(array.components)


def _none_of_arrays(entry: Mapping[str, Any]) -> list[Choice]:
    domain = entry["domain"]
    if entry.get("optional"):
        return [Choice(_SOLID if entry["name"] == "ColorBy" else _NO_ARRAY, None)]
    if (nothing := domain.get("nothing")) is not None:
        return [Choice(nothing, ["POINTS", nothing])]
    return [Choice(_NO_ARRAY, [])] if domain.get("none") and entry["size"] == 0 else []


def _array(one: Any) -> Choice:
    if isinstance(one, str):
        return Choice(one, one)
    association, name, *component = one
    shown = f"{name}{_WHERE.get(association, f' ({str(association).lower()})')}"
    return Choice(f"{shown} {component[0]}" if component else shown, list(one))


def types(entry: Mapping[str, Any], held: str) -> tuple[Choice, ...]:
    """Return the types that a property may hold one of, by the words that it has for them; "" is nothing."""
    called = {kind: word for word, kind in reversed(entry.get("names", ()))}
    candidates = [*entry.get("candidates", ()), *called]
    known = dict.fromkeys([*candidates, held])
    return tuple(Choice(called.get(kind) or words(kind) or _NO_ARRAY, kind) for kind in known)


def outputs(proxy: Proxy, sources: Iterable[SourceProxy], names: Mapping[int, str]) -> tuple[Choice, ...]:
    """Return the outputs that an input can take: not those of what depends on the proxy. Values are [id, port]."""
    below = {proxy.id, *_below(proxy)}
    found = []
    for source in sources:
        why_not = "it depends on this" if source.id in below else ""
        count = _count_of_outputs(source)
        for port in range(count):
            label = f"{names[source.id]}:{port}" if count > 1 else names[source.id]
            found.append(Choice(label, [source.id, port], why_not))
    return tuple(one for one in found if one.value[0] != proxy.id)


def _below(proxy: Proxy) -> set[int]:
    seen: set[int] = set()
    stack: list[Proxy] = [proxy]
    while stack:
        for user in stack.pop().users():
            if user.id not in seen:
                seen.add(user.id)
                stack.append(user)
    return seen


def _count_of_outputs(source: SourceProxy) -> int:
    definition = source.session.definitions.look(source.wire_type)
    return int(definition["outputs"]) if definition is not None else 1


def switches(offered: Mapping[str, bool] | Sequence[str], value: Any) -> dict[str, bool]:
    """Return which of the arrays that there are is wanted: as a map was set, or a list of names; else as offered."""
    there = dict(offered) if isinstance(offered, Mapping) else dict.fromkeys(offered, True)
    if isinstance(value, Mapping):
        return {**there, **value}
    if isinstance(value, list | tuple):
        return {**dict.fromkeys(there, False), **dict.fromkeys(map(str, value), True)}
    return there
