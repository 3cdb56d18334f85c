"""Run on a screen: a window, its view compared with the view's screenshot, pixel by pixel, as the screen shows it."""

from __future__ import annotations

import sys

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ..harness.apvtest import poll_async
from .driving import Pixels, dragged, first_view, in_window_loop, made, pixels_of_image, settled, window


@in_window_loop
async def main() -> None:
    """Say what is the same."""
    async with window() as shown:
        await made(shown, "Wavelet")
        await made(shown, "Contour")
        view = first_view(shown)
        expected = await settled(view)
        place = view.mapTo(shown, QPoint(0, 0))

        def seen() -> Pixels:
            picture: QImage = QApplication.primaryScreen().grabWindow(shown.winId()).toImage()
            return pixels_of_image(picture.copy(place.x(), place.y(), view.width(), view.height()))

        await poll_async(lambda: np.array_equal(seen(), expected), deadline_s=20, what="the picture on the screen")
        print(f"on {QApplication.platformName()}: {expected.shape[1]} x {expected.shape[0]} pixels are the same")
        shown.resize(1100, 800)
        await poll_async(lambda: view.width() > expected.shape[1], what="a larger view")
        larger = await settled(view)
        print(f"resized: {larger.shape[1] > expected.shape[1] and larger.shape[0] > expected.shape[0]}")
        middle = view.rect().center()
        way = [(middle.x() + 9 * step, middle.y()) for step in range(10)]
        await dragged(view, way, Qt.MouseButton.LeftButton)
        print(f"turned: {not np.array_equal(await settled(view), larger)}")


if __name__ == "__main__":
    main()
    sys.stdout.flush()
