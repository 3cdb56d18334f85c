"""How the result of `make test-windows` is read, judged and told: without wine."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from ..harness.time_limits import scaled
from .environment import FOR_TESTS, exports, requirements
from .judged import REASONS, out_of_date, reason_of
from .page import BEGIN, END, PAGE, result_of, with_result
from .suites import SUITES, Outcome, read_conformance, read_junit, read_outcomes, write_outcomes
from .wine import said_to_the_end, there

JUNIT = """<?xml version="1.0"?><testsuites><testsuite time="2.5">
<testcase classname="tests.core.test_gate" name="test_a"/>
<testcase classname="tests.core.test_gate" name="test_b[1]"><failure message="assert 1 == 2&#10;and"/></testcase>
<testcase classname="tests.core.test_gate" name="test_c"><skipped message="POSIX"/></testcase>
<testcase classname="tests.core.test_gate" name="test_d"><error message="">...</error></testcase>
</testsuite></testsuites>
"""
CONFORMANCE = """backend zmq (services_zmq.backend:ZmqBackend)
order[private]                                                         ok       0.02 s
deadlines[tcp://127.0.0.1:0]                                           FAILED   0.50 s
    promise: Never early.
    expected none; saw one
1 passed, 1 failed
"""


def test_what_pytest_has_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(JUNIT)
    outcome = read_junit(tmp_path / "a.xml")
    assert outcome.passed == ("test_gate::test_a",)
    assert outcome.failed == {"test_gate::test_b[1]": "assert 1 == 2", "test_gate::test_d": "no message"}
    assert (outcome.skipped, outcome.seconds) == (1, 2.5)


def test_what_the_conformance_suite_has_printed_is_read() -> None:
    outcome = read_conformance(CONFORMANCE)
    assert outcome.passed == ("order[private]",) and outcome.broken == ""
    assert outcome.failed == {"deadlines[tcp://127.0.0.1:0]": "promise: Never early. / expected none; saw one"}
    cut = read_conformance(CONFORMANCE.rpartition("1 passed")[0])
    assert cut.broken == "it ended before its last check"


def test_a_failure_counts_unless_there_is_a_reason() -> None:
    reasons = {"test_a::test_x*": "wine has no x"}
    assert reason_of("test_a::test_x[1]", reasons) == "wine has no x"
    assert reason_of("test_a::test_y", reasons) is None
    assert out_of_date(["test_a::test_x[1]"], [], reasons) == ["test_a::test_x*"]
    assert out_of_date(["test_a::test_x[1]"], ["test_a::test_x[2]"], reasons) == []
    assert out_of_date([], [], reasons) == [], "what was not run tells nothing"


def test_the_page_has_the_last_result_of_each_suite_and_no_older(tmp_path: Path) -> None:
    (judged, *_) = [*REASONS, "test_x::test_x"]
    outcomes = {
        "core": Outcome(("a", "b"), {"test_q::test_q": "assert 1 == 2"}, 3, 61.4, when="30 November 2026"),
        SUITES[0].name: Outcome((), {judged.replace("*", ""): "no"}, 0, 1.0, "it ended", "1 May 2026"),
    }
    write_outcomes(tmp_path / "o.json", outcomes)
    assert read_outcomes(tmp_path / "o.json") == outcomes and read_outcomes(tmp_path / "none") == {}
    result = result_of(outcomes, versions="wine-8.0, numpy 2.0.2")
    assert "| core | 2 | 1 | 0 | 3 | 61 | 30 November 2026 |" in result
    assert f"| {SUITES[0].name} (it ended) | 0 | 1 | {1 if REASONS else 0} | 0 | 1 | 1 May 2026 |" in result
    assert "- core, `test_q::test_q`: assert 1 == 2" in result
    assert f"| {SUITES[-1].name} | | | | | | not run |" in result
    page = f"before\n{BEGIN}old\n{END}after\n"
    assert with_result(page, "new\n") == f"before\n{BEGIN}new\n{END}after\n"
    with pytest.raises(ValueError, match="no place for the result"):
        with_result("nothing", "new")
    with_result(PAGE.read_text(encoding="utf-8"), result)


def test_what_is_installed_there_is_what_pyproject_asks_for() -> None:
    asked = requirements()
    for name in (*FOR_TESTS, "vtk", "pyzmq", "pyvista", "av"):
        assert any(one.startswith(name) for one in asked), name


@pytest.mark.parametrize("form", ["\t[   0] {}", "\t[   0] +base[   1]  0000 {}"])
def test_what_a_library_exports_is_read_from_both_forms_of_objdump(form: str) -> None:
    names = ("PyAIter_Check", "_Py_Dealloc", "Py_Main", "malloc")
    listing = "[Ordinal/Name Pointer] Table\n" + "\n".join(map(form.format, names)) + "\n\n"
    assert exports(listing) == ["PyAIter_Check", "Py_Main", "_Py_Dealloc"]


def test_suites_name_files_that_are_there() -> None:
    root = Path(__file__).parents[2]
    assert all((root / one).exists() for suite in SUITES for one in suite.tests)
    assert all(len(reason.split()) > 3 for reason in REASONS.values())


def test_a_file_has_its_name_there(tmp_path: Path) -> None:
    assert there(tmp_path / "a b.png").startswith("Z:\\") and there(tmp_path / "a b.png").endswith("\\a b.png")


@pytest.mark.skipif(os.name == "nt", reason="wine is run on other systems")
def test_what_a_program_leaves_running_is_not_waited_for() -> None:
    command = ["sh", "-c", "sleep 600 & echo $!; cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        said, in_time = said_to_the_end(process, "to the end\n", scaled(30))
        pid, *rest = said.decode().splitlines()
        os.kill(int(pid), signal.SIGTERM)
        assert in_time and rest == ["to the end"] and process.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="wine is run on other systems")
def test_a_program_that_does_not_end_has_its_time() -> None:
    command = ["sh", "-c", "echo begun; exec sleep 600"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert said_to_the_end(process, "", scaled(3)) == (b"begun\n", False)
        process.kill()
