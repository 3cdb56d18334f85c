"""What a session consists of at one moment, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from async_paraview.operations import render
from async_paraview.scene.catalog import LISTS
from async_paraview.scene.props.widget import ACTIVE
from async_paraview.scene.references import PROXY, REPRESENTATION, VIEW
from services_core import Packet, PacketError, RemoteError, Reply

from ..model.proxy import ObjectProxy, Proxy
from ..scene import Scene
from ..views.render_view import RenderViewProxy
from ..views.representation import RepresentationProxy
from ..views.shared.references import Reference
from ..views.view_proxy import ViewProxy
from ..views.widgets.widget import WidgetProxy
from .state_check import FORMAT, OBJECT, SOURCE, VERSION

WIDGETS: Final = WidgetProxy.place


async def capture_state(scene: Scene) -> dict[str, Any]:
    """Return what there is now, as plain data; what is changed while it is awaited is not in it.

    Cameras are asked for, as pictures show them: where a camera was never placed, what is shown is waited for. Raises
    RemoteError for what was set wrongly before its definition had arrived; ConnectionLost, Closed, Busy.
    """
    scene.outbox.flush()
    shown = scene.all_representations()
    state: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "time": scene.time,
        "proxies": [_proxy_state(scene, proxy) for proxy in _in_order(scene)],
    }
    state["color_maps"] = [
        {"kind": one.kind, "name": one.name, "properties": values}
        for one in scene.shared_by_name()
        if (values := one.set_values())
    ]
    if len(scene.extractors):
        state["extractors"] = [one.plain_state() for one in scene.extractors]
    if shared := _shared(scene, state["proxies"], shown):
        state["shared"] = shared
    looks = {one.id: one.set_values() for one in shown}
    views = scene.all_views()
    asked = [
        (view, view.set_values(), _said(view), _ask(scene, view)) for view in views
    ]  # what the answers tell is of this moment, too
    filled = {one.view.id for one in shown}
    await scene.checks.finished(scene.proxies)  # what is wrong could not be loaded
    state["views"] = [
        await _view_state(scene, view, values, said, reply, view.id in filled, looks)
        for view, values, said, reply in asked
    ]
    state["representations"] = [
        {"source": [one.source.proxy.id, one.source.port], "view": one.view.id, "properties": looks[one.id]}
        for one in shown
    ]
    return state


def _shared(
    scene: Scene, proxies: Sequence[Mapping[str, Any]], shown: Sequence[RepresentationProxy]
) -> list[dict[str, Any]]:
    """Return layouts and the animation; what refers to something that there is no more does not."""
    numbers = {one.id: number for number, one in enumerate(shown)}
    present = {PROXY: {one["id"] for one in proxies}, VIEW: {one.id for one in scene.all_views()}}

    def told(reference: Reference) -> list[Any] | None:
        kind, of = reference.travelling()
        if kind == REPRESENTATION:
            return [kind, numbers[of]] if of in numbers else None
        return [kind, of] if kind not in present or of in present[kind] else None

    found = []
    for one in scene.shared_things():
        values = one.state_values(told)
        if values.get("AnimatedProxy", "none") is None:
            continue  # a track of what was deleted
        if "SuppressedTimeSources" in values:
            values["SuppressedTimeSources"] = [of for of in values["SuppressedTimeSources"] if of is not None]
        if values:
            found.append({"kind": one.kind, "properties": values})
    return found


def _in_order(scene: Scene) -> list[Proxy]:
    """Return all proxies, each after those that it depends on."""
    order: dict[int, Proxy] = {}
    for proxy in scene.proxies:
        proxy.upstream(order)
    return list(order.values())


def _proxy_state(scene: Scene, proxy: Proxy) -> dict[str, Any]:
    kind = OBJECT if isinstance(proxy, ObjectProxy) else SOURCE
    return {"kind": kind, "name": scene.proxies.name(proxy), **proxy.plain_state()}


def _said(view: ViewProxy) -> dict[str, Any] | None:
    return view.said_of_camera() if isinstance(view, RenderViewProxy) else None


def _ask(scene: Scene, view: ViewProxy) -> Reply[Packet]:
    return scene.render.send_request(render.View(view=view.id).packet())


async def _view_state(
    scene: Scene,
    view: ViewProxy,
    values: dict[str, Any],
    said: dict[str, Any] | None,
    reply: Reply[Packet],
    has_something: bool,
    looks: dict[int, dict[str, Any]],
) -> dict[str, Any]:
    """Return the view as it is seen; what is shown loses the properties that the server has refused.

    They are taken out of `looks`: the properties of what is shown, by the number of the representation.
    """
    entry = {"id": view.id, "kind": view.kind}
    try:
        answer = (await reply).header
    except RemoteError:  # nothing can be rendered there: it is as it was set here
        return {**entry, "properties": values}
    seen, camera = answer["properties"], answer["camera"]
    for id_, names in answer["refused"]:
        looks[id_] = {name: value for name, value in looks.get(id_, {}).items() if name not in names}
    if camera != "placed" and has_something:
        with suppress(RemoteError, PacketError):  # what cannot be shown, or told, is not seen; nor what was deleted
            await view.ready()
        with suppress(RemoteError):
            answer = (await _ask(scene, view)).header
            camera = answer["camera"]
            seen |= {name: value for name, value in answer["properties"].items() if name.startswith("Camera")}
    properties = {name: seen[name] for name in seen if name in values or name.startswith(("Camera", "ViewSize"))}
    for name in LISTS:
        if name in properties:
            properties[name] = _as_set(values[name], seen[name])
    if WIDGETS in properties:
        properties[WIDGETS] = _lasting(scene, properties[WIDGETS])
    if camera != "waiting":
        return {**entry, "properties": properties}
    if said is None:
        return {**entry, "properties": properties, "fit": True}
    properties = {name: value for name, value in properties.items() if name in values or not name.startswith("Camera")}
    return {**entry, "properties": properties, "fit": True, "moved": said}


def _lasting(scene: Scene, widgets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return widgets without what is of the moment; one whose proxy was deleted is none any more."""
    there = [one for one in widgets if one.get("Proxy") is None or scene.find(one["Proxy"]) is not None]
    return [{name: value for name, value in one.items() if name != ACTIVE} for one in there]


def _as_set(ours: list[dict[str, Any]], seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the texts, or lights, that are seen, each as it was set, if the server has taken that."""
    if len(ours) != len(seen):
        return seen
    return [mine if mine.items() <= theirs.items() else theirs for mine, theirs in zip(ours, seen, strict=True)]
