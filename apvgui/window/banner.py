"""A line above the views that says what is not as it should be: no session, an outage, a way that is being made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

COLORS: Final = {
    "information": ("#1d4ed8", "#ffffff"),
    "warning": ("#8a4b08", "#ffffff"),
    "error": ("#991b1b", "#ffffff"),
}
"""Background and text by how bad it is: at least 4.5 : 1."""

Button = tuple[str, Callable[[], object]]


class Banner(QWidget):
    """Hidden, or one text with buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setFixedSize(90, 8)
        self._busy.setTextVisible(False)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 8, 6)
        self._row.addWidget(self._busy)
        self._row.addWidget(self._label, 1)
        self._buttons: list[QPushButton] = []
        self.when_changed: Callable[[], object] = lambda: None
        """Called when it says something else."""
        self.setVisible(False)

    @property
    def text(self) -> str:
        """Return what is said, "" while it is hidden."""
        return "" if self.isHidden() else self._label.text()

    def say(self, severity: str, text: str, buttons: Sequence[Button] = (), *, busy: bool = False) -> None:
        """Say something; `severity` is "information", "warning" or "error". With `busy` something goes on meanwhile."""
        back, fore = COLORS[severity]
        self.setStyleSheet(
            f"Banner, QLabel {{ background: {back}; color: {fore}; }} "
            f"QPushButton {{ background: {fore}; color: {back}; border: 0; border-radius: 3px; padding: 4px 12px; }} "
            f"QPushButton:focus {{ border: 2px solid #111827; }}"
        )
        self._label.setText(text)
        self._label.setAccessibleName(text)
        self._busy.setVisible(busy)
        for one in self._buttons:
            self._row.removeWidget(one)
            one.deleteLater()
        self._buttons = [self._button(*one) for one in buttons]
        self.setVisible(True)
        self.when_changed()

    def _button(self, text: str, action: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda: action())
        self._row.addWidget(button)
        return button

    def press(self, text: str) -> None:
        """Press the button with that text. Raises KeyError if there is none."""
        for one in self._buttons:
            if one.text() == text:
                one.click()
                return
        raise KeyError(f"there is no button {text!r}; there are {', '.join(one.text() for one in self._buttons)}")

    def clear(self) -> None:
        """Say nothing more."""
        self.setVisible(False)


class Stage(QWidget):
    """What fills the middle of the window, and a banner in front of its upper edge: views keep their size."""

    def __init__(self, content: QWidget, banner: Banner) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)
        self._banner = banner
        banner.setParent(self)
        banner.when_changed = self._place

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the banner as wide as this."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        width = self.width()
        height = self._banner.heightForWidth(width) if self._banner.hasHeightForWidth() else -1
        self._banner.setGeometry(0, 0, width, max(height, self._banner.sizeHint().height()))
        self._banner.raise_()
