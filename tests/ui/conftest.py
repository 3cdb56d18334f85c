"""What the tests of this room have in common."""

from __future__ import annotations

from ..forks.forked_programs import pytest_runtest_setup, pytest_runtest_teardown
from ..harness.forked_workers import forked_workers

__all__ = ["forked_workers", "pytest_runtest_setup", "pytest_runtest_teardown"]
