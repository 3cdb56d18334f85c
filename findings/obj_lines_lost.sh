#!/usr/bin/env bash
# Lines and points of an .obj file are there, until a neighbour's texture has a seam: then they are gone (VTK 9.7.2).
#
# In the OBJ format an element says which place, which texture coordinate and which normal each of its corners has. Where corners of faces
# that meet at one place differ in these, as at any seam of a texture and any sharp edge, vtkOBJReader makes points of their own for each corner
# of each face. Faces are all it takes into that: lines (l) and points (p) of the file, axes, feature curves, wells, are dropped, whole, wherever
# they are. The same file without the seam has them, so a model loses its curves when it gets its texture. Nothing is logged.
#
# Truth: the elements that stand in the file, and the same file with corners that agree, or with the seam taken away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOGeometry import vtkOBJReader

PLACES = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 5 0 0\nv 6 0 0\nv 6 1 0\n"
TEXTURE = "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nvt 0.5 0.5\n"
NORMALS = "vn 0 0 1\nvn 0.6 0 0.8\n"
CURVES = "l 5 6 7\nl 7 5\np 4\n"  # lines far from the faces, and a corner of theirs
CASES = {  # what the faces are, and how many lines and points are read
    "no texture": ("f 1 2 3\nf 1 3 4\n", 2, 1),
    "texture without a seam": (TEXTURE + "f 1/1 2/2 3/3\nf 1/1 3/3 4/4\n", 2, 1),
    "texture with a seam at one corner": (TEXTURE + "f 1/1 2/2 3/3\nf 1/5 3/3 4/4\n", 0, 0),
    "a sharp edge": (NORMALS + "f 1//1 2//1 3//1\nf 1//2 3//2 4//2\n", 0, 0),
}
print("VTK", vtkVersion.GetVTKVersion(), "  in each file: 2 triangles, 2 lines, 1 point")
changed = 0
for name, (faces, lines, points) in CASES.items():
    path = os.path.join(sys.argv[1], "a.obj")
    with open(path, "w") as file:
        file.write(PLACES + faces + CURVES)
    reader = vtkOBJReader()
    reader.SetFileName(path)
    reader.Update()
    seen = reader.GetOutput()
    assert reader.GetErrorCode() == 0 and seen.GetNumberOfPolys() == 2
    same = (seen.GetNumberOfLines(), seen.GetNumberOfVerts()) == (lines, points)
    changed += not same
    print(f"{name:34s}: {seen.GetNumberOfPolys()} triangles, {seen.GetNumberOfLines()} lines, {seen.GetNumberOfVerts()} points"
          + ("" if same else f"  CHANGED, described as {lines} and {points}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: lines and points are lost where corners of faces differ"
