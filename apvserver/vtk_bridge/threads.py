"""How many threads VTK's filters use."""

from __future__ import annotations

import os
from typing import Final

from vtkmodules.vtkCommonCore import vtkSMPTools

THREADS_VARIABLE: Final = "APV_VTK_THREADS"
"""Set by --vtk-threads. Default: all cores but one, which is left to rendering and to the client; at least one."""


def set_up_threads() -> int:
    """Let filters that can use threads do so; returns how many. The wheel's own default is one."""
    text = os.environ.get(THREADS_VARIABLE, "")
    count = int(text) if text.isdigit() and int(text) > 0 else max(1, (os.cpu_count() or 1) - 1)
    vtkSMPTools.SetBackend("STDThread" if count > 1 else "Sequential")
    vtkSMPTools.Initialize(count)
    return count
