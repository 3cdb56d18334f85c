"""The messages: what went wrong or is worth a word, with when, where and during what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from servermanager.ui.workspace.message_log import LogEntry, MessageLog

from ..appearance import error_color, warning_color
from ..icons import icon

COLUMNS: Final = ("Time", "Where", "Message")
_PROXY: Final = Qt.ItemDataRole.UserRole
_ICONS: Final = {"error": "error", "warning": "warning", "information": "information"}


class _InLines(QStyledItemDelegate):
    """Texts in as many lines as they take in their column: by itself a tree has one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return how large a cell is that is as wide as its column."""
        tree, within = self.parent(), QStyleOptionViewItem(option)
        if isinstance(tree, QTreeWidget):
            within.rect = QRect(0, 0, tree.columnWidth(index.column()), 1)
        return super().sizeHint(within, index)


class Messages(QWidget):
    """The log of a workspace, the newest at the end; a double click goes to what a line is about."""

    asked_for = Signal(int)
    """The number of a proxy that is to become the active one."""

    def __init__(self, log: MessageLog) -> None:
        super().__init__()
        self._log = log
        self._shown: tuple[int, ...] = ()
        self.list = QTreeWidget()
        self.list.setColumnCount(len(COLUMNS))
        self.list.setHeaderLabels(COLUMNS)
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName("Messages")
        self.list.setWordWrap(True)
        self.list.setItemDelegate(_InLines(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.list.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(1, 150)
        header.sectionResized.connect(lambda *_: self.list.scheduleDelayedItemsLayout())  # texts take other lines then
        self.list.itemDoubleClicked.connect(self._opened)
        row = QHBoxLayout()
        row.setContentsMargins(6, 3, 6, 3)
        for text, action in (("Copy", self.copy), ("Clear", log.clear)):
            button = QPushButton(text)
            button.clicked.connect(action)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        self._end: Callable[[], None] = log.watch(self.refresh)
        self.refresh()

    def end(self) -> None:
        """Watch the log no more."""
        self._end()

    def refresh(self) -> None:
        """Show the log as it is now."""
        entries = self._log.entries
        numbers = tuple(one.number for one in entries)
        kept = 0
        while kept < min(len(numbers), len(self._shown)) and numbers[kept] == self._shown[kept]:
            kept += 1
        while self.list.topLevelItemCount() > kept:
            self.list.takeTopLevelItem(kept)
        for one in entries[kept:]:
            self.list.addTopLevelItem(self._item(one))
        self._shown = numbers
        self.list.scrollToBottom()

    def _item(self, entry: LogEntry) -> QTreeWidgetItem:
        time = datetime.fromtimestamp(entry.time_s).strftime("%H:%M:%S")
        item = QTreeWidgetItem([time, where(entry), entry.text])
        item.setIcon(0, icon(_ICONS.get(entry.severity, "information")))
        item.setData(0, _PROXY, entry.proxy)
        item.setTextAlignment(0, Qt.AlignmentFlag.AlignTop)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignTop)
        color = self._color(entry.severity)
        for column in range(len(COLUMNS)):
            item.setForeground(column, QBrush(color))
            item.setToolTip(column, entry.text)
        return item

    def _color(self, severity: str) -> QColor:
        palette = self.palette()
        if severity == "error":
            return error_color(palette)
        return warning_color(palette) if severity == "warning" else palette.color(QPalette.ColorRole.Text)

    def _opened(self, item: QTreeWidgetItem, _column: int) -> None:
        proxy = int(item.data(0, _PROXY) or 0)
        if proxy:
            self.asked_for.emit(proxy)

    def copy(self) -> None:
        """Put the selected lines, or all, into the clipboard."""
        every = (self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount()))
        chosen = self.list.selectedItems() or [one for one in every if one is not None]
        lines = ["\t".join(item.text(column) for column in range(len(COLUMNS))) for item in chosen]
        QGuiApplication.clipboard().setText("\n".join(lines))


def where(entry: LogEntry) -> str:
    """Return where a message came from: what was being done, and of which proxy and property it is."""
    of = ".".join(one for one in (entry.name, entry.property) if one)
    return ": ".join(one for one in (entry.action, of) if one) or "server"
