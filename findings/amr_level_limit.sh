#!/usr/bin/env bash
# Asking for two of five refinement levels gives the coarsest and the finest, and leaves out the middle (VTK 9.7.2).
#
# vtkXMLUniformGridAMRReader.SetMaximumLevelsToReadByDefault(N) is documented to read at most N levels, as one does to look at a large
# .vth first in a coarse form. With N = 2 of 5 the levels 0, 1, 3 and 4 are read and 2 is not; with N = 1 it is 0, 3 and 4; with N = 3 and 4
# level 2 is still missing, alone. So the finest and largest blocks, which the limit is for, are always loaded, and what is missing is
# somewhere in between: a picture, or a slice through "the coarse data", mixes the finest level with holes. Nothing is
# logged, and the output still says that it has five levels.
#
# Truth: "at most N levels" in the documentation of the method; the number of the level, which is stored in the cells of each block.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkAMRBox, vtkOverlappingAMR, vtkStructuredData, vtkUniformGrid
from vtkmodules.vtkIOXML import vtkXMLUniformGridAMRReader, vtkXMLUniformGridAMRWriter

BLOCKS = (1, 2, 1, 1, 1)
SIDE = 4
READ = {0: [0, 1, 2, 3, 4], 1: [0, 3, 4], 2: [0, 1, 3, 4], 3: [0, 1, 3, 4], 4: [0, 1, 3, 4], 5: [0, 1, 2, 3, 4]}


def hierarchy():
    """Five levels, each half as wide as the one before; level 1 has two blocks, side by side."""
    data = vtkOverlappingAMR()
    data.Initialize(list(BLOCKS))
    data.SetGridDescription(vtkStructuredData.VTK_STRUCTURED_XYZ_GRID)
    data.SetOrigin([0, 0, 0])
    for level, count in enumerate(BLOCKS):
        spacing = 0.5**level
        data.SetSpacing(level, [spacing] * 3)
        data.SetRefinementRatio(level, 2)
        for block in range(count):
            first = SIDE * block
            data.SetAMRBox(level, block, vtkAMRBox([first, 0, 0], [first + SIDE - 1, SIDE - 1, SIDE - 1]))
            grid, values = vtkUniformGrid(), vtkDoubleArray()
            grid.SetOrigin(first * spacing, 0, 0)
            grid.SetSpacing([spacing] * 3)
            grid.SetDimensions([SIDE + 1] * 3)
            values.SetName("level")
            values.SetNumberOfValues(SIDE**3)
            values.Fill(level)
            grid.GetCellData().AddArray(values)
            data.SetDataSet(level, block, grid)
    return data


def levels_read(path, limit):
    reader = vtkXMLUniformGridAMRReader()
    reader.SetFileName(path)
    reader.SetMaximumLevelsToReadByDefault(limit)
    reader.Update()
    data, found = reader.GetOutputDataObject(0), []
    assert data.GetNumberOfLevels() == len(BLOCKS)
    for level, count in enumerate(BLOCKS):
        grids = [data.GetDataSetAsImageData(level, block) for block in range(count)]
        filled = [grid is not None and grid.GetNumberOfCells() > 0 for grid in grids]
        assert all(filled) or not any(filled)
        if all(filled):
            assert all(grid.GetCellData().GetArray("level").GetRange() == (level, level) for grid in grids)
            found.append(level)
    return found


print("VTK", vtkVersion.GetVTKVersion())
path = os.path.join(sys.argv[1], "levels.vth")
writer = vtkXMLUniformGridAMRWriter()
writer.SetInputData(hierarchy())
writer.SetFileName(path)
assert writer.Write() == 1
changed = 0
for limit, described in READ.items():
    seen = levels_read(path, limit)
    same = seen == described
    changed += not same
    true = list(range(limit or len(BLOCKS)))
    print(f"at most {limit or 'all'} levels: true {true}, read {seen}" + ("" if same else f"  CHANGED, described as {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: a limit of levels leaves out the middle and reads the finest"
