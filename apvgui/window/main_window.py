"""The window: docks around the views of one session, and how it gets, keeps and leaves that session."""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDockWidget, QLabel, QMainWindow, QStackedWidget, QWidget

from servermanager import Session
from servermanager.ui.keeping import load_state
from servermanager.ui.panels.panel import Panel
from servermanager.ui.panels.panel_line import PanelLine
from services_core import ConnectionState, ServicesError

from ..appearance import use_theme
from ..background import Background
from ..docks.console import Console
from ..icons import icon
from ..memory import THEMES, Memory
from .banner import Banner, Button, Stage
from .bars import ColoringBar, TimeBar
from .commands import COMMANDS
from .doing import Doing
from .menus import Menus
from .server_choice import ServerChoice
from .session_room import SessionRoom
from .status import StatusLine
from .types_menus import TypesMenus

_log = logging.getLogger(__name__)

CLOSE_S: Final = 5.0
"""So long closing the window may take, whatever the server does; and a session may take to be left."""
LEAVE_S: Final = 3.0
TOLD_MS: Final = 500
NO_SESSION: Final = "There is no session: File > Connect..."

_LEFT, _RIGHT, _BELOW = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
DOCKS: Final = {
    "browser": ("Pipeline", _LEFT, True), "properties": ("Properties", _LEFT, True),
    "information": ("Information", _LEFT, True), "colors": ("Color Map", _RIGHT, False),
    "selection": ("Selection", _RIGHT, False), "spreadsheet": ("Spreadsheet", _BELOW, False),
    "messages": ("Messages", _BELOW, False), "console": ("Python Console", _BELOW, False),
    "statistics": ("Statistics", _BELOW, False),
}  # fmt: skip
"""The docks: their titles, where they are in the beginning, and whether they are seen then."""


class MainWindow(QMainWindow):
    """One window; `closed` is set when it has been closed and its session left."""

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self.memory = memory
        self.closed = asyncio.Event()
        self.room: SessionRoom | None = None
        self.background = Background(self.tell)
        self.choice = ServerChoice()
        self.banner = Banner()
        self._connecting: asyncio.Task[Any] | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._left: set[asyncio.Task[None]] = set()
        """Sessions that are being closed: that goes on whoever waits for it."""
        self._ends: list[Callable[[], None]] = []
        self._outage: ConnectionState | None = None
        self._tell_outage = QTimer(self, interval=TOLD_MS)
        self._tell_outage.timeout.connect(self._show_outage)
        self._doing = Doing(self, self)
        self.console = Console(self.background.start, {"window": self})
        self.docks = {name: self._dock(name) for name in DOCKS}
        self.menus = Menus(self, self.do)
        self.times = TimeBar(self.menus.bars["Time"], self.menus.actions)
        self.types = TypesMenus(self, self.menus.menus, self.background)
        self.coloring = ColoringBar(self, self.change)
        self.status = StatusLine(lambda: self.show_dock("messages"))
        self._build()
        self.refresh()

    # --- what it consists of

    def _build(self) -> None:
        self.setObjectName("apvgui")
        self.setWindowTitle("Async ParaView")
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        self.setCorner(Qt.Corner.BottomLeftCorner, _LEFT)
        self.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        self._pages = QStackedWidget()
        self.nothing = nothing = QLabel(NO_SESSION)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setEnabled(False)
        self._pages.addWidget(nothing)
        self.setCentralWidget(Stage(self._pages, self.banner))
        self.setStatusBar(self.status)
        self._arrange()

    def _arrange(self) -> None:
        for name, (_, area, seen) in DOCKS.items():
            self.addDockWidget(area, self.docks[name])
            self.docks[name].setVisible(seen)
        below = [name for name, (_, area, _) in DOCKS.items() if area is _BELOW]
        for several in (below, ("properties", "information"), ("colors", "selection")):
            for first, second in itertools.pairwise(several):
                self.tabifyDockWidget(self.docks[first], self.docks[second])
        self.docks["properties"].raise_()
        for bar in (self.menus.bars["Main"], self.coloring.bar, self.menus.bars["Time"]):
            self.addToolBar(bar)
        self.addToolBarBreak()
        for bar in (self.menus.bars["Camera"], self.types.bar):
            self.addToolBar(bar)
        self.resize(QSize(1400, 900))
        self.resizeDocks([self.docks["browser"], self.docks["properties"]], [240, 560], Qt.Orientation.Vertical)
        self.resizeDocks([self.docks["browser"]], [360], Qt.Orientation.Horizontal)
        for one in self.docks.values():
            self.menus.submenus["docks"].addAction(one.toggleViewAction())
        for bar in (*self.menus.bars.values(), self.types.bar, self.coloring.bar):
            self.menus.submenus["bars"].addAction(bar.toggleViewAction())
        for theme in THEMES:
            action = QAction(theme.capitalize(), self)
            action.triggered.connect(lambda _=False, theme=theme: self.use_theme(theme))
            self.menus.submenus["theme"].addAction(action)
        self.show_icons()
        self._fill_recent()
        if (remembered := self.memory.arrangement()) is not None:
            self.restoreGeometry(remembered[0])
            self.restoreState(remembered[1])

    def _dock(self, name: str) -> QDockWidget:
        dock = QDockWidget(DOCKS[name][0], self)
        dock.setObjectName(f"dock {name}")
        dock.setWidget(self.console if name == "console" else QWidget())
        return dock

    def show_dock(self, name: str) -> None:
        """Show a dock, in front of those that share its place."""
        self.docks[name].setVisible(True)
        self.docks[name].raise_()

    def use_theme(self, theme: str) -> None:
        """Have the colors of "light", "dark" or "system", and remember that."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self.memory.theme = theme
            use_theme(application, theme)
            self.show_icons()
            if self.room is not None:
                self.room.refresh_all()

    def show_icons(self) -> None:
        """Draw all icons in the colors of the present theme."""
        self.menus.show_icons()
        self.types.show_icons()
        for dock in self.docks.values():
            for name, shown in (("close", "close"), ("float", "maximize")):
                button = dock.findChild(QAbstractButton, f"qt_dockwidget_{name}button")
                if button is not None:
                    button.setIcon(icon(shown))

    def _fill_recent(self) -> None:
        menu = self.menus.submenus["recent"]
        menu.clear()
        for path in self.memory.recent_files:
            action = QAction(path, self)
            action.triggered.connect(lambda _=False, path=path: self.open_files([path]))
            menu.addAction(action)
        menu.setEnabled(bool(self.memory.recent_files))

    # --- what is done

    def do(self, name: str) -> None:
        """Do what a command says: see `commands`. What goes wrong is told."""
        self.background.attempt(lambda: self._doing.do(name), COMMANDS[name].text.replace("&", "").rstrip("."))

    def open_files(self, paths: Sequence[str]) -> None:
        """Open files of the server, or load states."""
        self._doing.open_files(paths)
        self._fill_recent()

    def change(self, panel: Panel, name: str, given: Any) -> None:
        """Set a property of a panel to what was entered."""
        if self.room is not None:
            self.room.workspace.change(panel, name, given)

    def browse(self, line: PanelLine, give: Callable[[Any], object]) -> None:
        """Ask for a file of the server, for a line of a panel."""
        self._doing.browse(line, give)

    def tell(self, about: str, error: BaseException) -> None:
        """Tell what went wrong, and during what."""
        _log.debug("%s: %s", about, error, exc_info=error)
        if self.room is not None:
            self.room.workspace.log.add("error", str(error) or type(error).__name__, action=about)
        else:
            self.banner.say("error", f"{about}: {error}", [("Connect...", lambda: self.do("connect"))])

    def refresh(self) -> None:
        """Show what can be done now, and how the session is."""
        there = self._doing.what_is_there()
        for name, action in self.menus.actions.items():
            needs = COMMANDS[name].needs
            action.setEnabled(not needs or needs in there)
        self._doing.show_labels(self.menus.actions)
        if self.room is not None:
            self.status.show_workspace(self.room.workspace, self.choice.told)

    # --- the session

    def connect_to(self, choice: ServerChoice, files: Sequence[str] = (), kept: bytes | None = None) -> None:
        """Get a session where it is said, in the place of the one that there is; then open files in it.

        `kept` is what there was in one that was lost: a new session has it again, and in one that is joined it is.
        """
        if self._connecting is not None:
            self._connecting.cancel()
        self._connecting = self.background.start(self._connect(choice, list(files), kept), f"connect to {choice.told}")

    async def _connect(self, choice: ServerChoice, files: list[str], kept: bytes | None) -> None:
        def waiting(ahead: int) -> None:
            self._say_connecting(choice, f"; {ahead} clients come before" if ahead else "; next in the line")

        self._say_connecting(choice, "")
        self.nothing.clear()  # the banner says what there is instead
        try:
            session = await choice.connecting(waiting)
        except asyncio.CancelledError:
            self.banner.clear()
            raise
        except (ServicesError, OSError) as error:
            again = ("Try Again", lambda: self.connect_to(choice, files, kept))
            self.banner.say("error", str(error), [again, *self._other_ways(choice, kept)])
            return
        finally:
            self.nothing.setText(NO_SESSION)
        lacking = None if kept is None or choice.session else await self._had_again(session, kept)
        self.banner.clear()
        await self._leave_session()
        self._take(session, choice)
        if lacking is not None:
            self.tell("bring back what was in the session", lacking)
        if choice.url:
            self.memory.add_server(choice.url)
        if files:
            self.open_files(files)

    async def _had_again(self, session: Session, kept: bytes) -> Exception | None:
        """Have in a session what was in one that was lost; returns why not all of it, None: all is there."""
        self.banner.say(
            "information", "Bringing back what there was ...", [("Cancel", self._cancel_connecting)], busy=True
        )
        try:
            await load_state(session, kept)
        except asyncio.CancelledError:
            self.banner.clear()
            await session.close(LEAVE_S / 2)
            raise
        except (ServicesError, OSError, ValueError) as error:
            return error
        sources = session.proxies.sources()
        if sources:
            session.proxies.active.set_source(sources[-1])
        return None

    def _other_ways(self, choice: ServerChoice, kept: bytes | None) -> list[Button]:
        """Return what there is beside another attempt; who had joined a session that has ended may go on alone."""
        alone = replace(choice, session="")
        go_on = ("Go On in a New Session", lambda: self.connect_to(alone, kept=kept))
        connect = ("Connect...", lambda: self.do("connect"))
        return [go_on, connect] if choice.session and kept is not None else [connect]

    def _say_connecting(self, choice: ServerChoice, more: str) -> None:
        text = "Starting a session" if not choice.url else f"Connecting to {choice.told}"
        self.banner.say("information", f"{text}{more} ...", [("Cancel", self._cancel_connecting)], busy=True)

    def _cancel_connecting(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()

    def _take(self, session: Session, choice: ServerChoice) -> None:
        self.choice = choice
        room = self.room = SessionRoom(session, self.background, self.browse, apply_at_once=self.memory.auto_apply)
        room.when_picked = self._doing.show_happening
        self._pages.addWidget(room.tabs)
        self._pages.setCurrentWidget(room.tabs)
        for name, widget in room.docks.items():
            self.docks[name].setWidget(widget)
        self.times.follow(room.time)
        room.time.refresh()
        self.console.interpreter.names["session"] = session
        self.console.interpreter.names["workspace"] = room.workspace
        self._ends = [
            room.workspace.watch(self.refresh),
            room.workspace.log.watch(self.refresh),
            room.workspace.widgets.watch(self.refresh),
            session.on_connection(self._connection_changed),
            self.types.follow(room.workspace),
            self.coloring.follow(room.workspace),
        ]
        self.setWindowTitle(f"{choice.told} - Async ParaView" if choice.url else "Async ParaView")
        self.refresh()

    async def _leave_session(self) -> None:
        """Let go of the session, and close it; bounded."""
        room, self.room = self.room, None
        if room is None:
            return
        for end in self._ends:
            end()
        self._ends = []
        self._forget_outage()
        for name in ("session", "workspace"):
            self.console.interpreter.names.pop(name, None)
        self.times.follow(None)
        self.status.clear_session()
        self._pages.setCurrentIndex(0)
        for name in room.docks:
            self.docks[name].setWidget(QWidget())
        self.refresh()
        closing = asyncio.get_running_loop().create_task(self._close(room), name="close a session")
        self._left.add(closing)
        closing.add_done_callback(self._left.discard)
        await asyncio.shield(closing)

    async def _close(self, room: SessionRoom) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_S):
                await room.end()
        self._pages.removeWidget(room.tabs)
        room.tabs.deleteLater()
        with suppress(TimeoutError, ServicesError):
            async with asyncio.timeout(LEAVE_S):
                await room.session.close(LEAVE_S / 2)

    def disconnect_session(self) -> None:
        """Close the session; the window stays."""
        self.background.start(self._leave_session(), "disconnect")

    # --- outages

    def _connection_changed(self, state: ConnectionState) -> None:
        self._outage = state if state.kind == "reconnecting" else None
        if state.kind == "reconnecting":
            self._show_outage()
            self._tell_outage.start()
            return
        self._forget_outage()
        if state.kind == "lost":
            choice, kept = self.choice, None if self.room is None else self.room.kept
            again = ("Connect Again", lambda: self.connect_to(choice, kept=kept))
            text = f"The session is lost: {state.reason}"
            self.banner.say("error", text, [again, *self._other_ways(choice, kept)])

    def _show_outage(self) -> None:
        if self._outage is not None:
            since_s = max(0, round(time.time() - self._outage.since))
            text = f"Reconnecting, for {since_s} s: {self._outage.reason}. Nothing is lost meanwhile."
            self.banner.say("warning", text, busy=True)

    def _forget_outage(self) -> None:
        self._outage = None
        self._tell_outage.stop()
        self.banner.clear()

    # --- the end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide the window at once, and leave the session: that takes `CLOSE_S` at most."""
        event.accept()
        if self._leaving is None:
            self.memory.keep_arrangement(self.saveGeometry(), self.saveState())
            self._leaving = asyncio.get_running_loop().create_task(self._leave(), name="leave")

    async def _leave(self) -> None:
        try:
            async with asyncio.timeout(CLOSE_S):
                if self._connecting is not None:
                    self._connecting.cancel()
                await self._leave_session()
                await self.background.end()
                if self._left:
                    await asyncio.wait(self._left)
        except TimeoutError:
            _log.warning("the session did not end within %g s; it is left to itself", CLOSE_S)
        finally:
            self.closed.set()
