#!/usr/bin/env bash
# Two bricks of a volume of 3, of which one is in two physical groups, have a volume of 4 in version 2.2 of Gmsh's format: Gmsh reads its own file so (gmsh 4.15.2, meshio 5.3.5).
#
# A physical group is a name for parts of a geometry, and a part may be in several: "copper" and "everything". In version 4.1 of the format an
# element is there once, and its part says in which groups it is. Version 2.2, which solvers and converters ask for (Mesh.MshFileVersion, -format msh22),
# has a group for each element; Gmsh writes an element once for each of its groups, each time with another number. Nothing in the file says that they are one,
# and neither Gmsh, which has no warning for it, nor meshio puts them together: volumes, masses and integrals are too large, two cells fill the same room,
# and each of them has the stiffness of both.
#
# gmsh's wheel needs libGLU.so.1 and X libraries of the system; no screen.
#
# Truth: the boxes that the model is made of, 1 x 1 x 1 and 2 x 1 x 1; and the same mesh written as 4.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: gmsh==4.15.2 meshio==5.3.5 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import gmsh
import meshio
import numpy as np

gmsh.initialize()
gmsh.option.setNumber("General.Terminal", 0)
gmsh.logger.start()


def make(path, version):
    gmsh.clear()
    boxes = [gmsh.model.occ.addBox(0, 0, 0, 1, 1, 1), gmsh.model.occ.addBox(1, 0, 0, 2, 1, 1)]
    gmsh.model.occ.fragment([(3, boxes[0])], [(3, boxes[1])])
    gmsh.model.occ.synchronize()
    parts = [tag for _, tag in gmsh.model.getEntities(3)]
    small = next(tag for tag in parts if gmsh.model.occ.getMass(3, tag) < 1.5)
    gmsh.model.addPhysicalGroup(3, [small], 7, "copper")
    gmsh.model.addPhysicalGroup(3, parts, 8, "everything")
    gmsh.option.setNumber("Mesh.MeshSizeMax", 0.5)
    gmsh.model.mesh.generate(3)
    gmsh.option.setNumber("Mesh.MshFileVersion", version)
    gmsh.write(path)


def volume(points, tetrahedra):
    edges = points[tetrahedra[:, 1:]] - points[tetrahedra[:, :1]]
    return float(np.abs(np.linalg.det(edges)).sum() / 6)


def by_gmsh(path):
    gmsh.clear()
    gmsh.open(path)
    tags, places, _ = gmsh.model.mesh.getNodes()
    points = np.full((int(tags.max()) + 1, 3), np.nan)
    points[tags] = places.reshape(-1, 3)
    numbers, nodes = gmsh.model.mesh.getElementsByType(4)
    tetrahedra = nodes.reshape(-1, 4)
    return volume(points, tetrahedra), len(numbers), len(np.unique(np.sort(tetrahedra, axis=1), axis=0))


def by_meshio(path):
    mesh = meshio.read(path)
    rows = np.concatenate([block.data for block in mesh.cells if block.type == "tetra"])
    return volume(mesh.points, rows), len(rows), len(np.unique(np.sort(rows, axis=1), axis=0))


print("gmsh", gmsh.__version__, "meshio", meshio.__version__)
found = {}
for version in (4.1, 2.2):
    path = os.path.join(sys.argv[1], f"{version}.msh")
    make(path, version)
    for name, read in (("gmsh", by_gmsh), ("meshio", by_meshio)):
        found[version, name] = read(path)
        size, count, different = found[version, name]
        print(f"version {version}, read by {name}: volume {size:.6g}, {count} tetrahedra, {different} different ones")
warned = [line for line in gmsh.logger.get() if line.startswith(("Warning", "Error"))]
print("warnings of Gmsh:", warned)
gmsh.finalize()
right = all(np.isclose(found[4.1, name][0], 3) and found[4.1, name][1] == found[4.1, name][2] for name in ("gmsh", "meshio"))
double = all(
    np.isclose(found[2.2, name][0], 4) and found[2.2, name][2] == found[4.1, name][2] < found[2.2, name][1]
    for name in ("gmsh", "meshio")
)
same = right and double and not warned
print("as described: what is in two groups counts twice" if same else "changed")
sys.exit(0 if same else 1)
PY
