#!/usr/bin/env bash
# A MetaImage (.mha) that ITK turned by +30 degrees opens in VTK turned by -30 (VTK 9.7.2, SimpleITK 2.5.7).
#
# TransformMatrix in the header of a MetaImage holds the directions of the axes, one axis after the other. ITK, from which the
# format's library comes, writes and reads them so. vtkMetaImageReader and vtkMetaImageWriter carry the same nine numbers into and
# out of vtkImageData's direction matrix row after row, where axes are columns: transposed, hence the inverse rotation. Each library
# reads its own files back, so a test of one alone never shows it. Between the two a scan that was taken at an angle (Slicer,
# ITK-SNAP, elastix write such files) lies at the mirrored angle: the far corner of a head is centimetres off, and a mask drawn in
# one no longer fits in the other. Half turns and axis flips are symmetric and come through, so the usual samples look right.
#
# Truth: physical places of voxels by the formula origin + R S index; ITK agrees with it for the file that it wrote, VTK for the image
# that it is about to write.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 numpy==2.4.6 simpleitk==2.5.7 typing_extensions==4.16.0
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import numpy as np
import SimpleITK
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkIOImage import vtkMetaImageReader, vtkMetaImageWriter

SIZE, SPACING, ORIGIN = (40, 50, 60), (1.0, 2.0, 3.0), (10.0, 20.0, 30.0)
CORNER = np.array([39, 49, 59])


def rotation(degrees, axis):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = [k for k in range(3) if k != axis]
    matrix = np.eye(3)
    matrix[i, i], matrix[i, j], matrix[j, i], matrix[j, j] = c, -s, s, c
    return matrix


def far_corner(matrix):
    return ORIGIN + matrix @ (np.array(SPACING) * CORNER)


def in_vtk(image):
    place = [0.0, 0.0, 0.0]
    image.TransformContinuousIndexToPhysicalPoint(CORNER.astype(float).tolist(), place)
    return np.array(place)


def by_itk_then_vtk(path, matrix):
    image = SimpleITK.Image(SIZE, SimpleITK.sitkInt16)
    image.SetSpacing(SPACING)
    image.SetOrigin(ORIGIN)
    image.SetDirection(matrix.ravel().tolist())
    SimpleITK.WriteImage(image, path)
    again = SimpleITK.ReadImage(path)
    assert np.allclose(again.TransformIndexToPhysicalPoint(CORNER.tolist()), far_corner(matrix)), "ITK reads what it wrote"
    reader = vtkMetaImageReader()
    reader.SetFileName(path)
    reader.Update()
    return in_vtk(reader.GetOutput())


def by_vtk_then_itk(path, matrix):
    image = vtkImageData()
    image.SetDimensions(SIZE)
    image.SetSpacing(SPACING)
    image.SetOrigin(ORIGIN)
    image.SetDirectionMatrix(matrix.ravel().tolist())
    image.AllocateScalars(4, 1)
    image.GetPointData().GetScalars().Fill(1)
    assert np.allclose(in_vtk(image), far_corner(matrix)), "VTK's image before it is written"
    writer = vtkMetaImageWriter()
    writer.SetInputData(image)
    writer.SetFileName(path)
    writer.Write()
    return np.array(SimpleITK.ReadImage(path).TransformIndexToPhysicalPoint(CORNER.tolist()))


print("VTK", vtkVersion.GetVTKVersion(), "SimpleITK", SimpleITK.Version.VersionString())
path = os.path.join(sys.argv[1], "turned.mha")
changed = 0
for name, matrix in (
    ("30 degrees about z", rotation(30, 2)),
    ("30 about z, then 20 about x", rotation(20, 0) @ rotation(30, 2)),
    ("half a turn about z", rotation(180, 2)),
):
    for way, cross in (("ITK to VTK", by_itk_then_vtk), ("VTK to ITK", by_vtk_then_itk)):
        true, described, seen = far_corner(matrix), far_corner(matrix.T), cross(path, matrix)
        same = np.allclose(seen, described, atol=1e-4)
        changed += not same
        print(f"{name}, {way}: far corner true {true.round(1)}, seen {seen.round(1)}, {np.linalg.norm(seen - true):.1f} mm off"
              + ("" if same else f"  CHANGED, described as {described.round(1)}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: the two libraries take the direction of a MetaImage for each other's inverse"
