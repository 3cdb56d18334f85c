"""The middle of the page: one or several views beside each other, one of which is active."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from trame.widgets import html

from servermanager import ViewProxy
from servermanager.ui.chart_interaction import CHART_MODES, ChartInteraction, interaction_with
from servermanager.ui.interaction import MODES
from servermanager.ui.new_views import new_view
from servermanager.ui.pointing.happenings import Failed, Happening, ModeChanged, Picked, Selected
from services_core import ServicesError

from ..parts.live_view import LiveView
from ..parts.view_sockets import ViewSockets
from ..parts.widgets import ViewElement
from .section import Section

if TYPE_CHECKING:
    from .content import PageContent

MOST_VIEWS: Final = 4
USUAL_SIZE: Final = (640, 480)


class Stage(Section):
    """The views of a page. Each has a socket of its own; clicking into one makes it the active one."""

    def __init__(self, content: PageContent, *, may_change: bool) -> None:
        super().__init__(content)
        self._may_change = may_change
        self._sockets = ViewSockets.of(self.trame)
        self._live: dict[int, LiveView] = {}
        self._name = self.own_name("views", [])
        self.ends.append(self.session.proxies.active.watch(self._tell))
        self.ends.append(self.work.browser.watch(self._follow))
        self.work.views_came = self._take

    @property
    def live(self) -> tuple[LiveView, ...]:
        """Return what is shown, from left to right."""
        return tuple(self._live.values())

    @property
    def active(self) -> LiveView | None:
        """Return the active view as it is shown, None if it is none of these."""
        view = self.session.proxies.active.view
        return None if view is None else self._live.get(view.id)

    def show(self, view: ViewProxy) -> None:
        """Show a view beside those that there are."""
        live = LiveView(view, interaction_with(view), may_change=self._may_change)
        live.interaction.watch(lambda happening: self._happened(live, happening))
        live.moved = self.content.moved
        self._live[view.id] = live
        self._sockets.add(live)
        self._tell()

    def add(self, kind: str) -> None:
        """Make a view of a kind, and show it. Raises ValueError for no such kind, and where there is no room."""
        if len(self._live) >= MOST_VIEWS:
            raise ValueError(f"a page has at most {MOST_VIEWS} views; close one first")
        view = new_view(self.session.scene, kind, ViewSize=list(USUAL_SIZE))
        self.show(view)
        self.activate(view.id)

    def remove(self, view: int) -> None:
        """Close a view, but not the last one. Raises ValueError, KeyError."""
        if len(self._live) < 2:
            raise ValueError("the last view of a page stays")
        live = self._live.pop(view)
        self._sockets.remove(live)
        live.view.delete()
        self.session.proxies.active.set_view(next(iter(self._live.values())).view)
        self._tell()

    def activate(self, view: int) -> None:
        """Make a view the active one. Raises KeyError."""
        self.session.proxies.active.set_view(self._live[view].view)

    def set_mode(self, mode: str) -> None:
        """Have drags in the active view do something else. Raises ValueError."""
        live = self.active
        if live is not None:
            live.interaction.mode = mode  # type: ignore[misc]  # of those here it can be set
            self._tell()

    def lay_out(self) -> None:
        """Place it."""
        activate = self.calls("choose a view", self.activate, int)
        remove = self.calls("close a view", self.remove, int)
        with (
            html.Div(classes="apv-stage", role="group", aria_label="Views"),
            html.Div(
                v_for=f"view in {self._name}",
                key="view.id",
                classes="apv-place",
                raw_attrs=[
                    ":class=\"{ 'apv-active': view.active && " + self._name + '.length > 1 }"',
                    ":data-view='view.id'",
                ],
                mousedown=(activate, "[view.id]"),
                focusin=(activate, "[view.id]"),
            ),
        ):
            ViewElement(
                address=("view.address",),
                label=("view.label",),
                mode=("view.mode",),
                fixed=(str(not self._may_change).lower(),),
            )
            html.Button(
                "×",
                v_if=f"{self._name}.length > 1",
                type="button",
                classes="apv-small apv-close",
                raw_attrs=[":aria-label=\"'Close ' + view.label\""],
                click=(remove, "[view.id]"),
            )

    def close(self) -> None:
        """Close the views of the page: those that it has made are deleted."""
        super().close()
        for live in self._live.values():
            self._sockets.remove(live)
            if self._may_change and self.session.scene.has_view(live.view):
                with suppress(ServicesError):  # a session that was lost has no views any more
                    live.view.delete()

    # --- inside

    def _take(self, views: Sequence[ViewProxy]) -> None:
        """Show the views of a state, as many as there is room for."""
        self._follow()
        room = MOST_VIEWS - len(self._live)
        for view in views[:room]:
            self.show(view)
        if len(views) > room:
            self.content.refused(
                "show views", f"a page has at most {MOST_VIEWS} views: {len(views) - room} are not shown"
            )

    def _follow(self) -> None:
        """Show what was made by undo or a state file, and show no more what was deleted."""
        there = {view.id: view for view in self.session.all_views()}
        for id_ in [id_ for id_ in self._live if id_ not in there]:
            self._sockets.remove(self._live.pop(id_))
        self._tell()

    def _tell(self) -> None:
        active = self.session.proxies.active.view
        told = [
            {
                "id": live.view.id,
                "address": live.address,
                "label": self.work.panels.view_names(live.view),
                "mode": live.interaction.mode,
                "active": live.view is active,
            }
            for live in self._live.values()
        ]
        self.publisher.put(self._name, told)
        self.content.page.views = tuple(self._live)
        live = self.active
        modes = MODES if live is None or not isinstance(live.interaction, ChartInteraction) else CHART_MODES
        self.content.told("mode", {"now": "camera" if live is None else live.interaction.mode, "all": list(modes)})

    def _happened(self, live: LiveView, happening: Happening) -> None:
        if isinstance(happening, ModeChanged):
            self._tell()
        elif isinstance(happening, Failed):
            self.content.refused(happening.doing, str(happening.error))
        elif isinstance(happening, Picked | Selected):
            self.content.found(happening)
