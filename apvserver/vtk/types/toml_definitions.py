"""Types of proxies that are described in files: ParaView's names over the classes of VTK, one or several of them.

The files are TOML (docs/own_types.md): ours in `apvserver/definitions`, those of other packages by the entry-point
group `apv.definitions` ("package:file.toml"), those of users by APV_DEFINITIONS. They are data: a name in them is
looked up in the tables of `catalog` and `reflection`, nothing is imported or executed.
"""

from __future__ import annotations

import functools
import json
import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Any, Final, get_args

from async_paraview.domains import OF_DATA, OFFERED
from async_paraview.older_names import OlderName
from async_paraview.values import FLAG
from services_core import suggest

from ...kept_tables import kept_table
from ...settings import adopted
from ..base.errors import DefinitionError, UnknownType, VtkError
from .averaging import promoting
from .catalog import canonical_name, is_object, not_offered, object_names, type_names
from .composition import Composition, ExposedProperty, SubProxy, SubProxyPort, bare_composition
from .definitions import Definition, Group, InputDefinition, PropertyDefinition, PropertyType
from .reflection import definition, label_of

ENTRY_POINTS: Final = "apv.definitions"
OBJECTS: Final = "objects/"
_TYPE_KEYS: Final = frozenset(
    {"group", "label", "category", "doc", "see_also", "parts", "links", "input", "output", "property", "rest", "older"}
)
_INPUT_KEYS: Final = frozenset({"name", "port", "data_types", "repeatable", "optional", "doc"})
_PROPERTY_KEYS: Final = frozenset(
    {
        "name", "target", "kind", "index", "candidates", "connect", "label", "default", "doc", "panel", "domain",
        "names", "each", "negate", "entries", "path", "hidden_unless", "only",
    }
)  # fmt: skip
_OLDER_KEYS: Final = frozenset({"name", "now", "each", "sets", "words", "fill", "text", "ignored", "unless", "why"})
_TYPES: Final[Mapping[type, PropertyType]] = {bool: "bool", int: "int", float: "float", str: "str"}
_FILES: Final = {"kind": "files"}
_PANELS: Final = ("default", "advanced", "never")
_DOMAINS: Final = ("number", "size", FLAG, "files", OFFERED, *OF_DATA)


@functools.cache
def composition(type_name: str) -> Composition:
    """Return the type of that name: a curated type, else VTK's class, named with or without "vtk".

    Names of objects that properties hold begin with "objects/", since Sphere is a source as well. Raises `UnknownType`
    with the nearest names, `DefinitionError` if the file that describes it is wrong. In front of what averages stands
    what makes numbers with fractions of integers (`averaging`).
    """
    return promoting(_composition(type_name))


def _composition(type_name: str) -> Composition:
    entry = _entries().get(type_name)
    if entry is not None:
        present = entry[0].get("same_as")
        return _Reader(type_name, *entry).composition() if present is None else _composition(present)
    if type_name.startswith(OBJECTS):
        plain = type_name.removeprefix(OBJECTS)
        if not is_object(plain):
            near = ", ".join(suggest(plain, _names_of_objects())) or ", ".join(_names_of_objects()[:12])
            raise UnknownType(f"{plain!r} is no type of objects that properties hold; did you mean {near}?")
        return bare_composition(plain)
    try:
        return bare_composition(type_name)
    except UnknownType as error:
        if type_name.startswith("vtk") or f"vtk{type_name}" in not_offered():
            also = suggest(type_name, _entries())
            raise UnknownType(f"{error}; curated types: {', '.join(also)}" if also else str(error)) from None
        others = (name.removeprefix("vtk") for name in type_names() if not name.startswith("vtkm"))
        suggested = suggest(type_name, (*_entries(), *others))
        hint = f"; did you mean {', '.join(suggested)}?" if suggested else ""
        raise UnknownType(f"{type_name!r} is no type that this server makes{hint}") from None


def _names_of_objects() -> tuple[str, ...]:
    curated = (name.removeprefix(OBJECTS) for name in _entries() if name.startswith(OBJECTS))
    return tuple(dict.fromkeys([*curated, *(name.removeprefix("vtk") for name in object_names())]))


def curated_names() -> tuple[str, ...]:
    """Return the names of all types that files describe, sorted. Raises `DefinitionError`."""
    return tuple(sorted(_entries()))


def hand_written_names() -> tuple[str, ...]:
    """Return the names of those of our types that no tool has written, sorted."""
    with _reading:
        return tuple(sorted(_hand_written()))


def curated_table(name: str) -> Mapping[str, Any]:
    """Return what a file says of a type. Raises KeyError."""
    return _entries()[name][0]


@functools.cache
def _entries() -> dict[str, tuple[Mapping[str, Any], str]]:
    """Return the table of each curated type, and the file it is from.

    Later files win: a user may replace a type of ours.
    """
    with _reading:
        found = dict(_ours())
        others = _packages()
    for where, text in _files_of_others(others):
        found |= _tables(where, text)
    return found


def prepare() -> None:
    """Read what is the same whatever the settings are: for a process from which workers are forked."""
    with _reading:
        _ours()
        _packages()


_reading = threading.Lock()
"""Held to read our files: two threads of a session need them at the same time, and it takes 20 ms."""


@functools.cache
def _ours() -> dict[str, tuple[Mapping[str, Any], str]]:
    """Return what our files say: facts of ParaView's own definitions, and what is written by hand, which counts."""
    found: dict[str, tuple[Mapping[str, Any], str]] = {}
    for file in sorted((_place() / "paraview").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            tables = json.loads(file.read_text(encoding="utf-8"))
            found |= {name: (table, file.name) for name, table in tables.items()}
    found |= _hand_written()
    for name, older_names in _older_properties().items():
        table, where = found[name]
        found[name] = {**table, "older": [*table.get("older", ()), *older_names]}, where
    older = {name: table["same_as"] for name, (table, _) in found.items() if "same_as" in table}
    return found | {name: _renamed(present, found) for name, present in older.items()}


def _older_properties() -> dict[str, list[dict[str, Any]]]:
    """Return the names that properties of our types had before, by type."""
    text = (_place() / "older" / "properties.toml").read_text(encoding="utf-8")
    tables = kept_table("older", text, lambda: tomllib.loads(text))
    return {name: [{"name": old, **one} for old, one in table.items()] for name, table in tables.items()}


def _renamed(present: str, known: Mapping[str, tuple[Mapping[str, Any], str]]) -> tuple[Mapping[str, Any], str]:
    """Return what is said of a type under an older name."""
    table, where = known[present]
    label, group = table.get("label", label_of(present)), table["group"]
    return {"group": group, "label": label, "doc": f"An older name of {present}.", "same_as": present}, where


@functools.cache
def _hand_written() -> dict[str, tuple[Mapping[str, Any], str]]:
    files = sorted((file for file in _place().iterdir() if file.name.endswith(".toml")), key=lambda one: one.name)
    texts = {file.name: file.read_text(encoding="utf-8") for file in files}

    def read() -> dict[str, Any]:
        return {name: of_type for where, text in texts.items() for name, of_type in _tables(where, text).items()}

    return {name: (table, where) for name, (table, where) in kept_table("definitions", repr(texts), read).items()}


def _place() -> Traversable:
    return resources.files("apvserver") / "definitions"


@functools.cache
def _packages() -> tuple[metadata.EntryPoint, ...]:
    """Return what installed packages offer. Found out once: that reads a file of each of them."""
    return tuple(metadata.entry_points(group=ENTRY_POINTS))


def _tables(where: str, text: str) -> dict[str, tuple[Mapping[str, Any], str]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{where} is no TOML: {error}") from error
    for name, table in tables.items():
        if not isinstance(table, dict) or table.get("group") not in get_args(Group):
            raise DefinitionError(f"{where}: [{name}] needs a group, one of {', '.join(get_args(Group))}")
    return {name: (table, where) for name, table in tables.items()}


def _files_of_others(packages: Iterable[metadata.EntryPoint]) -> Iterator[tuple[str, str]]:
    for point in packages:
        package, _, name = point.value.partition(":")
        yield point.value, (resources.files(package) / name).read_text(encoding="utf-8")
    for path in adopted().definitions:
        try:
            yield str(path), path.read_text(encoding="utf-8")
        except OSError as error:
            raise DefinitionError(f"the definitions of --definitions or APV_DEFINITIONS: {error}") from error


class _Reader:
    """Makes a composition of a table of a file; everything that is wrong there becomes a `DefinitionError`."""

    def __init__(self, name: str, table: Mapping[str, Any], where: str) -> None:
        self._name = name
        self._table = table
        self._where = f"{where}: [{name}]"

    def composition(self) -> Composition:
        try:
            return self._composition()
        except DefinitionError:
            raise
        except (VtkError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise DefinitionError(f"{self._where}: {type(error).__name__}: {error}") from error

    def _composition(self) -> Composition:
        table = self._table
        self._check_keys("the type", table, _TYPE_KEYS)
        self._parts = {name: self._part(name, value) for name, value in table["parts"].items()}
        last = list(self._parts)[-1]
        outputs = table.get("output", {}).get("ports")
        if outputs is None:
            outputs = [f"{last}:{port}" for port in range(self._definition(last).outputs)]
        written = [self._property(one) for one in table.get("property", ())]
        properties = [made for made, _, _ in written]
        routes = {made.name: route for made, route, _ in written}
        if table.get("rest"):
            rest = self._rest(frozenset(routes))
            properties += [one for one, _ in rest]
            routes |= {one.name: route for one, route in rest}
        properties += self._measured({one.name for one in properties})
        taken = {one.name for one in properties}
        inputs = [self._input(one) for one in table.get("input", self._inputs_of_the_first())]
        return Composition(
            definition=Definition(
                type_name=self._name.removeprefix(OBJECTS),
                group=table["group"],
                label=table.get("label", label_of(self._name.removeprefix(OBJECTS))),
                doc=self._doc(),
                inputs=tuple(made for made, _ in inputs),
                outputs=len(outputs),
                properties=tuple(properties),
                category=table.get("category", ""),
                see_also=tuple(table.get("see_also", ())),
                curated=True,
                older=self._older_names(routes, {made.name: ports for made, ports in inputs}, taken),
            ),
            parts=tuple(self._parts.values()),
            links=tuple((self._input_port(to), self._output_port(of)) for to, of in table.get("links", {}).items()),
            inputs={made.name: ports for made, ports in inputs},
            outputs=tuple(self._output_port(one) for one in outputs),
            routes=routes,
            defaults={made.name: default for made, _, default in written if default is not None},
        )

    def _measured(self, taken: set[str]) -> list[PropertyDefinition]:
        """Return what only an execution of the parts can tell, each name once."""
        found: dict[str, PropertyDefinition] = {}
        for part in self._parts:
            for one in self._definition(part).properties:
                if one.information and one.name not in taken:
                    found.setdefault(one.name, one)
        return list(found.values())

    def _older_names(
        self, routes: Mapping[str, ExposedProperty], inputs: Mapping[str, tuple[SubProxyPort, ...]], taken: set[str]
    ) -> tuple[OlderName, ...]:
        """Return what a file says of names of before; of types called as their class is, those of VTK are some."""
        known = taken | inputs.keys()
        written = [self._older(one, known) for one in self._table.get("older", ())]
        if self._table.get("rest"):
            known |= {one.name for one in written}
            by_vtk = {old: new for new, old in self._names_in_vtk(routes, inputs) if old not in known}
            written += [OlderName(old, (new,)) for old, new in by_vtk.items()]
        known |= {one.name for one in written}
        return (*written, *(one for one in self._of_the_bare_class() if one.name not in known))

    def _of_the_bare_class(self) -> Iterator[OlderName]:
        """Yield what the class has that is called as the type: it stands back behind it, and is there as vtkNAME."""
        bare = f"vtk{self._name}"
        with suppress(UnknownType):
            for one in definition(bare).properties if bare in type_names() else ():
                if not one.information and one.kind != "object":
                    yield OlderName(one.name, why=f"the class of VTK has it, which is there as {bare}")

    def _names_in_vtk(
        self, routes: Mapping[str, ExposedProperty], inputs: Mapping[str, tuple[SubProxyPort, ...]]
    ) -> Iterator[tuple[str, str]]:
        """Yield the names of properties and inputs that lead to one of the last part as it is, with its name there."""
        last = list(self._parts)[-1]
        ports = [one.name for one in self._definition(last).inputs]
        for name, route in routes.items():
            if route.connect is not None and route.connect[0] == last:
                yield name, ports[route.connect[1]]
            elif [part for part, _ in route.targets] == [last] and not (route.negate or route.each or route.index):
                yield name, route.targets[0][1]
        for name, several in inputs.items():
            yield from ((name, ports[port]) for part, port in several if part == last)

    def _older(self, table: Mapping[str, Any], known: set[str]) -> OlderName:
        """Return a name that a property had before; what it leads to must be there, and it not, with that meaning."""
        self._check_keys(f"the older name {table['name']}", table, _OLDER_KEYS)
        made = OlderName.read(table)
        if made.name in known and not made.has_new_meaning:
            raise DefinitionError(f"{self._where}: {made.name} is a property of today, and no older name")
        if not (made.now or made.why):
            raise DefinitionError(
                f"{self._where}: the older name {made.name} needs now, or why there is nothing like it"
            )
        for name in (*(one.holder or one.name for one in made.targets()), *made.sets):
            if name not in known:
                near = ", ".join(suggest(name, known))
                raise DefinitionError(f"{self._where}: {made.name} leads to {name!r}, which is not there; near: {near}")
        return made

    def _doc(self) -> str:
        """Return what is written, else what VTK says of the class that makes the result."""
        written = self._table.get("doc")
        return written.strip() if written is not None else self._definition(list(self._parts)[-1]).doc

    def _rest(self, taken: frozenset[str]) -> list[tuple[PropertyDefinition, ExposedProperty]]:
        """Return the properties of the last part that nothing names or leads to yet, by VTK's names."""
        last = list(self._parts)[-1]
        used = {
            target.partition(".")[2] for one in self._table["property"] for target in _listed(one.get("target", []))
        } - {"FileName"}  # by which files are opened, also where ParaView has FileNames
        return [
            (
                replace(
                    one,
                    panel="advanced",
                    label=label_of(one.name),
                    domain=_FILES if one.name == "FileName" else one.domain,
                ),
                ExposedProperty(((last, one.name),)),
            )
            for one in self._definition(last).properties
            if not one.information
            and one.kind != "object"
            and one.name not in taken | used | self._parts[last].fixed.keys()
        ]

    def _part(self, name: str, value: Any) -> SubProxy:
        if isinstance(value, str):
            return SubProxy(name, canonical_name(value))
        self._check_keys(f"part {name}", value, frozenset({"class", "set"}))
        return SubProxy(name, canonical_name(value["class"]), dict(value.get("set", {})))

    def _inputs_of_the_first(self) -> list[dict[str, str]]:
        part = next(iter(self._parts))
        return [{"name": one.name, "port": f"{part}.{one.name}"} for one in self._definition(part).inputs]

    def _input(self, table: Mapping[str, Any]) -> tuple[InputDefinition, tuple[SubProxyPort, ...]]:
        self._check_keys("an input", table, _INPUT_KEYS)
        ports = tuple(self._input_port(one) for one in _listed(table["port"]))
        part, port = ports[0]
        reflected = self._definition(part).inputs[port]
        made = InputDefinition(
            name=table["name"],
            data_types=tuple(table.get("data_types", reflected.data_types)),
            repeatable=table.get("repeatable", reflected.repeatable),
            optional=table.get("optional", reflected.optional),
            doc=table.get("doc", ""),
        )
        return made, ports

    def _property(self, table: Mapping[str, Any]) -> tuple[PropertyDefinition, ExposedProperty, Any]:
        name = table["name"]
        self._check_property(table)
        if "only" in table:
            return self._of_one_value(table)
        implied = [] if "connect" in table else [f"{next(iter(self._parts))}.{name}"]
        targets = tuple(self._target(one) for one in _listed(table.get("target", implied)))
        connect = self._input_port(table["connect"]) if "connect" in table else None
        reflected = self._reflected(*targets[0]) if targets else None
        common = {
            "name": name,
            "doc": table.get("doc", reflected.doc if reflected else ""),
            "label": table.get("label", label_of(name)),
            "panel": table.get("panel", _PANELS[0]),
            "domain": table.get("domain") or (reflected.domain if reflected else {}),
            "hidden_unless": table.get("hidden_unless", {}),
        }
        negate, each = table.get("negate", False), table.get("each", False)
        route = ExposedProperty(targets, negate, table.get("index"), connect, each)
        if connect is not None or table.get("kind") == "object":
            return _of_objects(table, common, takes_sources=connect is not None), route, None
        assert reflected is not None
        return self._of_values(table, common, route, reflected), route, table.get("default")

    def _check_property(self, table: Mapping[str, Any]) -> None:
        name, panel, domain = table["name"], table.get("panel", _PANELS[0]), table.get("domain", {})
        self._check_keys(f"property {name}", table, _PROPERTY_KEYS)
        if panel not in _PANELS:
            raise DefinitionError(f"{self._where}: the panel of {name} is {panel!r}, not one of {', '.join(_PANELS)}")
        if domain and domain.get("kind") not in _DOMAINS:
            raise DefinitionError(f"{self._where}: the domain of {name} is not one of {', '.join(_DOMAINS)}: {domain}")

    def _of_values(
        self, table: Mapping[str, Any], common: Mapping[str, Any], route: ExposedProperty, reflected: PropertyDefinition
    ) -> PropertyDefinition:
        """Return a property as that of the class it leads to, but for what the file says of it."""
        entries = tuple(table.get("entries", {}).items())
        shown = self._shown_default(table, route, reflected)
        return PropertyDefinition(
            type="enum" if entries else reflected.type,
            size=len(route.targets) if route.each else reflected.size,
            default=dict(entries).get(shown, shown) if entries and isinstance(shown, str) else shown,
            range=None if entries else reflected.range,
            enumeration=entries or reflected.enumeration,
            also=reflected.enumeration if entries else (),
            kind=reflected.kind,
            path=table.get("path", reflected.path),
            **common,
        )

    def _shown_default(self, table: Mapping[str, Any], route: ExposedProperty, reflected: PropertyDefinition) -> Any:
        """Return the default that clients see: the file's, else that of the class."""
        default = table.get("default")
        if default is not None:
            return _frozen(default)
        shown = tuple(self._reflected(*one).default for one in route.targets) if route.each else reflected.default
        return not shown if route.negate else shown

    def _of_one_value(self, table: Mapping[str, Any]) -> tuple[PropertyDefinition, ExposedProperty, None]:
        """Return a property that leads nowhere: what it can be is what is always done."""
        entries = tuple(table.get("entries", {}).items())
        default = _frozen(table["default"])
        first = default[0] if isinstance(default, tuple) and default else default
        made = PropertyDefinition(
            name=table["name"],
            type="enum" if entries else _TYPES.get(type(first), "str"),
            size=len(default) if isinstance(default, tuple) else 1,
            default=dict(entries).get(default, default) if isinstance(default, str) else default,
            enumeration=entries,
            doc=table.get("doc", table["only"]),
            kind="indexed" if default == () else "simple",
            label=table.get("label", label_of(table["name"])),
            panel=table.get("panel", _PANELS[0]),
            only=table["only"],
        )
        return made, ExposedProperty(()), None

    def _target(self, text: str) -> tuple[str, str]:
        part, _, name = text.partition(".")
        self._reflected(part, name)
        return part, name

    def _reflected(self, part: str, name: str) -> PropertyDefinition:
        properties = {one.name: one for one in self._definition(part).properties}
        if name not in properties:
            near = ", ".join(suggest(name, properties)) or ", ".join(list(properties)[:12])
            raise DefinitionError(
                f"{self._where}: {part} ({self._parts[part].vtk_name}) has no {name!r}; it has {near}"
            )
        return properties[name]

    def _definition(self, part: str) -> Definition:
        if part not in self._parts:
            raise DefinitionError(f"{self._where}: there is no part {part!r}; the parts: {', '.join(self._parts)}")
        return definition(self._parts[part].vtk_name)

    def _input_port(self, text: str) -> SubProxyPort:
        part, _, name = text.partition(".")
        names = [one.name for one in self._definition(part).inputs]
        if name not in names:
            raise DefinitionError(f"{self._where}: {part} has no input {name!r}; it has {', '.join(names) or 'none'}")
        return part, names.index(name)

    def _output_port(self, text: str) -> SubProxyPort:
        part, _, number = text.partition(":")
        port, count = int(number or 0), self._definition(part).outputs
        if port not in range(count):
            raise DefinitionError(f"{self._where}: {part} has no output {port}; it has {count}, counted from 0")
        return part, port

    def _check_keys(self, what: str, table: Mapping[str, Any], known: frozenset[str]) -> None:
        for key in table:
            if key not in known:
                near = ", ".join(suggest(key, sorted(known))) or ", ".join(sorted(known))
                raise DefinitionError(f"{self._where}: {what} has a key {key!r}; did you mean {near}?")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _of_objects(table: Mapping[str, Any], common: Mapping[str, Any], *, takes_sources: bool) -> PropertyDefinition:
    """Return a property that holds one of several objects, each with properties of its own."""
    return PropertyDefinition(
        type="object",
        size=1,
        default=None,
        kind="object",
        candidates=tuple(table["candidates"]),
        names=tuple(table.get("names", {}).items()),
        takes_sources=takes_sources,
        **common,
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
