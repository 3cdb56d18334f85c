"""A window with a session: what is made is seen, pixel by pixel; panels change it, mouse and keys move it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from apvgui.application import following_system

from ..harness.apvtest import colours, poll_async
from .driving import dragged, first_view, in_window_loop, made, pixels_of, room_of, row, settled, typed, window


@in_window_loop
async def test_what_is_made_is_seen_changed_moved_and_taken_back() -> None:
    async with window() as shown:
        room = room_of(shown)
        await made(shown, "Wavelet")
        contour = await made(shown, "Contour")
        assert [(one.name, one.depth) for one in room.workspace.browser.rows] == [("Wavelet1", 0), ("Contour1", 1)]
        view = first_view(shown)
        first = await settled(view)
        assert colours(first) > 50
        assert room.session.undo.labels == ("add Wavelet", "add Contour")

        representation = room.workspace.browser.representations(contour)[0]
        await typed(shown, "Opacity", "0.3", place="representation")
        assert representation.Opacity == 0.3
        assert not np.array_equal(await settled(view), first)
        shown.do("undo")
        await poll_async(lambda: representation.Opacity == 1.0, what="the opacity of before")
        assert np.array_equal(await settled(view), first)

        middle = view.rect().center()
        way = [(middle.x() + 8 * step, middle.y() + 2 * step) for step in range(12)]
        await dragged(view, way, Qt.MouseButton.LeftButton)
        turned = await settled(view)
        assert not np.array_equal(first, turned)
        QTest.keyClicks(view, "x")
        assert not np.array_equal(await settled(view), turned)
        camera = room.active_scene
        assert camera is not None
        told = await camera.camera()
        assert told["CameraPosition"][0] < 0.0 and told["CameraPosition"][1:] == told["CameraFocalPoint"][1:]


@in_window_loop
async def test_what_is_wrong_with_an_entry_stands_below_it() -> None:
    async with window() as shown:
        sphere = await made(shown, "Sphere")
        line = await typed(shown, "Radius", "wide")
        await poll_async(lambda: "expected a number, not 'wide'" in line.error, what="the error below the line")
        assert sphere.Radius == 0.5
        await typed(shown, "Radius", "0.75")
        await poll_async(lambda: not line.error, what="the error is gone")
        assert sphere.Radius == 0.75 and (await row(shown, "Radius")).editor.line.is_set


@in_window_loop
async def test_a_scene_has_axes_that_a_menu_hides() -> None:
    async with window() as shown:
        action, view = shown.menus.actions["orientation_axes"], first_view(shown)
        with_axes = await settled(view)
        await poll_async(lambda: action.isChecked() and action.isEnabled(), what="the switch of the axes")
        action.trigger()
        without = await settled(view)
        await poll_async(lambda: not action.isChecked(), what="the switch says that there are none")
        rows, columns, _ = np.nonzero(without != with_axes)
        assert len(rows) > 200 and rows.min() > 0.6 * len(without) and columns.max() < 0.3 * without.shape[1]
        shown.do("undo")
        assert np.array_equal(await settled(view), with_axes)


@in_window_loop
async def test_a_window_that_looks_as_the_system_does_becomes_dark_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def system_becomes(scheme: str) -> None:
        monkeypatch.setattr("apvgui.appearance.scheme_of", lambda _: scheme)
        QGuiApplication.styleHints().colorSchemeChanged.emit(
            Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light
        )

    async with window() as shown:
        with following_system(shown):
            shown.use_theme("system")
            for scheme in ("dark", "light", "dark"):
                system_becomes(scheme)
                assert bool(np.median(pixels_of(shown.menuBar())) < 64) is (scheme == "dark")
            shown.use_theme("light")
            system_becomes("dark")
            assert np.median(pixels_of(shown.menuBar())) > 192
        shown.use_theme("system")
        system_becomes("light")
        assert np.median(pixels_of(shown.menuBar())) < 64  # nobody follows it any more
