"""What code prints that was typed into a console goes there, also from tasks that it began; all else where it went."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TextIO, cast

Write = Callable[[str], object]
Display = Callable[[object], object]

_console: ContextVar[tuple[Write, Display] | None] = ContextVar("console", default=None)
"""Of the task that runs: where its output goes, and who shows what a line is."""


@contextlib.contextmanager
def routed_output() -> Iterator[None]:
    """Have standard output and error of this process find, in the block, the console that each text belongs to."""
    out, error, display = sys.stdout, sys.stderr, sys.displayhook

    def shown(value: object) -> None:
        console = _console.get()
        (display if console is None else console[1])(value)

    sys.stdout, sys.stderr = cast("TextIO", _Routed(out)), cast("TextIO", _Routed(error))
    sys.displayhook = shown
    try:
        yield
    finally:
        sys.stdout, sys.stderr, sys.displayhook = out, error, display


@contextlib.contextmanager
def output_to(write: Write, display: Display) -> Iterator[None]:
    """Have `write(text)` called with what is printed in the block, by this task and those that it begins there.

    `display(value)` is called with what an expression is that stands as a line.
    """
    token = _console.set((write, display))
    try:
        yield
    finally:
        _console.reset(token)


class _Routed:
    """A stream in front of another one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text to the console of the task that runs, if it has one."""
        console = _console.get()
        if console is None:
            return self._stream.write(text)
        console[0](text)
        return len(text)

    def flush(self) -> None:
        """Have everything written that was."""
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
