"""What is run on Windows, and what came of it: plain values, read from what pytest and the conformance suite write."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from async_paraview.atomic_files import write_file

LIMIT_S: Final = 3600.0


@dataclass(frozen=True)
class Suite:
    """One run: its name in the table, and what Python is told to do there."""

    name: str
    arguments: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    """Files of tests, if pytest is to run them there."""
    across: bool = False
    """Whether the tests run on this system, and only the programs that they start on Windows."""


SUITES: Final = (
    Suite("conformance, inproc", ("-m", "services_core.conformance", "--backend", "inproc")),
    Suite(
        "conformance, zmq",
        ("-m", "services_core.conformance", "--backend", "zmq", "--url", "tcp://127.0.0.1:0"),
    ),
    Suite("core", tests=("tests/core",)),
    Suite("facts of Windows", tests=("tests/windows/on_windows.py",)),
    Suite("matrix and quickstart", tests=("tests/interop/test_matrix.py", "tests/interop/test_quickstart.py")),
    Suite("apvpython", tests=("tests/apvpython/test_scripts.py", "tests/apvpython/test_open_ends.py")),
    Suite("errors of users", tests=("tests/reliability/test_user_errors.py",)),
    Suite("deaths", tests=("tests/reliability/test_deaths.py", "tests/reliability/test_worker_dies.py")),
    Suite("tokens", tests=("tests/reliability/test_tokens.py",)),
    Suite("Windows and Linux", tests=("tests/windows/across.py",), across=True),
)


@dataclass(frozen=True)
class Outcome:
    """What came of one suite."""

    passed: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    """The first line of what was said of each that failed."""
    skipped: int = 0
    seconds: float = 0.0
    broken: str = ""
    """Why it did not come to its end, if it did not: then what it says is not all."""
    when: str = ""
    """The day."""


def read_outcomes(file: Path) -> dict[str, Outcome]:
    """Return what the last run of each suite came to; those that were never run are missing."""
    if not file.exists():
        return {}
    told: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {name: Outcome(**{**one, "passed": tuple(one["passed"])}) for name, one in told.items()}


def write_outcomes(file: Path, outcomes: Mapping[str, Outcome]) -> None:
    """Keep them for the page, so that suites may be run one at a time."""
    write_file(file, json.dumps({name: asdict(outcome) for name, outcome in outcomes.items()}, indent=1))


def read_junit(file: Path) -> Outcome:
    """Return what pytest has written to this file."""
    root = ElementTree.parse(file).getroot()
    passed, failed, skipped = [], {}, 0
    for case in root.iter("testcase"):
        name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name', '')}"
        wrong = next((one for kind in ("failure", "error") for one in case.iter(kind)), None)
        if wrong is not None:
            failed[name] = (
                (wrong.get("message") or "").strip().splitlines()[0] if wrong.get("message") else "no message"
            )
        elif next(case.iter("skipped"), None) is not None:
            skipped += 1
        else:
            passed.append(name)
    seconds = sum(float(suite.get("time", "0")) for suite in root.iter("testsuite"))
    return Outcome(tuple(passed), failed, skipped, seconds)


_LINE: Final = re.compile(r"^(\S+) +(ok|FAILED) +([0-9.]+) s$")


def read_conformance(said: str) -> Outcome:
    """Return what the conformance suite has printed."""
    passed, failed, seconds = [], {}, 0.0
    lines = said.splitlines()
    for at, line in enumerate(lines):
        if (found := _LINE.match(line)) is None:
            continue
        seconds += float(found[3])
        if found[2] == "ok":
            passed.append(found[1])
        else:
            failed[found[1]] = " / ".join(part.strip() for part in lines[at + 1 : at + 3])
    counted = f"{len(passed)} passed, {len(failed)} failed"
    broken = "" if counted in said else "it ended before its last check"
    return Outcome(tuple(passed), failed, 0, seconds, broken)
