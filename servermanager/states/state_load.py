"""Making what a checked state describes: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any, Final

from async_paraview.names import unknown_name
from async_paraview.operations import render
from async_paraview.scene.catalog import COLOR_MAP_TYPES, KINDS_OF_VIEWS, ONLY_ONE, SHARED_TYPES
from async_paraview.scene.color_maps import SHARED, SHARED_OPACITIES
from async_paraview.scene.extracts.types import EXTRACTOR, TRIGGERS, WRITERS
from async_paraview.scene.layouts import LAYOUT
from async_paraview.scene.references import PROXY, REPRESENTATION, VIEW
from async_paraview.scene.types import SceneType
from async_paraview.scene.views import RENDER_VIEW
from async_paraview.values import check_value
from services_core import PacketError, RemoteError

from ..model.definitions import OBJECTS, DefinitionManager
from ..model.proxy import Proxy, SourceProxy
from ..scene import Scene
from ..views.render_view import RenderViewProxy
from ..views.shared.references import Reference, with_references
from ..views.view_proxy import ViewProxy
from .state_check import OBJECT, StateError

LABEL: Final = "load state"
_REFUSALS: Final = ("UnknownProperty", "InvalidProperty")

State = Mapping[str, Any]


def with_paths(state: State, paths: Mapping[str, str]) -> dict[str, Any]:
    """Return the state with beginnings of texts replaced in values of proxies: {"/old/data": "/new/data"}."""
    proxies = [
        {**one, "properties": {name: _mapped(value, paths) for name, value in one["properties"].items()}}
        for one in state["proxies"]
    ]
    return {**state, "proxies": proxies}


def _mapped(value: Any, paths: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_mapped(one, paths) for one in value]
    if isinstance(value, str):
        for old, new in paths.items():
            if value.startswith(old):
                return new + value.removeprefix(old)
    return value


# --- what only the server can tell


async def check_with_server(scene: Scene, state: State, where: str) -> None:
    """Raise StateError if this server lacks a type or a property, or refuses a value, of the state."""
    wire_types = [_wire_type(one) for one in state["proxies"]]
    for name in dict.fromkeys(wire_types):
        scene.definitions.ask(name)
    for index, name in enumerate(wire_types):
        try:
            await scene.definitions.definition(name)
        except RemoteError as error:
            raise StateError(f"{where} cannot be loaded here: proxies[{index}].type: {error}") from error
    outputs = {one["id"]: _outputs(scene.definitions, _wire_type(one)) for one in state["proxies"]}
    for place, one in _placed(state, "proxies"):
        try:
            _check_proxy(scene.definitions, one, outputs)
        except (AttributeError, TypeError, ValueError) as error:
            raise StateError(f"{where} cannot be loaded here: {place}: {error}") from error
    written = [(place, one) for place, one in _placed(state, "extractors") if one["source"] is not None]
    for place, one in (*_placed(state, "representations"), *written):
        if one["source"][1] >= outputs[one["source"][0]]:
            raise StateError(f"{where} cannot be loaded here: {place}.source: there is no output {one['source'][1]}")
    for place, one in _placed(state, "extractors"):
        _check_properties(EXTRACTOR, one["properties"], place, where)
        _check_properties(WRITERS[one["kind"]], one["writer"], f"{place}.writer", where)
        for name, values in one["triggers"].items():
            _check_properties(TRIGGERS[name], values, f"{place}.triggers.{name}", where)
    await _check_looks(scene, state, where)


def _placed(state: State, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((f"{key}[{index}]", one) for index, one in enumerate(state.get(key, ())))


def _wire_type(one: Mapping[str, Any]) -> str:
    type_name: str = one["type"].removeprefix(OBJECTS)
    return OBJECTS + type_name if one["kind"] == OBJECT else type_name


def _outputs(definitions: DefinitionManager, wire_type: str) -> int:
    definition = definitions.known(wire_type)
    return 0 if definition is None else int(definition["outputs"])


def _check_proxy(definitions: DefinitionManager, one: Mapping[str, Any], outputs: Mapping[int, int]) -> None:
    """Raise AttributeError, TypeError or ValueError for what the type does not have, or does not take."""
    wire_type = _wire_type(one)
    older = {name for name in _names(one) if _is_older(definitions, wire_type, name)}
    for name in older:
        _check_older(definitions, wire_type, name, one["properties"])
    for name, value in one["properties"].items():
        if name not in older:
            _check_property(definitions, wire_type, name, value)
    for name, ports in one["inputs"].items():
        if name not in older:
            _check_input(definitions, wire_type, name, ports, outputs)
    for name in one["objects"].keys() - older:
        if (definitions.entry(wire_type, name) or {}).get("kind") != "object":
            raise TypeError(f"{wire_type}.{name} holds no object")


def _check_property(definitions: DefinitionManager, wire_type: str, name: str, value: Any) -> None:
    label, entry = f"{wire_type}.{name}", definitions.entry(wire_type, name) or {}
    if "kind" not in entry:
        raise TypeError(f"{label} is an input, and not {value!r:.60}")
    if entry["kind"] == "object" and value not in entry.get("candidates", ()):
        raise TypeError(f"{label} holds an object, and not {value!r:.60}")
    check_value(label, entry, value)


def _check_input(
    definitions: DefinitionManager,
    wire_type: str,
    name: str,
    ports: Sequence[Sequence[int]],
    outputs: Mapping[int, int],
) -> None:
    label, entry = f"{wire_type}.{name}", definitions.entry(wire_type, name) or {}
    if "kind" in entry and (not entry.get("takes_sources") or len(ports) > 1):
        raise TypeError(f"{label} is a property, and no input")
    for id_, number in ports:
        if number >= outputs[id_]:
            raise ValueError(f"{label}: proxy {id_} has no output {number}")


def _is_older(definitions: DefinitionManager, wire_type: str, name: str) -> bool:
    older = definitions.older(wire_type, name)
    return older is not None and not older.has_new_meaning


def _names(one: Mapping[str, Any]) -> Iterator[str]:
    return (name for key in ("properties", "inputs", "objects") for name in one[key])


def _check_older(definitions: DefinitionManager, wire_type: str, name: str, given: Mapping[str, Any]) -> None:
    """Raise AttributeError, TypeError or ValueError for what a name of before cannot be set to."""
    older = definitions.older(wire_type, name)
    assert older is not None
    if not older.is_taken:
        raise AttributeError(older.advice(wire_type))
    if name not in given:
        return
    for target, value in older.translated(wire_type, given[name], lambda _: None):
        entry = {} if target.holder else definitions.entry(wire_type, target.name) or {}
        if entry.get("kind", "object") != "object":
            check_value(f"{wire_type}.{target.name}", entry, value)


async def _check_looks(scene: Scene, state: State, where: str) -> None:
    """Raise StateError if properties of views and representations would be refused."""
    kinds = {one["id"]: one["kind"] for one in state["views"]}
    looks = [("view", one["kind"], one, place) for place, one in _placed(state, "views")]
    looks += [("color map", one["kind"], one, place) for place, one in _placed(state, "color_maps")]
    looks += [("representation", kinds[one["view"]], one, place) for place, one in _placed(state, "representations")]
    try:
        asked = [
            (
                scene.render.send_request(render.Check(of=of, kind=kind, properties=one["properties"]).packet()),
                place,
            )
            for of, kind, one, place in looks
        ]
    except PacketError as error:
        raise StateError(f"{where} cannot be loaded: properties of a view cannot be sent: {error}") from error
    for reply, place in asked:
        try:
            await reply
        except RemoteError as error:
            if error.type_name in _REFUSALS:  # any other: nothing can be rendered there, as whoever looks is told
                raise StateError(f"{where} cannot be loaded here: {place}.properties: {error}") from error
    for of, kind, one, place in looks:  # where nothing can be rendered, nothing was checked
        _check_properties(_scene_type(of, kind), one["properties"], place, where)


def _scene_type(of: str, kind: str) -> SceneType:
    if of == "color map":
        return COLOR_MAP_TYPES[kind]
    return KINDS_OF_VIEWS[kind].view if of == "view" else KINDS_OF_VIEWS[kind].representation


def _check_properties(type_: SceneType, properties: Mapping[str, Any], place: str, where: str) -> None:
    for name, value in properties.items():
        if name not in type_.by_name:
            raise StateError(f"{where} cannot be loaded: {place}: {unknown_name('property', name, type_.by_name)}")
        try:
            type_.by_name[name].check(value)
        except ValueError as error:
            raise StateError(f"{where} cannot be loaded: {place}.properties.{name}: {error}") from error


# --- making it


def make(scene: Scene, state: State) -> list[SourceProxy]:
    """Make all of it, beside what there is, as one step of undo; returns the sources. Fire and forget.

    Whatever is raised, a connection that ends for instance, nothing stays.
    """
    active, before = scene.proxies.active, scene.time
    source, view = active.source, active.view
    try:
        with scene.undo.all_or_nothing(LABEL):
            made = _make_proxies(scene, state)
            scene.update_vtk_objects()
            if state["time"] is not None:
                scene.undo.done(LABEL, lambda: _set_time(scene, before), lambda: _set_time(scene, state["time"]))
                scene.time = state["time"]
            _make_views(scene, state, made)
    except BaseException:
        active.set_source(source)
        active.set_view(view)
        raise
    return [proxy for proxy in made.values() if isinstance(proxy, SourceProxy)]


def _set_time(scene: Scene, time: float | None) -> None:
    scene.time = time


def _make_proxies(scene: Scene, state: State) -> dict[int, Proxy]:
    made: dict[int, Proxy] = {}
    for one in state["proxies"]:
        create = scene.create_object if one["kind"] == OBJECT else scene.create
        proxy = made[one["id"]] = create(one["type"])
        if scene.proxies.name_is_free(one["name"]):
            scene.proxies.rename(proxy, one["name"])
        for name, value in one["properties"].items():
            setattr(proxy, name, value)
        for name, ports in one["inputs"].items():
            outputs = [_source(made[id_]).port(port) for id_, port in ports]
            if outputs:
                setattr(proxy, name, outputs[0] if len(outputs) == 1 else outputs)
        for name, id_ in one["objects"].items():
            setattr(proxy, name, None if id_ is None else made[id_])
    return made


_FITTED: Final = {"direction": None, "movements": ()}
"""What is said of a camera that was only to be fitted."""


def _make_views(scene: Scene, state: State, made: Mapping[int, Proxy]) -> None:
    """Make the views of a state, and what is shown in them."""
    for one in state.get("color_maps", ()):
        shared = scene.find_shared(one["kind"], one["name"])
        assert shared is not None  # its kind was checked
        shared.update(**one["properties"])
    views: dict[int, ViewProxy] = {}
    state = _with_links_of_its_own(scene, state)
    for one in state["views"]:
        kind = one["kind"]
        maker: Callable[..., ViewProxy] = (
            scene.create_view if kind == RENDER_VIEW.name else partial(scene.create_chart, kind)
        )
        properties = {name: value for name, value in one["properties"].items() if name != "ScalarBars"}
        if "Widgets" in properties:
            properties["Widgets"] = [_with_number(widget, made) for widget in properties["Widgets"]]
        view = views[one["id"]] = maker(**properties)
        for name, values in one["properties"].get("ScalarBars", {}).items():
            assert isinstance(view, RenderViewProxy)  # charts have no such property
            view.scalar_bar(name).update(**values)
        if one["fit"] and isinstance(view, RenderViewProxy):
            view.say_of_camera(one.get("moved") or _FITTED)
    shown = []
    for one, properties in _with_colors(state):
        id_, port = one["source"]
        shown.append(scene.show(_source(made[id_]).port(port), views[one["view"]], **properties))
    for one in state.get("extractors", ()):
        of_data = one["source"] is not None
        producer = _source(made[one["source"][0]]).port(one["source"][1]) if of_data else views[one["view"]]
        scene.extractors.make_again(one, producer)
    _make_shared(scene, state, {PROXY: made, VIEW: views, REPRESENTATION: dict(enumerate(shown))})


def _with_number(widget: Mapping[str, Any], made: Mapping[int, Proxy]) -> dict[str, Any]:
    """Return a widget of a state that belongs to the proxy that was made for its own."""
    number = widget.get("Proxy")
    return {**widget, **({} if number is None else {"Proxy": made[number].id})}


def _with_links_of_its_own(scene: Scene, state: State) -> State:
    """Return a state whose views are linked to each other alone: links that there are already get another name."""
    taken = {link for view in scene.all_views() if (link := view.set_values().get("CameraLink"))}
    if not taken:
        return state
    there = {*taken, *(one["properties"].get("CameraLink") for one in state["views"])}
    names: dict[str, str] = {}

    def renamed(one: Any) -> Any:
        link = one["properties"].get("CameraLink")
        if link not in taken:
            return one
        if link not in names:
            names[link] = next(name for at in count(2) if (name := f"{link} ({at})") not in there)
        return {**one, "properties": {**one["properties"], "CameraLink": names[link]}}

    changed = {part: [renamed(one) for one in state[part]] for part in ("views", "shared") if part in state}
    return {**state, **changed}


def _make_shared(scene: Scene, state: State, made: Mapping[str, Mapping[int, Any]]) -> None:
    """Make the layouts and the animation of a state; the animation that there is becomes that."""

    def thing(told: Any) -> Reference:
        kind, of = told
        return Reference.to(made[kind][of] if kind in made else scene.find_shared(kind, of))

    for one in state.get("shared", ()):
        known = SHARED_TYPES[one["kind"]].by_name
        properties = {
            name: with_references(known[name].check, value, thing) for name, value in one["properties"].items()
        }
        if one["kind"] == LAYOUT.name:
            name = properties.pop("Name", None)
            scene.layouts.create(None if name in scene.layouts else name).set_as_they_are(**properties)
        elif one["kind"] in ONLY_ONE:
            scene.only_one(one["kind"]).set_as_they_are(**properties)
        else:
            scene.create_shared(one["kind"], **properties)


def _with_colors(state: State) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """Yield what is shown, with its properties.

    In states of before color maps each had colors of its own: where they differ from those of another one of the same
    array, they stay so.
    """
    first: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(state["representations"]):
        properties = dict(one["properties"])
        array = properties.get("ColorBy")
        if array is not None and "color_maps" not in state and "ColorMap" not in properties:
            colors = {name: properties[name] for name in (*SHARED, SHARED_OPACITIES) if name in properties}
            if first.setdefault(array[1], colors) != colors:
                properties["ColorMap"] = f"{array[1]} ({number})"
        yield one, properties


def _source(proxy: Proxy) -> SourceProxy:
    assert isinstance(proxy, SourceProxy)
    return proxy
