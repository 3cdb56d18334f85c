#!/usr/bin/env bash
# One column name that occurs twice moves all later columns of a table under wrong names (VTK 9.7.2, vtkDelimitedTextReader).
#
# Logs of instruments, and tables joined by hand, often have a heading twice ("time" of two devices). Of the usual readers pandas and
# numpy rename the second, csv.DictReader keeps the last; in each case other columns are untouched, and an expert expects no less here:
# either one of the two columns, or both. vtkDelimitedTextReader adds a column only if its name is new, but goes on counting columns, so
# the next names get the numbers of their left neighbours: with the headings x, y, x, z, p the array "z" holds the second x and "p" holds z.
# The numbers of the last column are nowhere. All is of the right length and type; points made of x, y, z lie somewhere else,
# coloured by a coordinate.
#
# Truth: the file, of two lines; Python's csv module and numpy.genfromtxt, which both find the right z and p in it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import csv
import os
import sys

import numpy as np
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOInfovis import vtkDelimitedTextReader

ROWS = "1,2,9,0,1.5\n3,4,9,0,2.5\n"


def by_vtk(path):
    reader = vtkDelimitedTextReader()
    reader.SetFileName(path)
    reader.SetHaveHeaders(True)
    reader.SetDetectNumericColumns(True)
    reader.Update()
    table = reader.GetOutput()
    return {table.GetColumnName(i): [table.GetValue(row, i).ToDouble() for row in range(table.GetNumberOfRows())]
            for i in range(table.GetNumberOfColumns())}


print("VTK", vtkVersion.GetVTKVersion(), "numpy", np.__version__)
path = os.path.join(sys.argv[1], "table.csv")
changed = 0
for names, z, p in (("x,y,w,z,p", [0.0, 0.0], [1.5, 2.5]), ("x,y,x,z,p", [9.0, 9.0], [0.0, 0.0])):
    with open(path, "w") as file:
        file.write(names + "\n" + ROWS)
    with open(path, newline="") as file:
        by_csv = list(csv.DictReader(file))
    by_numpy = np.genfromtxt(path, delimiter=",", names=True)
    for name, true in (("z", [0.0, 0.0]), ("p", [1.5, 2.5])):
        assert [float(row[name]) for row in by_csv] == true and by_numpy[name].tolist() == true, "the two others find what is in the file"
    seen = by_vtk(path)
    same = seen["x"] == [1, 3] and seen["y"] == [2, 4] and seen["z"] == z and seen["p"] == p
    changed += not same
    print(f"headings {names}: true z [0, 0], p [1.5, 2.5]; VTK {seen}" + ("" if same else "  CHANGED"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: a heading that occurs twice shifts the columns after it"
