#!/usr/bin/env bash
# A symmetric tensor of OpenFOAM that is `uniform` has XY where YY is, the same one as a list is right (VTK 9.7.2).
#
# OpenFOAM writes a symmTensor as XX XY XZ YY YZ ZZ, VTK has XX YY ZZ XY YZ XZ. vtkOpenFOAMReader brings what stands in lists into VTK's order,
# and takes what a file gives once for all cells or faces (`uniform`) as it stands there. OpenFOAM writes a field in that way whenever all its
# values are equal: at the first time, and at most inlets and walls at any time. So a trace, a von Mises stress or an eigenvalue is right inside
# of a case and wrong at its inlet, or wrong at the first time and right later; both arrays look alike, and nothing is logged. At points the
# reader averages both orders into numbers that belong to neither.
#
# Truth: the same tensor, written as a list of equal ones, as `2{...}`, and its trace, 1 + 4 + 6, which no order of writing changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOGeometry import vtkOpenFOAMReader

TENSOR, OTHER = "(1 2 3 4 5 6)", "(21 22 23 24 25 26)"
RIGHT, AS_WRITTEN = [1, 4, 6, 2, 5, 3], [1, 2, 3, 4, 5, 6]
case = os.path.join(sys.argv[1], "case")
changed = []


def write(name, kind, text):
    path = os.path.join(case, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(f"FoamFile\n{{\nversion 2.0;\nformat ascii;\nclass {kind};\nobject {os.path.basename(name)};\n}}\n{text}\n")


def listed(items):
    return f"{len(items)}\n(\n" + "\n".join(items) + "\n)"


def corner(x, y, z):
    return x + 3 * y + 6 * z


def case_of_two_cubes():
    faces = [[(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)]]
    faces += [[(0, 0, 0), (0, 0, 1), (0, 1, 1), (0, 1, 0)], [(2, 0, 0), (2, 1, 0), (2, 1, 1), (2, 0, 1)]]
    for c in (0, 1):
        faces += [[(c, 0, 0), (c, 1, 0), (c + 1, 1, 0), (c + 1, 0, 0)], [(c, 0, 1), (c + 1, 0, 1), (c + 1, 1, 1), (c, 1, 1)]]
        faces += [[(c, 0, 0), (c + 1, 0, 0), (c + 1, 0, 1), (c, 0, 1)], [(c, 1, 0), (c, 1, 1), (c + 1, 1, 1), (c + 1, 1, 0)]]
    mesh = "constant/polyMesh/"
    write(mesh + "points", "vectorField", listed([f"({x} {y} {z})" for z in (0, 1) for y in (0, 1) for x in (0, 1, 2)]))
    write(mesh + "faces", "faceList", listed(["4(" + " ".join(str(corner(*one)) for one in face) + ")" for face in faces]))
    write(mesh + "owner", "labelList", listed(["0", "0", "1", *["0"] * 4, *["1"] * 4]))
    write(mesh + "neighbour", "labelList", listed(["1"]))
    patches = ["inlet{type patch; nFaces 1; startFace 1;}", "others{type wall; nFaces 9; startFace 2;}"]
    write(mesh + "boundary", "polyBoundaryMesh", listed(patches))
    write("system/controlDict", "dictionary", "startTime 0;\nendTime 1;\ndeltaT 1;\nwriteControl timeStep;\nwriteInterval 1;")
    open(os.path.join(case, "case.foam"), "w").close()


def read(inside, inlet):
    sides = f"inlet{{type fixedValue; value {inlet};}}\nothers{{type zeroGradient;}}"
    write("0/R", "volSymmTensorField", f"dimensions [0 2 -2 0 0 0 0];\ninternalField {inside};\nboundaryField\n{{\n{sides}\n}}")
    reader = vtkOpenFOAMReader()
    reader.SetFileName(os.path.join(case, "case.foam"))
    reader.UpdateInformation()
    reader.EnableAllPatchArrays()
    reader.Update()
    found = {}
    blocks, stack = [], [reader.GetOutput()]
    while stack:
        one = stack.pop()
        for index in range(one.GetNumberOfBlocks()):
            block = one.GetBlock(index)
            if block.IsA("vtkMultiBlockDataSet"):
                stack.append(block)
            else:
                blocks.append((one.GetMetaData(index).Get(one.NAME()), block))
    for name, block in blocks:
        found[name] = vtk_to_numpy(block.GetCellData().GetArray("R"))[0].tolist()
        if name == "internalMesh":
            found["at points"] = vtk_to_numpy(block.GetPointData().GetArray("R"))
    return found


def check(what, seen, described, note):
    same = seen == described
    changed.extend([] if same else [what])
    trace = sum(seen[:3])
    print(f"{what:42s}: {seen}, trace {trace:g}  {note}" + ("" if same else f"  CHANGED, described as {described}"))


print("VTK", vtkVersion.GetVTKVersion(), "numpy", np.__version__, "  written: XX XY XZ YY YZ ZZ =", TENSOR)
case_of_two_cubes()
check("cells, a list of equal tensors", read(f"nonuniform List<symmTensor> 2({TENSOR}{TENSOR})", f"uniform {TENSOR}")["internalMesh"], RIGHT, "right")
check("cells, a list as 2{...}", read(f"nonuniform List<symmTensor> 2{{{TENSOR}}}", f"uniform {TENSOR}")["internalMesh"], RIGHT, "right")
check("cells, uniform", read(f"uniform {TENSOR}", f"uniform {TENSOR}")["internalMesh"], AS_WRITTEN, "wrong")
mixed = read(f"nonuniform List<symmTensor> 2({TENSOR}{OTHER})", f"uniform {TENSOR}")
check("first cell of a list, at its inlet below", mixed["internalMesh"], RIGHT, "right")
check("inlet, uniform", mixed["inlet"], AS_WRITTEN, "wrong")
alone = read(f"nonuniform List<symmTensor> 2({TENSOR}{TENSOR})", f"nonuniform List<symmTensor> 1({TENSOR})")
check("inlet, a list of one", alone["inlet"], RIGHT, "right")
averaged = read(f"nonuniform List<symmTensor> 2({TENSOR}{TENSOR})", f"uniform {TENSOR}")["at points"]
neither = [row for row in averaged.tolist() if not np.allclose(row, RIGHT) and not np.allclose(row, AS_WRITTEN)]
print(f"the same tensor everywhere, at points: {len(neither)} of {len(averaged)} points have neither order")
if not neither:
    changed.append("points")
sys.exit("not as described any more: " + ", ".join(changed) if changed else 0)
PY
echo "as described: tensors that are uniform keep OpenFOAM's order, lists have VTK's"
