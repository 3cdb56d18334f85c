"""`python -m services_core.conformance`: try every promise on one backend."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Final

from ..errors import ConfigurationError
from ..registry import VARIABLE, backend_name, known_backends, try_to_make
from .check import CHECKS
from .runner import Outcome, run

EPILOG: Final = """\
examples:
  python -m services_core.conformance --backend zmq --url tcp://127.0.0.1:0
  python -m services_core.conformance --backend mypackage.pipes:PipeBackend --only order
  python -m services_core.conformance --list

The exit code is 0 if every promise was kept, 1 if not, 2 if there is no such backend.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite, and return the exit code: 0 if every promise was kept, 1 if not, 2 if there is no such backend."""
    options = _parser().parse_args(arguments)
    if options.list:
        for check in CHECKS:
            print(f"{check.name}: {check.promise}")
        return 0
    try:
        backend = try_to_make(options.backend)
    except ConfigurationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"backend {backend_name(options.backend)} ({backend.__module__}:{backend.__qualname__})", flush=True)
    outcomes: list[Outcome] = []
    for outcome in run(backend, only=options.only, urls=options.url, timeout_scale=options.timeout_scale):
        outcomes.append(outcome)
        _show(outcome, verbose=options.verbose)
    failed = sum(outcome.failure is not None for outcome in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed", flush=True)
    code = 1 if failed or not outcomes else 0
    if any(outcome.hangs for outcome in outcomes):
        sys.stderr.flush()
        os._exit(code)  # threads of a backend that hangs would keep the interpreter from its end
    return code


def _show(outcome: Outcome, *, verbose: bool) -> None:
    word = "ok" if outcome.failure is None else "FAILED"
    print(f"{outcome.name:<70} {word:<6} {outcome.seconds:6.2f} s", flush=True)
    if verbose or outcome.failure is not None:
        print(f"    promise: {outcome.check.promise}")
    for line in (outcome.failure or "").splitlines():
        print(f"    {line}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services_core.conformance",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--backend",
        metavar="NAME",
        help=f"one of {', '.join(known_backends())}, or module:Class (default: what {VARIABLE} says)",
    )
    parser.add_argument("--list", action="store_true", help="name every check and its promise, run none")
    parser.add_argument("--only", metavar="SUBSTRING", default="", help="run the checks whose name contains this")
    parser.add_argument(
        "--url", metavar="URL", action="append", default=[], help="try this address too, such as tcp://127.0.0.1:0"
    )
    parser.add_argument("--timeout-scale", metavar="X", type=float, default=1.0, help="multiply every time limit")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the promise of every check")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
