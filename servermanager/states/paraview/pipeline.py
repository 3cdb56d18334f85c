"""Sources, filters, readers and the objects that they hold, from a state of ParaView to one of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services_core import RemoteError

from ...model.definitions import OBJECTS, UNKNOWN_TYPE
from ...scene import Scene
from ..state_check import OBJECT, SOURCE, StateError
from .files import FileFinder
from .names import PropertyNames, TypeNames, python_name, type_names, version
from .report import Report
from .values import UNSET, NoCounterpart, converted, is_default
from .xml_state import PvProperty, PvProxy, PvState

_PIPELINE: Final = ("sources", "readers", "filters", "writers")
_OBJECT_GROUPS: Final = ("implicit_functions", "transforms", "parametric_functions")
_OBJECT_TYPES: Final = frozenset({("extended_sources", "Transform3"), ("extended_sources", "Transform2")})
_ORDINARY: Final = frozenset({
    ("incremental_point_locators", "MergePoints"), ("cell_locators", "StaticCellLocator"),
    ("cell_locators", "CellLocator"), ("implicit_functions", "None"),
})  # fmt: skip
"""What properties hold by themselves, and what has no part here that could differ."""
_UNUSED: Final = frozenset({"HyperTreeGridImplicitFunction", "HyperTreeGridClipFunction", "GlyphTransform"})
"""Properties that hold proxies which only count for other data, or do nothing as they are made."""

_TOLD: Final = frozenset({"TimeRange", "AnnotationValue"})
"""What older types told of themselves, and nobody has set."""

Proxies = list[dict[str, Any]]


class Pipeline:
    """Translates the proxies of a state; afterwards `proxies` has ours, each after what it depends on."""

    def __init__(self, scene: Scene, state: PvState, files: FileFinder, report: Report, *, partial: bool) -> None:
        self._scene = scene
        self._state = state
        self._files = files
        self._report = report
        self._partial = partial
        self._made: dict[str, dict[str, Any]] = {}
        self._given_up: set[str] = set()
        self._definitions: dict[str, dict[str, Any] | None] = {}
        self._under_way: set[str] = set()
        self._aliases: dict[str, str] = {}
        """Of what properties hold: our types by ParaView's ids, where the property itself tells them."""

    @property
    def proxies(self) -> Proxies:
        """Return our proxies, each after those that it depends on; without objects of sources that were given up."""
        used = {id_ for one in self._made.values() for id_ in one["objects"].values()}
        return [one for one in self._made.values() if one["kind"] == SOURCE or one["id"] in used]

    def id_of(self, pv_id: str) -> int | None:
        """Return our number of a proxy of the state, None if it was not made."""
        found = self._made.get(pv_id)
        return None if found is None else int(found["id"])

    def was_given_up(self, pv_id: str) -> bool:
        """Return whether it, or what it depends on, is unknown here; the report says so."""
        return pv_id in self._given_up

    async def entry(self, made: Mapping[str, Any], names: PropertyNames) -> Mapping[str, Any] | None:
        """Return the definition of a property of one of our proxies, by its names in ParaView; None if it has none."""
        object_type = made["kind"] == OBJECT and not made["type"].startswith(OBJECTS)
        definition = await self._definition(OBJECTS + made["type"] if object_type else made["type"])
        return None if definition is None else _entry_of(definition, names)

    async def translate(self, left_out: frozenset[str]) -> None:
        """Translate all that is registered as a source, but for what `left_out` names by id.

        Raises StateError for what this server cannot make, unless only a part is wanted.
        """
        for one in self._state.registered("sources"):
            if one.id not in left_out:
                await self._source(one)

    async def _source(self, one: PvProxy) -> int | None:
        """Return our number of a source, which is made with all that it depends on; None if it is given up."""
        if one.id in self._made:
            return self.id_of(one.id)
        if one.id in self._given_up:
            return None
        if one.id in self._under_way or len(self._under_way) > 2000:
            raise StateError(f"the state is damaged: {one.name or one.type} depends on itself")
        self._under_way.add(one.id)
        try:
            entry = await self._made_of(one, SOURCE)
        except _Unknown as unknown:
            self._give_up(one, str(unknown))
            return None
        finally:
            self._under_way.discard(one.id)
        self._made[one.id] = entry
        return int(entry["id"])

    async def _object(self, one: PvProxy, owner: str) -> int | None:
        if one.id in self._made:
            return self.id_of(one.id)
        try:
            entry = await self._made_of(one, OBJECT, owner)
        except _Unknown:
            return None
        self._made[one.id] = entry
        return int(entry["id"])

    def _give_up(self, one: PvProxy, why: str) -> None:
        if not self._partial:
            raise StateError(
                f"{one.name or one.type} cannot be made here: {why}. Load the rest with partial=True, which leaves it "
                "out with all that depends on it"
            )
        self._given_up.add(one.id)
        self._report.add(one.name or one.type, "", why)

    async def _made_of(self, one: PvProxy, kind: str, owner: str = "") -> dict[str, Any]:
        known = type_names(one.group, one.type)
        label = one.name or f"{owner}.{python_name(one.type)}"
        entry: dict[str, Any] = {"kind": kind, "name": label, "properties": {}, "inputs": {}, "objects": {}}
        wire_type, definition = await self._type(one, known, kind)
        paths = self._paths(one, known)
        read: frozenset[str] = frozenset()
        if paths and kind == SOURCE:
            wire_type, definition, read = await self._read(one, entry, paths, wire_type, definition)
        if wire_type is None or definition is None:
            raise _Unknown(self._unknown(one, known))
        entry["type"] = wire_type
        for name in one.properties:
            if name not in read:
                await self._property(one, known, definition, entry, name, label)
        entry["id"] = len(self._made) + 1
        return entry

    def _unknown(self, one: PvProxy, known: TypeNames | None) -> str:
        if known is None:
            where = f"no type of ParaView {version()}"
            return f"{one.group}/{one.type} is {where}: a plugin's, a compound one, or one that went"
        return f"this server has no type {known.python} ({one.group}/{one.type} in ParaView)"

    # --- its type

    async def _type(self, one: PvProxy, known: TypeNames | None, kind: str) -> tuple[str | None, dict[str, Any] | None]:
        """Return our type for one of ParaView and its definition; None twice if there is none."""
        names = [self._aliases[one.id]] if one.id in self._aliases else []
        names += [python_name(one.type)] if known is None else [known.python, known.xml]
        names += [known.python.rstrip("0123456789")] if known is not None and kind == OBJECT else []
        names += [known.vtk_class.removeprefix("vtk")] if known is not None and known.vtk_class else []
        for name in dict.fromkeys(names):
            wire_type = OBJECTS + name if kind == OBJECT else name
            definition = await self._definition(wire_type)
            if definition is None or (known is None and not definition.get("curated")):
                continue
            if kind == OBJECT or definition["group"] in _PIPELINE:
                return wire_type, definition
        return None, None

    async def _definition(self, wire_type: str) -> dict[str, Any] | None:
        if wire_type not in self._definitions:
            try:
                self._definitions[wire_type] = await self._scene.definitions.definition(wire_type)
            except RemoteError as error:
                if error.type_name != UNKNOWN_TYPE:
                    raise
                self._definitions[wire_type] = None
        return self._definitions[wire_type]

    # --- readers

    def _paths(self, one: PvProxy, known: TypeNames | None) -> list[tuple[str, tuple[str, ...]]]:
        if known is None:
            return []
        files = [(name, one.values(name)) for name, of in known.properties.items() if of.kind == "file"]
        return [(name, values) for name, values in files if values and any(values)]

    async def _read(
        self,
        one: PvProxy,
        entry: dict[str, Any],
        paths: list[tuple[str, tuple[str, ...]]],
        wire_type: str | None,
        definition: dict[str, Any] | None,
    ) -> tuple[str | None, dict[str, Any] | None, frozenset[str]]:
        """Return the type that reads the files of a reader, after putting where they are into its properties."""
        name, values = paths[0]
        try:
            places, chosen = await self._files.find(one.name or one.type, values)
        except StateError as error:
            if not self._partial:
                raise
            raise _Unknown(str(error)) from error
        target = self._path_property(one, definition, name)
        if wire_type is not None and target is not None and len(places) == 1:
            entry["properties"][target["name"]] = places if target["size"] == 0 else places[0]
            return wire_type, definition, frozenset({name})
        if wire_type is not None and chosen["type"] != wire_type and len(places) == 1:
            self._report.add(one.name, "", f"read by {chosen['type']}, where ParaView has {one.type}")
        entry["properties"].update(chosen["properties"])
        return chosen["type"], await self._definition(chosen["type"]), frozenset({name})

    def _path_property(self, one: PvProxy, definition: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
        known = type_names(one.group, one.type)
        if definition is None or known is None:
            return None
        wanted = (*known.property(name).names(), name.removesuffix("s"))
        found = (entry for entry in definition["properties"] if entry.get("path") and entry["name"] in wanted)
        return next(found, None)

    # --- its properties

    async def _property(
        self,
        one: PvProxy,
        known: TypeNames | None,
        definition: Mapping[str, Any],
        entry: dict[str, Any],
        name: str,
        label: str,
    ) -> None:
        """Put what a state says of one property into our entry, or say in the report why not."""
        names = PropertyNames(name, python_name(name)) if known is None else known.property(name)
        found, ours = one.properties[name], _entry_of(definition, names)
        if names.kind == "command" or (ours is not None and ours.get("information")):
            return
        if found.proxies:
            await self._holding(one, entry, names, ours, found, label)
            return
        if ours is None or "kind" not in ours or ours["kind"] == "object":
            told = (
                known is not None
                and name not in known.properties
                and (name in _TOLD or name.endswith(("Info", "TimestepValues")))
            )
            chosen = len(found.values) != 5 or found.values[3] != "" or names.default is not None
            if found.values and chosen and not is_default(names, found.values) and not told:
                self._report.add(label, names.python, f"no such property of {entry['type']} ({_shown(found)})")
            return
        try:
            value = converted(f"{entry['type']}.{ours['name']}", ours, names, found)
        except NoCounterpart as why:
            self._report.add(label, names.python, f"{_shown(found)} was not taken: {why}")
            return
        if value is not UNSET:
            entry["properties"][ours["name"]] = value

    async def _holding(
        self,
        one: PvProxy,
        entry: dict[str, Any],
        names: PropertyNames,
        ours: Mapping[str, Any] | None,
        found: PvProperty,
        label: str,
    ) -> None:
        held = [(self._state.proxies[id_], port) for id_, port in found.proxies if id_ in self._state.proxies]
        if not held:
            return
        if ours is None:
            if names.xml not in _UNUSED and any((of.group, of.type) not in _ORDINARY for of, _ in held):
                there = ", ".join(of.type for of, _ in held)
                self._report.add(label, names.python, f"no such property of {entry['type']} ({there})")
        elif "kind" not in ours or (ours.get("takes_sources") and names.kind == "input" and held[0][0].name):
            ports = [[await self._source(of), port] for of, port in held]
            if any(id_ is None for id_, _ in ports):
                raise _Unknown(f"it depends on {held[0][0].name or held[0][0].type}, which was left out")
            entry["inputs"][ours["name"]] = ports
        else:
            await self._choosing(held[0][0], entry, names, ours, label)

    async def _choosing(
        self, of: PvProxy, entry: dict[str, Any], names: PropertyNames, ours: Mapping[str, Any], label: str
    ) -> None:
        """Put what a property holds, one of several, into our entry."""
        candidate = self._candidate(of)
        alias = {python_name(text): of_ours for text, of_ours in ours.get("names", ())}.get(candidate)
        if alias == "":  # no object, but numbers of an array, say
            entry["objects"][ours["name"]] = None
            return
        if alias is not None:
            self._aliases[of.id] = alias
        id_ = None
        if _is_object(of):
            id_ = await self._object(of, label)
        elif of.group in ("sources", "extended_sources"):
            id_ = await self._quiet_source(of)
        if id_ is not None:
            entry["objects"][ours["name"]] = id_
        elif candidate in ours.get("candidates", ()):
            entry["properties"][ours["name"]] = candidate
        elif (of.group, of.type) not in _ORDINARY:
            why = f"{candidate} is none of {', '.join(ours.get('candidates', ()))}"
            if _is_object(of) and names.xml not in _UNUSED:  # without it, it would do something else
                raise _Unknown(f"its {names.python}: {why:.300}")
            self._report.add(label, names.python, f"{why:.300}")

    async def _quiet_source(self, one: PvProxy) -> int | None:
        """Return our number of a source that a property holds; None if there is no such type."""
        wire_type, _ = await self._type(one, type_names(one.group, one.type), SOURCE)
        return None if wire_type is None else await self._source(one)

    def _candidate(self, one: PvProxy) -> str:
        known = type_names(one.group, one.type)
        return python_name(one.type) if known is None else known.python


class _Unknown(Exception):
    """A proxy that cannot be made here, and why."""


def _is_object(one: PvProxy) -> bool:
    return one.group in _OBJECT_GROUPS or (one.group, one.type) in _OBJECT_TYPES


def _entry_of(definition: Mapping[str, Any], names: PropertyNames) -> Mapping[str, Any] | None:
    entries = {one["name"]: one for one in _entries(definition)}
    return next((entries[name] for name in names.names() if name in entries), None)


def _entries(definition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from definition["inputs"]
    yield from definition["properties"]


def _shown(found: PvProperty) -> str:
    text = ", ".join(found.values)
    return text if len(text) <= 60 else f"{text[:57]}..."
