"""What is known of the active output: counts, bounds, arrays with their ranges, times, memory."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from servermanager.ui.editors.information_model import InformationModel, InformationSheet, number_text

from ..appearance import warning_color
from ..labels import LongText, title

ASSOCIATIONS = {"POINTS": "Point arrays", "CELLS": "Cell arrays", "ROWS": "Row arrays", "FIELD": "Field arrays"}


class Information(QWidget):
    """A sheet of the model as a tree; says when it is of before a change."""

    def __init__(self, model: InformationModel) -> None:
        super().__init__()
        self._model = model
        self._shown: InformationSheet | None = None
        self._title = title()
        self._note = LongText()
        self._note.setContentsMargins(8, 2, 8, 2)
        update = QPushButton("Update")
        update.setToolTip("Execute what is out of date, and look again")
        update.clicked.connect(model.refresh)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 6, 4)
        bar.addWidget(self._title, 1)
        bar.addWidget(update)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels(["Name", "Type", "Ranges"])
        self.tree.setRootIsDecorated(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setAccessibleName("Information")
        self.tree.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        QShortcut(QKeySequence.StandardKey.Copy, self.tree, self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._note)
        column.addWidget(self.tree, 1)
        self._end = model.watch(self.refresh)
        self.refresh()

    def end(self) -> None:
        """Watch the model no more."""
        self._end()
        self._model.close()

    def refresh(self) -> None:
        """Show what is known now."""
        sheet = self._model.sheet
        self._show_note(sheet)
        if sheet == self._shown:
            return
        self._shown = sheet
        self._title.setText("" if sheet is None else sheet.source)
        self.tree.clear()
        if sheet is not None:
            self._fill(sheet)

    def _show_note(self, sheet: InformationSheet | None) -> None:
        if self._model.error is not None:
            text = str(self._model.error)
        elif sheet is None:
            text = "Nothing is active." if self._model.output is None else "Not executed yet: Update does that."
        else:
            text = "" if sheet.is_current else "Something has changed since: this is of before."
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self._note.show_color(warning_color(self.palette()))

    def _fill(self, sheet: InformationSheet) -> None:
        general = QTreeWidgetItem(self.tree, ["Data"])
        for name, text in sheet.lines:
            QTreeWidgetItem(general, [name, "", text])
        for association, label in ASSOCIATIONS.items():
            arrays = [one for one in sheet.arrays if one.association == association]
            if not arrays:
                continue
            group = QTreeWidgetItem(self.tree, [label])
            for one in arrays:
                kind = one.data_type if one.components == 1 else f"{one.data_type} ({one.components})"
                QTreeWidgetItem(group, [one.name, kind, one.text])
        if sheet.times:
            times = QTreeWidgetItem(self.tree, [f"Times ({len(sheet.times)})"])
            for at, time in enumerate(sheet.times):
                QTreeWidgetItem(times, [str(at), "", number_text(time)])
            times.setExpanded(False)
        for at in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(at)
            if item is not None:
                item.setExpanded(not item.text(0).startswith("Times"))

    def copy(self) -> None:
        """Put the selected lines into the clipboard."""
        lines = ["\t".join(item.text(column) for column in range(3)) for item in self.tree.selectedItems()]
        QGuiApplication.clipboard().setText("\n".join(lines))
