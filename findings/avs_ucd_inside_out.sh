#!/usr/bin/env bash
# Bricks and tetrahedra of an AVS UCD file open inside out: volume -1 for a unit cube (VTK 9.7.2, meshio 5.3.5).
#
# In the AVS UCD format (.inp, .avs; reservoirs, geology and old finite elements) the first four nodes of a hex are its top, the last four
# its bottom; VTK counts from the bottom. meshio reorders when it writes and reads (tetrahedra too), vtkAVSucdReader takes the
# nodes as they come. Drawn with edges or as a surface all looks right, so the reader passes every look; but the cells are turned inside out:
# volumes, integrals and averages weighted by volume are negative. A mesh of mixed cells is worse than a wrong sign: pyramids
# come right, so that the parts cancel each other. Nothing is logged.
#
# Truth: unit cells of known volume; a file by hand whose hex lists its nodes at z = 1 first, as samples of the format do; meshio reads
# it, and what it wrote itself, with positive volumes, and VTK agrees with that when meshio hands the mesh on as .vtu.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: meshio==5.3.5 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import meshio
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter
from vtkmodules.vtkIOGeometry import vtkAVSucdReader
from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridReader

SQUARE = [(0, 0), (1, 0), (1, 1), (0, 1)]
TRIANGLE = SQUARE[:2] + SQUARE[3:]
CELLS = {  # points in VTK's order, true volume, volume by vtkAVSucdReader
    "hexahedron": ([(*p, z) for z in (0, 1) for p in SQUARE], 1.0, -1.0),
    "tetra": ([(*p, 0) for p in TRIANGLE] + [(0, 0, 1)], 1 / 6, -1 / 6),
    "pyramid": ([(*p, 0) for p in SQUARE] + [(0.5, 0.5, 1)], 1 / 3, 1 / 3),
}
BY_HAND = "8 1 0 0 0\n" + "".join(f"{i} {x} {y} {z}\n" for i, (x, y, z) in enumerate(((*p, z) for z in (1, 0) for p in SQUARE), 1)) + (
    "1 1 hex 1 2 3 4 5 6 7 8\n")


def volume(reader, path):
    reader.SetFileName(path)
    size = vtkCellSizeFilter()
    size.SetInputConnection(reader.GetOutputPort())
    size.Update()
    return float(vtk_to_numpy(size.GetOutput().GetCellData().GetArray("Volume")).sum())


def outward(points, kind):
    """Volume by three edges at the first corner; its sign is the order of the nodes."""
    corner, (a, b, c) = points[0], {"hexahedron": (1, 3, 4), "tetra": (1, 2, 3), "pyramid": (1, 3, 4)}[kind]
    edges = np.linalg.det([points[a] - corner, points[b] - corner, points[c] - corner])
    return float(edges) * {"hexahedron": 1, "tetra": 1 / 6, "pyramid": 1 / 3}[kind]


print("VTK", vtkVersion.GetVTKVersion(), "meshio", meshio.__version__, "numpy", np.__version__)
path, vtu = (os.path.join(sys.argv[1], name) for name in ("cell.avs", "cell.vtu"))
changed = 0
for name, (kind, source) in {**{kind: (kind, "meshio") for kind in CELLS}, "hexahedron by hand": ("hexahedron", "hand")}.items():
    points, true, described = CELLS[kind]
    if source == "hand":
        with open(path, "w") as file:
            file.write(BY_HAND)
    else:
        cell = meshio.Mesh(np.array(points, float), [(kind, [list(range(len(points)))])])
        meshio.write(path, cell, file_format="avsucd")
    mesh = meshio.read(path, file_format="avsucd")
    assert mesh.cells[0].type == kind
    assert np.isclose(outward(mesh.points[mesh.cells[0].data[0]], kind), true), "meshio reads it the right way round"
    meshio.write(vtu, meshio.Mesh(mesh.points, mesh.cells))
    assert np.isclose(volume(vtkXMLUnstructuredGridReader(), vtu), true), "VTK gives the same volume by way of .vtu"
    seen = volume(vtkAVSucdReader(), path)
    same = np.isclose(seen, described)
    changed += not same
    print(f"{name:18s}: true volume {true:.4f}, vtkAVSucdReader {seen:.4f}" + ("" if same else f"  CHANGED, described as {described:.4f}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: AVS cells are read inside out, pyramids are not"
