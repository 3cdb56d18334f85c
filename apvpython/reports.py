"""What is printed of an error that a script did not catch: where in the script, and what; the rest on demand."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

from services_core import ConfigurationError, RemoteError, ServicesError

_OURS: Final = str(Path(__file__).resolve().parents[1])
_CONNECTION: Final = str(Path(_OURS) / "servermanager" / "connection.py")
_PACKAGES: Final = ("apvpython", "servermanager", "services_core", "services_inproc", "services_zmq", "apvserver")

USAGE: Final = 2


def report(error: BaseException, script: str, *, verbose: bool) -> int:
    """Print an error of the script to standard error; returns the exit code: 2 for what the user has to mend.

    Of an error of the services the frames of our own packages are left out: they tell the user nothing. `verbose`
    prints them, and the traceback of the server.
    """
    connects = isinstance(error, ServicesError) and _connects(error.__traceback__)
    if connects and not verbose:
        line = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == script][-1:]
        where = f"{script}, line {line[0]}: " if line else ""
        sys.stderr.write(f"apvpython: {where}{type(error).__name__}: {error}\n")
    else:
        _print(error, script, verbose=verbose)
    return USAGE if connects and isinstance(error, ConfigurationError) else 1


def _connects(trace: TracebackType | None) -> bool:
    """Return whether an error came while a session was opened."""
    return any(
        (frame.f_code.co_filename, frame.f_code.co_name) == (_CONNECTION, "_open")
        for frame, _ in traceback.walk_tb(trace)
    )


def _print(error: BaseException, script: str, *, verbose: bool) -> None:
    if not isinstance(error, ServicesError):
        error.__traceback__ = _from_script(error.__traceback__, script)
        sys.excepthook(type(error), error, error.__traceback__)
        return
    if verbose:
        sys.excepthook(type(error), error, error.__traceback__)
        if isinstance(error, RemoteError) and error.remote_traceback:
            sys.stderr.write(f"\nOn the server:\n{error.remote_traceback.rstrip()}\n")
        return
    frames = traceback.extract_tb(_from_script(error.__traceback__, script))
    theirs = [frame for frame in frames if not _is_ours(frame.filename)]
    where = "".join(["Traceback (most recent call last):\n", *traceback.format_list(theirs)]) if theirs else ""
    hint = "(-v prints the server's traceback)\n" if isinstance(error, RemoteError) else ""
    sys.stderr.write(f"{where}{type(error).__name__}: {error}\n{hint}")


def _from_script(trace: TracebackType | None, script: str) -> TracebackType | None:
    """Return the traceback from the first frame of the script on; the whole if there is none."""
    found = trace
    while found is not None and found.tb_frame.f_code.co_filename != script:
        found = found.tb_next
    if found is None and trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OURS):
        return None  # it could not even be compiled: the frames are ours
    return found or trace


def _is_ours(filename: str) -> bool:
    ways = {"asyncio", "concurrent"}  # of the standard library, between our frames
    return filename.startswith(tuple(f"{_OURS}/{name}/" for name in _PACKAGES)) or bool(ways & {*Path(filename).parts})
