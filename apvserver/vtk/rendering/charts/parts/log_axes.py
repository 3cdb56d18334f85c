"""Logarithmic axes of charts: what they span, and as many of the numbers 1, 2 and 5 as there is room for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from ...axes.ticks import is_decade, log_limits, log_ticks, number_text
from .looks import Look, set_labels, set_range

_DRAWN: Final = 0.75
"""How much of a picture axes are as long as, more or less."""
_ROOM: Final = 1.3
"""How much room a number takes, beside its own height or width."""


def set_up_log_axis(axis: Any, name: str, look: Look, span: tuple[float, float]) -> None:
    """Have a logarithmic axis show positive numbers within `span`, unless a range and labels were set."""
    get = look.get
    if get[f"{name}AxisUseCustomRange"]:
        low, high = get[f"{name}AxisRangeMinimum"], get[f"{name}AxisRangeMaximum"]
    else:
        low, high = log_limits(*span)
        set_range(axis, low, high)
    if get[f"{name}AxisUseCustomLabels"] or get[f"{name}AxisLabelNotation"] != "Mixed":
        return
    numbers = log_ticks(low, high)
    labelled = _labelled(numbers, name, look, math.log10(high / low))
    set_labels(axis, numbers, [_text(one) if one in labelled else "" for one in numbers], logarithmic=True)


def _labelled(numbers: Sequence[float], name: str, look: Look, decades: float) -> Sequence[float]:
    """Return the numbers that there is room to write."""
    extents = [look.extent(f"{name}AxisLabel", _text(one)) for one in numbers]
    is_across = name in ("Bottom", "Top")
    room = max((one[0] if is_across else one[1] for one in extents), default=0) * _ROOM
    pixels = look.size[0 if is_across else 1] * _DRAWN / max(decades, 1e-9)
    tens = [one for one in numbers if is_decade(one)]
    if pixels * math.log10(2) >= room or len(tens) < 2:
        return numbers
    return tens[:: max(1, math.ceil(room / pixels))]


def _text(number: float) -> str:
    return number_text(number, [number])
