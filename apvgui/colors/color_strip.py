"""The colors of a map as a strip: points below it are dragged, added by a double click, removed by Del."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QColorDialog, QWidget

from servermanager.ui.editors.color_editor import ColorEditor, ColorState

from .axis import Axis, nearest

MARGIN: Final = 8
HANDLE: Final = 6
STRIP: Final = 24
MOST_HANDLES: Final = 40
"""A map of more points is a table: its points are not dragged."""
Try = Callable[[Callable[[], object], str], object]


class ColorStrip(QWidget):
    """Shows the colors of an editor's state, and moves its points."""

    def __init__(self, attempt: Try) -> None:
        super().__init__()
        self._attempt = attempt
        self._editor: ColorEditor | None = None
        self._chosen: int | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Colors: arrows choose a point, Del removes it, Enter gives it a color")
        self.setToolTip("Drag points; double click adds one, or changes its color; Del removes it")
        self.setMinimumHeight(STRIP + 2 * HANDLE + 4)

    def sizeHint(self) -> QSize:
        """Return the size that it would like to have."""
        return QSize(240, STRIP + 2 * HANDLE + 4)

    def show_editor(self, editor: ColorEditor | None) -> None:
        """Show the colors of an editor; None: of none."""
        self._editor = editor
        self._chosen = None
        self.update()

    # --- where things are

    @property
    def _state(self) -> ColorState | None:
        return None if self._editor is None else self._editor.state

    def _axis(self, state: ColorState) -> Axis:
        low, high = (state.points[0].value, state.points[-1].value) if state.points else state.span or (0.0, 1.0)
        return Axis(low, high, state.is_logarithmic)

    def _part(self, x: float) -> float:
        return (x - MARGIN) / max(1, self.width() - 2 * MARGIN)

    def _x(self, part: float) -> float:
        return MARGIN + part * (self.width() - 2 * MARGIN)

    def _handle_at(self, x: float) -> int | None:
        state = self._state
        if state is None or len(state.points) > MOST_HANDLES:
            return None
        axis = self._axis(state)
        return nearest(
            [axis.part(one.value) for one in state.points], self._part(x), HANDLE / max(1, self.width()) * 1.5
        )

    # --- what is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the strip, and the points below it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = self._state
        strip = QRectF(MARGIN, 2, self.width() - 2 * MARGIN, STRIP)
        if state is None or not state.points:
            painter.fillRect(strip, self.palette().color(QPalette.ColorRole.Mid))
            return
        axis = self._axis(state)
        gradient = QLinearGradient(strip.topLeft(), strip.topRight())
        for one in state.points:
            gradient.setColorAt(min(max(axis.part(one.value), 0.0), 1.0), QColor.fromRgbF(*one.color))
        painter.fillRect(strip, gradient)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(strip)
        if len(state.points) <= MOST_HANDLES:
            self._paint_handles(painter, state, axis)

    def _paint_handles(self, painter: QPainter, state: ColorState, axis: Axis) -> None:
        text, highlight = (
            self.palette().color(role) for role in (QPalette.ColorRole.Text, QPalette.ColorRole.Highlight)
        )
        for at, one in enumerate(state.points):
            x, top = self._x(axis.part(one.value)), STRIP + 2
            shape = QPolygonF(
                [QPointF(x, top), QPointF(x - HANDLE, top + 2 * HANDLE), QPointF(x + HANDLE, top + 2 * HANDLE)]
            )
            painter.setBrush(QColor.fromRgbF(*one.color))
            painter.setPen(QPen(highlight if at == self._chosen else text, 2.5 if at == self._chosen else 1))
            painter.drawPolygon(shape)

    # --- what is done

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the point that is there."""
        self._chosen = self._handle_at(event.position().x())
        self._dragging = self._chosen is not None
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the point; the first and the last one say the range, and stay."""
        editor, chosen = self._editor, self._chosen
        if editor is None or chosen is None or not self._dragging:
            return
        if 0 < chosen < len(editor.state.points) - 1:
            value = self._axis(editor.state).value(self._part(event.position().x()))
            self._attempt(lambda: editor.move_point(chosen, value), "move a color")

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Give the point that is there another color, or add one."""
        editor = self._editor
        if editor is None or not editor.state.points:
            return
        at = self._handle_at(event.position().x())
        if at is not None:
            self._ask_color(at)
        elif len(editor.state.points) <= MOST_HANDLES:
            value = self._axis(editor.state).value(self._part(event.position().x()))
            self._attempt(lambda: editor.add_point(value), "add a color")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, remove or color a point by the keyboard."""
        editor, key = self._editor, Qt.Key(event.key())
        count = 0 if editor is None else len(editor.state.points)
        if editor is None or not 0 < count <= MOST_HANDLES:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._chosen = ((-1 if self._chosen is None else self._chosen) + step) % count
            self.update()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and (chosen := self._chosen) is not None:
            self._chosen = None
            self._attempt(lambda: editor.remove_point(chosen), "remove a color")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._chosen is not None:
            self._ask_color(self._chosen)
        else:
            super().keyPressEvent(event)

    def _ask_color(self, at: int) -> None:
        editor = self._editor
        if editor is None:
            return
        dialog = QColorDialog(QColor.fromRgbF(*editor.state.points[at].color), self)
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def chosen(color: QColor) -> None:
            wanted = (color.redF(), color.greenF(), color.blueF())
            self._attempt(lambda: editor.set_color(at, wanted), "set a color")

        dialog.colorSelected.connect(chosen)
        dialog.open()
