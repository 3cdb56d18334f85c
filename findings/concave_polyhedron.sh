#!/usr/bin/env bash
# An L-shaped polyhedron of volume 6 has a volume of 7, and its notch is filled with tetrahedra (VTK 9.7.2).
#
# VTK documents that polyhedron cells may be concave if they are watertight with planar faces, and its test for a point inside, and
# the surface, treat them so. What goes through tetrahedra does not: vtkCellSizeFilter, vtkIntegrateAttributes and
# vtkDataSetTriangleFilter fill the convex hull of the points. Cells of cut-cell and snapped meshes for flow
# (snappyHexMesh, polyhedral duals) are often a little concave, and there the sum of the volumes exceeds the domain, integrals count a
# part of the neighbour twice, and a mesh that was split into tetrahedra overlaps itself. No message comes, no quality flag is set.
#
# Truth: 2 x 2 x 2 less 1 x 1 x 2; the divergence theorem over the faces of the very cell (vtkMassProperties gives the same); and
# vtkPolyhedron.IsInside, which knows that the notch is outside.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import VTK_POLYHEDRON, vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkMassProperties, vtkTriangleFilter
from vtkmodules.vtkFiltersGeneral import vtkDataSetTriangleFilter
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter
from vtkmodules.vtkFiltersParallel import vtkIntegrateAttributes
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter

SHAPES = {  # outline seen from above, its area by the shoelace formula below, the area of its hull
    "square": ([(0, 0), (2, 0), (2, 2), (0, 2)], 4.0),
    "L": ([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)], 3.5),
    "dart": ([(0, 0), (2, 0), (2, 2), (0, 2), (0.5, 1)], 4.0),
}
HEIGHT = 2.0


def area(outline):
    x, y = np.array(outline, float).T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def prism(outline):
    """One polyhedron, faces turned outwards."""
    n, points, stream = len(outline), vtkPoints(), vtkIdList()
    for z in (0.0, HEIGHT):
        for x, y in outline:
            points.InsertNextPoint(x, y, z)
    faces = [list(range(n))[::-1], list(range(n, 2 * n))] + [[k, (k + 1) % n, (k + 1) % n + n, k + n] for k in range(n)]
    for number in [len(faces), *(value for face in faces for value in (len(face), *face))]:
        stream.InsertNextId(number)
    grid = vtkUnstructuredGrid()
    grid.SetPoints(points)
    grid.InsertNextCell(VTK_POLYHEDRON, stream)
    return grid


def output(algorithm, data):
    algorithm.SetInputData(data)
    algorithm.Update()
    return algorithm.GetOutput()


def cell_sizes(data):
    return float(vtk_to_numpy(output(vtkCellSizeFilter(), data).GetCellData().GetArray("Volume")).sum())


def by_faces(data):
    mass = vtkMassProperties()
    mass.SetInputData(output(vtkTriangleFilter(), output(vtkGeometryFilter(), data)))
    return mass.GetVolume()


print("VTK", vtkVersion.GetVTKVersion())
changed = 0
for name, (outline, hull) in SHAPES.items():
    cell = prism(outline)
    true = area(outline) * HEIGHT
    assert abs(by_faces(cell) - true) < 1e-6, "the divergence theorem over VTK's own surface of the cell"
    if name == "L":
        inside = [cell.GetCell(0).IsInside(place, 1e-6) for place in ((0.5, 0.5, 1.0), (1.6, 1.7, 1.0))]
        assert inside == [1, 0], "VTK knows the notch as outside"
    seen = {
        "cell size": cell_sizes(cell),
        "integral": output(vtkIntegrateAttributes(), cell).GetCellData().GetArray("Volume").GetTuple1(0),
        "tetrahedra": cell_sizes(output(vtkDataSetTriangleFilter(), cell)),
    }
    same = all(abs(volume - hull * HEIGHT) < 1e-6 for volume in seen.values())
    changed += not same
    print(f"{name}: true volume {true:g}, hull {hull * HEIGHT:g}, seen {({key: round(value, 6) for key, value in seen.items()})}"
          + ("" if same else "  CHANGED, described as the hull's"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: volumes of concave polyhedra are those of their hulls"
