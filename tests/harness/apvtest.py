"""Drives the real programs in tests: starts them, waits with a deadline, ends only what it started.

Nothing here needs what Windows lacks.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import psutil
import pytest
from PIL import Image

from apvserver import settings
from apvserver.settings import MOST_OPENGL_WAIT_S, OPENGL_WAIT_S
from async_paraview.credentials import find_server

from .time_limits import FACTOR, scaled

ROOT: Final = Path(__file__).resolve().parents[2]
BACKENDS: Final = ("inproc", "zmq")
KILLED: Final = "exit code" if sys.platform == "win32" else "SIGKILL"
"""What the server says of a worker that was killed."""
READY: Final = re.compile(r"ready at ((?:tcp|curve)://\S+)")
USERS_DIRECTORIES: Final = ("APV_CACHE_DIR", "APV_CONFIG_DIR", "APV_RUNTIME_DIR")
"""Variables that say where files of the user are: of the tests' own, which all processes of a test share."""
MORE_TIME: Final = {"APV_OPENGL_WAIT": f"{min(scaled(OPENGL_WAIT_S), MOST_OPENGL_WAIT_S):.0f}"} if FACTOR > 1 else {}
"""Variables that give the programs longer as well, where tests take longer."""

T = TypeVar("T")


def poll(condition: Callable[[], T | None], *, deadline_s: float = 30.0, what: str = "the condition") -> T:
    """The first true value of `condition`; an AssertionError when the deadline, as `scaled`, has passed."""
    deadline_s = scaled(deadline_s)
    until = time.monotonic() + deadline_s
    while not (value := condition()):
        assert time.monotonic() < until, f"{what} did not come true within {deadline_s:g} s"
        time.sleep(0.01)
    return value


async def poll_async(condition: Callable[[], T | None], *, deadline_s: float = 30.0, what: str = "the condition") -> T:
    """`poll` that leaves the loop free."""
    deadline_s = scaled(deadline_s)
    until = time.monotonic() + deadline_s
    while not (value := condition()):
        assert time.monotonic() < until, f"{what} did not come true within {deadline_s:g} s"
        await asyncio.sleep(0.01)
    return value


def in_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Makes a test of a coroutine function; it has 150 s, as `scaled`: what hangs ends then, and nothing else."""

    @functools.wraps(test)
    def run(*arguments: Any, **named: Any) -> None:
        async def limited() -> None:
            async with asyncio.timeout(scaled(150)):
                await test(*arguments, **named)

        asyncio.run(limited())

    return run


def environment(**changes: str | None) -> dict[str, str]:
    """This process's environment without settings of ours, and with changes; None removes a variable."""
    ours = [key for key in os.environ if key.startswith("APV_") and key not in USERS_DIRECTORIES]
    clean: dict[str, str | None] = {key: value for key, value in os.environ.items() if key not in ours}
    clean |= {"PYTHONUNBUFFERED": "1", "COLUMNS": "200", **MORE_TIME, **changes}
    return {key: value for key, value in clean.items() if value is not None}


class Process(Protocol):
    """What `Program` uses of a `subprocess.Popen`."""

    pid: int
    returncode: int | None
    stdin: IO[bytes] | None

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def kill(self) -> None: ...

    def send_signal(self, number: int, /) -> None: ...


def begin_anew(
    arguments: Sequence[str],
    out: int,
    err: int,
    env: Mapping[str, str],
    directory: Path | None,
    *,
    terminal: int | None = None,
) -> Process:
    """Start a Python of its own; without a directory, in that of temporary files. At a terminal it leads a session."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE if terminal is None else terminal,
        stdout=out,
        stderr=err,
        env=env,
        cwd=directory or tempfile.gettempdir(),
        start_new_session=terminal is not None,
    )


begin = begin_anew
"""How programs begin; `tests.forks` has another way."""


class Program:
    """A program under test, with a file for each of its outputs. Leaving the context kills it and what it started.

    The files are read by opening them anew: a place in a file is shared by all who have inherited it.
    """

    def __init__(self, *arguments: str, directory: Path | None = None, **env: str | None) -> None:
        self.arguments = arguments
        self._files = Path(tempfile.mkdtemp(prefix="apvtest-"))
        self._out, self._err = self._files / "out", self._files / "err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._popen = begin(arguments, out.fileno(), err.fileno(), environment(**env), directory)
        self.pid = self._popen.pid
        self._seen: dict[int, psutil.Process] = {}

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *exception: object) -> None:
        left = [*self._seen.values(), *self.descendants()]
        self._popen.kill()
        self._popen.wait(scaled(60))  # each of its threads needs a turn to end
        end_all(left)
        assert self._popen.stdin is not None
        with suppress(BrokenPipeError):
            self._popen.stdin.close()
        shutil.rmtree(self._files, ignore_errors=True)

    @property
    def output(self) -> str:
        """What it has written to standard output so far."""
        return _text(self._out)

    @property
    def errors(self) -> str:
        """What it has written to standard error so far."""
        return _text(self._err)

    def say(self, text: str) -> None:
        """Write to its standard input."""
        assert self._popen.stdin is not None
        self._popen.stdin.write(text.encode())
        self._popen.stdin.flush()

    def end_input(self) -> None:
        """Close its standard input."""
        assert self._popen.stdin is not None
        self._popen.stdin.close()

    def wait_for(self, pattern: str, *, deadline_s: float = 60.0) -> re.Match[str]:
        """Wait until its standard output matches."""

        def look() -> re.Match[str] | None:
            found = re.search(pattern, self.output)
            if found is None and self._popen.poll() is not None:
                found = re.search(pattern, self.output)
                assert found, f"ended with {self._popen.returncode} before {pattern!r}: {self.output}\n{self.errors}"
            return found

        return poll(look, deadline_s=deadline_s, what=f"{pattern!r} in the output of {self.arguments}")

    def wait(self, *, deadline_s: float = 60.0) -> int:
        """Its exit code."""
        deadline_s = scaled(deadline_s)
        try:
            return self._popen.wait(deadline_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                f"{self.arguments} did not end within {deadline_s:g} s: {self.output}\n{self.errors}"
            ) from None

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._popen.send_signal(number)

    def kill(self) -> None:
        """kill -9, and reap it."""
        self.descendants()  # remembered, to be ended when the context is left
        self._popen.kill()
        self._popen.wait(scaled(60))  # each of its threads needs a turn to end

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop it meanwhile, as by SIGSTOP."""
        process = psutil.Process(self.pid)
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    def descendants(self) -> list[psutil.Process]:
        """The processes that it has started and that run now."""
        try:
            now = psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            now = []
        self._seen |= {process.pid: process for process in now}
        return [process for process in now if process.is_running()]

    def workers(self) -> list[psutil.Process]:
        """Its worker processes."""
        return [process for process in self.descendants() if is_worker(process)]

    def descendants_with(self, word: str) -> list[psutil.Process]:
        """The processes that it has started with this word in their command line."""
        return [process for process in self.descendants() if word in command_of(process)]

    def threads(self) -> int:
        """How many threads it has."""
        return psutil.Process(self.pid).num_threads()


class Server(Program):
    """An apvserver on a free port; `url` is where it listens. Without a backend it has its own default.

    It keeps no spare workers unless it is told to: every worker is a session's.
    """

    def __init__(self, backend: str | None, *options: str, **env: str | None) -> None:
        super().__init__(
            "-m",
            "apvserver",
            "--server-port",
            "0",
            *(() if "--spare-workers" in options else ("--spare-workers", "0")),
            *options,
            directory=None,
            **{"APV_COMMUNICATION_BACKEND": backend} | env,
        )
        try:
            self.url = self.wait_for(READY.pattern)[1]
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Server:
        return self

    @property
    def token(self) -> str | None:
        """What it asks clients for, from its connection file."""
        found = find_server(self.url)
        assert found is not None
        return found.token

    def stop(self) -> int:
        """Have it end as its system's operators do, by SIGTERM or, where that is none, by `apvserver stop`."""
        if sys.platform == "win32":
            ended = run("apvserver", "stop", "--server-url", self.url)
            assert ended.code == 0, ended
        else:
            self.signal(signal.SIGTERM)
        return self.wait()


def end_all(processes: Iterable[psutil.Process]) -> None:
    """Kill what still runs of these: each may end by itself at this very moment."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # also told of a number that another process has by now
            process.kill()


def is_worker(process: psutil.Process) -> bool:
    """Whether it is a worker of ours that runs."""
    return "apvserver.hosting.worker" in command_of(process)


def command_of(process: psutil.Process) -> list[str]:
    """The command line of a process; empty if it has ended, as it may have since it was listed."""
    try:
        return [] if process.status() == psutil.STATUS_ZOMBIE else process.cmdline()
    except psutil.Error:
        return []


def apvpython(*arguments: str, deadline_s: float = 120.0, given: str | None = None, **env: str | None) -> Ended:
    """Run apvpython to its end."""
    return run("apvpython", *arguments, deadline_s=deadline_s, given=given, **env)


class Ended:
    """A program that has ended: exit code, outputs, and how long it ran."""

    def __init__(self, code: int, output: str, errors: str, seconds: float) -> None:
        self.code, self.output, self.errors, self.seconds = code, output, errors, seconds

    def __repr__(self) -> str:
        return f"exit code {self.code} after {self.seconds:.2f} s\n{self.output}\n--- errors\n{self.errors}"


def run(module: str, *arguments: str, deadline_s: float = 120.0, given: str | None = None, **env: str | None) -> Ended:
    """Run a module as a program to its end."""
    begun = time.monotonic()
    with Program("-m", module, *arguments, directory=None, **env) as program:
        if given is not None:
            program.say(given)
        program.end_input()
        code = program.wait(deadline_s=deadline_s)
        return Ended(code, program.output, program.errors, time.monotonic() - begun)


def with_settings(patch: pytest.MonkeyPatch, **changes: Any) -> None:
    """Other settings for VTK's rooms in this process, until the test has ended."""
    patch.setattr(settings, "_adopted", dataclasses.replace(settings.adopted(), **changes))


@contextmanager
def variables(**changes: str) -> Iterator[None]:
    """This process's environment with changes, for built-in sessions of the test itself."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def pixels(png: bytes | memoryview | Path) -> npt.NDArray[np.uint8]:
    """The pixels of a PNG file, by an independent decoder."""
    with Image.open(png if isinstance(png, Path) else io.BytesIO(bytes(png))) as image:
        return np.asarray(image.convert("RGB"))


def colours(image: npt.NDArray[np.uint8]) -> int:
    """How many different colours there are."""
    return len(np.unique(image.reshape(-1, 3), axis=0))


def _text(file: Path) -> str:
    return file.read_bytes().decode(errors="replace").replace("\r\n", "\n")
