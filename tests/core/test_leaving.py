"""How the processes of sessions end: what a program is promised at its end happens, and nothing is taken apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..harness.time_limits import scaled

PROGRAM = """
import atexit, concurrent.futures, sys, threading
from apvserver.hosting.workers.leaving import leave

class Kept:
    def __del__(self):
        print("taken apart", flush=True)

kept = Kept()
go_on = threading.Event()
def last():
    go_on.wait()
    print("the thread")
atexit.register(print, "the functions")
threading.Thread(target=last).start()
pool = concurrent.futures.ThreadPoolExecutor(1)
pool.submit(print, "the pool", flush=True).result()
sys.stderr.write("told")
{before}
threading.Timer(0, go_on.set).start()
leave(3)
"""


def ended(before: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=scaled(60),
        check=False,
    )


def test_threads_then_functions_then_what_is_printed_then_the_end() -> None:
    done = ended()
    assert (done.stdout.splitlines(), done.stderr, done.returncode) == (
        ["the pool", "the thread", "the functions"],
        "told",
        3,
    )


def test_streams_that_are_not_there_keep_nothing_from_ending() -> None:
    assert ended("sys.stdout.flush(); sys.stdout = None; sys.stderr.close()").returncode == 3
