"""One session for each number of ranks, for all tests of this room: it is not about how they begin and end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ...harness.forked_workers import forked_workers
from ...harness.sessions_of_ranks import SharedSessions

__all__ = ["forked_workers"]


@pytest.fixture(scope="package")
def sessions() -> Iterator[SharedSessions]:
    """They are closed after the last test of this room: ranks that have nothing to do look for work now and then."""
    with SharedSessions() as opened:
        yield opened
