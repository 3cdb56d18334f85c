"""`view.widgets`: the widgets of a view, made, found, and kept where the properties of their proxies say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any, Final, Protocol

from async_paraview.names import unknown_name
from async_paraview.scene.props.widget import PLACES
from services_core import ServicesError

from ...model.proxy import Proxy
from ..owner import ViewOwner
from .bindings import is_place
from .widget import WidgetProxy, binding_to, held_object, suitable_property

_log = logging.getLogger(__name__)

_LOOKS: Final = frozenset({"Color", "HandleSize", "LineWidth", "AtRelease", "Enabled", "Visibility"})
_SUITABLE: Final = "widgets suit planes, boxes, balls, cylinders, cones, lines, points, splines and transforms"


class HasWidgets(Protocol):
    """A view, as its widgets know it."""

    @property
    def scene(self) -> ViewOwner:
        """Return the scene that it belongs to."""

    def listed(self, place: str) -> tuple[Any, ...]:
        """Return what it has of one of its lists."""

    def add_listed(self, kind: type[Any], properties: dict[str, Any]) -> Any:
        """Make one of a list, as one step of undo."""


class Widgets:
    """The widgets of one view, in the order in which they were added."""

    def __init__(self, view: HasWidgets) -> None:
        """Begin with what the view has."""
        self._view = view
        self._end_watching: Callable[[], None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[WidgetProxy]:
        return iter(self._view.listed(WidgetProxy.place))

    def __len__(self) -> int:
        return len(self._view.listed(WidgetProxy.place))

    def __getitem__(self, number: int) -> WidgetProxy:
        found: WidgetProxy = self._view.listed(WidgetProxy.place)[number]
        return found

    def __repr__(self) -> str:
        return f"<widgets: {', '.join(map(repr, self)) or 'none'}>"

    async def add(self, of: Proxy | str, property_: str | None = None, **properties: Any) -> WidgetProxy:
        """Show a widget for a proxy, or for an object or a place that a property of it holds, and return it.

        `add(clip, "ClipType")` is a plane, a box or a sphere, whatever clips; `add(stream_tracer, "SeedType")` a line
        or a ball of seeds; `add(ruler)` a ruler; `add(sphere, "Center")` a point. Without a name it is the proxy
        itself, else its first property that a widget suits. One that the view has already is shown again. A text
        instead of a proxy is a kind: `add("Ruler", Point1=(0, 0, 0))` is a ruler with places of its own. Further
        properties are those of the widget.

        What the inputs hold is brought up to date, since places often follow the data. Raises TypeError for what no
        widget suits; ValueError, AttributeError for wrong names and values; RemoteError as awaiting `update_pipeline`.
        """
        if isinstance(of, str):
            if of not in PLACES:
                raise ValueError(unknown_name("kind of widget", of, PLACES))
            return self.show({"Kind": of, **properties})
        values = await self.values_for(of, property_)
        return self.show({**values, **properties}, label=f"show the {values['Kind']} of {of.type_name}")

    async def values_for(self, proxy: Proxy, property_: str | None = None) -> dict[str, Any]:
        """Return the properties of a widget for a proxy, or for what a property of it holds, as `add` makes it.

        Nothing is shown. Raises as `add` does.
        """
        scene = self._view.scene
        scene.check_session(proxy)
        scene.own(proxy)
        name = await self._property_of(proxy) if property_ is None else await self._checked(proxy, property_)
        waiting = WidgetProxy(scene, None, {"Proxy": proxy.id, "Property": name})
        await waiting.ready()
        values = waiting.set_values()
        if "Kind" not in values:
            raise TypeError(f"no widget suits {proxy.type_name} any more: it was deleted, or holds something else")
        return values

    def show(self, values: Mapping[str, Any], *, label: str | None = None) -> WidgetProxy:
        """Show a widget with these properties, or the one that there is for the same proxy, and return it. Local."""
        number, name = values.get("Proxy"), values.get("Property", "")
        found = self.of(number, name) if number is not None else None
        if found is None:
            made: WidgetProxy = self._view.add_listed(WidgetProxy, dict(values))
            return made
        looks = {one: value for one, value in values.items() if one in _LOOKS}
        with self._view.scene.undo.group(label or "show a widget"):
            found.update(**{"Visibility": True, **looks})
        found.follow()
        return found

    def of(self, number: int, property_: str) -> WidgetProxy | None:
        """Return the widget for the proxy of that number, or a property of it; None if there is none. Local."""
        for one in self:
            if one.value_set("Proxy") == number and one.all_values()["Property"] == property_:
                return one
        return None

    async def _checked(self, proxy: Proxy, name: str) -> str:
        """Return the name of a property, if a widget suits what it is. Raises AttributeError, TypeError."""
        await proxy.definition()
        proxy.entry(name)  # raises, suggesting the nearest names
        if not await self._suits(proxy, name):
            raise TypeError(f"no widget suits {proxy.type_name}.{name}; {_SUITABLE}")
        return name

    async def _property_of(self, proxy: Proxy) -> str:
        """Return the property of a proxy that a widget suits, empty if it is the proxy itself. Raises TypeError."""
        definition = await proxy.definition()
        for entry in definition["properties"]:
            held = held_object(proxy, entry["name"]) if entry.get("kind") == "object" else None
            if held is not None:
                await held.definition()
        found = suitable_property(proxy, self._view.scene.definitions)
        if found is not None:
            return found
        places = [one["name"] for one in definition["properties"] if is_place(one)]
        hint = f"; a point suits each of {', '.join(places)}: name one" if places else ""
        raise TypeError(f"no widget suits {proxy.type_name}; {_SUITABLE}{hint}")

    async def _suits(self, proxy: Proxy, name: str) -> bool:
        held = held_object(proxy, name)
        if held is not None:
            await held.definition()
        return binding_to(proxy, name, self._view.scene.definitions) is not None

    # --- told by the view

    def changed(self) -> None:
        """Note that the view has others by now: they follow their proxies."""
        bound = any(one.value_set("Proxy") is not None for one in self)
        if bound and self._end_watching is None:
            self._end_watching = self._view.scene.watch_proxies(self._proxy_changed)
        elif not bound:
            self.left()
        for one in self:
            if one.proxy is not None and one.binding() is None:
                self._start(one, one.known())  # others have made it

    def left(self) -> None:
        """Follow no proxies any more: the view was deleted, or has no widget that belongs to one."""
        if self._end_watching is not None:
            self._end_watching()
            self._end_watching = None

    def came_back(self) -> None:
        """Have those of a view that is there again where their proxies are by now, and follow them."""
        self.changed()
        for one in self:
            one.follow()

    def _proxy_changed(self, proxy: Proxy, name: str, _before: Any, _after: Any) -> None:
        """Have those that belong to a proxy follow it; what others have changed they tell the server themselves."""
        tell = not self._view.scene.is_told
        for one in self:
            if one.concerns(proxy):
                one.follow(tell=tell)
                if tell and name == one.value_set("Property"):
                    self._start(one, one.ready())  # it holds another object, of a type that may be new here

    def _start(self, widget: WidgetProxy, coming: Coroutine[Any, Any, None]) -> None:
        """Have a widget become what it is to be, as soon as that is known."""
        task = asyncio.get_running_loop().create_task(_followed(widget, coming), name=f"{widget!r:.40} follows")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _followed(widget: WidgetProxy, coming: Coroutine[Any, Any, None]) -> None:
    try:
        await coming
    except ServicesError as error:  # whoever shows what the proxy makes is told the same
        _log.debug("%r stays where it is: %s", widget, error)
