"""`apvserver stop`: ends a server that runs, and waits until it has ended."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Final

from async_paraview.credentials import ConnectionFile, find_server
from async_paraview.operations import sessions
from async_paraview.programs import INTERRUPTED, parsed
from services_core import ServicesError

from .running_server import RunningServer, add_server, running_server
from .status import status_of

ENDS_S: Final = 20.0
"""How long a server may take that has nothing to wait for any more."""

LOOK_S: Final = 0.1
ASK_S: Final = 1.0

TELL_S: Final = 10.0
"""So often it is told what is waited for; also whenever a session has ended."""


def run(arguments: Sequence[str]) -> int:
    """Stop it. Returns the exit code: 1 if it has not ended in time, 130 if this was interrupted."""
    told = parsed(_parser(), arguments)
    with running_server(told.server_url) as server:
        file = server.file
        answer = server.ask(sessions.Stop(drain_s=0.0 if told.now else told.drain_timeout)).header
        if told.no_wait:
            _say(f"{_known_as(file)} was told to end")
            return 0
        seconds = float(answer["ends_in_s"])
        try:
            if _has_ended(server, seconds):
                _say(f"{_known_as(file)} has ended")
                return 0
        except KeyboardInterrupt:
            _say(f"no longer waiting; {_known_as(file)} goes on to end, within {seconds:g} s of being told")
            _say("apvserver stop --now ends it at once, sessions included")
            return INTERRUPTED
    _say(f"{_known_as(file)} has not ended within {seconds:g} s and {ENDS_S:g} s more")
    return 1


def _known_as(file: ConnectionFile) -> str:
    return f"the server at {file.url} (process {file.pid})"


def _say(what: str) -> None:
    sys.stderr.write(f"apvserver stop: {what}\n")


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


def _has_ended(server: RunningServer, seconds: float) -> bool:
    """Wait until it has removed its file, or its process is gone; tells whether that came true in time."""
    file, began = server.file, time.monotonic()
    told, told_at, ask_at = "", 0.0, ASK_S / 2  # which a server that has nothing to wait for does not take
    while (found := find_server(file.url)) is not None and found.pid == file.pid:
        waited_s = time.monotonic() - began
        if waited_s > seconds + ENDS_S:
            return False
        if ask_at <= waited_s < seconds:
            ask_at = waited_s + ASK_S
            what = _waited_for(server)
            if what and (what != told or waited_s >= told_at + TELL_S):
                told, told_at = what, waited_s
                _say(f"{what}, for {seconds - waited_s:.0f} s at most; Ctrl-C leaves it to end by itself")
        time.sleep(LOOK_S)
    return True


def _waited_for(server: RunningServer) -> str:
    """Return what a server that drains waits for; empty if it does not say: it ends."""
    try:
        found = status_of(server)
    except ServicesError:
        return ""
    count = len(found["sessions"])
    away = sum(one["away_since"] is not None for one in found["sessions"])
    what = f"waiting for {count} session{'' if count == 1 else 's'} to end"
    return f"{what}, {away} of them without a client that is there" if away else what if count else ""
