#!/usr/bin/env bash
# A NIfTI volume that VTK halves in size is straightened out for ITK, and stays turned for nibabel (VTK 9.7.2, SimpleITK 2.5.7, nibabel 5.4.2).
#
# nibabel writes the place of a volume as an sform and leaves the qform unset (codes 2 and 0). vtkNIFTIImageReader hands the sform on, and
# who gives it to vtkNIFTIImageWriter gets a right file as long as VTK's image begins at (0, 0, 0). Resampled to half the size it
# begins half a voxel later; then the writer sets qform code 1 as well, with no rotation, beside the right sform. A file with two places
# is read by each library's rule: nibabel goes by the sform, SimpleITK by the qform, and the same file lies in two places, here 36 mm
# apart. A crop fails in another way: its first voxels are gone, but its place is still that of the whole, for both readers.
#
# Truth: the affine that nibabel wrote, applied to the place of a voxel in VTK's image (origin + spacing * index).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 numpy==2.4.6 simpleitk==2.5.7 nibabel==5.4.2 packaging==26.4 typing_extensions==4.16.0
timeout 100 "$folder/venv/bin/python" - "$folder" 2>"$folder/messages" <<'PY' || { cat "$folder/messages" >&2; exit 1; }
import os
import sys

import nibabel
import numpy as np
import SimpleITK
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkImagingCore import vtkImageClip, vtkImageResize
from vtkmodules.vtkIOImage import vtkNIFTIImageReader, vtkNIFTIImageWriter

SIZE, SPACING, SHIFT = 8, np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])
C, S = np.cos(np.radians(30)), np.sin(np.radians(30))
TURN = np.array([[C, -S, 0], [S, C, 0], [0, 0, 1]])
LPS_TO_RAS = np.array([-1, -1, 1])
VOXEL = np.array([1, 2, 3])


def resized():
    filter_ = vtkImageResize()
    filter_.SetResizeMethodToOutputDimensions()
    filter_.SetOutputDimensions(SIZE // 2, SIZE // 2, SIZE // 2)
    filter_.BorderOn()
    return filter_


def clipped():
    filter_ = vtkImageClip()
    filter_.SetOutputWholeExtent(2, SIZE - 1, 0, SIZE - 1, 0, SIZE - 1)
    filter_.ClipDataOn()
    return filter_


def through(source, target, filter_):
    """Write what the filter makes of the file with the file's own sform; return the true place of VOXEL in it."""
    reader, writer, sform = vtkNIFTIImageReader(), vtkNIFTIImageWriter(), vtkMatrix4x4()
    reader.SetFileName(source)
    reader.Update()
    assert reader.GetQFormMatrix() is None
    sform.DeepCopy(reader.GetSFormMatrix())
    last = reader
    if filter_:
        filter_.SetInputConnection(reader.GetOutputPort())
        last = filter_
    last.Update()
    image = last.GetOutput()
    writer.SetInputData(image)
    writer.SetSFormMatrix(sform)
    writer.SetFileName(target)
    writer.Write()
    first = np.array(image.GetExtent()[::2])
    return TURN @ (np.array(image.GetOrigin()) + np.array(image.GetSpacing()) * (first + VOXEL)) + SHIFT


print("VTK", vtkVersion.GetVTKVersion(), "SimpleITK", SimpleITK.Version.VersionString(), "nibabel", nibabel.__version__)
source, target = (os.path.join(sys.argv[1], name) for name in ("source.nii", "target.nii"))
affine = np.eye(4)
affine[:3, :3], affine[:3, 3] = TURN * SPACING, SHIFT
nibabel.save(nibabel.Nifti1Image(np.arange(SIZE**3, dtype="i2").reshape((SIZE,) * 3), affine), source)
whole = TURN @ (SPACING * VOXEL) + SHIFT
straight = 2 * SPACING * VOXEL + SPACING / 2 * [1, 1, 1]
changed = 0
for name, filter_, codes, nibabel_off, itk_off in (
    ("as it is", None, (0, 2), 0.0, 0.0),
    ("half the size", resized(), (1, 2), 0.0, None),
    ("two slices cut off", clipped(), (0, 2), 2.0, 2.0),
):
    true = through(source, target, filter_)
    image = nibabel.load(target)
    by_nibabel = image.affine[:3] @ [*VOXEL, 1]
    by_itk = LPS_TO_RAS * SimpleITK.ReadImage(target).TransformIndexToPhysicalPoint(VOXEL.tolist())
    found = tuple(int(image.header[key]) for key in ("qform_code", "sform_code"))
    off = [float(np.linalg.norm(place - true)) for place in (by_nibabel, by_itk)]
    described_itk = float(np.linalg.norm(straight - true)) if itk_off is None else itk_off
    same = found == codes and np.allclose(off, [nibabel_off, described_itk], atol=1e-3)
    changed += not same
    print(f"{name}: qform code {found[0]}, sform code {found[1]}; true place {true.round(1)}, nibabel {by_nibabel.round(1)}, SimpleITK "
          f"{by_itk.round(1)}: {off[0]:.1f} and {off[1]:.1f} mm off" + ("" if same else "  CHANGED"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: one file, two places"
