"""Executes an algorithm at a time that was asked for, for that execution, or as it does by itself."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakSet

from vtkmodules.vtkCommonCore import vtkInformation, vtkMath
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from async_paraview.records import dataclass
from async_paraview.vtk_imports import one_at_a_time

Extent = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the parts of files: the share with that index, of so many."""

    index: int
    count: int


_parts_asked_for: WeakSet[Any] = WeakSet()
"""Algorithms that make a part of their image."""
_SEED: Final = 1177
"""VTK's own, of a process that has just begun."""
_UPDATE_TIME: Final = vtkStreamingDemandDrivenPipeline.UPDATE_TIME_STEP()
_UPDATE_EXTENT: Final = vtkStreamingDemandDrivenPipeline.UPDATE_EXTENT()
_WHOLE_EXTENT: Final = vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()
_UPDATE_PIECE: Final = vtkStreamingDemandDrivenPipeline.UPDATE_PIECE_NUMBER()
_UPDATE_PIECES: Final = vtkStreamingDemandDrivenPipeline.UPDATE_NUMBER_OF_PIECES()
_UPDATE_GHOSTS: Final = vtkStreamingDemandDrivenPipeline.UPDATE_NUMBER_OF_GHOST_LEVELS()
_TIME_RANGE: Final = vtkStreamingDemandDrivenPipeline.TIME_RANGE()
_NEEDS_A_TIME: Final = frozenset({"vtkTemporalArrayOperatorFilter", "vtkTemporalInterpolator"})
"""What has nothing to give by itself: without a time it gives what it was asked for last, or its first time."""


def update(algorithm: Any, port: int, time: float | None, extent: Extent | Part | None = None) -> None:
    """Execute an algorithm, if it is out of date. All calls release the GIL.

    `extent` is the part of its image that one without inputs is to make, or some parts of its files, None all of it.

    An algorithm without outputs, such as a writer, has no time to be asked for. What VTK makes at random goes on from
    what was made last in the process: here it is the same each time.
    """
    vtkMath.RandomSeed(_SEED)
    if algorithm.GetNumberOfOutputPorts():
        if extent is not None or algorithm in _parts_asked_for:
            if time is None:
                _forget_time(algorithm)
            _update_part(algorithm, time, extent)
        else:
            update_at(algorithm, port, time)
    else:
        with one_at_a_time:
            from ..files.writers.pipelines.executed import execute_writer  # late: most pipelines write nothing

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


def _update_part(algorithm: Any, time: float | None, extent: Extent | Part | None) -> None:
    """Execute an algorithm for a part of what it has; without one for all of it, after a part was asked for."""
    requests = vtkInformation()
    if extent is None:
        algorithm.UpdateInformation()
        information = algorithm.GetOutputInformation(0)
        if information.Has(_WHOLE_EXTENT):  # it may announce something else by now
            requests.Set(_UPDATE_EXTENT, information.Get(_WHOLE_EXTENT), 6)
        else:
            _ask_for(requests, Part(0, 1))
        _parts_asked_for.discard(algorithm)
    elif isinstance(extent, Part):
        _ask_for(requests, extent)
        _parts_asked_for.add(algorithm)
    else:
        requests.Set(_UPDATE_EXTENT, extent, 6)
        _parts_asked_for.add(algorithm)
    if time is not None:
        requests.Set(_UPDATE_TIME, time)
    algorithm.Update(requests)


def _ask_for(requests: Any, part: Part) -> None:
    requests.Set(_UPDATE_PIECE, part.index)
    requests.Set(_UPDATE_PIECES, part.count)
    requests.Set(_UPDATE_GHOSTS, 0)


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
