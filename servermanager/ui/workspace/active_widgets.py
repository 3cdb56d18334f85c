"""The widget of what is active: the plane of a clip, the line of seeds, in the active view; as ParaView shows them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from async_paraview.records import dataclass
from async_paraview.scene.props.widget import BOX, SPHERE, TRANSFORM
from services_core import ServicesError, in_loop

from ...model.proxy import Proxy
from ...views.render_view import RenderViewProxy
from ...views.widgets.widget import WidgetProxy, binding_to, held_object, suitable_property
from ..naming import own_name
from ..owner import WorkSession
from ..watchers import Watcher, Watchers
from .actions import Actions
from .browser import PipelineBrowser

_log = logging.getLogger(__name__)

_SELDOM_WANTED: Final = frozenset({BOX, SPHERE})
"""Kinds that are not shown by themselves for sources that are such things."""


@dataclass(frozen=True, slots=True)
class HandlesSwitch:
    """A switch in the panel of the active source, which shows and hides its handles in the active view."""

    label: str
    """What stands beside it: "Show plane"."""
    shown: bool


class ActiveWidgets:
    """Shows the widget that suits the active source, in the active view, and no more when another one is active.

    What is shown and hidden so is no step of undo. Without `automatic` it is up to `show` and `hide`.
    """

    def __init__(self, browser: PipelineBrowser, actions: Actions, session: WorkSession) -> None:
        """Begin with what is active now, in the loop that runs."""
        self.automatic = True
        """Whether the widget of what becomes active is shown by itself."""
        self._actions = actions
        self._session = session
        self._shown: WidgetProxy | None = None
        self._active: tuple[Any, Any] = (None, None)
        self._unwanted: set[tuple[int, int]] = set()
        """Numbers of sources and views for which it was hidden by hand."""
        self._watchers = Watchers()
        self._end_source: Callable[[], None] = _nothing
        self._end_shown: Callable[[], None] = _nothing
        self._end = browser.watch(self._follow)
        self._follow()

    @property
    def widget(self) -> WidgetProxy | None:
        """Return the widget of the active source that is seen in the active view; None for none."""
        shown, active = self._shown, self._session.proxies.active
        if shown is None or shown.proxy is not active.source or shown.view is not active.view:
            return None  # something else is active since a moment
        return shown if shown.is_held() and shown.Visibility else None

    @property
    def switch(self) -> HandlesSwitch | None:
        """Return what shows and hides the handles; None where none suit the active source, or no scene is active."""
        source, view = self._session.proxies.active.source, self._session.proxies.active.view
        if not isinstance(source, Proxy) or not isinstance(view, RenderViewProxy) or self._session.role == "viewer":
            return None
        definitions = self._session.definitions
        name = suitable_property(source, definitions)
        binding = None if name is None else binding_to(source, name, definitions)
        if binding is None:
            return None
        kind = BOX if binding.kind == TRANSFORM else binding.kind
        return HandlesSwitch(f"Show {kind.lower()}", self.widget is not None)

    def toggle(self) -> None:
        """Show the handles of the active source, or hide them if they are shown."""
        if self.widget is None:
            self.show()
        else:
            self.hide()

    def show(self) -> None:
        """Show the widget of the active source; an action that fails where none suits it."""
        self._follow()
        source, view = self._active
        if isinstance(source, Proxy) and isinstance(view, RenderViewProxy):
            self._unwanted.discard((source.id, view.id))
            self._actions.start(f"show handles of {own_name(source)}", self._show(source, view), source.id)

    def hide(self) -> None:
        """Hide it, until `show`."""
        self._follow()
        source, view = self._active
        if source is not None and view is not None:
            self._unwanted.add((source.id, view.id))
        self._hide()

    def refresh(self) -> None:
        """Have what is shown follow the data, where its places do: what is known of that has changed."""
        if (widget := self.widget) is not None and self._session.role != "viewer":
            widget.follow()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called when another widget is shown, or none; calling what is returned ends it."""
        return self._watchers.add(watcher)

    def close(self) -> None:
        """Follow no more."""
        self._end()
        self._end_source()
        self._end_shown()
        self._watchers.clear()

    # --- inside

    def _follow(self) -> None:
        active = self._session.proxies.active
        wanted = active.source, active.view
        if wanted[0] is self._active[0] and wanted[1] is self._active[1]:
            return
        self._active = wanted
        self._hide()
        self._watchers.tell()
        source, view = wanted
        self._end_source()
        self._end_source = _nothing
        if isinstance(source, Proxy):
            self._end_source = source.watch(partial(self._source_changed, source))
            self._learn(source)
        if not self.automatic or not isinstance(source, Proxy) or not isinstance(view, RenderViewProxy):
            return
        if (source.id, view.id) not in self._unwanted and self._session.role != "viewer":
            self._actions.start(f"show handles of {own_name(source)}", self._show_by_itself(source, view), source.id)

    def _source_changed(self, source: Proxy, name: str, value: Any) -> None:
        """Tell that another switch may be right if the source holds another object now, or none."""
        if isinstance(value, Proxy):
            self._learn(value)
        elif (entry := source.entry(name)) is not None and entry.get("kind") == "object":
            self._watchers.tell()

    def _learn(self, proxy: Proxy, *, asks: bool = True) -> None:
        """Have definitions come of which it can be known what suits a proxy, and tell when they have; nothing waits."""
        definitions = self._session.definitions
        definition = definitions.known(proxy.wire_type)
        if definition is not None:
            for entry in definition["properties"]:
                held = held_object(proxy, entry["name"]) if entry.get("kind") == "object" else None
                if held is not None and definitions.known(held.wire_type) is None:
                    self._learn(held)
            self._watchers.tell()
        elif asks:
            definitions.prefetch(proxy.wire_type)
            learned = partial(self._learn, proxy, asks=False)
            definitions.when_answered(proxy.wire_type, in_loop(asyncio.get_running_loop(), learned))

    async def _show_by_itself(self, source: Proxy, view: RenderViewProxy) -> None:
        """Show what suits a source, if anything does. Why its input cannot be had is told by whoever shows it."""
        try:
            await self._show(source, view, by_itself=True)
        except (TypeError, ServicesError) as error:
            _log.debug("no handles of %r: %s", source, error)

    async def _show(self, source: Proxy, view: RenderViewProxy, *, by_itself: bool = False) -> None:
        try:
            values = await view.widgets.values_for(source)
        finally:
            self._watchers.tell()  # also who has switched it on, and sees that it is not
        if by_itself and not values["Property"] and values["Kind"] in _SELDOM_WANTED:
            return
        if self._active != (source, view):
            return  # something else is active by now
        with self._session.undo.paused():
            shown = self._shown = view.widgets.show(values)
        self._end_shown()
        self._end_shown = shown.watch(self._shown_changed)
        self._watchers.tell()

    def _shown_changed(self, name: str, _value: Any) -> None:
        if name == "Visibility":
            self._watchers.tell()

    def _hide(self) -> None:
        widget, self._shown = self._shown, None
        if widget is None:
            return
        self._end_shown()
        self._end_shown = _nothing
        if widget.is_held():
            with self._session.undo.paused():
                widget.Visibility = False
        self._watchers.tell()


def _nothing() -> None:
    """Do nothing: nothing is watched."""
