"""What went wrong, or is worth a word: a bounded list, each with where it came from."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Final

from async_paraview.records import dataclass

from ..watchers import Watcher, Watchers

MOST_ENTRIES: Final = 1000
"""So many are kept; the oldest go."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log. `severity` is "error", "warning" or "information"."""

    number: int
    """Counts all that were ever told, from 1."""
    time_s: float
    """In seconds since 1970."""
    severity: str
    text: str
    action: str = ""
    """What was being done, as "open can.vtu"; "" if it came from the server by itself."""
    proxy: int = 0
    """The number of the proxy that it is about, 0: none."""
    name: str = ""
    """What that proxy is called in the pipeline."""
    property: str = ""
    """The property that it is about, where that is known."""

    def __str__(self) -> str:
        where = ": ".join(one for one in (self.action, self.name) if one)
        return f"{self.severity}: {where}: {self.text}" if where else f"{self.severity}: {self.text}"


class MessageLog:
    """The newest messages, the oldest first. What comes twice in a row stands there once."""

    def __init__(self) -> None:
        """Begin empty, in the loop that runs."""
        self._entries: deque[LogEntry] = deque(maxlen=MOST_ENTRIES)
        self._numbers = count(1)
        self._watchers = Watchers()

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """Return what is kept, the oldest first."""
        return tuple(self._entries)

    @property
    def last(self) -> LogEntry | None:
        """Return the newest, None: there is none."""
        return self._entries[-1] if self._entries else None

    def add(
        self, severity: str, text: str, *, action: str = "", proxy: int = 0, name: str = "", property: str = ""
    ) -> LogEntry:
        """Take a message; returns its line."""
        before = self.last
        entry = LogEntry(next(self._numbers), time.time(), severity, text, action, proxy, name, property)
        if before is not None and _same(before, entry):
            self._entries.pop()
        self._entries.append(entry)
        self._watchers.tell()
        return entry

    def clear(self) -> None:
        """Forget all."""
        self._entries.clear()
        self._watchers.tell()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher()` called after messages have come; calling what is returned ends it."""
        return self._watchers.add(watcher)

    def close(self) -> None:
        """Tell nobody any more."""
        self._watchers.clear()


def _same(one: LogEntry, other: LogEntry) -> bool:
    def of(entry: LogEntry) -> tuple[object, ...]:
        return entry.severity, entry.text, entry.action, entry.proxy, entry.property

    return of(one) == of(other)
