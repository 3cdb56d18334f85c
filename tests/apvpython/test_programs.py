"""Ordinary programs: modules, code with the names of the REPL, loops of their own, a forgotten await, signals."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import psutil
import pytest

from ..harness.apvtest import BACKENDS, Program, Server, apvpython, poll
from ..harness.time_limits import scaled

OWN_LOOP = """
import asyncio
from servermanager import connect

async def main():
    session = await connect()
    view = session.views.RenderView(ViewSize=(40, 30))
    session.show(session.sources.Wavelet(), view)
    await view.screenshot()  # the first takes seconds on a busy machine: a worker tells that it ends in its midst
    print((await session.sources.SphereSource().update_pipeline()).number_of_points)

asyncio.run(main())
"""


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("program", ["apvpython", "python"])
def test_a_program_with_its_own_loop_leaves_a_session_open(program: str, backend: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(OWN_LOOP)
    arguments = ["-m", "apvpython"] if program == "apvpython" else []
    with Program(*arguments, str(script), APV_COMMUNICATION_BACKEND=backend) as ran:
        assert ran.wait() == 0
        assert (ran.output, ran.errors) == ("50\n", "")


CYCLES = """
import gc

class Kept:
    def __init__(self, name):
        self.itself, self.name = self, name

    def __del__(self):
        print(self.name, flush=True)

before = Kept("made before the import")
from servermanager import sync
after = Kept("made after it")
print(gc.get_freeze_count() > 10_000, gc.isenabled())
garbage = Kept("garbage")
del garbage
gc.collect()
print("end")
"""


@pytest.mark.anew
def test_the_collector_leaves_the_client_alone_and_finds_all_that_a_script_has_made(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(CYCLES)
    for arguments in (("apvpython", str(script)), ("apvpython", "-c", CYCLES)):
        with Program("-m", *arguments) as ran:
            assert ran.wait() == 0, ran.errors
            *before, last, other = ran.output.splitlines()
            assert before == ["True True", "garbage", "end"]
            assert {last, other} == {"made before the import", "made after it"}


BUILT_IN_ONE = """
import gc, io
from servermanager import sync

class Kept:
    def __init__(self):
        self.itself = self

    def __del__(self):
        print("freed", flush=True)

{made}
with sync.connect() as session:
    print(session.sources.Sphere().update_pipeline().number_of_points)
print(len(gc.get_objects()) < 60_000)
"""


@pytest.mark.parametrize(
    ("made", "printed"),
    [
        ("made = [1]; made.append(made)", ["50", "True"]),
        ("made = Kept()", ["50", "False", "freed"]),
        ("class Kept(Kept):\n    __module__ = property(repr)\nmade = Kept()", ["50", "False", "freed"]),
        ("made = [open('written', 'w')]; made[0].write('all of it'); made.append(made)", ["50", "False"]),
    ],
)
def test_the_services_of_a_session_are_left_alone_where_nothing_of_a_script_is_missed_so(
    made: str, printed: list[str], tmp_path: Path
) -> None:
    script = tmp_path / "script.py"
    script.write_text(BUILT_IN_ONE.format(made=made))
    with Program(
        "-W", "ignore", "-m", "apvpython", str(script), directory=tmp_path, APV_COMMUNICATION_BACKEND="inproc"
    ) as ran:
        assert ran.wait() == 0, ran.errors
        assert ran.output.splitlines() == printed
    if "written" in made:
        assert (tmp_path / "written").read_text() == "all of it"


@pytest.mark.anew
def test_a_client_that_cannot_be_imported_is_told_at_the_line_that_imports_it(tmp_path: Path) -> None:
    (tmp_path / "servermanager.py").write_text("1 / 0\n")
    script = tmp_path / "script.py"
    script.write_text("print('begun')\nimport servermanager\n")
    with Program("-m", "apvpython", str(script)) as ran:
        assert ran.wait() == 1
        assert ran.output == "begun\n"
        assert f'File "{script}", line 2' in ran.errors
        assert ran.errors.count("Traceback") == 1
        assert ran.errors.endswith("ZeroDivisionError: division by zero\n")


def test_modules(tmp_path: Path) -> None:
    package = tmp_path / "tools"
    package.mkdir()
    (package / "__init__.py").write_text("print('imported')\n")
    (package / "beside.py").write_text("NAME = 'beside'\n")
    (package / "__main__.py").write_text(
        "import asyncio, sys\nfrom .beside import NAME\n"
        "print(__name__, __package__, __spec__.name, NAME, sys.argv[1:], await asyncio.sleep(0, 5))\n"
        "assert sys.argv[0] == __file__ and sys.modules['__main__'].NAME == NAME\n"
        "1 / 0\n"
    )
    with Program("-m", "apvpython", "-m", "tools", "-c", "--size=3", directory=tmp_path) as ran:
        assert ran.wait() == 1
        assert ran.output == "imported\n__main__ tools tools.__main__ beside ['-c', '--size=3'] 5\n", ran.errors
        assert ran.errors.startswith("Traceback (most recent call last):\n  File ") and "line 5, in" in ran.errors
        assert ran.errors.endswith("ZeroDivisionError: division by zero\n") and "importlib" not in ran.errors
    (package / "empty").mkdir()
    (package / "empty" / "__init__.py").write_text("")
    for name, why in (("tools.empty", "is a package without a module __main__"), ("tols", "there is no module 'tols'")):
        with Program("-m", "apvpython", "-m", name, directory=tmp_path) as ran:
            assert ran.wait() == 1 and why in ran.errors and ran.errors.count("\n") == 1, ran.errors


def test_code_finds_the_names_of_the_repl() -> None:
    code = "print((await session.sources.SphereSource().update_pipeline()).number_of_points, connect.__name__)"
    ended = apvpython("-c", code, "--size", "3")
    assert (ended.code, ended.output, ended.errors) == (0, "50 connect\n", ""), ended
    ended = apvpython("-c", "import sys; print(session.role, sys.argv, asyncio.__name__)", "-v", "--size")
    assert (ended.code, ended.output, ended.errors) == (0, "owner ['-c', '-v', '--size'] asyncio\n", ""), ended
    with Server("inproc") as server:
        ended = apvpython("--server-url", server.url, given="print(session.about['url'])\n")
    assert (ended.code, ended.output, ended.errors) == (0, f"{server.url}\n", ""), ended


def test_a_name_of_its_own_is_no_session_of_ours() -> None:
    """With a server that is not there: opening a session would fail."""
    for code in (
        "session = 3\nprint(session)",
        "for session in [3]: print(session)",
        "print((lambda session: session)(3))",
    ):
        ended = apvpython("--server-url", "tcp://127.0.0.1:1", "-c", code)
        assert (ended.code, ended.output, ended.errors) == (0, "3\n", ""), ended
    ended = apvpython("--server-url", "tcp://127.0.0.1:1", "-c", "print(session)")
    assert ended.code == 1 and "nobody listens at" in ended.errors, ended


def test_a_forgotten_await_is_one_line(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from servermanager import connect\n"
        "async def mine():\n    pass\n"
        "async with connect() as session:\n"
        "    source = session.sources.Wavelet()\n"
        "    mine()\n"
        "    session.save_state('here.json')\n"
        "    kept = source.fetch()\n"
        "    connect()\n"
        "    print((await source.update_pipeline()).number_of_points)\n"
    )
    ended = apvpython(str(script))
    assert (ended.code, ended.output) == (0, "9261\n"), ended
    assert ended.errors.splitlines() == [
        f"{script}, line {line}: await is missing, {name}() was never awaited: {source}"
        for line, name, source in (
            (6, "mine", "mine()"),
            (7, "Session.save_state", "session.save_state('here.json')"),
            (9, "connect", "connect()"),
            (8, "SourceProxy.fetch", "kept = source.fetch()"),
        )
    ]
    ended = apvpython("-c", "async def work(): pass\nwork()\n")
    assert ended.errors == "<command>, line 2: await is missing, work() was never awaited: work()\n", ended
    ended = apvpython("-c", "import warnings\nwarnings.warn('other', RuntimeWarning)\n")
    assert "RuntimeWarning: other" in ended.errors, ended


def test_what_the_awaited_value_has_is_asked_of_what_was_not_awaited() -> None:
    ended = apvpython("-c", "run = session.sources.Wavelet().update_pipeline()\nprint(run.bounds)\n")
    assert ended.code == 1 and "line 2, in <module>" in ended.errors and ended.errors.count("  File ") == 1, ended
    said = "AttributeError: an Execution has no 'bounds'; it is of what comes out: await the execution first"
    assert ended.errors.splitlines()[-1] == said, ended


def test_frames_of_ours_are_shown_on_demand(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(OWN_LOOP.replace("SphereSource().", "SphereSource().port('a', 2)."))
    ended = apvpython(str(script))
    assert ended.code == 1 and "asyncio" not in ended.errors.replace("asyncio.run(main())", ""), ended
    assert f'File "{script}", line 12, in <module>' in ended.errors and "line 10, in main" in ended.errors
    assert "TypeError: " in ended.errors
    assert "runners.py" in apvpython("-v", str(script)).errors


def test_a_loop_in_the_loop_is_explained() -> None:
    ended = apvpython("-c", "async def main(): pass\nawait asyncio.sleep(0)\nasyncio.run(main())\n")
    assert ended.code == 1 and "await main() there, instead of asyncio.run(main())" in ended.errors, ended


@pytest.mark.anew
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("program", ["apvpython", "python"])
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_told_to_end_it_ends_as_python_does(program: str, backend: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        OWN_LOOP.replace(")).number_of_points)", ")).number_of_points, flush=True)\n    await asyncio.sleep(100)")
    )
    arguments = ["-m", "apvpython"] if program == "apvpython" else []
    with Program(*arguments, str(script), APV_COMMUNICATION_BACKEND=backend) as ran:
        poll(lambda: ran.output == "50\n", deadline_s=30)
        workers = ran.workers()
        assert bool(workers) == (backend == "zmq")
        psutil.Process(ran.pid).send_signal(signal.SIGTERM)
        assert ran.wait() == -signal.SIGTERM
        assert psutil.wait_procs(workers, scaled(15))[1] == []
        assert ran.errors == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupted_in_a_loop_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import asyncio\nasync def main():\n    print('in', flush=True)\n    await asyncio.sleep(100)\n\n"
        "asyncio.run(main())\n"
    )
    with Program("-m", "apvpython", str(script)) as ran:
        poll(lambda: ran.output == "in\n", deadline_s=30)
        psutil.Process(ran.pid).send_signal(signal.SIGINT)
        assert ran.wait() == 130 and ran.errors == "apvpython: interrupted\n", ran.errors
