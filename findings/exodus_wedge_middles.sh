#!/usr/bin/env bash
# The floor of a prism with 21 nodes has its middle at the ceiling, and a linear field is not linear in it (VTK 9.7.2, netCDF4 1.7.5.1).
#
# WEDGE21 is a prism with a node on each edge, on each face, and one inside. vtkIOSSReader makes Lagrange cells of them, and has the nodes on the
# two triangles exchanged, if they are in the order in which libMesh writes them; in that of the tables of IOSS itself, which has the inner
# node behind the triangles, it takes the inner node for that of the floor. Corners, edges and sides are right, so the mesh looks right but for
# dents; places and values inside of the cell are wrong, in straight prisms, too. WEDGE15 and WEDGE18 are right. Nothing is logged.
#
# Truth: a straight prism of height 1, whose nodes lie where they are: where a cell is at the parametric place (r, s, t) can only be (r, s, t), and
# a field that is linear in the places is that everywhere.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: netCDF4==1.7.5.1 numpy==2.4.6
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import netCDF4
import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import reference, vtkVersion
from vtkmodules.vtkIOIOSS import vtkIOSSReader

CORNERS = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (0, 1, 1)], float)
EDGES = [(0, 1), (1, 2), (2, 0), (0, 3), (1, 4), (2, 5), (3, 4), (4, 5), (5, 3)]
INNER, FLOOR, CEILING, SIDES = (0, 1, 2, 3, 4, 5), (0, 1, 2), (3, 4, 5), [(1, 2, 5, 4), (2, 0, 3, 5), (0, 1, 4, 3)]
KINDS = {
    "WEDGE15": EDGES,
    "WEDGE18": [*EDGES, SIDES[2], SIDES[0], SIDES[1]],
    "WEDGE21": [*EDGES, INNER, FLOOR, CEILING, *SIDES],
    "WEDGE21 as IOSS": [*EDGES, FLOOR, CEILING, INNER, *SIDES],
}
DESCRIBED = {  # height of what the cell has at the middle of its floor, its ceiling and at its centre
    "WEDGE15": (0, 1, 0.5),
    "WEDGE18": (0, 1, 0.5),
    "WEDGE21": (1, 0, 0.5),
    "WEDGE21 as IOSS": (0.5, 1, 0),
}
PROBES = [(1 / 3, 1 / 3, 0.0), (1 / 3, 1 / 3, 1.0), (1 / 3, 1 / 3, 0.5)]


def write(path, kind, means):
    nodes = np.vstack([CORNERS, [CORNERS[list(one)].mean(axis=0) for one in means]])
    count = len(nodes)
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_OFFSET") as file:
        file.setncatts({"api_version": np.float32(4.98), "version": np.float32(4.98), "title": "a prism"})
        file.setncatts({"floating_point_word_size": np.int32(8), "file_size": np.int32(1)})
        sizes = {"len_string": 33, "len_line": 81, "four": 4, "num_dim": 3, "num_nodes": count, "num_elem": 1, "num_el_blk": 1,
                 "num_el_in_blk1": 1, "num_nod_per_el1": count, "num_nod_var": 1, "time_step": None}
        for name, size in sizes.items():
            file.createDimension(name, size)
        file.createVariable("time_whole", "f8", ("time_step",))[:] = [0.0]
        for axis, numbers in zip("xyz", nodes.T):
            file.createVariable(f"coord{axis}", "f8", ("num_nodes",))[:] = numbers
        file.createVariable("eb_status", "i4", ("num_el_blk",))[:] = 1
        ids = file.createVariable("eb_prop1", "i4", ("num_el_blk",))
        ids[:] = 1
        ids.setncattr("name", "ID")
        cells = file.createVariable("connect1", "i4", ("num_el_in_blk1", "num_nod_per_el1"))
        cells[:] = np.arange(1, count + 1)[None]
        cells.setncattr("elem_type", kind.split()[0])
        names = file.createVariable("name_nod_var", "S1", ("num_nod_var", "len_string"))
        names[:] = netCDF4.stringtochar(np.array(["linear"], "S33"))
        file.createVariable("vals_nod_var1", "f8", ("time_step", "num_nodes"))[:] = 3 * nodes[None, :, 2] - 1


print("VTK", vtkVersion.GetVTKVersion(), "netCDF4", netCDF4.__version__, "numpy", np.__version__)
changed = 0
for kind, means in KINDS.items():
    path = os.path.join(sys.argv[1], "prism.exo")
    write(path, kind, means)
    reader = vtkIOSSReader()
    reader.SetFileName(path)
    reader.UpdateInformation()
    reader.Update()
    grid = reader.GetOutputDataObject(0).GetPartitionedDataSet(0).GetPartition(0)
    values = vtk_to_numpy(grid.GetPointData().GetArray("linear"))
    cell = grid.GetCell(0)
    heights, fields = [], []
    for place in PROBES:
        found, weights = [0.0] * 3, [0.0] * cell.GetNumberOfPoints()
        cell.EvaluateLocation(reference(0), list(place), found, weights)
        heights.append(found[2])
        fields.append(sum(weight * values[cell.GetPointId(index)] for index, weight in enumerate(weights)))
    assert np.allclose(fields, 3 * np.array(heights) - 1), "values follow their nodes"
    same = np.allclose(heights, DESCRIBED[kind])
    changed += not same
    print(f"{kind:16s}: middle of the floor (z = 0) at z = {heights[0]:g}, of the ceiling (z = 1) at {heights[1]:g}, centre at {heights[2]:g}"
          + ("" if same else f"  CHANGED, described as {DESCRIBED[kind]}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: WEDGE21 has its floor and ceiling exchanged, WEDGE15 and WEDGE18 are right"
