#!/usr/bin/env bash
# Drill holes stand beside their ore body: elements of an Open Mining Format file lose their origin, or get it twice (VTK 9.7.2, omf 1.0.1).
#
# A project of the Open Mining Format has an origin, each element one relative to it, and vertices relative to the element's.
# vtkOMFReader honours that for block models only. Points, lines and triangulated surfaces stand at the project's origin plus their
# vertices, without the element's own; a grid surface has it in x and y, and twice in z. So elements of one file, which were made to
# lie on each other, stand apart, and nothing is said: with local coordinates, as programs for mines write them, by kilometres.
#
# Truth: the places that were written, and what the format's own library says of vertices ("relative to ... origin").
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --prefer-binary \
    vtk==9.7.2 omf==1.0.1 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")
import omf
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOOMF import vtkOMFReader

PROJECT, ELEMENT = np.array([1000.0, 2000.0, 300.0]), np.array([50.0, 60.0, 7.0])
CORNERS = np.array([[0.0, 0, 0], [1, 0, 0], [1, 2, 0], [0, 2, 0]])
PATH = os.path.join(sys.argv[1], "mine.omf")


def elements():
    origin = ELEMENT.tolist()
    flat, tall = np.array([1.0]), np.array([2.0])
    return [
        omf.VolumeElement(name="blocks", geometry=omf.VolumeGridGeometry(
            tensor_u=flat, tensor_v=tall, tensor_w=flat * 1e-3, origin=origin)),
        omf.PointSetElement(name="points", geometry=omf.PointSetGeometry(vertices=CORNERS, origin=origin)),
        omf.LineSetElement(name="lines", geometry=omf.LineSetGeometry(
            vertices=CORNERS, segments=np.array([[0, 1], [1, 2], [2, 3]]), origin=origin)),
        omf.SurfaceElement(name="triangles", geometry=omf.SurfaceGeometry(
            vertices=CORNERS, triangles=np.array([[0, 1, 2], [0, 2, 3]]), origin=origin)),
        omf.SurfaceElement(name="grid", geometry=omf.SurfaceGridGeometry(
            tensor_u=flat, tensor_v=tall, offset_w=np.zeros(4), origin=origin)),
    ]


project = omf.Project(name="mine", origin=PROJECT.tolist())
project.elements = elements()
assert project.validate()
omf.OMFWriter(project, PATH)
again = omf.OMFReader(PATH).get_project()
assert all(np.allclose(one.geometry.origin, ELEMENT) for one in again.elements), "the file has every origin"
assert "relative to" in omf.PointSetGeometry._props["vertices"].doc, "the format's library says what vertices are"

reader = vtkOMFReader()
reader.SetFileName(PATH)
reader.Update()
blocks = reader.GetOutput()
print("VTK", vtkVersion.GetVTKVersion(), "omf", omf.__version__)
true = PROJECT + ELEMENT
described = {
    "blocks": true, "points": PROJECT, "lines": PROJECT, "triangles": PROJECT, "grid": true + [0, 0, ELEMENT[2]],
}
changed = 0
for number, element in enumerate(again.elements):
    data = blocks.GetPartitionedDataSet(number).GetPartition(0)
    corner = np.array(data.GetBounds()[::2])
    same = np.allclose(corner, described[element.name], atol=1e-2)
    changed += not same
    print(f"{element.name}: true corner {true.tolist()}, VTK {corner.tolist()}"
          + ("" if same else f"  CHANGED, described as {described[element.name].tolist()}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: only block models have their origin"
