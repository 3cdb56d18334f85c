#!/usr/bin/env bash
# An image of two axes stands upright in XDMF, a rectilinear grid of the same two lies flat; unsigned integers of 64 bits end at 2^32 - 1 (VTK 9.7).
#
# XDMF has grids of two axes by steps (2DCoRectMesh with ORIGIN_DXDY) and by coordinates (2DRectMesh with VXVY). vtkXdmfReader puts the same 4 x 3 places into
# the plane of x and y in the second form, and into that of y and z in the first: layers of one series do not meet, and a probe at z = 0 finds one line.
# In the same reader integers with NumberType="UInt" and Precision="8", as h5py stores numpy's uint64, are read as 32 bits and cut off: 2^40 becomes
# 4294967295, with no error and no warning. The same bits as "Int" are right.
#
# Truth: the coordinates that are written into both files; h5py reads 2^40.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 h5py==3.16.0 numpy==2.4.6
timeout 200 "$folder/venv/bin/python" - "$folder" <<'PY'
import sys

import h5py
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOXdmf2 import vtkXdmfReader

folder, changed = sys.argv[1], []


def read(grid: str):
    path = f"{folder}/a.xdmf"
    with open(path, "w") as stream:
        stream.write(f'<Xdmf Version="2.0"><Domain><Grid Name="g">{grid}</Grid></Domain></Xdmf>')
    reader = vtkXdmfReader()
    reader.SetFileName(path)
    reader.Update()
    return reader.GetOutputDataObject(0)


print("VTK", vtkVersion.GetVTKVersion(), "h5py", h5py.__version__)
STEPS = (
    '<Topology TopologyType="2DCoRectMesh" Dimensions="3 4"/><Geometry GeometryType="ORIGIN_DXDY">'
    '<DataItem Dimensions="2">20 10</DataItem><DataItem Dimensions="2">2 1</DataItem></Geometry>'
)
PLACES = (
    '<Topology TopologyType="2DRectMesh" Dimensions="3 4"/><Geometry GeometryType="VXVY">'
    '<DataItem Dimensions="4">10 11 12 13</DataItem><DataItem Dimensions="3">20 22 24</DataItem></Geometry>'
)
for name, grid, seen in (("by coordinates", PLACES, (10, 13, 20, 24, 0, 0)), ("by steps", STEPS, (0, 0, 10, 13, 20, 24))):
    data = read(grid)
    print(f"{name}: a {data.GetClassName()} with bounds {data.GetBounds()}; x is 10 to 13 and y 20 to 24 in both")
    if data.GetBounds() != seen:
        changed.append(name)
with h5py.File(f"{folder}/a.h5", "w") as file:
    file["id"] = np.array([1, 2, 3, 2**40], np.uint64)
    stored = file["id"][:].tolist()
POINTS = (
    '<Topology TopologyType="Polyvertex" NumberOfElements="4"/><Geometry GeometryType="XYZ"><DataItem Dimensions="4 3">'
    "0 0 0 1 0 0 2 0 0 3 0 0</DataItem></Geometry>"
)
for kind, seen in (("Int", 2**40), ("UInt", 2**32 - 1)):
    item = f'<DataItem Dimensions="4" NumberType="{kind}" Precision="8" Format="HDF">a.h5:/id</DataItem>'
    found = vtk_to_numpy(read(f'{POINTS}<Attribute Name="id" Center="Node">{item}</Attribute>').GetPointData().GetArray("id")).tolist()
    print(f"as {kind}: {found}, h5py: {stored}")
    if stored != [1, 2, 3, 2**40] or found != [1, 2, 3, seen]:
        changed.append(kind)
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
