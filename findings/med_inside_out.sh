#!/usr/bin/env bash
# Cells that MEDCoupling measures as positive, and writes for VTK itself, have negative volumes there; HEXA27 loses a third (MEDCoupling 9.15).
#
# MED goes round the base of a volume the other way than VTK: in MEDCoupling a hexahedron, a tetrahedron, a prism or a pyramid is positive whose order
# of points VTK has as negative. `writeVTK`, its own export, changes no order: a box of 2 that measures 2.0 in MEDCoupling has -2.0 by vtkCellSizeFilter,
# faces point inward, and streamlines, clips and cell locators meet cells that are inside out. In HEXA27 the points in the middles of faces stay in MED's order
# as well, which VTK has in another one: the same box has -1.33, a third less than it should by its size. The files are valid XML, and nothing warns.
#
# Truth: two unit cubes side by side have a volume of 2, by hand and by MEDCoupling; the same points put in VTK's order by hand have 2.0 in VTK.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    medcoupling==9.15.0 vtk==9.7.2 numpy==2.4.6
timeout 200 "$folder/venv/bin/python" - "$folder" <<'PY'
import importlib.metadata
import math
import sys

import medcoupling as mc
from vtkmodules.vtkCommonCore import vtkIdList, vtkVersion
from vtkmodules.vtkCommonDataModel import VTK_TRIQUADRATIC_HEXAHEDRON, vtkUnstructuredGrid
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter
from vtkmodules.vtkIOXML import vtkXMLUnstructuredGridReader

folder, changed = sys.argv[1], []
TURNED = (0, 3, 2, 1, 4, 7, 6, 5, 11, 10, 9, 8, 15, 14, 13, 12, 16, 19, 18, 17)  # corners and edges of a hexahedron, the other way round


def boxes() -> mc.MEDCouplingUMesh:
    grid = mc.MEDCouplingCMesh()
    grid.setCoords(mc.DataArrayDouble([0.0, 1.0, 2.0]), mc.DataArrayDouble([0.0, 1.0]), mc.DataArrayDouble([0.0, 1.0]))
    return grid.buildUnstructured()


def volume(grid: vtkUnstructuredGrid) -> float:
    size = vtkCellSizeFilter()
    size.SetInputData(grid)
    size.Update()
    values = size.GetOutput().GetCellData().GetArray("Volume")
    return sum(values.GetValue(index) for index in range(values.GetNumberOfTuples()))


def as_written(mesh: mc.MEDCouplingUMesh, name: str) -> vtkUnstructuredGrid:
    mesh.setName(name)
    mesh.writeVTK(f"{folder}/{name}")
    reader = vtkXMLUnstructuredGridReader()
    reader.SetFileName(f"{folder}/{name}.vtu")
    reader.Update()
    return reader.GetOutput()


def in_order(grid: vtkUnstructuredGrid) -> vtkUnstructuredGrid:
    """Put hexahedra in VTK's order: corners and edges turned, and middles of faces by where they are."""
    made = vtkUnstructuredGrid()
    made.SetPoints(grid.GetPoints())
    for index in range(grid.GetNumberOfCells()):
        old = grid.GetCell(index).GetPointIds()
        ids = [old.GetId(at) for at in range(old.GetNumberOfIds())]
        new = [ids[at] for at in TURNED[: min(len(ids), 20)]]
        if grid.GetCellType(index) == VTK_TRIQUADRATIC_HEXAHEDRON:
            place = {tuple(round(x, 9) for x in grid.GetPoint(at)): at for at in ids[20:]}
            for face in ((0, 4, 7, 3), (1, 2, 6, 5), (0, 1, 5, 4), (3, 7, 6, 2), (0, 3, 2, 1), (4, 5, 6, 7), range(8)):
                corners = [grid.GetPoint(new[at]) for at in face]
                new.append(place[tuple(round(sum(axis) / len(corners), 9) for axis in zip(*corners, strict=True))])
        listed = vtkIdList()
        for at in new:
            listed.InsertNextId(at)
        made.InsertNextCell(grid.GetCellType(index), listed)
    return made


print("MEDCoupling", importlib.metadata.version("medcoupling"), "VTK", vtkVersion.GetVTKVersion())
linear, twenty, twenty_seven, tetrahedra = boxes(), boxes(), boxes(), boxes()
twenty.convertLinearCellsToQuadratic(0)
twenty_seven.convertLinearCellsToQuadratic(1)
tetrahedra.simplexize(mc.PLANAR_FACE_5)
for name, mesh, seen in (("HEXA8", linear, -2.0), ("HEXA20", twenty, -2.0), ("HEXA27", twenty_seven, -4 / 3), ("TETRA4", tetrahedra, -2.0)):
    own = sum(mesh.getMeasureField(False).getArray().getValues())
    grid = as_written(mesh, name)
    found = volume(grid)
    right = volume(in_order(grid)) if name != "TETRA4" else 2.0
    print(f"{name}: 2.0; by MEDCoupling {own:.3f}, by VTK of its .vtu {found:.3f}, in VTK's order {right:.3f}")
    if not all(math.isclose(*pair, rel_tol=1e-6) for pair in ((own, 2.0), (found, seen), (right, 2.0))):
        changed.append(name)
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
