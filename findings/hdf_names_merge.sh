#!/usr/bin/env bash
# Two arrays become one in a .vtkhdf file, and its time steps alternate between them (VTK 9.7.2, vtkHDFWriter; h5py 3.16.0).
#
# vtkHDFWriter replaces a dot or a slash in an array's name by "_" and says so. It does not look whether the new name is taken.
# "p.x" beside "p_x" ("alpha.water" from a solver beside its copy "alpha_water" by a calculator) then share a data
# set: with one step the second array is appended and lost; in a time series both are appended in turn, and so are their offsets, so
# that step 1 of the file is the OTHER array, at time 0, and step 2 is the first one, at time 0 again. Each number is of a wrong
# quantity or a wrong time. Write() returns 1, the reader has no complaint, and lengths and types are right.
#
# Truth: the numbers that were put in; the same series with names that do not meet; the content of the file, by h5py.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6 h5py==3.16.0
timeout 100 "$folder/venv/bin/python" - "$folder" 2>"$folder/messages" <<'PY' || { cat "$folder/messages" >&2; exit 1; }
import os
import sys

import h5py
import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.util.vtkAlgorithm import VTKPythonAlgorithmBase
from vtkmodules.vtkCommonCore import vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline as Pipeline
from vtkmodules.vtkIOHDF import vtkHDFReader, vtkHDFWriter

TIMES = (0, 1, 2)


class Series(VTKPythonAlgorithmBase):
    """Two points; the first array holds 0 + time, the second 10 + time."""

    def __init__(self, names):
        super().__init__(nInputPorts=0, nOutputPorts=1, outputType="vtkPolyData")
        self.names = names

    def RequestInformation(self, request, inputs, outputs):
        info = outputs.GetInformationObject(0)
        info.Set(Pipeline.TIME_STEPS(), [float(t) for t in TIMES], len(TIMES))
        info.Set(Pipeline.TIME_RANGE(), [float(TIMES[0]), float(TIMES[-1])], 2)
        return 1

    def RequestData(self, request, inputs, outputs):
        info = outputs.GetInformationObject(0)
        time = info.Get(Pipeline.UPDATE_TIME_STEP()) or 0.0
        data, points, cells = vtkPolyData.GetData(info), vtkPoints(), vtkCellArray()
        for x in (0, 1):
            points.InsertNextPoint(x, 0, 0)
        cells.InsertNextCell(2, [0, 1])
        data.SetPoints(points)
        data.SetVerts(cells)
        for number, name in enumerate(self.names):
            array = numpy_to_vtk(np.full(2, 10.0 * number + time), deep=True)
            array.SetName(name)
            data.GetPointData().AddArray(array)
        data.GetInformation().Set(data.DATA_TIME_STEP(), time)
        return 1


def write(path, names):
    source, writer = Series(names), vtkHDFWriter()
    writer.SetInputConnection(source.GetOutputPort())
    writer.SetWriteAllTimeSteps(True)
    writer.SetFileName(path)
    assert writer.Write() == 1


def read(path):
    """Values of each step by name; the two points have the same value."""
    reader, steps = vtkHDFReader(), []
    reader.SetFileName(path)
    for step in range(len(TIMES)):
        reader.UpdateInformation()
        reader.SetStep(step)
        reader.Update()
        data = reader.GetOutputDataObject(0).GetPointData()
        found = {data.GetArrayName(i): vtk_to_numpy(data.GetArray(i)).tolist() for i in range(data.GetNumberOfArrays())}
        assert all(len(values) == 2 and values[0] == values[1] for values in found.values())
        steps.append({name: values[0] for name, values in found.items()})
    return steps


print("VTK", vtkVersion.GetVTKVersion(), "h5py", h5py.__version__, "HDF5", h5py.version.hdf5_version)
path = os.path.join(sys.argv[1], "series.vtkhdf")
changed = 0
for names, described in (
    (("p.x", "q"), [{"p_x": 0.0, "q": 10.0}, {"p_x": 1.0, "q": 11.0}, {"p_x": 2.0, "q": 12.0}]),
    (("p.x", "p_x"), [{"p_x": 0.0}, {"p_x": 10.0}, {"p_x": 0.0}]),
    (("p.x", "p/x"), [{"p_x": 0.0}, {"p_x": 10.0}, {"p_x": 0.0}]),
):
    write(path, names)
    seen = read(path)
    with h5py.File(path) as file:
        stored = {name: values[::2].tolist() for name, values in file["VTKHDF/PointData"].items()}
    same = seen == described
    changed += not same
    print(f"{names}: true 0, 1, 2 and 10, 11, 12; steps read {seen}; in the file {stored}" + ("" if same else f"  CHANGED, described as {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: arrays whose names meet are merged, and steps come from the wrong one"
