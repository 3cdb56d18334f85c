"""The REPL at a pseudo-terminal, with IPython and with the standard library's console."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..harness.apvtest import Server
from ..harness.terminal import Terminal
from ..harness.time_limits import scaled

pytest.importorskip("pty")


@pytest.fixture
def without_ipython(tmp_path: Path) -> dict[str, str]:
    """The environment in which IPython is not installed."""
    (tmp_path / "IPython").mkdir()
    (tmp_path / "IPython" / "__init__.py").write_text("raise ImportError('not installed')")
    return {"IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)}


@pytest.fixture(params=["ipython", "console"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    if request.param == "console":
        env = request.getfixturevalue("without_ipython")
    else:
        pytest.importorskip("IPython")
        env = {"IPYTHONDIR": str(tmp_path), "HOME": str(tmp_path)}
    opened = Terminal(**env)
    try:
        opened.wait_for("In \\[1\\]" if request.param == "ipython" else ">>> ")
        yield opened
    finally:
        opened.close()


def test_a_session_lives_from_line_to_line(terminal: Terminal) -> None:
    terminal.type("session = await connect(); loop = asyncio.get_running_loop()")
    terminal.type("steps = session.progress(); sphere = session.sources.SphereSource()")
    terminal.type("(await sphere.update_pipeline()).number_of_points * 1001")
    terminal.wait_for("50050")
    terminal.type("print('step', (await anext(steps)).state)")
    terminal.wait_for("step started")
    terminal.type("print('same', asyncio.get_running_loop() is loop, await asyncio.sleep(0, 1))")
    terminal.wait_for("same True 1")

    terminal.type("await session.sources.SpereSource().update_pipeline()")
    said = terminal.wait_for("RemoteError: UnknownType.*SphereSource")
    assert "Traceback" not in said

    terminal.type("await session.close()")
    terminal.type("exit()")
    assert terminal.process.wait(scaled(10)) == 0


def test_a_session_is_there_and_tells_what_there_is(terminal: Terminal) -> None:
    terminal.type("session, (await session.sources.SphereSource().update_pipeline()).number_of_points * 1001")
    terminal.wait_for(r"<Session 1: inproc, built in>, 50050")
    terminal.type("'Contour' in dir(session.filters), 'Plane' in dir(session.objects), len(dir(session.filters)) > 400")
    terminal.wait_for(r"\(True, True, True\)")
    terminal.type("import inspect; list(inspect.signature(session.filters.Contour).parameters)[:3]")
    terminal.wait_for(r"\['Input', 'ContourBy', 'Isosurfaces'\]")
    terminal.type("help(session.filters.Contour)")
    said = terminal.wait_for("(?s)Isosurfaces: list of float; default .*in the range of ContourBy.*GenerateTriangles")
    assert "Surfaces, or lines, on which a point array has given values." in said
    terminal.type("session.filters.Slice?")
    terminal.wait_for("(?s)Cut a data set with a surface.*SliceType: a proxy of Plane.*Triangulatetheslice: bool")
    terminal.type("contour = session.filters.Contour(); print(contour.Isosurfaces, 'Isosurfaces' in dir(contour))")
    terminal.wait_for(r"\[0\.0\] True")
    terminal.type("contour?")
    terminal.wait_for("Surfaces, or lines, on which a point array has given values")
    terminal.type("session.filters.Nope.help()")
    terminal.wait_for("'Nope' is no type that this server makes")
    terminal.end()


def test_a_forgotten_await_at_the_prompt(terminal: Terminal) -> None:
    terminal.type("session.close()")
    terminal.wait_for("nothing of it is done until it is awaited")
    terminal.type("session.sources.Wavelet().update_pipeline().bounds")
    terminal.wait_for("an Execution has no 'bounds'; it is of what comes out: await the execution first")
    terminal.type("kept = session.close(); kept = None")
    terminal.wait_for(r"line 1: await is missing, Session.close\(\) was never awaited")
    terminal.end()


def test_how_far_it_is_is_shown_while_it_is_awaited(terminal: Terminal) -> None:
    terminal.type(
        "slow = session.filters.Delaunay3D(Input=session.sources.PointSource(NumberOfPoints=1000000, Radius=0.5))"
    )
    terminal.type("await slow.update_pipeline()")
    terminal.wait_for(r"Delaunay3D \[#*\.*\] +\d+% \d+\.\d s")
    os.kill(terminal.process.pid, signal.SIGINT)
    said = terminal.wait_for("interrupted")
    assert re.search(r"\r +\r[^#]*interrupted", said), "the bar is taken away before something else is written"
    terminal.end()


def test_interrupting_an_awaited_filter(terminal: Terminal) -> None:
    terminal.type("session = await connect()")
    terminal.type(
        "slow = session.filters.Delaunay3D(Input=session.sources.PointSource(NumberOfPoints=1000000, Radius=0.5))"
    )
    terminal.type("asyncio.get_running_loop().call_soon(print, 'wai' + 'ting'); await slow.update_pipeline()")
    terminal.wait_for("waiting")
    os.kill(terminal.process.pid, signal.SIGINT)
    said = terminal.wait_for("interrupted")
    assert "Traceback" not in said
    terminal.type("print('alive', (await session.sources.SphereSource().update_pipeline()).number_of_points)")
    terminal.wait_for("alive 50")
    terminal.type("exit()")  # the session is still open
    assert terminal.process.wait(scaled(10)) == 0


def test_a_session_that_is_left_open_with_work_under_way(terminal: Terminal) -> None:
    terminal.type("session = await connect(); view = session.views.RenderView(ViewSize=(40, 30))")
    terminal.type("wavelet = session.sources.Wavelet(); shown = session.show(wavelet, view)")
    terminal.type(
        "steps = session.progress(); print('com' + 'plete', (await wavelet.update_pipeline()).number_of_points)"
    )
    terminal.type(
        "more, watching = wavelet.update_pipeline(), asyncio.ensure_future(anext(steps)); await asyncio.sleep(0)"
    )
    terminal.wait_for("complete 9261")
    said = terminal.end()
    assert not re.search("Traceback|Error|WARNING|never|destroyed", said), said


def test_tracebacks_show_the_lines_that_were_typed(terminal: Terminal) -> None:
    terminal.type("wavelet = session.sources.Wavelet(); _ = await wavelet.definition()")
    terminal.type("wavelet.Extent = 3")
    seen = terminal.wait_for(
        r"(?s)Traceback.*AttributeError.*Wavelet has no property 'Extent'; did you mean WholeExtent"
    )
    terminal.type("len(await asyncio.wait_for(asyncio.sleep(0), 60))")
    seen += terminal.wait_for(r"TypeError.*: object of type 'NoneType' has no len")
    assert "servermanager" not in seen and "tasks.py" not in seen and seen.count("apvpython") == 0
    terminal.end()


def test_reconnecting_is_shown(without_ipython: dict[str, str]) -> None:
    with Server("inproc") as server:
        terminal = Terminal("--server-url", server.url, **without_ipython)
        try:
            terminal.wait_for(rf"session is <Session 1: inproc, {server.url}>(?s:.*)>>> ")
            with server.frozen():
                terminal.type("print((await session.sources.Wavelet().update_pipeline()).number_of_points * 1001)")
                terminal.wait_for(r"\rreconnecting, for \d+ s: ")
            terminal.wait_for("9270261")
            terminal.end()
        finally:
            terminal.close()


def test_no_session_is_no_end(without_ipython: dict[str, str]) -> None:
    terminal = Terminal("--server-url", "tcp://127.0.0.1:1", **without_ipython)
    try:
        terminal.wait_for(r"There is no session: ConnectionFailed: nobody listens(?s:.*)await connect\(\)(?s:.*)>>> ")
        terminal.type("print(1000 + 1)")
        terminal.wait_for("1001")
        terminal.end()
    finally:
        terminal.close()


def test_the_names_of_a_script_stay(without_ipython: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from servermanager import connect\nsession = await connect()\nwavelet = session.sources.Wavelet()\n1 / 0\n"
    )
    terminal = Terminal("-i", str(script), **without_ipython)
    try:
        terminal.wait_for(r"line 4, in <module>(?s:.*)ZeroDivisionError: division by zero(?s:.*)>>> ")
        terminal.type("(await wavelet.update_pipeline()).number_of_points * 1001")
        terminal.wait_for("9270261")
        terminal.end()
    finally:
        terminal.close()


def test_tab(without_ipython: dict[str, str]) -> None:
    pytest.importorskip("readline")
    terminal = Terminal(**{**without_ipython, "TERM": "vt100"})
    try:
        terminal.wait_for(">>> ")
        terminal.press("session.filters.Stream\t\t")
        terminal.wait_for(r"(?s)StreamTracer.*StreamTracer")
        terminal.press("\x15session.filters.Contour(Input=[1], Iso\t")
        terminal.wait_for("Input=.1., Isosurfaces=")
        terminal.press("\x15")
        terminal.end()
    finally:
        terminal.close()
