"""At which times extractors write: plain functions."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from async_paraview.scene.extracts.types import TIME_STEP, TRIGGERS

_REMEMBERED: Final = 10
"""So many steps of time ParaView takes the mean of."""


def activated(kind: str, properties: Mapping[str, Any], steps: Sequence[tuple[int, float]]) -> list[bool]:
    """Return for each of the steps, which are (number, time), whether a trigger has an extractor write there.

    Properties that are not given have their defaults. It is decided as in ParaView 6.2.
    """
    values = {one.name: one.default for one in TRIGGERS[kind]} | dict(properties)
    if kind == TIME_STEP.name:
        return [_by_number(values, number) for number, _ in steps]
    return _by_value(values, [time for _, time in steps])


def _by_number(values: Mapping[str, Any], number: int) -> bool:
    first = values["StartTimeStep"] if values["UseStartTimeStep"] else 0
    if number < first or (values["UseEndTimeStep"] and number > values["EndTimeStep"]):
        return False
    return bool((number - first) % values["Frequency"] == 0)


def _by_value(values: Mapping[str, Any], times: Sequence[float]) -> list[bool]:
    lengths: deque[float] = deque(maxlen=_REMEMBERED)
    found: list[bool] = []
    written: float | None = None
    for index, time in enumerate(times):
        early = values["UseStartTimeValue"] and time < values["StartTimeValue"]
        late = values["UseEndTimeValue"] and time > values["EndTimeValue"]
        half = 0.5 * sum(lengths) / len(lengths) if lengths else 0.0
        due = not (early or late) and (written is None or time > written + values["Length"] - half)
        written = time if due else written
        if index:
            lengths.append(time - times[index - 1])
        found.append(due)
    return found
