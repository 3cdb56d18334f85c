"""A widget of a view, as a proxy of its own: it shows properties of another proxy, and drags of it set those."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from async_paraview.domains import defaults_of_data
from async_paraview.information import DataInformation
from async_paraview.scene.props.widget import PLACES, WIDGET
from async_paraview.scene.references import PROXY
from async_paraview.scene.types import SceneType
from services_core import Busy, ServicesError

from ...model.definitions import DefinitionManager
from ...model.property_holder import PropertyHolder
from ...model.proxy import OutputPort, Proxy, SourceProxy
from ..parts.listed import ListedProxy
from .bindings import Binding, binding_of, binding_of_point, is_place, suits_property
from .one_step import OneStep


class WidgetProxy(ListedProxy):
    """A widget in a view: Kind, Visibility, Enabled, Color, HandleSize, AtRelease, and the places of its kind.

    The places of one that belongs to a proxy are properties of that: it moves when those are set, and setting its
    places sets them. Every method that is no coroutine is fire and forget.
    """

    __slots__ = ()

    scene_type: ClassVar[SceneType] = WIDGET
    place: ClassVar[str] = "Widgets"

    # --- what it belongs to

    @property
    def proxy(self) -> Proxy | None:
        """Return the proxy whose properties it shows and sets; None if it has its places by itself. Local."""
        number = self._set.get("Proxy")
        found = None if number is None else self._scene.find_referred(PROXY, number)
        return found if isinstance(found, Proxy) else None

    @property
    def holder(self) -> PropertyHolder | None:
        """Return what has the properties that say where it is: the proxy, or an object of it; None: itself. Local."""
        proxy, name = self.proxy, self._set.get("Property", "")
        if proxy is None:
            return None
        return held_object(proxy, name) or proxy

    def binding(self) -> Binding | None:
        """Return how it is bound to the properties of its holder; None if nothing is known of those by now. Local."""
        proxy = self.proxy
        return None if proxy is None else binding_to(proxy, self._set.get("Property", ""), self._definitions)

    async def ready(self) -> None:
        """Wait until it is where the properties of its proxy say, also where those follow the data.

        What the inputs hold is brought up to date for that. Raises RemoteError, as awaiting `update_pipeline` does.
        """
        await self.known()
        proxy = self.proxy
        if isinstance(proxy, SourceProxy):
            await proxy.update_domains()
        self.follow()

    async def known(self) -> None:
        """Wait until it is known which properties of its proxy it shows: then it can be dragged. Raises RemoteError."""
        proxy = self.proxy
        if proxy is None:
            return
        await proxy.definition()
        holder = self.holder
        if holder is not None:
            await holder.definition()

    @property
    def can_be_dragged(self) -> bool:
        """Return whether it is seen, enabled, and known what a drag of it sets. Local."""
        get = self.all_values()
        return bool(get["Visibility"] and get["Enabled"]) and (self.proxy is None or self.binding() is not None)

    def concerns(self, proxy: Proxy) -> bool:
        """Return whether a proxy is the one that it belongs to, or what that holds. Local."""
        own = self.proxy
        return own is not None and (own is proxy or self.holder is proxy)

    def follow(self, *, tell: bool = True) -> None:
        """Go where the properties of its proxy say, as far as that is known; `tell`: and have the server told."""
        found = self._places_of_proxy()
        changed = {name: value for name, value in found.items() if self._set.get(name) != value}
        if changed:
            self.show_at(changed, tell=tell)

    def show_at(self, values: Mapping[str, Any], *, tell: bool = True) -> None:
        """Have it look so, without setting anything of its proxy, and without a step of undo."""
        plain = {name: self._plain(name, value) for name, value in values.items()}
        if tell and self.is_held():
            self._take(plain)
            with suppress(ServicesError):  # a later call tells it; what ended the connection, others are told
                self._scene.outbox.flush()
        else:
            self._set = {**self._set, **plain}
        for name, value in plain.items():
            self.tell_watchers(name, value)

    def all_values(self) -> dict[str, Any]:
        """Return all of its properties by name, as copies. Local."""
        return {**self.scene_type.initial, **self.set_values()}

    # --- where it is

    def put(self, places: Mapping[str, Any], step: OneStep | None = None) -> None:
        """Set some of its places: those of its proxy, or its own; one step of undo, or part of one.

        The server is told at once. Raises as setting the properties does.
        """
        step = step or OneStep(self._scene.undo, f"move {self._kind} of {self._whose()}")
        proxy, holder, binding = self.proxy, self.holder, self.binding()
        if proxy is None or holder is None:
            step.set(self, places)
            return
        if binding is None:
            raise ValueError(f"what {proxy!r} is is not known yet; await widget.ready() first")
        others = {name: self._read(name) for name in PLACES[binding.kind]} if binding.needs_all else {}
        step.set(holder, binding.settings({**others, **places}))
        with suppress(Busy):  # it is set here, and a later call tells it
            proxy.update_vtk_objects()

    def _change(self, plain: dict[str, Any], label: str | None = None) -> None:
        names = PLACES[self._kind] if self.proxy is not None else ()
        placed = {name: plain[name] for name in names if name in plain}
        rest = {name: value for name, value in plain.items() if name not in placed}
        if rest:
            super()._change(rest, label)
        if placed:
            self.put(placed)

    @property
    def _kind(self) -> str:
        return str(self._read("Kind"))

    def _whose(self) -> str:
        proxy = self.proxy
        return "a view" if proxy is None else proxy.type_name

    def _places_of_proxy(self) -> dict[str, Any]:
        """Return its kind, its places and its bounds as the proxy has them, as far as that is known by now."""
        proxy, holder, binding = self.proxy, self.holder, self.binding()
        if proxy is None or holder is None or binding is None:
            return {}
        definition = self._definitions.known(holder.wire_type)
        if definition is None:
            return {}
        held = _held_by_inputs(proxy)
        values = {one["name"]: one.get("default") for one in definition["properties"]}
        set_here = {name: value for name in values if (value := holder.set_values().get(name)) is not None}
        values |= defaults_of_data(definition["properties"], held, set_here)
        values |= set_here
        found: dict[str, Any] = {"Kind": binding.kind, **binding.places(values)}
        bounds = next((one.bounds for one in held.values() if one.bounds is not None), None)
        if bounds is not None:
            found["Bounds"] = list(bounds)
        right = {}
        for name, value in found.items():
            try:
                right[name] = self._plain(name, value)
            except (TypeError, ValueError):  # a normal of length 0: the widget stays where it is
                continue
        return right

    # --- with its proxy

    def take_out(self) -> None:
        """Show it no more: its proxy was deleted. Called by the scene, which remembers that."""
        if self.view is not None and self.is_held():
            left = [one for one in self.view.listed(self.place) if one is not self]
            with self._scene.undo.paused():
                self.view.set_listed(self.place, left, f"delete {self.type_name}")

    def recreate(self) -> None:
        """Show it again: its proxy is there again. Called by the scene."""
        if self.view is not None and self._scene.has_view(self.view) and not self.is_held():
            with self._scene.undo.paused():
                self.view.set_listed(self.place, [*self.view.listed(self.place), self], f"create {self.type_name}")


def held_object(proxy: Proxy, name: str) -> Proxy | None:
    """Return the proxy that a property of another one holds; None if it holds none, or there is no such property."""
    if not name:
        return None
    try:
        value = getattr(proxy, name)
    except AttributeError:
        return None
    if isinstance(value, OutputPort):
        return value.proxy
    return value if isinstance(value, Proxy) else None


def binding_to(proxy: Proxy, name: str, definitions: DefinitionManager) -> Binding | None:
    """Return how a widget is bound to a proxy, or to what a property of it is or holds; None if it cannot be, by now.

    Raises AttributeError for a property that there is not.
    """
    held = held_object(proxy, name)
    if name and held is None:
        entry = proxy.entry(name)
        return binding_of_point(name) if entry is not None and is_place(entry) else None
    of = held or proxy
    definition = definitions.known(of.wire_type)
    binding = None if definition is None else binding_of(of.type_name, definition["properties"])
    return binding if binding is not None and suits_property(binding, name) else None


def suitable_property(proxy: Proxy, definitions: DefinitionManager) -> str | None:
    """Return the property of a proxy that a widget suits, empty if that is the proxy itself.

    None: no widget suits any, as far as is known by now of what they hold.
    """
    definition = definitions.known(proxy.wire_type)
    if definition is None:
        return None
    shown = [one for one in definition["properties"] if one.get("panel") != "never"]
    objects = [one["name"] for one in shown if one.get("kind") == "object"]
    for name in ("", *objects):
        if (not name or held_object(proxy, name) is not None) and binding_to(proxy, name, definitions) is not None:
            return str(name)
    return None


def _held_by_inputs(proxy: Proxy) -> dict[str, DataInformation]:
    """Return what the inputs of a proxy hold, as far as that is known by now."""
    known = {name: ports[0].proxy.information.get(ports[0].port) for name, ports in proxy.inputs().items() if ports}
    return {name: one for name, one in known.items() if one is not None}
