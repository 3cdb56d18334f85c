"""What stands around the views: rows, information, colors, selections, times, layouts, menus, as a user has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from apvgui.window.main_window import MainWindow
from servermanager.ui.pointing.person import CAMERA

from ..harness.apvtest import poll_async
from .driving import dragged, first_view, in_window_loop, made, room_of, settled, typed, window


@in_window_loop
async def test_rows_information_colors_and_selections_are_those_of_the_active_source() -> None:
    async with window() as shown:
        room = room_of(shown)
        wavelet = await made(shown, "Wavelet")
        await rows_are_shown(shown)
        await information_is_shown(shown)
        await made(shown, "Contour")
        view = first_view(shown)
        before = await settled(view)
        shown.show_dock("colors")
        await poll_async(lambda: "RTData" in shown.coloring.offered("ColorBy"), what="the array among what colors")
        shown.coloring.choose("ColorBy", "RTData")
        editor = await poll_async(lambda: room.colors.editor, what="the editor of the colors")
        await poll_async(lambda: editor.state.points, what="its points")
        await poll_async(lambda: editor.state.histogram, what="its histogram")
        colored = await settled(view)
        assert not np.array_equal(before, colored)
        room.colors.strip.setFocus()
        count = len(editor.state.points)
        middle = room.colors.strip.rect().center()
        QTest.mouseDClick(room.colors.strip, Qt.MouseButton.LeftButton, pos=QPoint(middle.x() + 17, 10))
        await poll_async(lambda: len(editor.state.points) == count + 1, what="the point that was added")

        shown.show_dock("selection")
        room.workspace.browser.activate(wavelet.id)
        room.selection.query.setText("RTData > 250")
        room.selection.select_by_query()
        await poll_async(lambda: room.selection.table.rowCount() > 0, what="the values of what is selected")


async def rows_are_shown(shown: MainWindow) -> None:
    """The spreadsheet has the rows of the wavelet, in the order of a column if that is clicked."""
    room = room_of(shown)
    shown.show_dock("spreadsheet")
    rows = room.spreadsheet.rows
    await poll_async(lambda: rows.rowCount() == 21**3, what="all rows")
    names = [rows.headerData(at, Qt.Orientation.Horizontal) for at in range(rows.columnCount())]
    assert "RTData" in names
    column = names.index("RTData")
    first = await poll_async(lambda: rows.data(rows.index(0, column)), what="the first row")
    room.spreadsheet.table.horizontalHeader().sectionClicked.emit(column)
    least = await poll_async(
        lambda: _other(rows.data(rows.index(0, column)), first), what="the least value in the first row"
    )
    assert float(least) < float(first)
    shown.docks["spreadsheet"].hide()
    assert room.spreadsheet.model.output is None


def _other(text: object, than: object) -> str:
    return str(text) if text and text != than else ""


async def information_is_shown(shown: MainWindow) -> None:
    """The sheet has the numbers of the wavelet."""
    tree = room_of(shown).information.tree

    def lines() -> dict[str, str]:
        found = tree.findItems("*", Qt.MatchFlag.MatchWildcard | Qt.MatchFlag.MatchRecursive, 0)
        return {one.text(0): one.text(2) for one in found}

    told = await poll_async(lambda: lines() if "RTData" in lines() else None, what="the arrays")
    assert told["Number of points"] == "9,261" and told["X range"].startswith("-10 to 10")


@in_window_loop
async def test_rectangles_select_and_clicks_tell_what_is_there() -> None:
    async with window() as shown:
        room = room_of(shown)
        await made(shown, "Sphere")
        view = first_view(shown)
        await settled(view)
        shown.do("select_cells")
        assert view.live.interaction.mode == "select cells"
        middle = view.rect().center()
        way = [(middle.x() - 30 + 10 * step, middle.y() - 30 + 10 * step) for step in range(7)]
        await dragged(view, way, Qt.MouseButton.LeftButton)
        await poll_async(lambda: room.selection.table.rowCount() > 0, what="the selected cells")
        assert view.live.interaction.mode == CAMERA
        told: list[object] = []
        room.when_picked = lambda _, happening: told.append(happening)
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle)
        picked = await poll_async(lambda: told[-1] if told else None, what="what was clicked")
        assert picked.result.source.proxy is room.session.proxies.active.source  # type: ignore[attr-defined]


@in_window_loop
async def test_views_are_split_made_maximized_and_closed() -> None:
    async with window() as shown:
        room = room_of(shown)
        await made(shown, "Wavelet")
        first = first_view(shown)
        wide = first.width()
        shown.do("split_right")
        layout = next(iter(room.session.layouts))
        await poll_async(lambda: first.width() < 0.7 * wide, what="room for another view")
        assert layout.cells == [1, 2] and layout.view(2) is None
        room.tabs.make(layout, 2, "XYChartView")
        await poll_async(lambda: len(room.tabs.views()) == 2, what="the chart")
        chart = room.tabs.views()[1]
        await poll_async(lambda: chart.image is not None, deadline_s=30, what="its picture")
        assert room.workspace.panels.view_names(chart.live.view) == "Line Chart View 1"
        room.activate_view(first.live.view)
        shown.do("maximize")
        await poll_async(lambda: first.width() > 0.9 * wide and not chart.isVisible(), what="the first view alone")
        shown.do("maximize")
        await poll_async(lambda: chart.isVisible(), what="both views")
        room.tabs.close_view(chart.live.view)
        await poll_async(lambda: layout.cells == [0] and first.width() > 0.9 * wide, what="one view again")
        shown.do("undo")
        await poll_async(lambda: len(room.tabs.views()) == 2, what="the chart again")


@pytest.mark.filterwarnings("default::servermanager.StateWarning")
@in_window_loop
async def test_states_are_written_and_loaded_and_files_opened(tmp_path: Path) -> None:
    async with window() as shown:
        room = room_of(shown)
        sphere = await made(shown, "Sphere")
        await typed(shown, "Radius", "0.8")
        before = await settled(first_view(shown))
        await room.workspace.save_state(tmp_path / "scene.json").task
        await room.workspace.save_state(tmp_path / "scene.pvsm").task
        await room.session.save_data(tmp_path / "ball.vtp", sphere)
        for name in ("scene.json", "scene.pvsm"):
            async with window() as other:
                other.open_files([str(tmp_path / name)])
                proxies = room_of(other).session.proxies
                await poll_async(proxies.sources, what="the sources of the state")
                assert proxies.sources()[0].Radius == 0.8
        shown.open_files([str(tmp_path / "ball.vtp")])
        await poll_async(lambda: len(room.session.proxies.sources()) == 2, what="the reader")
        assert shown.memory.recent_files[0] == str(tmp_path / "ball.vtp")
        assert before.shape == (first_view(shown).height(), first_view(shown).width(), 3)
        shown.open_files([str(tmp_path / "none.vtp")])
        await poll_async(lambda: "none.vtp" in shown.status.message, what="the error in the status line")
        last = room.workspace.log.last
        assert last is not None and last.severity == "error" and last.action == "open none.vtp"


@in_window_loop
async def test_menus_offer_what_fits_and_say_why_others_do_not() -> None:
    async with window() as shown:
        await made(shown, "Sphere")
        types = shown.types
        await poll_async(lambda: "Contour" in types.names, deadline_s=30, what="the menu of filters")
        await poll_async(lambda: types.action("Shrink").isEnabled(), deadline_s=30, what="a filter that fits")
        await poll_async(lambda: not types.action("ExtractSubset").isEnabled(), what="one that does not")
        assert "ExtractSubset: " in types.action("ExtractSubset").toolTip()
        types.action("Shrink").trigger()
        browser = room_of(shown).workspace.browser
        await poll_async(lambda: [one.name for one in browser.rows] == ["Sphere1", "Shrink1"], what="the filter")


@in_window_loop
async def test_of_many_rows_the_active_one_is_seen_and_the_others_stay_where_they_were() -> None:
    async with window() as shown:
        room = room_of(shown)
        tree = room.browser
        made_here = [room.session.sources.Sphere() for _ in range(60)]
        await poll_async(lambda: tree.topLevelItemCount() == 60, what="all rows")
        active = room.session.proxies.active
        active.set_source(made_here[-1])
        await poll_async(lambda: is_seen(tree, 59), what="the active row")
        assert tree.currentItem() is row_at(tree, 59)
        tree.setFocus()
        QTest.keyClick(tree, Qt.Key.Key_Up)
        assert active.source is made_here[58]
        await poll_async(lambda: row_at(tree, 58).font(1).bold(), what="the row above, by the keys")
        bar = tree.verticalScrollBar()
        bar.setValue(20)
        room.session.proxies.rename(made_here[0], "First")
        made_here[30].Radius = 2.0
        await poll_async(lambda: tree.item_text(made_here[0].id)[0] == "First", what="another name")
        assert bar.value() == 20
        room.session.delete(made_here[50])
        await poll_async(lambda: tree.topLevelItemCount() == 59, what="a row less")
        assert bar.value() == 20 and active.source is made_here[58]
        active.set_source(made_here[1])
        await poll_async(lambda: is_seen(tree, 1) and not is_seen(tree, 57), what="another active row")


def row_at(tree: QTreeWidget, at: int) -> QTreeWidgetItem:
    """A row of a tree, from above."""
    item = tree.topLevelItem(at)
    assert item is not None
    return item


def is_seen(tree: QTreeWidget, at: int) -> bool:
    """The middle of a row is in what is seen of a tree."""
    return tree.viewport().rect().contains(tree.visualItemRect(row_at(tree, at)).center())
