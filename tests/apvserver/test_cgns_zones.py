"""CGNS: coordinates by their names, solutions and their times, sections of elements, layers around a zone."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import leaves, opened, points, times, values, volume
from .test_cgns_files import begun, node

Z, Y, X = np.meshgrid([0.0, 3], [0.0, 2], [0.0, 1, 2], indexing="ij")
CUBE = np.array([(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))] + [(0.5, 0.5, 2)], float)
TIMES = (0.5, 1.5, 4.0)


def structured(base: Any, **coordinates: Any) -> Any:
    """A zone of 3 x 2 x 2 vertices."""
    zone = node(base, "zone", "Zone_t", np.array([[3, 2, 2], [2, 1, 1], [0, 0, 0]], "i4"))
    node(zone, "ZoneType", "ZoneType_t", b"Structured")
    places(zone, "GridCoordinates", **(coordinates or {"CoordinateX": X, "CoordinateY": Y, "CoordinateZ": Z}))
    return zone


def places(zone: Any, called: str, /, **coordinates: Any) -> Any:
    made = node(zone, called, "GridCoordinates_t")
    for name, numbers in coordinates.items():
        node(made, name, "DataArray_t", np.ascontiguousarray(numbers, float))
    return made


def unstructured(base: Any, cells: int, where: Any = CUBE) -> Any:
    zone = node(base, "zone", "Zone_t", np.array([[len(where)], [cells], [0]], "i4"))
    node(zone, "ZoneType", "ZoneType_t", b"Unstructured")
    places(
        zone, "GridCoordinates", **{f"Coordinate{axis}": numbers for axis, numbers in zip("XYZ", where.T, strict=True)}
    )
    return zone


def section(zone: Any, name: str, kind: int, first: int, points: Any) -> None:
    made = node(zone, name, "Elements_t", np.array([kind, 0], "i4"))
    node(made, "ElementRange", "IndexRange_t", np.array([first, first], "i4"))
    node(made, "ElementConnectivity", "DataArray_t", np.array(points, "i4"))


def solution(zone: Any, name: str, at: bytes = b"Vertex", **arrays: Any) -> Any:
    made = node(zone, name, "FlowSolution_t")
    node(made, "GridLocation", "GridLocation_t", at)
    for key, numbers in arrays.items():
        node(made, key, "DataArray_t", np.ascontiguousarray(numbers, float))
    return made


def with_times(base: Any, zone: Any, **pointers: list[str]) -> None:
    series = node(base, "series", "BaseIterativeData_t", np.array([len(TIMES)], "i4"))
    node(series, "TimeValues", "DataArray_t", np.array(TIMES))
    of_zone = node(zone, "series", "ZoneIterativeData_t") if pointers else None
    for name, texts in pointers.items():
        made = node(of_zone, name, "DataArray_t", b" ")
        del made[" data"]
        made[" data"] = np.array([list(one.ljust(32).encode()) for one in texts], "i1")


@pytest.mark.parametrize(
    "called",
    [("R", "Theta", "Phi"), ("Xi", "Eta", "Zeta"), ("R", "Phi", "Z"), ("Tangential", "Normal", "Z")],
)
def test_coordinates_that_are_no_places_are_refused(tmp_path: Path, called: tuple[str, str, str]) -> None:
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        structured(begun(file), **{f"Coordinate{one}": numbers for one, numbers in zip(called, (X, Y, Z), strict=True)})
    with pytest.raises(ExecutionFailed, match=f"the zone 'zone' has the coordinates .*Coordinate{called[1]}.*: places"):
        opened(tmp_path / "a.cgns")


def test_coordinates_without_the_names_of_the_standard_are_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        structured(begun(file), x=X, y=Y, z=Z)
    with pytest.raises(ExecutionFailed, match="has the coordinates x, y, z: places are CoordinateX, Y and Z"):
        opened(tmp_path / "a.cgns")


def test_places_count_beside_angles(tmp_path: Path) -> None:
    angles = {"CoordinateR": X + 7, "CoordinateTheta": Y}
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        structured(begun(file), CoordinateX=X, CoordinateY=Y, CoordinateZ=Z, **angles)
    ((_, grid),) = leaves(opened(tmp_path / "a.cgns"))
    np.testing.assert_array_equal(points(grid), np.column_stack([X.ravel(), Y.ravel(), Z.ravel()]))


def test_solutions_and_places_by_what_points_to_them(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        base = begun(file)
        zone = structured(base)
        places(zone, "GridCoordinates#2", CoordinateX=X + 100, CoordinateY=Y, CoordinateZ=Z)
        for number in (1, 2, 3):
            solution(zone, f"Solution{number}", P=X + 1000 * number)
        grids = ["GridCoordinates", "GridCoordinates", "GridCoordinates#2"]
        found = ["Solution3", "Solution1", "Solution2"]
        with_times(base, zone, FlowSolutionPointers=found, GridCoordinatesPointers=grids)
    assert times(tmp_path / "a.cgns") == TIMES
    for time, moved, number in ((4.0, 100, 2), (0.5, 0, 3), (1.5, 0, 1)):
        warnings: list[str] = []
        ((_, grid),) = leaves(opened(tmp_path / "a.cgns", time=time, warnings=warnings))
        np.testing.assert_array_equal(points(grid)[:, 0], X.ravel() + moved)
        np.testing.assert_array_equal(values(grid.GetPointData(), "P"), X.ravel() + 1000 * number)
        assert not warnings


@pytest.mark.parametrize(("count", "series", "told"), [(3, True, True), (2, False, True), (1, True, False)])
def test_solutions_that_no_time_points_to_are_told(tmp_path: Path, count: int, series: bool, told: bool) -> None:
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        base = begun(file)
        zone = structured(base)
        for number in range(count):
            solution(zone, f"Solution{number}", P=X + 1000 * number)
        solution(zone, "Middles", b"CellCenter", rho=[[[1, 2]]])
        if series:
            with_times(base, zone)
    warnings: list[str] = []
    ((_, grid),) = leaves(opened(tmp_path / "a.cgns", warnings=warnings))
    assert values(grid.GetCellData(), "rho").tolist() == [1, 2]
    said = [one for one in warnings if f"the zone 'zone' has {count} solutions at vertices" in one]
    assert bool(said) == told
    assert all(("shown at all 3 times" in one) == series for one in said)


def test_values_of_cells_go_by_the_numbers_of_elements(tmp_path: Path) -> None:
    """Sections are in the order of their names in the file; a boundary has the first number."""
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        zone = unstructured(begun(file), 2)
        section(zone, "A pyramid", 12, 3, [5, 6, 7, 8, 9])
        section(zone, "B brick", 17, 2, range(1, 9))
        section(zone, "C floor", 7, 1, [1, 4, 3, 2])
        solution(zone, "Middles", b"CellCenter", corners=[8, 5])
    ((_, grid),) = leaves(opened(tmp_path / "a.cgns"))
    assert volume(grid) == pytest.approx(1 + 1 / 3)
    corners = [grid.GetCell(index).GetNumberOfPoints() for index in range(grid.GetNumberOfCells())]
    assert values(grid.GetCellData(), "corners").tolist() == corners == [8, 5]


def test_zones_whose_elements_are_not_read_are_told(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        section(unstructured(begun(file), 1), "Floor", 7, 1, [1, 2, 3, 4])
    warnings: list[str] = []
    ((_, grid),) = leaves(opened(tmp_path / "a.cgns", warnings=warnings))
    assert grid.GetNumberOfCells() == 0
    assert any("no cells are read of the zone 'Base/zone'" in one and "CellDimension" in one for one in warnings)


def test_layers_around_a_zone_are_left_out(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.cgns", "w") as file:
        zone = structured(begun(file))
        for name, at, numbers in (("A", b"CellCenter", np.arange(4.0)), ("B", b"Vertex", np.arange(20.0))):
            made = solution(zone, name, at, **{name: numbers.reshape((1, 1, 4) if name == "A" else (2, 2, 5))})
            node(made, "Rind", "Rind_t", np.array([1, 1, 0, 0, 0, 0], "i4"))
    ((_, grid),) = leaves(opened(tmp_path / "a.cgns"))
    assert values(grid.GetCellData(), "A").tolist() == [1, 2]
    wanted = np.arange(20.0).reshape(2, 2, 5)[..., 1:4].ravel()
    np.testing.assert_array_equal(values(grid.GetPointData(), "B"), wanted)
