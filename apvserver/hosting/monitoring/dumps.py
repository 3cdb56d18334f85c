"""What a process is at, written into its log when it gets a signal: every thread, and what its services do."""

from __future__ import annotations

import faulthandler
import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Final

from .figures import Figures

_log = logging.getLogger(__name__)

DUMP_SIGNAL: Final[int] = getattr(signal, "SIGUSR1", 0)
"""0 where there is none, as on Windows."""


def dump_on_signal(describe: Callable[[], Iterable[str]]) -> None:
    """Have the signal write the stacks of all threads to standard error, then log the lines of `describe()`.

    The stacks are written by a handler in C, also where a thread keeps Python's lock and never gives it back; the lines
    by a thread of their own, since the main thread may hold any lock. Called by the main thread.
    """
    if not DUMP_SIGNAL:
        return

    def tell() -> None:
        for line in describe():
            _log.warning("%s", line)

    def handle(_number: int, _frame: object) -> None:
        threading.Thread(target=tell, name="dump", daemon=True).start()

    signal.signal(DUMP_SIGNAL, handle)
    if sys.__stderr__ is not None:  # else number 2 may be anything
        faulthandler.register(DUMP_SIGNAL, file=2, all_threads=True, chain=True)


def figures_lines(figures: Figures) -> list[str]:
    """Return what services are at in words, a line each."""
    return [
        f"service {one.name}: {one.waiting} waiting, "
        + ("idle" if one.since is None else f"at {one.doing or 'something'!r} for {figures.at - one.since:.1f} s")
        for one in figures.services
    ]
