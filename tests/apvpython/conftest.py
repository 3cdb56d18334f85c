"""What the tests of this room have in common."""

from __future__ import annotations

from ..forks.forked_programs import pytest_runtest_setup, pytest_runtest_teardown

__all__ = ["pytest_runtest_setup", "pytest_runtest_teardown"]
