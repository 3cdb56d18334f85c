"""What the tests of this room have in common."""

from __future__ import annotations

from ..forks.forked_programs import forked_programs, forks_of_programs

__all__ = ["forked_programs", "forks_of_programs"]
