"""The columns that the properties of GeoJSON's features make: numbers where all are numbers, else texts."""

from __future__ import annotations

import json
import math
from typing import Any, Final

import numpy as np

_LARGEST: Final = 2**63


def columns(features: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """Return names, and a value for each feature. What a feature lacks is NaN, or an empty text."""
    rows = [one.get("properties") or {} for one in features]
    names = dict.fromkeys(name for row in rows for name in row)
    found = [(name, _column([row.get(name) for row in rows])) for name in names]
    if "id" not in names and any("id" in one for one in features):
        found.insert(0, ("id", _texts([one.get("id") for one in features])))
    return found


def _column(values: list[Any]) -> Any:
    there = [one for one in values if one is not None]
    if there and all(isinstance(one, bool) for one in there):
        return np.array(values, np.uint8) if len(there) == len(values) else _numbers(values)
    if not there or any(isinstance(one, bool) or not isinstance(one, int | float) for one in there):
        return _texts(values)
    whole = all(isinstance(one, int) and -_LARGEST <= one < _LARGEST for one in values)
    return np.array(values, np.int64) if whole else _numbers(values)


def _numbers(values: list[Any]) -> Any:
    return np.array([math.nan if one is None else one for one in values], float)


def _texts(values: list[Any]) -> Any:
    return np.array(["" if one is None else one if isinstance(one, str) else json.dumps(one) for one in values], object)
