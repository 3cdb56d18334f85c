#!/usr/bin/env bash
# The center of a cell that is not in its middle (VTK 9.7.2, vtkCellCenters).
#
# A straight square pyramid with corners at (0, 0), (1, 0), (1, 1), (0, 1) and its tip above (0.5, 0.5) is symmetric; its center
# by vtkCellCenters is at (0.42, 0.42), beside the axis, and turns with the corner that is written first: a mesh of pyramids has
# four places for "the" center, by how its cells were numbered. The quadratic pyramid lies beside its axis as well, elsewhere.
# The center of a polygon is that of a box along its first edge: the same pentagon has five centers, up to 0.7 apart, for its five
# first corners, and that of an L lies outside of it. The same pyramid as a polyhedron has its center where its mass has it.
# An expert expects a center that depends on the shape alone, as it does for triangles, quads, tetrahedra, hexahedra and wedges.
# Labels, glyphs, selections by place and values that are sampled "at the cell" are taken there, with no warning.
#
# Truth: symmetry of the pyramid, its center of mass (a quarter of its height), and the formula of the shoelace for the polygons.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.vtkCommonCore import vtkIdList, vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkCellCenters

POLYGON, HEXAHEDRON, PYRAMID, QUADRATIC_PYRAMID, POLYHEDRON = 7, 12, 14, 27, 42
corners = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.5, 0.5, 4)])
edges = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4), (2, 4), (3, 4)]
pentagon = np.array([(0, 0, 0), (4, 0, 0), (5, 3, 0), (1, 2, 0), (-0.5, 1, 0)])
ell = np.array([(0, 0, 0), (4, 0, 0), (4, 1, 0), (1, 1, 0), (1, 4, 0), (0, 4, 0)], float)


def center(kind, places, faces=()):
    grid, points, ids = vtkUnstructuredGrid(), vtkPoints(), vtkIdList()
    points.SetDataType(11)
    for one in places:
        points.InsertNextPoint(one)
    grid.SetPoints(points)
    if faces:
        for number in [len(faces), *(n for face in faces for n in (len(face), *face))]:
            ids.InsertNextId(number)
        grid.InsertNextCell(kind, ids)
    else:
        grid.InsertNextCell(kind, len(places), range(len(places)))
    centers = vtkCellCenters()
    centers.SetInputData(grid)
    centers.Update()
    return np.array(centers.GetOutput().GetPoint(0))


def of_polygon(outline):
    (x, y), (u, v) = outline[:, :2].T, np.roll(outline[:, :2], -1, axis=0).T
    cross = x * v - u * y
    return np.array([(x + u) @ cross, (y + v) @ cross, 0]) / (3 * cross.sum())


print("VTK", vtkVersion.GetVTKVersion())
turned = [center(PYRAMID, np.vstack([np.roll(corners[:4], n, axis=0), corners[4]])) for n in range(4)]
quadratic = center(QUADRATIC_PYRAMID, np.vstack([corners, [(corners[a] + corners[b]) / 2 for a, b in edges]]))
faces = [(0, 3, 2, 1), (0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)]
polyhedron = center(POLYHEDRON, corners, faces)
pentagons = [center(POLYGON, np.roll(pentagon, n, axis=0)) for n in range(5)]
apart = max(np.linalg.norm(a - b) for a in pentagons for b in pentagons)
of_ell = center(POLYGON, ell)
cube = np.array([(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))], float)
print("pyramid: center of mass (0.5, 0.5, 1); seen, by its first corner:", np.round(turned, 3).tolist())
print("quadratic pyramid:", np.round(quadratic, 3).tolist(), " the same as a polyhedron:", np.round(polyhedron, 3).tolist())
print("pentagon: center", np.round(of_polygon(pentagon), 3).tolist(), " seen, by its first corner:", np.round(pentagons, 3).tolist())
print("L: center", np.round(of_polygon(ell), 3).tolist(), " seen", of_ell.tolist(), "(outside of it)")
beside = 0.08
seen = {
    "a pyramid's center is beside its axis": np.allclose(turned[0], (0.42, 0.42, 0.8)),
    "and turns with its first corner": all(
        np.allclose(one[:2] - 0.5, beside * np.array(way)) for one, way in zip(turned, [(-1, -1), (-1, 1), (1, 1), (1, -1)])
    ),
    "a quadratic pyramid's too": abs(quadratic[0] - 0.5) > 0.005 and abs(quadratic[0] - 0.42) > 0.005,
    "a polyhedron's is right": np.allclose(polyhedron, (0.5, 0.5, 1)),
    "a pentagon has five centers": len(np.unique(np.round(pentagons, 6), axis=0)) == 5 and apart > 0.6,
    "that of an L is outside of it": np.allclose(of_ell, (2, 2, 0)),
    "a cube's is right": np.allclose(center(HEXAHEDRON, cube), 0.5),
}
changed = [what for what, so in seen.items() if not so]
sys.exit(f"CHANGED: {changed}" if changed else 0)
PY
echo "as described: centers of pyramids and polygons depend on which corner is the first"
