"""Programs begin and end here as for everybody, but for tests that are about something else."""

from __future__ import annotations

from typing import Final

import pytest

from ..forks.forked_programs import pytest_runtest_setup, pytest_runtest_teardown

__all__ = ["pytest_runtest_setup", "pytest_runtest_teardown"]

FORKED: Final = {
    "test_bad_input",
    "test_bytes_that_wait",
    "test_keys",
    "test_operators",
    "test_priorities",
    "test_separators",
    "test_strangers",
    "test_tokens",
    "test_user_errors",
}
"""What is about who is let in, what is told and what may be asked."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Have the programs of all others begin anew."""
    if item.path.stem not in FORKED:
        item.add_marker(pytest.mark.anew)
