"""Workers of built-in sessions of a test process are forked from one that has imported all, as those of a server are.

Starting a worker anew takes a second of a processor, most of which is imports; a fork takes a tenth. A room of tests
that asks sessions for something, and not how their workers begin and end, imports `forked_workers` into its conftest;
what they are forked from is that of all rooms, in the conftest of all tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from apvserver.hosting import relayed_worker
from apvserver.hosting.workers.fork_server import POSSIBLE, ForkedProcess
from apvserver.hosting.workers.forks import Forks
from apvserver.hosting.workers.worker_pool import WorkerPool

from .time_limits import scaled

DRAWN_BY = "TESTS_DRAWN_BY"
"""The variable that names the libraries by which this machine renders, as those of servers are told."""


def libraries_that_draw() -> list[str]:
    """Return the libraries by which this machine renders, as far as this process was told."""
    return [one for one in os.environ.get(DRAWN_BY, "").split(os.pathsep) if one]


class EnvironmentForks(Forks):
    """Workers have the variables that this process has when they begin, as those that are started anew."""

    def fork(self, environment: Mapping[str, str]) -> ForkedProcess:
        return super().fork({**os.environ, **environment})


@pytest.fixture(scope="session")
def forks_of_tests() -> Iterator[dict[str, EnvironmentForks]]:
    """What workers are forked from, by backend: begun with the first, and ended with the last test."""
    begun: dict[str, EnvironmentForks] = {}
    yield begun
    for forks in begun.values():
        forks.close()
        assert forks.join(scaled(10)), "what workers are forked from ends when it is told to"


@contextmanager
def workers_forked(forks: dict[str, EnvironmentForks]) -> Iterator[None]:
    """Fork workers of built-in sessions from these, where processes can be forked so."""

    class Pool(WorkerPool):
        def __init__(self, backend: str, *arguments: Any, **named: Any) -> None:
            super().__init__(backend, *arguments, **named)
            if backend not in forks:
                forks[backend] = EnvironmentForks(backend)
                forks[backend].load(libraries_that_draw())
            self._forks = forks[backend]

    with pytest.MonkeyPatch.context() as patch:
        if POSSIBLE:
            patch.setattr(relayed_worker, "WorkerPool", Pool)
        yield


@pytest.fixture(scope="package", autouse=True)
def forked_workers(forks_of_tests: dict[str, EnvironmentForks]) -> Iterator[None]:
    """Fork workers of built-in sessions in the tests of this room."""
    with workers_forked(forks_of_tests):
        yield
