"""One thread looks after all tests of a process: what hangs ends, what has ended is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from ..harness.apvtest import ROOT
from ..harness.one_watch import OneWatch
from ..harness.time_limits import scaled

TESTS = """
import threading

def test_that_ends(): pass

def test_that_hangs(): threading.Event().wait()

def test_that_comes_too_late(): pass
"""


@dataclass(frozen=True)
class Limit:
    """What is used of the settings of pytest-timeout."""

    timeout: float


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> SimpleQueue[Any]:
    """The tests whose time was up, in order."""
    found: SimpleQueue[Any] = SimpleQueue()
    monkeypatch.setattr("pytest_timeout.timeout_timer", lambda item, settings: found.put((item, settings.timeout)))
    return found


def begin(watch: OneWatch, name: str, limit_s: float) -> None:
    watch.begin(name, Limit(limit_s))  # type: ignore[arg-type]  # the item is handed on and nothing else


def test_who_ends_in_time_is_left_alone_and_who_does_not_is_found(late: SimpleQueue[Any]) -> None:
    watch = OneWatch()
    begin(watch, "ended", 0.5)  # more than the machine stands still between two lines
    watch.end()
    begin(watch, "long", scaled(100))
    watch.end()
    begin(watch, "hangs", 0.6)  # the watch would have looked later; the time of the first has passed by then
    assert late.get(timeout=scaled(20)) == ("hangs", 0.6)
    begin(watch, "hangs, too", 0.03)  # and it goes on where a debugger has kept the process
    assert late.get(timeout=scaled(20)) == ("hangs, too", 0.03)
    begin(watch, "longer", scaled(100))
    with pytest.raises(Empty):
        late.get(timeout=0.1)
    watch.end()


def test_many_tests_have_one_thread(late: SimpleQueue[Any]) -> None:
    before = set(threading.enumerate())
    watch = OneWatch()
    for number in range(100):
        begin(watch, f"test {number}", scaled(100))
        watch.end()
    assert [one.name for one in threading.enumerate() if one not in before] == ["tests-one-watch"]
    assert late.empty()


def test_a_process_whose_test_hangs_ends_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_timeout_set_timer\n", "utf-8")
    (tmp_path / "test_three.py").write_text(TESTS, "utf-8")
    command = (sys.executable, "-m", "pytest", "--rootdir", ".", "--timeout-method", "thread", "--timeout", "2", "-v")
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=scaled(60),
    )
    assert done.returncode == 1
    assert "test_that_ends PASSED" in done.stdout and "test_that_comes_too_late" not in done.stdout
    told = done.stdout + done.stderr
    assert "Timeout" in told and "in test_that_hangs" in told and "tests-one-watch" not in told
