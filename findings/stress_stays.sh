#!/usr/bin/env bash
# Turn a loaded part: its points, normals and vectors turn, its stress does not (VTK 9.7.2, vtkTransformFilter; pyvista 0.49.1 as well).
#
# A bar under a tension of 3 along x and a shear of 0.5 is turned by 90 degrees about z, as a part is put into its assembly.
# Displacements turn with it. The stress tensor keeps its components: the bar now lies along y, and is pulled across, along x. The
# traction on its end face, stress times normal, is 0.5 instead of 3.04. Nothing that one looks at first shows it: von Mises stress and
# principal values are the same in all axes. TransformAllInputVectors, pyvista's `transform_all_input_vectors=True`, and naming the
# array as the data's tensors do not help; only directions and tractions, glyphs of tensors and whatever is computed of them are wrong.
# A reflection (vtkAxisAlignedReflectionFilter) does turn the signs of a tensor, so that tensors are no strangers to VTK.
#
# Truth: R S R^T by numpy; traction on the end face is what it was, in length; vectors and normals of the same filter.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: \
    vtk==9.7.2 numpy==2.4.6 pyvista==0.49.1
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import pyvista
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonTransforms import vtkTransform
from vtkmodules.vtkFiltersGeneral import vtkAxisAlignedReflectionFilter, vtkTransformFilter

STRESS = np.array([[3.0, 0.5, 0], [0.5, 0, 0], [0, 0, 0]])  # tension along x, and shear
TURN = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])


def bar():
    """A bar along x, one tensor and one vector at each point."""
    made = pyvista.ImageData(dimensions=(5, 2, 2)).cast_to_unstructured_grid()
    count = made.n_points
    made.point_data["stress"] = np.tile(STRESS.ravel(), (count, 1))
    made.point_data["displacement"] = np.tile([1.0, 0, 0], (count, 1))
    made.GetPointData().SetActiveTensors("stress")
    made.GetPointData().SetActiveVectors("displacement")
    return made


def turned(every_array):
    quarter, turn = vtkTransform(), vtkTransformFilter()
    quarter.RotateZ(90)
    turn.SetTransform(quarter)
    turn.SetTransformAllInputVectors(every_array)
    turn.SetInputData(bar())
    turn.Update()
    return pyvista.wrap(turn.GetOutput())


def stress_of(data):
    return np.asarray(data.point_data["stress"])[0].reshape(3, 3)


def mises(stress):
    shear = stress - np.trace(stress) / 3 * np.eye(3)
    return float(np.sqrt(1.5 * (shear**2).sum()))


print(f"VTK {vtkVersion.GetVTKVersion()}, pyvista {pyvista.__version__}: stress {STRESS.ravel().tolist()} in a bar along x")
right = TURN @ STRESS @ TURN.T
face = np.array([0.0, 1, 0])  # the normal of the end face, after the turn
print(f"turned to lie along y, true: {right.ravel().tolist()}, traction on its end {np.linalg.norm(right @ face):.3f}")
ways = {
    "vtkTransformFilter": turned(False),
    "with TransformAllInputVectors": turned(True),
    "pyvista rotate_z": bar().rotate_z(90, transform_all_input_vectors=True),
}
for name, data in ways.items():
    seen = stress_of(data)
    moved = np.asarray(data.point_data["displacement"])[0].round(9) + 0.0
    print(f"{name}: bounds {np.round(data.bounds, 6).tolist()}, displacement {moved.tolist()}, stress {seen.ravel().tolist()}, "
          f"traction {np.linalg.norm(seen @ face):.3f}, von Mises {mises(seen):.3f} of {mises(right):.3f}")
    if not np.allclose(moved, face) or not np.allclose(data.bounds[:4], (-1, 0, 0, 4)):
        sys.exit(f"changed: {name}: points or vectors do not turn")
    if not np.allclose(seen, STRESS):
        sys.exit(f"changed: {name}: the stress is not what it was")
mirror = vtkAxisAlignedReflectionFilter()
mirror.SetInputData(bar())
mirror.CopyInputOff()
mirror.SetPlaneModeToXMin()
mirror.ReflectAllInputArraysOn()
mirror.Update()
parts = mirror.GetOutput()
mirrored = stress_of(pyvista.wrap(parts.GetPartition(parts.GetNumberOfPartitionedDataSets() - 1, 0)))
flip = np.diag([-1.0, 1, 1])
print(f"mirrored in x: stress {mirrored.ravel().tolist()}")
if not np.allclose(mirrored, flip @ STRESS @ flip):
    sys.exit("changed: a reflection does not turn the tensor")
print("as described: what is turned keeps the stress of before")
PY
