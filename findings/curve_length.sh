#!/usr/bin/env bash
# The length of a curve of order 3 comes out as 2/3 of it, of order 9 as 5/9, without a message (VTK 9.7.2, vtkIntegrateAttributes).
#
# Meshes of high order (gmsh, MFEM, deal.II) have edges of high order on their boundaries: vtkCubicLine, vtkLagrangeCurve, vtkBezierCurve.
# vtkIntegrateAttributes splits such a curve of order p into p linear pieces, which would do, and stops after (p + 1) / 2 of them when p is odd.
# When p is even it drops the cell, length 0, with a warning. So it is the odd orders that are wrong in silence: circulation, flux
# through a line, the mean along a boundary (only the first half counts, so that dividing by the length does not help).
# vtkCellSizeFilter is right for the same cells, and an expert who has checked the areas and volumes of high order expects no less here.
#
# Truth: straight curves of length p along x, and the integral p * p / 2 of x along them; vtkCellSizeFilter; the same points as a
# vtkPolyLine through the same filter.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - 2>"$folder/messages" <<'PY' || { cat "$folder/messages" >&2; exit 1; }
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkVersion
from vtkmodules.vtkCommonDataModel import (
    VTK_BEZIER_CURVE,
    VTK_CUBIC_LINE,
    VTK_LAGRANGE_CURVE,
    VTK_POLY_LINE,
    vtkUnstructuredGrid,
)
from vtkmodules.vtkFiltersParallel import vtkIntegrateAttributes
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter


def curve(kind, order):
    """A straight curve from 0 to its order: both ends first, then the points between, as VTK numbers them."""
    places = [0, order, *range(1, order)] if kind != VTK_POLY_LINE else list(range(order + 1))
    points, grid = vtkPoints(), vtkUnstructuredGrid()
    for x in places:
        points.InsertNextPoint(x, 0, 0)
    grid.SetPoints(points)
    grid.InsertNextCell(kind, len(places), list(range(len(places))))
    array = numpy_to_vtk(np.array(places, float), deep=True)
    array.SetName("x")
    grid.GetPointData().AddArray(array)
    return grid


def integrals(grid):
    integrate = vtkIntegrateAttributes()
    integrate.SetInputData(grid)
    integrate.Update()
    data = integrate.GetOutput()
    return data.GetCellData().GetArray("Length").GetTuple1(0), data.GetPointData().GetArray("x").GetTuple1(0)


def cell_size(grid):
    size = vtkCellSizeFilter()
    size.SetInputData(grid)
    size.Update()
    return float(vtk_to_numpy(size.GetOutput().GetCellData().GetArray("Length"))[0])


print("VTK", vtkVersion.GetVTKVersion())
changed = 0
for name, kind, orders in (
    ("vtkLagrangeCurve", VTK_LAGRANGE_CURVE, (1, 2, 3, 4, 5, 7, 9)),
    ("vtkBezierCurve", VTK_BEZIER_CURVE, (3, 5)),
    ("vtkCubicLine", VTK_CUBIC_LINE, (3,)),
):
    for order in orders:
        grid, true = curve(kind, order), (float(order), order * order / 2)
        assert abs(cell_size(grid) - order) < 1e-9, "vtkCellSizeFilter is right"
        assert np.allclose(integrals(curve(VTK_POLY_LINE, order)), true), "the same points as a poly line are right"
        described = (order + 1) / 2 if order % 2 else 0.0
        seen = integrals(grid)
        same = np.allclose(seen, (described, described**2 / 2))  # as if the curve ended there
        changed += not same
        print(f"{name} of order {order}: true length {true[0]:g}, integral of x {true[1]:g}; seen {seen[0]:g}, {seen[1]:g}"
              + ("" if same else f"  CHANGED, described as {described:g}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: the second half of a curve of odd order is left out"
