"""Where the legend of a chart hides least of what is drawn: a corner within the axes, or outside of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkPlotArea, vtkPlotBar, vtkPlotPoints

from .looks import Look

Points = npt.NDArray[np.float64]

CORNERS: Final = ("TopRight", "TopLeft", "BottomRight", "BottomLeft")
BESIDE: Final = "Right"
ABOVE: Final = "Top"
_DRAWN: Final = 0.75
_STEPS: Final = 16
"""So many places along a line, and up a bar or an area, are looked at."""
_MOST: Final = 2000
_MOST_ROOM: Final = 0.4
"""A legend wider than this fraction of the picture does not stand beside the axes, a higher one not above them."""
_MARGIN: Final = 12


def best_place(plots: Sequence[Any], names: Sequence[str], look: Look) -> str:
    """Return the corner where a legend with these names hides nothing of plots; BESIDE or ABOVE if there is none."""
    extents = [look.extent("Legend", name) for name in names if name]
    if not extents:
        return CORNERS[0]
    wide = max(one[0] for one in extents) + look.scale * (look.get["LegendSymbolWidth"] + 3 * _MARGIN)
    high = sum(one[1] + look.scale * _MARGIN / 2 for one in extents) + look.scale * 2 * _MARGIN
    across, up = wide / (_DRAWN * look.size[0]), high / (_DRAWN * look.size[1])
    hidden = dict.fromkeys(CORNERS, 0)
    for points in _places(plots):
        right, left = points[:, 0] >= 1 - across, points[:, 0] <= across
        top, bottom = points[:, 1] >= 1 - up, points[:, 1] <= up
        for corner, beside, above in zip(CORNERS, (right, left, right, left), (top, top, bottom, bottom), strict=True):
            hidden[corner] += int((beside & above).sum())
    best = min(CORNERS, key=lambda corner: hidden[corner])
    if not hidden[best]:
        return best
    if wide <= _MOST_ROOM * look.size[0]:
        return BESIDE
    return ABOVE if high <= _MOST_ROOM * look.size[1] else best


def _places(plots: Sequence[Any]) -> Iterator[Points]:
    """Yield where something of each plot is, as fractions of the axes."""
    drawn = [(plot, _points(plot)) for plot in plots]
    filled = [points for _, points in drawn if len(points)]
    if not filled:
        return
    low, high = np.min([one.min(axis=0) for one in filled], axis=0), np.max([one.max(axis=0) for one in filled], axis=0)
    size = np.where(high > low, high - low, 1.0)
    for points in filled:
        yield (points - low) / size


def _points(plot: Any) -> Points:
    table = plot.GetInput()
    columns = [vtk_to_numpy(table.GetColumn(at)).astype(np.float64) for at in range(table.GetNumberOfColumns())]
    step = max(1, len(columns[0]) // _MOST)
    x, *ys = (_scaled(column[::step], axis) for column, axis in _with_axes(plot, columns))
    low = ys[0] if isinstance(plot, vtkPlotArea) else np.zeros(len(x)) if isinstance(plot, vtkPlotBar) else None
    made = [np.column_stack([x, y]) for y in ys]
    if low is not None:
        fractions = np.linspace(0, 1, _STEPS)
        made += [np.column_stack([x, low + (ys[-1] - low) * one]) for one in fractions]
    elif isinstance(plot, vtkPlotPoints) and plot.GetPen().GetLineType() and len(x) < _MOST // _STEPS:
        points = made[0]
        made += [points[:-1] + (points[1:] - points[:-1]) * one for one in np.linspace(0, 1, _STEPS)]
    found = np.concatenate(made)
    return found[np.isfinite(found).all(axis=1)]


def _with_axes(plot: Any, columns: Sequence[Points]) -> Iterator[tuple[Points, Any]]:
    for number, column in enumerate(columns):
        yield column, plot.GetXAxis() if number == 0 else plot.GetYAxis()


def _scaled(values: Points, axis: Any) -> Points:
    if axis is None or not axis.GetLogScale():
        return values
    return np.log10(np.where(values > 0, values, np.nan))
