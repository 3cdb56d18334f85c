"""Whether sessions survive what happens to servers, links, disks and memory: `python -m bench reliability`.

Each module or room here that has a tuple `MEASUREMENTS` takes part; in the order of the modules' names.
"""

from __future__ import annotations

import importlib
import pkgutil

from .figures import Absent, Figure, Measurement, Measures, Target, at_least, at_most

__all__ = ["Absent", "Figure", "Measurement", "Measures", "Target", "at_least", "at_most", "measurements"]


def measurements(only: str = "") -> list[Measurement]:
    """Return the measurements whose name contains `only`."""
    found: list[Measurement] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        found += getattr(importlib.import_module(f".{module}", __name__), "MEASUREMENTS", ())
    return [measurement for measurement in found if only in measurement.name]
