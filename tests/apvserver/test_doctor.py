"""`apvserver doctor`: a report of what works, whose exit code tells."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from apvserver.commands.checkup import machine
from apvserver.commands.checkup.finding import Finding, Verdict, without_home
from apvserver.commands.checkup.session_trial import describe_place, try_session
from services_core import __version__

from ..harness.apvtest import BACKENDS, Ended, Server, run

STEPS = (
    "connection, greeting",
    "session opened",
    "session's services",
    "filter executed",
    "picture drawn",
    "round trips",
)
STEP = re.compile(r"^ok +([a-z', ]+?) {2,}[\d.]+ ms", re.MULTILINE)


def doctor(*arguments: str, **env: Any) -> Ended:
    return run("apvserver", "doctor", *arguments, **env)


def test_nothing_fails_on_a_machine_that_works() -> None:
    ended = doctor()
    assert ended.code == 0 and ended.errors == "", ended
    assert tuple(STEP.findall(ended.output)) == STEPS, ended
    assert re.search(r"picture drawn .*mean color \((\d+\.\d, ){2}\d+\.\d\), sha256 [0-9a-f]{12}$", ended.output, re.M)
    assert re.search(rf"^ok +async-paraview +{re.escape(__version__)}, protocol \d+\.\d+$", ended.output, re.M), ended
    for what in ("vtk", "numpy", "pyzmq", "OpenGL", "backend inproc", "backend zmq", "connection files"):
        assert re.search(rf"^ok +{what} +\S", ended.output, re.M), (what, ended)
    assert str(Path.home()) not in ended.output
    assert ended.output.endswith("\nnothing failed\n")


@pytest.mark.parametrize("backend", [BACKENDS[0], pytest.param(BACKENDS[1], marks=pytest.mark.deep)])
def test_a_server_that_runs_is_tried(backend: str) -> None:
    with Server(backend) as server:
        found = list(try_session(server.url))
        assert tuple(one.what for one in found) == STEPS
        assert {one.verdict for one in found} == {Verdict.FINE}, found
        assert f"backend {backend}" in found[1].seen


def test_where_nothing_can_be_drawn_the_picture_fails_and_what_to_do_is_told() -> None:
    ended = doctor(VTK_DEFAULT_OPENGL_WINDOW="vtkOSOpenGLRenderWindow")
    assert ended.code == 1, ended
    assert re.search(r"^FAILED OpenGL +no usable OpenGL", ended.output, re.M) and "nstall" in ended.output, ended
    assert tuple(STEP.findall(ended.output)) == STEPS[:4], ended
    assert re.search(r"^FAILED picture drawn", ended.output, re.M), ended
    assert "2 of it failed" in ended.output


def test_a_directory_that_others_can_write_to_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("APV_RUNTIME_DIR", str(tmp_path / "file"))
    _, found = machine.directories()
    assert found.verdict is Verdict.FAILED and str(tmp_path) in found.seen
    monkeypatch.setenv("APV_RUNTIME_DIR", str(tmp_path / "own"))
    _, found = machine.directories()
    assert found.verdict is Verdict.FINE and list((tmp_path / "own").iterdir()) == []


def test_nobody_there() -> None:
    found = list(try_session("tcp://127.0.0.1:1"))
    assert [(one.what, one.verdict) for one in found] == [("connection, greeting", Verdict.FAILED)]
    assert "nobody listens at tcp://127.0.0.1:1" in found[0].seen


def test_a_server_that_cannot_begin_is_quoted() -> None:
    ended = doctor(APV_VTK_THREADS="many")
    assert ended.code == 1 and "FAILED server" in ended.output, ended
    assert "APV_VTK_THREADS is 'many'" in ended.output, ended


def test_a_report_names_no_home_and_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    assert without_home("in /home/ada/.venv/bin/python") == "in ~/.venv/bin/python"
    assert "ada" not in str(Finding("Python", "/home/ada/python"))
    assert describe_place("tcp://secret.example.org:11111") == "tcp://HOST:11111"
    assert describe_place("tcp://127.0.0.1:5") == "tcp://127.0.0.1:5"


def test_a_port_that_is_taken_is_no_failure() -> None:
    with Server(None) as server:
        number = int(server.url.rpartition(":")[2])
        taken = machine.port(number)
    assert taken.verdict is Verdict.NOTE and "-p" in taken.seen
    assert machine.port(number).verdict is Verdict.FINE


def test_a_word_that_is_no_command() -> None:
    ended = run("apvserver", "doktor")
    assert ended.code == 2 and "there is no command 'doktor'; did you mean doctor?" in ended.errors, ended
    ended = run("apvserver", "--servr-port", "1")
    assert ended.code == 2 and "unknown options: --servr-port 1; did you mean --server-port?" in ended.errors, ended
    ended = run("apvserver", "--port=1")  # what other servers call it
    assert ended.code == 2 and "unknown options: --port=1; did you mean --server-port?" in ended.errors, ended
    ended = run("apvserver", "--qqqq")
    assert ended.code == 2 and ended.errors.endswith("unknown options: --qqqq\n"), ended


def test_what_makes_images_is_told_and_by_what_it_would_be_quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = [one for one in machine.versions() if one.what == "image codecs"]
    assert found.verdict is Verdict.FINE
    assert re.fullmatch(r"JPEG by simplejpeg \d\S+, exact images by lz4 \d\S+, H.264 by av \d\S+", found.seen), found
    there = metadata.version

    def version(name: str) -> str:
        if name in ("simplejpeg", "lz4"):
            raise metadata.PackageNotFoundError(name)
        return there(name)

    monkeypatch.setattr(metadata, "version", version)
    found = machine.codecs()
    assert found.verdict is Verdict.NOTE
    assert found.seen == (
        "JPEG by Pillow, which takes longer, exact images by zlib, which takes longer, "
        f"H.264 by av {there('av')}: pip install 'async-paraview[fast]'"
    )
