#!/usr/bin/env bash
# A part that a glTF node mirrors is inside out, and parts of a mesh trade places when the file is read again (VTK 9.7.2, trimesh 5.2.0).
#
# Modellers store half of a symmetric thing and mirror it by a node with a negative scale. glTF 2.0 says for that (3.7.4): where the determinant
# of a node's global transform is negative, the winding order of its triangles is reversed. vtkGLTFReader moves the places and keeps the order,
# so the mirrored half has a negative volume, and normals that are computed of it, or an inside-out test, point the wrong way.
# When the reader executes again, as after any change of its settings or of the file, a mesh of points and triangles comes as triangles twice.
# Nothing is logged.
#
# Truth: a tetrahedron of volume 1/6, seen from outside, as stored, moved, turned and mirrored; trimesh, which has +1/6 for each; and the first
# reading beside the second one of the same file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: trimesh==5.2.0 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import base64
import json
import os
import sys

import numpy as np
import trimesh
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOGeometry import vtkGLTFReader

PLACES = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], "<f4")
FACES = np.array([(0, 2, 1), (0, 1, 3), (1, 2, 3), (2, 0, 3)], "u1")
TRIANGLES, POINTS = {"attributes": {"POSITION": 0}, "indices": 1}, {"attributes": {"POSITION": 0}, "mode": 0}
NODES = {  # the node of the mesh, and the volume that VTK gives it, in sixths
    "as stored": ({}, 1),
    "moved and turned": ({"translation": [5, 0, 0], "rotation": [0, 0, 0.6, 0.8]}, 1),
    "mirrored twice": ({"scale": [-1, -1, 1]}, 1),
    "mirrored": ({"scale": [-1, 1, 1]}, -1),
    "mirrored by its matrix": ({"matrix": [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]}, -1),
}
path = os.path.join(sys.argv[1], "part.gltf")


def write(node, primitives):
    numbers = PLACES.tobytes() + FACES.tobytes()
    uri = "data:application/octet-stream;base64," + base64.b64encode(numbers).decode()
    text = {
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0, **node}],
        "buffers": [{"byteLength": len(numbers), "uri": uri}],
        "bufferViews": [{"buffer": 0, "byteOffset": 0, "byteLength": 48}, {"buffer": 0, "byteOffset": 48, "byteLength": 12}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 1]},
            {"bufferView": 1, "componentType": 5121, "count": 12, "type": "SCALAR"},
        ],
        "meshes": [{"primitives": primitives}],
    }
    with open(path, "w") as file:
        json.dump(text, file)


def parts(data):
    for index in range(data.GetNumberOfBlocks()):
        block = data.GetBlock(index)
        yield from parts(block) if block.IsA("vtkMultiBlockDataSet") else [block]


def volume(surface):
    places = vtk_to_numpy(surface.GetPoints().GetData()).astype(float)
    corners = vtk_to_numpy(surface.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    return float(np.linalg.det(places[corners]).sum() / 6)


print("VTK", vtkVersion.GetVTKVersion(), "trimesh", trimesh.__version__, "numpy", np.__version__)
changed = 0
for name, (node, sixths) in NODES.items():
    write(node, [TRIANGLES])
    reader = vtkGLTFReader()
    reader.SetFileName(path)
    reader.Update()
    (surface,) = parts(reader.GetOutput())
    other = trimesh.load(path, force="mesh")
    assert np.isclose(other.volume, 1 / 6), "trimesh sees every one from outside"
    assert np.allclose(np.sort(other.vertices, axis=0), np.sort(vtk_to_numpy(surface.GetPoints().GetData()), axis=0), atol=1e-5)
    seen = volume(surface)
    same = np.isclose(seen, sixths / 6)
    changed += not same
    print(f"{name:23s}: volume by trimesh {other.volume:.4f}, of what VTK reads {seen:.4f}" + ("" if same else f"  CHANGED, described as {sixths}/6"))
write({}, [POINTS, TRIANGLES])
reader = vtkGLTFReader()
reader.SetFileName(path)
for reading, described in (("first reading", [(4, 0), (0, 4)]), ("second reading", [(0, 4), (0, 4)])):
    reader.Modified()
    reader.Update()
    seen = [(one.GetNumberOfVerts(), one.GetNumberOfPolys()) for one in parts(reader.GetOutput())]
    same = seen == described
    changed += not same
    print(f"{reading:23s}: " + ", ".join(f"{points} points and {faces} triangles" for points, faces in seen)
          + ("" if same else f"  CHANGED, described as {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: what is mirrored is inside out, and the second reading has the triangles twice"
