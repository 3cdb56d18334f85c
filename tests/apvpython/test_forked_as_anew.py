"""Programs that tests fork are as those that begin anew: what they find, how they end, and what they start."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from apvserver.hosting.workers.fork_server import POSSIBLE

from ..forks.program_forks import Started
from ..harness import apvtest
from ..harness.apvtest import Program, poll

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="programs are forked on Linux only")

LOOKS = """
import json, os, signal, sys, tempfile, threading
threads = [one.name for one in threading.enumerate()]
from servermanager import connect
async with connect() as session:
    points = (await session.sources.Sphere().update_pipeline()).number_of_points
print(json.dumps({
    "points": points,
    "arguments": sys.argv,
    "module": __name__,
    "path": sys.path,
    "directory": os.getcwd(),
    "temporary": tempfile.gettempdir(),
    "variables": {name: value for name, value in os.environ.items() if name != "APV_OPENGL_WINDOW"},
    "threads": threads,
    "terminals": [one.isatty() for one in (sys.stdin, sys.stdout, sys.stderr)],
    "input": sys.stdin.read(),
    "signals": [str(signal.getsignal(one)) for one in (signal.SIGTERM, signal.SIGHUP)],
}))
sys.stderr.write("told\\n")
"""
ENDS = {
    "as it is": ("pass", 0),
    "by number": ("raise SystemExit(7)", 7),
    "by a text": ("raise SystemExit('no more')", 1),
    "by an error": ("1 / 0", 1),
    "by a signal": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9),
}


def how(program: Program) -> str:
    return "forked" if isinstance(program._popen, Started) else "anew"


def looked(folder: Path, backend: str) -> tuple[str, dict[str, Any], str]:
    with Program(
        "-m", "apvpython", "look.py", "an argument", directory=folder, APV_COMMUNICATION_BACKEND=backend
    ) as program:
        program.say("given\n")
        program.end_input()
        assert program.wait() == 0, program.errors
        return how(program), json.loads(program.output), program.errors


@pytest.mark.parametrize("backend", apvtest.BACKENDS)
def test_they_find_the_same(backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "look.py").write_text(LOOKS)
    forked, found, said = looked(tmp_path, backend)
    monkeypatch.setattr(apvtest, "begin", apvtest.begin_anew)
    anew, found_anew, said_anew = looked(tmp_path, backend)
    assert (forked, anew) == ("forked", "anew")
    assert found == found_anew and found["points"] == 50 and found["input"] == "given\n"
    assert said == said_anew == "told\n"


@pytest.mark.parametrize("end", ENDS)
def test_they_end_the_same(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, expected = ENDS[end]
    forked = apvtest.apvpython("-c", code)
    monkeypatch.setattr(apvtest, "begin", apvtest.begin_anew)
    anew = apvtest.apvpython("-c", code)
    assert (forked.code, forked.output, forked.errors) == (anew.code, anew.output, anew.errors)
    assert forked.code == expected


@pytest.mark.parametrize("name", ["PYTHONPATH", "LD_LIBRARY_PATH", "VTK_DEFAULT_OPENGL_WINDOW"])
def test_what_is_looked_at_first_of_all_begins_anew(name: str) -> None:
    with Program("-m", "apvpython", "-c", "pass", directory=None, **{name: "nowhere"}) as program:
        assert how(program) == "anew"


def test_other_programs_begin_anew() -> None:
    with Program("-c", "pass") as program:
        assert how(program) == "anew"


def test_nothing_of_them_is_left() -> None:
    with Program("-m", "apvserver", "--server-port", "0", APV_COMMUNICATION_BACKEND="zmq") as server:
        assert how(server) == "forked"
        server.wait_for("ready at")
        poll(lambda: server.workers(), what="a spare worker")
        left = server.descendants()
        server.signal(signal.SIGTERM)
        assert server.wait() == 0
        poll(lambda: not [one for one in left if one.is_running()], what="the end of all that it has started")
