#!/usr/bin/env bash
# The smallest corner of two boxes is one of the two corners, not the corner of their union (mpi4py 4.1.2 with MPICH 5.0.2).
#
# MPI_MIN and MPI_MAX work element by element; so does comm.Allreduce of mpi4py on buffers. Its lower-case twin comm.allreduce on Python
# tuples or lists accepts the same MPI.MIN and compares them as Python does, as a whole and in order of their elements: of (0, 5, 1) and
# (1, 2, 9) the minimum is (0, 5, 1), where the union of two pieces of data begins at (0, 2, 1). The result is a legal corner, is the same
# on every rank, and is right whenever the first coordinate decides alone or pieces are split along x only, so tests pass. Cameras, clip
# planes, colour ranges (low, high) and resampling grids of distributed data then leave some of it out. (MPI.SUM of two corners is a
# list of six numbers for the same reason.) A numpy array in the same call raises an error; tuples, which VTK's GetBounds returns, do not.
#
# Truth: numpy.minimum and numpy.maximum of the two corners, and comm.Allreduce of the same numbers in buffers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    mpi4py==4.1.2 mpich==5.0.2 numpy==2.4.6
cat > "$folder/bounds.py" <<'PY'
import sys

import mpi4py
import numpy as np
from mpi4py import MPI

LOW = ((0.0, 5.0, 1.0), (1.0, 2.0, 9.0))
HIGH = ((3.0, 6.0, 2.0), (2.0, 8.0, 10.0))

comm = MPI.COMM_WORLD
assert comm.size == 2
changed = 0
for name, corners, operation, numpys, described in (
    ("low corner", LOW, MPI.MIN, np.minimum, LOW[0]),
    ("high corner", HIGH, MPI.MAX, np.maximum, HIGH[0]),
    ("sum", LOW, MPI.SUM, np.add, LOW[0] + LOW[1]),
):
    true = numpys(*map(np.array, corners))
    mine, buffers = corners[comm.rank], np.empty(3)
    comm.Allreduce(np.array(mine), buffers, op=operation)
    seen = comm.allreduce(mine, op=operation)
    as_list = comm.allreduce(list(mine), op=operation)
    same = np.array_equal(buffers, true) and seen == described and as_list == list(described)
    changed += not same
    if comm.rank == 0:
        print(f"{name:12s} of {corners}: true {true}, Allreduce of buffers {buffers}, allreduce of tuples {seen}" + ("" if same else f"  CHANGED, described as {described}"))
if comm.rank == 0:
    print("mpi4py", mpi4py.__version__, "on", MPI.Get_library_version().splitlines()[0].strip())
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
timeout 100 "$folder/venv/bin/mpiexec" -n 2 "$folder/venv/bin/python" "$folder/bounds.py"
echo "as described: allreduce compares tuples as a whole"
