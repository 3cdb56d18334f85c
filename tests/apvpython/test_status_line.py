"""How far a script is, in the last line of a terminal: of what is awaited, and gone when it is done."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ..harness.apvslow import AS_OTHERS
from ..harness.apvtest import Server, apvpython
from ..harness.terminal import Terminal

MILLION = "1000000"
FEW = "60000"
"""Points whose triangulation takes a second or a few: longer than what is told of."""

AWAITING = """
from servermanager import connect
async with connect() as session:
    points = session.sources.PointSource(NumberOfPoints={count}, Radius=0.5)
    info = await session.filters.Delaunay3D(Input=points).update_pipeline()
    print("points", info.number_of_points)
"""
OWN_LOOP = """
import asyncio
from servermanager import connect
async def main():
    async with connect() as session:
        points = session.sources.PointSource(NumberOfPoints={count}, Radius=0.5)
        info = await session.filters.Delaunay3D(Input=points).update_pipeline()
        print("points", info.number_of_points)
asyncio.run(main())
"""
SYNC = """
from servermanager.sync import connect
with connect() as session:
    points = session.sources.PointSource(NumberOfPoints={count}, Radius=0.5)
    info = session.filters.Delaunay3D(Input=points).update_pipeline()
    print("points", info.number_of_points)
"""
SIMPLE = """
from paraview.simple import *
points = PointSource(NumberOfPoints={count}, Radius=0.5)
volume = Delaunay3D(Input=points)
volume.UpdatePipeline()
print("points", volume.GetDataInformation().GetNumberOfPoints())
"""
KINDS = {"awaiting": AWAITING, "own loop": OWN_LOOP, "sync": SYNC, "simple": SIMPLE}
BAR = r"\rDelaunay3D1? \[#*\.*\] +\d+% \d+\.\d s"
EXECUTING = r"\rDelaunay3D1? (\[#*\.*\] +\d+%|\.\.\.) \d+\.\d s"
"""As a bar, or before it has told how far it is."""
ERASED = r"\r +\r"


@contextmanager
def terminal(*arguments: str, **env: str) -> Iterator[Terminal]:
    started = Terminal(*arguments, **env)
    try:
        yield started
    finally:
        started.close()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def script(kind: str, tmp_path: Path) -> Path:
    path = tmp_path / "script.py"
    path.write_text(KINDS[kind].format(count=FEW))
    return path


def test_it_is_shown_and_gone_when_it_is_done(script: Path) -> None:
    with terminal(str(script), **AS_OTHERS) as shown:
        shown.wait_for(BAR)
        said = shown.wait_for(r"points \d+\r\n")
        last = said.split("Delaunay3D")[-1]
        assert re.search(rf" s[^\r]*\r{ERASED}points {FEW}\r\n", last), repr(last)  # how long it has said nothing, too
        assert "[" not in shown.rest().partition("points")[2]


def test_a_script_that_is_interrupted_ends_as_before(kind: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(KINDS[kind].format(count=MILLION))
    with terminal(str(script)) as shown:
        shown.wait_for(BAR)
        os.kill(shown.process.pid, signal.SIGINT)
        said = shown.wait_for("interrupted")
        assert re.search(rf"{ERASED}apvpython: interrupted", said), repr(said[-300:])
        assert "Traceback" not in said
        shown.rest(130)


def test_a_pipe_has_nothing_of_it(script: Path) -> None:
    ended = apvpython(str(script), deadline_s=60)
    assert (ended.code, ended.errors, ended.output) == (0, "", f"points {FEW}\n")


def test_a_file_of_the_output_has_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SIMPLE.format(count=FEW))
    with (tmp_path / "out").open("wb") as output:

        class ToFile(Terminal):
            pass

        ToFile.output = output
        shown = ToFile(str(tmp_path / "script.py"))
        try:
            shown.wait_for(BAR)
            said = shown.rest()
        finally:
            shown.close()
    assert (tmp_path / "out").read_text() == f"points {FEW}\n"
    assert re.search(rf"{ERASED}$", said), repr(said[-200:])


def test_what_is_printed_stands_above_it(tmp_path: Path) -> None:
    script, whole, half = (tmp_path / name for name in ("script.py", "whole", "half"))
    script.write_text(
        "import asyncio, os\nfrom servermanager import connect\n"
        "async def until(path):\n"
        "    while not os.path.exists(path):\n"
        "        await asyncio.sleep(0.02)\n"
        "async with connect() as session:\n"
        f"    points = session.sources.PointSource(NumberOfPoints={MILLION}, Radius=0.5)\n"
        "    slow = session.filters.Delaunay3D(Input=points).update_pipeline()\n"
        f"    await until({str(whole)!r})\n"
        "    print('a whole line')\n"
        f"    await until({str(half)!r})\n"
        "    print('half a ', end='', flush=True)\n"
        "    await asyncio.sleep(0.5)\n"  # the bar is drawn every tenth of a second, if it is
        "    print('line')\n"
        "    await slow\n"
    )
    with terminal(str(script)) as shown:
        shown.wait_for(BAR)
        whole.touch()
        shown.wait_for(rf"{ERASED}a whole line\r\n{EXECUTING}")
        half.touch()
        shown.wait_for(f"half a line\r\n{EXECUTING}")
        os.kill(shown.process.pid, signal.SIGINT)
        shown.wait_for("interrupted")
        shown.rest(130)


def test_a_question_to_the_user_is_left_alone(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from servermanager.sync import connect\n"
        "with connect() as session:\n"
        f"    points = session.sources.PointSource(NumberOfPoints={MILLION}, Radius=0.5)\n"
        "    view = session.views.RenderView()\n"
        "    session.show(session.filters.Delaunay3D(Input=points), view)\n"
        "    steps = session.progress()\n"
        "    while next(steps).fraction is None:\n"
        "        pass\n"
        "    name = input('what is the name? ')\n"
        "    print('the name is', name)\n"
        "    raise SystemExit(0 if session.connection.kind == 'connected' else 1)\n"
    )
    with terminal(str(script), APV_COMMUNICATION_BACKEND="zmq") as shown:
        shown.wait_for(r"what is the name\? ")
        shown.type("Delaunay")
        said = shown.wait_for("the name is Delaunay")
        assert not re.search(BAR, said), repr(said)


def test_a_link_that_is_down_is_told(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from paraview.simple import *\nw = Wavelet()\nprint('ready', flush=True)\ninput()\n"
        "print('points', w.GetDataInformation().GetNumberOfPoints())\n"
    )
    with Server("inproc") as server, terminal("--server-url", server.url, str(script)) as shown:
        shown.wait_for("ready")
        with server.frozen():
            shown.type("")
            shown.wait_for(r"\rreconnecting, for \d+ s: ")
        said = shown.wait_for("points 9261")
        assert re.search(rf"{ERASED}WARNING [^\r]*connected again", said), repr(said)
        shown.rest()
