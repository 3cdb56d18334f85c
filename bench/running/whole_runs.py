"""Programs that run as a whole, each in a directory of its own: how long that takes, from start to end."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from .sample import Sample

Run = Callable[[Path], subprocess.CompletedProcess[str]]
"""Runs a script that writes its pictures into a directory."""
Check = Callable[[Path, subprocess.CompletedProcess[str]], None]
"""Looks at what a run has written and said. Raises ValueError if its time says nothing."""


def time_of_run(label: str, run: Run, check: Check) -> Sample:
    """Return how long one run took. Raises ValueError if it failed, and as `check` does."""
    with tempfile.TemporaryDirectory(prefix="apv-bench-") as name:
        began_s = time.perf_counter()
        ended = run(Path(name))
        took_s = time.perf_counter() - began_s
        if ended.returncode != 0:
            raise ValueError(f"{label} ended with {ended.returncode}: {ended.stdout}{ended.stderr}")
        check(Path(name), ended)
    return Sample(took_s * 1e3)
