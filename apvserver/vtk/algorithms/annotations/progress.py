"""How far the time of data is on its way, as a table with one number."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as Pipeline

from ...base.data_making import array_of
from ..own_algorithms import data_of, output_of, told

COLUMN: Final = "ProgressRate"


class TimeProgress(VTKPythonAlgorithmBase):
    """TimeProgress - The number of the present time step among all, from 0 at the first to 1 at the last."""

    def __init__(self) -> None:
        VTKPythonAlgorithmBase.__init__(self, nInputPorts=1, inputType="vtkDataObject", outputType="vtkTable")

    def RequestData(self, request: Any, inInfo: Any, outInfo: Any) -> int:
        """Make the table."""
        data, information = data_of(inInfo), inInfo[0].GetInformationObject(0)
        time = data.GetInformation()
        at = time.Get(vtkDataObject.DATA_TIME_STEP()) if time.Has(vtkDataObject.DATA_TIME_STEP()) else None
        steps = information.Get(Pipeline.TIME_STEPS()) or ()
        limits = information.Get(Pipeline.TIME_RANGE()) or ()
        output = output_of(outInfo)
        return told(
            type(self).__name__, lambda: output.GetRowData().AddArray(array_of([_progress(at, steps, limits)], COLUMN))
        )


def _progress(at: float | None, steps: tuple[float, ...], limits: tuple[float, ...]) -> float:
    """Return how far a time is: of a range of times by its length, of steps by their number."""
    if at is None:
        return 0.0
    if len(limits) == 2 and limits[1] > limits[0]:
        return float(np.clip((at - limits[0]) / (limits[1] - limits[0]), 0.0, 1.0))
    if len(steps) > 1:
        return int(np.argmin(np.abs(np.asarray(steps) - at))) / (len(steps) - 1)
    return 0.0
