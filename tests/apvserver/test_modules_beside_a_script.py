"""Files beside a script that are called as modules of Python: every process that is started has Python's own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from apvserver.commands.checkup.own_server import own_server
from apvserver.hosting.workers.program import first_line
from apvserver.vtk.files.writers.saved_series import write_series
from apvserver.vtk.rendering import opengl
from apvweb.own_server import OwnServer
from async_paraview.interpreter.module_path import module_path, python_path
from servermanager import connect

from ..harness.apvtest import in_loop
from ..harness.saving import assert_same, image, read, unstructured
from ..harness.time_limits import scaled

NAMES = ("enum", "types", "stat", "operator", "keyword", "queue", "selectors", "signal", "struct", "token", "calendar")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a script, as Python puts it first, with modules that end whoever imports them."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} beside the script')\n")
    (tmp_path / "mine_alone.py").write_text("answer = 42\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_modules_of_python_come_first_and_all_others_as_they_were(folder: Path) -> None:
    found = module_path()
    before = [entry for entry in dict.fromkeys(sys.path) if entry]
    library = str(Path(json.__file__).parents[1])
    moved = found[: found.index(str(folder))]
    assert library in moved and all(entry.startswith(str(Path(library).parent)) for entry in moved)
    assert found[len(moved) :] == [entry for entry in before if entry not in moved]
    program = "import enum, types, mine_alone; print(enum.__file__, mine_alone.answer)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], env=python_path(), capture_output=True, text=True, timeout=scaled(60)
    )
    assert done.stdout.split() == [str(Path(library) / "enum.py"), "42"], done.stderr


@pytest.mark.usefixtures("folder")
def test_the_picture_that_tells_whether_opengl_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without the files: either a report, or what this machine lacks."""
    monkeypatch.delenv(opengl.KNOWN_WINDOW_VARIABLE, raising=False)
    probe = opengl.OpenGLProbe()
    try:
        said = probe.result().window_class
    except opengl.OpenGLUnavailable as error:
        said = str(error)
    finally:
        probe.end()
    assert "beside the script" not in said and "Traceback" not in said


def test_what_is_written_in_a_child(folder: Path) -> None:
    grid = unstructured(image((2, 2, 2)))
    write_series(str(folder / "a.vtkhdf"), [0.0], lambda _: grid, {})
    assert_same(grid, read(next(folder.glob("a*.vtkhdf"))))


@pytest.mark.usefixtures("folder")
def test_a_worker_is_told_the_same_path() -> None:
    assert json.loads(first_line())["path"] == module_path()


@pytest.mark.usefixtures("folder")
@in_loop
async def test_sessions_and_the_servers_of_programs() -> None:
    async with connect() as session:
        assert (await session.sources.SphereSource().fetch()).number_of_points == 50
    server = OwnServer()
    try:
        async with connect(await server.url(), token_file=server.token_file) as session:
            assert (await session.sources.SphereSource().fetch()).number_of_points == 50
    finally:
        await server.close()
    with own_server() as url:
        assert url.startswith("tcp://")
