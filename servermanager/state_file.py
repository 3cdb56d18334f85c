"""The whole state of a session as plain data: saved to a readable file, loaded again, written as a script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from .proxy import ObjectProxy, Proxy, SourceProxy
from .values import plain_value

if TYPE_CHECKING:
    from .session import Session

FORMAT: Final = "async-paraview-state"
VERSION: Final = 1


class StateError(ValueError):
    """A state file that cannot be loaded; nothing was changed."""


async def capture_state(session: Session) -> dict[str, Any]:
    """What there is, as plain data; the cameras are asked for. Raises ConnectionLost, RemoteError."""
    order: dict[int, Proxy] = {}
    for proxy in session.proxies:
        order.update((one.id, one) for one in proxy.upstream())
    views = [{"id": view.id, "kind": view.kind, "properties": await view.properties()} for view in session.all_views()]
    return {
        "format": FORMAT,
        "version": VERSION,
        "time": session.time,
        "proxies": [_proxy_state(session, proxy) for proxy in order.values()],
        "views": views,
        "representations": [
            {
                "source": [one.source.proxy.id, one.source.port],
                "view": one.view.id,
                "properties": {key: value for key, value in one.set_values().items() if value is not None},
            }
            for one in session.all_representations()
        ],
    }


def _proxy_state(session: Session, proxy: Proxy) -> dict[str, Any]:
    state = proxy.plain_state()
    kind = "object" if isinstance(proxy, ObjectProxy) else "source"
    return {"kind": kind, "name": session.proxies.name(proxy), **state}


def to_text(state: Mapping[str, Any]) -> str:
    """The text of a state file."""
    return json.dumps(state, indent=1, ensure_ascii=False) + "\n"


def from_text(text: str, where: str) -> dict[str, Any]:
    """The state in a file's text, its structure checked. Raises StateError."""
    try:
        state = json.loads(text)
    except json.JSONDecodeError as error:
        raise StateError(f"{where} is no state file: it is not JSON ({error})") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise StateError(f"{where} is no state file: its format is not {FORMAT!r}")
    version = state.get("version")
    if type(version) is not int or version > VERSION:
        raise StateError(
            f"{where} has version {version!r}, this program reads up to {VERSION}; update it to load the file"
        )
    for key in ("proxies", "views", "representations"):
        if not isinstance(state.get(key), list):
            raise StateError(f"{where} is damaged: {key!r} is missing")
    known: set[int] = set()
    for one in state["proxies"]:
        _check_proxy(one, known, where)
    kinds = {view.get("kind", "RenderView") for view in state["views"] if isinstance(view, dict)}
    if not kinds <= {"RenderView", "XYChartView"}:
        raise StateError(f"{where} has a view of an unknown kind: {sorted(map(str, kinds))!r:.120}")
    views = {view.get("id") for view in state["views"] if isinstance(view, dict)}
    for one in state["representations"]:
        if not isinstance(one, dict) or one.get("view") not in views or one.get("source", [None])[0] not in known:
            raise StateError(f"{where} is damaged: a representation of an unknown source or view: {one!r:.120}")
    return state


def _check_proxy(one: Any, known: set[int], where: str) -> None:
    try:
        sources = [id_ for ports in one["inputs"].values() for id_, _ in ports]
        sources += [id_ for id_ in one["objects"].values() if id_ is not None]
        missing = [id_ for id_ in sources if id_ not in known]
        shape = isinstance(one["type"], str) and isinstance(one["properties"], dict) and one["kind"] in _KINDS
        id_, name = one["id"], one["name"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StateError(f"{where} is damaged: a proxy that cannot be read: {one!r:.120}") from error
    if missing or not shape or not isinstance(id_, int) or not isinstance(name, str) or id_ in known:
        raise StateError(f"{where} is damaged: proxy {one.get('id')!r} is not complete, or comes before its sources")
    known.add(id_)


_KINDS = ("source", "object")


def apply_state(
    session: Session, state: Mapping[str, Any], paths: Mapping[str, str] | None = None
) -> list[SourceProxy]:
    """Make all that a checked state describes, beside what there is; returns the sources. Fire and forget.

    `paths` replaces the beginnings of values that are text: {"/old/data": "/new/data"}.
    """
    made: dict[int, Proxy] = {}
    for one in state["proxies"]:
        create = session.create if one["kind"] == "source" else session.create_object
        proxy = made[one["id"]] = create(one["type"])
        if session.proxies.name_is_free(one["name"]):
            session.proxies.rename(proxy, one["name"])
        for name, value in one["properties"].items():
            setattr(proxy, name, _mapped(value, paths or {}))
        for name, ports in one["inputs"].items():
            setattr(proxy, name, [_source(made[id_]).port(port) for id_, port in ports])
        for name, id_ in one["objects"].items():
            proxy.restore(name, None if id_ is None else made[id_])
    session.time = state.get("time")
    makers = {"RenderView": session.create_view, "XYChartView": session.create_chart}
    views = {one["id"]: makers[one.get("kind", "RenderView")](**one["properties"]) for one in state["views"]}
    for one in state["representations"]:
        id_, port = one["source"]
        session.show(_source(made[id_]).port(port), views[one["view"]], **one["properties"])
    session.update_vtk_objects()
    return [proxy for proxy in made.values() if isinstance(proxy, SourceProxy)]


def _source(proxy: Proxy) -> SourceProxy:
    assert isinstance(proxy, SourceProxy)
    return proxy


def _mapped(value: Any, paths: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_mapped(one, paths) for one in value]
    if isinstance(value, str):
        for old, new in paths.items():
            if value.startswith(old):
                return new + value.removeprefix(old)
    return value


def to_script(state: Mapping[str, Any]) -> str:
    """The state as a script for apvpython that makes the same scene."""
    names = {one["id"]: _identifier(one["name"], one["id"]) for one in state["proxies"]}
    lines = [
        "# A scene of Async ParaView: run it with apvpython.",
        "from servermanager import connect",
        "",
        "session = await connect()",
    ]
    for one in state["proxies"]:
        values = {name: repr(value) for name, value in one["properties"].items()}
        for name, ports in one["inputs"].items():
            values[name] = "[" + ", ".join(f"{names[id_]}.port({port})" for id_, port in ports) + "]"
        values |= {name: names[id_] for name, id_ in one["objects"].items() if id_ is not None}
        maker = "session.create_object" if one["kind"] == "object" else "session.create"
        lines.append(f"{names[one['id']]} = {maker}({', '.join([repr(one['type']), *_keywords(values)])})")
    if state.get("time") is not None:
        lines.append(f"session.time = {state['time']!r}")
    for view in state["views"]:
        values = {name: repr(plain_value(name, value)) for name, value in view["properties"].items()}
        lines.append(
            f"view{view['id']} = session.views.{view.get('kind', 'RenderView')}({', '.join(_keywords(values))})"
        )
    for one in state["representations"]:
        id_, port = one["source"]
        values = {name: repr(value) for name, value in one["properties"].items()}
        shown = [f"{names[id_]}.port({port})", f"view{one['view']}", *_keywords(values)]
        lines.append(f"session.show({', '.join(shown)})")
    return "\n".join(lines) + "\n"


def _keywords(values: Mapping[str, str]) -> list[str]:
    for name in values:
        if not name.isidentifier():
            raise StateError(f"{name!r} is no name of a property: no script can be made of this state")
    return [f"{name}={text}" for name, text in values.items()]


def _identifier(name: str, id_: int) -> str:
    plain = "".join(one if one.isalnum() and one.isascii() else "_" for one in name.lower())
    return f"{plain}_{id_}" if plain[:1].isalpha() else f"proxy_{id_}"
