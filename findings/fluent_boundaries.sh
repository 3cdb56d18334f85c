#!/usr/bin/env bash
# A Fluent case of three unit cubes has a volume of 21 (VTK 9.7.2, vtkFLUENTReader; meshio 5.3.5 to compare).
#
# A Fluent mesh is a list of faces in zones (interior, inlet, outlet, wall) beside zones of cells. vtkFLUENTReader makes a block of each
# zone; one expects faces in the blocks of faces, as the readers for CGNS, Exodus and OpenFOAM give. But each face of a boundary or of the
# interior is replaced by the whole volume cell beside it (inside: by both), once for each face: the wall of three cubes becomes twelve
# cubes in three places. Drawn, it looks right, since the cubes have the wall on their outside. Numbers are not: whatever is summed, averaged or
# integrated over the reader's output counts a cell once for each of its faces more, and an inlet has a volume but no area, so that a
# flow through it cannot be integrated.
#
# Truth: three unit cubes; meshio reads the same file as 2 + 1 + 1 + 12 quadrangles; and the block of the fluid zone alone, which is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: meshio==5.3.5 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys
from contextlib import redirect_stderr, redirect_stdout

import meshio
import numpy as np
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkCompositeDataSet
from vtkmodules.vtkFiltersParallel import vtkIntegrateAttributes
from vtkmodules.vtkIOGeometry import vtkFLUENTReader

CUBES = 3
KINDS = (("inside", 0x2, "interior"), ("in", 0xA, "velocity-inlet"), ("out", 0x5, "pressure-outlet"), ("sides", 0x3, "wall"))


def mesh():
    """Cubes in a row along x; faces turned so that their normals point into the first cell, numbers in hexadecimal."""
    points = np.array([(x, y, z) for x in range(CUBES + 1) for y in (0, 1) for z in (0, 1)], float)
    zones = {name: [] for name, _, _ in KINDS}

    def face(zone, corners, cell, other):
        ids = [4 * x + 2 * y + z for x, y, z in corners]
        a, b, c = points[ids[:3]]
        if np.cross(b - a, c - a) @ ((cell + 0.5, 0.5, 0.5) - a) < 0:
            ids.reverse()
        zones[zone].append(" ".join(f"{i + 1:x}" for i in ids) + f" {cell + 1:x} {other:x}")

    for x in range(CUBES + 1):
        across = ((x, 0, 0), (x, 1, 0), (x, 1, 1), (x, 0, 1))
        face("in" if x == 0 else "out" if x == CUBES else "inside", across, max(x - 1, 0), x + 1 if 0 < x < CUBES else 0)
    for x in range(CUBES):
        for side in (0, 1):
            face("sides", ((x, side, 0), (x + 1, side, 0), (x + 1, side, 1), (x, side, 1)), x, 0)
            face("sides", ((x, 0, side), (x + 1, 0, side), (x + 1, 1, side), (x, 1, side)), x, 0)
    count = sum(map(len, zones.values()))
    lines = ['(0 "three cubes")', "(2 3)", f"(10 (0 1 {len(points):x} 0 3))", f"(10 (1 1 {len(points):x} 1 3)("]
    lines += [f"{x:g} {y:g} {z:g}" for x, y, z in points]
    lines += ["))", f"(12 (0 1 {CUBES:x} 0))", f"(12 (2 1 {CUBES:x} 1 4))", f"(13 (0 1 {count:x} 0))"]
    first, names = 1, ["(45 (2 fluid fluid)())"]
    for number, (name, code, kind) in enumerate(KINDS, 3):
        last = first + len(zones[name]) - 1
        lines += [f"(13 ({number:x} {first:x} {last:x} {code:x} 4)(", *zones[name], "))"]
        names.append(f"(45 ({number} {kind} {name})())")
        first = last + 1
    return "\n".join(lines + names) + "\n", {name: len(faces) for name, faces in zones.items()}


def measures(data):
    integrate = vtkIntegrateAttributes()
    integrate.SetInputData(data)
    integrate.Update()
    found = integrate.GetOutput().GetCellData()
    return {name: round(found.GetArray(name).GetTuple1(0), 6) for name in ("Area", "Volume") if found.HasArray(name)}


text, faces = mesh()
path = os.path.join(sys.argv[1], "cubes.cas")
with open(path, "w") as file:
    file.write(text)
with open(os.devnull, "w") as quiet, redirect_stdout(quiet), redirect_stderr(quiet):
    quadrangles = [len(block.data) for block in meshio.read(path, file_format="ansys").cells if block.type == "quad"]
assert quadrangles == list(faces.values()), "meshio reads faces"

reader = vtkFLUENTReader()
reader.SetFileName(path)
reader.Update()
blocks = reader.GetOutput()
print("VTK", vtkVersion.GetVTKVersion(), "meshio", meshio.__version__)
seen = {"all": measures(blocks)}
for i in range(blocks.GetNumberOfBlocks()):
    block = blocks.GetBlock(i)
    name = blocks.GetMetaData(i).Get(vtkCompositeDataSet.NAME()).split(":")[0]
    seen[name] = measures(block)
    print(f"block {name}: {block.GetNumberOfCells()} cells of {block.GetCell(0).GetClassName()}, {seen[name]}")
described = {"all": {"Volume": 21.0}, "fluid": {"Volume": 3.0}, **{name: {"Volume": float(count)} for name, count in faces.items()}}
described["inside"] = {"Volume": 2.0 * faces["inside"]}  # the cells of both sides
print(f"all blocks: true volume {CUBES}, seen {seen['all']}; inlet: true area 1, seen {seen['in']}; meshio: faces {quadrangles}")
sys.exit(None if seen == described else f"CHANGED: {seen}, described as {described}")
PY
echo "as described: faces of zones come as the volume cells beside them"
