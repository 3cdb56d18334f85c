"""Editors of one value: flags, texts, scripts, choices, arrays by name, colors, and what is only shown."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QFontDatabase, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
)

from servermanager.ui.panels.panel_line import PanelLine

from ..icons import swatch
from ..labels import LongText
from .editor import Give, LineEditor, told

PAUSE_MS: Final = 400
"""What is typed into a long text is given when its user pauses."""
SEARCHED_FROM: Final = 12
"""More arrays than these can be searched."""
_UNSEEN: Final = Qt.ItemDataRole.UserRole


class Combo(QComboBox):
    """A combo box that the wheel scrolls past, unless it has the focus: panels are scrolled over it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class FlagEditor(LineEditor):
    """On or off."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._box = QCheckBox()
        self.describe(self._box)
        self._box.toggled.connect(self.give)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box)
        row.addStretch(1)
        self.setFocusProxy(self._box)

    def _show(self, line: PanelLine) -> None:
        self._box.setChecked(bool(line.value))


class ChoiceEditor(LineEditor):
    """One of several values, or of the arrays or outputs that there are."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._box = Combo()
        self.describe(self._box)
        self._offered: list[tuple[str, Any, str]] = []
        self._box.activated.connect(self._chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box, 1)
        self.setFocusProxy(self._box)

    def _chosen(self, at: int) -> None:
        self.give(self._offered[at][1])

    def _show(self, line: PanelLine) -> None:
        offered = [(one.label, one.value, one.why_not) for one in line.choices]
        if not any(_same(value, line.value) for _, value, _ in offered):
            offered.insert(0, (_label(line.value), line.value, ""))
        if offered != self._offered:
            self._offered = offered
            self._fill(offered)
        self._box.setCurrentIndex(next(at for at, one in enumerate(offered) if _same(one[1], line.value)))

    def _fill(self, offered: list[tuple[str, Any, str]]) -> None:
        self._box.clear()
        for at, (label, _, why_not) in enumerate(offered):
            self._box.addItem(label)
            if why_not:
                self._box.setItemData(at, why_not, Qt.ItemDataRole.ToolTipRole)
                self._box.setItemData(at, 0, _UNSEEN - 1)  # no flags: it cannot be chosen


def _same(one: Any, other: Any) -> bool:
    plain = [list(value) if isinstance(value, tuple) else value for value in (one, other)]
    return type(plain[0]) is type(plain[1]) and bool(plain[0] == plain[1])


def _label(value: Any) -> str:
    if value in (None, "", []):
        return "None"
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


class TextEditor(LineEditor):
    """A text of one line, given when it is left or Enter is pressed."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._field = QLineEdit()
        self.describe(self._field)
        self._field.editingFinished.connect(self._left)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._field, 1)
        self.setFocusProxy(self._field)

    def _left(self) -> None:
        if self._field.isModified():
            self._field.setModified(False)
            self.give(self._field.text())

    def _show(self, line: PanelLine) -> None:
        if not (self._field.hasFocus() and self._field.isModified()):
            self._field.setText(told(line.value))


class LongTextEditor(LineEditor):
    """A text of several lines, a script, or several texts, one in each line."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._field = QPlainTextEdit()
        self._field.setTabChangesFocus(line.editor != "script")
        self._field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._field.setFixedHeight(self._field.fontMetrics().lineSpacing() * (10 if line.editor == "script" else 4))
        self.describe(self._field)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._paused)
        self._field.textChanged.connect(self._pause.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._field)
        self.setFocusProxy(self._field)

    def _paused(self) -> None:
        self.give(self._field.toPlainText())

    def _show(self, line: PanelLine) -> None:
        value = line.value if line.value is not None else ""
        text = value if isinstance(value, str) else "\n".join(str(one) for one in value)
        if not self._pause.isActive() and text != self._field.toPlainText():
            self._field.setPlainText(text)


class ArraysEditor(LineEditor):
    """Which of the arrays of a file, or series of a chart, are wanted."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._list = QListWidget()
        self.describe(self._list)
        self._list.itemChanged.connect(self._changed)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search arrays")
        self._search.setClearButtonEnabled(True)
        self.describe(self._search, "search")
        self._search.textChanged.connect(self._find)
        self._all = QCheckBox("All")
        self._all.setTristate(True)
        self._all.clicked.connect(self._toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._search)
        column.addWidget(self._all)
        column.addWidget(self._list)
        self.setFocusProxy(self._list)

    def _changed(self, _: QListWidgetItem) -> None:
        self.give(self._state())

    def _toggled(self) -> None:
        on = self._all.checkState() != Qt.CheckState.Unchecked
        self.give(self._state() | {one.text(): on for one in self._items() if not one.isHidden()})

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(at) for at in range(self._list.count())]

    def _state(self) -> dict[str, bool]:
        return {one.text(): one.checkState() == Qt.CheckState.Checked for one in self._items()}

    def _find(self) -> None:
        """Show the arrays that have a text in their name, and how many of these are wanted."""
        text = self._search.text().strip().lower() if self._list.count() > SEARCHED_FROM else ""
        for one in self._items():
            one.setHidden(text not in one.text().lower())
        found = [one for one in self._items() if not one.isHidden()]
        count = sum(one.checkState() == Qt.CheckState.Checked for one in found)
        part = Qt.CheckState.PartiallyChecked if count else Qt.CheckState.Unchecked
        self._all.setCheckState(Qt.CheckState.Checked if found and count == len(found) else part)
        are = " found" if text else ""
        self._all.setText(
            f"{count} of {len(found)}{are}" if found else "none is called so" if text else "there are none"
        )

    def _show(self, line: PanelLine) -> None:
        value: dict[str, bool] = dict(line.value or {})
        if value != self._state() or not self._list.count():
            self._list.clear()
            for name, on in value.items():
                item = QListWidgetItem(name, self._list)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._search.setVisible(len(value) > SEARCHED_FROM)
        self._find()
        rows = min(7, max(1, len(value)))
        self._list.setFixedHeight(rows * (self._list.fontMetrics().height() + 6) + 4)


class ColorEditor(LineEditor):
    """A color, with its opacity where it has one."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._button = QToolButton()
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setMinimumWidth(110)
        self.describe(self._button)
        self._button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._button)
        row.addStretch(1)
        self.setFocusProxy(self._button)

    def _color(self) -> QColor:
        value = self.line.value
        return QColor.fromRgbF(*(float(one) for one in value)) if value else QColor(Qt.GlobalColor.white)

    def _ask(self) -> None:
        dialog = QColorDialog(self._color(), self)
        dialog.setWindowTitle(self.line.label)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        if len(self.line.value or ()) == 4:
            dialog.setOption(QColorDialog.ColorDialogOption.ShowAlphaChannel)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, color: QColor) -> None:
        parts = [color.redF(), color.greenF(), color.blueF(), color.alphaF()]
        self.give([round(one, 6) for one in parts[: len(self.line.value or ()) or 3]])

    def _show(self, line: PanelLine) -> None:
        if line.value is None:
            self._button.setText("automatic")
            self._button.setIcon(swatch(QColor(Qt.GlobalColor.transparent)))
            return
        color = self._color()
        self._button.setIcon(swatch(color))
        self._button.setText(color.name())


class ShownEditor(LineEditor):
    """What cannot be changed here."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._label = LongText()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label, 1)

    def _show(self, line: PanelLine) -> None:
        text = "" if line.editor == "parts" else _label(line.value)
        self._label.setText(text if len(text) < 400 else f"{text[:400]}...")
        self.setVisible(bool(text))
