#!/usr/bin/env bash
# The bond of a molecule grows with the resolution of its density grid (VTK 9.7.2, vtkGaussianCubeReader2; ase 3.29.0 to compare).
#
# A Gaussian cube file holds atoms and a density in one frame, in Bohr. vtkGaussianCubeReader2 gives a vtkMolecule, whose atoms an
# expert expects in Angstrom, as other readers of molecules give and as VTK's tables of radii are, or at least in Bohr as in the
# file. They come in voxels: H2 with a bond of 0.74 Angstrom has one of 2.96 on a grid of 32, of 5.92 on a grid of 64. All that measures
# in the molecule goes wrong without a message: lengths, angles (when voxels are not cubes), and vtkSimpleBondPerceiver,
# which finds the bond on a coarse grid and none on a fine one, for the same molecule.
#
# Truth: the molecule that was written, as ase reads it back from the same file; the same atoms in Angstrom through vtkSimpleBondPerceiver.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 ase==3.29.0 numpy==2.4.6 scipy==1.17.1
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import ase
import numpy as np
from ase.io.cube import read_cube, write_cube
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkMolecule
from vtkmodules.vtkDomainsChemistry import vtkSimpleBondPerceiver
from vtkmodules.vtkIOChemistry import vtkGaussianCubeReader2

BOND, SIDE = 0.74, 8.0
ATOMS = ase.Atoms("H2", positions=[(4, 4, 4 - BOND / 2), (4, 4, 4 + BOND / 2)], cell=[SIDE] * 3)


def bonds(molecule):
    perceive = vtkSimpleBondPerceiver()
    perceive.SetInputData(molecule)
    perceive.Update()
    return perceive.GetOutput().GetNumberOfBonds()


def read(path):
    reader = vtkGaussianCubeReader2()
    reader.SetFileName(path)
    reader.Update()
    return reader.GetOutput()


def length(positions):
    return float(np.linalg.norm(positions[1] - positions[0]))


in_angstrom = vtkMolecule()
for number, place in zip(ATOMS.numbers.tolist(), ATOMS.positions.tolist()):
    in_angstrom.AppendAtom(number, *place)
assert bonds(in_angstrom) == 1, "VTK finds the bond of the molecule in Angstrom"

print("VTK", vtkVersion.GetVTKVersion(), "ase", ase.__version__)
path = os.path.join(sys.argv[1], "h2.cube")
changed = 0
for count, bonded in ((10, 1), (32, 0), (64, 0)):
    with open(path, "w") as file:
        write_cube(file, ATOMS, data=np.ones((count,) * 3))
    with open(path) as file:
        again = read_cube(file)["atoms"]
    assert abs(length(again.positions) - BOND) < 1e-5, "ase reads the bond back"
    molecule = read(path)
    seen, described = length(vtk_to_numpy(molecule.GetPoints().GetData())), BOND * count / SIDE
    same = abs(seen - described) < 1e-3 and bonds(molecule) == bonded
    changed += not same
    print(f"grid of {count}: true bond {BOND} Angstrom, ase {length(again.positions):.3f}, VTK {seen:.3f}, {bonds(molecule)} bonds found"
          + ("" if same else f"  CHANGED, described as {described:.3f}, {bonded} bonds"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: atoms of a cube file come in voxels"
