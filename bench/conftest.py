"""`pytest bench`: the same scenarios under pytest-benchmark."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from .plan import FULL, QUICK, Plan
from .scenario import Stage
from .scenarios import SCENARIOS
from .variants import variants


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("transport benchmarks")
    group.addoption("--backend", action="append", default=[], help="Name or module:Class; repeatable. Default: all.")
    group.addoption("--full", action="store_true", help="Repetitions and sizes of `python -m bench transport`.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each scenario and each of its contenders."""
    if "contender" not in metafunc.fixturenames:
        return
    plan = _plan(metafunc.config)
    chosen = variants(metafunc.config.getoption("--backend"))
    cases = [
        pytest.param(scenario, contender, id=f"{scenario.name}-{contender.label}", marks=_marks(contender.missing))
        for scenario in SCENARIOS
        for contender in scenario.contenders(chosen, plan)
    ]
    metafunc.parametrize(("scenario", "contender"), cases)


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """One asyncio loop for all."""
    with asyncio.Runner() as found:
        yield found


@pytest.fixture
def stage(runner: asyncio.Runner, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Parties of one test."""
    found = Stage(_plan(request.config))
    yield found
    runner.run(found.close())


def _plan(config: pytest.Config) -> Plan:
    return FULL if config.getoption("--full") else QUICK


def _marks(missing: str | None) -> list[pytest.MarkDecorator]:
    return [pytest.mark.skip(reason=missing)] if missing else []
