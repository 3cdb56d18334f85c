#!/usr/bin/env bash
# What a plane cuts out of a plate has its neighbour's value, as soon as one line lies beside the plates (VTK 9.7.2).
#
# vtkCutter keeps the values of cells: a plate of 30 gives a segment of 30. If there is a cell of another dimension in the data, a
# wire or a marker beside the plates, and the cut is by a plane, the values of the segments are moved by one: the last one has that
# of the plate before it, and the first has a number that is nowhere in the data. It is so for polygonal data and for unstructured
# grids, and nothing is said. The same plane inside of a vtkImplicitBoolean, which has the same values everywhere, is cut right.
#
# Truth: by hand, and the same filter by that other function, and on the plates alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImplicitBoolean, vtkPlane, vtkPolyData, vtkUnstructuredGrid
from vtkmodules.vtkFiltersCore import vtkCutter

PLACES = [(-1, 1, 0), (1, 1, 0), *[(x, y, 0) for low in (2, 4, 6) for x, y in ((-1, low), (1, low), (1, low + 1), (-1, low + 1))]]
WIRE, PLATES = [0, 1], [[2, 3, 4, 5], [6, 7, 8, 9], [10, 11, 12, 13]]
VALUES = {"wire": 20.0, "plates": [30.0, 40.0, 50.0]}


def plates(kind, with_wire):
    points = vtkPoints()
    for place in PLACES:
        points.InsertNextPoint(place)
    values = [*([VALUES["wire"]] if with_wire else []), *VALUES["plates"]]
    if kind == "grid":
        data = vtkUnstructuredGrid()
        data.SetPoints(points)
        for cell in [*([WIRE] if with_wire else []), *PLATES]:
            data.InsertNextCell(3 if len(cell) == 2 else 9, len(cell), cell)
    else:
        data = vtkPolyData()
        data.SetPoints(points)
        for name, cells in (("Lines", [WIRE] if with_wire else []), ("Polys", PLATES)):
            some = vtkCellArray()
            for cell in cells:
                some.InsertNextCell(len(cell), cell)
            getattr(data, f"Set{name}")(some)
    array = numpy_to_vtk(np.array(values), deep=True)
    array.SetName("value")
    data.GetCellData().AddArray(array)
    return data


def cut(data, in_another_function=False):
    """The values of what is cut, in the order of y."""
    function = plane = vtkPlane()
    plane.SetOrigin(0.25, 0, 0)
    plane.SetNormal(1, 0, 0)
    if in_another_function:
        function = vtkImplicitBoolean()
        function.AddFunction(plane)
    cutter = vtkCutter()
    cutter.SetInputData(data)
    cutter.SetCutFunction(function)
    cutter.Update()
    made = cutter.GetOutput()
    places = [made.GetCell(cell).GetBounds()[2] for cell in range(made.GetNumberOfCells())]
    return vtk_to_numpy(made.GetCellData().GetArray("value"))[np.argsort(places)]


print("VTK", vtkVersion.GetVTKVersion())
changed = 0
for kind in ("surface", "grid"):
    alone, mixed, right = cut(plates(kind, False)), cut(plates(kind, True)), cut(plates(kind, True), in_another_function=True)
    assert alone.tolist() == VALUES["plates"], "plates alone are cut right"
    assert right.tolist() == [VALUES["wire"], *VALUES["plates"]], "the same plane in another function is right"
    same = mixed[0] == VALUES["wire"] and mixed[1] not in right and mixed[2:].tolist() == VALUES["plates"][:-1]
    changed += not same
    print(f"{kind}: true {right.tolist()}, seen {mixed[0]:g}, {'a number from nowhere' if same else mixed[1]}, {mixed[2]:g}, {mixed[3]:g}"
          + ("" if same else "  CHANGED"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: values of cut cells are moved by one"
