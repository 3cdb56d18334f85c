"""What is higher than there is room, and scrolls up and down."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Scrolls a widget up and down. It is at least as wide as that has to be: across nothing is cut off."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        content.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again how wide the widget has to be, when that may be otherwise."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.setMinimumWidth(self.content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())
