"""What algorithms need of what their input announces: extents and times. See `guards`."""

from __future__ import annotations

from typing import Any, Final

from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline

from .requirements import is_inside

_WHOLE_EXTENT: Final = vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()
_TIME_STEPS: Final = vtkStreamingDemandDrivenPipeline.TIME_STEPS()

_LONGEST: Final = 10**8
_MOST_COMPONENTS: Final = 10**6


def volume_of_interest(algorithm: Any) -> str | None:
    """Require a volume of interest that lies in the data, and a stride of at least 1."""
    information = algorithm.GetInputInformation(0, 0) if algorithm.GetNumberOfInputConnections(0) else None
    data = algorithm.GetInputDataObject(0, 0) if information is not None else None
    if data is not None and data.IsA("vtkCompositeDataSet"):
        return f"it takes one data set with indices, and the input is a {data.GetClassName()}; ExtractBlock takes one"
    if min(algorithm.GetSampleRate()) < 1:
        return f"SampleRate is {list(algorithm.GetSampleRate())} and must be at least 1 along each axis"
    if information is None or not information.Has(_WHOLE_EXTENT):
        return None
    extent, wanted = information.Get(_WHOLE_EXTENT), algorithm.GetVOI()
    if is_inside(wanted, extent):
        return None
    return f"VOI is {list(wanted)} and must lie in the extent of the input, {list(extent)}"


def times(algorithm: Any) -> str | None:
    """Refuse a single time: it has nothing beside it to go to."""
    information = algorithm.GetInputInformation(0, 0) if algorithm.GetNumberOfInputConnections(0) else None
    count = information.Length(_TIME_STEPS) if information is not None and information.Has(_TIME_STEPS) else 0
    return None if information is None or count > 1 else f"it works on data of several times, and the input has {count}"


def timed(algorithm: Any) -> str | None:
    """Require times: without any VTK says so in words that lead nowhere."""
    information = algorithm.GetInputInformation(0, 0) if algorithm.GetNumberOfInputConnections(0) else None
    if information is None or information.Has(_TIME_STEPS):
        return None
    return "it works on data of several times, and the input has none; FileSeriesReader and GenerateTimeSteps give some"


def several_inputs(algorithm: Any) -> str | None:
    """Require at least two inputs, of which the first gets the arrays of the others."""
    count = algorithm.GetNumberOfInputConnections(0)
    if count > 1:
        return None
    return f"its input Input has {count}: it needs two or more, and gives the first the arrays of the others"


def raw_image(reader: Any) -> str | None:
    """Refuse indices that go backwards, or slices that are none, without a header: VTK reads outside of the file."""
    extent, dimensions = reader.GetDataExtent(), reader.GetFileDimensionality()
    if any(last - first > _LONGEST or first > last for first, last in zip(extent[::2], extent[1::2], strict=True)):
        return (
            f"DataExtent is {list(extent)}: the first and the last index along each axis, the last not below the first"
        )
    if dimensions not in (2, 3):
        return f"FileDimensionality is {dimensions} and must be 2 or 3"
    components = reader.GetNumberOfScalarComponents()
    return None if 1 <= components <= _MOST_COMPONENTS else f"NumberOfScalarComponents is {components}"
