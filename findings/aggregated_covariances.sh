#!/usr/bin/env bash
# Two models of halves, aggregated, say that independent columns go together, and that one which varies most does not vary (VTK 9.7.2).
#
# vtkMultiCorrelativeStatistics learns means and sums of products (M XY) of pairs of columns; `Aggregate` puts models of parts together, as ranks
# or time steps need it. From three columns on it adds what the shift of means contributes in another order than that of the rows: (a, c) gets the
# term of (b, b), and the other way round. Where b is 0 in one half and 10 in the other, the model of the whole has almost no variance of b, and
# a covariance of a and c that nothing in the data has: a correlation far beyond 1. Two columns are right, and so is learning all at once.
#
# Truth: numpy.cov of the whole, and the same class that learns the whole at once.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 200 "$folder/venv/bin/python" - <<'PY'
import math
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkDataObjectCollection, vtkStatisticalModel, vtkTable
from vtkmodules.vtkFiltersStatistics import vtkMultiCorrelativeStatistics

ROWS, NAMES = 200, "abcd"
Model = dict[tuple[str, str], float]


def learned(columns: np.ndarray) -> vtkMultiCorrelativeStatistics:
    table, statistics = vtkTable(), vtkMultiCorrelativeStatistics()
    for name, column in zip(NAMES, columns.T):
        array = numpy_to_vtk(column.copy(), deep=True)
        array.SetName(name)
        table.AddColumn(array)
        statistics.SetColumnStatus(name, 1)
    statistics.SetInputData(table)
    statistics.RequestSelectedColumns()
    for option in ("Derive", "Assess", "Test"):
        getattr(statistics, f"Set{option}Option")(False)
    statistics.Update()
    return statistics


def products(model: vtkStatisticalModel) -> Model:
    """Return M XY of each pair, divided by the number of rows less one: a covariance."""
    table = model.GetTable(model.Learned, 0)
    rows = [[table.GetValue(row, column) for column in range(table.GetNumberOfColumns())] for row in range(table.GetNumberOfRows())]
    plain = [(str(one).strip('"'), str(other).strip('"'), value.ToDouble()) for one, other, value in rows]
    return {(one, other): value / (2 * ROWS - 1) for one, other, value in plain if one in NAMES and other and other in NAMES}


def aggregated(halves: list[np.ndarray]) -> Model:
    models, whole = vtkDataObjectCollection(), vtkStatisticalModel()
    statistics = [learned(half) for half in halves]
    for one in statistics:
        models.AddItem(one.GetOutputDataObject(1))
    statistics[0].Aggregate(models, whole)
    return products(whole)


changed = []
print("VTK", vtkVersion.GetVTKVersion(), "numpy", np.__version__)
for count in (2, 3, 4):
    values = np.random.default_rng(7).normal(size=(2 * ROWS, count))
    values[ROWS:, 1] += 10.0
    truth = np.cov(values.T)
    found, at_once = aggregated([values[:ROWS], values[ROWS:]]), products(learned(values).GetOutputDataObject(1))
    pairs = {(NAMES[i], NAMES[j]): truth[i, j] for i in range(count) for j in range(i, count)}
    wrong = [pair for pair, value in pairs.items() if not math.isclose(found[pair], value, rel_tol=1e-9, abs_tol=1e-9)]
    if not all(math.isclose(at_once[pair], value, rel_tol=1e-9, abs_tol=1e-9) for pair, value in pairs.items()):
        changed.append(f"{count} columns at once")
    print(f"{count} columns: wrong", ", ".join(map("".join, wrong)) or "none")
    for pair in (("b", "b"), ("a", "c")):
        if pair in pairs:
            print(f"  cov({', '.join(pair)}): true {pairs[pair]:.3f}, learned at once {at_once[pair]:.3f}, aggregated {found[pair]:.3f}")
    if count == 2 and wrong:
        changed.append("2 columns")
    if count > 2 and not (("b", "b") in wrong and ("a", "c") in wrong):
        changed.append(f"{count} columns")
    if count == 3:
        correlation = found["a", "c"] / math.sqrt(found["a", "a"] * found["c", "c"])
        print(f"  correlation of a and c, which are independent: {correlation:.1f}")
        if not (correlation > 10 and found["b", "b"] < 0.1 * pairs["b", "b"]):
            changed.append("what is swapped")
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
