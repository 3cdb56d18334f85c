"""What the tests of this room have in common."""

from __future__ import annotations

from ..harness.forked_workers import forked_workers, forks_of_tests

__all__ = ["forked_workers", "forks_of_tests"]
