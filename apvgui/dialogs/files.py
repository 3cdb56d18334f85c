"""The dialog for files of the server: to open one, several or a series, or to say where one is written."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from servermanager.ui.file_system import FileEntry
from servermanager.ui.workspace.file_browser import DIRECTORY, FileBrowser
from services_core import ServicesError

from ..appearance import error_color
from ..icons import icon
from ..labels import LongText

SERIES: Final = "series"
COLUMNS: Final = ("Name", "Size", "Modified")
_ENTRY: Final = Qt.ItemDataRole.UserRole

Start = Callable[..., "asyncio.Task[Any]"]


class FilesDialog(QDialog):
    """Shows the server's directories. `chosen` is emitted with the entries, or the path, that a user decides for."""

    chosen = Signal(object)
    """A list of FileEntry; with `saves` a path."""

    def __init__(
        self, parent: QWidget | None, browser: FileBrowser, start: Start, *, title: str, saves: bool = False
    ) -> None:
        super().__init__(parent)
        self._browser = browser
        self._start = start
        self._saves = saves
        self.setWindowTitle(title)
        self.resize(760, 520)
        self._build()
        self._end = browser.watch(self.refresh)
        self.finished.connect(lambda _: self._end())
        browser.readable_only = not saves
        browser.search = ""
        self.go(browser.path)

    def _build(self) -> None:
        self._error = LongText()
        self._error.show_color(error_color(self.palette()))
        standard = QDialogButtonBox.StandardButton
        accepts = standard.Save if self._saves else standard.Open
        self._buttons = QDialogButtonBox(accepts | standard.Cancel)
        self._ok = self._buttons.button(accepts)
        self._buttons.accepted.connect(self.decide)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(self._top())
        column.addLayout(self._narrowing())
        column.addWidget(self._list(), 1)
        column.addLayout(self._naming())
        column.addWidget(self._error)
        column.addWidget(self._buttons)

    def _top(self) -> QHBoxLayout:
        self._path = QLineEdit()
        self._path.setAccessibleName("Directory of the server")
        self._path.returnPressed.connect(lambda: self.go(self._path.text()))
        up = QToolButton()
        up.setArrowType(Qt.ArrowType.UpArrow)
        up.setToolTip("The directory above (Alt+Up)")
        up.setAccessibleName("The directory above")
        up.setShortcut("Alt+Up")
        up.clicked.connect(lambda: self._begin(self._browser.up()))
        row = QHBoxLayout()
        row.addWidget(up)
        row.addWidget(self._path, 1)
        return row

    def _narrowing(self) -> QHBoxLayout:
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Search names")
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._searched)
        self._all = QCheckBox("also files that no reader takes")
        self._all.setChecked(self._saves)
        self._all.toggled.connect(self._searched)
        row = QHBoxLayout()
        row.addWidget(self._filter, 1)
        row.addWidget(self._all)
        return row

    def _list(self) -> QTreeWidget:
        self.list = QTreeWidget()
        self.list.setHeaderLabels(COLUMNS)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Files of the server")
        mode = QAbstractItemView.SelectionMode
        self.list.setSelectionMode(mode.SingleSelection if self._saves else mode.ExtendedSelection)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.itemActivated.connect(self._activated)
        self.list.itemSelectionChanged.connect(self._selected)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        return self.list

    def _naming(self) -> QHBoxLayout:
        self._name = QLineEdit()
        self._name.setAccessibleName("Name of the file")
        self._name.textChanged.connect(self._selected)
        row = QHBoxLayout()
        row.addWidget(QLabel("File name:"))
        row.addWidget(self._name, 1)
        return row

    # --- going around

    def go(self, path: str) -> None:
        """Show a directory."""
        self._begin(self._browser.go(path))

    def _begin(self, going: Any) -> None:
        async def told() -> None:
            self._error.setText("")
            try:
                await going
            except ServicesError as error:
                self._error.setText(str(error))

        self._start(told(), "list files")

    @property
    def error(self) -> str:
        """Return what went wrong, "" if nothing did."""
        return self._error.text()

    def refresh(self) -> None:
        """Show the directory as it is known now."""
        browser = self._browser
        self._path.setText(browser.path)
        chosen = {one.path for one in self._entries()}
        self.list.clear()
        for entry in browser.entries:
            item = QTreeWidgetItem([_name(entry), _size(entry), _modified(entry)])
            item.setIcon(
                0, icon("folder" if entry.kind == DIRECTORY else "spreadsheet" if entry.kind == SERIES else "box")
            )
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
            item.setData(0, _ENTRY, entry)
            self.list.addTopLevelItem(item)
            item.setSelected(entry.path in chosen)
        self._selected()

    def _scrolled(self, at: int) -> None:
        if at >= self.list.verticalScrollBar().maximum() - 2 and not self._browser.is_complete:
            self._begin(self._browser.more())

    def _searched(self) -> None:
        self._browser.readable_only = not self._all.isChecked()
        self._browser.search = self._filter.text()
        self.refresh()

    # --- choosing

    def _entries(self) -> list[FileEntry]:
        return [item.data(0, _ENTRY) for item in self.list.selectedItems()]

    def _selected(self) -> None:
        entries = [one for one in self._entries() if one.kind != DIRECTORY]
        if self.sender() is self.list and entries:
            self._name.setText(", ".join(one.name for one in entries))
        self._ok.setEnabled(bool(entries or self._name.text().strip() or self._entries()))

    def _activated(self, item: QTreeWidgetItem, _column: int) -> None:
        entry: FileEntry = item.data(0, _ENTRY)
        if entry.kind == DIRECTORY:
            self.go(entry.path)
        else:
            self.decide()

    def decide(self) -> None:
        """Emit what is chosen; a directory is shown instead."""
        entries = self._entries()
        if self._saves:
            self._decide_name()
        elif len(entries) == 1 and entries[0].kind == DIRECTORY:
            self.go(entries[0].path)
        elif files := [one for one in entries if one.kind != DIRECTORY]:
            self.chosen.emit(files)
            self.accept()
        elif text := self._name.text().strip():
            path = text if text.startswith("/") else posixpath.join(self._browser.path, text)
            self.chosen.emit([FileEntry(posixpath.basename(path), path, "file", 0, 0.0, True)])
            self.accept()

    def _decide_name(self) -> None:
        name = self._name.text().strip()
        if name:
            self.chosen.emit(name if name.startswith("/") else posixpath.join(self._browser.path, name))
            self.accept()


def _name(entry: FileEntry) -> str:
    return f"{entry.name}  ({entry.files} files)" if entry.kind == SERIES else entry.name


def _size(entry: FileEntry) -> str:
    if entry.kind == DIRECTORY:
        return ""
    count: float = entry.size_bytes
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def _modified(entry: FileEntry) -> str:
    return datetime.fromtimestamp(entry.modified_s).strftime("%Y-%m-%d %H:%M") if entry.modified_s else ""
