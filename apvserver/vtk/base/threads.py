"""How many threads VTK's filters use, and how much of the processor they may take from others."""

from __future__ import annotations

import os
import sys
from typing import Final

from vtkmodules.vtkCommonCore import vtkFloatArray, vtkSMPTools

from ...settings import adopted

_told: Final[set[int]] = set()
"""The numbers of threads that were set here."""

NICEST: Final = 19
"""What Linux knows."""

BELOW_NORMAL: Final = -1
"""Windows' word for that."""


def set_up_threads() -> int:
    """Let filters that can use threads do so; returns how many. The wheel's own default is one.

    All processors that this process may use, but one. Called on the thread that executes them, after
    `yield_to_others`: VTK's own threads begin with their first work, here, as nice as this one.

    Also the backend that is not used is told how many: it asks the system otherwise, which reads a file for that, each
    time that VTK makes a place for what its threads have of their own, 0.02 ms for the bounds of a cone.
    """
    count = adopted().vtk_threads or max(1, processors() - 1)
    backend = "STDThread" if count > 1 else "Sequential"
    if _is_set_up(backend, count):
        return count  # of the process: not under a session that executes
    for one in ("STDThread", backend):
        vtkSMPTools.SetBackend(one)
        vtkSMPTools.Initialize(count)
    _told.add(count)
    if count > 1:
        numbers = vtkFloatArray()
        numbers.InsertNextValue(0.0)
        numbers.InsertNextValue(1.0)
        numbers.GetRange()  # what begins them
    return count


def _is_set_up(backend: str, count: int) -> bool:
    return count in _told and (vtkSMPTools.GetBackend(), vtkSMPTools.GetEstimatedNumberOfThreads()) == (backend, count)


def processors() -> int:
    """Return how many processors this process may use: a batch system, or `taskset`, may keep it from some."""
    allowed = getattr(os, "sched_getaffinity", None)  # of Linux
    return (os.cpu_count() or 1) if allowed is None else len(allowed(0))


def yield_to_others() -> int:
    """Have this thread, and those that VTK starts from it, leave the processor to rendering; returns the niceness.

    It is so much nicer than the thread was, as under nice(1) all of a program is. On Linux a thread has a niceness of
    its own, which threads that it starts inherit; on Windows this thread alone gets the next lower priority. Elsewhere
    (macOS) a thread has none, and 0 is returned: give filters fewer threads there.
    """
    niceness = adopted().vtk_niceness
    if niceness and sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, min(NICEST, os.getpriority(os.PRIO_PROCESS, 0) + niceness))
        return os.getpriority(os.PRIO_PROCESS, 0)
    if niceness and sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        return niceness if kernel.SetThreadPriority(kernel.GetCurrentThread(), BELOW_NORMAL) else 0
    return 0
