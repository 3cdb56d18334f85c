#!/usr/bin/env bash
# 64-bit numbers lose their upper half on the way to vtk.js, and some come out negative (VTK 9.7.2, vtkJSONDataSetWriter).
#
# vtkJSONDataSetWriter writes the folders that vtk.js, and pages made with it, load. It writes int64 and vtkIdType arrays as Int32Array by
# cutting each number to its low 32 bits: the ids 4294967297 and 1 become the same, 3000000000 becomes -1294967296. An expert expects a
# Float64Array (exact to 2**53, and what the writer uses for doubles), a BigInt64Array, or at least a message. Time stamps in nanoseconds,
# Morton keys, global ids of large or composite meshes and hashes are picked, coloured and joined in the page under wrong numbers, and
# nothing is logged.
#
# Truth: the numbers that were put in, and the same data set through VTK's own .vtp file, which keeps them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import json
import os
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIdTypeArray, vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkIOExport import vtkJSONDataSetWriter
from vtkmodules.vtkIOXML import vtkXMLPolyDataReader, vtkXMLPolyDataWriter

NUMBERS = np.array([1, 2**32 + 1, 3_000_000_000, 1_764_000_000_000_000_000], np.int64)

folder = os.path.join(sys.argv[1], "page")
data, points, ids = vtkPolyData(), vtkPoints(), vtkIdTypeArray()
for number in NUMBERS:
    points.InsertNextPoint(0, 0, 0)
    ids.InsertNextValue(int(number))
data.SetPoints(points)
ids.SetName("ids")
for name, array in (("ids", ids), ("int64", numpy_to_vtk(NUMBERS, deep=True)), ("float64", numpy_to_vtk(NUMBERS.astype(float), deep=True))):
    array.SetName(name)
    data.GetPointData().AddArray(array)

writer = vtkXMLPolyDataWriter()
writer.SetInputData(data)
writer.SetFileName(folder + ".vtp")
assert writer.Write()
reader = vtkXMLPolyDataReader()
reader.SetFileName(folder + ".vtp")
reader.Update()
for name in ("ids", "int64"):
    assert np.array_equal(vtk_to_numpy(reader.GetOutput().GetPointData().GetArray(name)), NUMBERS), "the .vtp file keeps them"

writer = vtkJSONDataSetWriter()
writer.SetInputData(data)
writer.GetArchiver().SetArchiveName(folder)
writer.Write()
with open(os.path.join(folder, "index.json")) as file:
    arrays = {item["data"]["name"]: item["data"] for item in json.load(file)["pointData"]["arrays"]}

print("VTK", vtkVersion.GetVTKVersion(), "numbers", NUMBERS)
changed = 0
low = NUMBERS.astype(np.uint64).astype(np.uint32).view(np.int32)
for name, kind, dtype, described in (("ids", "Int32Array", "<i4", low), ("int64", "Int32Array", "<i4", low), ("float64", "Float64Array", "<f8", NUMBERS)):
    told = arrays[name]
    values = np.fromfile(os.path.join(folder, told["ref"]["basepath"], told["ref"]["id"]), dtype) if told["dataType"] == kind else None
    same = values is not None and np.array_equal(values, described)
    changed += not same
    print(f"{name:8s} as {told['dataType']}: {values}" + ("" if same else f"  CHANGED, described as {kind} {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: 64-bit integers are cut to 32 bits"
