#!/usr/bin/env bash
# Minus infinity comes back as plus infinity from an ascii .vti, .vtp or .vtu file (VTK 9.7.2, XML readers).
#
# The XML writers put "-inf" into the file, which is right, and the header of the array says RangeMin="-inf". The XML readers give
# +inf for it, in Float32 and Float64, without a message. VTK's own legacy reader, numpy and Python read the same word with its sign,
# and -0.0 and -1e30 keep theirs, so an expert who checks NaN and inf once ("they survive") does not look for this. Level sets, log
# likelihoods and log densities of nothing, signed distances to an empty shape and "no limit below" are -inf: on reload the
# smallest number of the array has become its largest, thresholds and argmax select the opposite cells. Binary files are right.
#
# Truth: the numbers that were put in; the text of the file, read by numpy; the same data as binary .vti and as ascii .vtk.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys
from xml.etree import ElementTree

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData, vtkUnstructuredGrid
from vtkmodules.vtkIOLegacy import vtkDataSetReader, vtkDataSetWriter
from vtkmodules.vtkIOXML import (
    vtkXMLImageDataReader,
    vtkXMLImageDataWriter,
    vtkXMLPolyDataReader,
    vtkXMLPolyDataWriter,
    vtkXMLUnstructuredGridReader,
    vtkXMLUnstructuredGridWriter,
)

VALUES = np.array([1.0, -np.inf, np.inf, np.nan, -0.0, -1e30])
TURNED = np.abs(VALUES[:3]).tolist()


def data_set(kind, dtype):
    data = kind()
    if kind is vtkImageData:
        data.SetDimensions(len(VALUES), 1, 1)
    else:
        points = vtkPoints()
        for x in range(len(VALUES)):
            points.InsertNextPoint(x, 0, 0)
        data.SetPoints(points)
    array = numpy_to_vtk(VALUES.astype(dtype), deep=True)
    array.SetName("v")
    data.GetPointData().SetScalars(array)
    return data


def through(writer, reader, path):
    writer.SetFileName(path)
    assert writer.Write()
    reader.SetFileName(path)
    reader.Update()
    return vtk_to_numpy(reader.GetOutput().GetPointData().GetArray("v"))


print("VTK", vtkVersion.GetVTKVersion(), "numpy", np.__version__)
path = os.path.join(sys.argv[1], "data")
changed = 0
for kind, writing, reading, ascii_mode, dtype in (
    (vtkImageData, vtkXMLImageDataWriter, vtkXMLImageDataReader, True, "f4"),
    (vtkImageData, vtkXMLImageDataWriter, vtkXMLImageDataReader, True, "f8"),
    (vtkPolyData, vtkXMLPolyDataWriter, vtkXMLPolyDataReader, True, "f8"),
    (vtkUnstructuredGrid, vtkXMLUnstructuredGridWriter, vtkXMLUnstructuredGridReader, True, "f8"),
    (vtkImageData, vtkXMLImageDataWriter, vtkXMLImageDataReader, False, "f8"),
    (vtkImageData, vtkDataSetWriter, vtkDataSetReader, True, "f8"),
):
    writer, xml = writing(), writing is not vtkDataSetWriter
    writer.SetInputData(data_set(kind, dtype))
    if xml:
        (writer.SetDataModeToAscii if ascii_mode else writer.SetDataModeToBinary)()
    seen = through(writer, reading(), path)
    if xml and ascii_mode:
        words = next(item.text for item in ElementTree.parse(path).iter("DataArray") if item.get("Name") == "v").split()
        assert np.array_equal(np.array(words, float)[:4], VALUES[:4], equal_nan=True), "the file holds -inf"
    described = TURNED if xml and ascii_mode else VALUES[:3].tolist()
    rest = np.isnan(seen[3]) and np.signbit(seen[4]) and seen[5] == VALUES.astype(dtype)[5]
    same = seen[:3].tolist() == described and rest
    changed += not same
    name = f"{writing.__name__} {'ascii' if ascii_mode else 'binary'} {dtype}"
    print(f"{name:40s} true {VALUES[:3]}, seen {seen[:3]}" + ("" if same else f"  CHANGED, described as {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: minus infinity loses its sign in ascii XML files"
