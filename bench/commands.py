"""What the commands of `python -m bench` do; each returns the exit code."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from services_core import ConfigurationError

from .plan import FULL, QUICK, GiB, Plan
from .reliability.figures import Measurement
from .reporting.machine import commit, machine
from .reporting.results import LAST_INTERACTIVE_RUN, LAST_RUN, load, save
from .reporting.table import console as make_console
from .reporting.table import table
from .running.runner import Absent, run
from .scenario import Scenario
from .scenarios import SCENARIOS
from .scripts import pvpython
from .variants import Variant, variants

console = make_console()

_COPIES_OF_LARGEST = 10
"""So many times the largest array is in memory, of all processes together."""


def transport(*, json: Path | None, quick: bool, only: str, backend: Sequence[str], peers: bool) -> int:
    """Run the scenarios, interleaving what is compared; fails only if a backend could not be measured."""
    plan = dataclasses.replace(fitting(QUICK if quick else FULL), peers=peers)
    document, absent = asyncio.run(_transport(plan, variants(backend), only))
    save(document, LAST_RUN)
    if json is not None:
        save(document, json)
    console.print(table(document["scenarios"], "Transports"))
    _tell(document, absent)
    return 1 if any(one.failed for one in absent) or not document["scenarios"] else 0


def interactivity(*, json: Path | None, quick: bool, only: str, backend: Sequence[str]) -> int:
    """Measure whether a client stays interactive while filters execute: whole sessions, built in and remote."""
    from .interactive import CLASSIC, SCENARIOS

    wanted = [scenario for scenario in SCENARIOS if only in scenario.name]
    plan = QUICK if quick else FULL
    os.environ["APV_ALLOW_PYTHON"] = "1"  # one of the filters is a script of ours
    document, absent = asyncio.run(_measured(wanted, plan, variants(backend)))
    for row in document["scenarios"]:
        row["classic"] = CLASSIC.get(row["scenario"])
    save(document, LAST_INTERACTIVE_RUN)
    if json is not None:
        save(document, json)
    console.print(table(document["scenarios"], "Interactivity"))
    for name in dict.fromkeys(row["scenario"] for row in document["scenarios"]):
        if name in CLASSIC:
            console.print(f"ParaView 5.11, {name}: {CLASSIC[name]}", style="dim", highlight=False)
    _tell(document, absent)
    return 1 if any(one.failed for one in absent) or not document["scenarios"] else 0


def reliability(*, json: Path | None, quick: bool, only: str) -> int:
    """Measure what sessions survive: outages, deaths, full disks; fails only if something could not be measured."""
    from .reliability import measurements

    return _figures(measurements(only), "Reliability", json, quick)


def faces(*, json: Path | None, quick: bool, only: str) -> int:
    """Measure whether browsers, windows and notebooks stay live; fails only if something could not be measured."""
    from .faces import measurements

    return _figures(measurements(only), "Faces", json, quick)


def scale(*, json: Path | None, quick: bool, only: str) -> int:
    """Measure size and speed: ranks, pieces, copies, stalls; fails only if something could not be measured."""
    from .scale import measurements

    return _figures(measurements(only), "Scale", json, quick)


def _figures(wanted: list[Measurement], title: str, json: Path | None, quick: bool) -> int:
    from .reliability.running import document, run
    from .reliability.running import table as figures_table

    began = time.monotonic()
    found = run(wanted, quick=quick, tell=lambda line: console.print(line, style="dim", highlight=False))
    if json is not None:
        made = document(found, wanted, quick=quick, seconds=time.monotonic() - began)
        save({**made, "load": os.getloadavg()}, json)
    console.print(figures_table(found, title))
    for name, reason in found.absent.items():
        console.print(f"skipped {name}: {reason}", style="yellow", markup=False)
    for name, reason in found.failed.items():
        console.print(f"{name} could not be measured: {reason}", style="red", markup=False)
    met = [figure.met for _, figure in found.figures if figure.met is not None]
    console.print(f"{sum(met)} of {len(met)} targets met, in {time.monotonic() - began:.0f} s")
    console.print(f"load of the machine during the last 15 minutes: {os.getloadavg()[2]:.1f}, {os.cpu_count()} cores")
    return 1 if found.failed or not found.figures else 0


def scripts(*, json: Path | None, quick: bool) -> int:
    """Measure how long a script for ParaView takes, in turn by apvpython and by pvpython, where that is installed."""
    from .scripts import SCENARIOS

    return _beside_pvpython(SCENARIOS, "Scripts", json, quick)


def figures(*, json: Path | None, quick: bool, only: str) -> int:
    """Measure how long each figure of the gallery takes, in turn here and by pvpython, where that is installed."""
    from .figures import SCENARIOS

    return _beside_pvpython([one for one in SCENARIOS if only in one.name], "Figures", json, quick)


def _beside_pvpython(scenarios: list[Scenario], title: str, json: Path | None, quick: bool) -> int:
    if why := pvpython.missing():
        raise ConfigurationError(f"there is nothing to compare with: {why}")
    document, absent = asyncio.run(_measured(scenarios, QUICK if quick else FULL, []))
    document["load"] = os.getloadavg()
    if json is not None:
        save(document, json)
    console.print(table(document["scenarios"], title))
    console.print(f"load of the machine during the last 15 minutes: {document['load'][2]:.1f}")
    _tell(document, absent)
    return 1 if absent or not document["scenarios"] else 0


async def _transport(plan: Plan, chosen: list[Variant], only: str) -> tuple[dict[str, Any], list[Absent]]:
    began = time.monotonic()
    wanted = [scenario for scenario in SCENARIOS if only in scenario.name]
    document, absent = await _measured(wanted, plan, chosen)
    if only in "layers":
        from .profiling.layers import measure_layers

        document["layers"] = await measure_layers([variant for variant in chosen if variant.main or not only], plan)
        document["seconds"] = time.monotonic() - began
    return document, absent


async def _measured(
    scenarios: list[Scenario], plan: Plan, chosen: list[Variant]
) -> tuple[dict[str, Any], list[Absent]]:
    began = time.monotonic()
    document: dict[str, Any] = {
        "machine": machine(),
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime()),
        "plan": dataclasses.asdict(plan),
        "about": {scenario.name: scenario.about for scenario in scenarios},
        "scenarios": [],
    }
    absent: list[Absent] = []
    async for result in run(scenarios, chosen, plan):
        document["scenarios"] += result.rows
        absent += result.absent
        console.print(f"{time.monotonic() - began:6.1f} s  {result.scenario.name}", style="dim", highlight=False)
    document["absent"] = [one._asdict() for one in absent]
    document["seconds"] = time.monotonic() - began
    return document, absent


def fitting(plan: Plan) -> Plan:
    """Return the plan with arrays that this machine has the memory for."""
    largest = int(psutil.virtual_memory().available / _COPIES_OF_LARGEST)
    if largest >= plan.largest_bytes:
        return plan
    console.print(f"arrays of at most {largest / GiB:.2f} GiB, as memory is short", style="yellow")
    return dataclasses.replace(plan, largest_bytes=largest)


def _tell(document: dict[str, Any], absent: list[Absent]) -> None:
    """Tell what is beside the table."""
    for reason in dict.fromkeys(f"{one.label}: {one.reason}" for one in absent if not one.failed):
        console.print(f"skipped {reason}", style="yellow", markup=False)
    for one in absent:
        if one.failed:
            console.print(f"{one.scenario}, {one.label} {one.reason}", style="red", markup=False)
    met = [row["met"] for row in document["scenarios"] if row["met"] is not None]
    console.print(f"{sum(met)} of {len(met)} targets met, in {document['seconds']:.0f} s")


def compare(*, old: Path, new: Path) -> int:
    """Tell what changed from one run to another by more than the repetitions of either differ."""
    from .reporting.compare import changes, changes_table

    console.print(changes_table(changes(load(old), load(new))))
    return 0


def report(*, json: Sequence[Path], docs: Path) -> int:
    """Make docs/benchmarks.md and its plots."""
    from .reporting.report import write_report

    last = [path for path in (LAST_INTERACTIVE_RUN, LAST_RUN) if path.exists()] or [LAST_RUN]
    console.print(f"wrote {write_report([load(path) for path in json or last], docs)}")
    return 0


def profile(*, backend: Sequence[str], json: Path | None) -> int:
    """Tell where the time of one request goes, layer by layer."""
    from .profiling.layers import layers_table, measure_layers

    found = asyncio.run(measure_layers(variants(backend), FULL))
    console.print(layers_table(found))
    if json is not None:
        save({"machine": machine(), "commit": commit(), "scenarios": [], "layers": found}, json)
    return 0
