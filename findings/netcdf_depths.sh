#!/usr/bin/env bash
# Depths of 5, 15 and 25 m lie at +5, -5 and -15 m, those of 5, 15 and 30 m where they should; packed coordinates stay packed (VTK 9.7).
#
# CF marks axes that count downwards by positive = "down". vtkNetCDFCFReader negates such coordinates, but where they are in equal steps it makes an
# image, negates the step alone and leaves the origin: the whole ocean is moved up by twice its first depth, and the uppermost layer is in the air. With
# one depth in another step it makes a rectilinear grid and is right. A single level of 5 m is at +5 m. The same reader multiplies and shifts packed data by
# scale_factor and add_offset, and takes packed coordinates as they are stored: longitudes of 10, 20, 30 that are stored as 0, 20, 40 (in halves of a degree from 10
# on, as satellites do with other numbers) are drawn at 0, 20, 40. Nothing warns.
#
# Truth: what was written; netCDF4 reads the same coordinates back; the unequal steps of the same reader.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: netCDF4==1.7.5.1 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 200 "$folder/venv/bin/python" - "$folder" <<'PY'
import sys

import netCDF4
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIONetCDF import vtkNetCDFCFReader

folder, changed = sys.argv[1], []


def ocean(depths: list[float], packed: bool = False) -> str:
    path = f"{folder}/ocean.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, values, units in (("depth", depths, "m"), ("lat", [40.0, 50, 65], "degrees_north"), ("lon", [10.0, 20, 30], "degrees_east")):
            file.createDimension(name, len(values))
            axis = file.createVariable(name, "i2" if packed and name == "lon" else "f8", (name,))
            axis.units = units
            if name == "depth":
                axis.positive, axis.axis = "down", "Z"
            if packed and name == "lon":
                axis.scale_factor, axis.add_offset = 0.5, 10.0
            axis[:] = values
        layer = file.createVariable("t", "i2", ("depth", "lat", "lon"))
        layer.scale_factor, layer.add_offset = 0.5, 10.0
        layer[:] = np.arange(9.0 * len(depths)).reshape(-1, 3, 3)
    return path


def read(path: str):
    reader = vtkNetCDFCFReader()
    reader.SetFileName(path)
    reader.SphericalCoordinatesOff()
    reader.Update()
    data = reader.GetOutput()
    places = np.array([data.GetPoint(index) for index in range(data.GetNumberOfPoints())])
    values = vtk_to_numpy(data.GetPointData().GetArray("t"))
    assert np.array_equal(values, np.arange(len(values))), values  # the data is unpacked, and in its order
    return data.GetClassName(), *(list(dict.fromkeys(places[:, axis].tolist())) for axis in (2, 0))


def even(depths: list[float]):
    """Read with latitudes in equal steps, too: then the grid is an image."""
    path = ocean(depths)
    with netCDF4.Dataset(path, "a") as file:
        file["lat"][:] = [40, 50, 60]
        written = file["depth"][:].tolist()
    assert written == depths
    return read(path)


print("VTK", vtkVersion.GetVTKVersion(), "netCDF4", netCDF4.__version__)
for depths, seen in (([5.0, 15, 25], [5.0, -5, -15]), ([5.0, 15, 30], [-5.0, -15, -30]), ([5.0], [5.0])):
    kind, heights, _ = even(depths)
    print(f"depths {depths}: {heights} in a {kind}")
    if heights != seen:
        changed.append(f"depths {depths}")
path = ocean([5.0, 15, 30], packed=True)
_, _, east = read(path)
with netCDF4.Dataset(path) as file:
    true = file["lon"][:].tolist()
print(f"packed longitudes: {true} by netCDF4, {east} by VTK, whose data is unpacked")
if true != [10, 20, 30] or east != [0, 20, 40]:
    changed.append("packed longitudes")
if changed:
    sys.exit(f"changed: {', '.join(changed)}")
print("as described")
PY
