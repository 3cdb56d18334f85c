#!/usr/bin/env bash
# One transform, three results, by how the same grid is stored (VTK 9.7.2, vtkAxisAlignedTransformFilter).
#
# "Applies an axis-aligned affine transformation (translation, scaling, and rotation)" to data of any type. A grid of 2 x 3 x 4
# points is scaled by (2, 3, 4), turned by 90 degrees about z and moved by (10, 20, 30). As an image it is scaled, turned, moved.
# As a structured or unstructured grid it is moved first, and the distance of the move is scaled as well: it ends 90 away from where
# the image ends. As a rectilinear grid it lies where the image lies, but its values stay in the old order while the axes are
# swapped: the value of one point is at another. Vectors are turned in none of them, unless they are marked as active.
# An expert expects one place, and values that stay with their points. No warning is given.
#
# Truth: scale, turn and move each point by hand, and follow a point's number, which is its value.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkRectilinearGrid
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkAxisAlignedTransformFilter, vtkImageDataToPointSet

SCALE, MOVE = np.array([2.0, 3.0, 4.0]), np.array([10.0, 20.0, 30.0])
QUARTER = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]])


def named(data):
    for name, values in (("id", np.arange(24)), ("flow", np.tile([1.0, 0, 0], (24, 1)))):
        array = numpy_to_vtk(values, deep=True)
        array.SetName(name)
        data.GetPointData().AddArray(array)
    return data


def made(filter, data):
    filter.SetInputData(data)
    filter.Update()
    return filter.GetOutput()


image, rectilinear = vtkImageData(), vtkRectilinearGrid()
image.SetDimensions(2, 3, 4)
rectilinear.SetDimensions(2, 3, 4)
for name, count in (("X", 2), ("Y", 3), ("Z", 4)):
    getattr(rectilinear, f"Set{name}Coordinates")(numpy_to_vtk(np.arange(float(count)), deep=True))
named(image)
named(rectilinear)
start = np.array([image.GetPoint(index) for index in range(24)])
true = (start * SCALE) @ QUARTER.T + MOVE
print("VTK", vtkVersion.GetVTKVersion())
wrong, flows, bounds = {}, {}, {}
structured = made(vtkImageDataToPointSet(), image)
for data in (image, rectilinear, structured, made(vtkAppendFilter(), structured)):
    transform = vtkAxisAlignedTransformFilter()
    transform.SetScale(*SCALE)
    transform.SetRotationAngle(1)
    transform.SetRotationAxis(2)
    transform.SetTranslation(*MOVE)
    found = made(transform, data)
    places = np.array([found.GetPoint(index) for index in range(24)])
    ids = vtk_to_numpy(found.GetPointData().GetArray("id"))
    kind = data.GetClassName().removeprefix("vtk")
    wrong[kind] = float(np.abs(places - true[ids]).max())
    flows[kind] = found.GetPointData().GetArray("flow").GetTuple3(0)
    bounds[kind] = found.GetBounds()
    print(f"{kind:17s} bounds {bounds[kind]}, a value is up to {wrong[kind]:g} off its place, flow along {flows[kind]}")
print("true bounds      ", tuple(float(n) for low, high in zip(true.min(0), true.max(0)) for n in (low, high)), "flow along (0, 2, 0)")
seen = {
    "the image is right": wrong["ImageData"] == 0,
    "the values of a rectilinear grid stay behind": bounds["RectilinearGrid"] == bounds["ImageData"] and wrong["RectilinearGrid"] == 6,
    "grids of points are 90 away": wrong["StructuredGrid"] == wrong["UnstructuredGrid"] == 90,
    "no vector turns": set(flows.values()) == {(1.0, 0.0, 0.0)},
}
changed = [what for what, so in seen.items() if not so]
sys.exit(f"CHANGED: {changed}" if changed else 0)
PY
echo "as described: an image, a rectilinear grid and the same points end up with three results"
