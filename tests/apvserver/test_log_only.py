"""What VTK says in its log and nowhere else is told like any other message, once, and by whom it was said."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any, Final

import pytest
from vtkmodules.vtkCommonCore import vtkLogger

from apvserver.vtk.base import vtk_log
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Message, Report, capture
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.proxies import Pipeline
from apvserver.vtk.types.catalog import construct

from ..harness.time_limits import scaled

ERROR: Final = vtkLogger.VERBOSITY_ERROR
WARNING: Final = vtkLogger.VERBOSITY_WARNING


def log(verbosity: Any, text: str) -> None:
    vtkLogger.Log(verbosity, __file__, 1, text)


def test_errors_and_warnings_of_the_log_are_captured_in_their_order() -> None:
    with capture() as captured:
        log(WARNING, "odd block")
        log(vtkLogger.VERBOSITY_INFO, "nothing to worry about")
        log(ERROR, "no such block\nin this file (0x1234)")
    assert captured.reports == [Report("warning", "odd block"), Report("error", "no such block\nin this file")]


def test_what_the_output_window_tells_as_well_is_told_once() -> None:
    with capture() as captured:
        reader = construct("XMLImageDataReader")
        reader.SetFileName("/nowhere.vti")
        reader.Update()
        log(ERROR, "vtkXMLImageDataReader: Error opening file /nowhere.vti and so on")
    told = [text for text in captured.errors if "Error opening" in text]
    assert told == [
        "vtkXMLImageDataReader: Error opening file /nowhere.vti",
        "vtkXMLImageDataReader: Error opening file /nowhere.vti and so on",
    ]


def test_what_was_logged_before_belongs_to_the_outer_capture() -> None:
    log(ERROR, "before all")
    with capture() as outer:
        log(ERROR, "outer")
        with capture() as inner:
            log(ERROR, "inner")
        log(ERROR, "outer again")
    assert inner.errors == ["inner"] and outer.errors == ["outer", "outer again"]


@pytest.mark.parametrize("_round", range(20))
def test_two_threads_do_not_mix_up_their_logs(_round: int) -> None:  # one round meets what another misses
    barrier, found = threading.Barrier(2, timeout=scaled(30)), {}

    def run(name: str) -> None:
        with capture() as captured:
            for number in range(50):
                barrier.wait()
                log(ERROR, f"{name} {number}")
        found[name] = captured.errors

    threads = [threading.Thread(target=run, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(scaled(60))
    assert found == {name: [f"{name} {number}" for number in range(50)] for name in ("one", "two")}


def test_what_another_thread_is_reading_just_now_is_not_overlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread asked when what it had logged was read by another, and before that was kept for it: it got nothing."""
    logged, is_read, found = threading.Event(), threading.Event(), list[str]()

    def run() -> None:
        with capture() as captured:
            log(ERROR, "of the other thread")
            logged.set()
            assert is_read.wait(scaled(10))
        found.extend(captured.errors)

    other, records_of = threading.Thread(target=run), vtk_log.records_of

    def read_as_the_other_ends(text: str) -> list[vtk_log.Record]:
        is_read.set()
        other.join(0.05)  # it waits for the lock now, or has ended with nothing
        return records_of(text)

    other.start()
    assert logged.wait(scaled(10))
    monkeypatch.setattr(vtk_log, "records_of", read_as_the_other_ends)
    with capture() as captured:
        pass
    other.join(scaled(10))
    assert (found, captured.errors) == (["of the other thread"], [])


def test_the_log_of_another_thread_of_the_program_is_nobodys() -> None:
    logged, over = threading.Event(), threading.Event()

    def other() -> None:
        log(ERROR, "of another")
        logged.set()
        over.wait(scaled(30))

    thread = threading.Thread(target=other)
    with capture() as captured:
        thread.start()
        assert logged.wait(scaled(30))
        log(WARNING, "mine")
    over.set()
    thread.join(scaled(30))
    assert captured.reports == [Report("warning", "mine")]


def test_nothing_fails_by_the_log_of_a_thread_that_has_ended() -> None:
    """It may have been one of VTK's, which nobody can tell any more."""
    with capture() as captured:
        thread = threading.Thread(target=log, args=(ERROR, "of one that ended"))
        thread.start()
        thread.join(scaled(30))
    assert captured.reports == [Report("warning", "of one that ended")]


def test_an_execution_fails_by_an_error_that_only_the_log_shows() -> None:
    pipeline, messages = Pipeline(), list[Message]()
    pipeline.create(1, "SphereSource")
    pipeline.create(2, "ProgrammableFilter", inputs={"Input": [(1, 0)]})
    pipeline.algorithm(2).SetExecuteMethod(lambda: log(ERROR, "the third block cannot be read"))
    with pytest.raises(ExecutionFailed, match="the third block cannot be read"):
        Executor().execute(pipeline, 2, on_message=messages.append)
    assert [(one.severity, one.proxy_id, one.text) for one in messages] == [
        ("error", 2, "the third block cannot be read")
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_hears_itself_only() -> None:
    code = (
        "import os\n"
        "from vtkmodules.vtkCommonCore import vtkLogger\n"
        "from apvserver.vtk.base.vtk_messages import capture\n"
        "def log(text): vtkLogger.Log(vtkLogger.VERBOSITY_ERROR, 'a', 1, text)\n"
        "with capture() as captured: log('parent')\n"
        "child = os.fork()\n"
        "if child: log('parent again'); raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "with capture() as captured: log('child')\n"
        "assert captured.errors == ['child'], captured.errors\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=scaled(60))
    assert done.returncode == 0, done.stderr


def test_text_that_looks_like_words_for_ever_is_cleaned_at_once() -> None:
    with capture() as captured:
        log(WARNING, "word" * 200)
    assert captured.reports == [Report("warning", "word" * 200)]
