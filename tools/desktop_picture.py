"""The picture of the desktop client in the documents: `python tools/desktop_picture.py docs/images/desktop.png`.

Without a screen it draws by Qt's own platform: `QT_QPA_PLATFORM=offscreen`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from typing import Final

from apvgui.appearance import use_theme
from apvgui.application import BACKEND, make_application, make_loop
from apvgui.memory import Memory
from apvgui.window.main_window import MainWindow
from apvgui.window.server_choice import ServerChoice

SIZE: Final = (1400, 880)
DEADLINE_S: Final = 120.0


async def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something; raises TimeoutError, saying for what, if it does not come true."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come true within {DEADLINE_S:g} s")
        await asyncio.sleep(0.05)


async def picture(path: str) -> None:
    """Show a scene in a window, and write what the window looks like."""
    window = MainWindow(Memory())
    window.resize(*SIZE)
    window.show()
    window.connect_to(ServerChoice(backend=BACKEND))
    await until(lambda: window.room is not None, "a session")
    room = window.room
    assert room is not None and room.active_scene is not None
    workspace, scene = room.workspace, room.active_scene
    await workspace.add("Wavelet").task
    await workspace.add("Contour").task
    workspace.browser.activate(workspace.browser.rows[0].id)
    await workspace.add("Slice").task
    for name in ("colors", "spreadsheet"):
        window.show_dock(name)
    await until(lambda: room.colors.editor is not None and room.colors.editor.state.histogram, "the histogram")
    await until(lambda: workspace.widgets.widget is not None, "the handles of the slice")
    await until(lambda: room.spreadsheet.rows.rowCount(), "the rows")
    scene.reset_camera("-Z")
    scene.orbit(35.0, 25.0)
    expected = (await scene.screenshot(format="rgb", samples=scene.StillSamples)).sequence
    view = room.tabs.views()[0]
    await until(
        lambda: (last := scene.last_image) is not None and last.still and last.sequence >= expected, "its picture"
    )
    painted = view.painted_count
    view.update()
    await until(lambda: view.painted_count > painted or view.image is not None, "the painted picture")
    window.grab().save(path)
    window.close()
    await window.closed.wait()


def main() -> None:
    """Write the picture that the command line names."""
    application = make_application()
    use_theme(application, "light")
    make_loop(application).run_until_complete(picture(sys.argv[1]))


if __name__ == "__main__":
    main()
