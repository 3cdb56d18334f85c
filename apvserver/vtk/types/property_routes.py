"""From the properties of a proxy to those of the VTK instances that it consists of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from async_paraview.older_names import OlderName
from async_paraview.values import entry_number
from services_core import suggest

from ..base.errors import InvalidProperty, UnknownProperty
from .composition import Composition
from .definitions import PropertyDefinition
from .properties import INFORMATION, Reset, Setting
from .toml_definitions import composition


def settings_of(made_of: Composition, parts: Mapping[str, Any], properties: Mapping[str, Any]) -> list[Setting]:
    """Return what to set on the parts.

    Raises `UnknownProperty`, `InvalidProperty`; what VTK itself takes is checked later.
    """
    made: list[Setting] = []
    for name, value in properties.items():
        made += _settings(made_of, parts, name, value)
    return made


def default_settings(made_of: Composition, parts: Mapping[str, Any]) -> list[Setting]:
    """Return what a new proxy is to differ in from fresh instances of VTK."""
    fixed = [
        Setting(parts[part.name], name, value, f"{made_of.definition.type_name}.{part.name}.{name}")
        for part in made_of.parts
        for name, value in part.fixed.items()
    ]
    return [*fixed, *settings_of(made_of, parts, made_of.defaults)]


def resets_of(
    made_of: Composition, parts: Mapping[str, Any], fresh: Mapping[str, Any], names: Iterable[str]
) -> list[Reset]:
    """Return what to set back on the parts for these properties to be as in the parts of a proxy that was made anew.

    Names of objects and inputs, and of what cannot be set, are left out: there is nothing here that could be set back.
    """
    known = made_of.definition.by_name
    settable = (name for name in names if name in known and known[name].kind != "object")
    routes = [(name, made_of.route(name)) for name in settable if not known[name].information]
    return [
        Reset(parts[part], fresh[part], target, route.index, f"{made_of.definition.type_name}.{name}")
        for name, route in routes
        if route is not None
        for part, target in route.targets
    ]


def with_names_of_today(
    type_name: str, properties: Mapping[str, Any], inputs: Mapping[str, Any], objects: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """Return properties, inputs and objects with what names of before mean today.

    A client that does not know the type yet tells them as they are, and sets them right when it does: what belongs to
    an object that a property holds is left to that. Raises `UnknownProperty`, `InvalidProperty`.
    """
    older = composition(type_name).definition.older_by_name
    if not older or older.keys().isdisjoint([*properties, *inputs, *objects]):
        return properties, inputs, objects
    found: tuple[dict[str, Any], ...] = ({}, {}, {})
    for made, given in zip(found, (properties, inputs, objects), strict=True):
        for name, value in given.items():
            made |= _of_today(type_name, older[name], value, made) if name in older else {name: value}
    return found[0], found[1], found[2]


def _of_today(type_name: str, older: OlderName, value: Any, made: Mapping[str, Any]) -> dict[str, Any]:
    if not older.is_taken:
        raise UnknownProperty(older.advice(type_name))
    try:
        return {to.name: one for to, one in older.translated(type_name, value, made.get) if not to.holder}
    except (TypeError, ValueError) as error:
        raise InvalidProperty(str(error)) from error


def sorted_by_kind(
    type_name: str, properties: Mapping[str, Any], inputs: Mapping[str, Any], objects: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """Return properties, inputs and objects as the type has them.

    A client that does not know the type yet takes sources for inputs, and what disconnects for a value: None, or an
    empty list.
    """
    all_are_values = not properties or not any([value is None or value == [] for value in properties.values()])
    if not inputs and all_are_values:
        return properties, inputs, objects
    known = composition(type_name).definition
    held, ports = known.objects.keys(), known.ports.keys()
    if all_are_values and held.isdisjoint(inputs):
        return properties, inputs, objects
    nothing = {name for name, value in properties.items() if value is None or value == []}
    found = {name: ports[0][0] if ports else None for name, ports in inputs.items() if name in held}
    return (
        {name: value for name, value in properties.items() if name not in nothing & (held | ports)},
        {**{name: given for name, given in inputs.items() if name not in held}, **dict.fromkeys(nothing & ports, ())},
        {**found, **dict.fromkeys(nothing & held), **objects},
    )


def _settings(made_of: Composition, parts: Mapping[str, Any], name: str, value: Any) -> list[Setting]:
    label = f"{made_of.definition.type_name}.{name}"
    route = made_of.route(name)
    if made_of.routes is not None:
        found = made_of.definition.by_name.get(name)
        if found is not None and found.information:
            raise InvalidProperty(f"{label} {INFORMATION}")
        if found is None or route is None:
            raise UnknownProperty(_unknown(made_of, name))
        if found.kind == "object":
            some = ", ".join(found.candidates[:8])
            raise InvalidProperty(f"{label} holds a proxy, not a plain value; set it to one of {some}")
        value = _translated(label, found, value)
        _check_only(label, found, value)
        if (nothing := found.domain.get("nothing")) is not None:
            value = _named_nothing(nothing, value)
    assert route is not None
    if route.negate:
        value = not value
    if route.index is not None:
        value = [None] * route.index + [value]
    if route.each:
        several = list(value) if isinstance(value, list | tuple) else [value]
        if len(several) != len(route.targets):
            raise InvalidProperty(f"{label} expects {len(route.targets)} values, not {value!r:.80}")
        return [
            Setting(parts[part], target, one, label) for (part, target), one in zip(route.targets, several, strict=True)
        ]
    return [Setting(parts[part], target, value, label) for part, target in route.targets]


def _check_only(label: str, found: PropertyDefinition, value: Any) -> None:
    """Refuse what differs from the one value that a property can have, if there is only one."""
    plain = tuple(value) if isinstance(value, list) and found.size != 1 else value
    if found.size == 1 and isinstance(plain, list) and len(plain) == 1:
        plain = plain[0]
    if found.only and plain != found.default:
        default = next((text for text, number in found.enumeration if number == found.default), found.default)
        raise InvalidProperty(f"{label} can only be {default!r} here: {found.only}")


def _translated(label: str, found: PropertyDefinition, value: Any) -> Any:
    """Return the number of an entry of a curated enumeration; anything else as it is."""
    if found.type != "enum" or not isinstance(value, str):
        return value
    number = entry_number(found.enumeration, found.also, value)
    if number is None:
        entries = dict(found.enumeration)
        near = suggest(value, entries)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise InvalidProperty(f"{label} has no entry {value!r:.80}; {hint}it has: {', '.join(entries)}")
    return number


def _named_nothing(nothing: str, value: Any) -> Any:
    """Return an array to work on as it is, without a name if its name is the one that stands for none."""
    if isinstance(value, list | tuple) and len(value) == 2 and value[1] == nothing:
        return [value[0] or "POINTS", ""]
    return value


def _unknown(made_of: Composition, name: str) -> str:
    for older in made_of.definition.older:
        if older.name == name:
            return older.advice(made_of.definition.type_name)
    names = tuple(one.name for one in made_of.definition.properties)
    near = suggest(name, names)
    hint = f"did you mean {', '.join(near)}? " if near else ""
    some = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    kind = made_of.definition.type_name
    function = f"; the implicit function is objects/{kind}" if f"objects/{kind}" in made_of.definition.see_also else ""
    return f"{kind} has no property {name!r}; {hint}It has: {some}{function}"
