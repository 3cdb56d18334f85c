"""`apvserver status`: what a server that runs is at."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from async_paraview.operations import sessions
from async_paraview.programs import parsed
from services_core.payload import unpack_payload

from ..hosting.monitoring.report import server_lines
from .running_server import RunningServer, add_server, running_server


def run(arguments: Sequence[str]) -> int:
    """Print it. Returns the exit code."""
    made = argparse.ArgumentParser(
        prog="apvserver status", description="Tell what a server of this user is at.", allow_abbrev=False
    )
    add_server(made)
    made.add_argument("--json", action="store_true", help="as JSON: docs/protocol.md, operation status, has the fields")
    told = parsed(made, arguments)
    with running_server(told.server_url) as server:
        found = status_of(server)
        if told.json:
            print_json(found)
        else:
            print(*server_lines(found, server.file.url), sep="\n")
    return 0


def status_of(server: RunningServer) -> dict[str, Any]:
    """Return what the server tells."""
    found: dict[str, Any] = unpack_payload(server.ask(sessions.Status()))
    return found


def print_json(found: Any) -> None:
    """Print plain data, indented."""
    json.dump(found, sys.stdout, indent=1)
    print()
