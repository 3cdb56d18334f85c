"""Searching all sources and filters by a part of their names, from the keyboard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from servermanager.ui.workspace.catalog import CatalogEntry

from ..icons import icon

MOST: Final = 60
PAUSE_MS: Final = 120
_ENTRY: Final = Qt.ItemDataRole.UserRole
_ICONS: Final = {"sources": "source", "filters": "filter", "readers": "open", "writers": "save"}

Search = Callable[[str], Awaitable[Sequence[CatalogEntry]]]
Start = Callable[..., "asyncio.Task[Any]"]


class TypeSearch(QDialog):
    """A field and what is found; Enter makes it. `chosen` is emitted with the name of a type."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None, search: Search, start: Start) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._search = search
        self._start = start
        self._under_way: asyncio.Task[Any] | None = None
        self.resize(560, 420)
        self._field = QLineEdit()
        self._field.setPlaceholderText("Type a part of a name: contour, clip, sphere ...")
        self._field.setAccessibleName("Search sources and filters")
        self._field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("What was found")
        self.list.itemActivated.connect(lambda _: self.decide())
        self.list.itemClicked.connect(lambda _: self.decide())
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setMinimumHeight(self._about.fontMetrics().lineSpacing() * 3)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.list.currentItemChanged.connect(self._tell)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.search)
        self._field.textChanged.connect(lambda _: self._pause.start())
        column = QVBoxLayout(self)
        column.addWidget(self._field)
        column.addWidget(self.list, 1)
        column.addWidget(self._about)
        self._field.setFocus()
        self.search()

    @property
    def field(self) -> QLineEdit:
        """Return the field that is typed into."""
        return self._field

    def search(self) -> None:
        """Look for what is typed; an older search is given up."""
        if self._under_way is not None:
            self._under_way.cancel()
        self._under_way = self._start(self._found(self._field.text()), "search types")

    async def _found(self, text: str) -> None:
        entries = await self._search(text)
        self.list.clear()
        for entry in entries[:MOST]:
            label = entry.label if entry.label == entry.name else f"{entry.label}  ({entry.name})"
            item = QListWidgetItem(icon(_ICONS.get(entry.group, "box")), f"{label}  \u2014  {entry.category}")
            item.setData(_ENTRY, entry)
            if not entry.fits:
                item.setForeground(self.palette().placeholderText())
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _tell(self, item: QListWidgetItem | None) -> None:
        entry: CatalogEntry | None = None if item is None else item.data(_ENTRY)
        self._about.setText("" if entry is None else entry.why_not or entry.summary)

    def decide(self) -> None:
        """Emit what is chosen, if it can be made."""
        item = self.list.currentItem()
        entry: CatalogEntry | None = None if item is None else item.data(_ENTRY)
        if entry is not None and entry.fits:
            self.chosen.emit(entry.name)
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go through what was found with Up and Down, and make it with Enter, while typing."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.decide()
                return True
        return super().eventFilter(watched, event)

    def reject(self) -> None:
        """Give up what is searched."""
        if self._under_way is not None:
            self._under_way.cancel()
        super().reject()
