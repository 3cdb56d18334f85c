"""Whether the text of a state file is a state: everything about it that can be known without a server."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Container, Iterable, Mapping
from typing import Any, Final, TypeVar

from async_paraview.names import is_of_property, unknown_name
from async_paraview.scene.catalog import COLOR_MAP_TYPES, KINDS_OF_VIEWS, LISTS, PARTS, SHARED_TYPES
from async_paraview.scene.extracts.types import IMAGE_WRITERS, TRIGGERS, WRITERS
from async_paraview.scene.props.light import light_meant
from async_paraview.scene.references import PROXY, REPRESENTATION, VIEW
from async_paraview.scene.views import DIRECTIONS, MOVEMENTS

from ..model.definitions import OBJECTS
from ..views.shared.references import references_in

FORMAT: Final = "async-paraview-state"
VERSION: Final = 1
SOURCE: Final = "source"
OBJECT: Final = "object"
_DEPTH: Final = 16
"""How deep the lists of a value may be nested."""
_LATEST: Final = sys.float_info.max

T = TypeVar("T")
_REQUIRED: Final = object()


class StateError(ValueError):
    """A state file that cannot be loaded; nothing was changed."""


def from_text(text: bytes, where: str) -> dict[str, Any]:
    """Return the state in the bytes of a file, complete and consistent in itself.

    Raises StateError, naming the place; `where` is what it calls the file.
    """
    try:
        state = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise StateError(f"{where} is no state file: it is not JSON ({error})") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise StateError(f"{where} is no state file: its format is not {FORMAT!r}")
    version = state.get("version")
    if type(version) is not int or version > VERSION:
        raise StateError(
            f"{where} has version {version!r:.40}, this program reads up to {VERSION}; update it to load the file"
        )
    return _Reader(where).state(state)


class _Reader:
    """Reads a state part by part; what is not as it must be raises StateError with its place."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._kinds: dict[int, str] = {}
        """Of the proxies read so far, by id."""

    def state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return a state of which every part is as it must be."""
        time = state.get("time")
        if time is not None and (type(time) not in (int, float) or abs(time) > _LATEST or time != time):
            raise self._damaged("time", f"a finite number or null was expected, not {time!r:.60}")
        proxies = [self._proxy(one, place) for one, place in self._list(state, "proxies")]
        views = [self._view(one, place) for one, place in self._list(state, "views")]
        known = {one["id"] for one in views}
        if len(known) != len(views):
            raise self._damaged("views", "two of them have the same id")
        shown = [self._representation(one, place, known) for one, place in self._list(state, "representations")]
        read = {**state, "time": time, "proxies": proxies, "views": views, "representations": shown}
        if "color_maps" in state:  # of before there were any it has none
            read["color_maps"] = [self._color_map(one, place) for one, place in self._list(state, "color_maps")]
        if "extractors" in state:
            read["extractors"] = [self._extractor(one, place, known) for one, place in self._list(state, "extractors")]
        if "shared" in state:
            there = {PROXY: self._kinds.keys(), VIEW: known, REPRESENTATION: range(len(shown))}
            read["shared"] = [self._shared(one, place, there) for one, place in self._list(state, "shared")]
        return read

    def _shared(self, one: Any, place: str, there: Mapping[str, Container[int]]) -> dict[str, Any]:
        """Return a layout, or a part of an animation, whose properties are as its type says."""
        kind = self._field(one, "kind", str, place)
        if kind not in SHARED_TYPES:
            raise self._damaged(f"{place}.kind", f"{unknown_name('kind of shared thing', kind, SHARED_TYPES):.200}")
        known = SHARED_TYPES[kind].by_name
        found = self._field(one, "properties", dict, place)
        for name, value in found.items():
            at = f"{place}.properties.{name:.60}"
            if name not in known:
                raise self._damaged(at, unknown_name("property", name, known))
            try:
                known[name].check(value)
            except ValueError as error:
                raise self._damaged(at, f"{error!s:.300}") from None
            for of, id_ in references_in(known[name].check, value):
                if of in there and id_ not in there[of]:
                    raise self._damaged(at, f"there is no {of} {id_}")
        return {"kind": kind, "properties": dict(found)}

    def _proxy(self, one: Any, place: str) -> dict[str, Any]:
        id_, kind = self._field(one, "id", int, place), self._field(one, "kind", str, place)
        if kind not in (SOURCE, OBJECT):
            raise self._damaged(f"{place}.kind", f"'source' or 'object' was expected, not {kind!r:.60}")
        if id_ in self._kinds:
            raise self._damaged(f"{place}.id", f"{id_} is the id of another proxy as well")
        read: dict[str, Any] = {"id": id_, "kind": kind, "type": self._text(one, "type", place)}
        if kind == SOURCE and read["type"].startswith(OBJECTS):
            raise self._damaged(f"{place}.kind", f"{read['type']:.60} is the type of an object, not of a source")
        read["name"] = self._text(one, "name", place)
        read["properties"] = self._properties(one, place)
        read["inputs"] = {
            name: [self._output(port, at) for port, at in self._list(self._field(one, "inputs", dict, place), name, at)]
            for name, at in self._names(one, "inputs", place)
        }
        objects = self._field(one, "objects", dict, place)
        read["objects"] = {
            name: None if objects[name] is None else self._known(objects[name], (SOURCE, OBJECT), at)
            for name, at in self._names(one, "objects", place)
        }
        self._kinds[id_] = kind  # last: it may not depend on itself
        return read

    def _view(self, one: Any, place: str) -> dict[str, Any]:
        kind = self._field(one, "kind", str, place, "RenderView")
        if kind not in KINDS_OF_VIEWS:
            raise self._damaged(f"{place}.kind", f"a view of an unknown kind: {kind!r:.60}")
        properties = dict(self._field(one, "properties", dict, place))
        lists = {name: properties.pop(name, None) for name in LISTS}
        bars = properties.pop("ScalarBars", None)
        read = self._looks({"properties": properties}, place)
        for name, listed in lists.items():
            if listed is not None:
                read[name] = self._listed(name, listed, f"{place}.properties")
        for at, widget in enumerate(read.get("Widgets", ())):
            if widget.get("Proxy") is not None:
                self._known(widget["Proxy"], (SOURCE, OBJECT), f"{place}.properties.Widgets[{at}].Proxy")
        if bars is not None:
            read["ScalarBars"] = self._scalar_bars(bars, f"{place}.properties.ScalarBars")
        fit = self._field(one, "fit", bool, place, False) and kind == "RenderView"
        view = {"id": self._field(one, "id", int, place), "kind": kind, "properties": read, "fit": fit}
        return {**view, "moved": self._moved(one["moved"], f"{place}.moved")} if fit and "moved" in one else view

    def _moved(self, one: Any, place: str) -> dict[str, Any]:
        """Return how a camera was fitted and moved; see `RenderViewProxy.said_of_camera`."""
        direction = one.get("direction") if isinstance(one, dict) else None
        if direction is not None and direction not in DIRECTIONS:
            raise self._damaged(f"{place}.direction", f"{unknown_name('direction', direction, DIRECTIONS):.200}")
        self._field(one, "movements", list, place)
        movements = []
        for movement, at in self._list(one, "movements", f"{place}.movements"):
            kind = self._field(movement, "kind", str, at)
            if kind not in MOVEMENTS:
                raise self._damaged(f"{at}.kind", f"{unknown_name('movement', kind, MOVEMENTS):.200}")
            numbers = {name: value for name, value in movement.items() if name != "kind"}
            if not numbers.keys() <= set(MOVEMENTS[kind]) or not all(
                type(value) in (int, float) and math.isfinite(value) for value in numbers.values()
            ):
                raise self._damaged(at, f"{kind} takes numbers as {', '.join(MOVEMENTS[kind])}: {numbers!r:.80}")
            movements.append({"kind": kind, **{name: numbers.get(name, 0.0) for name in MOVEMENTS[kind]}})
        return {"direction": direction, "movements": movements}

    def _looks(self, one: Any, place: str) -> dict[str, Any]:
        """Return properties of a view or representation, of which some are parts with properties of their own."""
        found = dict(self._field(one, "properties", dict, place))
        parts = {name: found.pop(name) for name in PARTS if isinstance(found.get(name), dict)}
        read = self._properties({"properties": found}, place)
        return read | {
            name: self._properties({"properties": part}, f"{place}.properties.{name}") for name, part in parts.items()
        }

    def _scalar_bars(self, bars: Any, place: str) -> dict[str, Any]:
        if not isinstance(bars, dict):
            raise self._damaged(place, f"a map was expected, not {bars!r:.60}")
        named = [(self._travelling(name, place), one, f"{place}.{name:.60}") for name, one in bars.items()]
        return {name: self._properties({"properties": one}, at) for name, one, at in named}

    def _color_map(self, one: Any, place: str) -> dict[str, Any]:
        kind = self._field(one, "kind", str, place)
        if kind not in COLOR_MAP_TYPES:
            raise self._damaged(f"{place}.kind", f"{unknown_name('kind of color map', kind, COLOR_MAP_TYPES):.200}")
        return {"kind": kind, "name": self._text(one, "name", place), "properties": self._properties(one, place)}

    def _extractor(self, one: Any, place: str, views: Iterable[int]) -> dict[str, Any]:
        kind = self._field(one, "kind", str, place)
        if kind not in WRITERS:
            raise self._damaged(f"{place}.kind", f"{unknown_name('kind of extractor', kind, WRITERS):.200}")
        read: dict[str, Any] = {"kind": kind, "name": self._text(one, "name", place), "view": None, "source": None}
        if kind in IMAGE_WRITERS:
            read["view"] = self._field(one, "view", int, place)
            if read["view"] not in views:
                raise self._damaged(f"{place}.view", f"no view has the id {read['view']}")
        else:
            read["source"] = self._output(self._field(one, "source", list, place), f"{place}.source")
        triggers = self._field(one, "triggers", dict, place)
        if wrong := [name for name in triggers if name not in TRIGGERS]:
            raise self._damaged(f"{place}.triggers", f"{unknown_name('trigger', wrong[0], TRIGGERS):.200}")
        return {
            **read,
            "properties": self._properties(one, place),
            "writer": self._properties({"properties": self._field(one, "writer", dict, place)}, f"{place}.writer"),
            "triggers": {
                name: self._properties({"properties": values}, f"{place}.triggers.{name}")
                for name, values in triggers.items()
            },
        }

    def _listed(self, name: str, listed: Any, place: str) -> list[dict[str, Any]]:
        """Return the texts of a view, or its lights, which older states have as lists of numbers."""
        maps = [
            ({"properties": self._light(one, at) if isinstance(one, list) else one}, at)
            for one, at in self._list({name: listed}, name, f"{place}.{name}")
        ]
        return [self._properties(one, at) for one, at in maps]

    def _light(self, one: list[Any], place: str) -> dict[str, Any]:
        try:
            return {name: list(of) if isinstance(of, tuple) else of for name, of in light_meant(one).items()}
        except ValueError as error:
            raise self._damaged(place, str(error)) from None

    def _representation(self, one: Any, place: str, views: Iterable[int]) -> dict[str, Any]:
        view = self._field(one, "view", int, place)
        if view not in views:
            raise self._damaged(f"{place}.view", f"no view has the id {view}")
        source = self._output(self._field(one, "source", list, place), f"{place}.source")
        return {"source": source, "view": view, "properties": self._looks(one, place)}

    # --- parts of them

    def _output(self, port: Any, place: str) -> list[int]:
        if not isinstance(port, list) or len(port) != 2:
            raise self._damaged(
                place, f"the id of a source and the number of its output were expected, not {port!r:.60}"
            )
        id_ = self._known(port[0], (SOURCE,), place)
        if type(port[1]) is not int or port[1] < 0:
            raise self._damaged(place, f"the number of an output was expected, not {port[1]!r:.60}")
        return [id_, port[1]]

    def _known(self, id_: Any, kinds: tuple[str, ...], place: str) -> int:
        if type(id_) is not int or id_ not in self._kinds:
            raise self._damaged(place, f"no proxy that comes before it has the id {id_!r:.60}")
        if self._kinds[id_] not in kinds:
            raise self._damaged(place, f"proxy {id_} is an object, and has no output")
        return id_

    def _properties(self, one: Any, place: str) -> dict[str, Any]:
        found = self._field(one, "properties", dict, place)
        return {name: self._value(found[name], at, _DEPTH) for name, at in self._names(one, "properties", place)}

    def _names(self, one: Any, key: str, place: str) -> list[tuple[str, str]]:
        """Return the names of properties or inputs in a map, each with its place."""
        named = [(name, f"{place}.{key}.{name:.60}") for name in self._field(one, key, dict, place)]
        for name, at in named:
            if not is_of_property(name):
                raise self._damaged(at, "the names of properties are CamelCase")
        return named

    def _value(self, value: Any, place: str, depth: int) -> Any:
        """Return a value of a property as it can travel."""
        if isinstance(value, str):
            return self._travelling(value, place)
        if type(value) is int and not -(2**63) <= value < 2**64:
            raise self._damaged(place, "an integer that has more than 64 bits")
        if isinstance(value, list) and depth > 0:
            return [self._value(one, f"{place}[{index}]", depth - 1) for index, one in enumerate(value)]
        if isinstance(value, dict) and all(isinstance(on, bool) for on in value.values()):
            return {self._travelling(name, place): on for name, on in value.items()}
        if isinstance(value, (list, dict)):
            raise self._damaged(place, f"a number, text, or a list of them was expected, not {value!r:.60}")
        return value

    def _text(self, one: Any, key: str, place: str) -> str:
        found = self._travelling(self._field(one, key, str, place), f"{place}.{key}")
        if not found:
            raise self._damaged(f"{place}.{key}", "it is empty")
        return found

    def _travelling(self, text: str, place: str) -> str:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise self._damaged(place, f"{text!r:.60} cannot be sent to a server: it is no Unicode text") from None
        return text

    def _list(self, one: Mapping[str, Any], key: str, place: str = "") -> list[tuple[Any, str]]:
        """Return the items of a list, each with its place."""
        place = place or key
        if not isinstance(one.get(key), list):
            raise self._damaged(
                place, f"a list was expected, not {one[key]!r:.60}" if key in one else f"{key!r} is missing"
            )
        return [(item, f"{place}[{index}]") for index, item in enumerate(one[key])]

    def _field(self, one: Any, key: str, kind: type[T], place: str, default: Any = _REQUIRED) -> T:
        if not isinstance(one, dict):
            raise self._damaged(place, f"a map was expected, not {one!r:.60}")
        value = one.get(key, default)
        if value is _REQUIRED:
            raise self._damaged(place, f"{key!r} is missing")
        if type(value) is not kind:
            raise self._damaged(f"{place}.{key}", f"a value of type {kind.__name__} was expected, not {value!r:.60}")
        return value

    def _damaged(self, place: str, why: str) -> StateError:
        return StateError(f"{self._where} is damaged: {place}: {why}")
