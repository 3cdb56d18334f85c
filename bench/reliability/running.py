"""Running measurements of reliability, one after the other, and telling what they found."""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from async_paraview.credentials.private_files import RUNTIME_VARIABLE

from ..reporting.machine import commit, machine
from ..reporting.table import number
from .figures import Absent, Figure, Measurement


@dataclass(slots=True)
class Findings:
    """What a run has found so far."""

    figures: list[tuple[str, Figure]] = field(default_factory=list)
    """With the name of the measurement each is of."""
    absent: dict[str, str] = field(default_factory=dict)
    """Why a measurement cannot be made here."""
    failed: dict[str, str] = field(default_factory=dict)
    """How a measurement ended that raised."""


def run(measurements: Sequence[Measurement], *, quick: bool, tell: Callable[[str], object]) -> Findings:
    """Make the measurements; `tell` gets a line for each. One that raises does not keep the others from being made."""
    found = Findings()
    for measurement in measurements:
        began = time.monotonic()
        try:
            with unfound():
                for figure in measurement.measure(quick):
                    found.figures.append((measurement.name, figure))
        except Absent as error:
            found.absent[measurement.name] = str(error)
        except Exception:
            found.failed[measurement.name] = traceback.format_exc()
        tell(f"{time.monotonic() - began:6.1f} s  {measurement.name}")
    return found


@contextmanager
def unfound() -> Iterator[None]:
    """Have servers that are started inside found by nobody else: "auto" means the newest of this user's."""
    before = os.environ.get(RUNTIME_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="apv-bench-") as directory:
        os.environ[RUNTIME_VARIABLE] = directory
        try:
            yield
        finally:
            del os.environ[RUNTIME_VARIABLE]
            if before is not None:
                os.environ[RUNTIME_VARIABLE] = before


def document(found: Findings, measurements: Sequence[Measurement], *, quick: bool, seconds: float) -> dict[str, Any]:
    """Return the findings as plain data, for JSON."""
    return {
        "machine": machine(),
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
        "quick": quick,
        "about": {measurement.name: measurement.about for measurement in measurements},
        "figures": [{"measurement": name, **figure.row()} for name, figure in found.figures],
        "absent": found.absent,
        "failed": found.failed,
        "seconds": seconds,
    }


def table(found: Findings, title: str = "Reliability") -> Table:
    """Return a table of the figures: a heading for each measurement, a line for each figure."""
    shown = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    shown.add_column("", no_wrap=True)
    for name in ("value", "of"):
        shown.add_column(name, justify="right", no_wrap=True)
    for name in ("target", "met", ""):
        shown.add_column(name)
    heading = None
    for name, figure in found.figures:
        if name != heading:
            heading = name
            shown.add_row(name, style="bold")
        shown.add_row(*_cells(figure), style={True: "green", False: "red", None: None}[figure.met])
    return shown


def _cells(figure: Figure) -> list[str]:
    target = figure.target
    wanted = f"{target.sense} {target.bound:g}" if target else ""
    verdict = {True: "yes", False: "NO", None: ""}[figure.met]
    value = f"{number(figure.value)} {figure.unit}".rstrip()
    return [f"  {figure.name}", value, str(figure.many), wanted, verdict, figure.note]
