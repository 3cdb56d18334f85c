"""The desktop client in a real window: its start, what it takes at rest, and pictures while a filter runs."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from ..reliability.figures import Absent, Figure, Measurement, at_least, at_most
from ..reliability.own_server import modules_path
from ..running.sample import percentile

SECONDS: Final = 6.0
QUICK_S: Final = 2.0
LIMIT_S: Final = 240.0


def measure_desktop(quick: bool) -> Iterator[Figure]:
    """See MEASUREMENTS."""
    for name in ("PySide6", "qasync"):
        if importlib.util.find_spec(name) is None:
            raise Absent(f"{name} is not installed: pip install the extra gui")
    began = time.time()
    with _screen() as (variables, where):
        told = _run(QUICK_S if quick else SECONDS, variables)
    late = sorted(told["stalls_s"])
    busy, idle = told["busy_rate"], told["idle_rate"]
    note = f"{busy:.1f} of {idle:.1f} pictures/s, {where}"
    yield Figure(
        "desktop: pictures painted while a filter runs, against idle", busy / idle, "x", 1, at_least(0.6), note
    )
    yield Figure(
        "stalls of the window's thread while dragging, p99", 1e3 * percentile(late, 99), "ms", len(late), at_most(20)
    )
    yield Figure("apvgui: start to first picture", told["painted"] - began, "s", 1, None, where)
    yield Figure("apvgui: CPU of the window at rest", 100 * told["idle_cpu"], "% of one")


def _run(seconds: float, variables: dict[str, str]) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.faces.desktop_host", str(seconds)],
        env={**os.environ, **variables, "PYTHONPATH": modules_path()},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"the window ended with {ended.returncode}: {ended.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
    return found


@contextmanager
def _screen() -> Iterator[tuple[dict[str, str], str]]:
    """Give variables of a screen of its own, and its name; where there is no Xvfb, of Qt's own without any."""
    if shutil.which("Xvfb") is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}, "offscreen"
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            display = told.readline().strip()
        if not display:
            raise RuntimeError("Xvfb ended before it had a display")
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{display}"}, "Xvfb"
    finally:
        server.terminate()
        server.wait()


MEASUREMENTS: Final = (
    Measurement(
        "desktop",
        "The window of apvgui is opened, rests, and is dragged without a pause, idle and while a filter executes.",
        measure_desktop,
    ),
)
