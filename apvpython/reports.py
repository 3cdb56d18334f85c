"""What is printed of an error that a script did not catch: where in the script, and what; the rest on demand."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from services_core import ConfigurationError, RemoteError, ServicesError

_OURS: Final = str(Path(__file__).resolve().parents[1])
_CONNECTION: Final = str(Path(_OURS) / "servermanager" / "connection.py")
_PACKAGES: Final = (
    "apvpython", "servermanager", "services_core", "services_inproc", "services_zmq", "apvserver", "async_paraview",
)  # fmt: skip
_HIDDEN: Final = (
    *(os.path.join(_OURS, name, "") for name in _PACKAGES),
    os.path.join(os.path.dirname(asyncio.__file__), ""),
    os.path.join(os.path.dirname(os.__file__), "concurrent", ""),
)
"""Where the frames are that are left out: ours, and those of the standard library that lie between them."""
_SAYS_IT: Final = (ServicesError, AttributeError, TypeError, ValueError)
"""What our packages raise to tell a script that it asks for what is not: their own lines say nothing more."""
_IN_A_LOOP: Final = "cannot be called from a running event loop"


USAGE: Final = 2


def report(error: BaseException, script: str, *, verbose: bool) -> int:
    """Print an error of the script to standard error; returns the exit code: 2 for what the user has to mend.

    Frames of asyncio and of our own packages are left out: they tell the user nothing. `verbose` prints them, and the
    traceback of the server.
    """
    connects = isinstance(error, ServicesError) and _connects(error.__traceback__)
    if connects and not verbose:
        line = [one.tb_lineno for one in _frames(error.__traceback__) if one.tb_frame.f_code.co_filename == script][-1:]
        where = f"{script}, line {line[0]}: " if line else ""
        sys.stderr.write(f"apvpython: {where}{type(error).__name__}: {error}\n")
    else:
        _print(error, script, verbose=verbose)
    return USAGE if connects and isinstance(error, ConfigurationError) else 1


def _connects(trace: TracebackType | None) -> bool:
    """Return whether an error came while a session was opened."""
    codes = (one.tb_frame.f_code for one in _frames(trace))
    return any((code.co_filename, code.co_name) == (_CONNECTION, "_open") for code in codes)


def _print(error: BaseException, script: str, *, verbose: bool) -> None:
    trace = _from_script(error.__traceback__, script)
    error.__traceback__ = trace if verbose else _without_ours(trace, to_the_end=isinstance(error, _SAYS_IT))
    if verbose or not isinstance(error, ServicesError):
        sys.excepthook(type(error), error, error.__traceback__)
    else:
        _print_briefly(error)
    if isinstance(error, RuntimeError) and _IN_A_LOOP in str(error):
        sys.stderr.write(
            "(this script awaits at its top level, so apvpython runs it in a loop already: await main() there, instead "
            "of asyncio.run(main()))\n"
        )
    if verbose and isinstance(error, RemoteError) and error.remote_traceback:
        sys.stderr.write(f"\nOn the server:\n{error.remote_traceback.rstrip()}\n")


def trace_of_typed(error: BaseException, names: Mapping[str, Any]) -> TracebackType | None:
    """Return the traceback of an error at a prompt: from the line on that was typed among `names`, without ours."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals is not names:
        trace = trace.tb_next
    return _without_ours(trace or error.__traceback__, to_the_end=isinstance(error, (*_SAYS_IT, KeyboardInterrupt)))


def _print_briefly(error: ServicesError) -> None:
    frames = traceback.format_tb(error.__traceback__)
    where = "".join(["Traceback (most recent call last):\n", *frames]) if frames else ""
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


def _without_ours(trace: TracebackType | None, *, to_the_end: bool) -> TracebackType | None:
    """Return the traceback without frames of ours and of asyncio; unless `to_the_end`, with those that it ends with."""
    frames = list(_frames(trace))
    theirs = [index for index, one in enumerate(frames) if not _is_ours(one.tb_frame.f_code.co_filename)]
    last = theirs[-1] if theirs else -1
    shown = [one for index, one in enumerate(frames) if index in theirs or (index > last and not to_the_end)]
    made: TracebackType | None = None
    for one in reversed(shown):
        made = TracebackType(made, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return made


def _frames(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _is_ours(filename: str) -> bool:
    return filename.startswith(_HIDDEN)
