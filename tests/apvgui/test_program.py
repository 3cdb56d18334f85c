"""The program itself, on a screen of X11: it opens what it is given, ends on Ctrl-C, and says what it lacks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apvgui.window.main_window import CLOSE_S

from ..harness.apvtest import ROOT, Ended, Program, poll, run
from ..harness.time_limits import scaled

on_a_screen = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb to have a screen of X11")


@contextmanager
def screen(directory: Path) -> Iterator[str]:
    """A screen of its own; yields its name."""
    told = directory / "display"
    with told.open("wb") as file:
        command = ["Xvfb", "-displayfd", str(file.fileno()), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]
        server = subprocess.Popen(command, pass_fds=[file.fileno()], stderr=subprocess.DEVNULL)
    try:
        number = poll(lambda: told.read_text().strip(), deadline_s=20, what="the number of the screen")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(scaled(10))


@pytest.mark.deep
@on_a_screen
def test_the_picture_on_the_screen_is_the_views_screenshot(tmp_path: Path) -> None:
    with screen(tmp_path) as display:
        ended = _on(display, "tests.apvgui.on_screen")
    assert ended.code == 0, ended
    assert "on xcb: " in ended.output and "resized: True" in ended.output and "turned: True" in ended.output


def _on(display: str, module: str) -> Ended:
    return run(module, deadline_s=120, DISPLAY=display, QT_QPA_PLATFORM="xcb", PYTHONPATH=str(ROOT))


@pytest.mark.alone
@on_a_screen
def test_it_opens_what_it_is_given_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    state = tmp_path / "scene.json"
    code = f"sphere = session.sources.SphereSource(Radius=2.0)\nawait session.save_state({str(state)!r})"
    assert run("apvpython", "-c", code).code == 0
    with screen(tmp_path) as display:
        places = {"DISPLAY": display, "APV_CONFIG_DIR": str(tmp_path)}
        with Program("-m", "apvgui", str(state), directory=None, QT_QPA_PLATFORM="xcb", **places) as program:
            poll(lambda: program.workers() or None, deadline_s=60, what="the process of the session")
            settings = tmp_path / "apvgui.ini"
            poll(
                lambda: settings.exists() and "scene.json" in settings.read_text(),
                deadline_s=60,
                what="the recent file",
            )
            program.signal(signal.SIGINT)
            assert program.wait(deadline_s=CLOSE_S + 5.0) == 0
            assert "Traceback" not in program.errors
            poll(lambda: not program.workers(), deadline_s=20, what="the end of the session's process")
        assert "geometry" in settings.read_text()


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "PySide6.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    ended = run("apvgui", PYTHONPATH=path)
    assert ended.code == 2 and ended.errors.count("\n") == 1
    assert "libEGL.so.1" in ended.errors and "async-paraview[gui]" in ended.errors


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a screen, or none to ask about")
def test_no_screen_is_said_in_one_line() -> None:
    ended = run("apvgui", DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None)
    assert ended.code == 2 and ended.errors.count("\n") == 1
    assert ended.errors.startswith("apvgui: there is no screen") and "apvweb" in ended.errors
