#!/usr/bin/env bash
# Numbers of half precision in a TIFF are integers: 1 is 15360, -2 is 49152; and of five bands one is there (VTK 9.7.2, tifffile 2026.3.3).
#
# TIFF says of its samples how many bits they have (BitsPerSample), what they are (SampleFormat: 1 unsigned, 2 signed, 3 floating), and how many there are in
# a pixel (SamplesPerPixel). Floating samples of 16 bits are in use since cameras and networks have them; GDAL, libtiff and tifffile write them.
# VTK's reader goes by the bits alone there: the sixteen bits become an unsigned number, so that the order of negative ones turns around. Of a raster of five bands, as
# satellites have, it gives the first, with one component, as if it were alone. None of it is told.
#
# Truth: what was written; tifffile reads it back, and the same numbers in single precision are read by VTK as they are.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: vtk==9.7.2 tifffile==2026.3.3 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import numpy as np
import tifffile
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkCommand, vtkOutputWindow, vtkVersion
from vtkmodules.vtkIOImage import vtkTIFFReader

told = []
window = vtkOutputWindow.GetInstance()
for event in (vtkCommand.WarningEvent, vtkCommand.ErrorEvent):
    window.AddObserver(event, lambda *_: told.append(1))


def by_vtk(path):
    reader = vtkTIFFReader()
    reader.SetFileName(path)
    for event in ("WarningEvent", "ErrorEvent"):
        reader.AddObserver(event, lambda *_: told.append(1))
    reader.Update()
    image = reader.GetOutput()
    scalars = image.GetPointData().GetScalars()
    values = vtk_to_numpy(scalars).reshape(*image.GetDimensions()[::-1], -1)
    return values, scalars.GetDataTypeAsString()


def write(name, write_it):
    path = os.path.join(sys.argv[1], name)
    with tifffile.TiffWriter(path) as file:
        write_it(file)
    return path


print("VTK", vtkVersion().GetVTKVersion(), "tifffile", tifffile.__version__, "numpy", np.__version__)
NUMBERS = np.array([[1, -2, 0.5, 1000], [0, 2, 3, 4]])
BANDS = np.stack([NUMBERS + 10 * band for band in range(5)], axis=-1).astype("f4")
single = write("single.tif", lambda file: file.write(NUMBERS.astype("f4"), photometric="minisblack"))
half = write("half.tif", lambda file: file.write(NUMBERS.astype("f2"), photometric="minisblack"))
bands = write("bands.tif", lambda file: file.write(BANDS, photometric="minisblack", planarconfig="contig"))
first = write("first.tif", lambda file: file.write(BANDS[..., 0], photometric="minisblack"))
truth = [tifffile.imread(path) for path in (single, half, bands, first)]
assert np.array_equal(truth[0], NUMBERS) and np.array_equal(truth[1], NUMBERS)
assert np.array_equal(truth[2], BANDS) and np.array_equal(truth[3], BANDS[..., 0])
seen = {name: by_vtk(path) for name, path in (("single", single), ("half", half), ("five", bands), ("one", first))}
print("written:", NUMBERS.ravel().tolist())
for name in ("single", "half"):
    print(f"VTK, {name} precision: {sorted(seen[name][0].ravel().tolist())} ({seen[name][1]})")
for name in ("one", "five"):
    print(f"VTK, {name} band(s): {seen[name][0].shape[-1]} component(s), from {seen[name][0].min():g} to {seen[name][0].max():g}")
same = (
    sorted(seen["single"][0].ravel().tolist()) == sorted(NUMBERS.ravel().tolist())
    and seen["half"][1] == "unsigned short"
    and sorted(seen["half"][0].ravel().tolist()) == sorted(NUMBERS.astype("f2").view("u2").ravel().tolist())
    and sorted(seen["one"][0].ravel().tolist()) == sorted(BANDS[..., 0].ravel().tolist())
    and seen["five"][0].shape == (1, 2, 4, 1)
    and sorted(seen["five"][0].ravel().tolist()) == sorted(BANDS[..., 0].ravel().tolist())
    and not told
)
print("as described: bits are taken for integers, without a word" if same else f"changed (told: {len(told)})")
sys.exit(0 if same else 1)
PY
