"""An algorithm of our own: reads SEG-Y, where VTK's reader looks for places at the source, and folds volumes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkStructuredGrid

from ...base.data_making import add_array, points_of
from ...base.values.distinct import distinct, numbered
from ..contents.segy_content import Traces, read_traces
from .own_reader import OwnReader

_FILLED: Final = 0.5
"""A volume has at least this part of the traces that its lines cross in."""


class SEGYReader(OwnReader):
    """SEGYReader - Reads seismic traces: a volume where inlines and crosslines say so, else a section.

    x and y are those of the midpoints (bytes 181 and 185), else of the source, else of the receiver, in the unit of the
    file. z goes down: milliseconds, or metres or feet of a depth section, times -1. A trace that a volume lacks is NaN.
    """

    OUTPUTS = ("vtkStructuredGrid",)

    def read(self, path: str, time: float | None) -> tuple[Any, ...]:
        """Return the samples as the array "trace"."""
        traces = read_traces(path)
        places = traces.places
        if places is None:
            self.warn(
                f"{path}: no header of a trace has a place; x and y are the numbers of the lines, or of the traces"
            )
            lined = traces.inlines.any() and traces.crosslines.any()
            numbers = (
                (traces.inlines, traces.crosslines) if lined else (np.arange(len(traces.samples)), 0 * traces.inlines)
            )
            places = np.stack(numbers, axis=1).astype(float)
        volume = _volume(traces, places)
        if volume is None:
            grid, samples = places[:, None, :], traces.samples[:, None, :]
        else:
            grid, samples = volume
        return (_made(grid, samples, traces),)


def _volume(traces: Traces, places: Any) -> tuple[Any, Any] | None:
    """Return places and samples on the lines, None if they are not those of a volume."""
    inlines, row = numbered(traces.inlines)
    crosslines, column = numbered(traces.crosslines)
    shape = len(inlines), len(crosslines)
    count = len(traces.samples)
    where = row * shape[1] + column
    if min(shape) < 2 or count < _FILLED * shape[0] * shape[1] or len(distinct(where)) != count:
        return None
    grid = np.empty((shape[0] * shape[1], 2))
    if count < len(grid):
        known = np.column_stack((row, column, np.ones(count)))
        fit = np.linalg.lstsq(known, places, rcond=None)[0]
        rows, columns = np.divmod(np.arange(len(grid)), shape[1])
        grid[:] = np.column_stack((rows, columns, np.ones(len(grid)))) @ fit
        samples = np.full((len(grid), traces.samples.shape[1]), np.nan, np.result_type(traces.samples, np.float32))
    else:
        samples = np.empty((len(grid), traces.samples.shape[1]), traces.samples.dtype)
    grid[where], samples[where] = places, traces.samples
    return grid.reshape(*shape, 2), samples.reshape(*shape, -1)


def _made(grid: Any, samples: Any, traces: Traces) -> Any:
    """Return the grid: the first axis along inlines, the second along crosslines, the third down."""
    depth = -(traces.first_ms + traces.step_ms * np.arange(samples.shape[2]))
    single = bool((grid.astype(np.float32) == grid).all() and (depth.astype(np.float32) == depth).all())
    kind = np.float32 if single else np.float64
    points = np.empty((samples.shape[2], grid.shape[1], grid.shape[0], 3), kind)
    points[..., :2] = grid.transpose(1, 0, 2)
    points[..., 2] = depth[:, None, None]
    made = vtkStructuredGrid()
    made.SetDimensions(samples.shape[0], samples.shape[1], samples.shape[2])
    made.SetPoints(points_of(points.reshape(-1, 3)))
    add_array(made.GetPointData(), "trace", samples.transpose(2, 1, 0).ravel())
    made.GetPointData().SetActiveScalars("trace")
    return made
