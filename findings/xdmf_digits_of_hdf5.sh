#!/usr/bin/env bash
# XDMF that leaves the kind of numbers to HDF5, as FEniCS writes it, loses half of their digits: a plot of 5 cm at UTM coordinates has no area (VTK 9.7).
#
# HDF5 knows of each data set whether it holds integers or fractions, and of how many bytes. DOLFIN and DOLFINx leave NumberType and Precision out of the XDMF
# file for that reason (places, functions, labels of cells). vtkXdmfReader reads all of that as single precision, integers too, whatever HDF5 says: places
# at 4,000,000 m are rounded to 25 cm, a label of 16777217 is 16777216. There is no warning. With NumberType and Precision in the file both are right.
#
# Truth: h5py, which reads the same data sets; the area by hand.
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
print("VTK", vtkVersion.GetVTKVersion(), "h5py", h5py.__version__)
EAST, NORTH, SIDE = 500_000.0, 4_000_000.0, 0.05
with h5py.File(f"{folder}/a.h5", "w") as file:
    file["cells"] = np.array([[0, 1, 2], [0, 2, 3]], np.int64)
    file["places"] = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * SIDE + (EAST, NORTH)
    file["label"] = np.array([16_777_217, 16_777_219], np.int64)
    places, labels = file["places"][:], file["label"][:].tolist()


def read(fractions: str, integers: str):
    def item(name: str, size: str, said: str) -> str:
        return f'<DataItem Dimensions="{size}" Format="HDF" {said}>a.h5:/{name}</DataItem>'

    with open(f"{folder}/a.xdmf", "w") as stream:
        stream.write(
            '<Xdmf Version="3.0"><Domain><Grid Name="mesh" GridType="Uniform"><Topology TopologyType="Triangle" '
            f'NumberOfElements="2">{item("cells", "2 3", "NumberType=" + chr(34) + "Int" + chr(34))}</Topology>'
            f'<Geometry GeometryType="XY">{item("places", "4 2", fractions)}</Geometry>'
            f'<Attribute Name="label" Center="Cell">{item("label", "2", integers)}</Attribute></Grid></Domain></Xdmf>'
        )
    reader = vtkXdmfReader()
    reader.SetFileName(f"{folder}/a.xdmf")
    reader.Update()
    grid = reader.GetOutputDataObject(0)
    found = vtk_to_numpy(grid.GetPoints().GetData()).astype(float)[:, :2]
    return area(found), found[:, 1].max() - NORTH, [int(one) for one in vtk_to_numpy(grid.GetCellData().GetArray("label"))]


def area(square: np.ndarray) -> float:
    along, across = square[1] - square[0], square[3] - square[0]
    return float(along[0] * across[1] - along[1] * across[0])


print(f"in the file: a square of {area(places):.6f} m2 by h5py ({SIDE}^2), labels {labels}")
SAID = ('NumberType="Float" Precision="8"', 'NumberType="Int" Precision="8"')
for name, said, seen in (
    ("kinds in the XDMF file", SAID, (round(SIDE**2, 6), SIDE, labels)),
    ("kinds left to HDF5", ("", ""), (0.0, 0.0, [16_777_216, 16_777_220])),
):
    found_area, height, found_labels = read(*said)
    print(f"{name}: {found_area:.6f} m2, {height:.3f} m high, labels {found_labels}")
    if (round(found_area, 6), round(height, 3), found_labels) != seen:
        changed.append(name)
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
PY
