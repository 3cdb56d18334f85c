"""The table of formats of simulations and climate models: files of several writers, and what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import h5py
import netCDF4
import numpy as np
import scipy.io

from . import simulations
from .formats_of_images import by_vtk
from .known_data import Known
from .known_meshes import HEAT, HEXAHEDRON, PLACES, TETRA, lines, mesh, vtk_grid
from .other_writers import mesh as ugrid_by_netcdf4
from .written_by import WrittenBy

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
FLOW: Final = Known(
    GRID, {"Density": DENSITY, "Momentum": SOLUTION[1:4].T, "StagnationEnergy": SOLUTION[4]}, times=(0.0,)
)  # the time of the solution is the last of "Properties"


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
