"""CGNS made by hand in HDF5: zones in cylindrical coordinates."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import leaves, opened, points, values, volume

TYPES = {"i4": "I4", "f4": "R4", "f8": "R8"}


def node(parent: Any, name: str, label: str, data: Any = None) -> Any:
    """A node of CGNS, as its library stores them in HDF5; text as bytes."""
    made = parent.create_group(name)
    kind = "MT"
    if isinstance(data, bytes):
        kind, data = "C1", np.frombuffer(data, "i1")
    elif data is not None:
        kind = TYPES[data.dtype.str[1:]]
    if data is not None:
        made[" data"] = data
    for key, text, size in (("name", name, 33), ("label", label, 33), ("type", kind, 3)):
        made.attrs.create(key, np.bytes_(text), dtype=f"S{size}")
    made.attrs["flags"] = np.array([1], "i4")
    return made


def annulus(path: Path, *, degrees: bool = False, **arrays: Any) -> Path:
    """A quarter of a ring of radii 1 and 2 and height 3, of 16 boxes, as a structured zone."""
    turn, height, radius = np.meshgrid(np.linspace(0, np.pi / 2, 17), [0.0, 3], [1.0, 2], indexing="ij")
    unit = 180 / np.pi if degrees else 1.0
    with h5py.File(path, "w") as file:
        for key, text, size in (
            ("name", "HDF5 MotherNode", 33),
            ("label", "Root Node of HDF5 File", 33),
            ("type", "MT", 3),
        ):
            file.attrs.create(key, np.bytes_(text), dtype=f"S{size}")
        file[" format"] = np.frombuffer(b"IEEE_LITTLE_32\0", "i1")
        file[" hdf5version"] = np.frombuffer(b"HDF5 Version 1.8".ljust(33, b"\0"), "i1")
        node(file, "CGNSLibraryVersion", "CGNSLibraryVersion_t", np.array([3.4], "f4"))
        base = node(file, "Base", "CGNSBase_t", np.array([3, 3], "i4"))
        zone = node(base, "ring", "Zone_t", np.array([[2, 2, 17], [1, 1, 16], [0, 0, 0]], "i4"))
        node(zone, "ZoneType", "ZoneType_t", b"Structured")
        grid = node(zone, "GridCoordinates", "GridCoordinates_t")
        found = {"CoordinateR": radius, "CoordinateTheta": turn * unit, "CoordinateZ": height, **arrays}
        for name, numbers in found.items():
            if numbers is not None:
                node(grid, name, "DataArray_t", numbers)
        if degrees:
            units = ("Kilogram", "Meter", "Second", "Kelvin", "Degree")
            node(zone, "DimensionalUnits", "DimensionalUnits_t", "".join(f"{one:32}" for one in units).encode())
        solution = node(zone, "Solution", "FlowSolution_t")
        node(solution, "GridLocation", "GridLocation_t", b"Vertex")
        node(solution, "radius", "DataArray_t", radius)
    return path


@pytest.mark.parametrize("degrees", [False, True])
def test_cylindrical_coordinates(tmp_path: Path, degrees: bool) -> None:
    ((_, grid),) = leaves(opened(annulus(tmp_path / "a.cgns", degrees=degrees)))
    x, y, _ = points(grid).T
    np.testing.assert_allclose(np.hypot(x, y), values(grid.GetPointData(), "radius"))
    assert grid.GetBounds() == pytest.approx((0, 2, 0, 2, 0, 3), abs=1e-12)
    assert abs(volume(grid)) == pytest.approx(np.pi / 4 * 3 * 3, rel=0.01)


def test_cylindrical_coordinates_without_a_radius_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExecutionFailed, match="cylindrical coordinates that move or lack a radius"):
        opened(annulus(tmp_path / "a.cgns", CoordinateR=None))
