#!/usr/bin/env bash
# An NMR ensemble loses its hydrogens, and its models are bonded to each other (VTK 9.7.2, gemmi 0.7.5).
#
# The PDB format holds several models of one molecule, as NMR gives them, and hydrogens, which are what NMR measures. vtkPDBReader
# leaves out every hydrogen atom without a message, reads all models into one data set, and looks for bonds in it by distance
# alone: atoms of different models lie close to each other, since they are the same atoms. Two models of five heavy atoms each
# have 8 bonds; VTK gives 21, most of them between a model and the other. There is an array "model", and the number of
# models is told, so the reader knows them apart.
#
# Truth: the structure that was written, as gemmi reads it back; bonds by the same rule of distances within one model.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 gemmi==0.7.5 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import gemmi
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOChemistry import vtkPDBReader

ALANINE = (
    ("N", "N", (0.0, 0.0, 0.0)), ("H", "H", (-0.5, -0.9, 0.0)), ("CA", "C", (1.46, 0.0, 0.0)), ("HA", "H", (1.8, -0.6, 0.85)),
    ("CB", "C", (1.99, -0.78, -1.21)), ("C", "C", (2.0, 1.42, 0.0)), ("O", "O", (1.25, 2.4, 0.0)),
)
BONDS = 4
"""N-CA, CA-CB, CA-C, C-O: between heavy atoms of one model."""


def write(path, shifts):
    structure = gemmi.Structure()
    for number, shift in enumerate(shifts, 1):
        residue = gemmi.Residue()
        residue.name, residue.seqid = "ALA", gemmi.SeqId(1, " ")
        for name, element, place in ALANINE:
            atom = gemmi.Atom()
            atom.name, atom.element, atom.occ = name, gemmi.Element(element), 1.0
            atom.pos = gemmi.Position(place[0], place[1], place[2] + shift)
            residue.add_atom(atom)
        chain = gemmi.Chain("A")
        chain.add_residue(residue)
        model = gemmi.Model(number)
        model.add_chain(chain)
        structure.add_model(model)
    structure.write_pdb(path)


def atoms(path):
    return [sum(1 for chain in model for residue in chain for atom in residue) for model in gemmi.read_structure(path)]


print("VTK", vtkVersion.GetVTKVersion(), "gemmi", gemmi.__version__)
changed = 0
for shifts, described in (((0.0,), (5, 4, 0)), ((0.0, 0.3), (10, 21, 13))):
    path = os.path.join(sys.argv[1], f"models{len(shifts)}.pdb")
    write(path, shifts)
    assert atoms(path) == [len(ALANINE)] * len(shifts), "gemmi reads every atom of every model back"
    reader = vtkPDBReader()
    reader.SetFileName(path)
    reader.Update()
    molecule = reader.GetOutput()
    assert reader.GetNumberOfModels() == len(shifts), "the reader counts the models"
    model = vtk_to_numpy(molecule.GetPointData().GetArray("model"))
    bonds = vtk_to_numpy(molecule.GetLines().GetConnectivityArray()).reshape(-1, 2)
    between = int((model[bonds[:, 0]] != model[bonds[:, 1]]).sum())
    seen = molecule.GetNumberOfPoints(), len(bonds), between
    same = seen == described
    changed += not same
    print(f"{len(shifts)} models: {len(shifts) * len(ALANINE)} atoms, {len(shifts) * BONDS} bonds of heavy atoms; VTK {seen[0]} atoms, "
          f"{seen[1]} bonds, {between} of them between models" + ("" if same else f"  CHANGED, described as {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: models of an ensemble are bonded to each other"
