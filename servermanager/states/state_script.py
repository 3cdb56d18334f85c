"""A state as a script for apvpython."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from async_paraview.scene.catalog import LISTS
from async_paraview.scene.color_maps import COLOR_MAP
from async_paraview.scene.extracts.types import TIME_STEP
from async_paraview.scene.props.widget import PLACES, WIDGET

from ..model.definitions import OBJECTS
from ..model.proxy_manager import automatic_name
from .script_of_shared import animated, shared_lines
from .script_values import keywords, literal, literals
from .state_check import OBJECT


def to_script(state: Mapping[str, Any]) -> str:
    """Return the state as a script for apvpython that makes the same scene, with the same names."""
    names = {one["id"]: _identifier(one["name"], one["id"]) for one in state["proxies"]}
    lines = ["# A scene of Async ParaView: run it with apvpython.", "from servermanager import connect", ""]
    lines += ["session = await connect()", *_proxies(state, names)]
    if state.get("time") is not None:
        lines.append(f"session.time = {literal(state['time'])}")
    for one in state.get("color_maps", ()):
        group = "color_maps" if one["kind"] == COLOR_MAP.name else "opacity_functions"
        arguments = ", ".join(keywords(literals(one["properties"])))
        lines.append(f"session.{group}[{one['name']!r}].update({arguments})")
    for view in state["views"]:
        lines += _view(view, names)
    named = animated(state)
    for number, one in enumerate(state["representations"]):
        shown = [_output(one["source"], names), f"view{one['view']}", *keywords(literals(one["properties"]))]
        variable = f"shown{number} = " if number in named else ""
        lines.append(f"{variable}session.show({', '.join(shown)})")
    for number, one in enumerate(state.get("extractors", ())):
        lines += _extractor(one, f"extractor{number + 1}", names)
    lines += shared_lines(state, names)
    return "\n".join(lines) + "\n"


def _proxies(state: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[str]:
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    for one in state["proxies"]:
        variable, type_name = names[one["id"]], one["type"].removeprefix(OBJECTS)
        values = literals(one["properties"])
        for name, ports in one["inputs"].items():
            outputs = [_output(port, names) for port in ports]
            if outputs:
                values[name] = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        values |= {name: names[id_] for name, id_ in one["objects"].items() if id_ is not None}
        maker = "session.create_object" if one["kind"] == OBJECT else "session.create"
        yield f"{variable} = {maker}({', '.join([repr(type_name), *keywords(values)])})"
        if automatic_name(type_name, taken, numbers) != one["name"]:
            yield f"session.proxies.rename({variable}, {one['name']!r})"
        taken.add(one["name"])
        without = [name for name, id_ in one["objects"].items() if id_ is None]
        if without:
            yield f"await {variable}.definition()"
            yield from (f"{variable}.{name} = None" for name in without)


def _view(view: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[str]:
    variable, kind = f"view{view['id']}", view.get("kind", "RenderView")
    properties = {name: value for name, value in view["properties"].items() if name not in LISTS}
    yield f"{variable} = session.views.{kind}({', '.join(keywords(literals(properties)))})"
    for text in view["properties"].get("Texts", ()):
        others = {name: value for name, value in text.items() if name != "Text"}
        yield f"{variable}.add_text({', '.join([literal(text.get('Text', '')), *keywords(literals(others))])})"
    for light in view["properties"].get("AdditionalLights", ()):
        yield f"{variable}.add_light({', '.join(keywords(literals(light)))})"
    for widget in view["properties"].get("Widgets", ()):
        yield f"await {variable}.widgets.add({', '.join(_widget(widget, names))})"
    if view.get("fit"):
        moved = view.get("moved") or {"direction": None, "movements": ()}
        yield f"{variable}.reset_camera({'' if moved['direction'] is None else repr(moved['direction'])})"
        for one in moved["movements"]:
            numbers = {name: value for name, value in one.items() if name != "kind"}
            yield f"{variable}.{one['kind']}({', '.join(keywords(literals(numbers)))})"


def _widget(widget: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    """Return what a widget is made of: its proxy has its places, or it has them by itself."""
    number, kind = widget.get("Proxy"), widget.get("Kind", WIDGET.by_name["Kind"].default)
    left = {"Kind", "Proxy", "Property", *((*PLACES[kind], "Bounds") if number is not None else ())}
    of = [repr(kind)] if number is None else [names[number], *map(repr, filter(None, [widget.get("Property")]))]
    return [*of, *keywords(literals({name: value for name, value in widget.items() if name not in left}))]


def _extractor(one: Mapping[str, Any], variable: str, names: Mapping[int, str]) -> Iterator[str]:
    written = f"view{one['view']}" if one["source"] is None else _output(one["source"], names)
    given = keywords(literals({**one["properties"], **one["writer"]}))
    arguments = [repr(one["kind"]), written, f"name={one['name']!r}", *given]
    yield f"{variable} = session.extractors.create({', '.join(arguments)})"
    for name, values in one["triggers"].items():
        trigger = f"{variable}.Trigger"
        if one["properties"].get("Trigger", TIME_STEP.name) == name:  # values of the other one count for nothing
            yield f"{trigger}.update({', '.join(keywords(literals(values)))})"


def _output(port: list[int], names: Mapping[int, str]) -> str:
    id_, number = port
    return f"{names[id_]}.port({number})" if number else names[id_]


def _identifier(name: str, id_: int) -> str:
    plain = "".join(one if one.isalnum() and one.isascii() else "_" for one in name.lower())
    return f"{plain}_{id_}" if plain[:1].isalpha() else f"proxy_{id_}"
