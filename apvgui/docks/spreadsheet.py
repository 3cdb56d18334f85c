"""The rows of the active output as a table: fetched as they are scrolled to, in the order of a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSpinBox, QTableView, QVBoxLayout, QWidget

from servermanager import Session
from servermanager.ui.editors.spreadsheet_model import Column, SpreadsheetModel

from ..appearance import error_color
from ..labels import LongText, ShortText, title

ATTRIBUTES: Final = {"POINTS": "Point Data", "CELLS": "Cell Data", "ROWS": "Row Data"}
_NOWHERE: Final = QModelIndex()
MOST_ROWS: Final = 2**31 - 2
"""Qt counts rows in 32 bits."""


class RowsTable(QAbstractTableModel):
    """The model's rows as Qt asks for them; a row that is not here yet is empty, and filled when it has come."""

    def __init__(self, model: SpreadsheetModel) -> None:
        super().__init__()
        self._model = model
        self._columns: tuple[Column, ...] = ()
        self._total = 0

    def refresh(self) -> None:
        """Look at the model again."""
        columns, total = self._model.columns, self._model.total or 0
        if (columns, total) != (self._columns, self._total):
            self.beginResetModel()
            self._columns, self._total = columns, total
            self.endResetModel()
        elif total:
            self.dataChanged.emit(self.index(0, 0), self.index(self._rows() - 1, len(columns) - 1))

    def _rows(self) -> int:
        return min(self._total, MOST_ROWS)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else self._rows()

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, "" as long as it is not here."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row = self._model.row(index.row())
        return "" if row is None or index.column() >= len(row) else row[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the label of a column, or the number of a row."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section)
        return self._columns[section].label if section < len(self._columns) else ""

    def name_of(self, column: int) -> str:
        """Return what rows are sorted by for a column."""
        return self._columns[column].name


class Spreadsheet(QWidget):
    """Follows the active source, while it is seen."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.model = SpreadsheetModel(session)
        self.rows = RowsTable(self.model)
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setAlternatingRowColors(True)
        self.table.setAccessibleName("Rows of the active output")
        self.table.horizontalHeader().setSectionsClickable(True)
        self.table.horizontalHeader().setSortIndicatorShown(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.horizontalHeader().sectionClicked.connect(self._sort)
        self.table.horizontalHeader().setDefaultSectionSize(110)
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        QShortcut(QKeySequence.StandardKey.Copy, self.table, self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar())
        column.addWidget(self._note)
        column.addWidget(self.table, 1)
        self._ends: list[Callable[[], None]] = [self.model.watch(self.refresh)]

    def _bar(self) -> QHBoxLayout:
        self._title = title()
        self._attribute = QComboBox()
        self._attribute.setMinimumWidth(90)
        self._attribute.setAccessibleName("Attribute")
        self._attribute.activated.connect(self._choose_attribute)
        self._selected = QCheckBox("selected only")
        self._selected.toggled.connect(lambda on: setattr(self.model, "selected_only", on))
        self._digits = QSpinBox()
        self._digits.setRange(1, 17)
        self._digits.setValue(self.model.digits)
        self._digits.setToolTip("Digits of numbers")
        self._digits.setAccessibleName("Digits of numbers")
        self._digits.valueChanged.connect(lambda digits: setattr(self.model, "digits", digits))
        self._count = ShortText()
        self._note = LongText()
        self._note.setContentsMargins(8, 2, 8, 2)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 3, 8, 3)
        bar.setSpacing(8)
        for one in (self._title, self._attribute, self._selected, QLabel("Digits:"), self._digits):
            bar.addWidget(one)
        bar.addStretch(1)
        bar.addWidget(self._count)
        return bar

    def end(self) -> None:
        """Watch nothing more."""
        for one in self._ends:
            one()
        self.model.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the active source."""
        super().showEvent(event)
        self.follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Fetch nothing more."""
        super().hideEvent(event)
        self.model.show(None)

    def follow(self) -> None:
        """Show the source that is active now, if this is seen."""
        if not self.isVisible():
            return
        source = self._session.proxies.active.source
        now = None if self.model.output is None else self.model.output.proxy
        if source is not now:
            self.model.show(source)

    def refresh(self) -> None:
        """Show the rows as they are known now."""
        self.rows.refresh()
        output, total = self.model.output, self.model.total
        self._title.setText("" if output is None else self._session.proxies.name_of(output.proxy.id))
        self._count.setText("" if total is None else f"{total:,} rows")
        self._note.setText("" if self.model.error is None else str(self.model.error))
        self._note.setVisible(self.model.error is not None)
        self._note.show_color(error_color(self.palette()))
        with QSignalBlocker(self._attribute):
            offered = self.model.associations
            self._attribute.clear()
            self._attribute.addItems([ATTRIBUTES[one] for one in offered])
            if self.model.association in offered:
                self._attribute.setCurrentIndex(offered.index(self.model.association))

    def _choose_attribute(self, at: int) -> None:
        self.model.association = self.model.associations[at]

    def _sort(self, column: int) -> None:
        name = self.rows.name_of(column)
        now, descending = self.model.order
        header = self.table.horizontalHeader()
        if now == name and descending:
            self.model.sort()
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            return
        down = now == name
        header.setSortIndicator(column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder)
        self.model.sort(name, descending=down)

    def copy(self) -> None:
        """Put the selected cells into the clipboard, columns apart by tabs."""
        chosen = sorted(self.table.selectedIndexes(), key=lambda one: (one.row(), one.column()))
        lines: dict[int, list[str]] = {}
        for one in chosen:
            lines.setdefault(one.row(), []).append(str(one.data()))
        QGuiApplication.clipboard().setText("\n".join("\t".join(cells) for cells in lines.values()))
