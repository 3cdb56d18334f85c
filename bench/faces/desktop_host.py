"""The desktop client's window, which does to itself what a person does, and prints figures. Started by `desktop`."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from apvgui.appearance import use_theme
from apvgui.application import BACKEND, close_loop, make_application, make_loop
from apvgui.memory import Memory
from apvgui.window.main_window import MainWindow
from apvgui.window.server_choice import ServerChoice
from servermanager import Session

from .site import execute_for, long_filter, show_contour

if TYPE_CHECKING:
    from apvgui.views.picture_view import PictureView

WAIT_S: Final = 60.0
TICK_MS: Final = 2


async def until(condition: Any, what: str) -> Any:
    """Wait for something. Raises TimeoutError."""
    end = time.monotonic() + WAIT_S
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come true within {WAIT_S:g} s")
        await asyncio.sleep(0.005)
    return found


class Stalls:
    """Measures, while it is started, for how long the window's thread did something else than take its turn."""

    def __init__(self) -> None:
        self.gaps_s: list[float] = []
        self._last = time.monotonic()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin."""
        self._last = time.monotonic()
        self._timer.start(TICK_MS)

    def stop(self) -> list[float]:
        """End; returns the gaps beyond the usual one, in seconds."""
        self._timer.stop()
        return [max(0.0, gap - TICK_MS / 1e3) for gap in self.gaps_s]

    def _tick(self) -> None:
        now = time.monotonic()
        self.gaps_s.append(now - self._last)
        self._last = now


def _send(view: PictureView, kind: QEvent.Type, x: float, y: float) -> None:
    place = QPointF(x, y)
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    event = QMouseEvent(
        kind, place, QPointF(view.mapToGlobal(QPoint(int(x), int(y)))), button, held, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


async def drag(view: PictureView, seconds: float) -> float:
    """Drag 60 times a second for a while; returns how many pictures a second were painted."""
    before, began = view.painted_count, time.monotonic()
    _send(view, QEvent.Type.MouseButtonPress, 200, 150)
    for at in itertools.count():
        if time.monotonic() - began >= seconds:
            break
        _send(view, QEvent.Type.MouseMove, 200 + 120 * math.sin(at / 15), 150 + 60 * math.cos(at / 20))
        await asyncio.sleep(1 / 60)
    _send(view, QEvent.Type.MouseButtonRelease, 200, 150)
    return (view.painted_count - before) / (time.monotonic() - began)


async def measure(seconds: float, tell: Any) -> None:
    """Open a window with a session of its own, and tell figures by name."""
    window = MainWindow(Memory())
    window.resize(1000, 700)
    window.show()
    window.connect_to(ServerChoice(backend=BACKEND))
    room: Any = await until(lambda: window.room, "a session")
    view = await until(lambda: next(iter(room.tabs.views()), None), "a view")
    await until(lambda: view.painted_count > 0, "a picture")
    tell("painted", time.time())
    session: Session = room.session
    scene: Any = view.live.view
    await asyncio.sleep(2.0)
    cpu, began = time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    tell("idle_cpu", (time.process_time() - cpu) / (time.monotonic() - began))
    show_contour(session, scene)
    await scene.ready()
    await drag(view, 1.0)
    contour = await long_filter(session)
    stalls = Stalls()
    stalls.start()
    tell("idle_rate", await drag(view, seconds))
    tell("stalls_s", stalls.stop())
    execution = asyncio.ensure_future(execute_for(contour))
    rates = []
    while not execution.done():
        rates.append(await drag(view, 1.0))
    await execution
    tell("busy_rate", sum(rates) / len(rates))
    window.close()
    await window.closed.wait()


def main(seconds: float) -> None:
    """Run the window in a loop of its own."""
    found: dict[str, Any] = {}

    def tell(name: str, value: Any) -> None:
        found[name] = value

    application = make_application()
    use_theme(application, "light")
    loop = make_loop(application)
    loop.run_until_complete(measure(seconds, tell))
    close_loop(loop)
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
