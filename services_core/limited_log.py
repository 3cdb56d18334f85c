"""Logs that peers cannot fill: so many lines in a period, and a count of those that were left out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

LINES: Final = 20
"""How many lines of one log peers may cause in a period."""

LINES_OF_ADDRESS: Final = 5
"""The same, of the log of one address."""
MOST_ADDRESSES: Final = 200

PERIOD_S: Final = 600.0
LINE_CHARACTERS: Final = 500


class LimitedLog:
    """Writes what peers bring about to a logger: at most `lines` in each period of `period_s` seconds.

    The last line of a full period says that more are counted, not written; the first line afterwards, or `flush`, says
    how many they were. Whatever a peer put into a text stays one line: what is not printable is written as an escape,
    and a line is cut after 500 characters. A traceback counts as the line that it belongs to. Thread-safe.
    """

    def __init__(
        self,
        log: logging.Logger,
        *,
        lines: int = LINES,
        period_s: float = PERIOD_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._lines = lines
        self._period_s = period_s
        self._clock = clock
        self._lock = threading.Lock()
        self._began = clock()
        self._written = 0
        self._left_out = 0

    def warning(self, text: str, *arguments: object) -> None:
        """Write a warning, or count it; `text` and `arguments` as for `logging.Logger.warning`."""
        self._write(logging.WARNING, text, arguments, trace=False)

    def exception(self, text: str, *arguments: object) -> None:
        """Write an error with the traceback of the exception being handled, or count it."""
        self._write(logging.ERROR, text, arguments, trace=True)

    def flush(self) -> None:
        """Write how many lines were left out since that was last written, if any were."""
        with self._lock:
            left_out, self._left_out = self._left_out, 0
        if left_out:
            self._log.warning("%d lines that peers caused were left out", left_out)

    def _write(self, level: int, text: str, arguments: tuple[object, ...], *, trace: bool) -> None:
        place = self._place()
        if place == 1:
            self.flush()
        if place <= self._lines:
            line = _one_line(text % arguments)
            if place == self._lines:
                line += f" (more lines that peers cause are counted, not written, for up to {self._period_s:g} s)"
            self._log.log(level, "%s", line, exc_info=trace)

    def _place(self) -> int:
        """Count a line, and return its place in the period, from 1; one past `lines` if it is to be left out."""
        with self._lock:
            now = self._clock()
            if now - self._began >= self._period_s:
                self._began, self._written = now, 0
            if self._written == self._lines:
                self._left_out += 1
                return self._lines + 1
            self._written += 1
            return self._written


class LogsByAddress:
    """A LimitedLog for each address that is refused something, so that one that asks all the time hides no other.

    There are at most MOST_ADDRESSES of them in a period; further addresses share one. Thread-safe.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._logs: dict[str, LimitedLog] = {}
        self._shared = LimitedLog(log)

    def of(self, address: str) -> LimitedLog:
        """Return the log for lines about this address."""
        with self._lock:
            now = time.monotonic()
            over = list(self._logs.values()) if now - self._began >= PERIOD_S else []
            if over or not self._logs:
                self._began, self._logs = now, {}
            found = self._logs.get(address)
            if found is None and len(self._logs) < MOST_ADDRESSES:
                found = self._logs[address] = LimitedLog(self._log, lines=LINES_OF_ADDRESS)
        for log in over:
            log.flush()
        return found or self._shared

    def flush(self) -> None:
        """Write how many lines of each were left out, if any were."""
        with self._lock:
            logs = [*self._logs.values(), self._shared]
        for log in logs:
            log.flush()


def _one_line(text: str) -> str:
    """Return `text` without anything that would end the line, or hide what follows."""
    if len(text) > LINE_CHARACTERS:
        text = text[:LINE_CHARACTERS] + "..."
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
