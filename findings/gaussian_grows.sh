#!/usr/bin/env bash
# exp(-x^2) grows with x in one of the two parsers of VTK's calculator, and 2^3^2 is 64 in it, 512 in the other (VTK 9.7.2).
#
# vtkArrayCalculator has two parsers for one language: ExprTk, the default, and vtkFunctionParser, which was the only one for long, is
# still there as a class and as a choice, and is what states of older ParaViews ask for. In mathematics, Python, Fortran and ExprTk a
# power binds more than the sign before it, and a tower of powers is worked off from the top. In vtkFunctionParser the sign of a first
# operand binds more: -x^2 is (-x)^2. So a bell curve exp(-x^2) becomes 8103 where it should be 0.0001, without a message. 2-x^2 is
# right, as there the sign has two operands, and so are -2*x and -x^3, whatever binds first: nobody who tries those sees it.
# Towers of powers are taken from the left.
#
# Truth: Python's own operators, numpy 2.4.6, and the other parser, which all agree.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkTable
from vtkmodules.vtkFiltersCore import vtkArrayCalculator

X = np.array([0.5, 1.0, 2.0, 3.0])


def calculated(expression, parser):
    table = vtkTable()
    column = numpy_to_vtk(X, deep=True)
    column.SetName("x")
    table.AddColumn(column)
    calculator = vtkArrayCalculator()
    calculator.SetInputData(table)
    calculator.SetAttributeTypeToRowData()
    calculator.AddScalarArrayName("x")
    calculator.SetFunction(expression)
    calculator.SetResultArrayName("result")
    calculator.SetFunctionParserType(parser)
    calculator.Update()
    return vtk_to_numpy(calculator.GetOutput().GetColumnByName("result")).astype(float)


CASES = (  # expression, truth, what vtkFunctionParser gives
    ("-x^2", -(X**2), X**2),
    ("exp(-x^2)", np.exp(-(X**2)), np.exp(X**2)),
    ("exp(-x^2/2)", np.exp(-(X**2) / 2), np.exp(X**2 / 2)),
    ("2^3^x", 2.0 ** (3.0**X), 8.0**X),
    ("2-x^2", 2 - X**2, 2 - X**2),
    ("-x^3", -(X**3), -(X**3)),
    ("exp(-(x^2))", np.exp(-(X**2)), np.exp(-(X**2))),
    ("exp(0-x^2)", np.exp(-(X**2)), np.exp(-(X**2))),
)
EXPRTK = vtkArrayCalculator.ExprTkFunctionParser
OLDER = vtkArrayCalculator.FunctionParser
print("VTK", vtkVersion.GetVTKVersion(), "default parser:", "ExprTk" if vtkArrayCalculator().GetFunctionParserType() == EXPRTK else "other")
changed = [] if vtkArrayCalculator().GetFunctionParserType() == EXPRTK else ["the default"]
for expression, truth, seen in CASES:
    one, other = calculated(expression, EXPRTK), calculated(expression, OLDER)
    print(f"{expression:12} at x = 3: true {truth[-1]:.6g}, ExprTk {one[-1]:.6g}, vtkFunctionParser {other[-1]:.6g}")
    if not np.allclose(one, truth, rtol=1e-12) or not np.allclose(other, seen, rtol=1e-12):
        changed.append(expression)
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
