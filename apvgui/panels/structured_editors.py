"""Editors of what is more than a value: inputs, objects that properties hold, and files of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from servermanager.ui.panels.panel_line import PanelLine

from .editor import Give, LineEditor, told
from .simple_editors import ChoiceEditor, TextEditor

_VALUE: Final = Qt.ItemDataRole.UserRole

Browse = Callable[[PanelLine, Give], object]
"""Opens a dialog with files of the server, and gives what is chosen."""


class InputEditor(ChoiceEditor):
    """The output that is the input of a filter."""

    def _show(self, line: PanelLine) -> None:
        offered = [(one.label, one.value, one.why_not) for one in line.choices]
        values = list(line.value or [])
        labels = {tuple(value): label for label, value, _ in offered}
        if len(values) != 1:
            label = ", ".join(labels.get(tuple(one), str(one)) for one in values) or "None"
            offered.insert(0, (label, values, ""))
        if offered != self._offered:
            self._offered = offered
            self._fill(offered)
        wanted = list(values[0]) if len(values) == 1 else values
        self._box.setCurrentIndex(next((at for at, one in enumerate(offered) if one[1] == wanted), -1))


class InputsEditor(LineEditor):
    """The outputs that are the inputs of a filter which takes several."""

    def __init__(self, line: PanelLine, give: Give) -> None:
        super().__init__(line, give)
        self._list = QListWidget()
        self.describe(self._list)
        self._list.itemChanged.connect(self._changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list)
        self.setFocusProxy(self._list)

    def _changed(self, _: QListWidgetItem) -> None:
        items = [self._list.item(at) for at in range(self._list.count())]
        self.give([one.data(_VALUE) for one in items if one.checkState() == Qt.CheckState.Checked])

    def _show(self, line: PanelLine) -> None:
        chosen = [list(one) for one in line.value or []]
        self._list.clear()
        for choice in line.choices:
            item = QListWidgetItem(choice.label, self._list)
            item.setData(_VALUE, list(choice.value))
            item.setToolTip(choice.why_not)
            if choice.why_not:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setCheckState(Qt.CheckState.Checked if list(choice.value) in chosen else Qt.CheckState.Unchecked)
        rows = min(6, max(1, len(line.choices)))
        self._list.setFixedHeight(rows * (self._list.fontMetrics().height() + 6) + 4)


class FileEditor(TextEditor):
    """A file of the server: its name, and a dialog to find it."""

    def __init__(self, line: PanelLine, give: Give, browse: Browse) -> None:
        super().__init__(line, give)
        button = QPushButton("...")
        button.setToolTip("Files of the server")
        button.setAccessibleName(f"{line.label}: files of the server")
        button.setFixedWidth(32)
        button.clicked.connect(lambda: browse(self.line, self.give))
        self._row.addWidget(button)

    def _show(self, line: PanelLine) -> None:
        super()._show(line)  # the end of it is seen: names of files stand there
        self._field.setToolTip(told(line.value))


class FilesEditor(LineEditor):
    """Several files of the server, one in each line."""

    def __init__(self, line: PanelLine, give: Give, browse: Browse) -> None:
        super().__init__(line, give)
        self._field = QPlainTextEdit()
        self._field.setReadOnly(True)
        self._field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._field.setFixedHeight(self._field.fontMetrics().lineSpacing() * 4)
        self.describe(self._field)
        button = QPushButton("Choose...")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: browse(self.line, self.give))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self._field)
        column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(button)

    def _show(self, line: PanelLine) -> None:
        value: Any = line.value or []
        self._field.setPlainText(value if isinstance(value, str) else "\n".join(str(one) for one in value))
