"""Whether browsers, windows and notebooks stay live: what `python -m bench faces` measures, in real ones.

Each module here that has a tuple `MEASUREMENTS` takes part, in the order of the modules' names.
"""

from __future__ import annotations

import importlib
import pkgutil

from ..reliability.figures import Measurement

__all__ = ["measurements"]


def measurements(only: str = "") -> list[Measurement]:
    """Return the measurements whose name contains `only`."""
    found: list[Measurement] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        if module.startswith(("web", "recorded", "desktop", "notebook", "starting")):
            found += getattr(importlib.import_module(f".{module}", __name__), "MEASUREMENTS", ())
    return [measurement for measurement in found if only in measurement.name]
