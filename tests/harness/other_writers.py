"""Files that no library of ours writes, by the descriptions of their formats."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np


def mrc(values: Any, mode: int, *, axes: tuple[int, int, int] = (1, 2, 3), angles: Any = (90, 90, 90)) -> bytes:
    """A map of MRC2014, by its table of the header: `values` of section, row, column; 2, 3 and 4 apart in x, y, z."""
    head = bytearray(1024)
    size = values.shape[::-1]
    along = [size[axes.index(axis)] for axis in (1, 2, 3)]
    struct.pack_into("<10i", head, 0, *size, mode, 0, 0, 0, *along)
    struct.pack_into("<6f", head, 40, *(n * d for n, d in zip(along, (2, 3, 4), strict=True)), *angles)
    struct.pack_into("<3i", head, 64, *axes)
    struct.pack_into("<3f", head, 196, 10, 20, 30)
    head[208:216] = b"MAP \x44\x44\0\0"
    return bytes(head) + values.tobytes()


def mesh(path: Path) -> None:
    """A mesh by the UGRID conventions, two triangles: "t" of nodes, "p" of faces, packed and with missing ones."""
    with netCDF4.Dataset(path, "w") as file:
        file.Conventions = "CF-1.8 UGRID-1.0"
        for name, size in (("node", 4), ("face", 2), ("corner", 3)):
            file.createDimension(name, size)
        topology = file.createVariable("mesh", "i4")
        topology.cf_role, topology.topology_dimension = "mesh_topology", 2
        topology.node_coordinates, topology.face_node_connectivity = "x y", "corners"
        for name, standard, places in (("x", "longitude", (0, 1, 1, 0)), ("y", "latitude", (0, 0, 1, 1))):
            axis = file.createVariable(name, "f8", ("node",))
            axis.standard_name, axis[:] = standard, places
        corners = file.createVariable("corners", "i4", ("face", "corner"))
        corners.cf_role, corners.start_index = "face_node_connectivity", np.int32(0)
        corners[:] = ((0, 1, 2), (0, 2, 3))
        for name, location, numbers in (("t", "node", [1, 2, -1, 4]), ("p", "face", [5, -1])):
            variable = file.createVariable(name, "i2", (location,), fill_value=-1)
            variable.mesh, variable.location = "mesh", location
            variable.scale_factor, variable.add_offset = 0.5, 10.0
            variable.set_auto_maskandscale(False)
            variable[:] = numbers
