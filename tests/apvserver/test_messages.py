"""VTK's errors as values: on the thread that caused them, without addresses, and not on stderr."""

import logging
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from vtkmodules.vtkFiltersProgrammable import vtkProgrammableFilter

from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.base.vtk_messages import Report, capture, clean, install
from apvserver.vtk.types.catalog import construct

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled


def provoke(file_name: str) -> None:
    reader = construct("XMLImageDataReader")
    reader.SetFileName(file_name)
    reader.Update()


def test_an_error_is_captured_without_header_and_addresses() -> None:
    with capture() as captured:
        provoke("/nowhere.vti")
    assert captured.errors == ["vtkXMLImageDataReader: Error opening file /nowhere.vti"]
    assert [one.text for one in captured.reports][1:] == [
        "vtkCompositeDataPipeline: Algorithm vtkXMLImageDataReader returned failure for request: REQUEST_INFORMATION"
    ]


def test_a_warning_is_no_error() -> None:
    reader = construct("CompositeDataReader")
    with capture() as captured:
        reader.UpdateInformation()
    assert Report("warning", "vtkCompositeDataReader: FileName must be set") in captured.reports
    assert "vtkCompositeDataReader: FileName must be set" not in captured.errors


def test_two_threads_do_not_mix_up_their_messages() -> None:
    barrier, found = threading.Barrier(2, timeout=scaled(30)), {}

    def run(name: str) -> None:
        with capture() as captured:
            for _ in range(50):
                barrier.wait()
                provoke(f"/{name}.vti")
        found[name] = captured.errors

    threads = [threading.Thread(target=run, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(scaled(60))
    for name in ("one", "two"):
        opened = [text for text in found[name] if "Error opening" in text]
        assert opened == [f"vtkXMLImageDataReader: Error opening file /{name}.vti"] * 50


def test_captures_nest() -> None:
    with capture() as outer:
        with capture() as inner:
            provoke("/inner.vti")
        provoke("/outer.vti")
    assert "inner" in inner.errors[0]
    assert len(outer.reports) == 2 and "outer" in outer.errors[0]


def test_a_message_of_another_thread_of_the_program_is_nobodys(caplog: pytest.LogCaptureFixture) -> None:
    with capture() as captured:
        thread = threading.Thread(target=provoke, args=("/other.vti",))
        thread.start()
        thread.join(scaled(30))
    assert captured.reports == []
    assert "Error opening file /other.vti" in caplog.text


def test_without_a_capture_messages_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    install()
    with caplog.at_level(logging.WARNING):
        provoke("/logged.vti")
    assert "Error opening file /logged.vti" in caplog.text


def test_an_exception_in_python_code_inside_vtk_is_an_error(caplog: pytest.LogCaptureFixture) -> None:
    source, broken = construct("SphereSource"), vtkProgrammableFilter()
    broken.SetInputConnection(source.GetOutputPort())
    empty: dict[str, None] = {}
    broken.SetExecuteMethod(lambda: empty["missing"])
    with capture() as captured:
        broken.Update()
    assert captured.reports[0] == Report("error", "KeyError: 'missing'")
    assert "Traceback" in caplog.text


def test_nothing_is_printed() -> None:
    code = (
        "from tests.apvserver import test_messages as t; t.install(); t.provoke('/x.vti')\n"
        "with t.capture(): t.provoke('/y.vti')"
    )
    done: Any = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=scaled(60),
    )
    assert done.returncode == 0, done.stderr
    assert "y.vti" not in done.stderr
    assert "0m" not in done.stderr  # the colour codes of VTK's own printing


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("ERROR: In a.cxx, line 3\nvtkA (0x12ab): it failed\n\n", "vtkA: it failed"),
        ("Warning: In /b/c.cxx, line 77\nvtkB (0x0): odd\n", "vtkB: odd"),
        ("Generic Warning: In c.cxx, line 1\nplain", "plain"),
        ("just text", "just text"),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_cleaning_a_long_text_takes_no_time() -> None:
    """Every message of VTK goes through it; one word more must not double what it takes."""
    text = "many words in a row and no colon " * 2000
    began = time.process_time()
    assert clean(text) == text.strip()
    assert time.process_time() - began < scaled(1.0)


def test_a_failure_says_once_what_was_reported_twice() -> None:
    failed = ExecutionFailed(7, "Calculator", ["mismatched brackets", "mismatched brackets", "no result"])
    assert str(failed) == "Calculator (proxy 7) failed: mismatched brackets; no result"
    assert failed.messages == ("mismatched brackets", "mismatched brackets", "no result")
