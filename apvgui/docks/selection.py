"""What is selected: of which outputs, how, with values; selecting by a query; a filter of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from servermanager import Session
from servermanager.model.proxy import OutputPort
from servermanager.ui.editors.selection_model import ELEMENTS, SelectedOutput, SelectionModel
from servermanager.ui.editors.spreadsheet_model import SheetPage

from ..background import Background
from ..labels import ShortText

MOST_ROWS: Final = 200


class SelectionPanel(QWidget):
    """The selections of a session, and the values of one of them."""

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__()
        self._session = session
        self._background = background
        self.model = SelectionModel(session)
        self._selected: tuple[SelectedOutput, ...] = ()
        self._reading: asyncio.Task[Any] | None = None
        self._outputs = QComboBox()
        self._outputs.setAccessibleName("Selected outputs")
        self._outputs.activated.connect(lambda _: self._read())
        self._kind = QComboBox()
        self._kind.setAccessibleName("Attribute")
        self._kind.addItems(list(ELEMENTS.values()))
        self._kind.activated.connect(lambda _: self._read())
        self._counts = ShortText()
        self.table = QTableWidget(0, 0)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setAlternatingRowColors(True)
        self.table.setAccessibleName("Values of what is selected")
        self._query = QLineEdit()
        self._query.setPlaceholderText("Select by a query: RTData > 200")
        self._query.setAccessibleName("Query")
        self._query.returnPressed.connect(self.select_by_query)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 4)
        column.addLayout(self._row(self._query, ("Select", self.select_by_query)))
        column.addLayout(self._row(self._outputs, self._kind))
        column.addWidget(self._counts)
        column.addWidget(self.table, 1)
        column.addLayout(self._row(("Extract", self._extract), ("Clear", self._clear)))
        self._end: Callable[[], None] = self.model.watch(self.refresh)
        self.refresh()

    @staticmethod
    def _row(*what: QWidget | tuple[str, Callable[[], object]]) -> QHBoxLayout:
        row = QHBoxLayout()
        for one in what:
            if isinstance(one, QWidget):
                row.addWidget(one, 1)
            else:
                button = QPushButton(one[0])
                button.clicked.connect(lambda _=False, action=one[1]: action())
                row.addWidget(button)
        return row

    def end(self) -> None:
        """Watch the model no more."""
        self._end()
        self.model.close()
        if self._reading is not None:
            self._reading.cancel()

    @property
    def query(self) -> QLineEdit:
        """Return the field of the query."""
        return self._query

    def refresh(self) -> None:
        """Show what is selected now."""
        selected = self.model.selected
        changed = [one.output for one in selected] != [one.output for one in self._selected]
        self._selected = selected
        with QSignalBlocker(self._outputs), QSignalBlocker(self._kind):
            at = max(0, self._outputs.currentIndex())
            self._outputs.clear()
            self._outputs.addItems([f"{one.name}: {one.how}" for one in selected])
            self._outputs.setCurrentIndex(min(at, len(selected) - 1))
            if selected and changed:
                self._kind.setCurrentIndex(list(ELEMENTS).index(selected[0].association))
        self._read()

    def _output(self) -> OutputPort | None:
        at = self._outputs.currentIndex()
        return self._selected[at].output if 0 <= at < len(self._selected) else None

    def _read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        output = self._output()
        if output is None:
            self._counts.setText("Nothing is selected: choose a mode of selecting, and draw a rectangle in a view.")
            self.table.setRowCount(0)
            return
        association = list(ELEMENTS)[self._kind.currentIndex()]
        self._reading = self._background.start(self._show(output, association), "read what is selected")

    async def _show(self, output: OutputPort, association: str) -> None:
        points, cells, rows = await self.model.counts(output)
        told = [f"{count:,} {what}" for count, what in ((points, "points"), (cells, "cells"), (rows, "rows")) if count]
        self._counts.setText(", ".join(told) or "nothing")
        self._fill(await self.model.values(output, association, MOST_ROWS))

    def _fill(self, page: SheetPage) -> None:
        self.table.setColumnCount(len(page.columns))
        self.table.setHorizontalHeaderLabels([one.label for one in page.columns])
        self.table.setRowCount(len(page.cells))
        for row, cells in enumerate(page.cells):
            for column, text in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(text))

    # --- what is done

    def select_by_query(self) -> None:
        """Select what the query is true of, of the active source."""
        association = list(ELEMENTS)[self._kind.currentIndex()]

        def select() -> None:
            source = self._session.proxies.active.source
            if source is None:
                raise ValueError("there is no active source: choose one in the pipeline browser")
            self.model.query(source, self._query.text(), association)

        self._background.attempt(select, "select by a query")

    def _extract(self) -> None:
        output = self._output()
        if output is not None:
            self._background.attempt(lambda: self.model.extract(output), "extract the selection")

    def _clear(self) -> None:
        self._background.attempt(self.model.clear, "clear the selection")
