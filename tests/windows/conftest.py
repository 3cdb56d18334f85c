"""The options by which tests on this system are told where the Windows Python is: `make test-windows` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..harness.time_limits import FACTOR
from .wine import Wine


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add them."""
    parser.addoption("--windows-place", type=Path, help="where tests.windows has made the environment")
    parser.addoption("--windows-display", default="", help="the X server that draws its pictures")


@pytest.fixture(scope="session")
def windows(request: pytest.FixtureRequest) -> Wine:
    """The Windows Python."""
    place = request.config.getoption("--windows-place")
    if place is None:
        raise pytest.UsageError("--windows-place names no environment: run this by `make test-windows`")
    return Wine(place, request.config.getoption("--windows-display"), {"APV_TEST_TIME_FACTOR": f"{FACTOR:g}"})
