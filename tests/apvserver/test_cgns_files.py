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


def begun(file: Any) -> Any:
    """A file with what every one has, and its base."""
    for key, text, size in (
        ("name", "HDF5 MotherNode", 33),
        ("label", "Root Node of HDF5 File", 33),
        ("type", "MT", 3),
    ):
        file.attrs.create(key, np.bytes_(text), dtype=f"S{size}")
    file[" format"] = np.frombuffer(b"IEEE_LITTLE_32\0", "i1")
    file[" hdf5version"] = np.frombuffer(b"HDF5 Version 1.8".ljust(33, b"\0"), "i1")
    node(file, "CGNSLibraryVersion", "CGNSLibraryVersion_t", np.array([3.4], "f4"))
    return node(file, "Base", "CGNSBase_t", np.array([3, 3], "i4"))


def annulus(path: Path, *, degrees: bool = False, **arrays: Any) -> Path:
    """A quarter of a ring of radii 1 and 2 and height 3, of 16 boxes, as a structured zone."""
    turn, height, radius = np.meshgrid(np.linspace(0, np.pi / 2, 17), [0.0, 3], [1.0, 2], indexing="ij")
    unit = 180 / np.pi if degrees else 1.0
    with h5py.File(path, "w") as file:
        base = begun(file)
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
    with pytest.raises(ExecutionFailed, match="has the coordinates CoordinateTheta, CoordinateZ: places are"):
        opened(annulus(tmp_path / "a.cgns", CoordinateR=None))


CORNERS = np.array([(0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0), (1, 1, 3)], float)
EDGES = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (1, 4), (2, 4), (3, 4)]
TETRA, PYRA, MIXED = 10, {13: 21, 14: 13}, 20


@pytest.mark.parametrize("nodes", [13, 14])
@pytest.mark.parametrize("beside", [False, True])
def test_pyramids_with_nodes_on_their_edges(tmp_path: Path, nodes: int, beside: bool) -> None:
    """Two of them, of heights of 3 and 6, alone or with a tetrahedron between; f = x + 2 y + 3 z."""
    means = [CORNERS[list(one)].mean(axis=0) for one in EDGES] + [CORNERS[:4].mean(axis=0)]
    pyramid = np.vstack([CORNERS, means])[:nodes]
    tetra = np.array([(9, 0, 0), (10, 0, 0), (9, 1, 0), (9, 0, 3)] if beside else np.zeros((0, 3)), float)
    places = np.vstack([pyramid, tetra, pyramid * (1, 1, 2) + np.array([20, 0, 0])])
    first = np.arange(1, nodes + 1)
    last = first + nodes + len(tetra)
    cells = [np.r_[PYRA[nodes], first], np.r_[TETRA, np.arange(nodes + 1, nodes + 5)], np.r_[PYRA[nodes], last]]
    if not beside:
        cells = [first, last]
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        base = begun(file)
        zone = node(base, "zone", "Zone_t", np.array([[len(places)], [len(cells)], [0]], "i4"))
        node(zone, "ZoneType", "ZoneType_t", b"Unstructured")
        grid = node(zone, "GridCoordinates", "GridCoordinates_t")
        for axis, numbers in zip("XYZ", places.T, strict=True):
            node(grid, f"Coordinate{axis}", "DataArray_t", np.ascontiguousarray(numbers))
        elements = node(zone, "Elements", "Elements_t", np.array([MIXED if beside else PYRA[nodes], 0], "i4"))
        node(elements, "ElementRange", "IndexRange_t", np.array([1, len(cells)], "i4"))
        node(elements, "ElementConnectivity", "DataArray_t", np.concatenate(cells).astype("i4"))
        if beside:
            offsets = np.cumsum([0, *map(len, cells)]).astype("i4")
            node(elements, "ElementStartOffset", "DataArray_t", offsets)
        solution = node(zone, "Solution", "FlowSolution_t")
        node(solution, "GridLocation", "GridLocation_t", b"Vertex")
        node(solution, "f", "DataArray_t", places @ (1, 2, 3))
    warnings: list[str] = []
    ((_, made),) = leaves(opened(tmp_path / "a.cgns", warnings=warnings))
    kinds = [made.GetCellType(index) for index in range(made.GetNumberOfCells())]
    assert kinds == ([27, 10, 27] if beside else [27, 27])
    for index, moved in ((0, pyramid), (len(kinds) - 1, places[-nodes:])):
        cell = made.GetCell(index)
        ids = [cell.GetPointId(one) for one in range(cell.GetNumberOfPoints())]
        np.testing.assert_array_equal(points(made)[ids], moved[:13])
        np.testing.assert_array_equal(values(made.GetPointData(), "f")[ids], moved[:13] @ (1, 2, 3))
    assert warnings == ([] if nodes == 13 else [one for one in warnings if "2 pyramids of 14 nodes" in one])
    assert len(warnings) == nodes - 13
