"""A server that is started for a trial, and ends with it."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from async_paraview.interpreter.module_path import python_path
from services_core import ConnectionFailed

from ...vtk.rendering.opengl import known_environment

READY: Final = re.compile(r" ready at (\S+)")
READY_S: Final = 30.0
END_S: Final = 10.0


@contextmanager
def own_server() -> Iterator[str]:
    """Start a server as `apvserver` does, but for its port, and give its URL; it has ended when the block is left.

    Raises ConnectionFailed, with what the server said, if it is not ready within 30 s.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "apvserver", "--server-port", "0", "--exit-with-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **known_environment(), **python_path()},
        )
        patience = threading.Timer(READY_S, process.kill)
        patience.start()
        try:
            yield _url(process, errors, patience)
        finally:
            patience.cancel()
            patience.join()
            _end(process)


def _url(process: subprocess.Popen[bytes], errors: IO[bytes], patience: threading.Timer) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().decode(errors="replace")
    patience.cancel()
    found = READY.search(line)
    if found is None:
        process.kill()
        code = process.wait()
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip() or line.strip() or "nothing"
        raise ConnectionFailed(f"apvserver did not get ready within {READY_S:g} s (exit code {code}); it said: {said}")
    return found[1]


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None and process.stdout is not None
    with contextlib.suppress(OSError):  # it has ended already
        process.stdin.close()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
