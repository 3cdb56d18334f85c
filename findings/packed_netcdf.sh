#!/usr/bin/env bash
# Packed NetCDF: one VTK reader unpacks, its neighbour does not, and unsigned bytes stay signed (VTK 9.7.2, netCDF4 1.7.5.1).
#
# The CF conventions store measurements as small integers with scale_factor and add_offset. vtkNetCDFCFReader unpacks them;
# vtkNetCDFUGRIDReader of the same library, for the unstructured meshes of ocean and weather models, hands out the raw counts under the
# name and unit of the quantity, although CF packing applies to it just as well. An expert who has seen one of them unpack relies on the
# other. And where satellite products store unsigned counts in signed bytes with the attribute _Unsigned = "true" (the only way in the
# classic format), the CF reader scales the negative numbers: the brighter half of a picture is folded below the offset. Nothing is
# logged; ranges, colour bars and statistics show numbers that nobody measured.
#
# Truth: raw * scale_factor + add_offset by hand (CF conventions, packed data; NetCDF attribute conventions for _Unsigned), and the
# netCDF4 package, which gives the same for each file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 numpy==2.4.6 netCDF4==1.7.5.1.post1 cftime==1.6.6.1 certifi==2026.10.19.post1 packaging==26.4
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import netCDF4
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIONetCDF import vtkNetCDFCFReader, vtkNetCDFUGRIDReader

SCALE, OFFSET = 0.5, 10.0


def pack(variable, raw):
    variable.scale_factor, variable.add_offset = SCALE, OFFSET
    variable.set_auto_maskandscale(False)
    variable[:] = raw


def grid(path, raw, unsigned):
    """A regular grid in the classic format, where bytes are signed."""
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        file.Conventions = "CF-1.8"
        file.createDimension("y", raw.shape[0])
        file.createDimension("x", raw.shape[1])
        variable = file.createVariable("t", f"i{raw.itemsize}", ("y", "x"))
        if unsigned:
            variable.setncattr("_Unsigned", "true")
        pack(variable, raw.view(np.int8) if unsigned else raw)


def mesh(path, raw):
    """Two triangles; one value for each of their four nodes."""
    with netCDF4.Dataset(path, "w") as file:
        file.Conventions = "CF-1.8 UGRID-1.0"
        for name, size in (("node", 4), ("face", 2), ("corner", 3)):
            file.createDimension(name, size)
        topology = file.createVariable("mesh", "i4")
        topology.cf_role, topology.topology_dimension = "mesh_topology", 2
        topology.node_coordinates, topology.face_node_connectivity = "x y", "corners"
        for name, standard, units, places in (("x", "longitude", "degrees_east", (0, 1, 1, 0)), ("y", "latitude", "degrees_north", (0, 0, 1, 1))):
            axis = file.createVariable(name, "f8", ("node",))
            axis.standard_name, axis.units = standard, units
            axis[:] = places
        corners = file.createVariable("corners", "i4", ("face", "corner"))
        corners.cf_role, corners.start_index = "face_node_connectivity", np.int32(0)
        corners[:] = ((0, 1, 2), (0, 2, 3))
        variable = file.createVariable("t", "i2", ("node",))
        variable.mesh, variable.location, variable.units = "mesh", "node", "degree_Celsius"
        pack(variable, raw)


def seen(reader, path):
    reader.SetFileName(path)
    reader.Update()
    data = reader.GetOutput()
    return vtk_to_numpy(data.GetPointData().GetArray("t")).astype(float)


print("VTK", vtkVersion.GetVTKVersion(), "netCDF4", netCDF4.__version__)
path = os.path.join(sys.argv[1], "packed.nc")
counts = np.array([1, 2, 200, 255])
changed = 0
for name, write, reader, described in (
    ("16-bit counts on a grid, CF reader", lambda: grid(path, counts.astype("i2").reshape(2, 2), False), vtkNetCDFCFReader, counts * SCALE + OFFSET),
    ("16-bit counts on a mesh, UGRID reader", lambda: mesh(path, counts.astype("i2")), vtkNetCDFUGRIDReader, counts),
    ("unsigned bytes on a grid, CF reader", lambda: grid(path, counts.astype("u1").reshape(2, 2), True), vtkNetCDFCFReader,
     counts.astype("u1").view("i1") * SCALE + OFFSET),
):
    write()
    with netCDF4.Dataset(path) as file:
        true = np.asarray(file["t"][:]).ravel()
    assert np.array_equal(true, counts * SCALE + OFFSET), "netCDF4 gives what the conventions say"
    values = seen(reader(), path)
    same = np.array_equal(values, described)
    changed += not same
    print(f"{name:38s} true {true}  VTK {values}" + ("" if same else f"  CHANGED, described as {described}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: one reader unpacks, the other does not, and _Unsigned is not read"
