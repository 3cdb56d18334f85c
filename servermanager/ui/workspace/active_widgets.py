"""The widget of what is active: the plane of a clip, the line of seeds, in the active view; as ParaView shows them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from async_paraview.scene.props.widget import BOX, SPHERE
from services_core import ServicesError

from ...model.proxy import Proxy
from ...views.render_view import RenderViewProxy
from ...views.widgets.widget import WidgetProxy
from ..owner import WorkSession
from ..watchers import Watcher, Watchers
from .actions import Actions
from .browser import PipelineBrowser

_log = logging.getLogger(__name__)

_SELDOM_WANTED: Final = frozenset({BOX, SPHERE})
"""Kinds that are not shown by themselves for sources that are such things."""


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
        self._end = browser.watch(self._follow)
        self._follow()

    @property
    def widget(self) -> WidgetProxy | None:
        """Return the widget of the active source that is seen in the active view; None for none."""
        shown, active = self._shown, self._session.proxies.active
        if shown is None or shown.proxy is not active.source or shown.view is not active.view:
            return None  # something else is active since a moment
        return shown if shown.is_held() and shown.Visibility else None

    def show(self) -> None:
        """Show the widget of the active source; an action that fails where none suits it."""
        self._follow()
        source, view = self._active
        if isinstance(source, Proxy) and isinstance(view, RenderViewProxy):
            self._unwanted.discard((source.id, view.id))
            self._actions.start(f"show handles of {source.type_name}", self._show(source, view), source.id)

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
        self._watchers.clear()

    # --- inside

    def _follow(self) -> None:
        active = self._session.proxies.active
        wanted = active.source, active.view
        if wanted[0] is self._active[0] and wanted[1] is self._active[1]:
            return
        self._active = wanted
        self._hide()
        source, view = wanted
        if not self.automatic or not isinstance(source, Proxy) or not isinstance(view, RenderViewProxy):
            return
        if (source.id, view.id) not in self._unwanted and self._session.role != "viewer":
            self._actions.start(f"show handles of {source.type_name}", self._show_by_itself(source, view), source.id)

    async def _show_by_itself(self, source: Proxy, view: RenderViewProxy) -> None:
        """Show what suits a source, if anything does. Why its input cannot be had is told by whoever shows it."""
        try:
            await self._show(source, view, by_itself=True)
        except (TypeError, ServicesError) as error:
            _log.debug("no handles of %r: %s", source, error)

    async def _show(self, source: Proxy, view: RenderViewProxy, *, by_itself: bool = False) -> None:
        values = await view.widgets.values_for(source)
        if by_itself and not values["Property"] and values["Kind"] in _SELDOM_WANTED:
            return
        if self._active != (source, view):
            return  # something else is active by now
        with self._session.undo.paused():
            self._shown = view.widgets.show(values)
        self._watchers.tell()

    def _hide(self) -> None:
        widget, self._shown = self._shown, None
        if widget is None:
            return
        if widget.is_held():
            with self._session.undo.paused():
                widget.Visibility = False
        self._watchers.tell()
