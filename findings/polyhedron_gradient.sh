#!/usr/bin/env bash
# The gradient of f = x is wrong by more than its size when the cells are polyhedra, even cubes (VTK 9.7.2, vtkGradientFilter).
#
# A linear field has the same gradient everywhere, and unit cubes as hexahedra give it exactly. For the same cubes stored as polyhedra
# (as meshes for flow from OpenFOAM, Fluent and CGNS come) vtkGradientFilter returns -0.97 to 1 for a slope of 1 along x, and up to 1.95
# across, where it is 0; the mean over all points along x is near 0. An expert expects a less accurate number perhaps, not one of the
# wrong sign on the simplest field there is. The fault lies at the corners of a cell: FasterApproximation, off unless asked for, takes
# the middles of the same cells and is exact, and so is vtkCellDerivatives. Vorticity, divergence and Q criterion of polyhedral results
# are built on these numbers; there is no message.
#
# Truth: d(ax + by + cz) = (a, b, c); the same points as vtkHexahedron through the same filter; the same filter with
# FasterApproximation, and vtkCellDerivatives, on the polyhedra.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import itertools
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import VTK_HEXAHEDRON, VTK_POLYHEDRON, vtkUnstructuredGrid
from vtkmodules.vtkFiltersGeneral import vtkCellDerivatives, vtkGradientFilter

SIDE = 3
CORNERS = ((0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1))
FACES = ((0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))


def cubes(kind, slope):
    places = list(itertools.product(range(SIDE + 1), repeat=3))
    number = {place: i for i, place in enumerate(places)}
    points, grid = vtkPoints(), vtkUnstructuredGrid()
    for place in places:
        points.InsertNextPoint(*place)
    grid.SetPoints(points)
    for base in itertools.product(range(SIDE), repeat=3):
        ids = [number[tuple(np.add(base, corner).tolist())] for corner in CORNERS]
        if kind == VTK_HEXAHEDRON:
            grid.InsertNextCell(kind, 8, ids)
            continue
        stream = vtkIdList()
        for value in [len(FACES), *(value for face in FACES for value in (4, *(ids[i] for i in face)))]:
            stream.InsertNextId(value)
        grid.InsertNextCell(kind, stream)
    array = numpy_to_vtk(np.array(places, float) @ slope, deep=True)
    array.SetName("f")
    grid.GetPointData().SetScalars(array)
    return grid


def at_points(grid, faster=False):
    gradient = vtkGradientFilter()
    gradient.SetInputData(grid)
    gradient.SetInputScalars(0, "f")
    gradient.SetFasterApproximation(faster)
    gradient.Update()
    return vtk_to_numpy(gradient.GetOutput().GetPointData().GetArray("Gradients"))


def in_cells(grid):
    derivatives = vtkCellDerivatives()
    derivatives.SetInputData(grid)
    derivatives.SetVectorModeToComputeGradient()
    derivatives.Update()
    return vtk_to_numpy(derivatives.GetOutput().GetCellData().GetVectors())


print("VTK", vtkVersion.GetVTKVersion())
changed = 0
for slope in ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (3.0, 5.0, 7.0)):
    assert np.allclose(at_points(cubes(VTK_HEXAHEDRON, slope)), slope), "the filter is exact for hexahedra"
    polyhedra = cubes(VTK_POLYHEDRON, slope)
    assert np.allclose(in_cells(polyhedra), slope, atol=1e-9), "the middle of a polyhedron is exact"
    assert np.allclose(at_points(polyhedra, faster=True), slope, atol=1e-9), "the faster way is exact"
    seen = at_points(polyhedra)
    error = np.linalg.norm(seen - slope, axis=1) / np.linalg.norm(slope)
    main = int(np.argmax(slope))
    same = seen.shape == ((SIDE + 1) ** 3, 3) and error.max() > 1.5 and np.median(error) > 0.5 and seen[:, main].min() < 0
    changed += not same
    print(f"true {slope}, seen from {seen.min(0).round(2)} to {seen.max(0).round(2)}, mean {seen.mean(0).round(2)}; relative error: "
          f"median {np.median(error):.2f}, largest {error.max():.2f}" + ("" if same else "  CHANGED"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: gradients at the points of polyhedra are wrong for a linear field"
