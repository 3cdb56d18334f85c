"""`python -m tests.windows`: makes the Windows Python, runs the suites there, and writes what came of it.

The exit code is 0 if all failures are wine's, 1 if not, 2 if the environment cannot be made.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from async_paraview.atomic_files import write_file

from ..harness.time_limits import FACTOR
from .environment import ROOT, CannotBeMade, make
from .judged import out_of_date, reason_of
from .page import result_of, write_result
from .suites import (
    LIMIT_S,
    SUITES,
    Outcome,
    Suite,
    read_conformance,
    read_junit,
    read_outcomes,
    write_outcomes,
)
from .wine import Wine, a_display, copy_tree

OUTCOMES: Final = "outcomes.json"
VERSIONS: Final = """
import platform, importlib.metadata as found
named = ('numpy', 'pyzmq', 'vtk', 'msgpack', 'psutil')
print(f'Windows CPython {platform.python_version()}, ' + ', '.join(f'{one} {found.version(one)}' for one in named))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it all, or the suites that are named."""
    options = _parser().parse_args(arguments)
    suites = [one for one in SUITES if not options.only or one.name in options.only]
    place: Path = options.place.resolve()
    try:
        make(place)
    except CannotBeMade as error:
        sys.stderr.write(f"test-windows: {error}\n")
        return 2
    with a_display() as display:
        wine = Wine(place, display, {"APV_TEST_TIME_FACTOR": f"{FACTOR:g}"})
        copy_tree(wine)
        try:
            versions = _versions(wine)
            outcomes: dict[str, Outcome] = {}
            for suite in suites:
                outcomes[suite.name] = _outcome(wine, suite, options.tests)
                if not options.tests:
                    _keep(place, outcomes, versions)
        finally:
            wine.end_all()
    return _judge(outcomes)


def _keep(place: Path, outcomes: dict[str, Outcome], versions: str) -> None:
    """Write what came of suites: each has the result of its last run on the page."""
    known = read_outcomes(place / OUTCOMES) | outcomes
    write_outcomes(place / OUTCOMES, known)
    write_result(result_of(known, versions=versions))


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tests.windows", description=__doc__, allow_abbrev=False)
    made.add_argument("--place", type=Path, required=True, help="where the environment is kept, about 2 GB")
    made.add_argument(
        "--only", action="append", choices=[one.name for one in SUITES], help="this suite; may be repeated"
    )
    made.add_argument("--tests", metavar="EXPRESSION", default="", help="as -k of pytest; nothing is written then")
    return made


def _outcome(wine: Wine, suite: Suite, chosen: str) -> Outcome:
    """Run a suite, and tell what came of it; all that it said is kept beside its results."""
    print(f"test-windows: {suite.name} ...", flush=True)
    begun = time.monotonic()
    for old in wine.results.glob(f"{suite.name}.*"):
        old.unlink()
    if suite.across:
        outcome = _across(wine, suite, chosen)
    elif suite.tests:
        file = wine.results / f"{suite.name}.xml"
        code, said = wine.run(*_pytest(suite, chosen), f"--junitxml=C:\\results\\{file.name}", limit_s=LIMIT_S)
        outcome = _of_pytest(file, code, said)
        write_file(wine.results / f"{suite.name}.txt", said)
    else:
        _, said = wine.run(*suite.arguments, "--timeout-scale", f"{FACTOR:g}", limit_s=LIMIT_S)
        outcome = read_conformance(said)
        write_file(wine.results / f"{suite.name}.txt", said)
    outcome = replace(outcome, seconds=time.monotonic() - begun, when=f"{datetime.date.today():%d %B %Y}")
    for test, why in outcome.failed.items():
        print(f"    {test}: {why}\n        {reason_of(test) or 'no reason is known why that is not ours'}", flush=True)
    print(f"    {len(outcome.passed)} passed, {len(outcome.failed)} failed {outcome.broken}", flush=True)
    return outcome


def _pytest(suite: Suite, chosen: str) -> list[str]:
    return ["-m", "pytest", "-q", "-m", "not deep", *(["-k", chosen] if chosen else []), *suite.tests]


def _of_pytest(file: Path, code: int, said: str) -> Outcome:
    if not file.exists():
        last = next(reversed(said.strip().splitlines()), "it said nothing")
        return Outcome(broken=f"pytest ended with {code}: {last}")
    return read_junit(file)


def _across(wine: Wine, suite: Suite, chosen: str) -> Outcome:
    file = wine.results / f"{suite.name}.xml"
    more = ["--windows-place", str(wine.place), "--windows-display", wine.display, f"--junitxml={file}"]
    done = subprocess.run(
        [sys.executable, *_pytest(suite, chosen), *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    write_file(wine.results / f"{suite.name}.txt", done.stdout)
    return _of_pytest(file, done.returncode, done.stdout)


def _versions(wine: Wine) -> str:
    told = subprocess.run(["wine", "--version"], capture_output=True, text=True, check=True, env=wine.environment())
    _, said = wine.run("-c", VERSIONS, limit_s=60 * FACTOR)
    (versions,) = said.strip().splitlines()[-1:]  # what wine says of a new prefix comes before
    return f"{told.stdout.split()[0]}, {versions}, time factor {FACTOR:g}"


def _judge(outcomes: dict[str, Outcome]) -> int:
    """Return the exit code, and tell which reasons are out of date."""
    passed = [test for outcome in outcomes.values() for test in outcome.passed]
    failed = [test for outcome in outcomes.values() for test in outcome.failed]
    for pattern in out_of_date(passed, failed):
        print(f"test-windows: {pattern} passes now; its reason can go (tests/windows/judged.py)")
    ours = [test for test in failed if reason_of(test) is None]
    return 1 if ours or any(outcome.broken for outcome in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
