"""The wall time of each figure of the gallery, from the start of the program to its end, and pvpython's beside it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from PIL import Image

from ..plan import Plan
from ..running.child import ROOT
from ..running.party import BACKEND, PEER, Party
from ..running.programs import program_environment
from ..running.sample import Sample
from ..running.whole_runs import Run, time_of_run
from ..scenario import Contender, Measure, Scenario, Stage
from ..scripts import pvpython
from ..variants import Variant

OURS: Final = ROOT / "examples" / "figures"
THEIRS: Final = Path(__file__).with_name("paraview")
"""The same figures, as scripts for pvpython."""
FIGURES: Final = tuple(path.stem for path in sorted(OURS.glob("*.py")))
SIZE: Final = (800, 600)
_LEAST: Final = 0.02
"""How much of a picture is drawn upon at least."""


class Display(Party):
    """An X server without a screen, for all figures of a run."""

    kind: ClassVar[str] = PEER
    label = "Xvfb"

    def __init__(self) -> None:
        self._running = ExitStack()
        self.name = ""

    async def open(self) -> None:
        """Start it."""
        self.name = await asyncio.to_thread(self._running.enter_context, pvpython.x_server())

    async def close(self) -> None:
        """End it."""
        await asyncio.to_thread(self._running.close)


def measured(label: str, figure: str, run: Run) -> Sample:
    """Return how long one run took. Raises ValueError if it failed, or has written no picture, or an empty one."""

    def check(directory: Path, ended: subprocess.CompletedProcess[str]) -> None:
        path = directory / f"{figure}.png"
        if not path.exists():
            raise ValueError(f"{label} has written no {path.name}: {ended.stdout}{ended.stderr}")
        with Image.open(path) as picture:
            drawn = float((np.asarray(picture.convert("RGB")).min(axis=2) < 250).mean())
            if picture.size != SIZE or drawn < _LEAST:
                raise ValueError(
                    f"{label} has drawn upon {drawn:.1%} of {picture.size} pixels, so that its time is none"
                )

    return time_of_run(label, run, check)


def by_apvpython(figure: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Run a figure here, built in; it writes its picture where it is run."""
    return subprocess.run(
        [sys.executable, "-m", "apvpython", str(OURS / f"{figure}.py")],
        env=program_environment(),
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=pvpython.SCRIPT_S,
        check=False,
    )


def _contenders(figure: str, _variants: list[Variant], _plan: Plan) -> list[Contender]:
    def measure(label: str, run: Run) -> Measure:
        async def once(_seconds: float) -> Sample:
            return await asyncio.to_thread(measured, label, figure, run)

        return once

    async def ours(_stage: Stage) -> Measure:
        return measure("apvpython", partial(by_apvpython, figure))

    async def theirs(stage: Stage) -> Measure:
        display = await stage.party("display", Display)
        run = partial(pvpython.run, THEIRS / f"{figure}.py", display=display.name)
        return measure(pvpython.PROGRAM, run)

    return [
        Contender(pvpython.PROGRAM, PEER, theirs, missing=pvpython.missing()),
        Contender("apvpython", BACKEND, ours, floor=pvpython.PROGRAM),
    ]


SCENARIOS: Final = [
    Scenario(
        f"figure/{figure}",
        "figures",
        "ms",
        "ms",
        "wall time of one figure of 800 x 600, from the start of the program to its end",
        partial(_contenders, figure),
    )
    for figure in FIGURES
]
