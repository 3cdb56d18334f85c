"""Opacities over values, in front of the histogram of the array: points are dragged, added and removed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF

from servermanager.ui.editors.color_editor import ColorEditor, ColorState
from servermanager.ui.editors.color_points import OpacityPoint

from .axis import Axis, nearest
from .points_canvas import MARGIN, PointsCanvas, Try

HEIGHT: Final = 110
RADIUS: Final = 5.0
_WITHIN: Final = 10.0


class OpacityCanvas(PointsCanvas):
    """Shows the opacities of an editor's state, and moves their points."""

    def __init__(self, attempt: Try) -> None:
        super().__init__(attempt, HEIGHT)
        self.setAccessibleName("Opacities: arrows choose a point, Del removes it")
        self.setToolTip("How opaque values are: drag points; double click adds one; Del removes it")

    # --- where things are

    def _axis(self, state: ColorState) -> Axis:
        low, high = state.span or (0.0, 1.0)
        if state.opacities:
            low, high = min(low, state.opacities[0].value), max(high, state.opacities[-1].value)
        return Axis(low, high, state.is_logarithmic)

    def _area(self) -> QRectF:
        return QRectF(MARGIN, MARGIN, self.width() - 2 * MARGIN, self.height() - 2 * MARGIN)

    def _place(self, axis: Axis, value: float, opacity: float) -> QPointF:
        area = self._area()
        return QPointF(area.left() + axis.part(value) * area.width(), area.bottom() - opacity * area.height())

    def _meant(self, axis: Axis, place: QPointF) -> tuple[float, float]:
        area = self._area()
        part = (place.x() - area.left()) / max(1.0, area.width())
        return axis.value(part), min(max((area.bottom() - place.y()) / max(1.0, area.height()), 0.0), 1.0)

    def _count(self, state: ColorState) -> int:
        return len(state.opacities)

    def _at(self, state: ColorState, place: QPointF) -> int | None:
        axis, area = self._axis(state), self._area()
        part = (place.x() - area.left()) / max(1.0, area.width())
        found = nearest([axis.part(one.value) for one in state.opacities], part, _WITHIN / max(1.0, area.width()))
        if found is None:
            return None
        one = state.opacities[found]
        away = self._place(axis, one.value, one.opacity) - place
        return found if abs(away.y()) <= 2 * _WITHIN else None

    # --- what is seen

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the histogram, and the opacities in front of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self._area(), palette.color(QPalette.ColorRole.Base))
        state = None if self._editor is None else self._editor.state
        if state is not None:
            self._paint_histogram(painter, state)
            self._paint_opacities(painter, state)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(self._area())

    def _paint_histogram(self, painter: QPainter, state: ColorState) -> None:
        found = state.histogram
        if found is None or found.limits is None or not found.counts or not max(found.counts):
            return
        axis, area, count = self._axis(state), self._area(), len(found.counts)
        low, high = found.limits
        color = QColor(self.palette().color(QPalette.ColorRole.Mid))
        painter.save()
        painter.setClipRect(area)
        for at, number in enumerate(found.counts):
            begin, end = (axis.part(low + (high - low) * one / count) for one in (at, at + 1))
            tall = area.height() * number / max(found.counts)
            left, right = area.left() + begin * area.width(), area.left() + end * area.width()
            painter.fillRect(QRectF(left, area.bottom() - tall, max(1.0, right - left), tall), color)
        painter.restore()

    def _paint_opacities(self, painter: QPainter, state: ColorState) -> None:
        axis = self._axis(state)
        points: tuple[OpacityPoint, ...] = state.opacities
        if not points:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self._area(), Qt.AlignmentFlag.AlignCenter, "opaque; double click adds points")
            return
        places = [self._place(axis, one.value, one.opacity) for one in points]
        highlight = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(highlight, 2))
        painter.drawPolyline(QPolygonF(places))
        for at, place in enumerate(places):
            painter.setBrush(highlight if at == self._chosen else self.palette().color(QPalette.ColorRole.Base))
            painter.drawEllipse(place, RADIUS, RADIUS)

    # --- what is done

    def _move(self, editor: ColorEditor, chosen: int, place: QPointF) -> None:
        value, opacity = self._meant(self._axis(editor.state), place)
        self._attempt(lambda: editor.move_opacity(chosen, value, opacity), "move an opacity")

    def _remove(self, editor: ColorEditor, chosen: int) -> None:
        self._attempt(lambda: editor.remove_opacity(chosen), "remove an opacity")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Add a point."""
        editor = self._editor
        if editor is None or editor.state.span is None or self._at(editor.state, event.position()) is not None:
            return
        value, opacity = self._meant(self._axis(editor.state), event.position())
        self._attempt(lambda: editor.add_opacity(value, opacity), "add an opacity")
