"""`apvserver stop`: ends a server that runs, and waits until it has ended."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Final

from async_paraview.credentials import ConnectionFile, find_server
from async_paraview.operations import sessions

from .running_server import add_server, running_server

ENDS_S: Final = 20.0
"""How long a server may take that has nothing to wait for any more."""

LOOK_S: Final = 0.1


def run(arguments: Sequence[str]) -> int:
    """Stop it. Returns the exit code: 1 if it has not ended in time."""
    told = _parser().parse_args(arguments)
    with running_server(told.server_url) as server:
        file = server.file
        server.ask(sessions.Stop(drain_s=0.0 if told.now else told.drain_timeout))
    if told.no_wait:
        return 0
    until = None if told.drain_timeout is None and not told.now else (told.drain_timeout or 0.0) + ENDS_S
    if _has_ended(file, until):
        return 0
    sys.stderr.write(
        f"apvserver stop: the server at {file.url} (process {file.pid}) has not ended within {until:g} s\n"
    )
    return 1


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="apvserver stop",
        description="End a server of this user: it opens no further sessions, and ends when those that there are have "
        "ended, or had their time. Waits until it has ended.",
        allow_abbrev=False,
    )
    add_server(made)
    how = made.add_mutually_exclusive_group()
    how.add_argument(
        "--drain-timeout",
        metavar="SECONDS",
        type=float,
        help="for how long sessions may go on (default: what the server was started with)",
    )
    how.add_argument("--now", action="store_true", help="end the sessions, too; also one that drains already")
    made.add_argument("--no-wait", action="store_true", help="return when the server has been told")
    return made


def _has_ended(file: ConnectionFile, seconds: float | None) -> bool:
    """Wait until it has removed its file, or its process is gone; tells whether that came true in time."""
    until = None if seconds is None else time.monotonic() + seconds
    while (found := find_server(file.url)) is not None and found.pid == file.pid:
        if until is not None and time.monotonic() > until:
            return False
        time.sleep(LOOK_S)
    return True
