#!/usr/bin/env bash
# Points 10 cm apart at UTM coordinates: scipy's interpolation leaves out 97 of 100, with no warning (SciPy 1.17.1, Qhull).
#
# A laser scan lies 500 km east and 5000 km north in its map. In double precision its points, 10 cm apart, are exact to a nanometre, and
# LinearNDInterpolator, griddata and Delaunay take them as they come. But Qhull lifts points to a paraboloid, whose height is the
# square of the northing, 2.5e13: the 1 cm by which neighbours bulge drowns there. Qhull then takes nearly all points for coplanar,
# and leaves them out of the triangulation. No error, no warning, no NaN: the interpolated surface is smooth, and does not pass through
# its data. With the mean taken off first all points are there; matplotlib's triangulation, of the same Qhull, does that by
# itself, and so does `rescale=True` of the interpolators, which is meant for something else: axes of different units.
#
# Truth: an interpolant has the data's values at the data's points; the same points with their mean taken off; matplotlib on both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: \
    scipy==1.17.1 numpy==2.4.6 matplotlib==3.11.2
timeout 100 "$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import matplotlib
import numpy as np
import scipy
from matplotlib.tri import Triangulation
from scipy.interpolate import LinearNDInterpolator

warnings.simplefilter("error")
SIDE, APART = 60, 0.1
EAST_NORTH = np.array([500_000.0, 5_000_000.0])

rng = np.random.default_rng(0)
near = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), -1).reshape(-1, 2).astype(float)
near = (near + rng.uniform(-0.3, 0.3, near.shape)) * APART
far = near + EAST_NORTH
height = np.sin(near[:, 0] * 2 * np.pi / 3)  # waves of 3 m, which are sampled thirty times


def look(points, **options):
    """How many points are in the triangulation, and how far the interpolant is from the data at their own points."""
    surface = LinearNDInterpolator(points, height, **options)
    off = np.abs(surface(points) - height)
    return len(np.unique(surface.tri.simplices)), float(np.nanmax(off))


print(f"SciPy {scipy.__version__}, matplotlib {matplotlib.__version__}: {len(near)} points, {APART} m apart")
steps = np.spacing(EAST_NORTH[1])
print(f"a step of double precision there: {steps:.1e} m; two points that became one: {len(far) - len(np.unique(far, axis=0))}")
seen = {}
for name, points, options in (
    ("at the origin", near, {}),
    ("at 500 km east, 5000 km north", far, {}),
    ("the same with the mean taken off", far - far.mean(axis=0), {}),
    ("far, with rescale=True", far, {"rescale": True}),
):
    seen[name] = look(points, **options)
    print(f"{name}: {seen[name][0]} points in scipy's triangulation, the interpolant is off by up to {seen[name][1]:.2g}")
drawn = len(np.unique(Triangulation(*far.T).triangles))
print(f"matplotlib, far away: {drawn} points in its triangulation")

every = len(near)
if drawn != every or any(seen[name][0] != every or seen[name][1] > 1e-6 for name in seen if "km" not in name):
    sys.exit("changed: a triangulation that was whole is not")
count, off = seen["at 500 km east, 5000 km north"]
if count > 0.05 * every or off < 0.5:
    sys.exit("changed: points far away are not left out")
print("as described: far from the origin nearly all points are left out, without a word")
PY
