"""`apvpython doctor`: what a client finds at a server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ..harness.apvtest import BACKENDS, Program, Server, apvpython

STEPS = [
    "session opened", "filter executed", "data fetched", "picture drawn", "image streamed", "requests",
    "session closed",
]  # fmt: skip


def steps(report: str) -> list[str]:
    """The steps that went well."""
    return re.findall(r"^ok +([a-z ]+?) {2,}[\d.]+ ms", report, re.MULTILINE)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_server_that_works(backend: str) -> None:
    with Server(backend) as server:
        ended = apvpython("doctor", "--server-url", server.url)
    assert ended.code == 0 and ended.errors == "", ended
    assert steps(ended.output) == STEPS and ended.output.endswith("\nnothing failed\n")
    assert re.search(r"picture drawn .*mean color \((\d+\.\d, ){2}\d+\.\d\), sha256 [0-9a-f]{12}$", ended.output, re.M)


def test_built_in() -> None:
    ended = apvpython("doctor")
    assert ended.code == 0 and steps(ended.output) == STEPS, ended


def test_nobody_there() -> None:
    ended = apvpython("doctor", "--server-url", "tcp://127.0.0.1:1")
    assert ended.code == 1 and re.search(r"^FAILED session opened +nobody listens at", ended.output, re.M), ended
    assert steps(ended.output) == [] and ended.errors == "", ended


def test_where_nothing_can_be_drawn() -> None:
    with Server("zmq", VTK_DEFAULT_OPENGL_WINDOW="vtkOSOpenGLRenderWindow") as server:
        ended = apvpython("doctor", "--server-url", server.url)
    assert ended.code == 1 and steps(ended.output) == STEPS[:3], ended
    assert re.search(r"^FAILED picture drawn .*no usable OpenGL", ended.output, re.M), ended


def test_a_script_may_have_that_name(tmp_path: Path) -> None:
    (tmp_path / "doctor").write_text("print('a script')\n")
    with Program("-m", "apvpython", "doctor", directory=tmp_path) as program:
        assert program.wait() == 0 and program.output == "a script\n"
