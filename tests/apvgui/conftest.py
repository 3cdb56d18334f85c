"""Windows of tests are drawn by Qt's own platform without a screen, unless a test starts a program on a screen."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from ..forks.forked_programs import pytest_runtest_setup, pytest_runtest_teardown
from ..harness.forked_workers import forked_workers

__all__ = ["forked_workers", "pytest_runtest_setup", "pytest_runtest_teardown"]

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a program of a test may be given another one
pytest.importorskip(
    "PySide6.QtWidgets",
    reason="PySide6-Essentials, or a library that it needs (libegl1), is missing",
    exc_type=ImportError,
)


@pytest.fixture(autouse=True)
def nothing_fails_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fails a test in which something went wrong that a loop, or the model, has only logged."""
    yield
    seen = [one for one in caplog.get_records("call") if one.levelno >= logging.ERROR]
    told = [
        one.getMessage() for one in seen if one.name.startswith(("servermanager.ui", "apvgui", "asyncio", "qasync"))
    ]
    assert not told


@pytest.fixture(autouse=True)
def own_memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds how the window of another one was arranged."""
    monkeypatch.setenv("APV_CONFIG_DIR", str(tmp_path_factory.mktemp("config")))
