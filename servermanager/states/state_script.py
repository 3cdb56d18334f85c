"""A state as a script for apvpython."""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterator, Mapping
from typing import Any

from async_paraview.scene.catalog import LISTS
from async_paraview.scene.color_maps import COLOR_MAP

from ..model.definitions import OBJECTS
from ..model.proxy_manager import automatic_name
from .state_check import OBJECT


def to_script(state: Mapping[str, Any]) -> str:
    """Return the state as a script for apvpython that makes the same scene, with the same names."""
    names = {one["id"]: _identifier(one["name"], one["id"]) for one in state["proxies"]}
    lines = ["# A scene of Async ParaView: run it with apvpython.", "from servermanager import connect", ""]
    lines += ["session = await connect()", *_proxies(state, names)]
    if state.get("time") is not None:
        lines.append(f"session.time = {_literal(state['time'])}")
    for one in state.get("color_maps", ()):
        group = "color_maps" if one["kind"] == COLOR_MAP.name else "opacity_functions"
        arguments = ", ".join(_keywords(_literals(one["properties"])))
        lines.append(f"session.{group}[{one['name']!r}].update({arguments})")
    for view in state["views"]:
        lines += _view(view)
    for one in state["representations"]:
        shown = [_output(one["source"], names), f"view{one['view']}", *_keywords(_literals(one["properties"]))]
        lines.append(f"session.show({', '.join(shown)})")
    return "\n".join(lines) + "\n"


def _proxies(state: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[str]:
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    for one in state["proxies"]:
        variable, type_name = names[one["id"]], one["type"].removeprefix(OBJECTS)
        values = _literals(one["properties"])
        for name, ports in one["inputs"].items():
            outputs = [_output(port, names) for port in ports]
            if outputs:
                values[name] = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
        values |= {name: names[id_] for name, id_ in one["objects"].items() if id_ is not None}
        maker = "session.create_object" if one["kind"] == OBJECT else "session.create"
        yield f"{variable} = {maker}({', '.join([repr(type_name), *_keywords(values)])})"
        if automatic_name(type_name, taken, numbers) != one["name"]:
            yield f"session.proxies.rename({variable}, {one['name']!r})"
        taken.add(one["name"])
        without = [name for name, id_ in one["objects"].items() if id_ is None]
        if without:
            yield f"await {variable}.definition()"
            yield from (f"{variable}.{name} = None" for name in without)


def _view(view: Mapping[str, Any]) -> Iterator[str]:
    variable, kind = f"view{view['id']}", view.get("kind", "RenderView")
    properties = {name: value for name, value in view["properties"].items() if name not in LISTS}
    yield f"{variable} = session.views.{kind}({', '.join(_keywords(_literals(properties)))})"
    for text in view["properties"].get("Texts", ()):
        others = {name: value for name, value in text.items() if name != "Text"}
        yield f"{variable}.add_text({', '.join([_literal(text.get('Text', '')), *_keywords(_literals(others))])})"
    for light in view["properties"].get("AdditionalLights", ()):
        yield f"{variable}.add_light({', '.join(_keywords(_literals(light)))})"
    if view.get("fit"):
        moved = view.get("moved") or {"direction": None, "movements": ()}
        yield f"{variable}.reset_camera({'' if moved['direction'] is None else repr(moved['direction'])})"
        for one in moved["movements"]:
            numbers = {name: value for name, value in one.items() if name != "kind"}
            yield f"{variable}.{one['kind']}({', '.join(_keywords(_literals(numbers)))})"


def _output(port: list[int], names: Mapping[int, str]) -> str:
    id_, number = port
    return f"{names[id_]}.port({number})" if number else names[id_]


def _literals(properties: Mapping[str, Any]) -> dict[str, str]:
    return {name: _literal(value) for name, value in properties.items()}


def _literal(value: Any) -> str:
    """Return a value as Python text; repr() of what is not finite is none."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {_literal(on)}' for name, on in value.items())}}}"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def _keywords(values: Mapping[str, str]) -> list[str]:
    """Return the arguments of a call; names that Python does not take so are given in a map."""
    plain = [f"{name}={text}" for name, text in values.items() if _is_keyword(name)]
    others = [f"{name!r}: {text}" for name, text in values.items() if not _is_keyword(name)]
    return [*plain, f"**{{{', '.join(others)}}}"] if others else plain


def _is_keyword(name: str) -> bool:
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name)


def _identifier(name: str, id_: int) -> str:
    plain = "".join(one if one.isalnum() and one.isascii() else "_" for one in name.lower())
    return f"{plain}_{id_}" if plain[:1].isalpha() else f"proxy_{id_}"
