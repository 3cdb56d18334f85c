#!/usr/bin/env bash
# A NRRD volume with nine samples along its first axis opens as one slice; with ten it opens as a volume (VTK 9.7.2, vtkNrrdReader).
#
# The header says of each axis what it is: "kinds: domain domain domain" and a space direction for all three. vtkNrrdReader lets the
# number of samples decide instead: up to nine along the first axis are taken for components of a pixel (as of a tensor), so a thin
# slab or a cropped region of 9 x 30 x 40 voxels becomes a picture of 30 x 40 x 1 with nine components, while 10 x 30 x 40 is right.
# An expert expects the header to be believed, and a region of interest not to change its meaning when one more voxel is cut off.
# In the same reader the byte order of the header is obeyed for raw data but not for gzip: big-endian 1 becomes 256. No message
# comes in either case, and the reader says that it can read the file.
#
# Truth: the array that was written; pynrrd 1.1.3 and SimpleITK 2.5.7 (ITK's own NRRD library) both give it back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 numpy==2.4.6 pynrrd==1.1.3 simpleitk==2.5.7 typing_extensions==4.16.0
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import nrrd
import numpy as np
import SimpleITK
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOImage import vtkNrrdReader

print("VTK", vtkVersion.GetVTKVersion(), "pynrrd", nrrd.__version__, "SimpleITK", SimpleITK.Version.VersionString())
path = os.path.join(sys.argv[1], "slab.nrrd")
changed = 0
for samples, order, encoding, dimensions, first in (
    (10, "little", "raw", (10, 30, 40), 1),
    (9, "little", "raw", (30, 40, 1), 1),
    (3, "little", "gzip", (30, 40, 1), 1),
    (10, "big", "raw", (10, 30, 40), 1),
    (10, "big", "gzip", (10, 30, 40), 256),
):
    shape = (samples, 30, 40)
    written = (1 + np.arange(np.prod(shape))).reshape(shape, order="F").astype("<i2" if order == "little" else ">i2")
    nrrd.write(path, written, {
        "encoding": encoding, "endian": order, "kinds": ["domain"] * 3, "space": "left-posterior-superior",
        "space directions": np.eye(3), "space origin": [0, 0, 0]})
    by_pynrrd = nrrd.read(path)[0]
    by_itk = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path)).transpose()
    assert np.array_equal(by_pynrrd, written) and np.array_equal(by_itk, written), "the two other libraries give what was written"
    reader = vtkNrrdReader()
    assert reader.CanReadFile(path)
    reader.SetFileName(path)
    reader.Update()
    image = reader.GetOutput()
    values = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(-1)
    seen = (image.GetDimensions(), int(values[0]))
    same = seen == (dimensions, first)
    changed += not same
    print(f"{shape}, {order:6s} {encoding:4s}: true {shape} first value 1; VTK {seen[0]} of {image.GetNumberOfScalarComponents()} "
          f"components, first value {seen[1]}" + ("" if same else f"  CHANGED, described as {dimensions}, {first}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: the number of samples outweighs the header, and gzip loses the byte order"
