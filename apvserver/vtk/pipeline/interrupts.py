"""How an execution under way is stopped from another thread, and when an algorithm may be told to abort."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any

from .interruption import may_abort


class Interrupts:
    """The interrupts of one executor. The executing thread begins and ends; all else may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = False
        self._stop = False
        self._purpose: object = None
        self._depends_on: frozenset[int] = frozenset()
        self._order: Sequence[int] = ()
        self._current: Any = None
        self._flagged = False
        self.on_stop: Callable[[], None] | None = None
        """Called, under the lock, when the execution under way is to stop; it must be brief."""

    @property
    def stopped(self) -> bool:
        """Whether the execution under way, or the last execution, was to stop."""
        return self._stop

    @property
    def flagged(self) -> bool:
        """Whether the algorithm that executes was told to abort."""
        return self._flagged

    def begin(self, purpose: object, depends_on: frozenset[int], order: Sequence[int] = ()) -> None:
        """Begin an execution, of the proxies in that order: from now on it can be interrupted."""
        with self._lock:
            self._busy, self._stop = True, False
            self._purpose, self._depends_on, self._order = purpose, depends_on, order

    def end(self) -> None:
        """End an execution: what interrupts it from now on comes too late."""
        with self._lock:
            self._busy = False
            self._purpose = None

    def interrupt(self, purpose: object = None) -> None:
        """See `Executor.interrupt`."""
        with self._lock:
            if self._busy and (purpose is None or purpose is self._purpose):
                self._stop_now()

    def interrupt_if_depends(self, ids: Collection[Any]) -> None:
        """See `Executor.interrupt_if_depends`."""
        with self._lock:
            if self._busy and not self._depends_on.isdisjoint(ids):
                self._stop_now()

    def interrupt_execution_of(self, ids: Collection[Any]) -> None:
        """See `Executor.interrupt_execution_of`."""
        with self._lock:
            if self._busy and not frozenset(ids).isdisjoint(self._order):
                self._stop_now()

    def begin_algorithm(self, algorithm: Any) -> bool:
        """Return whether an algorithm may be executed: not if that was interrupted in the last moment."""
        if algorithm.GetAbortExecute():
            algorithm.SetAbortExecute(0)
        allowed = may_abort(algorithm)
        with self._lock:
            self._flagged = False
            self._current = algorithm if allowed and not self._stop else None
            return not self._stop

    def end_algorithm(self, algorithm: Any) -> bool:
        """Return whether the algorithm was flagged; then it is reset, and out of date whatever it has made of that."""
        with self._lock:
            self._current = None
            flagged = self._flagged
        if flagged:
            algorithm.SetAbortExecute(0)
            algorithm.Modified()
        return flagged

    def _stop_now(self) -> None:
        self._stop = True
        if self.on_stop is not None:
            self.on_stop()
        if self._current is not None and not self._flagged:
            self._flagged = True
            self._current.SetAbortExecuteAndUpdateTime()
