"""Runs scenarios: all contenders of one in turn, A B A B, so that a machine's bad minute hits them alike."""

from __future__ import annotations

import gc
import itertools
import traceback
from collections.abc import AsyncIterator, Iterable
from typing import Final, NamedTuple

from ..plan import Plan
from ..reporting.results import Row, rows
from ..scenario import Contender, Measure, Scenario, Stage
from ..variants import Variant
from .party import BACKEND
from .sample import Sample, summarize

WARM_UP_S: Final = 0.02


class Absent(NamedTuple):
    """Somebody who did not take part in a scenario, and why; `failed` if it should have."""

    scenario: str
    label: str
    reason: str
    failed: bool


class Result(NamedTuple):
    """What one scenario brought."""

    scenario: Scenario
    rows: list[Row]
    absent: list[Absent]


async def run(scenarios: Iterable[Scenario], variants: list[Variant], plan: Plan) -> AsyncIterator[Result]:
    """One result for each scenario, in order; scenarios of a group share their parties."""
    for _, group in itertools.groupby(scenarios, lambda scenario: scenario.group):
        stage = Stage(plan)
        try:
            for scenario in group:
                yield await run_one(scenario, variants, stage)
        finally:
            await stage.close()


async def run_one(scenario: Scenario, variants: list[Variant], stage: Stage) -> Result:
    """One scenario. Never raises: a contender that fails is absent."""
    contenders = scenario.contenders(variants, stage.plan)
    absent: list[Absent] = []
    measures = await _prepare(scenario, contenders, stage, absent)
    samples: dict[str, list[Sample]] = {}
    gc.collect()
    frozen_before = gc.get_freeze_count() > 0
    gc.freeze()  # or every collection would go through what the peers have imported
    for _ in range(min(stage.plan.repetitions, scenario.most)):
        for contender in contenders:
            if contender.label not in measures:
                continue
            gc.collect()
            try:
                sample = await measures[contender.label](stage.plan.seconds)
                samples.setdefault(contender.label, []).append(sample)
            except Exception as error:
                del measures[contender.label]
                samples.pop(contender.label, None)
                absent.append(_failed(scenario, contender, error))
    if not frozen_before:  # else that of others would no longer be, as of thousands of collected tests
        gc.unfreeze()
    summaries = {label: summarize(found, scenario.tail_unit) for label, found in samples.items()}
    return Result(scenario, rows(scenario, contenders, summaries), absent)


async def _prepare(
    scenario: Scenario, contenders: list[Contender], stage: Stage, absent: list[Absent]
) -> dict[str, Measure]:
    """Open everybody, and measure once in vain."""
    measures: dict[str, Measure] = {}
    for contender in contenders:
        if contender.missing:
            absent.append(Absent(scenario.name, contender.label, contender.missing, failed=False))
            continue
        try:
            measure = await contender.prepare(stage)
            if scenario.warms_up:
                await measure(min(WARM_UP_S, stage.plan.seconds))
            measures[contender.label] = measure
        except Exception as error:
            absent.append(_failed(scenario, contender, error))
    return measures


def _failed(scenario: Scenario, contender: Contender, error: Exception) -> Absent:
    text = "".join(traceback.format_exception(error)[-3:])
    return Absent(scenario.name, contender.label, f"failed: {text}", failed=contender.kind == BACKEND)
