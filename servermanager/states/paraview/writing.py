"""A session as a state file that ParaView opens, with a report of what it has no words for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from async_paraview.information import DataInformation
from async_paraview.operations.data import ChooseReader
from async_paraview.values import copied
from services_core import RemoteError
from services_core.payload import unpack_payload

from ...model.definitions import OBJECTS
from ...model.proxy import SourceProxy
from ...scene import Scene
from ..state_check import OBJECT, StateError
from .document import Document, Element
from .names import PropertyNames, TypeNames, by_python, file_property, source_names
from .report import Report
from .shared.writing import SharedWriter, Written
from .values import NoCounterpart, told
from .writing_colors import ColorsWriter
from .writing_looks import LooksWriter

_OBJECTS: Final = ("implicit_functions", "extended_sources", "transforms")
_FILES: Final = frozenset({"FileName", "FileNames"})
_SERIES: Final = "FileSeriesReader"
_OWN_TYPES: Final = {"PointCloud": ("extended_sources", "FixedRadiusPointSource")}


class Writer:
    """Writes what a captured state describes, with what the data at the inputs has made of what nobody has set."""

    def __init__(self, scene: Scene, state: Mapping[str, Any], *, partial: bool) -> None:
        self._scene = scene
        self._state = state
        self._partial = partial
        self._document = Document()
        self._elements: dict[int, Element] = {}
        self._objects: dict[int, Element] = {}
        """What was written of objects that properties hold; where several hold one, of the first."""
        self.information: dict[int, DataInformation] = {}
        self.report = Report()

    async def written(self) -> str:
        """Return the text of the file. Raises StateError for types that ParaView does not have, unless `partial`."""
        await self._look()
        for one in self._state["proxies"]:
            await self._proxy(one)
        numbers = [
            number for number, one in enumerate(self._state["representations"]) if one["source"][0] in self._elements
        ]
        shown = [self._state["representations"][number] for number in numbers]
        state = {**self._state, "representations": shown}
        colors = ColorsWriter(self._scene, self._document, self.report)
        await colors.write(state)
        for extractor in self._state.get("extractors", ()):
            self.report.add(extractor["name"], "", "extractors are not written to states of ParaView")
        looks = LooksWriter(self._document, self._elements, self.information, colors, self.report)
        looks.write(state)
        represented = {number: looks.shown[place] for place, number in enumerate(numbers)}
        written = Written(self._elements | self._objects, looks.views, represented, colors.maps, colors.functions)
        SharedWriter(self._document, self._state, written, self.report).write()
        return self._document.text()

    async def _look(self) -> None:
        """Execute what is out of date: ParaView has no values for what nobody has set, as here the data has."""
        for proxy in list(self._scene.proxies):
            if isinstance(proxy, SourceProxy):
                try:
                    self.information[proxy.id] = await proxy.update_pipeline()
                except RemoteError as error:
                    self.report.add(
                        self._scene.proxies.name(proxy), "", f"written as it was set, as it did not execute: {error}"
                    )

    async def _proxy(self, one: Mapping[str, Any]) -> None:
        if one["kind"] == OBJECT:
            return  # with what holds it
        known = self._type(await self._reader(one))
        needed = [id_ for ports in one["inputs"].values() for id_, _ in ports]
        if known is None or any(id_ not in self._elements for id_ in needed):
            why = f"ParaView has no {one['type']}" if known is None else "what it depends on was left out"
            if not self._partial:
                raise StateError(f"{one['name']} cannot be written: {why}. Write the rest with partial=True")
            self.report.add(one["name"], "", why)
            return
        element = self._document.add(known.group, known.xml, one["name"], "sources")
        filled = self._filled(one["id"])
        definition = await self._scene.definitions.definition(one["type"])
        self._values(element, known, definition, one, filled, one["name"])
        for name, ports in one["inputs"].items():
            xml = _named(known, name)
            if xml is None:
                self.report.add(one["name"], name, f"{known.python} has no such input in ParaView")
            else:
                element.hold(xml.xml, *((self._elements[id_].id, port) for id_, port in ports))
        for entry in definition["properties"]:
            if entry["kind"] == "object" and entry["name"] not in one["inputs"]:
                await self._held(element, known, entry, one, filled)
        self._elements[one["id"]] = element

    def _chosen(self, id_: int, name: str, names: Sequence[str]) -> dict[str, bool]:
        """Return what is read, and what is not, of what files offer: states have both, here names of the first do."""
        found = self.information.get(id_)
        there = {} if found is None else found.offered.get(name, {})
        return {**dict.fromkeys(there, False), **dict.fromkeys(names, True)}

    def _filled(self, id_: int) -> Mapping[str, Any]:
        found = self.information.get(id_)
        return {} if found is None else found.filled

    async def _reader(self, one: Mapping[str, Any]) -> str:
        """Return the type of a proxy; of a series of files the reader of each, which ParaView has for them all."""
        files = one["properties"].get("FileNames")
        if one["type"] != _SERIES or not files:
            return str(one["type"])
        try:
            reply = await self._scene.data.send_request(ChooseReader(paths=(str(files[0]),)).packet())
        except RemoteError:
            return _SERIES
        return str(unpack_payload(reply)["type"])

    def _type(self, type_name: str) -> TypeNames | None:
        if type_name in _OWN_TYPES:
            return by_python(("extended_sources",)).get("PointCloud")
        return source_names(type_name)

    def _values(
        self,
        element: Element,
        known: TypeNames,
        definition: Mapping[str, Any],
        one: Mapping[str, Any],
        filled: Mapping[str, Any],
        label: str,
    ) -> None:
        """Write the values that count: those that were set, those that the data gave, and our defaults."""
        for entry in definition["properties"]:
            name = entry["name"]
            if entry["kind"] == "object" or entry.get("information"):
                continue
            is_set = name in one["properties"]
            value = copied(one["properties"].get(name, filled.get(name, entry.get("default"))))
            xml = _named(known, name) or (file_property(known) if name in _FILES and entry.get("path") else None)
            if xml is None:
                if is_set and value != entry.get("default"):
                    self.report.add(label, name, f"{known.python} has no such property in ParaView ({value!r:.60})")
                continue
            if value is None or (not is_set and (value in ([], {}, "") or _is_endless(value))):
                continue
            if entry["type"] == "array_selection" and not isinstance(value, Mapping):
                value = self._chosen(one["id"], name, value)
            try:
                element.set(xml.xml, *told(entry, xml, value))
            except NoCounterpart as why:
                self.report.add(label, name, f"{value!r:.60} is not there in ParaView: {why}")

    async def _held(
        self,
        element: Element,
        known: TypeNames,
        entry: Mapping[str, Any],
        one: Mapping[str, Any],
        filled: Mapping[str, Any],
    ) -> None:
        """Write what a property holds: what was set, or what is there by itself."""
        name = entry["name"]
        xml = _named(known, name)
        chosen = one["properties"].get(name, (entry.get("candidates") or [None])[0])
        id_ = one["objects"].get(name)
        if id_ is None and (name in one["objects"] or chosen is None):
            return
        if id_ is not None and id_ in self._elements:  # a source with a name of its own
            if xml is not None:
                element.hold(xml.xml, (self._elements[id_].id, 0))
            return
        held = next((of for of in self._state["proxies"] if of["id"] == id_), None)
        is_source = bool(entry.get("takes_sources"))
        type_name = str(chosen) if held is None else held["type"].removeprefix(OBJECTS)
        theirs = self._type(type_name) if is_source else by_python(_OBJECTS).get(type_name)
        if xml is None or theirs is None:
            if held is not None or name in one["properties"]:
                self.report.add(one["name"], name, f"ParaView has no {type_name} there")
            return
        inner = self._document.add(theirs.group, theirs.xml, name, f"pq_helper_proxies.{element.id}")
        if id_ is not None:
            self._objects.setdefault(id_, inner)
        definition = await self._scene.definitions.definition(type_name if is_source else OBJECTS + type_name)
        prefix = f"{name}."
        values = {key.removeprefix(prefix): value for key, value in filled.items() if key.startswith(prefix)}
        described = held or {"properties": {}, "objects": {}, "inputs": {}}
        self._values(inner, theirs, definition, described, values, f"{one['name']}.{name}")
        element.choose(xml.xml, inner.id)


def _named(known: TypeNames, name: str) -> PropertyNames | None:
    """Return the property of ParaView that has a name here."""
    for place in range(3):
        for one in known.properties.values():
            names = one.names()
            if len(names) > place and names[place] == name:
                return one
    return None


def _is_endless(value: Any) -> bool:
    return isinstance(value, float) and value in (float("inf"), float("-inf"))
