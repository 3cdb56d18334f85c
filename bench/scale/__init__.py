"""Size and speed: many ranks, data beyond memory, what is not copied: what `python -m bench scale` measures.

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
        found += getattr(importlib.import_module(f".{module}", __name__), "MEASUREMENTS", ())
    return [measurement for measurement in found if only in measurement.name]
