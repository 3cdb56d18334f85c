"""Programs of tests are forked from one that has imported all: see `program_forks`.

To start apvpython or apvserver, and the worker of a session, takes a second or two of a processor, most of which is
imports; forks take a tenth. A room of tests imports both hooks into its conftest. What is about how programs begin
or end is marked `anew`; what is started with variables that Python, the linker or OpenGL look at, too, begins anew.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from apvserver.hosting.workers import forking
from apvserver.hosting.workers.fork_server import POSSIBLE
from apvserver.vtk.rendering.opengl import KNOWN_WINDOW_VARIABLE

from ..harness import apvtest
from ..harness.forked_workers import libraries_that_draw
from ..harness.time_limits import scaled
from .program_forks import Started, receive, send

ROOT: Final = Path(__file__).parents[2]
PROGRAMS: Final = ("apvpython", "apvserver", "apvweb")
HARMLESS: Final = re.compile(r"APV_|IPY_|XDG_|(HOME|PATH|TERM)$")
"""Variables that are looked at when a program has begun."""


class ProgramForks:
    """What programs are forked from. It begins with the first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None

    def begin(
        self,
        arguments: Sequence[str],
        out: int,
        err: int,
        env: Mapping[str, str],
        directory: Path | None,
        *,
        terminal: int | None = None,
    ) -> apvtest.Process:
        """Begin a program: a fork, or anew what could not be one."""
        usual = apvtest.environment()
        changed = {name for name in env.keys() | usual.keys() if env.get(name) != usual.get(name)}
        module = arguments[1:] if arguments[:1] == ("-P",) else arguments
        if module[:1] != ("-m",) or module[1] not in PROGRAMS or not all(map(HARMLESS.match, changed)):
            return apvtest.begin_anew(arguments, out, err, env, directory, terminal=terminal)
        given, to_it = os.pipe() if terminal is None else (os.dup(terminal), None)
        known = (
            {KNOWN_WINDOW_VARIABLE: os.environ[KNOWN_WINDOW_VARIABLE]} if KNOWN_WINDOW_VARIABLE in os.environ else {}
        )
        told = {
            "arguments": module[1:],
            "safe_path": module != arguments,
            "environment": {**known, **env},
            "directory": str(directory or tempfile.gettempdir()),
            "leads": terminal is not None,
        }
        with self._lock:
            requests = self._begin()
            send(requests, told, given, out, err)
            started, (descriptor,) = receive(requests)
        os.close(given)
        assert started is not None
        stdin = None if to_it is None else open(to_it, "wb", 0)  # noqa: SIM115  # the process has it
        return Started(started["started"], descriptor, stdin, None, self._reap)

    def close(self) -> None:
        """Have it end."""
        if self._process is not None and self._requests is not None:
            self._requests.close()
            self._process.wait(scaled(10))

    def _reap(self, pid: int) -> int:
        with self._lock:
            requests = self._begin()
            send(requests, {"reap": pid})
            told, _ = receive(requests)
        assert told is not None
        return int(told["status"])

    def _begin(self) -> socket.socket:
        """Under the lock."""
        if self._requests is None:
            self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            number, title = theirs.fileno(), forking.TITLE.decode()
            words = [sys.executable, "-m", "tests.forks.program_forks", str(number), title, *libraries_that_draw()]
            with theirs:
                self._process = subprocess.Popen(
                    words,
                    cwd=ROOT,
                    env=apvtest.environment(OPENBLAS_NUM_THREADS="1"),
                    pass_fds=(number,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
        return self._requests


FORKS: Final = ProgramForks()
"""What all programs of this process of tests are forked from."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fork programs of this test, and of fixtures that it is the first to need, where processes can be forked so.

    What measures times measures programs of users.
    """
    if POSSIBLE and not any(map(item.get_closest_marker, ("anew", "alone"))):
        apvtest.begin = FORKS.begin


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Other rooms have theirs begin anew."""
    apvtest.begin = apvtest.begin_anew
