"""The fork server that there is, and the next one where one was killed: workers go on being forked."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from .fork_server import ForkedProcess, ForkServer, NoFork

_log = logging.getLogger(__name__)

MOST_BEGINNINGS: Final = 3
BEGINNINGS_S: Final = 60.0
"""So many fork servers begin within so long, and no more: what ends them is still there. Workers are spawned then."""

Begin = Callable[[Callable[[], None]], ForkServer]
"""Begins a fork server, which calls what it is given if it ends by itself."""


class Forks:
    """Forks workers from one fork server after the other. Thread-safe; `fork` and `join` block.

    One that was ended from outside, or by what it imports, is begun again at once, for all whose workers died with it:
    then they share the imports, which take longest. One that says that nothing can be forked is not.
    """

    def __init__(self, backend: str, begin: Begin | None = None) -> None:
        """Begin the first. Raises what keeps a program from being started."""
        self._begin_one = begin or partial(ForkServer, backend)
        self._lock = threading.Lock()
        self._beginnings: deque[float] = deque(maxlen=MOST_BEGINNINGS)
        self._libraries: dict[str, None] = {}
        self._closed = False
        self._is_lost = False
        with self._lock:
            self._now = self._begin()

    def fork(self, environment: Mapping[str, str]) -> ForkedProcess:
        """Return a new worker: see `ForkServer.fork`. If the fork server ends meanwhile, of the next. Raises NoFork."""
        server = self._current()
        try:
            return server.fork(environment)
        except NoFork:
            if (following := self._current()) is server:
                raise
            return following.fork(environment)

    def load(self, libraries: Sequence[str]) -> None:
        """Have these loaded for the workers that are forked from now on."""
        with self._lock:
            self._libraries |= dict.fromkeys(libraries)
            server = self._now
        server.load(libraries)

    def end_unready(self) -> None:
        """Kill the fork server if it still imports; from now on no other begins."""
        with self._lock:
            self._closed = True
            server = self._now
        server.end_unready()

    def close(self) -> None:
        """Tell the fork server to end; from now on no other begins."""
        with self._lock:
            self._closed = True
            server = self._now
        server.close()

    def join(self, timeout_s: float) -> bool:
        """Wait until nothing is left of it, as `ForkServer.join`. Those that were lost have ended."""
        with self._lock:
            server = self._now
        return server.join(timeout_s)

    # --- inside

    def _current(self) -> ForkServer:
        """Return the fork server that there is, another one if it was lost and that may begin by now."""
        with self._lock:
            self._replace()
            return self._now

    def _lost(self) -> None:
        """Begin another. Called by the thread of one that has ended by itself, before its workers are given up."""
        with self._lock:
            self._is_lost = True
            self._replace()

    def _replace(self) -> None:
        """Under the lock."""
        if not self._is_lost or self._closed:
            return
        if len(self._beginnings) == MOST_BEGINNINGS and time.monotonic() - self._beginnings[0] < BEGINNINGS_S:
            _log.info("%d fork servers have begun within %g s: workers are spawned", MOST_BEGINNINGS, BEGINNINGS_S)
            return
        try:
            self._now = self._begin()
        except Exception as error:  # whatever prevents it, as of the first
            _log.info("workers are not forked: %s: %s", type(error).__name__, error)
            return
        self._is_lost = False
        _log.warning("what forks workers has ended, and began again")

    def _begin(self) -> ForkServer:
        """Under the lock."""
        self._beginnings.append(time.monotonic())
        server = self._begin_one(self._lost)
        server.load(list(self._libraries))
        return server
