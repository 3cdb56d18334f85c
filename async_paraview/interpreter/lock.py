"""Whether this Python has its lock (the GIL): VTK is not to be called by several threads at once without it."""

from __future__ import annotations

import sys
import sysconfig
from typing import Final

BACKEND_WITHOUT: Final = "zmq"
"""The backend of built-in sessions where there is no lock: it gives each a worker process."""


def gil_enabled() -> bool:
    """Return whether only one thread at a time executes Python here; a module that is imported may bring that about."""
    ask = getattr(sys, "_is_gil_enabled", None)  # there since Python 3.13
    return True if ask is None else bool(ask())


def options_for_lock() -> list[str]:
    """Return the options by which a program of this Python has the lock: workers need it, for VTK.

    Only a Python that was built without it takes any.
    """
    return ["-X", "gil=1"] if sysconfig.get_config_var("Py_GIL_DISABLED") else []
