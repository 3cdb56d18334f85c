"""Editors of numbers: one, with a slider where there are ends for it; vectors; lists as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLineEdit,
    QPushButton,
    QSlider,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from servermanager.ui.panels.panel_line import PanelLine

from .editor import Give, LineEditor, in_short, told

NOTCHES: Final = 1000
"""How many places a slider of numbers has."""
MOST_ROWS: Final = 500
"""So many rows of a list are shown: the rest is entered in Python."""


class NumberField(QLineEdit):
    """A number with six digits, and all of them while it is edited; Up and Down change it by a step.

    int64 fits, which no spin box holds.
    """

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.step: float | None = None
        self._exact = ""
        self.setMinimumWidth(44)
        self.editingFinished.connect(self._left)

    def show_number(self, number: Any) -> None:
        """Show a number, unless its user is typing another one."""
        if not (self.hasFocus() and self.isModified()):
            self._exact = told(number)
            self.setToolTip(self._exact if self._exact != in_short(number) else "")
            self.setText(self._exact if self.hasFocus() else in_short(number))
            self.setCursorPosition(0)

    @property
    def written(self) -> str:
        """What is entered, or all digits of what is shown."""
        return self.text() if self.isModified() else self._exact

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show all digits, before what is there is selected."""
        if not self.isModified() and self.text() != self._exact:
            self.setText(self._exact)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Give what was typed, and show the digits that there is room for."""
        super().focusOutEvent(event)
        if not self.isModified():
            self.setText(in_short(self._number()))
            self.setCursorPosition(0)

    def _number(self) -> Any:
        try:
            return float(self._exact) if "." in self._exact or "e" in self._exact else self._exact
        except ValueError:
            return self._exact  # a text in the place of a number

    def _left(self) -> None:
        if self.isModified():
            self.setModified(False)
            self._exact = self.text()
            self.given.emit(self._exact)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change the number by a step, or type."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        changed = None if steps is None or self.step is None else _stepped(self.written, steps * self.step)
        if changed is None:
            super().keyPressEvent(event)
        else:
            self._exact = changed
            self.setText(changed)
            self.given.emit(changed)


def _stepped(text: str, by: float) -> str | None:
    try:
        return told(int(text) + int(by)) if float(by).is_integer() and "." not in text else told(float(text) + by)
    except ValueError:
        return None


class Slider(QSlider):
    """A slider between two numbers, that the wheel scrolls past; each place that it passes is given."""

    given_number = Signal(float)

    def __init__(self, editor: LineEditor) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.sliderPressed.connect(lambda: editor.dragging(True))
        self.sliderReleased.connect(lambda: editor.dragging(False))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ends = (0.0, 1.0)
        self._whole = False
        self.valueChanged.connect(self._moved)

    def show_number(self, number: Any, ends: tuple[float, float], *, whole: bool) -> None:
        """Show where a number is between the ends."""
        self._ends, self._whole = ends, whole
        low, high = ends
        notches = int(high - low) if whole else NOTCHES
        with QSignalBlocker(self):
            self.setRange(0, notches)
            if isinstance(number, int | float) and not self.isSliderDown():
                part = (number - low) / (high - low)
                self.setValue(round(min(max(part, 0.0), 1.0) * notches))

    def _moved(self, at: int) -> None:
        low, high = self._ends
        if self._whole:
            self.given_number.emit(low + at)
        else:
            self.given_number.emit(float(f"{low + (high - low) * at / NOTCHES:.6g}"))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        event.ignore()


class NumberEditor(LineEditor):
    """One number."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._field = NumberField()
        self.describe(self._field)
        self._field.given.connect(self.give)
        self._slider: Slider | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._field, 2)
        self.setFocusProxy(self._field)

    def _slid(self, number: float) -> None:
        value = int(number) if self.line.editor == "integer" else number
        self._field.setModified(False)
        with QSignalBlocker(self._field):
            self._field.show_number(value)
        self.give(value)

    def _show(self, line: PanelLine) -> None:
        self._field.step = line.step
        self._field.setPlaceholderText("automatic" if line.optional else "")
        self._field.show_number(line.value)
        if line.slider:
            self._sliding().show_number(line.value, line.slider[0], whole=line.editor == "integer")
        if self._slider is not None:
            self._slider.setVisible(bool(line.slider))

    def _sliding(self) -> Slider:
        """Return the slider, made when it is needed first."""
        if self._slider is None:
            self._slider = Slider(self)
            self.describe(self._slider, "slider")
            self._slider.given_number.connect(self._slid)
            self._row.insertWidget(0, self._slider, 3)
        return self._slider


class VectorEditor(LineEditor):
    """Several numbers, so many in a row that their digits can be read."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(3)
        self._fields: list[NumberField] = []

    def _given(self, at: int) -> Callable[[str], None]:
        def given(text: str) -> None:
            values: list[Any] = list(self.line.value or [])
            self.give([text if one == at else value for one, value in enumerate(values)] if values else text)

        return given

    def _show(self, line: PanelLine) -> None:
        values = list(line.value if line.value is not None else line.default or [])
        columns = max(1, line.columns)
        while len(self._fields) < len(values):
            at = len(self._fields)
            field = NumberField()
            field.given.connect(self._given(at))
            self.describe(field, str(at))
            self._grid.addWidget(field, at // columns, at % columns)
            self._fields.append(field)
        for at, field in enumerate(self._fields):
            field.setVisible(at < len(values))
            if at < len(values):
                field.step = line.step
                field.show_number(values[at])
        if self._fields:
            self.setFocusProxy(self._fields[0])


class NumbersEditor(LineEditor):
    """A list of numbers: rows that are changed, added, removed, or made as a range."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._table = QTableWidget(0, max(1, line.columns))
        self.describe(self._table)
        self._table.horizontalHeader().setVisible(False)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.verticalHeader().setDefaultSectionSize(self._table.fontMetrics().height() + 8)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.itemChanged.connect(self._changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        self._slider = Slider(self)
        self.describe(self._slider, "slider")
        self._slider.given_number.connect(self._slid)
        column.addWidget(self._slider)
        column.addWidget(self._table)
        column.addWidget(self._buttons())
        self.setFocusProxy(self._table)

    def _buttons(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        offered = (
            ("Add", "a row", self._add),
            ("Remove", "the selected rows", self._remove),
            ("Range...", "", self._ask),
        )
        for text, tip, action in offered:
            button = QPushButton(text)
            button.setToolTip(f"{text} {tip}" if tip else "Have equal steps from one number to another")
            button.setAutoDefault(False)
            button.clicked.connect(action)
            row.addWidget(button)
        row.addStretch(1)
        return bar

    def _values(self) -> list[Any]:
        return list(self.line.value or [])

    def _changed(self, item: QTableWidgetItem) -> None:
        at = item.row() * self._table.columnCount() + item.column()
        self.give([item.text() if one == at else value for one, value in enumerate(self._values())])

    def _slid(self, number: float) -> None:
        self.give([int(number) if self.line.whole else number])

    def _add(self) -> None:
        values, columns = self._values(), self._table.columnCount()
        ends = self.line.slider[0] if self.line.slider else (0, 0)
        first = int(ends[0]) if self.line.whole else ends[0]
        self.give([*values, *(values[-columns:] if values else [first] * columns)])

    def _remove(self) -> None:
        columns = self._table.columnCount()
        rows = {one.row() for one in self._table.selectedIndexes()} or {self._table.rowCount() - 1}
        self.give([value for at, value in enumerate(self._values()) if at // columns not in rows])

    def _ask(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.line.label)
        low, high = self.line.slider[0] if self.line.slider else (0, 1)
        dialog.setLabelText("First, last, and how many:")
        dialog.setTextValue(f"{told(low)}, {told(high)}, 10")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(self._ranged)
        dialog.open()

    def _ranged(self, text: str) -> None:
        try:
            first, last, count = (float(one) for one in text.replace(",", " ").split())
        except ValueError:
            self.give(text)  # the panel says what is wrong with it
            return
        steps = max(1, min(int(count), MOST_ROWS) - 1)
        values = [first + (last - first) * at / steps for at in range(steps + 1)] if count > 1 else [first]
        self.give([round(one) for one in values] if self.line.whole else values)

    def _show(self, line: PanelLine) -> None:
        values, columns = self._values(), self._table.columnCount()
        rows = min(-(-len(values) // columns), MOST_ROWS)
        self._table.setRowCount(rows)
        for at, value in enumerate(values[: rows * columns]):
            item = self._table.item(at // columns, at % columns)
            if item is None:
                item = QTableWidgetItem()
                self._table.setItem(at // columns, at % columns, item)
            item.setText(told(value))
        height = self._table.verticalHeader().defaultSectionSize()
        self._table.setFixedHeight(height * min(6, max(1, rows)) + 4)
        one = columns == 1 and len(values) == 1 and bool(line.slider)
        self._slider.setVisible(one)
        if one:
            self._slider.show_number(values[0], line.slider[0], whole=False)
