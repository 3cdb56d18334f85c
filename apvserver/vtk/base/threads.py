"""How many threads VTK's filters use, and how much of the processor they may take from others."""

from __future__ import annotations

import os
import sys
from typing import Final

from vtkmodules.vtkCommonCore import vtkSMPTools

THREADS_VARIABLE: Final = "APV_VTK_THREADS"
"""Set by --vtk-threads. Default: all cores but one, which is left to rendering and to the client; at least one."""

NICENESS_VARIABLE: Final = "APV_VTK_NICENESS"
"""Set by --vtk-niceness: 0 (as everybody) to 19 (what nobody else wants)."""

NICENESS: Final = 5
"""A third of the weight of a thread that renders or answers, where both want the same core."""

BELOW_NORMAL: Final = -1
"""Windows' word for that."""


def set_up_threads() -> int:
    """Let filters that can use threads do so; returns how many. The wheel's own default is one."""
    text = os.environ.get(THREADS_VARIABLE, "")
    count = int(text) if text.isdigit() and int(text) > 0 else max(1, (os.cpu_count() or 1) - 1)
    backend = "STDThread" if count > 1 else "Sequential"
    if (vtkSMPTools.GetBackend(), vtkSMPTools.GetEstimatedNumberOfThreads()) != (backend, count):
        vtkSMPTools.SetBackend(backend)  # of the process: not under a session that executes, where it is so already
        vtkSMPTools.Initialize(count)
    return count


def yield_to_others() -> int:
    """Have this thread, and those that VTK starts from it, leave the processor to rendering; returns the niceness.

    On Linux a thread has a niceness of its own, which threads that it starts inherit; on Windows this thread alone gets
    the next lower priority. Elsewhere (macOS) a thread has none, and 0 is returned: give filters fewer threads there.
    """
    text = os.environ.get(NICENESS_VARIABLE, "")
    niceness = min(int(text), 19) if text.isdigit() else NICENESS
    if niceness and sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
        return os.getpriority(os.PRIO_PROCESS, 0)
    if niceness and sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        return niceness if kernel.SetThreadPriority(kernel.GetCurrentThread(), BELOW_NORMAL) else 0
    return 0
