#!/usr/bin/env bash
# The other side of a clip is the same side again, or nothing, in vtkClipDataSet (VTK 9.7.2).
#
# With GenerateClippedOutput a clip gives both sides of a cut: what is kept at output 0, what is cut away at output 1. Of
# vtkClipDataSet's outputs the second is a copy of the first for an unstructured grid, so that a block of 6^3 cut at x = 1.5 comes as
# twice the 162 on the right, and the 54 on the left are gone; for an image output 1 is empty. Whoever weighs material on both sides of a
# front, or draws them in two colours, gets a sum of 324 of 216, or of 162, with no message. InsideOut swaps which side is seen twice.
# The filters that do the same for both (vtkTableBasedClipDataSet) and for images (vtkClipVolume) are right.
#
# Truth: 6 * 6 * 4.5 and 6 * 6 * 1.5, by hand; the two outputs of these filters.
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
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkFiltersCore import vtkAppendFilter
from vtkmodules.vtkFiltersGeneral import vtkClipDataSet, vtkClipVolume, vtkTableBasedClipDataSet
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter

SIDE, CUT = 6, 1.5
RIGHT, LEFT = SIDE * SIDE * (SIDE - CUT), SIDE * SIDE * CUT


def block():
    """A block of unit cells, as an image, whose scalars are x."""
    image = vtkImageData()
    image.SetDimensions(SIDE + 1, SIDE + 1, SIDE + 1)
    x = numpy_to_vtk(np.tile(np.arange(SIDE + 1.0), (SIDE + 1) ** 2), deep=True)
    x.SetName("x")
    image.GetPointData().SetScalars(x)
    return image


def as_grid(image):
    """The same cells as an unstructured grid."""
    cells = vtkAppendFilter()
    cells.AddInputData(image)
    cells.Update()
    return cells.GetOutput()


def volume(cells):
    if not cells.GetNumberOfCells():
        return 0.0
    sizes = vtkCellSizeFilter()
    sizes.SetInputData(cells)
    sizes.Update()
    return float(vtk_to_numpy(sizes.GetOutput().GetCellData().GetArray("Volume")).sum())


def sides(kind, data, inside_out=False):
    """The volumes of what is kept, and of what is cut away."""
    clip = kind()
    clip.SetInputData(data)
    clip.SetValue(CUT)
    clip.SetInsideOut(inside_out)
    clip.GenerateClippedOutputOn()
    clip.Update()
    return round(volume(clip.GetOutput()), 3), round(volume(clip.GetClippedOutput()), 3)


print(f"VTK {vtkVersion.GetVTKVersion()}: a block of {SIDE}^3 cut at x = {CUT}: right {RIGHT}, left {LEFT}")
image = block()
grid = as_grid(image)
seen = {}
for name, kind, data in (
    ("table based, grid", vtkTableBasedClipDataSet, grid),
    ("table based, image", vtkTableBasedClipDataSet, image),
    ("volume, image", vtkClipVolume, image),
    ("vtkClipDataSet, grid", vtkClipDataSet, grid),
    ("vtkClipDataSet, image", vtkClipDataSet, image),
):
    seen[name] = sides(kind, data)
    print(f"{name}: kept {seen[name][0]}, cut away {seen[name][1]}")
seen["inside out"] = sides(vtkClipDataSet, grid, inside_out=True)
print(f"vtkClipDataSet, grid, inside out: kept {seen['inside out'][0]}, cut away {seen['inside out'][1]}")

if any(seen[name] != (RIGHT, LEFT) for name in ("table based, grid", "table based, image", "volume, image")):
    sys.exit("changed: the filters that were right are not")
if seen["vtkClipDataSet, grid"] != (RIGHT, RIGHT) or seen["inside out"] != (LEFT, LEFT):
    sys.exit("changed: the other side of a grid is not the same side again")
if seen["vtkClipDataSet, image"] != (RIGHT, 0):
    sys.exit("changed: the other side of an image is not empty")
print("as described: vtkClipDataSet loses the side that is cut away")
PY
