"""The wall time of a script, from the start of the program to its end: apvpython's, and pvpython's beside it."""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..plan import Plan
from ..running.child import ROOT
from ..running.party import BACKEND, PEER
from ..running.programs import program_environment
from ..running.sample import Sample
from ..running.whole_runs import Run, time_of_run
from ..scenario import Contender, Measure, Scenario, Stage
from ..variants import Variant
from . import pvpython

__all__ = ["SCENARIOS"]

SCRIPT: Final = Path(__file__).with_name("twenty_filters.py")
PICTURES: Final = 5


class Numbers:
    """What the script has printed first: whoever runs it is to get the same."""

    def __init__(self) -> None:
        self._first: dict[str, Any] | None = None

    def check(self, found: dict[str, Any], label: str) -> None:
        """Raise ValueError if these are others."""
        first = self._first = self._first or found
        others = [name for name in first if not alike(first[name], found.get(name))]
        if others or first.keys() != found.keys():
            told = "; ".join(f"{name}: {first[name]} and {found.get(name)}" for name in others)
            raise ValueError(f"{label} gives other numbers, so that its time says nothing: {told}")


def alike(one: Any, other: Any) -> bool:
    """Return whether two values are the same, numbers but for what single precision leaves."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-5)
    return bool(one == other)


def measured(label: str, run: Run, numbers: Numbers) -> Sample:
    """Return how long one run took. Raises ValueError if it failed, or gave other numbers or no pictures."""

    def check(directory: Path, ended: subprocess.CompletedProcess[str]) -> None:
        numbers.check(json.loads(ended.stdout.strip().splitlines()[-1]), label)
        pictures = [one for one in directory.glob("*.png") if one.stat().st_size > 0]
        if len(pictures) != PICTURES:
            raise ValueError(f"{label} has written {len(pictures)} pictures, not {PICTURES}: {ended.stderr}")

    return time_of_run(label, run, check)


def by_apvpython(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run the script here, built in, with a directory for its pictures."""
    return subprocess.run(
        [sys.executable, "-m", "apvpython", str(SCRIPT), str(directory)],
        env=program_environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=pvpython.SCRIPT_S,
        check=False,
    )


def _contenders(_variants: list[Variant], _plan: Plan) -> list[Contender]:
    numbers = Numbers()

    def measure(label: str, run: Run) -> Measure:
        async def once(_seconds: float) -> Sample:
            return await asyncio.to_thread(measured, label, run, numbers)

        return once

    async def ours(_stage: Stage) -> Measure:
        return measure("apvpython", by_apvpython)

    async def theirs(stage: Stage) -> Measure:
        running = ExitStack()
        display = await asyncio.to_thread(running.enter_context, pvpython.x_server())

        async def close() -> None:
            await asyncio.to_thread(running.close)

        stage.at_end(close)
        return measure(pvpython.PROGRAM, partial(pvpython.run, SCRIPT, display=display))

    return [
        Contender(pvpython.PROGRAM, PEER, theirs, missing=pvpython.missing()),
        Contender("apvpython", BACKEND, ours, floor=pvpython.PROGRAM),
    ]


SCENARIOS: Final = [
    Scenario(
        "script of 20 filters",
        "scripts",
        "ms",
        "ms",
        "wall time of a script for ParaView with 20 filters and 5 pictures, from the start of the program to its end",
        _contenders,
    )
]
