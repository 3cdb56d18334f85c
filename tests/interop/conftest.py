"""Starts a server for each backend."""

from collections.abc import Iterator
from typing import Any

import pytest

from ..forks.forked_programs import pytest_runtest_setup, pytest_runtest_teardown
from ..harness.apvtest import Server

__all__ = ["pytest_runtest_setup", "pytest_runtest_teardown"]


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, Server]]:
    """One server for each backend, for all tests here."""
    with Server("inproc") as inproc, Server("zmq") as zmq:
        yield {"inproc": inproc, "zmq": zmq}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The interop matrix in the output of the tests: which combinations gave the same pixels and values."""
    outcomes: dict[str, str] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, []):
            if "test_matrix.py::test_" in report.nodeid and (report.when == "call" or outcome == "error"):
                outcomes[report.nodeid.rpartition("::test_")[2]] = outcome
    if not outcomes:
        return
    terminalreporter.section("interop matrix: same pixels, same values")
    for name, outcome in sorted(outcomes.items()):
        terminalreporter.write_line(f"{outcome:>8}  {name}")
