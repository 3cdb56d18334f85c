#!/usr/bin/env bash
# Two functions of one array of integers give two lengths for its longest vector, and only one is right (VTK 9.7.2).
#
# Coordinates in millimetres, ticks, or counts are often kept as integers of 64 bits: a place in UTM is about (500000000, 5400000000) mm.
# vtkDataArray.GetRange(-1), which colour maps and panels ask for the range of a vector's length, adds up the squares as integers: from
# 3037000499 on they do not fit, wrap around without a message, and the root is taken of what is left. GetMaxNorm() of the same array adds
# them up as floating point numbers, and is right; so is GetRange(-1) of the same numbers as doubles, and each component's range.
# The range comes out too small, so that all is beyond its end, or with no number as its lower end where the sum has become negative.
#
# Truth: numpy.linalg.norm of the same numbers as doubles, and the formula by hand with Python's integers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - <<'PY'
import math
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkVersion

CASES = (  # kind, the longest of two vectors, what GetRange(-1) makes of its length: None for a range from NaN to the other's
    ("int64", (500_000_000, 5_400_000_000, 0), None),
    ("int64", (3_000_000_000, 4_000_000_000, 0), math.sqrt((3_000_000_000**2 + 4_000_000_000**2) % 2**64)),
    ("uint32", (3_000_000_000, 4_000_000_000, 0), math.sqrt((3_000_000_000**2 + 4_000_000_000**2) % 2**64)),
    ("int64", (30_000_000, 40_000_000, 0), 50_000_000.0),
)
changed = []
print("VTK", vtkVersion.GetVTKVersion(), "numpy", np.__version__)
for kind, vector, seen in CASES:
    truth = math.sqrt(sum(one**2 for one in vector))
    numbers = np.array([(1, 2, 2), vector])
    integers, floats = (numpy_to_vtk(numbers.astype(one), deep=True) for one in (kind, "float64"))
    low, high = integers.GetRange(-1)
    right = (integers.GetMaxNorm(), floats.GetRange(-1)[1], float(np.linalg.norm(numbers.astype(float), axis=1).max()))
    print(f"{kind} {vector}: length {truth:.6g}; GetRange(-1) {low:.6g} to {high:.6g}; GetMaxNorm() {right[0]:.6g}; as doubles {right[1]:.6g}")
    parts = [integers.GetRange(axis)[1] for axis in range(3)]
    wrong = (math.isnan(low) and high == 3.0) if seen is None else math.isclose(high, seen, rel_tol=1e-9) and low == 3.0
    if not wrong or not all(math.isclose(one, truth, rel_tol=1e-12) for one in right) or parts != [max(1, vector[0]), max(2, vector[1]), 2]:
        changed.append(f"{kind} {vector}")
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
