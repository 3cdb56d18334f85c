"""Looks at the memory of all workers together, several times a second, and ends one before the machine has no more."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

from async_paraview.records import dataclass

from .memory import size_text
from .memory_bound import BESIDE_DATA_BYTES
from .system_memory import held_on_windows

_log = logging.getLogger(__name__)

LOOK_S: Final = 0.2
"""Between two looks: what fills its memory as fast as it can takes about a tenth of a gigabyte more meanwhile."""
GONE_S: Final = 2.0
"""How long a process that was ended may still be there: it is not ended twice, and no other one for it."""
_RESIDENT: Final = ("status", ("RssAnon", "RssShmem"))
_SHARED_OUT: Final = ("smaps_rollup", ("Pss_Anon", "Pss_Shmem"))
"""Slower, but what several processes have in common, as those that were forked from one, counts once."""


class Watched(Protocol):
    """A process that is looked at."""

    @property
    def pid(self) -> int | None:
        """Its number; None before it was started."""

    taken_bytes: int
    """What it held when it was looked at last."""

    def end_for(self, why: str) -> None:
        """End it now, and remember why."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process holds: its own memory and what it shares, without files that are mapped."""

    pid: int
    bytes: int


def usage(pid: int, *, shared_out: bool = False) -> Usage | None:
    """Return what a process holds; None if it has ended, or where the system does not tell it so (macOS).

    What it has in common with others counts in full, or, if it is `shared_out`, in equal parts for each of them; not at
    all on Windows, where nothing is forked.
    """
    if sys.platform == "win32":
        held = held_on_windows(pid)
        return None if held is None else Usage(pid, held)
    file, fields = _SHARED_OUT if shared_out else _RESIDENT
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    found = {name: rest for name, _, rest in (line.partition(":") for line in lines)}
    if not all(name in found for name in fields):
        return None  # it has ended, and was not waited for yet
    return Usage(pid, sum(int(found[name].split()[0]) for name in fields) * 1024)


def excess(usages: Sequence[Usage], each: int | None, together: int | None) -> tuple[Usage, str] | None:
    """Return which process is to be ended and why, if one holds more than each may, or all more than they may."""
    largest = max(usages, key=lambda one: one.bytes, default=None)
    if largest is None:
        return None
    if each is not None and largest.bytes > each + BESIDE_DATA_BYTES:
        return largest, f"it held {size_text(largest.bytes)}, and each session may use {size_text(each)} (--max-memory)"
    total = sum(one.bytes for one in usages)
    if together is not None and total > together:
        return largest, (
            f"all sessions together held {size_text(total)} of {size_text(together)} (--max-total-memory), and this "
            f"one the most, {size_text(largest.bytes)}"
        )
    return None


class MemoryWatch:
    """A thread that looks at processes until it is closed. It is not in them: there it could be kept waiting."""

    def __init__(self, watched: Callable[[], Iterable[Watched]], each: int | None, together: int | None) -> None:
        self._watched = watched
        self._each = each
        self._together = together
        self._closed = threading.Event()
        self._ending: tuple[int, float] | None = None
        self._thread = threading.Thread(target=self._run, name="memory-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(LOOK_S):
            if self._ending is None or usage(self._ending[0]) is None or time.monotonic() > self._ending[1]:
                self._look()

    def _look(self) -> None:
        """Look once, and end a process if it is too large."""
        known = {one.pid: one for one in self._watched() if one.pid is not None}
        usages = [held for pid in known if (held := usage(pid)) is not None]
        for one in usages:
            known[one.pid].taken_bytes = one.bytes
        found = excess(usages, self._each, self._together)
        if found is not None:  # rarely: then it is worth to look more closely
            usages = [held for one in usages if (held := usage(one.pid, shared_out=True)) is not None]
            found = excess(usages, self._each, self._together)
        if found is None:
            return
        largest, why = found
        _log.error("the worker process %d is ended: %s", largest.pid, why)
        self._ending = largest.pid, time.monotonic() + GONE_S
        known[largest.pid].end_for(why)
