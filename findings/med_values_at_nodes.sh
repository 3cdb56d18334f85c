#!/usr/bin/env bash
# Values at the nodes of elements are dealt out to other elements: meshio reads what MEDCoupling writes as a table the other way round (meshio 5.3).
#
# A stress that is extrapolated to the corners of each element (ELNO, in MED a field on NOE.HE8) is stored element after element, its 8 values together. meshio takes
# the numbers as 8 columns one after the other: of eight bricks, in which all corners have the number of their brick, the first one gets 0, 1, 2 ... 7 instead of eight
# times 0. It is an array of cells with 8 components, of the right size and the right range, and no warning is given. Fields of one value for an element are right.
#
# Truth: MEDCoupling reads the same file; by hand, brick k has the value k at all of its corners.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: meshio==5.3.5 h5py==3.16.0 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: medcoupling==9.15.0
timeout 200 "$folder/venv/bin/python" - "$folder" <<'PY'
import importlib.metadata
import sys

import medcoupling as mc
import meshio
import numpy as np

folder, changed = sys.argv[1], []
print("meshio", meshio.__version__, "MEDCoupling", importlib.metadata.version("medcoupling"))
grid = mc.MEDCouplingCMesh("bricks")
grid.setCoords(*[mc.DataArrayDouble([0.0, 1.0, 2.0])] * 3)
bricks = grid.buildUnstructured()
bricks.setName("bricks")
ONE = ("ON_CELLS", mc.ON_CELLS, np.arange(8.0), np.arange(8.0))
CORNERS = ("ON_GAUSS_NE", mc.ON_GAUSS_NE, np.repeat(np.arange(8.0), 8), np.tile(np.arange(8.0), (8, 1)))
for name, kind, written, seen in (ONE, CORNERS):
    field = mc.MEDCouplingFieldDouble(kind, mc.ONE_TIME)
    field.setName("stress")
    field.setMesh(bricks)
    field.setArray(mc.DataArrayDouble(written.tolist()))
    field.setTime(0.0, 0, -1)
    path = f"{folder}/{name}.med"
    mc.WriteField(path, field, True)
    back = mc.ReadField(path, "stress", 0, -1).getArray().toNumPyArray()
    (found,) = meshio.read(path).cell_data["stress"]
    found = np.squeeze(found)
    print(f"{name}: brick 0 has {written[: max(1, len(written) // 8)].tolist()} by MEDCoupling, {np.atleast_1d(found[0]).tolist()} by meshio")
    if not np.array_equal(back, written) or not np.array_equal(found, seen):
        changed.append(name)
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
