"""What the tests of this room have in common."""

from __future__ import annotations

from ..forks.forked_programs import forked_programs, forks_of_programs
from ..harness.forked_workers import forked_workers, forks_of_tests

__all__ = ["forked_programs", "forked_workers", "forks_of_programs", "forks_of_tests"]
