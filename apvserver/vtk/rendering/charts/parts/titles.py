"""Titles of axes in magnified charts: VTK writes them ten pixels from the numbers, however large those are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from vtkmodules.vtkChartsCore import vtkAxis, vtkChartXY

from .looks import extent_of

_AWAY: Final = 10
"""How far a title is from the widest or highest number, when those are as far from the axis: in points; VTK's own."""
_SIDES: Final[Mapping[int, tuple[int, int]]] = {
    vtkAxis.LEFT: (-1, 0),
    vtkAxis.BOTTOM: (0, -1),
    vtkAxis.RIGHT: (1, 0),
    vtkAxis.TOP: (0, 1),
}
"""Which way a title is from each axis, across and up."""


def scaled_titles(items: Iterable[Any], scale: float) -> list[Any]:
    """Return what writes the titles of the axes of charts that were drawn once, as far away as points are large.

    The axes themselves leave them room, and do not write them any more.
    """
    charts = [one for one in items if isinstance(one, vtkChartXY)]
    axes = [(number, chart.GetAxis(number)) for chart in charts for number in _SIDES]
    return [_title(number, axis, scale) for number, axis in axes if axis.GetVisible() and axis.GetTitle()]


def _title(number: int, axis: Any, scale: float) -> Any:
    """Return an axis of nothing but the title of another one."""
    across, up = _SIDES[number]
    labels = axis.GetTickLabels()
    texts = [labels.GetValue(at) for at in range(labels.GetNumberOfValues())] if axis.GetLabelsVisible() else []
    extents = [extent_of(axis.GetLabelProperties(), one) for one in texts] or [(0, 0)]
    widest, highest = (max(one[at] for one in extents) for at in (0, 1))
    if axis.GetVerticalLabels():
        widest, highest = highest, widest
    made = vtkAxis()
    made.SetPosition(number)
    made.SetTitle(axis.GetTitle())
    made.GetTitleProperties().ShallowCopy(axis.GetTitleProperties())
    for is_shown in (made.SetAxisVisible, made.SetTicksVisible, made.SetLabelsVisible, made.SetGridVisible):
        is_shown(False)
    away = (widest if across else highest) + scale * _AWAY - _AWAY
    for end, place in ((made.SetPoint1, axis.GetPoint1()), (made.SetPoint2, axis.GetPoint2())):
        end(place[0] + across * away, place[1] + up * away)
    axis.SetTitleVisible(False)
    return made
