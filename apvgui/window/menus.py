"""Menus, tool bars and keys of the window, made of the table of commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from ..icons import icon, text_icon
from .commands import BARS, CAMERA, COMMANDS, MENUS, SEPARATOR

AXES = {"X": "#ef4444", "Y": "#22a04b", "Z": "#3b82f6"}
"""The colors of the axes, as the marker in views has them."""


class Menus:
    """The actions of a window by name, in its menus and bars."""

    def __init__(self, window: QMainWindow, do: Callable[[str], object]) -> None:
        """Make all of them; `do(name)` is called when one is chosen."""
        self.actions = {name: self._action(window, name, do) for name in COMMANDS}
        self.submenus: dict[str, QMenu] = {
            "recent": QMenu("Open &Recent", window),
            "docks": QMenu("&Panels", window),
            "bars": QMenu("&Tool Bars", window),
            "theme": QMenu("&Colors of the Window", window),
            "camera": QMenu("&Camera", window),
        }
        self.menus: dict[str, QMenu] = {}
        for title, names in MENUS.items():
            menu = self.menus[title.replace("&", "")] = window.menuBar().addMenu(title)
            menu.setToolTipsVisible(True)
            self.fill(menu, names)
        self.fill(self.submenus["camera"], CAMERA)
        self.bars = {name: self._bar(window, name, names) for name, names in BARS.items()}

    def fill(self, menu: QMenu, names: Iterable[str]) -> None:
        """Add commands to a menu."""
        for name in names:
            if name == SEPARATOR:
                menu.addSeparator()
            elif name.startswith("menu:"):
                menu.addMenu(self.submenus[name.removeprefix("menu:")])
            else:
                menu.addAction(self.actions[name])

    def _bar(self, window: QMainWindow, name: str, names: Iterable[str]) -> QToolBar:
        bar = QToolBar(name, window)
        bar.setObjectName(f"bar {name}")
        bar.setIconSize(QSize(20, 20))
        for one in names:
            if one == SEPARATOR:
                bar.addSeparator()
            else:
                bar.addAction(self.actions[one])
        window.addToolBar(bar)
        return bar

    @staticmethod
    def _action(window: QMainWindow, name: str, do: Callable[[str], object]) -> QAction:
        command = COMMANDS[name]
        action = QAction(command.text, window)
        keys = [QKeySequence(one) for one in command.keys.split(" | ") if one]
        action.setShortcuts(keys)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        plain = command.text.replace("&", "").rstrip(".")
        tip = f"{plain}: {command.tip}" if command.tip else plain
        action.setToolTip(f"{tip} ({keys[0].toString()})" if keys else tip)
        action.setStatusTip(command.tip or plain)
        action.setCheckable(command.checkable)
        action.triggered.connect(lambda: do(name))
        return action

    def show_icons(self) -> None:
        """Draw the icons in the colors of the present theme."""
        for name, action in self.actions.items():
            action.setIcon(_icon(COMMANDS[name].icon))


def _icon(name: str) -> QIcon:
    if name.startswith("text:"):
        text = name.removeprefix("text:")
        return text_icon(text, AXES[text[-1]])
    return icon(name) if name else QIcon()
