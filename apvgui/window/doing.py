"""What the commands of the table do, and the dialogs that they ask with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QToolTip, QWidget

from servermanager import RenderViewProxy, SourceProxy, ViewProxy
from servermanager.ui.editors.selection_model import pick_lines
from servermanager.ui.panels.panel_line import PanelLine
from servermanager.ui.pointing.happenings import Happening, Picked
from servermanager.ui.pointing.person import CAMERA

from ..background import Background
from ..dialogs.connect import ConnectDialog
from ..dialogs.files import SERIES, FilesDialog
from ..dialogs.texts import preformatted, show_text, table
from ..dialogs.type_search import TypeSearch
from ..files_given import grouped, is_state
from ..memory import Memory
from ..views.fitting import fit_source
from ..views.picture_view import PictureView
from .commands import COMMANDS, KEYS_OF_VIEWS, MOUSE
from .server_choice import ServerChoice
from .session_room import SessionRoom

STATES: Final = "States (*.json *.pvsm)"
PICTURES: Final = "Pictures (*.png *.jpg *.webp *.tif *.bmp)"
EXPORTS: Final = "Scenes and pages (*.glb *.gltf *.x3d *.obj *.vtkjs *.vtksz *.html *.svg *.pdf *.eps)"
ANIMATIONS: Final = "Animations (*.png *.gif *.mp4 *.mkv *.mov *.webm)"
MODES: Final = {"select_points": "select points", "select_cells": "select cells", "zoom_to_box": "zoom to box"}
QUARTER: Final = 90.0
SHOWN_MS: Final = 10_000
MOST: Final = 24
"""So many lines are told of what was clicked."""


class Window(Protocol):
    """The window, as commands know it."""

    memory: Memory
    room: SessionRoom | None
    background: Background
    choice: ServerChoice

    def connect_to(self, choice: ServerChoice, files: Sequence[str] = ()) -> None:
        """Get a session where it is said."""

    def disconnect_session(self) -> None:
        """Close the session."""

    def close(self) -> bool:
        """Close the window."""

    def open_files(self, paths: Sequence[str]) -> None:
        """Open files of the server, or load states."""

    def isFullScreen(self) -> bool:
        """Return whether it takes the whole screen."""

    def showFullScreen(self) -> None:
        """Take the whole screen."""

    def showNormal(self) -> None:
        """Take a part of the screen."""


class Doing:
    """Does commands by their names. What goes wrong is raised: whoever calls it tells it."""

    def __init__(self, window: Window, widget: QWidget) -> None:
        """Act on a window; `widget` is the same one, as the parent of dialogs."""
        self._window = window
        self._widget = widget

    def do(self, name: str) -> None:
        """Do a command. Raises KeyError for one that there is not."""
        if name in _OF_WINDOW:
            _OF_WINDOW[name](self)
        elif name.startswith("look_"):
            self._scene().reset_camera(name.removeprefix("look_"))
        elif name in MODES:
            self._toggle_mode(MODES[name])
        else:
            _OF_SESSION[name](self, self._room())

    def _room(self) -> SessionRoom:
        if self._window.room is None:
            raise ValueError("there is no session: File > Connect...")
        return self._window.room

    def _scene(self) -> RenderViewProxy:
        scene = self._room().active_scene
        if scene is None:
            raise ValueError("the active view is no render view: click into one")
        return scene

    def _view(self) -> ViewProxy:
        view = self._room().active_view
        if view is None:
            raise ValueError("there is no view: make one in an empty cell")
        return view

    def _source(self) -> SourceProxy:
        source = self._room().session.proxies.active.source
        if source is None:
            raise ValueError("there is no active source: choose one in the pipeline browser")
        return source

    # --- what is there

    def what_is_there(self) -> frozenset[str]:
        """Return which needs of commands are met now."""
        room = self._window.room
        if room is None:
            return frozenset()
        workspace = room.workspace
        found = {
            "session": True,
            "source": room.session.proxies.active.source is not None,
            "handles": workspace.widgets.switch is not None,
            "view": room.active_view is not None,
            "scene": room.active_scene is not None,
            "undo": bool(workspace.undo_label),
            "redo": bool(workspace.redo_label),
            "executing": bool(workspace.progress.executing),
        }
        return frozenset(name for name, is_there in found.items() if is_there)

    def show_labels(self, actions: Mapping[str, QAction]) -> None:
        """Have actions say what they would take back, and which mode is on."""
        room = self._window.room
        labels = ("", "") if room is None else (room.workspace.undo_label, room.workspace.redo_label)
        for name, label in zip(("undo", "redo"), labels, strict=True):
            actions[name].setText(f"{COMMANDS[name].text} {label}".strip())
        widget = None if room is None else room.active_widget()
        interaction = None if widget is None else widget.live.interaction
        scene = None if room is None else room.active_scene
        actions["orientation_axes"].setChecked(scene is not None and scene.OrientationAxesVisibility)
        actions["widget"].setChecked(room is not None and room.workspace.widgets.widget is not None)
        actions["auto_apply"].setChecked(self._window.memory.auto_apply)
        for name, mode in MODES.items():
            actions[name].setChecked(interaction is not None and interaction.mode == mode)

    # --- files

    def open_files(self, paths: Sequence[str]) -> None:
        """Open files of the server, numbered ones as series; load states of this machine."""
        room = self._room()
        for several in grouped(paths):
            if is_state(several[0]):
                room.workspace.load_state(several[0])
            else:
                room.workspace.open(*several)
            self._window.memory.add_file(several[0])

    def ask_open(self) -> None:
        """Ask for files of the server."""
        room = self._room()
        dialog = FilesDialog(
            self._widget, room.workspace.files, self._window.background.start, title="Open files of the server"
        )

        def chosen(entries: Any) -> None:
            for one in entries:
                if one.kind == SERIES:
                    room.workspace.open(one.path, series=True)
                    self._window.memory.add_file(one.path)
            self._window.open_files([one.path for one in entries if one.kind != SERIES])

        dialog.chosen.connect(chosen)
        dialog.open()

    def browse(self, line: PanelLine, give: Callable[[Any], object]) -> None:
        """Ask for a file of the server, for a line of a panel."""
        room = self._room()
        dialog = FilesDialog(self._widget, room.workspace.files, self._window.background.start, title=line.label)

        def chosen(entries: Any) -> None:
            paths = [one.path for one in entries]
            give(paths if line.editor == "files" else paths[0])

        dialog.chosen.connect(chosen)
        dialog.open()

    def _save_data(self, room: SessionRoom) -> None:
        source = self._source()
        dialog = FilesDialog(
            self._widget,
            room.workspace.files,
            self._window.background.start,
            title=f"Save the data of {room.session.proxies.name(source)} on the server",
            saves=True,
        )
        dialog.chosen.connect(lambda path: room.workspace.save_data(path, source.id))
        dialog.open()

    def _ask_local(
        self, title: str, kinds: str, suffix: str, then: Callable[[str], object], *, saves: bool = True
    ) -> None:
        """Ask for a file of this machine."""
        dialog = QFileDialog(self._widget, title)
        dialog.setNameFilters([kinds, "All files (*)"])
        modes = QFileDialog.AcceptMode
        dialog.setAcceptMode(modes.AcceptSave if saves else modes.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile if saves else QFileDialog.FileMode.ExistingFile)
        dialog.setDefaultSuffix(suffix)
        dialog.fileSelected.connect(then)
        dialog.open()

    def _load_state(self, room: SessionRoom) -> None:
        def chosen(path: str) -> None:
            room.workspace.load_state(path)
            self._window.memory.add_file(path)

        self._ask_local("Load a state", STATES, "", chosen, saves=False)

    def _save_state(self, room: SessionRoom) -> None:
        self._ask_local("Save the state", STATES, "json", room.workspace.save_state)

    def _save_script(self, room: SessionRoom) -> None:
        def chosen(path: str) -> None:
            room.workspace.do(f"save the script {Path(path).name}", room.session.save_script(path))

        self._ask_local("Save a script for apvpython", "Python (*.py)", "py", chosen)

    def _save_screenshot(self, room: SessionRoom) -> None:
        view = self._view()

        def chosen(path: str) -> None:
            room.workspace.do(f"save the screenshot {Path(path).name}", view.save_screenshot(path))

        self._ask_local("Save a screenshot", PICTURES, "png", chosen)

    def _export(self, room: SessionRoom) -> None:
        view = self._view()

        def chosen(path: str) -> None:
            room.workspace.do(f"export {Path(path).name}", view.export(path))

        self._ask_local("Export the view", EXPORTS, "glb", chosen)

    def _save_animation(self, room: SessionRoom) -> None:
        view = self._view()

        def chosen(path: str) -> None:
            room.workspace.do(f"save the animation {Path(path).name}", view.save_animation(path))

        self._ask_local("Save an animation", ANIMATIONS, "mp4", chosen)

    def show_happening(self, widget: PictureView, happening: Happening) -> None:
        """Show what a click has found, at the place that was clicked."""
        if isinstance(happening, Picked) and happening.result is not None:
            room = self._room()
            name = room.session.proxies.name(happening.result.source.proxy)
            place = widget.mapToGlobal(QPoint(round(happening.x), round(happening.y)))
            QToolTip.showText(place, table("", pick_lines(happening.result, name)[:MOST]), widget, QRect(), SHOWN_MS)

    # --- the session, and what is in it

    def ask_connect(self) -> None:
        """Ask where the session is to be."""
        window = self._window
        dialog = ConnectDialog(self._widget, window.background.start, window.memory.recent_servers, window.choice)
        dialog.chosen.connect(window.connect_to)
        dialog.open()

    def _search(self, room: SessionRoom) -> None:
        source = room.session.proxies.active.source
        information = None if source is None else source.information.get(0)
        find = partial(room.workspace.catalog.search, data=information)
        dialog = TypeSearch(self._widget, find, self._window.background.start)
        dialog.chosen.connect(room.workspace.add)
        place = self._widget.mapToGlobal(self._widget.rect().center())
        dialog.move(place.x() - dialog.width() // 2, place.y() - dialog.height() // 2)
        dialog.show()

    def _fit_data(self, room: SessionRoom) -> None:
        scene, source = self._scene(), self._source()
        room.workspace.do("fit the active source", fit_source(scene, source))

    def _roll(self, degrees: float) -> None:
        self._scene().roll(degrees)

    def _toggle_widget(self, room: SessionRoom) -> None:
        room.workspace.widgets.toggle()

    def _toggle_axes(self) -> None:
        scene = self._scene()
        scene.OrientationAxesVisibility = not scene.OrientationAxesVisibility

    def _toggle_mode(self, mode: str) -> None:
        widget = self._room().active_widget()
        interaction = None if widget is None else widget.live.interaction
        if interaction is not None:
            interaction.mode = CAMERA if interaction.mode == mode else mode

    def _split(self, room: SessionRoom, *, across: bool) -> None:
        room.tabs.split(self._view(), across=across)

    def _auto_apply(self) -> None:
        memory, room = self._window.memory, self._window.room
        memory.auto_apply = not memory.auto_apply
        if room is not None:
            room.properties.apply_at_once = memory.auto_apply

    def _full_screen(self) -> None:
        window = self._window
        (window.showNormal if window.isFullScreen() else window.showFullScreen)()

    def _keys(self) -> None:
        listed = [
            (command.keys.replace(" | ", ", "), command.text.replace("&", "").rstrip("."))
            for command in COMMANDS.values()
            if command.keys
        ]
        html = (
            table("Mouse in a view", MOUSE)
            + table("Keys in a view", KEYS_OF_VIEWS)
            + table("Keys of the window", listed)
        )
        show_text(self._widget, "Keys and Mouse", html)

    def _help_type(self, _: SessionRoom) -> None:
        source = self._source()
        show_text(self._widget, source.type_name, preformatted(source.help()))

    def _about(self) -> None:
        from services_core import __version__

        room = self._window.room
        rows = [("Version", __version__), ("License", "BSD-3-Clause")]
        if room is not None:
            rows += [(str(name), str(value)) for name, value in room.session.about.items() if name != "token"]
        show_text(self._widget, "Async ParaView", table("Async ParaView in Python", rows), height=320)


def _clear_selection(room: SessionRoom) -> None:
    for one in tuple(room.session.selections.all()):
        room.session.selections.clear(one)


_OF_WINDOW: Final[Mapping[str, Callable[[Doing], object]]] = {
    "connect": Doing.ask_connect,
    "quit": lambda doing: doing._window.close(),
    "disconnect": lambda doing: doing._window.disconnect_session(),
    "full_screen": Doing._full_screen,
    "auto_apply": Doing._auto_apply,
    "keys": Doing._keys,
    "about": Doing._about,
}
_OF_SESSION: Final[Mapping[str, Callable[[Doing, SessionRoom], object]]] = {
    "open": lambda doing, _: doing.ask_open(),
    "load_state": Doing._load_state,
    "save_state": Doing._save_state,
    "save_script": Doing._save_script,
    "save_data": Doing._save_data,
    "save_screenshot": Doing._save_screenshot,
    "export": Doing._export,
    "save_animation": Doing._save_animation,
    "restart": lambda _, room: room.workspace.restart(),
    "undo": lambda _, room: room.workspace.undo(),
    "redo": lambda _, room: room.workspace.redo(),
    "delete": lambda _, room: room.browser.delete_chosen(),
    "rename": lambda _, room: room.browser.rename_chosen(),
    "copy": lambda doing, room: room.workspace.copy(doing._source().id),
    "stop": lambda _, room: room.stop(),
    "search": Doing._search,
    "fit": lambda doing, _: doing._scene().reset_camera(),
    "fit_data": Doing._fit_data,
    "turn_left": lambda doing, _: doing._roll(-QUARTER),
    "turn_right": lambda doing, _: doing._roll(QUARTER),
    "orientation_axes": lambda doing, _: doing._toggle_axes(),
    "widget": Doing._toggle_widget,
    "clear_selection": lambda _, room: _clear_selection(room),
    "new_layout": lambda _, room: room.tabs.add_layout(),
    "split_right": lambda doing, room: doing._split(room, across=True),
    "split_below": lambda doing, room: doing._split(room, across=False),
    "maximize": lambda doing, room: room.tabs.maximize(doing._view()),
    "help_type": Doing._help_type,
    "time_first": lambda _, room: room.time.first(),
    "time_previous": lambda _, room: room.time.previous(),
    "time_next": lambda _, room: room.time.next(),
    "time_last": lambda _, room: room.time.last(),
    "time_play": lambda _, room: room.time.toggle(),
    "time_loop": lambda _, room: room.time.set_loops(not room.time.state.loops),
}
