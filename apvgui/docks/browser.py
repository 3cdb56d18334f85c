"""The pipeline browser: what there is, whether it is shown, how far it executes, and why it failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QBrush, QColor, QIcon, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QMessageBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from servermanager.ui.workspace.browser import EXECUTING, FAILED, SHOWN, BrowserRow, PipelineBrowser

from ..appearance import error_color, warning_color
from ..icons import icon

EYE: Final = 0
NAME: Final = 1
STATE: Final = 2
STOP: Final = 3
_ID: Final = Qt.ItemDataRole.UserRole
_FRACTION: Final = Qt.ItemDataRole.UserRole + 1
_WORDS: Final = {
    "uninitialized": "",
    "unmodified": "",
    "modified": "modified",
    EXECUTING: "executing",
    FAILED: "failed",
}


class Acting(Protocol):
    """Whoever does what is asked for here, and tells what goes wrong."""

    def attempt(self, action: Callable[[], object], about: str) -> bool:
        """Do what returns at once; returns whether nothing was raised."""


class Browser(QTreeWidget):
    """The rows of the model, in place. Actions are the model's; `stop_asked` is somebody else's."""

    stop_asked = Signal(int)
    """The execution of a proxy is to be interrupted."""
    menu_asked = Signal(QMenu)
    """A menu is about to be shown: add what is of use."""

    def __init__(self, browser: PipelineBrowser, acting: Acting) -> None:
        super().__init__()
        self._browser = browser
        self._acting = acting
        self._shape: tuple[tuple[int, int, bool], ...] | None = None
        self._items: list[QTreeWidgetItem] = []
        self._rows: tuple[BrowserRow, ...] = ()
        self._active: int | None = None
        self._build()
        self._end = browser.watch(self.refresh)
        self.refresh()

    def _build(self) -> None:
        self.setColumnCount(4)
        self.setHeaderHidden(True)
        self.setTreePosition(NAME)
        self.setAccessibleName("Pipeline browser")
        self.setUniformRowHeights(True)
        self.setIndentation(14)
        self.setIconSize(QSize(16, 16))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegateForColumn(STATE, _StateDelegate(self))
        for column in (EYE, STOP):
            self.setItemDelegateForColumn(column, _FixedDelegate(self))
        header = self.header()
        header.setMinimumSectionSize(20)
        header.setStretchLastSection(False)
        for column, width in ((EYE, 26), (STOP, 26), (STATE, 92)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.itemClicked.connect(self._clicked)
        self.itemChanged.connect(self._renamed)
        self.itemSelectionChanged.connect(self._selected)
        self.customContextMenuRequested.connect(self._show_menu)

    # --- what is seen

    def refresh(self) -> None:
        """Show the rows as they are now."""
        rows = self._browser.rows
        shape = tuple((one.id, one.depth, one.repeated) for one in rows)
        with QSignalBlocker(self):
            if shape != self._shape:
                self._shape = shape
                self._rebuild(rows)
            for item, row in zip(self._items, rows, strict=True):
                self._fill(item, row)
            self._go_to_active(rows)
        self._rows = rows
        self.viewport().update()

    def _rebuild(self, rows: Sequence[BrowserRow]) -> None:
        """Make the rows anew. What was seen stays where it was, and the keys go on from where they were."""
        scrolled, current = self.verticalScrollBar().value(), self.currentItem()
        before = None if current is None else current.data(NAME, _ID)
        self.clear()
        self._items = []
        above: list[QTreeWidgetItem] = []
        for row in rows:
            del above[row.depth :]
            item = QTreeWidgetItem(above[-1]) if above else QTreeWidgetItem(self)
            item.setData(NAME, _ID, row.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            above.append(item)
            self._items.append(item)
        self.expandAll()
        self.doItemsLayout()
        self._make_current(next((one for one in self._items if one.data(NAME, _ID) == before), None))
        self.verticalScrollBar().setValue(scrolled)

    def _go_to_active(self, rows: Sequence[BrowserRow]) -> None:
        """Have the active row be seen, and the keys go on from there, when it has become that."""
        at = next((at for at, row in enumerate(rows) if row.active and not row.repeated), None)
        active = None if at is None else rows[at].id
        if active == self._active:
            return
        self._active = active
        if at is not None:
            self._make_current(self._items[at])
            self.scrollToItem(self._items[at])

    def _make_current(self, item: QTreeWidgetItem | None) -> None:
        """Have the keys go on from an item, and choose nothing by that."""
        if item is not None:
            self.setCurrentItem(item, NAME, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _fill(self, item: QTreeWidgetItem, row: BrowserRow) -> None:
        palette = self.palette()
        color = palette.color(QPalette.ColorRole.Text)
        if row.state == FAILED:
            color = error_color(palette)
        elif row.message:
            color = warning_color(palette)
        _set(item, NAME, row.name, color)
        _set(item, STATE, state_text(row), color)
        item.setData(STATE, _FRACTION, row.fraction)
        executes = row.state == EXECUTING
        item.setIcon(EYE, icon("eye" if row.visibility == SHOWN else "eye_off"))
        item.setIcon(STOP, icon("stop") if executes else _state_icon(row))
        font = item.font(NAME)
        font.setBold(row.active)
        font.setItalic(row.repeated)
        item.setFont(NAME, font)
        tip = f"{row.name} ({row.type_label})" + (f"\n{row.message}" if row.message else "")
        for column in (NAME, STATE):
            item.setToolTip(column, tip)
        item.setToolTip(EYE, "Hide" if row.visibility == SHOWN else "Show in the active view")
        item.setToolTip(STOP, "Stop (Esc)" if executes else row.message)
        item.setSelected(row.active or row.selected)

    def end(self) -> None:
        """Watch the model no more."""
        self._end()

    def item_text(self, proxy: int) -> tuple[str, str]:
        """Return what stands in the row of a proxy: its name, and its state. Raises KeyError."""
        for item in self._items:
            if item.data(NAME, _ID) == proxy:
                return item.text(NAME), item.text(STATE)
        raise KeyError(f"no row has the number {proxy}")

    # --- what is done

    def _row_of(self, item: QTreeWidgetItem | None) -> BrowserRow | None:
        id_ = None if item is None else item.data(NAME, _ID)
        return next((one for one in self._rows if one.id == id_), None)

    def _clicked(self, item: QTreeWidgetItem, column: int) -> None:
        row = self._row_of(item)
        if row is None:
            return
        if column == EYE:
            self.toggle(row)
        elif column == STOP and row.state == EXECUTING:
            self.stop_asked.emit(row.id)

    def toggle(self, row: BrowserRow) -> None:
        """Show what is hidden, hide what is shown."""
        shows = row.visibility != SHOWN
        about = f"{'show' if shows else 'hide'} {row.name}"
        self._acting.attempt(lambda: self._browser.set_visible(row.id, shows), about)

    def _selected(self) -> None:
        chosen = [row.id for item in self.selectedItems() if (row := self._row_of(item)) is not None]
        current = self._row_of(self.currentItem())
        if current is not None and current.id in chosen:
            chosen = [*[one for one in chosen if one != current.id], current.id]
        if chosen:
            self._acting.attempt(lambda: self._browser.select(*chosen), "choose a source")

    def _renamed(self, item: QTreeWidgetItem, column: int) -> None:
        row = self._row_of(item)
        if row is None or column != NAME or item.text(NAME) == row.name:
            return
        name = item.text(NAME)
        if not self._acting.attempt(lambda: self._browser.rename(row.id, name), f"rename {row.name}"):
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, show or hide what is chosen; stop what executes; else move."""
        key = Qt.Key(event.key())
        row = self._row_of(self.currentItem())
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_chosen()
        elif key == Qt.Key.Key_Space and row is not None:
            self.toggle(row)
        elif key == Qt.Key.Key_Escape and row is not None and row.state == EXECUTING:
            self.stop_asked.emit(row.id)
        else:
            super().keyPressEvent(event)

    def delete_chosen(self) -> None:
        """Delete what is chosen; if others depend on it, ask whether those are to go as well."""
        chosen = [row.id for item in self.selectedItems() if (row := self._row_of(item)) is not None]
        if not chosen:
            return
        others = self._browser.dependents(*chosen)
        if not others:
            self._acting.attempt(lambda: self._browser.delete(*chosen), "delete")
            return
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle("Delete")
        question.setText(f"{_several(others)} this.")
        question.setInformativeText("Delete all of it? Undo brings it back.")
        question.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def answered(button: int) -> None:
            if button == QMessageBox.StandardButton.Yes.value:
                self._acting.attempt(lambda: self._browser.delete(*chosen, dependents=True), "delete")

        question.finished.connect(answered)
        question.open()

    def rename_chosen(self) -> None:
        """Have the name of the active row written anew."""
        item = next((one for one in self._items if one.font(NAME).bold()), None)
        if item is not None:
            self.setFocus()
            self.setCurrentItem(item)
            self.editItem(item, NAME)

    def _show_menu(self, place: QPoint) -> None:
        row = self._row_of(self.itemAt(place))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if row is not None:
            shows = row.visibility != SHOWN
            _add(menu, "Show" if shows else "Hide", "eye", lambda: self.toggle(row), "Space")
            _add(menu, "Rename", "", self.rename_chosen, "F2")
            _add(menu, "Delete", "delete", self.delete_chosen, "Del")
            if row.state == EXECUTING:
                _add(menu, "Stop", "stop", lambda: self.stop_asked.emit(row.id), "Esc")
        self.menu_asked.emit(menu)
        if menu.actions():
            menu.popup(self.viewport().mapToGlobal(place))


class _FixedDelegate(QStyledItemDelegate):
    """Columns that are not edited."""

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Return none."""
        return None  # type: ignore[return-value]  # as Qt has it


class _StateDelegate(_FixedDelegate):
    """A state, in front of a bar that says how far it is."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint it."""
        fraction = index.data(_FRACTION)
        widget = self.parent()
        if isinstance(fraction, float) and isinstance(widget, QWidget):
            rectangle = QRect(option.rect)
            rectangle.adjust(2, 3, -2, -3)
            palette = widget.palette()
            painter.fillRect(rectangle, palette.color(QPalette.ColorRole.Mid))
            rectangle.setWidth(max(1, round(rectangle.width() * min(max(fraction, 0.0), 1.0))))
            painter.fillRect(rectangle, palette.color(QPalette.ColorRole.Highlight))
        super().paint(painter, option, index)


def state_text(row: BrowserRow) -> str:
    """Return the state of a row as it is written there."""
    if row.state != EXECUTING:
        return _WORDS.get(row.state, row.state) or ("warning" if row.message else "")
    if row.unresponsive:
        return "no sign of life"
    return "executing" if row.fraction is None else f"executing {row.fraction:.0%}"


def _state_icon(row: BrowserRow) -> QIcon:
    if row.state == FAILED:
        return icon("error")
    return icon("warning") if row.message else QIcon()


def _set(item: QTreeWidgetItem, column: int, text: str, color: QColor) -> None:
    if item.text(column) != text:
        item.setText(column, text)
    item.setForeground(column, QBrush(color))


def _add(menu: QMenu, text: str, name: str, action: Callable[[], object], keys: str) -> None:
    made = QAction(icon(name), text, menu) if name else QAction(text, menu)
    made.setText(f"{text}\t{keys}" if keys else text)
    made.triggered.connect(lambda: action())
    menu.addAction(made)


def _several(names: Sequence[str]) -> str:
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} others" if len(names) > 6 else "")
    return f"{shown} {'depends' if len(names) == 1 else 'depend'} on"
