#!/usr/bin/env bash
# Quartiles that lean to the left, and count what is no number (VTK 9.7.2, vtkComputeQuartiles).
#
# Of 1, 2, 3 the quartiles are 1 and 2.5, of 1 ... 5 they are 1.5 and 4, and so on for every odd number of values: one of the two, the
# one that falls a quarter behind a value, is half a value too low, so that those of the negated values are not the negated ones.
# Of an even number they are symmetric. A box in a box plot is off the middle for symmetric data. One NaN among seven values
# (a masked pixel, a failed sensor) is counted as the least of all: the median of 1, 2, 3, 7, 9, 11 becomes 3 and the lower
# quartile 1, while the extremes beside them leave the NaN out.
# An expert expects one of the nine usual rules; each of them is symmetric, as the class itself is for even numbers, whose
# values are those of the averaged inverse of the distribution (numpy's "averaged_inverted_cdf"). Nothing is logged.
#
# Truth: numpy.quantile with that rule, which equals the class for even numbers; the same values negated; the values without the NaN.
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
from vtkmodules.vtkFiltersStatistics import vtkComputeQuartiles


def quartiles(values):
    table, column, compute = vtkTable(), numpy_to_vtk(np.asarray(values, float), deep=True), vtkComputeQuartiles()
    column.SetName("v")
    table.AddColumn(column)
    compute.SetInputData(table)
    compute.Update()
    return vtk_to_numpy(compute.GetOutput().GetColumnByName("v")).tolist()


def true(values):
    return np.quantile(np.asarray(values, float), [0, 0.25, 0.5, 0.75, 1], method="averaged_inverted_cdf").tolist()


def mirrored(found):
    return [-one for one in found[::-1]]


print("VTK", vtkVersion.GetVTKVersion())
odd, even = {}, {}
for count in range(3, 14):
    values = np.arange(1.0, count + 1)
    seen, other = quartiles(values), mirrored(quartiles(-values))
    print(f"1 ... {count:2d}: true {true(values)}, seen {seen}, of the negated values {other}")
    (odd if count % 2 else even)[count] = (seen, other, true(values))
gaps = [7, 1, 3, np.nan, 9, 11, 2]
of_gaps, without = quartiles(gaps), true([one for one in gaps if one == one])
print("7, 1, 3, NaN, 9, 11, 2: true", without, " seen", of_gaps)
seen = {
    "even numbers are right, and symmetric": all(a == b == c for a, b, c in even.values()),
    "odd numbers are not symmetric": all(a != b for a, b, _ in odd.values()),
    "one of the two is half a value too low": all(
        (c[1] - a[1], c[3] - a[3]) == ((0.5, 0) if count % 4 == 1 else (0, 0.5)) for count, (a, _, c) in odd.items()
    ),
    "of 1, 2, 3 they are 1 and 2.5": odd[3][0] == [1, 1, 2, 2.5, 3],
    "the extremes leave a NaN out, the rest counts it": of_gaps == [1, 1, 3, 8, 11] and without == [1, 2, 5, 9, 11],
}
changed = [what for what, so in seen.items() if not so]
sys.exit(f"CHANGED: {changed}" if changed else 0)
PY
echo "as described: quartiles of an odd number of values lean to the left, and a NaN counts"
