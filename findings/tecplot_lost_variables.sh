#!/usr/bin/env bash
# Variables that stand before X in a Tecplot file are lost, and X, Y or Z is offered in their place (VTK 9.7.2, vtkTecplotReader).
#
# A Tecplot file names its columns: VARIABLES = "P" "X" "Y" "Z" "T" is as valid as any order. vtkTecplotReader finds the coordinates by
# those names, wherever they stand, and gets the points right. Its list of the other variables, though, is the list of columns without
# the first two or three of them, whatever they are. So of P, X, Y, Z, T it offers "Z" and "T" to choose from, gives T, and P does not
# exist. With the coordinates last, all data are lost, and the reader still lists as many arrays as the file has. No error, no warning.
# Text of points, text of blocks, and triangles alike.
#
# Truth: the files, eight points each, written here. meshio 5.3.5, which also goes by names, has P in the file of triangles.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 numpy==2.4.6 meshio==5.3.5 rich==15.0.0
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import meshio
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOGeometry import vtkTecplotReader

os.chdir(sys.argv[1])
CORNERS = np.array([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)], float)
COLUMNS = dict(zip("XYZ", CORNERS.T)) | {"P": np.arange(1.0, 9), "T": np.arange(10.0, 90, 10)}


def written(order, packing):
    rows = np.array([COLUMNS[name] for name in order])
    names = " ".join(f'"{name}"' for name in order)
    with open(f"{order}.dat", "w") as file:
        file.write(f"VARIABLES = {names}\nZONE T=\"cube\", I=2, J=2, K=2, DATAPACKING={packing}\n")
        np.savetxt(file, rows if packing == "BLOCK" else rows.T, fmt="%g")
    return f"{order}.dat"


def by_vtk(path):
    reader = vtkTecplotReader()
    reader.SetFileName(path)
    reader.Update()
    offered = [reader.GetDataArrayName(i) for i in range(reader.GetNumberOfDataArrays())]
    block = reader.GetOutput().GetBlock(0)
    data = block.GetPointData()
    found = {data.GetArrayName(i): vtk_to_numpy(data.GetArray(i)).tolist() for i in range(data.GetNumberOfArrays())}
    return offered, found, vtk_to_numpy(block.GetPoints().GetData())


changed = []
print("VTK", vtkVersion.GetVTKVersion(), "meshio", meshio.__version__)
for packing in ("POINT", "BLOCK"):
    for order, offers, gives in (
        ("XYZPT", ["P", "T"], ["P", "T"]),
        ("PXYZT", ["Z", "T"], ["T"]),
        ("XPYZT", ["Z", "T"], ["T"]),
        ("PTXYZ", ["Y", "Z"], []),
    ):
        offered, found, points = by_vtk(written(order, packing))
        print(f"{packing:5} {' '.join(order)}: true are P and T; offered {offered}, given {sorted(found)}")
        same = all(values == COLUMNS[name].tolist() for name, values in found.items())
        if (offered, sorted(found)) != (offers, gives) or not same or not np.array_equal(points, CORNERS):
            changed.append(f"{packing} {order}")

with open("triangles.dat", "w") as file:
    file.write('VARIABLES = "P" "X" "Y" "T"\nZONE NODES=4, ELEMENTS=2, DATAPACKING=POINT, ZONETYPE=FETRIANGLE\n')
    file.write("1 0 0 10\n2 1 0 20\n3 1 1 30\n4 0 1 40\n1 2 3\n1 3 4\n")
offered, found, _ = by_vtk("triangles.dat")
other = {name: values.tolist() for name, values in meshio.read("triangles.dat", "tecplot").point_data.items()}
print(f"triangles P X Y T: VTK offers {offered}, gives {found}; meshio gives {other}")
if (offered, found) != (["Y", "T"], {"T": [10.0, 20.0, 30.0, 40.0]}) or other != {"P": [1.0, 2.0, 3.0, 4.0], "T": [10.0, 20.0, 30.0, 40.0]}:
    changed.append("triangles")
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
