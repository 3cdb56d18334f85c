"""Drives the window in tests: one application, a loop for each test, and what a user does."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from apvgui.appearance import use_theme
from apvgui.application import BACKEND, close_loop, make_application, make_loop
from apvgui.collecting import collecting_here
from apvgui.console_output import routed_output
from apvgui.memory import Memory
from apvgui.panels.panel_view import Row
from apvgui.views.picture_view import PictureView
from apvgui.window.main_window import MainWindow
from apvgui.window.server_choice import ServerChoice
from apvgui.window.session_room import SessionRoom
from servermanager import RenderViewProxy

from ..harness.apvtest import poll_async
from ..harness.time_limits import scaled

Pixels = npt.NDArray[np.uint8]


def in_window_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Makes a test of a coroutine function, run by the loop of a Qt application; it has 100 s, as `scaled`."""

    @functools.wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        async def limited() -> None:
            async with asyncio.timeout(scaled(100)):
                await test(*arguments, **named)

        application = make_application()
        use_theme(application, "light")
        loop = make_loop(application)
        with routed_output(), collecting_here():
            try:
                loop.run_until_complete(limited())
            finally:
                close_loop(loop)

    return run


@asynccontextmanager
async def window(choice: ServerChoice | None = None) -> AsyncIterator[MainWindow]:
    """A window of 1000 x 700 with a session: built in, in a process of its own, unless told otherwise."""
    shown = MainWindow(Memory())
    shown.resize(1000, 700)
    shown.show()
    try:
        shown.connect_to(ServerChoice(backend=BACKEND) if choice is None else choice)
        await poll_async(lambda: shown.room is not None, deadline_s=60, what="a session")
        scene = room_of(shown).active_scene
        if scene is not None:
            with scene.session.undo.paused():
                scene.StillSamples = 1  # a picture at rest is the mean of so many: one takes less time
        yield shown
    finally:
        shown.close()
        await shown.closed.wait()
        shown.deleteLater()


def room_of(shown: MainWindow) -> SessionRoom:
    """The session of a window."""
    assert shown.room is not None
    return shown.room


def first_view(shown: MainWindow) -> PictureView:
    """The widget of the first view."""
    return room_of(shown).tabs.views()[0]


async def made(shown: MainWindow, type_name: str, **properties: Any) -> Any:
    """Make a source or filter as menus do; returns its proxy."""
    await room_of(shown).workspace.add(type_name, **properties).task
    source = room_of(shown).session.proxies.active.source
    assert source is not None
    return source


async def settled(view: PictureView) -> Pixels:
    """The pixels of the widget, once it shows the exact picture of all that was asked for; compared with the view's."""
    proxy = view.live.view
    samples = proxy.StillSamples if isinstance(proxy, RenderViewProxy) else 1
    expected = (await proxy.screenshot(format="rgb", samples=samples)).pixels
    looked_at = -1

    def same() -> bool:
        nonlocal looked_at
        if view.painted_count == looked_at:
            return False
        looked_at = view.painted_count
        shown = pixels_of(view)
        return shown.shape == expected.shape and bool((shown == expected).all())

    await poll_async(same, deadline_s=30, what="the exact picture in the widget")
    return expected


def pixels_of(widget: QWidget) -> Pixels:
    """The pixels that a widget paints: uint8, (height, width, 3)."""
    return pixels_of_image(widget.grab().toImage())


def pixels_of_image(image: QImage) -> Pixels:
    """The pixels of an image: uint8, (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


async def row(shown: MainWindow, name: str, place: str = "source") -> Row:
    """The line of a property, once the panel is there."""

    def look() -> Row | None:
        view = room_of(shown).properties.view(place)
        try:
            return None if view is None else view.row(name)
        except KeyError:
            return None

    return await poll_async(look, what=f"the line of {name}")


async def typed(shown: MainWindow, name: str, text: str, place: str = "source") -> Row:
    """Type a text into the first field of a line, and press Enter."""
    line = await row(shown, name, place)
    field = line.editor.findChildren(QLineEdit)[0]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    return line


async def dragged(view: PictureView, way: list[tuple[int, int]], button: Qt.MouseButton) -> None:
    """Press, move and release, with a turn of the loop between."""
    QTest.mousePress(view, button, Qt.KeyboardModifier.NoModifier, QPoint(*way[0]))
    for place in way[1:]:
        _move(view, QPoint(*place), button)
        await asyncio.sleep(0)
    QTest.mouseRelease(view, button, Qt.KeyboardModifier.NoModifier, QPoint(*way[-1]))


def _move(view: PictureView, place: QPoint, button: Qt.MouseButton) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), QPointF(view.mapToGlobal(place)), Qt.MouseButton.NoButton, button,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def waited_for_a_processor_s() -> float:
    """For how long this thread was ready to run, and none of the processors was free: 0 where Linux does not tell."""
    told = Path("/proc/thread-self/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.exists() else 0.0


class Stalls:
    """Measures, as a context, for how long the thread of the window did nothing else but one thing.

    Time for which other programs had the processors is none of it.
    """

    def __init__(self) -> None:
        self._gaps: list[float] = []
        self._last = 0.0
        self._waited = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Stalls:
        self._last, self._waited = time.monotonic(), waited_for_a_processor_s()
        self._timer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now, waited = time.monotonic(), waited_for_a_processor_s()
        self._gaps.append(max(0.0, now - self._last - (waited - self._waited)))
        self._last, self._waited = now, waited

    @property
    def longest_s(self) -> float:
        """The longest of them."""
        return max(self._gaps)

    def part_s(self, part: float) -> float:
        """The one that so many of them are below: 0.99."""
        return sorted(self._gaps)[int(part * (len(self._gaps) - 1))]
