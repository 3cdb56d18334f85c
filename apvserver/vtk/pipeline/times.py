"""Executes an algorithm at a time that was asked for, for that execution, or as it does by itself."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonCore import vtkMath
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from ..files.writers.pipelines.executed import execute_writer

_SEED: Final = 1177
"""VTK's own, of a process that has just begun."""
_UPDATE_TIME: Final = vtkStreamingDemandDrivenPipeline.UPDATE_TIME_STEP()
_TIME_RANGE: Final = vtkStreamingDemandDrivenPipeline.TIME_RANGE()
_NEEDS_A_TIME: Final = frozenset({"vtkTemporalInterpolator"})
"""What has nothing to give by itself: without a time it gives what it was asked for last, or its first time."""


def update(algorithm: Any, port: int, time: float | None) -> None:
    """Execute an algorithm, if it is out of date. All calls release the GIL.

    An algorithm without outputs, such as a writer, has no time to be asked for. What VTK makes at random goes on from
    what was made last in the process: here it is the same each time.
    """
    vtkMath.RandomSeed(_SEED)
    if algorithm.GetNumberOfOutputPorts():
        update_at(algorithm, port, time)
    else:
        execute_writer(algorithm)


def update_at(algorithm: Any, port: int, time: float | None) -> None:
    """Execute an algorithm that has outputs, if it is out of date, at a time of the data; None: as it does by itself.

    All of VTK's calls release the GIL.
    """
    if time is None and type(algorithm).__name__ in _NEEDS_A_TIME:
        algorithm.UpdateInformation()
        information = algorithm.GetOutputInformation(0)
        first = information.Get(_TIME_RANGE)[0] if _TIME_RANGE.Has(information) else None
        time = _UPDATE_TIME.Get(information) if _UPDATE_TIME.Has(information) else first
    if time is not None:
        algorithm.UpdateTimeStep(time)
        return
    _forget_time(algorithm)
    algorithm.Update(port)


def _forget_time(algorithm: Any) -> None:
    """Have what was made for a time made anew without one.

    VTK keeps the time that was asked for last. Taking it away makes nothing out of date, and marking the algorithm as
    modified would do that to all that is downstream of it, also to what does not depend on time.
    """
    for port in range(algorithm.GetNumberOfOutputPorts()):
        information = algorithm.GetOutputInformation(port)
        if not _UPDATE_TIME.Has(information):
            continue
        information.Remove(_UPDATE_TIME)
        data = algorithm.GetOutputDataObject(port)
        if data is not None and _TIME_RANGE.Has(information):
            data.ReleaseData()
