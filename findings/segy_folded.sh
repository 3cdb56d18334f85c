#!/usr/bin/env bash
# A seismic cube opens as one folded sheet, and without its place where only midpoints are given (VTK 9.7.2, segyio 1.9.14).
#
# A stacked volume in SEG-Y has its line numbers in bytes 189 and 193 of each trace and the place of the midpoint in 181 and 185:
# the columns that revision 1 has for it; segyio finds 3 x 4 traces of 6 samples by them. vtkSegYReader, which says of itself that
# it reads 2D and 3D data, gives a structured grid of 12 x 1 x 6: the end of a line is joined to the beginning of the next, so a
# slice or a contour of the grid crosses the survey between lines. It looks for places at the source (bytes 73 and 77) unless told
# otherwise: where these are 0, as after stacking, all traces stand at (0, 0), with no message. And the first sample, which was
# recorded after a delay of 100 ms, lies at 0.
#
# Truth: the numbers that were written; segyio's cube of the same file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 segyio==1.9.14 numpy==2.4.6 packaging==26.0
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys
from importlib.metadata import version

import numpy as np
import segyio
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOSegY import vtkSegYReader

INLINES, CROSSLINES, SAMPLES, STEP_MS, DELAY_MS = [1, 2, 3], [10, 11, 12, 13], 6, 4, 100
PATH = os.path.join(sys.argv[1], "cube.sgy")


def write():
    spec = segyio.spec()
    spec.format, spec.sorting, spec.samples = 5, 2, DELAY_MS + STEP_MS * np.arange(SAMPLES)
    spec.ilines, spec.xlines = INLINES, CROSSLINES
    with segyio.create(PATH, spec) as file:
        for number, (inline, crossline) in enumerate((i, c) for i in INLINES for c in CROSSLINES):
            file.header[number] = {
                segyio.su.iline: inline, segyio.su.xline: crossline, segyio.su.scalco: 1, segyio.su.ns: SAMPLES,
                segyio.su.cdpx: 1000 + 25 * inline, segyio.su.cdpy: 2000 + 50 * crossline,
                segyio.su.dt: STEP_MS * 1000, segyio.su.delrt: DELAY_MS,
            }
            file.trace[number] = (100 * inline + 10 * crossline + np.arange(SAMPLES) / 2).astype(np.float32)
        file.bin.update(hdt=STEP_MS * 1000)


def read(mode):
    reader = vtkSegYReader()
    reader.SetFileName(PATH)
    if mode is not None:
        reader.SetXYCoordMode(mode)
    reader.Update()
    return reader.GetOutput()


write()
with segyio.open(PATH) as file:
    cube, times = segyio.cube(file), file.samples
assert cube.shape == (3, 4, 6) and cube[1, 2, 3] == 100 * 2 + 10 * 12 + 1.5, "segyio finds the cube"
assert times[0] == DELAY_MS, "segyio knows the delay"
print("VTK", vtkVersion.GetVTKVersion(), "segyio", version("segyio"), "- the cube has", cube.shape, "samples, from", times[0], "ms on")
changed = 0
for name, mode, described in (
    ("as it comes", None, (0.0, 0.0, 0.0, 0.0, -20.0, 0.0)),
    ("told to look at midpoints", 1, (1025.0, 1075.0, 2500.0, 2650.0, -20.0, 0.0)),
):
    grid = read(mode)
    first, last = np.array(grid.GetExtent()[::2]), np.array(grid.GetExtent()[1::2])
    shape = tuple((last - first + 1).tolist())
    values = vtk_to_numpy(grid.GetPointData().GetArray("trace")).reshape(6, 12)
    assert np.array_equal(values.T.reshape(3, 4, 6), cube), "the samples themselves are right"
    same = shape == (12, 1, 6) and grid.GetBounds() == described
    changed += not same
    print(f"VTK, {name}: a grid of {shape}, bounds {grid.GetBounds()}" + ("" if same else "  CHANGED"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: a cube of traces is one folded sheet"
