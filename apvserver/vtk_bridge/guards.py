"""What some of VTK's classes end the process on, or make nothing of without a word: refused before they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from apvserver.vtk_bridge.array_types import as_numpy, is_exact_in_doubles
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


def _categories(algorithm: Any) -> str | None:
    """The most frequent value is that of the active scalars: without them there is nothing, and nothing is said."""
    if not algorithm.GetCategoricalData():
        return None
    if not algorithm.GetProcessAllArrays():  # VTK 9.7 reads what is not there
        return "CategoricalData works with ProcessAllArrays on: switch one of them"
    data = algorithm.GetInputDataObject(0, 0)
    marked = [one.GetPointData().GetScalars() is not None for one in parts(data)] if data is not None else [True]
    if all(marked):
        return None
    return "CategoricalData looks at the active scalars of the points, and the input has none marked as such"


def _limits(algorithm: Any) -> str | None:
    """VTK compares in doubles, which take integers beyond 2**53 that are neighbours for equal."""
    chosen, data = algorithm.GetInputArrayInformation(0), algorithm.GetInputDataObject(0, 0)
    name, association = chosen.Get(vtkDataObject.FIELD_NAME()), chosen.Get(vtkDataObject.FIELD_ASSOCIATION())
    lower, upper = [algorithm.GetLowerThreshold()], [algorithm.GetUpperThreshold()]
    limits = ([*lower, *upper], lower, upper)[algorithm.GetThresholdFunction()]
    for leaf in parts(data) if data is not None and name else ():
        attributes = leaf.GetAttributesAsFieldData(association)
        array = attributes.GetArray(name) if attributes is not None else None
        if array is None or is_exact_in_doubles(array):
            continue
        values = as_numpy(array)
        for limit in limits:
            close = values[values.astype(np.float64) == limit]
            if close.size and np.any(close != int(limit)):
                return (
                    f"{name} has integers beyond 2**53 next to the limit {int(limit)}, which VTK takes for equal to "
                    "it: choose a limit that is not next to one of them"
                )
    return None


def _boxes(algorithm: Any) -> str | None:
    """An adaptive mesh must say where its blocks lie: VTK divides by the sizes of their boxes, and ends the process."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not data.IsA("vtkOverlappingAMR"):
        return None
    for level in range(data.GetNumberOfLevels()):
        for index in range(data.GetNumberOfBlocks(level)):
            if data.GetDataSetAsImageData(level, index) is not None and data.GetAMRBox(level, index).Empty():
                return (
                    f"the adaptive mesh has no box for block {index} of level {level}; MergeBlocks makes one grid of it"
                )
    return None


def _one_source(algorithm: Any) -> str | None:
    """Of a composite VTK makes one result for each block, with 0 where the others are."""
    data = algorithm.GetInputDataObject(1, 0) if algorithm.GetNumberOfInputConnections(1) else None
    if data is None or not data.IsA("vtkCompositeDataSet"):
        return None
    return f"it looks into one data set, Source is a {data.GetClassName()}; ResampleWithDataset takes all blocks as one"


def _turned(algorithm: Any) -> str | None:
    """What is made of an image lies where it would be without its direction matrix."""
    data = algorithm.GetInputDataObject(0, 0)
    if data is None or not any(map(is_turned_image, parts(data))):
        return None
    return "it takes the axes of an image for those of space, and the input is turned (its direction matrix)"


_GUARDS: Final[dict[str, Callable[[Any], str | None]]] = {
    **dict.fromkeys(("vtkExtractVOI", "vtkExtractGrid", "vtkExtractRectilinearGrid"), _volume_of_interest),
    **dict.fromkeys(("vtkTubeFilter", "vtkRibbonFilter"), _lines),
    "vtkProbeFilter": _one_source,
    "vtkStreamTracer": _boxes,
    **dict.fromkeys(IMAGES_ONLY, _turned),
    "vtkTemporalInterpolator": _times,
    "vtkPointDataToCellData": _categories,
    "vtkThreshold": _limits,
}
"""By exact class name."""
