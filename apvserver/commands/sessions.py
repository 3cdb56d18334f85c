"""`apvserver sessions`: the sessions of a server that runs, a line each."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from async_paraview.programs import parsed

from ..hosting.monitoring.report import session_table, waiting_lines
from .running_server import add_server, running_server
from .status import print_json, status_of

RATE_S = 1.0
"""Rates are those of so long."""


def run(arguments: Sequence[str]) -> int:
    """Print them. Returns the exit code."""
    made = argparse.ArgumentParser(
        prog="apvserver sessions",
        description="List the sessions of a server of this user: clients, memory, what waits, what they execute. Looks "
        f"for {RATE_S:g} s, to tell rates.",
        allow_abbrev=False,
    )
    add_server(made)
    made.add_argument("--json", action="store_true", help="as JSON, at once: counts in place of rates")
    told = parsed(made, arguments)
    with running_server(told.server_url) as server:
        before = status_of(server)
        if told.json:
            print_json(before["sessions"])
            return 0
        if before["sessions"]:
            time.sleep(RATE_S)
        now = status_of(server)
        print(*session_table(now, before), *waiting_lines(now), sep="\n")
    return 0
