"""Names, paths and errors that are longer than the window is wide: it stays as it is, and all of them can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from apvgui.labels import LongText, ShortText
from apvgui.scrolling import Scrolled

from ..harness.apvtest import poll_async
from ..harness.saving import sphere
from ..harness.small_files import written
from .driving import in_window_loop, made, pixels_of, room_of, row, window

LONG = "simulation_of_the_third_series_" * 7
"""As long as names of files may be."""


@in_window_loop
async def test_a_long_name_of_a_file_leaves_the_window_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / f"{LONG}.vtp", sphere())
    async with window() as shown:
        room = room_of(shown)
        for name in ("information", "spreadsheet", "colors"):
            shown.show_dock(name)
        await made(shown, "Wavelet")
        await poll_async(lambda: room.spreadsheet.rows.rowCount(), what="rows")
        needed = shown.minimumSizeHint().width()
        widths = {name: dock.minimumSizeHint().width() for name, dock in shown.docks.items()}
        await room.workspace.open(path).task
        name = f"{LONG}.vtp"
        assert room.session.proxies.name_of(room.session.proxies.active.source.id) == name  # type: ignore[union-attr]
        await poll_async(lambda: name in titles(shown.docks["properties"]), what="the title of the panel")
        await poll_async(lambda: name in titles(shown.docks["spreadsheet"]), what="the title of the table")
        await poll_async(lambda: name in titles(shown.docks["information"]), what="the title of the information")
        room.workspace.log.add("error", f"{LONG} cannot be read: {LONG}", action="open")
        for one, dock in shown.docks.items():
            assert dock.minimumSizeHint().width() <= widths[one] + 24, one  # a scroll bar, a button beside it
        assert shown.minimumSizeHint().width() <= needed + 24
        assert (shown.width(), shown.height()) == (1000, 700)


def titles(dock: QWidget) -> str:
    """What texts of a dock say, and what they say below the pointer."""
    shown = [one for one in dock.findChildren(QWidget) if hasattr(one, "text") and not isinstance(one, QLineEdit)]
    return "\n".join(f"{one.text()} {one.toolTip()}" for one in shown)


@in_window_loop
async def test_a_long_error_at_a_line_can_be_read_to_its_end() -> None:
    async with window() as shown:
        await made(shown, "Sphere")
        line = await row(shown, "Radius")
        line.show_line(replace(line.editor.line, error=f"there is no {LONG}"))
        text = line.findChild(LongText)
        assert text is not None
        await poll_async(lambda: text.height() > 3 * text.fontMetrics().lineSpacing(), what="its lines")
        assert line.width() <= shown.docks["properties"].width()
        everything_is_seen(text)


def everything_is_seen(text: LongText) -> None:
    """Its last letter is within what is seen of it."""
    cursor = QTextCursor(text.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    inside = QRect(0, 0, text.viewport().width() + 1, text.viewport().height())
    assert inside.contains(text.cursorRect(cursor))


@in_window_loop
async def test_what_is_copied_of_a_long_text_is_what_was_said() -> None:
    shown = LongText()
    shown.setText(f"{LONG}\n  is no file")
    shown.resize(120, 10)
    shown.selectAll()
    assert shown.textCursor().selection().toPlainText() == shown.text() == f"{LONG}\n  is no file"
    assert shown.heightForWidth(120) > 2 * shown.heightForWidth(1200) > 0
    before = shown.text()
    QTest.keyClicks(shown, "nothing is written here")
    assert shown.text() == before


@pytest.mark.parametrize("width", [80, 900])
@in_window_loop
async def test_a_short_text_that_is_cut_off_has_all_of_it_below_the_pointer(width: int) -> None:
    shown = ShortText("<b> of & the part_of_a_name.vtp")
    shown.resize(width, 24)
    shown.show()
    assert shown.minimumSizeHint().width() <= 60
    assert (shown.toolTip() == "") is (width == 900)
    plain = QLabel(shown.text())
    plain.setTextFormat(Qt.TextFormat.PlainText)
    plain.resize(width, 24)
    same = bool((pixels_of(shown) == pixels_of(plain)).all())
    assert same is (width == 900)


@in_window_loop
async def test_the_window_fits_on_small_screens_and_what_does_not_fit_in_a_dock_scrolls() -> None:
    async with window() as shown:
        await made(shown, "Wavelet")
        shown.show_dock("colors")
        shown.resize(911, 512)  # a screen of 1366 x 768 at 150 %
        await poll_async(lambda: shown.docks["colors"].isVisible(), what="the colors")
        assert (shown.width(), shown.height()) == (911, 512)
        area = room_of(shown).colors.findChild(Scrolled)
        assert area is not None and area.content is area.widget()
        await poll_async(lambda: area.verticalScrollBar().maximum() > 0, what="something to scroll to")
        assert area.content.width() <= area.viewport().width()
        shown.resizeDocks([shown.docks["properties"]], [60], Qt.Orientation.Horizontal)
        await row(shown, "Maximum")
        lines = shown.docks["properties"].findChild(Scrolled)
        assert lines is not None
        within = lines.viewport().rect()
        await poll_async(lambda: lines.content.width() <= within.width(), what="lines that are as wide as the dock")


@in_window_loop
async def test_a_message_that_is_longer_than_its_column_takes_several_lines() -> None:
    async with window() as shown:
        log = room_of(shown).workspace.log
        log.add("error", "this text is of many words " * 12, action="read a file")
        log.add("warning", "short")
        shown.show_dock("messages")
        messages = room_of(shown).messages.list
        line = messages.fontMetrics().lineSpacing()

        def heights() -> list[int]:
            model = messages.model()
            return [messages.visualRect(model.index(at, 2)).height() for at in range(2)]

        await poll_async(lambda: heights()[0] > 2 * line, what="lines of the long one")
        assert heights()[1] < 2 * line
