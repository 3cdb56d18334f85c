#!/usr/bin/env bash
# Numbers that do not fit the packed type are written as other plausible numbers (netCDF4 1.7.5.1; h5py 3.16.0 to compare).
#
# netCDF4-python packs by itself: an array assigned to a 16-bit variable with scale_factor 0.01 is divided, rounded and cast. The netCDF C
# library has a range error (NC_ERANGE) for numbers that a type cannot hold, and numpy 2 raises OverflowError for a Python integer that is out
# of range, so an expert counts on an error, or at least on a clipped or missing value. But the cast happens on an array in numpy before the
# library sees it, which wraps without a warning: 400 degrees are stored, and read back by everybody, as -255.36. The test run fits, the hot run
# does not; a contour of the maximum then shows a hole of cold in the middle. Plain integer variables wrap in the same way.
#
# Truth: the numbers that were written; and h5py, which writes the same integers into the same type of an HDF5 file: HDF5 clips them to 32767.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    numpy==2.4.6 netCDF4==1.7.5.1.post1 cftime==1.6.6.1 certifi==2026.10.19.post1 packaging==26.4 h5py==3.16.0
timeout 100 "$folder/venv/bin/python" -W error - "$folder" <<'PY'
import os
import sys

import h5py
import netCDF4
import numpy as np

print("netCDF4", netCDF4.__version__, "netCDF", netCDF4.getlibversion().split()[0], "numpy", np.__version__, "h5py", h5py.__version__)
path = os.path.join(sys.argv[1], "run.nc")
WRITTEN = np.array([1.0, 327.0, 328.0, 400.0, -400.0])
COUNTS = np.array([100, 32700, 32800, 40000, -40000])
FITS = np.abs(COUNTS) < 2**15
changed = 0
for form in ("NETCDF4", "NETCDF3_CLASSIC"):
    with netCDF4.Dataset(path, "w", format=form) as file:
        file.createDimension("x", len(WRITTEN))
        packed = file.createVariable("temperature", "i2", ("x",))
        packed.scale_factor, packed.add_offset = 0.01, 0.0
        packed[:] = WRITTEN
        plain = file.createVariable("counts", "i2", ("x",))
        plain[:] = COUNTS
    with netCDF4.Dataset(path) as file:
        temperature, counts = file["temperature"][:], file["counts"][:]
    valid = not np.ma.getmaskarray(temperature).any() and not np.ma.getmaskarray(counts).any()
    right = np.allclose(temperature[FITS], WRITTEN[FITS]) and np.array_equal(counts[FITS], COUNTS[FITS])
    far = bool((np.abs(temperature[~FITS] - WRITTEN[~FITS]) > 100).all())  # neither clipped nor refused
    wrapped = np.array_equal(counts, COUNTS.astype(np.uint64).astype(np.uint16).view(np.int16))
    same = valid and right and far and wrapped
    changed += not same
    print(f"{form}: written {WRITTEN}, read {np.asarray(temperature)}; integers {COUNTS}, read {np.asarray(counts)}" + ("" if same else "  CHANGED"))
with h5py.File(path, "w") as file:
    clipped = file.create_dataset("counts", (len(COUNTS),), "i2")
    clipped[:] = COUNTS
    print("h5py:", clipped[:])
    assert np.array_equal(clipped[:], np.clip(COUNTS, -(2**15), 2**15 - 1)), "HDF5 clips"
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: packing wraps around without an error or a warning"
