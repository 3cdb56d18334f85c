"""All that the window has of one session: its workspace, and the widgets that show it. A new session gets a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from servermanager import RenderViewProxy, RepresentationProxy, Session, SourceProxy, ViewProxy
from servermanager.ui.editors.information_model import InformationModel
from servermanager.ui.editors.time_control import TimeControl
from servermanager.ui.keeping import Keeper
from servermanager.ui.new_views import new_view
from servermanager.ui.panels.panel_line import PanelLine
from servermanager.ui.pointing.happenings import Failed, Happening, Picked
from servermanager.ui.workspace.workspace import Workspace

from ..background import Background
from ..colors.color_map import ColorMapPanel
from ..docks.browser import Browser
from ..docks.information import Information
from ..docks.messages import Messages
from ..docks.properties import Properties
from ..docks.selection import SelectionPanel
from ..docks.spreadsheet import Spreadsheet
from ..docks.statistics import Statistics
from ..panels.panel_view import Hands
from ..views.picture_view import PictureView
from ..views.view_tabs import ViewTabs

UNMODIFIED: Final = "unmodified"

Browse = Callable[[PanelLine, Callable[[Any], object]], object]


class SessionRoom:
    """One session in the window, from when it is connected until `end`."""

    def __init__(self, session: Session, background: Background, browse: Browse, *, apply_at_once: bool = True) -> None:
        self.session = session
        self.workspace = Workspace(session)
        self.tabs = ViewTabs(session, self.workspace.panels.view_names, background)
        self.browser = Browser(self.workspace.browser, background)
        hands = Hands(self.workspace.change, browse, self.workspace.apply)
        self.properties = Properties(self.workspace.panels, self.workspace.widgets, hands, apply_at_once=apply_at_once)
        self.messages = Messages(self.workspace.log)
        self.statistics = Statistics(lambda: [one.live for one in self.tabs.views()])
        model = self._model = InformationModel(session, self.workspace.progress)
        self.information = Information(model)
        self.spreadsheet = Spreadsheet(session)
        self.colors = ColorMapPanel(background)
        self.selection = SelectionPanel(session, background)
        self.time = TimeControl(session)
        self.when_picked: Callable[[PictureView, Happening], object] = lambda *_: None
        """Called with what came of a click or a rectangle."""
        self.kept: bytes | None = None
        """The state of the session when that was looked at last, as a file: should it be lost."""
        self._keeper = Keeper(session, self._keep)
        self._background = background
        self.browser.stop_asked.connect(self.stop)
        self.messages.asked_for.connect(self._go_to)
        self.tabs.activated.connect(self.activate_view)
        self.tabs.happened.connect(self._happened)
        self.tabs.moved.connect(self._changed)
        self._ends = [
            self.workspace.watch(self._changed),
            self.workspace.browser.watch(self.refresh),
            session.on_change(lambda _: self.refresh()),
            model.watch(self._information_came),
        ]
        self._known: object = None
        self._sources: tuple[SourceProxy, ...] = ()
        self._asked: SourceProxy | None = None
        self._have_a_view()
        self.refresh()

    @property
    def docks(self) -> Mapping[str, QWidget]:
        """Return the widgets of the docks, by the names of those."""
        return {
            "browser": self.browser,
            "properties": self.properties,
            "information": self.information,
            "colors": self.colors,
            "selection": self.selection,
            "spreadsheet": self.spreadsheet,
            "messages": self.messages,
            "statistics": self.statistics,
        }

    # --- should it be lost

    def _changed(self) -> None:
        """Have the state looked at once nothing changes any more; nothing is lost of who only looks on."""
        if self.session.role != "viewer":
            self._keeper.changed()

    async def _keep(self, state: bytes) -> None:
        self.kept = state

    # --- views

    def _have_a_view(self) -> None:
        """Have a layout with a view to begin with, and all views in some layout. No step of undo."""
        session = self.session
        if session.role == "viewer":
            return
        with session.undo.paused():
            if not session.all_views():
                new_view(session.scene)
            self._place_views()

    def _place_views(self) -> None:
        layouts = self.session.layouts
        homeless = [one for one in self.session.all_views() if layouts.of(one) is None]
        if homeless:
            layout = next(iter(layouts), None) or layouts.create()
            for one in homeless:
                layout.assign_to_any(one)

    def _information_came(self) -> None:
        """Have the lines of panels, and the menus, made of what is known of the active source now."""
        source = self.session.proxies.active.source
        known = None if source is None else source.information.get(0)
        if known is self._known:
            return
        self._known = known
        self.information.refresh()
        self.properties.refresh_lines()
        self.time.refresh()
        self.workspace.browser.tell()

    @property
    def active_view(self) -> ViewProxy | None:
        """Return the view that menus act on: the active one, else the first that is shown."""
        active: ViewProxy | None = self.session.proxies.active.view
        views = self.tabs.views()
        return active if active is not None or not views else views[0].live.view

    @property
    def active_scene(self) -> RenderViewProxy | None:
        """Return it if it is a render view."""
        view = self.active_view
        return view if isinstance(view, RenderViewProxy) else None

    @property
    def active_representation(self) -> RepresentationProxy | None:
        """Return how the active source is shown in the active view, None if it is not."""
        source = self.session.proxies.active.source
        return None if source is None else next(iter(self.workspace.browser.representations(source)), None)

    def activate_view(self, view: ViewProxy) -> None:
        """Make a view the active one."""
        if self.session.proxies.active.view is not view:
            self.session.proxies.active.set_view(view)

    def refresh(self) -> None:
        """Show views and layouts as they are now."""
        if self.session.role != "viewer":
            with self.session.undo.paused():
                self._background.attempt(self._place_views, "place views")
        self.tabs.refresh(self.active_view)
        self._refresh_times()
        self._ask_information()
        self._information_came()
        self.spreadsheet.follow()
        self.colors.follow(self.active_representation)

    def _refresh_times(self) -> None:
        """Ask for the times of the sources, if there are others than before. Executes nothing."""
        sources = self.session.proxies.sources()
        if sources != self._sources:
            self._sources = sources
            self.time.refresh()

    def _ask_information(self) -> None:
        """Ask what is known of the active source, if it was executed before anybody asked."""
        source = self.session.proxies.active.source
        if source is None or source is self._asked or source.information:
            return
        if self.session.proxies.state(source) == UNMODIFIED:
            self._asked = source
            self._model.refresh()

    def refresh_all(self) -> None:
        """Show everything anew: the colors of the window are others."""
        self.refresh()
        self.browser.refresh()

    def active_widget(self) -> PictureView | None:
        """Return the widget of the active view."""
        view = self.active_view
        return None if view is None else self.tabs.widget_of(view)

    # --- what is asked for

    def stop(self, proxy: int = 0) -> None:
        """Interrupt what a source executes; 0: whatever executes."""
        self.workspace.stop(proxy)

    def _go_to(self, proxy: int) -> None:
        if self.session.proxies.name_of(proxy):
            self._background.attempt(lambda: self.workspace.browser.activate(proxy), "go to a source")

    def _happened(self, view: ViewProxy, happening: Happening) -> None:
        if isinstance(happening, Failed):
            self.workspace.log.add("error", str(happening.error), action=happening.doing)
            return
        if isinstance(happening, Picked) and happening.result is not None:
            self._background.attempt(lambda: self._activate_picked(happening), "choose what was clicked")
        widget = self.tabs.widget_of(view)
        if widget is not None:
            self.when_picked(widget, happening)

    def _activate_picked(self, picked: Picked) -> None:
        assert picked.result is not None
        self.workspace.browser.activate(picked.result.source.proxy.id)

    async def end(self) -> None:
        """Let go of the session, which stays open."""
        self._keeper.close()
        for end in self._ends:
            end()
        parts = (self.browser, self.properties, self.messages, self.statistics, self.information, self.spreadsheet)
        for one in (*parts, self.colors, self.selection, self.tabs):
            one.end()
        self.time.close()
        await self.workspace.close()
