"""Options that a program does not have are told with those that were meant; Ctrl-C while it begins is no traceback."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ..harness.apvtest import run

INTERRUPTED_IMPORT = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name in ("apvpython.runner", "apvpython.doctor"):
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupting())
"""
"""Somebody presses Ctrl-C while a module is imported."""

MISTYPED = {
    ("apvpython", "--sever-url", "auto"): "unknown options: --sever-url; did you mean --server-url?",
    ("apvpython", "doctor", "--sever-url", "auto"): "did you mean --server-url?",
    ("apvserver", "status", "--jason"): "unknown options: --jason; did you mean --json?",
    ("apvserver", "stop", "--timeout", "3"): "did you mean --drain-timeout?",
    ("apvserver", "keys", "--whose"): "apvserver keys: error: ",
    ("apvweb", "--browser"): "did you mean --no-browser?",
    ("apvweb", "can.vtu"): "nothing takes 'can.vtu'; did you mean --data can.vtu?",
    ("apvserver", "stop", "now"): "nothing takes 'now'",
    ("apvgui", "--them", "dark"): "did you mean --theme?",
    ("servermanager.coverage", "--detail"): "did you mean --details?",
}


@pytest.mark.parametrize("words", MISTYPED, ids=" ".join)
def test_what_was_meant_is_told(words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 2
    assert MISTYPED[words] in ended.errors


@pytest.mark.skipif(sys.platform == "win32", reason="a program cannot be sent Ctrl-C alone there")
@pytest.mark.parametrize("words", [("apvpython", "-"), ("apvpython", "doctor")], ids=" ".join)
def test_interrupted_before_anything_runs(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTED_IMPORT)
    ended = run(*words, PYTHONPATH=str(tmp_path))
    assert ended.code == 130
    assert ended.errors == "apvpython: interrupted\n"
