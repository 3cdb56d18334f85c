"""A view as a widget: its newest picture, and what mouse, fingers and keys do in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from servermanager import Image
from servermanager.ui.pointing.events import InputEvent
from servermanager.ui.pointing.happenings import Band, Failed, Happening, ModeChanged, Picked, Selected
from servermanager.ui.pointing.person import CAMERA

from . import input_events
from .live_view import LiveView

_TOUCHES: Final = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)


class PictureView(QWidget):
    """Shows the pictures of one view as they come: an old one is stretched until there is one of the new size."""

    pressed = Signal()
    """Somebody has pressed in it."""
    happened = Signal(object)
    """What came of a press or a rectangle: `Picked`, `Selected` or `Failed`."""
    mode_changed = Signal(str)

    def __init__(self, live: LiveView) -> None:
        super().__init__()
        self.live = live
        self._image: QImage | None = None
        self._pixels: object = None
        self._sequence: int | None = None
        self._band: QRectF | None = None
        self.painted_count = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(60, 40)
        self.setAccessibleName(f"{live.name}: arrow keys turn it, + and - zoom, R fits it")
        self._ends: list[Callable[[], None]] = [live.watch(self._happening)]
        live.begin(self.show_image)

    @property
    def image(self) -> QImage | None:
        """Return the picture that is shown, None before the first one."""
        return self._image

    def sizeHint(self) -> QSize:
        """Return the size that it would like to have."""
        return QSize(640, 480)

    def show_image(self, image: Image) -> None:
        """Show a picture from now on; what was not painted yet is left out."""
        pixels = image.pixels
        height, width, channels = pixels.shape
        kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
        self._pixels = pixels  # under the QImage, which does not keep it
        self._image = QImage(pixels.data, width, height, width * channels, kind)
        self._sequence = image.sequence
        self.update()

    def end(self) -> None:
        """Show nothing more: what was subscribed to ends."""
        for one in self._ends:
            one()
        self.live.end()

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, pixel by pixel where it has the size of the widget."""
        painter = QPainter(self)
        if self._image is None:
            self._paint_waiting(painter)
        else:
            self._paint_image(painter, self._image)
        if self._band is not None:
            self._paint_band(painter, self._band)
        painter.end()
        if self._sequence is not None:
            self.live.painted(self._sequence)
            self._sequence = None
            self.painted_count += 1

    def _paint_image(self, painter: QPainter, image: QImage) -> None:
        if (image.width(), image.height()) == self.device_pixels():
            image.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawImage(QPoint(0, 0), image)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            image.setDevicePixelRatio(1.0)
            painter.drawImage(QRect(0, 0, self.width(), self.height()), image)

    def _paint_waiting(self, painter: QPainter) -> None:
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Mid))
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "waiting for the first picture")

    def _paint_band(self, painter: QPainter, band: QRectF) -> None:
        color: QColor = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(color, 1.5))
        inner = QColor(color)
        inner.setAlpha(48)
        painter.setBrush(inner)
        painter.drawRect(band)

    def device_pixels(self) -> tuple[int, int]:
        """Return how many pixels of the screen it has, in each direction."""
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    # --- what happens in it

    def event(self, event: QEvent) -> bool:
        """Take touches, and changes of the screen's pixel ratio, beside what every widget does."""
        if event.type() in _TOUCHES and isinstance(event, QTouchEvent):
            self.pressed.emit()
            for one in input_events.of_touch(event):
                self.live.handle(one)
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resized()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for pictures of the new size."""
        super().resizeEvent(event)
        self._resized()

    def _resized(self) -> None:
        self.live.resize(self.width(), self.height(), self.devicePixelRatioF())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin whatever the button is for."""
        self.pressed.emit()
        self._mouse(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second press as another one."""
        self._mouse(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        self._mouse(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Come to its end."""
        self._mouse(event)

    def _mouse(self, event: QMouseEvent) -> None:
        found = input_events.of_mouse(event)
        if found is not None:
            self._handle(found)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom."""
        self._handle(input_events.of_wheel(event))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key means in a view; others are the window's."""
        found = input_events.of_key(event)
        if found is None or not self._handle(found):
            super().keyPressEvent(event)

    def _handle(self, event: InputEvent) -> bool:
        return self.live.handle(event)

    def _happening(self, happening: Happening) -> None:
        if isinstance(happening, Band):
            self._show_band(happening.rectangle)
        elif isinstance(happening, ModeChanged):
            crossed = happening.mode != CAMERA
            self.setCursor(Qt.CursorShape.CrossCursor if crossed else Qt.CursorShape.ArrowCursor)
            self.mode_changed.emit(happening.mode)
        elif isinstance(happening, Picked | Selected | Failed):
            self.happened.emit(happening)

    def _show_band(self, band: tuple[float, float, float, float] | None) -> None:
        if band is None:
            self._band = None
        else:
            left, top, right, bottom = band
            self._band = QRectF(left, top, right - left, bottom - top)
        self.update()
