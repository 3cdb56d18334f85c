"""Panels as widgets: showing them sets nothing, each line has its editor, and what is entered arrives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QSlider, QTableWidget

from apvgui.panels.number_editors import NumberField
from apvgui.panels.panel_view import Hands, PanelView, flattened
from apvgui.panels.simple_editors import ArraysEditor
from servermanager import Panel, Session
from servermanager.ui.panels.panel_line import PanelLine

from ..harness.apvtest import poll_async
from ..harness.time_limits import scaled
from .driving import in_window_loop, made, room_of, row, typed, window

SOME = (
    "Sphere",
    "Wavelet",
    "Contour",
    "Clip",
    "StreamTracer",
    "Glyph",
    "Calculator",
    "Threshold",
    "XMLImageDataReader",
)


async def all_rows(panel: Panel) -> PanelView:
    """The widget of a panel, with a row for each line, those for experts included."""
    view = PanelView(panel, Hands(lambda *_: None, lambda *_: None), advanced=True)
    view.show()
    names = [one.line.name for one in flattened(panel.lines(advanced=True))]
    await poll_async(lambda: [one.editor.line.name for one in view.rows] == names, deadline_s=30, what="all rows")
    return view


async def shows_without_setting(session: Session, type_name: str) -> None:
    """Show the panel of a new proxy of a type: nothing is set by that."""
    with session.undo.paused():
        proxy = session.create(type_name)
    before: dict[str, Any] = proxy.set_values()
    view = await all_rows(await Panel.of(proxy))
    view.refresh()
    assert (proxy.set_values(), session.undo.labels) == (before, ()), type_name
    view.end()
    view.deleteLater()
    view.panel.close()


@in_window_loop
async def test_showing_a_panel_sets_nothing() -> None:
    async with window() as shown:
        for type_name in SOME:
            await shows_without_setting(room_of(shown).session, type_name)


@pytest.mark.deep
@pytest.mark.timeout(scaled(1800))
def test_showing_the_panel_of_any_type_sets_nothing() -> None:
    @in_window_loop
    async def look(group: str, part: int) -> None:
        async with window() as shown:
            session = room_of(shown).session
            for one in (await session.definitions.list(group))[part::4]:
                if one.curated:
                    await shows_without_setting(session, one.name)

    for group in ("sources", "filters", "readers"):
        for part in range(4):
            look(group, part)


@in_window_loop
async def test_what_is_entered_arrives() -> None:
    async with window() as shown:
        wavelet = await made(shown, "Wavelet")
        contour = await made(shown, "Contour")
        room = room_of(shown)
        assert not [one for one in room.session.undo.labels if one.startswith("set ")]

        line = await row(shown, "ComputeScalars")
        box = line.editor.findChildren(QCheckBox)[0]
        before = box.isChecked()
        box.click()
        await poll_async(lambda: bool(contour.ComputeScalars) is not before, what="the flag")

        line = await row(shown, "Isosurfaces")
        table = line.editor.findChildren(QTableWidget)[0]
        item = table.item(0, 0)
        assert item is not None
        item.setText("200")
        await poll_async(lambda: list(contour.Isosurfaces) == [200.0], what="the value of the table")
        slider = line.editor.findChildren(QSlider)[0]
        slider.setValue(slider.maximum())
        await poll_async(lambda: contour.Isosurfaces[0] > 270.0, what="the value of the slider")

        line = await row(shown, "Representation", "representation")
        combo = line.editor.findChildren(QComboBox)[0]
        combo.setCurrentIndex(combo.findText("Wireframe"))
        combo.activated.emit(combo.currentIndex())
        representation = room.workspace.browser.representations(contour)[0]
        await poll_async(lambda: representation.Representation == "Wireframe", what="the choice")

        room.workspace.browser.activate(wavelet.id)
        line = await row(shown, "WholeExtent")
        field = line.editor.findChildren(QLineEdit)[0]
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Up)
        await poll_async(lambda: list(wavelet.WholeExtent)[:2] == [-9, 10], what="the number after a step")

        room.properties.search.setText("whole")
        await poll_async(lambda: _names(shown) == {"WholeExtent"}, what="the lines that are searched")


@in_window_loop
async def test_numbers_have_six_digits_and_all_of_them_while_they_are_edited() -> None:
    async with window() as shown:
        plane = await made(shown, "Plane", Origin=[0.123456789012, -276.829345703125, 1.0 / 3.0])
        line = await row(shown, "Origin")
        first, second, third = line.editor.findChildren(QLineEdit)[:3]
        await poll_async(lambda: first.text() == "0.123457", what="the number that the line has")
        assert [second.text(), third.text()] == ["-276.829", "0.333333"]
        assert second.toolTip() == "-276.829345703125"
        QApplication.sendEvent(second, QFocusEvent(QEvent.Type.FocusIn))  # windows without a screen may not be active
        assert second.text() == "-276.829345703125"
        QApplication.sendEvent(second, QFocusEvent(QEvent.Type.FocusOut))
        assert second.text() == "-276.829"
        assert list(plane.Origin) == [0.123456789012, -276.829345703125, 1.0 / 3.0]
        third.selectAll()
        QTest.keyClicks(third, "0.5")
        QTest.keyClick(third, Qt.Key.Key_Return)
        await poll_async(lambda: list(plane.Origin) == [0.123456789012, -276.829345703125, 0.5], what="the number")


@in_window_loop
async def test_a_range_of_colors_keeps_the_digits_that_are_not_shown() -> None:
    async with window():
        low, high = NumberField(), NumberField()
        low.show_number(37.35310363769531)
        high.show_number(276.8293457)
        assert (low.text(), high.text()) == ("37.3531", "276.829")
        assert (low.written, high.written) == ("37.3531036376953", "276.8293457")
        high.selectAll()
        QTest.keyClicks(high, "250")
        assert (low.written, high.written) == ("37.3531036376953", "250")


@in_window_loop
async def test_a_slider_that_is_dragged_is_one_step_and_changes_may_wait_for_apply() -> None:
    async with window() as shown:
        await made(shown, "Wavelet")
        contour = await made(shown, "Contour")
        room = room_of(shown)
        line = await row(shown, "Isosurfaces")
        before, steps = list(contour.Isosurfaces), room.session.undo.labels
        slider = line.editor.findChildren(QSlider)[0]
        slider.setSliderDown(True)
        for at in range(100, 900, 100):
            slider.setValue(at)
        slider.setSliderDown(False)
        assert contour.Isosurfaces != before and len(room.session.undo.labels) == len(steps) + 1
        shown.do("undo")
        await poll_async(lambda: list(contour.Isosurfaces) == before, what="the value of before")

        shown.do("auto_apply")
        line = await typed(shown, "Opacity", "0.4", "representation")
        representation = room.workspace.browser.representations(contour)[0]
        await poll_async(lambda: line.editor.line.pending, what="that it waits")
        assert representation.Opacity == 1.0 and not shown.memory.auto_apply
        room.properties.apply()
        await poll_async(lambda: representation.Opacity == 0.4, what="the value that was applied")
        await typed(shown, "Opacity", "0.6", "representation")
        room.properties.discard()
        await poll_async(lambda: not line.editor.line.pending, what="that nothing waits")
        assert representation.Opacity == 0.4
        shown.do("auto_apply")
        await typed(shown, "Opacity", "0.7", "representation")
        await poll_async(lambda: representation.Opacity == 0.7, what="the value that is set at once")


def _names(shown: Any) -> set[str]:
    view = room_of(shown).properties.view("source")
    return set() if view is None else {one.editor.line.name for one in view.rows}


@in_window_loop
async def test_of_many_arrays_those_that_are_searched_are_switched_at_once() -> None:
    names = [f"{what}_{at}" for at in range(10) for what in ("pressure", "velocity")]
    given: list[dict[str, bool]] = []
    wanted = dict.fromkeys(names, True)
    line = PanelLine("PointArrayStatus", "Point Arrays", "", "arrays", wanted, wanted, is_set=False, advanced=False)
    editor = ArraysEditor(line, given.append)
    editor.show_line(line)
    editor.show()
    every, search = editor.findChildren(QCheckBox)[0], editor.findChildren(QLineEdit)[0]
    assert every.text() == "20 of 20" and every.isChecked()
    QTest.keyClicks(search, "Press")
    assert every.text() == "10 of 10 found" and not given
    QTest.mouseClick(every, Qt.MouseButton.LeftButton, pos=QPoint(8, every.height() // 2))
    assert given == [{name: name.startswith("velocity") for name in names}]
    editor.show_line(replace(line, value=given[0]))
    assert every.text() == "0 of 10 found" and every.checkState() is Qt.CheckState.Unchecked
    search.clear()
    assert every.text() == "10 of 20" and every.checkState() is Qt.CheckState.PartiallyChecked
    few = ArraysEditor(replace(line, value={"pressure": True}), given.append)
    few.show_line(few.line)
    few.show()
    assert not few.findChildren(QLineEdit)[0].isVisible()
