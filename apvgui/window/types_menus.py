"""The menus of sources and filters, and the bar of filters that are used most: made of the catalog of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from async_paraview.information import DataInformation
from servermanager.ui.workspace.catalog import CatalogEntry
from servermanager.ui.workspace.workspace import Workspace

from ..icons import icon
from .commands import COMMON

MENUS: Final = (("Sources", "sources"), ("Filters", "filters"))
BAR: Final = "Common Filters"


class Starting(Protocol):
    """Whoever keeps tasks, and tells what goes wrong in them."""

    def start(self, work: Any, about: str) -> asyncio.Task[Any]:
        """Begin one."""


class TypesMenus:
    """What can be made, by category; filters that do not fit the active output are gray, and say why."""

    def __init__(self, window: QMainWindow, menus: Mapping[str, QMenu], starting: Starting) -> None:
        self._menus = menus
        self._starting = starting
        self._workspace: Workspace | None = None
        self._actions: dict[str, list[QAction]] = {}
        self._asked: asyncio.Task[Any] | None = None
        self._known: tuple[object, object] = (self, self)
        self.bar = QToolBar(BAR, window)
        self.bar.setObjectName("bar filters")
        self.bar.setIconSize(QSize(20, 20))
        window.addToolBar(self.bar)
        self._common = {name: self._common_action(name) for name in COMMON}
        self.show_icons()

    def _common_action(self, name: str) -> QAction:
        action = self.bar.addAction(name)
        action.setEnabled(False)
        action.triggered.connect(lambda: self._make(name))
        return action

    def show_icons(self) -> None:
        """Draw the icons in the colors of the present theme."""
        for name, action in self._common.items():
            action.setIcon(icon(COMMON[name]))

    def follow(self, workspace: Workspace) -> Callable[[], None]:
        """Show what this workspace can make; calling what is returned ends it."""
        self._workspace = workspace
        self._known = self, self
        end = workspace.watch(self.refresh)
        self._starting.start(self._fill(workspace), "list sources and filters")

        def ended() -> None:
            end()
            self._workspace = None
            if self._asked is not None:
                self._asked.cancel()
            for title, _ in MENUS:
                self._menus[title].clear()
            self._actions = {}
            for action in self._common.values():
                action.setEnabled(False)

        return ended

    async def _fill(self, workspace: Workspace) -> None:
        for title, group in MENUS:
            categories = await workspace.catalog.menu(group)
            if self._workspace is workspace:
                self._fill_menu(self._menus[title], categories)
        self.refresh()

    def _fill_menu(self, menu: QMenu, categories: Mapping[str, tuple[CatalogEntry, ...]]) -> None:
        menu.clear()
        everything = menu.addMenu("&Alphabetical")
        everything.setToolTipsVisible(True)
        every = (one for several in categories.values() for one in several)
        for one in sorted(every, key=lambda one: one.label.casefold()):
            self._add(everything, one)
        menu.addSeparator()
        for category, entries in categories.items():
            part = menu.addMenu(category)
            part.setToolTipsVisible(True)
            for one in entries:
                self._add(part, one)

    def _add(self, menu: QMenu, entry: CatalogEntry) -> None:
        action = menu.addAction(entry.label)
        action.setToolTip(f"{entry.name}: {entry.summary}")
        action.setStatusTip(entry.summary)
        action.setData(entry.name)
        action.triggered.connect(lambda: self._make(entry.name))
        self._actions.setdefault(entry.name, []).append(action)

    def _make(self, name: str) -> None:
        if self._workspace is not None:
            self._workspace.add(name)

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the types that menus have."""
        return frozenset(self._actions)

    def action(self, name: str) -> QAction:
        """Return the action that makes a type, as menus have it. Raises KeyError if no menu has it."""
        return self._actions[name][0]

    def refresh(self) -> None:
        """Say again which filters fit, if the active output is another one, or holds something else."""
        workspace = self._workspace
        if workspace is None or not self._actions:
            return
        source = workspace.session.proxies.active.source
        information = None if source is None else source.information.get(0)
        if source is self._known[0] and information is self._known[1]:
            return
        self._known = source, information
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._starting.start(
            self._fit(workspace, source is not None, information), "look which filters fit"
        )

    async def _fit(self, workspace: Workspace, there: bool, information: DataInformation | None) -> None:
        categories = await workspace.catalog.menu("filters", data=information)
        for one in (one for several in categories.values() for one in several):
            why_not = one.why_not if there else "there is no active source: choose one"
            for action in self._actions.get(one.name, ()):
                action.setEnabled(not why_not)
                action.setToolTip(f"{one.name}: {why_not or one.summary}")
            if one.name in self._common:
                self._common[one.name].setEnabled(not why_not)
                self._common[one.name].setToolTip(f"{one.label}: {why_not or one.summary}")
