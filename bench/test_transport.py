"""Every scenario for every backend, floor and peer, under pytest-benchmark."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .scenario import Contender, Scenario, Stage


class OperationClock:
    """A timer for pytest-benchmark that a repetition puts forward by the time of one operation.

    What takes place around the operations (filling a pipeline, a server's start) is not theirs, and a scenario may
    time many operations at once; pytest-benchmark itself knows only the time of a call.
    """

    def __init__(self) -> None:
        self._now_s = 0.0

    def __call__(self) -> float:
        return self._now_s

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self._now_s += seconds


CLOCK = OperationClock()


@pytest.mark.benchmark(timer=CLOCK)
def test_transport(
    benchmark: Any, runner: asyncio.Runner, stage: Stage, scenario: Scenario, contender: Contender
) -> None:
    """The time of one operation; in what the scenario counts, see extra_info."""
    benchmark.group = scenario.name
    measure = runner.run(contender.prepare(stage))
    values: list[float] = []

    def repetition() -> None:
        sample = runner.run(measure(stage.plan.seconds))
        values.append(sample.value)
        CLOCK.advance(scenario.seconds_per_operation(sample.value))

    benchmark.pedantic(repetition, rounds=stage.plan.repetitions, iterations=1, warmup_rounds=1)
    benchmark.extra_info.update(unit=scenario.unit, values=values[1:], kind=contender.kind, about=scenario.about)
