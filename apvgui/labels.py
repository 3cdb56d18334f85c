"""Texts that are longer than there is room: in one line, with dots where it is cut off; or in as many as it takes."""

from __future__ import annotations

import math
from html import escape
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QTextEdit, QWidget

LEAST: Final = 48
"""So wide is what there has to be room for."""


class ShortText(QLabel):
    """A text in one line, as it is written. Where it is cut off there are dots, and its tool tip has all of it."""

    color_role = QPalette.ColorRole.WindowText
    """Of which of the palette's colors it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._tip = ""

    def show_tip(self, tip: str) -> None:
        """Have something told below the pointer, whether the text is cut off or not."""
        self._tip = tip
        self._tell()

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look whether the text is cut off now."""
        super().resizeEvent(event)
        self._tell()

    def minimumSizeHint(self) -> QSize:
        """Return that it needs little room."""
        return QSize(min(LEAST, super().minimumSizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it, with dots at its end if it does not fit."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.color_role))
        painter.drawText(self.contentsRect(), self.alignment(), self._shown())

    def _shown(self) -> str:
        room = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def _tell(self) -> None:
        cut = escape(self.text()) if self._shown() != self.text() else ""
        self.setToolTip(self._tip or cut)


def title() -> ShortText:
    """Return a short text that is bold: what the rest of a dock is of."""
    made = ShortText()
    font = made.font()
    font.setBold(True)
    made.setFont(font)
    return made


class LongText(QTextEdit):
    """A text that can be selected and copied, in as many lines as it takes: also words that are longer than a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """Return what it says."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Say something else."""
        if text != self.text():
            self.setPlainText(text)
            self.updateGeometry()

    def show_color(self, color: QColor | str) -> None:
        """Have it be of a color, or of one of the palette: "palette(placeholder-text)"."""
        name = color.name() if isinstance(color, QColor) else color
        self.setStyleSheet(f"LongText {{ color: {name}; background: transparent; border: 0; }}")

    def hasHeightForWidth(self) -> bool:
        """Return that it does."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return how high all of it is."""
        margins = self.contentsMargins()
        document = self.document().clone()
        document.setDefaultFont(self.font())
        document.setTextWidth(max(1, width - margins.left() - margins.right()))
        return math.ceil(document.size().height()) + margins.top() + margins.bottom()

    def minimumSizeHint(self) -> QSize:
        """Return that it needs little room across, and down what it needs as wide as it is."""
        return QSize(LEAST, self.heightForWidth(max(LEAST, self.width())))

    def sizeHint(self) -> QSize:
        """Return what it needs as wide as it is."""
        return QSize(max(LEAST, self.width()), self.heightForWidth(max(LEAST, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height where it is as wide as it was not before."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Ask for another height for another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
