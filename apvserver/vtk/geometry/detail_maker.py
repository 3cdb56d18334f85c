"""Makes levels of detail beside the data service: what takes long of them is done on a thread of their own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from .coarse_surface import DetailUnwanted

PATIENCE_S: Final = 0.25
"""For so long newer ones of the same key may have older ones given up: while something moves all the time, every so
often one is finished."""

LAST_S: Final = 5.0
"""A piece takes milliseconds; a machine that is out of memory takes longer, and the session ends all the same."""

_log = logging.getLogger(__name__)

IsUnwanted = Callable[[], bool]
Work = Callable[[IsUnwanted], None]


@dataclass(slots=True, eq=False)
class _Job:
    key: Hashable
    number: int
    work: Work
    unwanted: bool = False


@dataclass(slots=True, eq=False)
class _Awaited:
    numbers: dict[Hashable, int]
    """Of each key that is not done, the first job that will do."""
    call: Callable[[], None]


@dataclass(slots=True)
class _State:
    waiting: dict[Hashable, _Job] = field(default_factory=dict)
    at_work: _Job | None = None
    awaited: list[_Awaited] = field(default_factory=list)
    behind_since: dict[Hashable, float] = field(default_factory=dict)
    """When the first of those was given up, or dropped, that were never made."""
    count: int = 0
    closed: bool = False


class DetailMaker:
    """Does one job after the other on its thread, which begins with the first of them; of each key the newest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._state = _State()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def make(self, key: Hashable, work: Work) -> None:
        """Have `work(is_unwanted)` done. Never blocks.

        What waits of that key is dropped, and what is at work of it is unwanted, unless that has been so for too long.
        Unwanted work ends by raising `DetailUnwanted`, as soon as it may.
        """
        with self._changed:
            state, now = self._state, self._clock()
            if state.closed:
                return
            current = state.at_work
            is_at_work = current is not None and current.key == key and not current.unwanted
            if is_at_work or key in state.waiting:
                since = state.behind_since.setdefault(key, now)
                if is_at_work and current is not None and now - since < PATIENCE_S:
                    current.unwanted = True
            state.count += 1
            state.waiting[key] = _Job(key, state.count, work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="levels-of-detail", daemon=True)
                self._thread.start()
            self._changed.notify()

    def drop(self, key: Hashable) -> None:
        """Forget what is to be made of that key; who waits for it waits no more."""
        with self._changed:
            state = self._state
            if key not in state.waiting and (state.at_work is None or state.at_work.key != key):
                return
            state.waiting.pop(key, None)
            state.behind_since.pop(key, None)
            if state.at_work is not None and state.at_work.key == key:
                state.at_work.unwanted = True
            calls = self._done(key, state.count)
        _call(calls)

    def when_made(self, keys: Collection[Hashable], call: Callable[[], None]) -> None:
        """Call this once what is to be made of these keys now, or a newer one of each, is: at once if nothing is.

        It is called on this thread or that of the work, and after `close` or `drop` as well.
        """
        with self._changed:
            state = self._state
            jobs = ([] if state.at_work is None or state.at_work.unwanted else [state.at_work]) + [
                *state.waiting.values()
            ]
            numbers = {job.key: job.number for job in jobs if job.key in keys}
            if numbers:
                state.awaited.append(_Awaited(numbers, call))
                return
        call()

    def close(self) -> None:
        """End the thread after the piece that it is at, and wait for it, LAST_S at most; nothing more is made."""
        with self._changed:
            state = self._state
            state.closed = True
            state.waiting.clear()
            if state.at_work is not None:
                state.at_work.unwanted = True
            calls, state.awaited = [one.call for one in state.awaited], []
            self._changed.notify()
        _call(calls)
        if self._thread is not None:
            self._thread.join(LAST_S)
            if self._thread.is_alive():
                _log.warning("a level of detail was not given up within %g s", LAST_S)

    # --- inside

    def _run(self) -> None:
        while (job := self._next()) is not None:
            made = True
            try:
                job.work(partial(getattr, job, "unwanted"))
            except DetailUnwanted:
                made = False
            except Exception:  # who waits for it waits no more
                _log.exception("a level of detail could not be made")
            with self._changed:
                self._state.at_work = None
                calls = self._done(job.key, job.number) if made else []
                if made:
                    self._state.behind_since.pop(job.key, None)
            _call(calls)
            del job, calls  # they hold what was drawn, and this may wait for long

    def _next(self) -> _Job | None:
        """Wait for a job and begin it; None: this was closed."""
        with self._changed:
            state = self._state
            self._changed.wait_for(lambda: state.closed or state.waiting)
            if state.closed:
                return None
            key = next(iter(state.waiting))
            state.at_work = state.waiting.pop(key)
            return state.at_work

    def _done(self, key: Hashable, number: int) -> list[Callable[[], None]]:
        """Note that a job was done, or is not to be; returns what is to be called of those that waited for it."""
        for one in self._state.awaited:
            if one.numbers.get(key, number + 1) <= number:
                del one.numbers[key]
        calls = [one.call for one in self._state.awaited if not one.numbers]
        self._state.awaited = [one for one in self._state.awaited if one.numbers]
        return calls


def _call(calls: list[Callable[[], None]]) -> None:
    for call in calls:
        try:
            call()
        except Exception:  # of one who waited: the others have waited as well
            _log.exception("a level of detail was made, and what waited for that failed")
