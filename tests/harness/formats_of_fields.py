"""The table of formats of simulations, molecules, seismics and tables: files of several writers, and what they hold."""

from __future__ import annotations

import csv
import json
import struct
from pathlib import Path
from typing import Any, Final

import h5py
import netCDF4
import numpy as np
import scipy.io
import segyio
import simulations
import trimesh
from ase import Atoms
from ase.io import write as write_atoms
from ase.units import Bohr
from formats_of_images import by_vtk
from known_data import Known
from known_meshes import HEAT, HEXAHEDRON, PLACES, TETRA, lines, mesh, text, vtk_grid
from other_writers import mesh as ugrid_by_netcdf4
from saving import array
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData, vtkTable
from written_by import WrittenBy

CUBES: Final = Known(
    np.array(simulations.POINTS, float), {"temp": np.arange(12.0)},
    tuple((12, tuple(simulations.hexahedron(x))) for x in (0, 1)), times=(0.0, 1.0), step=100,
)  # fmt: skip
"""Two cubes side by side, as `simulations` has them."""


# --- climate: x, y and time, numbers packed into integers


AXES: Final = {"time": (6.0, 12.0), "y": (0.0, 2.0, 4.0), "x": (10.0, 11.0, 12.0, 13.0)}
PACKED: Final = np.arange(24, dtype="i2").reshape(2, 3, 4)
FIELD: Final = Known(
    np.array([(x, y, 0) for y in AXES["y"] for x in AXES["x"]]), {"t": PACKED[0].ravel() * 0.5 + 10},
    times=AXES["time"], step=6,
)  # fmt: skip
"""The second time has numbers that are 12 larger, of 0.5 each."""


def fill_climate(file: Any) -> None:
    """By the CF conventions; netCDF4 and scipy have the same calls."""
    file.Conventions = "CF-1.8"
    for name, numbers in AXES.items():
        file.createDimension(name, len(numbers))
        axis = file.createVariable(name, "f8", (name,))
        axis.units = "hours since 2000-01-01" if name == "time" else "m"
        axis[:] = np.array(numbers)
    made = file.createVariable("t", "i2", ("time", "y", "x"))
    made.scale_factor, made.add_offset = 0.5, 10.0
    if hasattr(made, "set_auto_maskandscale"):
        made.set_auto_maskandscale(False)
    made[:] = PACKED


def climate_by_netcdf4(path: Path) -> None:
    with netCDF4.Dataset(path, "w") as file:
        fill_climate(file)


def climate_by_scipy(path: Path) -> None:
    with scipy.io.netcdf_file(path, "w", version=2) as file:
        fill_climate(file)


def climate_by_hand(path: Path) -> None:
    """netCDF-4 after its specification: HDF5 with scales of dimensions, kept in order of creation."""
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs["Conventions"] = np.bytes_("CF-1.8")
        for number, (name, numbers) in enumerate(AXES.items()):
            axis = file.create_dataset(name, data=np.array(numbers), track_order=True)
            axis.attrs["units"] = np.bytes_("hours since 2000-01-01" if name == "time" else "m")
            axis.make_scale(name)
            axis.attrs["_Netcdf4Dimid"] = np.int32(number)
        made = file.create_dataset("t", data=PACKED, track_order=True)
        made.attrs.update({"scale_factor": 0.5, "add_offset": 10.0})
        for number, name in enumerate(AXES):
            made.dims[number].attach_scale(file[name])


UGRID: Final = Known(
    np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], float), {"t": [10.5, 11, np.nan, 12]},
    ((5, (0, 1, 2)), (5, (0, 2, 3))), {"p": [12.5, np.nan]},
)  # fmt: skip


def ugrid_by_scipy(path: Path) -> None:
    """The same mesh as `other_writers.mesh`, in the classic format."""
    with scipy.io.netcdf_file(path, "w") as file:
        file.Conventions = "CF-1.8 UGRID-1.0"
        for name, size in (("node", 4), ("face", 2), ("corner", 3)):
            file.createDimension(name, size)
        topology = file.createVariable("mesh", "i4", ())
        topology.cf_role, topology.topology_dimension = "mesh_topology", np.int32(2)
        topology.node_coordinates, topology.face_node_connectivity = "x y", "corners"
        for name, places in (("x", (0, 1, 1, 0)), ("y", (0, 0, 1, 1))):
            axis = file.createVariable(name, "f8", ("node",))
            axis.standard_name = "longitude" if name == "x" else "latitude"
            axis[:] = np.array(places, float)
        corners = file.createVariable("corners", "i4", ("face", "corner"))
        corners.cf_role, corners.start_index = "face_node_connectivity", np.int32(1)
        corners[:] = np.array([(1, 2, 3), (1, 3, 4)])
        for name, location, numbers in (("t", "node", [1, 2, -1, 4]), ("p", "face", [5, -1])):
            variable = file.createVariable(name, "i2", (location,))
            variable.mesh, variable.location, variable._FillValue = "mesh", location, np.int16(-1)
            variable.scale_factor, variable.add_offset = 0.5, 10.0
            variable[:] = np.array(numbers)


# --- simulations


def ensight_by_hand(path: Path) -> None:
    """EnSight Gold as text, after its user manual: a hexahedron at two times, each with a file of its own."""
    path.with_suffix(".geo").write_text(
        "by hand\nEnSight Gold\nnode id off\nelement id off\npart\n         1\nrock\ncoordinates\n         8\n"
        + "".join(f"{number:12.5e}\n" for number in PLACES[:8].T.ravel())
        + "hexa8\n         1\n" + "".join(f"{one + 1:10d}" for one in HEXAHEDRON) + "\n"
    )  # fmt: skip
    for number in (0, 1):
        heat = "".join(f"{one + 100 * number:12.5e}\n" for one in HEAT[:8])
        (path.parent / f"heat{number}").write_text(f"heat\npart\n         1\ncoordinates\n{heat}")
    path.write_text(
        "FORMAT\ntype: ensight gold\nGEOMETRY\nmodel: a.geo\nVARIABLE\nscalar per node: 1 heat heat*\nTIME\n"
        "time set: 1\nnumber of steps: 2\nfilename start number: 0\nfilename increment: 1\ntime values: 0.5 2.5\n"
    )


def cgns_by_hand(path: Path) -> None:
    simulations.cgns(path)


GRID: Final = np.array([(x, y, z) for z in (0, 1) for y in (0, 1, 3) for x in (0, 0.5, 2, 4)])
DENSITY: Final = GRID @ [1, 10, 100] + 1
SOLUTION: Final = np.array([DENSITY, *(DENSITY * factor for factor in (2, 3, 4, 5))])
"""Density, momentum along x, y and z, energy."""
FLOW: Final = Known(GRID, {"Density": DENSITY, "Momentum": SOLUTION[1:4].T, "StagnationEnergy": SOLUTION[4]}, times=(2.5,))


def plot3d_by_hand(path: Path) -> None:
    """PLOT3D's manual: text, one grid, x of all points, then y, then z; the solution beside it."""
    path.write_text("4 3 2\n" + lines(GRID.T, None))
    path.with_suffix(".q").write_text("4 3 2\n0.5 0 100 2.5\n" + lines(SOLUTION, None))


def plot3d_by_scipy(path: Path) -> None:
    """Records of FORTRAN: several grids, though there is one, single precision."""
    for name, numbers in ((path, GRID.T), (path.with_suffix(".q"), SOLUTION)):
        with scipy.io.FortranFile(name, "w") as file:
            file.write_record(np.array([1], "i4"))
            file.write_record(np.array([4, 3, 2], "i4"))
            if numbers is SOLUTION:
                file.write_record(np.array([0.5, 0, 100, 2.5], "f4"))
            file.write_record(numbers.astype("f4"))


# --- molecules and points


WATER: Final = np.array([(0, 0, 0), (0.96, 0, 0), (-0.24, 0.93, 0)])
MOLECULE: Final = Known(WATER, {"": [8.0, 1, 1]}, times=(0.0,))
ATOMS: Final = Atoms("OHH", positions=WATER, cell=[5, 6, 7], pbc=True)
CARBONS: Final = np.array([(1, 2, 3), (2, 3.5, 3), (-1.25, 0, 0.5)])
XYZ: Final = "3\nby hand\n" + "".join(
    f"{symbol} {' '.join(map(str, place))}\n" for symbol, place in zip("OHH", WATER.tolist(), strict=True)
)
PDB: Final = "".join(
    f"ATOM  {n:5d}  C{n}  LIG A   1    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           C\n"
    for n, (x, y, z) in enumerate(CARBONS, 1)
) + "END\n"  # fmt: skip
CML: Final = '<?xml version="1.0"?><molecule xmlns="http://www.xml-cml.org/schema"><atomArray>' + "".join(
    f'<atom id="a{n}" elementType="{symbol}" x3="{x}" y3="{y}" z3="{z}"/>'
    for n, (symbol, (x, y, z)) in enumerate(zip("OHH", WATER.tolist(), strict=True))
) + "</atomArray></molecule>"  # fmt: skip
CUBE: Final = Known(
    np.array([(x / 3 * 5, y / 4 * 6, z / 5 * 7) for x in range(3) for y in range(4) for z in range(5)]) / Bohr,
    {"": np.arange(60.0)}, tolerance=1e-5,
)  # fmt: skip


def cube_by_hand(path: Path) -> None:
    """Gaussian's description of cube files: bohr, z runs first."""
    steps = np.array([5 / 3, 6 / 4, 7 / 5]) / Bohr
    axes = lines([(count, *row) for count, row in zip((3, 4, 5), np.diag(steps).tolist(), strict=True)], None)
    numbers = "".join(" ".join(map(str, range(at, at + 5))) + "\n" for at in range(0, 60, 5))
    path.write_text(f"by hand\ndensity\n1 0 0 0\n{axes}8 8 0 0 0\n{numbers}")


CLOUD: Final = Known(CARBONS)


# --- seismics


TRACES: Final = np.array([[100 * i + 10 * c + s / 2 for s in range(4)] for i in (1, 2) for c in (5, 6, 7)])
LINES: Final = [(i, c) for i in (1, 2) for c in (5, 6, 7)]
SEISMIC: Final = Known(
    np.array([(1000 + 25 * i, 2000 + 50 * c, -4.0 * s) for i, c in LINES for s in range(4)]), {"trace": TRACES.ravel()}
)


def segy_by_segyio(path: Path) -> None:
    spec = segyio.spec()
    spec.format, spec.samples, spec.tracecount, spec.sorting = 1, np.arange(4) * 4, 6, None
    with segyio.create(path, spec) as file:
        for number, (i, c) in enumerate(LINES):
            file.header[number] = {
                segyio.su.iline: i, segyio.su.xline: c, segyio.su.scalco: 1, segyio.su.ns: 4, segyio.su.dt: 4000,
                segyio.su.cdpx: 1000 + 25 * i, segyio.su.cdpy: 2000 + 50 * c,
            }  # fmt: skip
            file.trace[number] = TRACES[number].astype("f4")
        file.bin.update(hdt=4000)


def segy_by_hand(path: Path) -> None:
    """SEG-Y revision 1 by the bytes of its tables, numbers of IEEE."""
    head = bytearray(3600)
    head[:80] = "C 1 BY HAND".ljust(80).encode("cp037")
    struct.pack_into(">h2xh2xh", head, 3216, 4000, 4, 5)
    struct.pack_into(">Hh", head, 3500, 0x0100, 1)
    traces = bytearray()
    for number, (i, c) in enumerate(LINES):
        trace = bytearray(240)
        struct.pack_into(">2i", trace, 0, number + 1, number + 1)
        struct.pack_into(">2h", trace, 68, 1, 1)
        struct.pack_into(">2H", trace, 114, 4, 4000)
        struct.pack_into(">4i", trace, 180, 1000 + 25 * i, 2000 + 50 * c, i, c)
        traces += trace + TRACES[number].astype(">f4").tobytes()
    path.write_bytes(bytes(head) + bytes(traces))


# --- tables and maps


COLUMNS: Final = {"time (s)": np.array([0, 0.1, 0.2]), "count": np.array([3.0, -4, 5]), "say, what": np.arange(3.0) / 3}
ROWS: Final = Known(None, COLUMNS, tolerance=1e-15)


def csv_by_python(path: Path) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        writer.writerow(COLUMNS)
        writer.writerows(zip(*(values.tolist() for values in COLUMNS.values()), strict=True))


def csv_by_numpy(path: Path) -> None:
    header = ",".join(f'"{name}"' for name in COLUMNS)
    np.savetxt(path, np.column_stack(list(COLUMNS.values())), delimiter=",", header=header, comments="")


def vtk_table() -> Any:
    made = vtkTable()
    for name, values in COLUMNS.items():
        made.AddColumn(array(name, values))
    return made


SQUARE: Final = np.array([(0, 0, 0), (2, 0, 0), (2, 1, 0), (0, 1, 0)], float)
AREA: Final = Known(SQUARE, cells=((9, (0, 1, 2, 3)),))


def vtk_square() -> Any:
    made, points, cells = vtkPolyData(), vtkPoints(), vtkCellArray()
    points.SetData(array("places", SQUARE))
    made.SetPoints(points)
    cells.InsertNextCell(4, (0, 1, 2, 3))
    made.SetPolys(cells)
    return made


def geojson_by_hand(path: Path) -> None:
    """RFC 7946: a ring ends where it begins."""
    ring = [*SQUARE[:, :2].tolist(), [0, 0]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def fields() -> list[WrittenBy]:
    """What simulations and climate models give."""
    return [
        WrittenBy("netCDF", "netCDF4", "a.nc", climate_by_netcdf4, FIELD),
        WrittenBy("netCDF", "scipy", "a.nc", climate_by_scipy, FIELD),
        WrittenBy("netCDF", "by hand", "a.nc4", climate_by_hand, FIELD),
        WrittenBy("UGRID netCDF", "netCDF4", "a.nc", ugrid_by_netcdf4, UGRID),
        WrittenBy("UGRID netCDF", "scipy", "a.nc", ugrid_by_scipy, UGRID),
        WrittenBy("Exodus", "by hand", "a.exo", simulations.exodus, CUBES),
        WrittenBy("Exodus", "VTK", "a.ex2", by_vtk("vtkIOSSWriter", vtk_grid),
                  mesh(TETRA, HEXAHEDRON, values=True, times=(0.0,))),
        WrittenBy("EnSight", "by hand", "a.case", ensight_by_hand,
                  Known(PLACES[:8], {"heat": HEAT[:8]}, ((12, HEXAHEDRON),), times=(0.5, 2.5), step=100)),
        WrittenBy("PLOT3D", "by hand", "a.xyz", plot3d_by_hand, FLOW),
        WrittenBy("PLOT3D", "scipy", "a.x", plot3d_by_scipy, FLOW),
    ]  # fmt: skip


def molecules() -> list[WrittenBy]:
    """Atoms at places, grids of numbers around them, points."""
    return [
        WrittenBy("XYZ", "ase", "a.xyz", lambda path: write_atoms(path, ATOMS, format="xyz"), MOLECULE),
        WrittenBy("XYZ", "ase", "a.extxyz", lambda path: write_atoms(path, ATOMS, format="extxyz"),
                  MOLECULE),
        WrittenBy("XYZ", "by hand", "a.xyz", text(XYZ), MOLECULE),
        WrittenBy("PDB", "ase", "a.pdb", lambda path: write_atoms(path, Atoms("CCC", positions=CARBONS)),
                  Known(CARBONS)),
        WrittenBy("PDB", "by hand", "a.pdb", text(PDB), Known(CARBONS)),
        WrittenBy("CML", "by hand", "a.cml", text(CML), Known(WATER, MOLECULE.values)),
        WrittenBy("Gaussian cube", "ase", "a.cube",
                  lambda path: write_atoms(path, ATOMS, data=np.arange(60.0).reshape(3, 4, 5)), CUBE, port=1),
        WrittenBy("Gaussian cube", "by hand", "a.cub", cube_by_hand, CUBE, port=1),
        WrittenBy("points as text", "numpy", "a.xyz", lambda path: np.savetxt(path, CARBONS), CLOUD),
        WrittenBy("points as text", "trimesh", "a.xyz",
                  lambda path: trimesh.PointCloud(CARBONS).export(path, file_type="xyz"), CLOUD),
        WrittenBy("points as text", "by hand", "a.pts", text("3\n" + lines(CARBONS, None)), CLOUD),
        WrittenBy("SEG-Y", "segyio", "a.sgy", segy_by_segyio, SEISMIC),
        WrittenBy("SEG-Y", "by hand", "a.segy", segy_by_hand, SEISMIC),
    ]  # fmt: skip


def tables() -> list[WrittenBy]:
    """Columns, and what a map has."""
    return [
        WrittenBy("CSV", "Python's csv", "a.csv", csv_by_python, ROWS),
        WrittenBy("CSV", "Python's csv", "a.tsv", csv_by_python, ROWS),
        WrittenBy("CSV", "numpy", "a.csv", csv_by_numpy, ROWS),
        WrittenBy("CSV", "VTK", "a.csv", by_vtk("vtkDelimitedTextWriter", vtk_table, Precision=17), ROWS),
        WrittenBy("GeoJSON", "by hand", "a.geojson", geojson_by_hand, AREA),
        WrittenBy("GeoJSON", "VTK", "a.geojson", by_vtk("vtkGeoJSONWriter", vtk_square), AREA),
    ]
