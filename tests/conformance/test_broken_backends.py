"""Backends that cannot be tried: the suite and the bench say in one line what is wrong, and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from bench.cli import main as bench
from services_core.conformance.__main__ import main as conformance

from ..harness.time_limits import scaled

_ROOT: Final = Path(__file__).parents[2]

_MODULES: Final = {
    "broken_syntax": "class Broken(:\n",
    "broken_import": "raise RuntimeError('no licence\\nfor this machine')\n",
    "broken_parts": (
        "from services_core import Backend\n"
        "from services_inproc import InprocBackend\n"
        "class Half(Backend):\n"
        "    schemes = ('half',)\n"
        "    def listen(self, url, accept): ...\n"
        "    def close(self, timeout_s=10.0): ...\n"
        "class Failing(InprocBackend):\n"
        "    def __init__(self, limits=None): raise OSError('no such device')\n"
        "NOT_A_CLASS = 1\n"
    ),
}

_SAID: Final = {
    "carrier-pigeon": "unknown backend 'carrier-pigeon'; known are inproc, zmq",
    "no_such_module:X": "cannot be loaded: No module named 'no_such_module'",
    "broken_parts:Missing": "cannot be loaded: module 'broken_parts' has no attribute 'Missing'",
    "broken_syntax:Broken": "cannot be loaded: importing broken_syntax raised SyntaxError: invalid syntax",
    "broken_import:Broken": "importing broken_import raised RuntimeError: no licence for this machine",
    "broken_parts:NOT_A_CLASS": "is no class derived from services_core.Backend",
    "broken_parts:Half": "is not complete: Half lacks connect, private_url, crosses_processes",
    "broken_parts:Failing": "cannot be made: OSError: no such device",
}


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of modules that is searched."""
    for name, text in _MODULES.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("modules")
@pytest.mark.parametrize("name", _SAID)
@pytest.mark.parametrize("program", [conformance, bench], ids=["conformance", "bench"])
def test_one_line_says_what_is_wrong(program: object, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = bench(["transport", "--backend", name]) if program is bench else conformance(["--backend", name])
    said = capsys.readouterr().err
    assert code == 2
    assert _SAID[name] in said
    assert said.count("\n") == 1, said


def test_no_traceback_is_shown(modules: Path) -> None:
    command = [sys.executable, "-m", "services_core.conformance", "--backend", "broken_import:Broken"]
    path = os.pathsep.join([str(modules), str(_ROOT)])
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=scaled(30), check=False, env={**os.environ, "PYTHONPATH": path}
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: backend 'broken_import:Broken'") and done.stderr.count("\n") == 1
