"""Bounds and sliders of numbers, as toolkits can hold them: plain functions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from async_paraview.domains import Domain

LARGEST: Final = 2**31 - 1
"""Spin boxes and sliders of toolkits hold 32 bits."""
NO_BOUND: Final = 1e29
"""Numbers from here on stand for "any" in definitions."""
LONGEST_SLIDER: Final = 100_000
"""A slider of integers with more steps than this hits none of them."""
STEPS: Final = 100
OF_DATA: Final = frozenset({"array_range", "bounds", "extent", "rows"})
"""Domains that say where sensible values lie, and forbid none."""


def bounds(entry: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return the least and the largest number that are taken; None where there is no bound that matters."""
    domain = entry.get("domain", {})
    low, high = entry.get("range") or (None, None)
    if domain.get("kind") in ("number", "size"):
        low, high = domain.get("min", low), domain.get("max", high)
    default = entry.get("default")
    if isinstance(default, int | float) and (
        (low is not None and default < low) or (high is not None and default > high)
    ):
        return None, None  # VTK's own value is beyond them: so they are none
    return _bound(low), _bound(high)


def _bound(limit: float | None) -> float | None:
    if limit is None or not math.isfinite(limit) or abs(limit) >= NO_BOUND:
        return None
    return None if isinstance(limit, int) and abs(limit) >= LARGEST else limit


def slider(entry: Mapping[str, Any], domain: Domain, count: int) -> tuple[tuple[float, float], ...]:
    """Return the ends of a slider for each of `count` components: () where none is of use."""
    if domain.known and domain.kind in OF_DATA and domain.range is not None:
        return _spread(domain.range, count)
    low, high = bounds(entry)
    if low is None or high is None or not _slides(low, high, entry["type"] == "int"):
        return ()
    return ((low, high),) * count


def _spread(limits: Any, count: int) -> tuple[tuple[float, float], ...]:
    """Return limits for each component: bounds and extents have a low and a high one along each axis."""
    pairs = [limits] if isinstance(limits, tuple) else list(limits)
    if len(pairs) == 1:
        pairs *= count
    elif count == 2 * len(pairs):
        pairs = [one for one in pairs for _ in range(2)]
    fit = len(pairs) == count and all(_slides(low, high, whole=False) for low, high in pairs)
    return tuple((low, high) for low, high in pairs) if fit else ()


def _slides(low: float, high: float, whole: bool) -> bool:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return False
    return not whole or high - low <= LONGEST_SLIDER


def step(whole: bool, slides: Sequence[tuple[float, float]]) -> float | None:
    """Return by how much a key changes a number: None where that is not known."""
    if whole:
        return 1
    if not slides:
        return None
    exact = min(high - low for low, high in slides) / STEPS
    return float(10.0 ** math.floor(math.log10(exact))) if exact > 0 else None
