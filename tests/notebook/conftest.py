"""One JupyterLab for all tests of this room, and a browser for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from ..harness.browsers import CHROMIUM
from ..harness.jupyter_lab import JupyterLab, why_no_jupyter
from ..harness.notebook_page import browser


@pytest.fixture(scope="session")
def lab() -> Iterator[JupyterLab]:
    """A JupyterLab."""
    if why := why_no_jupyter():
        pytest.skip(why)
    with JupyterLab() as started:
        yield started


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """A browser. Not for longer than a test: while it is driven, no other loop can run in this thread."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium in PATH to show the page with")
    with browser() as opened:
        yield opened
