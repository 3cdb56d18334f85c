#!/usr/bin/env bash
# A mean over time that is smaller than the minimum over time (VTK 9.7.2, vtkTemporalStatistics).
#
# vtkTemporalStatistics sums into an array of the type of its input. Four frames of an 8-bit camera, label or segmentation with
# the values 200, 201, 255 and 254 are averaged as 35, although the same filter reports a minimum of 200 beside it: the sum is
# taken modulo 256. 16-bit detector counts wrap in the same way. Where nothing wraps, means and deviations are truncated to integers.
# An expert expects a statistics filter to count in floating point, as numpy.mean does for every integer type. Nothing is logged,
# and a picture of such a mean is plausible: dark where the data was brightest.
#
# Truth: numpy.mean and numpy.std of the same four numbers, and the same filter with the same numbers as float64.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as Pipeline
from vtkmodules.vtkFiltersGeneral import vtkTemporalStatistics


class Frames(VTKPythonAlgorithmBase):
    """One pixel, one value for each time."""

    def __init__(self, values):
        super().__init__(nInputPorts=0, nOutputPorts=1, outputType="vtkImageData")
        self.values = values

    def RequestInformation(self, request, inputs, outputs):
        info = outputs.GetInformationObject(0)
        info.Set(Pipeline.WHOLE_EXTENT(), (0, 0, 0, 0, 0, 0), 6)
        info.Set(Pipeline.TIME_STEPS(), [float(i) for i in range(len(self.values))], len(self.values))
        info.Set(Pipeline.TIME_RANGE(), [0.0, len(self.values) - 1.0], 2)
        return 1

    def RequestData(self, request, inputs, outputs):
        info = outputs.GetInformationObject(0)
        step = int(info.Get(Pipeline.UPDATE_TIME_STEP()) or 0)
        image = vtkImageData.GetData(info)
        image.SetDimensions(1, 1, 1)
        array = numpy_to_vtk(self.values[step : step + 1], deep=True)
        array.SetName("v")
        image.GetPointData().AddArray(array)
        return 1


def statistics(values):
    source, over_time = Frames(values), vtkTemporalStatistics()
    over_time.SetInputConnection(source.GetOutputPort())
    over_time.Update()
    data = over_time.GetOutputDataObject(0).GetPointData()
    return {name: data.GetArray(f"v_{name}").GetTuple1(0) for name in ("minimum", "maximum", "average", "stddev")}


print("VTK", vtkVersion.GetVTKVersion())
changed = 0
for dtype, numbers, mean in (
    (np.uint8, (200, 201, 255, 254), 35.0),
    (np.uint16, (60000, 60001, 60002), 16310.0),
    (np.int16, (0, 3, 4), 2.0),
    (np.float64, (200, 201, 255, 254), 227.5),
):
    values = np.array(numbers, dtype)
    seen = statistics(values)
    same = seen["average"] == mean and (seen["minimum"], seen["maximum"]) == (min(numbers), max(numbers))
    changed += not same
    print(f"{dtype.__name__:8s} {numbers}: true mean {values.mean():.2f}, seen {seen}" + ("" if same else f"  CHANGED, described mean {mean}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: sums over time wrap around in the type of the input"
