#!/usr/bin/env bash
# A quarter of a pipe in cylindrical coordinates opens as a flat sheet: angles are taken for x, and radii are left out (VTK 9.7).
#
# CGNS names coordinates: CoordinateR, CoordinateTheta and CoordinateZ are cylindrical ones, which solvers of turbomachinery write. vtkCGNSReader looks at no
# name but puts what it finds into x, y and z by the last letter: the angle (in radians or degrees) becomes x, the radius is nowhere, z is z. The values
# of the solution are there, the volume is 0, and there is neither an error nor a warning. The same zone with CoordinateX, CoordinateY and CoordinateZ is right.
#
# Truth: a quarter of a ring from radius 1 to 2 and of height 3 has a volume of 3 * 3 * pi / 4 = 7.07, and reaches from 0 to 2 along x and y.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 h5py==3.16.0 numpy==2.4.6
timeout 200 "$folder/venv/bin/python" - "$folder" <<'PY'
import math
import sys

import h5py
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkFiltersVerdict import vtkCellSizeFilter
from vtkmodules.vtkIOCGNSReader import vtkCGNSReader

folder, changed = sys.argv[1], []
TURN, HEIGHT, RADIUS = np.meshgrid(np.linspace(0, np.pi / 2, 33), [0.0, 3], [1.0, 2], indexing="ij")


def node(parent, name, label, data=None):
    """Make a node as the library of CGNS stores it in HDF5."""
    made, kind = parent.create_group(name), "MT"
    if isinstance(data, bytes):
        kind, data = "C1", np.frombuffer(data, "i1")
    elif data is not None:
        kind = {"i4": "I4", "f4": "R4", "f8": "R8"}[data.dtype.str[1:]]
    if data is not None:
        made[" data"] = data
    for key, text, size in (("name", name, 33), ("label", label, 33), ("type", kind, 3)):
        made.attrs.create(key, np.bytes_(text), dtype=f"S{size}")
    made.attrs["flags"] = np.array([1], "i4")
    return made


def pipe(coordinates: dict) -> str:
    path = f"{folder}/pipe.cgns"
    with h5py.File(path, "w") as file:
        for key, text, size in (("name", "HDF5 MotherNode", 33), ("label", "Root Node of HDF5 File", 33), ("type", "MT", 3)):
            file.attrs.create(key, np.bytes_(text), dtype=f"S{size}")
        file[" format"] = np.frombuffer(b"IEEE_LITTLE_32\0", "i1")
        file[" hdf5version"] = np.frombuffer(b"HDF5 Version 1.8".ljust(33, b"\0"), "i1")
        node(file, "CGNSLibraryVersion", "CGNSLibraryVersion_t", np.array([3.4], "f4"))
        base = node(file, "Base", "CGNSBase_t", np.array([3, 3], "i4"))
        zone = node(base, "pipe", "Zone_t", np.array([[2, 2, 33], [1, 1, 32], [0, 0, 0]], "i4"))
        node(zone, "ZoneType", "ZoneType_t", b"Structured")
        grid = node(zone, "GridCoordinates", "GridCoordinates_t")
        for name, values in coordinates.items():
            node(grid, f"Coordinate{name}", "DataArray_t", values)
    return path


def read(path: str):
    reader = vtkCGNSReader()
    reader.SetFileName(path)
    reader.Update()
    zone = reader.GetOutput().GetBlock(0).GetBlock(0)
    size = vtkCellSizeFilter()
    size.SetInputData(zone)
    size.Update()
    volume = abs(vtk_to_numpy(size.GetOutput().GetCellData().GetArray("Volume"))).sum()
    return [round(one, 3) for one in zone.GetBounds()], float(volume)


print("VTK", vtkVersion.GetVTKVersion(), "h5py", h5py.__version__)
true = 9 * math.pi / 4
plain = {"X": RADIUS * np.cos(TURN), "Y": RADIUS * np.sin(TURN), "Z": HEIGHT}
for name, coordinates, bounds, volume in (
    ("X, Y, Z", plain, [0, 2, 0, 2, 0, 3], true),
    ("R, Theta, Z", {"R": RADIUS, "Theta": TURN, "Z": HEIGHT}, [0, round(math.pi / 2, 3), 0, 0, 0, 3], 0.0),
):
    found, measured = read(pipe(coordinates))
    print(f"{name}: bounds {found}, volume {measured:.3f}; true are 0 to 2, 0 to 2, 0 to 3 and {true:.3f}")
    if found != bounds or abs(measured - volume) > 0.02 * true:
        changed.append(name)
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
