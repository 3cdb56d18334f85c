"""The colors of a map as a strip: points below it are dragged, added by a double click, removed by Del."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QColorDialog

from servermanager.ui.editors.color_editor import ColorEditor, ColorState

from .axis import Axis, nearest
from .points_canvas import MARGIN, PointsCanvas, Try

HANDLE: Final = 6
STRIP: Final = 24
MOST_HANDLES: Final = 40
"""A map of more points is a table: its points are not dragged."""


class ColorStrip(PointsCanvas):
    """Shows the colors of an editor's state, and moves its points."""

    def __init__(self, attempt: Try) -> None:
        super().__init__(attempt, STRIP + 2 * HANDLE + 4)
        self.setAccessibleName("Colors: arrows choose a point, Del removes it, Enter gives it a color")
        self.setToolTip("Drag points; double click adds one, or changes its color; Del removes it")

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

    def _count(self, state: ColorState) -> int:
        return len(state.points) if len(state.points) <= MOST_HANDLES else 0

    def _at(self, state: ColorState, place: QPointF) -> int | None:
        if not self._count(state):
            return None
        axis = self._axis(state)
        within = HANDLE / max(1, self.width()) * 1.5
        return nearest([axis.part(one.value) for one in state.points], self._part(place.x()), within)

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

    def _move(self, editor: ColorEditor, chosen: int, place: QPointF) -> None:
        """Drag a point; the first and the last one say the range, and stay."""
        if 0 < chosen < len(editor.state.points) - 1:
            value = self._axis(editor.state).value(self._part(place.x()))
            self._attempt(lambda: editor.move_point(chosen, value), "move a color")

    def _remove(self, editor: ColorEditor, chosen: int) -> None:
        self._attempt(lambda: editor.remove_point(chosen), "remove a color")

    def _enter(self, chosen: int) -> bool:
        self._ask_color(chosen)
        return True

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Give the point that is there another color, or add one."""
        editor = self._editor
        if editor is None or not editor.state.points:
            return
        at = self._at(editor.state, event.position())
        if at is not None:
            self._ask_color(at)
        elif len(editor.state.points) <= MOST_HANDLES:
            value = self._axis(editor.state).value(self._part(event.position().x()))
            self._attempt(lambda: editor.add_point(value), "add a color")

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
