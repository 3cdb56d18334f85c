#!/usr/bin/env bash
# A slice that stands upright loses its cells' values when it is clipped; one that lies flat keeps them (VTK 9.7).
#
# An image of one layer is a plane, across x, y or z: all three are usual slices of a volume. vtkImageClip with ClipDataOn, which calls
# vtkImageData::Crop, keeps part of it. Points get their values in all three. Cells get them across z only: across y both rows that are left have the
# values of the first row, which was cut off, and across x all cells have what the memory held, 0 here. Grids of one layer, rectilinear and structured, have
# arrays of no values at all afterwards, fewer than they have cells. There is neither an error nor a warning. vtkExtractVOI is right.
#
# Truth: each cell has its own number; what is left of 0 to 11 without the first four are 4 to 11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 200 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkRectilinearGrid, vtkStructuredGrid
from vtkmodules.vtkImagingCore import vtkExtractVOI, vtkImageClip

changed = []


def named(values):
    made = numpy_to_vtk(values, deep=True)
    made.SetName("number")
    return made


def plane(kind, size):
    """Make data of one layer with its cells numbered, and its points."""
    data = kind()
    data.SetDimensions(*size)
    axes = [np.arange(float(count)) for count in size]
    if kind is vtkRectilinearGrid:
        for letter, axis in zip("XYZ", axes):
            getattr(data, f"Set{letter}Coordinates")(numpy_to_vtk(axis, deep=True))
    if kind is vtkStructuredGrid:
        z, y, x = np.meshgrid(*axes[::-1], indexing="ij")
        points = vtkPoints()
        points.SetData(numpy_to_vtk(np.stack([x, y, z], -1).reshape(-1, 3), deep=True))
        data.SetPoints(points)
    data.GetCellData().AddArray(named(np.arange(12.0)))
    data.GetPointData().AddArray(named(np.arange(20.0)))
    return data


def numbers(attributes):
    return [int(one) for one in vtk_to_numpy(attributes.GetArray("number"))]


def check(what, truth, described, seen):
    print(f"{what}: {seen}" + ("" if seen == truth else f", and not {truth}"))
    if seen != described:
        changed.append(what)


print("VTK", vtkVersion().GetVTKVersion())
LEFT, POINTS = list(range(4, 12)), list(range(5, 20))
PLANES = {"across x": (1, 5, 4), "across y": (5, 1, 4), "across z": (5, 4, 1)}
SEEN = {"across y": [0, 1, 2, 3] * 2, "across z": LEFT}
for name, size in PLANES.items():
    part = [one for count in size for one in (0, count - 1)]
    part[2 * (1 if size[2] == 1 else 2)] = 1  # without the first layer along the last axis there is
    image = plane(vtkImageData, size)
    clip, extract = vtkImageClip(), vtkExtractVOI()
    clip.SetOutputWholeExtent(part)
    clip.ClipDataOn()
    extract.SetVOI(part)
    for one in (clip, extract):
        one.SetInputData(image)
        one.Update()
    # across x nothing is copied: the memory is new, and is 0 here
    seen = numbers(clip.GetOutput().GetCellData())
    if name == "across x":
        print(f"image {name}, cells after vtkImageClip: {seen}, and not {LEFT}")
        if seen == LEFT or clip.GetOutput().GetNumberOfCells() != 8:
            changed.append(name)
    else:
        check(f"image {name}, cells after vtkImageClip", LEFT, SEEN[name], seen)
    check(f"image {name}, points after vtkImageClip", POINTS, POINTS, numbers(clip.GetOutput().GetPointData()))
    check(f"image {name}, cells after vtkExtractVOI", LEFT, LEFT, numbers(extract.GetOutput().GetCellData()))
for kind in (vtkRectilinearGrid, vtkStructuredGrid):
    data = plane(kind, PLANES["across z"])
    data.Crop([0, 4, 1, 3, 0, 0])
    name = f"{kind.__name__} across z, which has {data.GetNumberOfCells()} cells now"
    check(name, LEFT, [], numbers(data.GetCellData()))
    check(f"its points, {data.GetNumberOfPoints()}", POINTS, POINTS, numbers(data.GetPointData()))
sys.exit(f"changed: {'; '.join(changed)}" if changed else 0)
PY
