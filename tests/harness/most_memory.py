"""The most memory that this process has had since a moment, whatever it had before. On Linux."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import psutil
import pytest

from services_core.conformance.processes.most_memory import most_memory_bytes

_MARKS: Final = Path("/proc/self/clear_refs")
_FORGET: Final = "5"


def forget_the_most() -> int:
    """Set the mark back to what this process has now, and return that; skips the test where no system does so."""
    if not _MARKS.exists():
        pytest.skip("the most memory since a moment is told on Linux alone")
    _MARKS.write_text(_FORGET, encoding="ascii")
    return int(psutil.Process().memory_info().rss)


def most_bytes_since(before: int) -> int:
    """Return by how much this process has grown at most, since `forget_the_most` returned `before`."""
    return most_memory_bytes() - before
