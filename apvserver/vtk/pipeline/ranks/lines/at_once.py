"""Lines that stay in a rank's piece: VTK's own filter follows them, three times as fast as they are step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersFlowPaths import vtkStreamTracer

from async_paraview.records import dataclass

from ....base.data_making import points_of
from ..held import Slab
from .tracing import SLACK, Tracing

_MOST_STEPS: Final = 20_000
"""Of a line that is followed at once: it cannot be interrupted meanwhile."""
_FIRST, _MOST_LINES, _WANTED_S = 16, 4096, 0.008
"""So many lines are followed at once, at first and at most; and for how long."""
_ROUNDING: Final = 0.01
"""Of a cell: points are told in single precision only."""

Values = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Stayed:
    """Lines that have stayed: their numbers, how many points each has, why it ended, and values at the points."""

    numbers: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    reasons: npt.NDArray[np.int64]
    values: Values


def followed_at_once(
    image: Any, slab: Slab, tracing: Tracing, lines: Sequence[Any], stopped: Callable[[], bool]
) -> Iterator[Stayed]:
    """Yield those of some lines, which begin here, that stay in the piece; of the others nothing can be said."""
    tracer = _tracer_of(image, tracing)
    for direction, ahead in ((vtkStreamTracer.FORWARD, 1.0), (vtkStreamTracer.BACKWARD, -1.0)):
        tracer.SetIntegrationDirection(direction)
        some = [one for one in lines if one.direction == ahead]
        places = np.array([(one.x, one.y, one.z) for one in some], np.float64).reshape(-1, 3)
        numbers = np.array([one.number for one in some], np.int64)
        begin, count = 0, _FIRST
        while begin < len(some) and not stopped():
            source = vtkPolyData()
            source.SetPoints(points_of(places[begin : begin + count]))
            tracer.SetSourceData(source)
            begun_s = time.perf_counter()
            tracer.Update()
            took_s = time.perf_counter() - begun_s
            yield _stayed(tracer.GetOutput(), slab, image, tracing, numbers[begin : begin + count])
            begin += count
            count = min(_MOST_LINES, 2 * count) if took_s < _WANTED_S else max(1, count // 2)


def _tracer_of(image: Any, tracing: Tracing) -> Any:
    tracer: Any = vtkStreamTracer()
    tracer.SetInputData(image)
    tracer.SetInputArrayToProcess(0, 0, 0, tracing.association, tracing.vectors)
    tracer.SetIntegratorType(tracing.integrator)
    tracer.SetIntegrationStepUnit(tracing.unit)
    tracer.SetInitialIntegrationStep(tracing.initial)
    tracer.SetMinimumIntegrationStep(tracing.least)
    tracer.SetMaximumIntegrationStep(tracing.most)
    tracer.SetMaximumPropagation(tracing.length)
    tracer.SetMaximumNumberOfSteps(min(tracing.steps, _MOST_STEPS))
    tracer.SetTerminalSpeed(tracing.terminal)
    tracer.SetMaximumError(tracing.error)
    tracer.SetComputeVorticity(tracing.vorticity)
    tracer.SetRotationScale(tracing.rotation_scale)
    return tracer


def _stayed(made: Any, slab: Slab, image: Any, tracing: Tracing, numbers: npt.NDArray[np.int64]) -> Stayed:
    count = made.GetNumberOfCells()
    if not count:
        none = np.zeros(0, np.int64)
        return Stayed(none, none, none, {})
    corners = vtk_to_numpy(made.GetLines().GetConnectivityArray())
    offsets = vtk_to_numpy(made.GetLines().GetOffsetsArray())
    along = vtk_to_numpy(made.GetPoints().GetData())[:, slab.axis][corners].astype(np.float64)
    along = (along - image.GetOrigin()[slab.axis]) / image.GetSpacing()[slab.axis]
    least, most = np.minimum.reduceat(along, offsets[:-1]), np.maximum.reduceat(along, offsets[:-1])
    low, high = slab.own[2 * slab.axis], slab.own[2 * slab.axis + 1]
    stays = np.ones(count, bool)
    if low > slab.whole[2 * slab.axis]:
        stays &= least > low - SLACK + _ROUNDING
    if high < slab.whole[2 * slab.axis + 1]:
        stays &= most < high + SLACK - _ROUNDING
    reasons, seeds = (vtk_to_numpy(made.GetCellData().GetArray(name)) for name in ("ReasonForTermination", "SeedIds"))
    if tracing.steps > _MOST_STEPS:
        stays &= reasons != vtkStreamTracer.OUT_OF_STEPS
    stays &= np.isfinite(least + most)
    counts = np.diff(offsets)
    kept = corners[np.repeat(stays, counts)]
    arrays = made.GetPointData()
    values = {
        arrays.GetArrayName(index): vtk_to_numpy(arrays.GetArray(index))[kept]
        for index in range(arrays.GetNumberOfArrays())
        if arrays.GetArrayName(index) not in ("Rotation", "Normals")
    }
    values["Points"] = vtk_to_numpy(made.GetPoints().GetData())[kept]
    return Stayed(numbers[seeds[stays]], counts[stays].astype(np.int64), reasons[stays].astype(np.int64), values)
