"""Handles in a window: shown with what is active, dragged by the mouse, and one step of undo."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from async_paraview.widgets.sight import CameraState, Sight
from servermanager import RenderViewProxy

from ..harness.apvtest import poll_async
from .driving import dragged, first_view, in_window_loop, made, pixels_of, room_of, window


@in_window_loop
async def test_the_plane_of_a_slice_is_dragged_by_the_mouse() -> None:
    async with window() as shown:
        room = room_of(shown)
        await made(shown, "Wavelet")
        cut = await made(shown, "Slice")
        plane = await poll_async(lambda: room.workspace.widgets.widget, what="the plane of the slice")
        picture = first_view(shown)
        view = picture.live.view
        assert plane.proxy is cut and isinstance(view, RenderViewProxy)
        view.update(CameraPosition=[60, 30, 60], CameraFocalPoint=[0, 0, 0], CameraViewUp=[0, 1, 0])
        await view.ready()
        await view.screenshot()  # the camera is known

        def where() -> tuple[int, int]:
            image = view.last_image
            assert image is not None
            x, y, _ = Sight(CameraState.of(image.camera), (image.width, image.height)).pixel(plane.Origin).tolist()
            return round(x), round(image.height - y)

        def color() -> tuple[int, ...]:
            x, y = where()
            return tuple(pixels_of(picture)[y, x].tolist())

        await poll_async(lambda: color() == (255, 255, 255), what="the handle")
        x, y = where()
        way = [(x, y), (x + 10, y), (x + 20, y - 20), (x + 40, y - 30)]
        await dragged(picture, way, Qt.MouseButton.LeftButton)
        assert np.abs(np.subtract(where(), way[-1])).max() <= 1 and room.workspace.undo_label == "drag Plane of Slice"
        assert cut.SliceType.Origin == plane.Origin != [0, 0, 0]  # type: ignore[union-attr]  # it is the slice
        await poll_async(lambda: color() == (255, 166, 0), what="the handle where it was dragged to")
        assert (await view.camera())["CameraPosition"] == [60, 30, 60]
        shown.do("undo")
        await poll_async(lambda: plane.Origin == [0, 0, 0], what="the place of before")
        switch = room.properties.handles
        assert switch is not None and (switch.text(), switch.isChecked()) == ("Show plane", True)
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(8, switch.height() // 2))
        await poll_async(lambda: not plane.Visibility and not switch.isChecked(), what="hidden")
        x, y = where()
        await poll_async(lambda: color() not in ((255, 255, 255), (255, 166, 0)), what="a picture without it")
        shown.do("widget")
        await poll_async(lambda: plane.Visibility and switch.isChecked(), what="shown by the menu")
        room.session.proxies.active.set_source(room.session.proxies.sources()[0])
        await poll_async(lambda: room.properties.handles is None, what="no handles suit a wavelet")
        assert not shown.menus.actions["widget"].isEnabled()
