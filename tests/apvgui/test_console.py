"""The Python console: lines that await are tasks, output goes where it was typed, Tab and errors as at a prompt."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from apvgui.background import Background
from apvgui.docks.console import Console

from ..harness.apvtest import poll_async
from .driving import in_window_loop


def console(**names: Any) -> Console:
    """A console without a window."""
    failed: list[tuple[str, BaseException]] = []
    return Console(Background(lambda about, error: failed.append((about, error))).start, dict(names))


def enter(one: Console, source: str) -> None:
    """Type lines and press Enter."""
    one.input.setPlainText(source)
    QTest.keyClick(one.input, Qt.Key.Key_Return)


def output(one: Console) -> str:
    """What it has written since the welcome."""
    return one.output.toPlainText().split("interrupts.\n", 1)[1]


@in_window_loop
async def test_lines_run_and_what_they_print_stands_there(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = console(), console()
    enter(one, "x = 6 * 7")
    await poll_async(lambda: one.interpreter.names.get("x"), what="x")
    enter(one, "x")
    await poll_async(lambda: output(one).endswith(">>> x\n42\n"), what="42")
    enter(one, "print('apples')")
    enter(other, "print('pears')")
    await poll_async(lambda: "apples\n" in output(one) and "pears\n" in output(other), what="both outputs")
    assert "pears" not in output(one) and "apples" not in output(other)
    assert "apples" not in capsys.readouterr().out


@in_window_loop
async def test_a_line_may_await_and_be_interrupted_and_the_window_goes_on() -> None:
    reached = asyncio.Event()
    one = console(reached=reached, asyncio=asyncio)
    enter(one, "await reached.wait()")
    await asyncio.sleep(0)
    assert not one.stop.isHidden()
    enter(one, "1")
    assert "something is awaited still" in output(one)
    reached.set()
    await poll_async(lambda: "True\n" in output(one), what="the result of what was awaited")
    one.input.clear()
    enter(one, "await asyncio.sleep(600)")
    await asyncio.sleep(0)
    one.interrupt()
    await poll_async(lambda: "interrupted\n" in output(one), what="the interruption")
    assert one.stop.isHidden()


@in_window_loop
async def test_errors_are_told_from_the_typed_line_on() -> None:
    one = console()
    enter(one, "1 +")
    assert "SyntaxError" in output(one)
    enter(one, "1 / 0")
    await poll_async(lambda: "ZeroDivisionError: division by zero\n" in output(one), what="the error")
    told = output(one)
    assert 'File "<console>", line 1' in told and "interpreter.py" not in told


@in_window_loop
async def test_several_lines_and_the_history() -> None:
    one = console()
    enter(one, "def twice(x):")
    assert one.input.toPlainText() == "def twice(x):\n    "
    enter(one, "def twice(x):\n    return 2 * x\n")
    await poll_async(lambda: "twice" in one.interpreter.names, what="the function")
    enter(one, "twice(21)")
    await poll_async(lambda: output(one).endswith("42\n"), what="42")
    QTest.keyClick(one.input, Qt.Key.Key_Up)
    assert one.input.toPlainText() == "twice(21)"
    QTest.keyClick(one.input, Qt.Key.Key_Down)
    assert one.input.toPlainText() == ""


@in_window_loop
async def test_tab_completes() -> None:
    one = console(thing=type("Thing", (), {"Radius": 1, "Resolution": 2})())
    one.input.setPlainText("thing.Rad")
    one.input.moveCursor(one.input.textCursor().MoveOperation.End)
    one.complete()
    assert one.input.toPlainText() == "thing.Radius"
    begin, found = one.interpreter.complete("y = thing.R", 11)
    assert (begin, found) == (4, ["thing.Radius", "thing.Resolution"])
