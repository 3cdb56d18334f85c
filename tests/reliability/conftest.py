"""Programs begin and end here as for everybody, but for tests that are about something else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Final

import pytest

from ..forks.forked_programs import pytest_runtest_setup, pytest_runtest_teardown
from ..harness.forked_workers import EnvironmentForks, workers_forked

__all__ = ["pytest_runtest_setup", "pytest_runtest_teardown"]

FORKED: Final = {
    "test_bad_input",
    "test_bytes_that_wait",
    "test_keys",
    "test_operators",
    "test_priorities",
    "test_separators",
    "test_several_programs_live_on",
    "test_strangers",
    "test_tokens",
    "test_user_errors",
    "test_waiting_for_sessions",
}
"""What is about who is let in, what is told and what may be asked."""
WORKERS_FORKED: Final = {"test_failures", "test_meant_for_another", "test_user_errors"}
"""What asks built-in sessions for something."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Have the programs of all others begin anew."""
    if item.path.stem not in FORKED:
        item.add_marker(pytest.mark.anew)


@pytest.fixture(scope="module", autouse=True)
def workers(request: pytest.FixtureRequest, forks_of_tests: dict[str, EnvironmentForks]) -> Iterator[None]:
    """Fork workers of built-in sessions that are asked for something; those of all others begin anew."""
    with workers_forked(forks_of_tests) if request.path.stem in WORKERS_FORKED else nullcontext():
        yield
