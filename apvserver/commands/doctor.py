"""`apvserver doctor`: tries everything that a server needs, step by step, and prints a report to paste."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Final

from async_paraview.programs import parsed
from services_core import ServicesError, split_url

from .checkup.finding import Finding, Verdict, without_home
from .checkup.machine import look_at_machine
from .checkup.own_server import own_server
from .checkup.session_trial import describe_place, try_session

EPILOG: Final = """\
examples:
  apvserver doctor                                         this machine, and a server that is started for it
  apvserver doctor --server-url tcp://127.0.0.1:11111      this machine, and that server

The report names no user, host or directory of a user. The exit code is 0 if nothing failed, else 1.
"""


def run(arguments: Sequence[str]) -> int:
    """Print the report, line by line as it is made. Returns the exit code."""
    told = parsed(_parser(), arguments)
    failed = 0
    for finding in _report(told.server_url):
        print(finding, flush=True)
        failed += finding.verdict is Verdict.FAILED
    print(f"\n{failed} of it failed; what to do stands beside it" if failed else "\nnothing failed")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="apvserver doctor",
        description="Try everything that a server needs on this machine, and print a report to paste.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--server-url", "--url", metavar="URL", help="try this server, not one that is started for it")
    return made


def _report(url: str | None) -> Iterator[Finding]:
    yield from look_at_machine()
    try:
        if url is not None:
            yield Finding("server", describe_place(url))
            yield from try_session(url)
            return
        with own_server() as own:
            yield Finding("server", f"started for this, at {split_url(own)[1]}")
            yield from try_session(own)
    except ServicesError as error:
        yield Finding("server", without_home(str(error)), Verdict.FAILED)
