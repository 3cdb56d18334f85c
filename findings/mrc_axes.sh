#!/usr/bin/env bash
# A density map whose columns run along z lies on its side in VTK and SimpleITK, one that begins at a grid point other than 0 lies at 0, and -3 is 253 (VTK 9.7.2, SimpleITK 2.5.7, gemmi 0.7.5, mrcfile 1.5.4).
#
# MRC2014, which CCP4's maps share: MAPC, MAPR and MAPS say which of the axes x, y, z the columns, rows and sections of the file are;
# NXSTART, NYSTART and NZSTART at which grid point they begin, counted from the origin of the cell; numbers of mode 0 are signed bytes. Crystallographic
# programs choose the order of axes by the space group, and cut maps out around a molecule: both are everyday. Tools of cryo-electron microscopy leave
# the order alone, and set ORIGIN.
# VTK reads the file as if columns were x: the map is turned, or mirrored, with the lengths of the wrong axes; it says nothing.
# SimpleITK does the same, and refuses what begins elsewhere. VTK leaves the beginning out, so that a map is beside the model that it was made for,
# and takes mode 0 for unsigned, as it was before 2014.
#
# Truth: gemmi, which puts a map in the order x, y, z, and mrcfile, whose numbers are those that were written; and the same map written in the usual order.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: \
    vtk==9.7.2 simpleitk==2.5.7 gemmi==0.7.5 mrcfile==1.5.4 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import gemmi
import mrcfile
import numpy as np
import SimpleITK
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOImage import vtkMRCReader

SIZE, STEP = (4, 3, 2), (1.5, 2.0, 3.0)  # along x, y, z: grid points, and angstroms between them
DENSITY = np.arange(24, dtype="f4").reshape(SIZE)  # by x, y, z


def write(name, axes=(1, 2, 3), start=(0, 0, 0), values=DENSITY):
    """Columns, rows and sections are the axes of these numbers; `start` is by column, row and section."""
    path = os.path.join(sys.argv[1], name)
    with mrcfile.new(path) as file:
        file.set_data(np.ascontiguousarray(values.transpose([axis - 1 for axis in reversed(axes)])))
        head = file.header
        head.mx, head.my, head.mz = SIZE
        head.cella = tuple(count * step for count, step in zip(SIZE, STEP))
        head.mapc, head.mapr, head.maps = axes
        head.nxstart, head.nystart, head.nzstart = start
    return path


def by_vtk(path):
    reader = vtkMRCReader()
    reader.SetFileName(path)
    reader.Update()
    image = reader.GetOutput()
    values = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(image.GetDimensions()[::-1]).T
    return values, image.GetSpacing(), image.GetOrigin()


def by_itk(path):
    image = SimpleITK.ReadImage(path)
    return SimpleITK.GetArrayFromImage(image).T, image.GetSpacing(), image.GetOrigin()


def by_gemmi(path):
    found = gemmi.read_ccp4_map(path)
    found.setup(float("nan"), gemmi.MapSetup.ReorderOnly)
    return np.array(found.grid), None, tuple(found.header_i32(number) * step for number, step in zip((5, 6, 7), STEP))


print("VTK", vtkVersion().GetVTKVersion(), "SimpleITK", SimpleITK.Version_VersionString(), "gemmi", gemmi.__version__,
      "mrcfile", mrcfile.__version__)
usual, turned = write("usual.map"), write("turned.map", axes=(3, 1, 2))
begins, signed = write("begins.map", start=(-2, 5, 7)), write("signed.map", values=(DENSITY - 3).astype("i1"))
seen = {}
for name, path in (("usual", usual), ("turned", turned)):
    for library, read in (("gemmi", by_gemmi), ("VTK", by_vtk), ("SimpleITK", by_itk)):
        values, spacing, _ = read(path)
        right = values.shape == SIZE and np.array_equal(values, DENSITY)
        seen[name, library] = right
        print(f"{name} order, {library}: {values.shape} points, {spacing or STEP} apart, {'as' if right else 'NOT as'} written")
origin = {"gemmi": by_gemmi(begins)[2], "VTK": by_vtk(begins)[2]}
print("begins at", tuple(at * step for at, step in zip((-2, 5, 7), STEP)), "seen at", origin)
try:
    by_itk(begins)
    refused = False
except RuntimeError:
    refused = True
print("SimpleITK refuses what begins elsewhere:", refused)
with mrcfile.open(signed) as file:
    truth = int(file.data.min())
print("least number:", truth, "VTK has", int(by_vtk(signed)[0][0, 0, 0]), "for it, SimpleITK", int(by_itk(signed)[0][0, 0, 0]))
# What is turned is not right by accident of its shape: the lengths are those of the wrong axes as well.
flat = by_vtk(turned)
same = (
    all(seen["usual", one] for one in ("gemmi", "VTK", "SimpleITK"))
    and seen["turned", "gemmi"] and not seen["turned", "VTK"] and not seen["turned", "SimpleITK"]
    and flat[0].shape == (2, 4, 3) and np.array_equal(flat[0], DENSITY.transpose(2, 0, 1)) and np.array_equal(by_itk(turned)[0], flat[0])
    and refused and origin == {"gemmi": (-3.0, 10.0, 21.0), "VTK": (0.0, 0.0, 0.0)}
    and truth == -3 and int(by_vtk(signed)[0][0, 0, 0]) == 253 and int(by_itk(signed)[0][0, 0, 0]) == -3
)
print("as described: VTK and SimpleITK go by columns, rows and sections" if same else "changed")
sys.exit(0 if same else 1)
PY
