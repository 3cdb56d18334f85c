"""What some of VTK's classes end the process on, or make nothing of without a word: refused before they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from apvserver.vtk_bridge.information import parts
from apvserver.vtk_bridge.requirements import is_inside
from apvserver.vtk_bridge.turned import IMAGES_ONLY, is_turned_image

_WHOLE_EXTENT: Final = vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()
_TIME_STEPS: Final = vtkStreamingDemandDrivenPipeline.TIME_STEPS()


def harmful(algorithm: Any) -> str | None:
    """Why an algorithm, whose inputs are up to date, must not be executed; None if it can be."""
    guard = _GUARDS.get(type(algorithm).__name__)
    return None if guard is None else guard(algorithm)


def _volume_of_interest(algorithm: Any) -> str | None:
    """A volume of interest must lie in the data."""
    information = algorithm.GetInputInformation(0, 0) if algorithm.GetNumberOfInputConnections(0) else None
    if information is None or not information.Has(_WHOLE_EXTENT):
        return None
    extent, wanted = information.Get(_WHOLE_EXTENT), algorithm.GetVOI()
    if is_inside(wanted, extent):
        return None
    return f"VOI is {list(wanted)} and must lie in the extent of the input, {list(extent)}"


def _times(algorithm: Any) -> str | None:
    """One time has nothing beside it to go to."""
    information = algorithm.GetInputInformation(0, 0) if algorithm.GetNumberOfInputConnections(0) else None
    count = information.Length(_TIME_STEPS) if information is not None and information.Has(_TIME_STEPS) else 0
    return None if information is None or count > 1 else f"it works on data of several times, and the input has {count}"


def _lines(algorithm: Any) -> str | None:
    """Of data without lines VTK makes nothing, without a word."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not data.IsA("vtkPolyData") or data.GetNumberOfLines() or not data.GetNumberOfCells():
        return None
    return (
        f"it works on lines, and the input has none among its {data.GetNumberOfCells()} cells; ExtractEdges makes some"
    )


def _turned(algorithm: Any) -> str | None:
    """What is made of an image lies where it would be without its direction matrix."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not any(map(is_turned_image, parts(data))):
        return None
    return "it takes the axes of an image for those of space, and the input is turned (its direction matrix)"


_GUARDS: Final[dict[str, Callable[[Any], str | None]]] = {
    **dict.fromkeys(("vtkExtractVOI", "vtkExtractGrid", "vtkExtractRectilinearGrid"), _volume_of_interest),
    **dict.fromkeys(("vtkTubeFilter", "vtkRibbonFilter"), _lines),
    **dict.fromkeys(IMAGES_ONLY, _turned),
    "vtkTemporalInterpolator": _times,
}
"""By exact class name."""
