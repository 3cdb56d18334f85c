"""A program at a pseudo-terminal: lines are typed, and what appears is waited for."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO, ClassVar

import pytest

from . import apvtest
from .apvtest import environment, poll
from .time_limits import scaled

pty = pytest.importorskip("pty")


class Terminal:
    """apvpython at a terminal: type lines, wait for what appears."""

    output: ClassVar[IO[bytes] | None] = None
    """Where standard output goes; None: to the terminal."""

    def __init__(self, *arguments: str, **env: str) -> None:
        self._ours, theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        self.process = apvtest.begin(
            ("-m", "apvpython", *arguments),
            theirs if self.output is None else self.output.fileno(),
            theirs,
            environment(**{"TERM": "dumb", "IPY_TEST_SIMPLE_PROMPT": "1", **env}),
            Path.cwd(),
            terminal=theirs,
        )
        os.close(theirs)
        self._seen = ""
        self._new = ""

    def type(self, line: str) -> None:
        """Type a line."""
        self._new = ""
        os.write(self._ours, line.encode() + b"\n")

    def press(self, keys: str) -> None:
        """Press keys."""
        self._new = ""
        os.write(self._ours, keys.encode())

    def wait_for(self, pattern: str) -> str:
        """Wait until what appeared since the last line was typed matches."""

        def look() -> str | None:
            try:
                read = os.read(self._ours, 65536).decode(errors="replace")
            except (BlockingIOError, OSError):
                read = ""
            self._seen += read
            self._new += read
            return self._new if re.search(pattern, self._new) else None

        try:
            return str(poll(look, deadline_s=60))
        except AssertionError:
            raise AssertionError(f"no {pattern!r} on the terminal:\n{self._seen}") from None

    def end(self) -> str:
        """Leave, and what appears until the program has ended."""
        self.type("exit()")
        return self.rest()

    def rest(self, code: int = 0) -> str:
        """What appears until the program has ended by itself, with that exit code."""
        self.process.wait(scaled(60))
        try:
            while read := os.read(self._ours, 65536):
                self._new += read.decode(errors="replace")
        except OSError:  # nobody writes to the terminal any more
            pass
        assert self.process.returncode == code, self._new
        return self._new

    def close(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait(scaled(60))
        os.close(self._ours)
