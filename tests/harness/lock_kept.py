"""How long work keeps Python's lock at a time: meanwhile no other thread of the process does anything."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from apvserver.sharing import SWITCH_S

TICK_S: Final = 0.0005


def longest_kept(work: Callable[[], object], times: int = 3) -> float:
    """Return for how many seconds `work()` keeps the lock at most, in this thread; the least of several times.

    Another thread sees how long it cannot go on. It may not get a processor either: what counts is only as long as this
    thread has computed meanwhile.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        return min(_once(work) for _ in range(times))
    finally:
        sys.setswitchinterval(before)


def _once(work: Callable[[], object]) -> float:
    computed = _clock_of(threading.get_ident())
    worst, over, begun = 0.0, threading.Event(), threading.Event()

    def watch() -> None:
        nonlocal worst
        come_first()
        seen, used = time.perf_counter(), computed()
        begun.set()
        while not over.is_set():
            time.sleep(TICK_S)
            now, now_used = time.perf_counter(), computed()
            worst = max(worst, min(now - seen, now_used - used) - TICK_S)
            seen, used = now, now_used

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun.wait()
    try:
        work()
    finally:
        over.set()
        watcher.join()
    return worst


def come_first() -> None:
    """Have this thread get a processor before all others, where that is allowed: what it waits for is the lock."""
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -20)


def _clock_of(thread: int) -> Callable[[], float]:
    """Return what tells how long a thread has computed; where the system does not, the time that has gone by."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.perf_counter
    clock = time.pthread_getcpuclockid(thread)
    return lambda: time.clock_gettime(clock)
