#!/usr/bin/env bash
# A moving average over time that keeps the value of the time before (VTK 9.7.2, vtkTemporalSmoothing).
#
# With a half width of one step the average at a time is that of three steps. Asked for the times 1, 2, 3 one after the other, as
# an animation does, the filter gives the average of time 1 again at time 2, and is right at time 3; asked for 2 alone it is right
# at 2. While it makes the average of 1 it has its input make the step 2 last; that leaves time 2 in the output's information, so
# that the next request for 2 is taken for answered. Whether a frame is wrong depends on the order in which frames are
# drawn. In addition the output says that it is of the last step of its window: what is of time 2 has the time 3 in it.
# An expert expects of a filter of VTK's pipeline that its output is a function of its input, its properties and the time that is
# asked for. Nothing is logged, and in an animation the smoothed field only seems to jerk.
#
# Truth: numpy.mean over the three steps, a new filter for each time, and the same filter with Modified() before each request.
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
from vtkmodules.vtkCommonDataModel import vtkDataObject, vtkImageData
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as Pipeline
from vtkmodules.vtkFiltersTemporal import vtkTemporalSmoothing

VALUES = np.array([0.0, 10.0, 11.0, 30.0, 41.0])


class Frames(VTKPythonAlgorithmBase):
    """One pixel, one value for each time."""

    def __init__(self):
        super().__init__(nInputPorts=0, nOutputPorts=1, outputType="vtkImageData")

    def RequestInformation(self, request, inputs, outputs):
        info = outputs.GetInformationObject(0)
        info.Set(Pipeline.WHOLE_EXTENT(), (0, 0, 0, 0, 0, 0), 6)
        info.Set(Pipeline.TIME_STEPS(), [float(i) for i in range(len(VALUES))], len(VALUES))
        info.Set(Pipeline.TIME_RANGE(), [0.0, len(VALUES) - 1.0], 2)
        return 1

    def RequestData(self, request, inputs, outputs):
        info = outputs.GetInformationObject(0)
        step = int(info.Get(Pipeline.UPDATE_TIME_STEP()))
        image = vtkImageData.GetData(info)
        image.SetDimensions(1, 1, 1)
        array = numpy_to_vtk(VALUES[step : step + 1], deep=True)
        array.SetName("v")
        image.GetPointData().AddArray(array)
        image.GetInformation().Set(vtkDataObject.DATA_TIME_STEP(), float(step))
        return 1


def smoothing():
    source, average = Frames(), vtkTemporalSmoothing()
    average.SetTemporalWindowHalfWidth(1)
    average.SetInputConnection(source.GetOutputPort())
    return source, average


def value(average, time):
    average.UpdateTimeStep(float(time))
    data = average.GetOutputDataObject(0)
    return round(data.GetPointData().GetArray("v").GetTuple1(0), 6), data.GetInformation().Get(vtkDataObject.DATA_TIME_STEP())


print("VTK", vtkVersion.GetVTKVersion())
true = {time: round(float(VALUES[time - 1 : time + 2].mean()), 6) for time in (1, 2, 3)}
alone, kept = {}, []
for time in true:
    kept.append(smoothing())
    alone[time] = value(kept[-1][1], time)
kept.append(smoothing())
in_turn = {time: value(kept[-1][1], time)[0] for time in (1, 2, 3)}
kept.append(smoothing())
backwards = {time: value(kept[-1][1], time)[0] for time in (3, 2, 1)}
told = {}
kept.append(smoothing())
for time in true:
    kept[-1][1].Modified()
    told[time] = value(kept[-1][1], time)[0]
print("true averages               ", true)
print("each by a new filter        ", {time: found[0] for time, found in alone.items()})
print("one filter, 1 then 2 then 3 ", in_turn)
print("one filter, 3 then 2 then 1 ", backwards)
print("with Modified() before each ", told)
print("times that the outputs say  ", {time: found[1] for time, found in alone.items()})
seen = {
    "a new filter is right": {time: found[0] for time, found in alone.items()} == true,
    "with Modified() it is right": told == true,
    "forwards, time 2 has the value of time 1": in_turn == {1: true[1], 2: true[1], 3: true[3]},
    "backwards it is right": backwards == true,
    "outputs say that they are of the next step": {time: found[1] for time, found in alone.items()} == {1: 2.0, 2: 3.0, 3: 4.0},
}
changed = [what for what, so in seen.items() if not so]
sys.exit(f"CHANGED: {changed}" if changed else 0)
PY
echo "as described: at time 2 the average is that of time 1, if 1 was asked for before"
