"""The frame around a view: its name, whether it is the active one, and buttons for its cell."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ..icons import icon
from ..labels import ShortText

BORDER: int = 2
_ICON = 14


class ViewFrame(QWidget):
    """What stands around the content of one cell."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self._active = False
        self._title = ShortText(title)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(0)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(6, 1, 2, 1)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addLayout(self._tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(BORDER, BORDER, BORDER, BORDER)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(content, 1)
        self.setMinimumSize(120, 80)
        self.on_press: Callable[[], object] = lambda: None
        """Called when somebody presses on its title."""

    def add_button(self, name: str, tip: str, action: Callable[[], object]) -> QToolButton:
        """Add a button at the right of the title."""
        button = QToolButton()
        button.setIcon(icon(name))
        button.setIconSize(QSize(_ICON, _ICON))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.clicked.connect(lambda: action())
        self._tools.addWidget(button)
        return button

    @property
    def title(self) -> str:
        """Return what is written above the view."""
        return self._title.text()

    @title.setter
    def title(self, title: str) -> None:
        self._title.setText(title)

    @property
    def active(self) -> bool:
        """Return whether it is shown as the active one."""
        return self._active

    @active.setter
    def active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            font = self._title.font()
            font.setBold(active)
            self._title.setFont(font)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make it the active one."""
        self.on_press()
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the border, in the color of what is chosen if it is the active one."""
        role = QPalette.ColorRole.Highlight if self._active else QPalette.ColorRole.Mid
        painter = QPainter(self)
        color: QColor = self.palette().color(role)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        width = BORDER if self._active else 1
        for left, top, across, down in _sides(self.width(), self.height(), width):
            painter.fillRect(left, top, across, down, color)


def _sides(width: int, height: int, line: int) -> list[tuple[int, int, int, int]]:
    return [
        (0, 0, width, line),
        (0, height - line, width, line),
        (0, 0, line, height),
        (width - line, 0, line, height),
    ]
