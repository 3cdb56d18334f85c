#!/usr/bin/env bash
# A thread waits 60 ms and more for Python's lock, at a switch interval of 5 ms, beside one whose steps take 0.2 ms (CPython 3.11, numpy 2.4.6).
#
# numpy gives the lock back while it calculates with more than some hundred numbers: others go on meanwhile, one thinks. Who waits for the lock asks
# the holder for it when an interval has passed in which nobody gave it back. A division of 2,000 numbers gives it back for a microsecond, wakes who
# waits, and has it again before that one is there; and the wait begins anew. Python code that keeps the lock for less than an interval between two
# such moments is never asked for it. Without numpy, or with arrays so small that it keeps the lock, the same code hands it over after 5 ms; and
# numpy alone hands it over at once. Only both together starve a user interface, a heartbeat or a server thread: tens of intervals, again and again.
#
# Truth: sys.setswitchinterval says when the lock is handed over; that both halves keep to it alone, and that a single step is short, is measured here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable

import numpy as np

SECONDS, INTERVAL_S = 3.0, 0.005
LARGE, SMALL = np.random.default_rng(1).random(2000), np.random.default_rng(1).random(100)
LINE, NUMBERS = "%.17g " * 200, tuple(LARGE[:200].tolist())


def text() -> object:
    return LINE % NUMBERS


def divided() -> object:
    return LARGE / 255.0


def small() -> object:
    return SMALL / 255.0


def waits(*steps: Callable[[], object]) -> list[float]:
    """How long a thread that sleeps for 1 ms at a time waits to go on, each time, while this one goes through the steps."""
    found: list[float] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            began = time.perf_counter()
            time.sleep(0.001)
            found.append(time.perf_counter() - began - 0.001)

    watcher = threading.Thread(target=watch)
    watcher.start()
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        for step in steps:
            step()
    over.set()
    watcher.join()
    return found


def taken(step: Callable[[], object]) -> float:
    times = []
    for _ in range(200):
        began = time.perf_counter()
        step()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


sys.setswitchinterval(INTERVAL_S)
print(f"{platform.python_implementation()} {platform.python_version()}, numpy {np.__version__}, switch interval {sys.getswitchinterval() * 1e3:g} ms")
both = taken(text) + taken(divided)
print(f"a text takes {taken(text) * 1e3:.3f} ms, a division {taken(divided) * 1e3:.4f} ms")
cases = {
    "texts alone": (text,),
    "divisions of 2000 alone": (divided,),
    "texts, and divisions of 100": (text, small),
    "texts, and divisions of 2000": (text, divided),
}
medians = {}
for name, steps in cases.items():
    found = waits(*steps)
    medians[name] = statistics.median(found)
    print(f"{name}: another thread waits {medians[name] * 1e3:.1f} ms as a median, {max(found) * 1e3:.0f} ms at most, and had {len(found)} turns")
changed = [] if both < 0.2 * INTERVAL_S else ["how long a step takes"]
*fair, starved = cases
changed += [name for name in fair if medians[name] > 2.0 * INTERVAL_S]
changed += [starved] if medians[starved] < 4.0 * INTERVAL_S else []
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
