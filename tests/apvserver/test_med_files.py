"""MED as its library keeps it in HDF5 (made by hand): cells, polyhedra, groups, times, profiles, several meshes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import leaves, opened, points, times, values, volume
from .test_mesh_files import EDGES, VOLUMES, with_middles

ALL = "MED_NO_PROFILE_INTERNAL"
NO_STEP = "-0000000000000000001-0000000000000000001"
CUBE = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)], float)
IN_MED = [0, 3, 2, 1, 4, 7, 6, 5]
"""MED goes around the base of a hexahedron the other way than VTK."""
TWO = np.concatenate((CUBE, [(2, 0, 0), (2, 1, 0), (2, 0, 1), (2, 1, 1)]))
"""Two cubes side by side."""
PAIR = np.array([[0, 3, 2, 1, 4, 7, 6, 5], [1, 2, 9, 8, 5, 6, 11, 10]])


def mesh(file: Any, name: str, places: Any, cells: dict[str, Any], **attributes: int) -> Any:
    """A mesh of cells (rows of corners, from 0, by kind) in a file; the group of its step."""
    group = file.create_group(f"ENS_MAA/{name}")
    group.attrs.update({"ESP": places.shape[1], "DIM": 3, "TYP": 0, "REP": 0, **attributes})
    step = group.create_group(NO_STEP)
    step.attrs.update({"NDT": -1, "NOR": -1, "PDT": 0.0})
    step["NOE/COO"] = places.T.ravel()
    for kind, rows in cells.items():
        step[f"MAI/{kind}/NOD"] = np.asarray(rows).T.ravel() + 1
    file.require_group("INFOS_GENERALES").attrs["MAJ"] = 4
    return step


def field(
    file: Any, name: str, of: str, support: str, values: Any, *, step: tuple[int, float] = (-1, 0.0), places: int = 1,
    profile: str = ALL,
) -> None:  # fmt: skip
    """Numbers of a field on a support; a row for each node or cell."""
    rows = np.atleast_2d(np.asarray(values).T).T
    group = file.require_group(f"CHA/{name}")
    group.attrs.update({"NCO": rows.shape[1], "MAI": np.bytes_(of)})
    group.attrs["NOM"] = np.bytes_("".join(f"{one:16}" for one in "XYZ"[: rows.shape[1]]))
    at = group.require_group(f"{step[0]:020d}-0000000000000000001")
    at.attrs.update({"NDT": step[0], "NOR": -1, "PDT": step[1]})
    part = at.require_group(f"{support}/{profile}")
    part.attrs.update({"NGA": places, "NBR": len(rows) // places})
    part["CO"] = rows.T.ravel()


def group_of(file: Any, of: str, kind: str, number: int, *names: str) -> None:
    """A family, and the groups that it is in, as MED stores names: 80 bytes each."""
    family = file.require_group(f"FAS/{of}/{kind}/F{number}")
    family.attrs["NUM"] = number
    if names:
        family["GRO/NOM"] = np.array([list(name.encode().ljust(80)) for name in names], np.uint8).view(np.int8)


@pytest.mark.parametrize("kind", ["tetra", "pyramid", "wedge", "hexahedron", *EDGES])
def test_cells_of_every_kind(tmp_path: Path, kind: str) -> None:
    """MED has bases the other way round; its own order of the middles of faces is that of its pictures."""
    letter = {"t": "T", "p": "P", "w": "P", "h": "H"}[kind[0]]
    linear_names = {"tetra": "TE4", "pyramid": "PY5", "wedge": "PE6", "hexahedron": "HE8"}
    name = linear_names.get(kind, letter + kind[-2:])
    in_med = dict(EDGES)
    in_med["hexahedron27"] = f"{EDGES['hexahedron20']} 0123 0154 1265 2376 0374 4567 01234567"
    places = with_middles(kind, in_med.get(kind, "")) * (1, 2, 3)
    places[:, 2] = -places[:, 2]  # so that its base goes round as MED has it
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "m", places, {name: [range(len(places))]})
    grid = opened(tmp_path / "a.med")
    linear = kind.rstrip("0123456789")
    assert volume(grid) == pytest.approx(6 * VOLUMES[linear])
    found = vtk_to_numpy(grid.GetCell(0).GetPoints().GetData())
    corners = found[: {"tetra": 4, "pyramid": 5, "wedge": 6, "hexahedron": 8}[linear]]
    for place, group in zip(found[len(corners) :], EDGES.get(kind, "").split(), strict=True):
        np.testing.assert_allclose(place, np.mean([corners[int(one)] for one in group], axis=0), atol=1e-12)


def test_polyhedra_and_polygons_beside_others(tmp_path: Path) -> None:
    """A cube as such, the other as a polyhedron, and the side between them as a polygon, each with its number."""
    sides = [[1, 8, 9, 2], [5, 6, 11, 10], [1, 5, 10, 8], [2, 9, 11, 6], [1, 2, 6, 5], [8, 10, 11, 9]]
    with h5py.File(tmp_path / "a.med", "w") as file:
        step = mesh(file, "m", TWO, {"HE8": PAIR[:1]})
        step["MAI/POE/NOD"] = np.concatenate(sides) + 1
        step["MAI/POE/INN"] = np.arange(7) * 4 + 1
        step["MAI/POE/IFN"] = np.array([1, 7])
        step["MAI/POG/NOD"] = np.array([1, 2, 6, 5]) + 1
        step["MAI/POG/INN"] = np.array([1, 5])
        for kind, value in (("HE8", 10.0), ("POE", 20.0), ("POG", 30.0)):
            field(file, "f", "m", f"MAI.{kind}", [value])
    grid = opened(tmp_path / "a.med")
    assert volume(grid) == pytest.approx(2)
    kinds = [grid.GetCellType(index) for index in range(3)]
    assert dict(zip(kinds, values(grid.GetCellData(), "f").tolist(), strict=True)) == {12: 10, 7: 30, 42: 20}
    polyhedron = grid.GetCell(kinds.index(42))
    assert polyhedron.GetBounds() == (1, 2, 0, 1, 0, 1) and polyhedron.GetNumberOfFaces() == 6


def test_fields_at_their_times(tmp_path: Path) -> None:
    """A field with one step is there at all times; one that lacks a time has NaN then; vectors, integers."""
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR})
        for number, time in enumerate((0.5, 1.5, 2.5)):
            field(file, "f", "m", "MAI.HE8", [time, -time], step=(number, time))
        for number, time in ((0, 0.5), (2, 2.5)):
            field(file, "sparse", "m", "MAI.HE8", [time, time], step=(number, time))
        field(file, "v", "m", "NOE", TWO * 3)
        field(file, "long", "m", "MAI.HE8", np.array([2**53 + 1, -(2**62)]))
    assert times(tmp_path / "a.med") == (0.5, 1.5, 2.5)
    for time in (1.5, 0.5, 2.5):
        grid = opened(tmp_path / "a.med", time=time)
        assert values(grid.GetCellData(), "f").tolist() == [time, -time]
        sparse = values(grid.GetCellData(), "sparse")
        assert np.isnan(sparse).all() if time == 1.5 else (sparse == time).all()
        np.testing.assert_array_equal(values(grid.GetPointData(), "v"), TWO * 3)
        assert grid.GetPointData().GetArray("v").GetComponentName(1) == "Y"
        assert values(grid.GetCellData(), "long").tolist() == [2**53 + 1, -(2**62)]


def test_modes_at_one_time_have_numbers(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR})
        for number in (1, 2, 3):
            field(file, "mode", "m", "MAI.HE8", [number, 10 * number], step=(number, 0.0))
    assert times(tmp_path / "a.med") == (1, 2, 3)
    said = list[str]()
    assert values(opened(tmp_path / "a.med", time=2.0, warnings=said).GetCellData(), "mode").tolist() == [2, 20]
    assert any("the numbers of the steps are taken for times" in one for one in said)


def test_a_field_on_a_part(tmp_path: Path) -> None:
    """Of nodes and of cells, by profiles."""
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR})
        file["PROFILS/second/PFL"] = np.array([2])
        file["PROFILS/some/PFL"] = np.array([12, 1])
        field(file, "f", "m", "MAI.HE8", [7.0], profile="second")
        field(file, "g", "m", "NOE", [5, 6], profile="some")
    grid = opened(tmp_path / "a.med")
    assert np.array_equal(values(grid.GetCellData(), "f"), [np.nan, 7], equal_nan=True)
    nodes = values(grid.GetPointData(), "g")
    assert (nodes[11], nodes[0]) == (5, 6) and np.isnan(nodes[1:11]).all()


@pytest.mark.parametrize(("support", "places"), [("NOE.HE8", 8), ("MAI.HE8", 27)])
def test_several_values_in_a_cell_are_left_out_and_told(tmp_path: Path, support: str, places: int) -> None:
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR})
        field(file, "stress", "m", support, np.arange(2.0 * places), places=places)
    said = list[str]()
    grid = opened(tmp_path / "a.med", warnings=said)
    assert grid.GetCellData().GetArray("stress") is None
    assert any("several values in a cell (Gauss points, its nodes) are left out: stress" in one for one in said)


def test_groups_are_arrays_of_0_and_1(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.med", "w") as file:
        step = mesh(file, "m", TWO, {"HE8": PAIR, "QU4": [[1, 2, 6, 5]]})
        step["MAI/HE8/FAM"] = np.array([-1, -2])
        step["MAI/QU4/FAM"] = np.array([0])
        step["NOE/FAM"] = np.array([3] + [0] * 11)
        group_of(file, "m", "ELEME", -1, "left", "all")
        group_of(file, "m", "ELEME", -2, "all")
        group_of(file, "m", "ELEME", -9)
        group_of(file, "m", "NOEUD", 3, "corner é")
    grid = opened(tmp_path / "a.med")
    assert volume(grid) == pytest.approx(2)
    cells = grid.GetCellData()
    assert (values(cells, "left").tolist(), values(cells, "all").tolist()) == ([1, 0, 0], [1, 1, 0])
    assert values(grid.GetPointData(), "corner é").tolist() == [1] + [0] * 11


def test_several_meshes_are_blocks_with_their_own_fields(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "one", TWO, {"HE8": PAIR})
        mesh(file, "two", TWO + np.array((10, 0, 0)), {"HE8": PAIR[:1]})
        field(file, "f", "two", "MAI.HE8", [4.0])
    (one, first), (two, second) = leaves(opened(tmp_path / "a.med"))
    assert (one, two) == ("one", "two")
    assert [volume(first), volume(second)] == pytest.approx([2, 1])
    assert first.GetCellData().GetArray("f") is None and values(second.GetCellData(), "f").tolist() == [4]
    assert second.GetBounds()[:2] == (10, 12)


def test_grids_of_boxes(tmp_path: Path) -> None:
    """Along axes, and with places of their own."""
    for name, form in (("a", 0), ("b", 2)):
        with h5py.File(tmp_path / f"{name}.med", "w") as file:
            axes = [[0.0, 1, 4], [0.0, 2], [0.0, 5]]
            nodes = np.stack([one.ravel(order="F") for one in np.meshgrid(*axes, indexing="ij")], axis=1)
            step = mesh(file, "m", nodes, {}, TYP=1, GTY=form)
            if form == 0:
                del step["NOE/COO"]
                for at, axis in enumerate(axes):
                    step[f"NOE/IN{at + 1}"] = axis
            else:
                step["NOE/FIN"] = np.array([3, 2, 2])
            field(file, "f", "m", "MAI.HE8", [1.0, 3.0])
            field(file, "x", "m", "NOE", nodes[:, 0])
        grid = opened(tmp_path / f"{name}.med")
        assert volume(grid) == pytest.approx(40)
        assert [grid.GetCell(index).GetBounds()[:2] for index in range(2)] == [(0, 1), (1, 4)]
        assert values(grid.GetCellData(), "f").tolist() == [1, 3]
        assert values(grid.GetPointData(), "x").tolist() == points(grid)[:, 0].tolist()


@pytest.mark.parametrize(("attributes", "why"), [
    ({"REP": 1}, "is in cylindrical or spherical coordinates"),
    ({"TYP": 1, "GTY": 1}, "a grid along polar axes is not read"),
])  # fmt: skip
def test_what_is_not_read_is_refused(tmp_path: Path, attributes: dict[str, int], why: str) -> None:
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR}, **attributes)
    with pytest.raises(ExecutionFailed, match=why):
        opened(tmp_path / "a.med")


def test_what_does_not_fit_is_an_error(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR + 5})
    with pytest.raises(ExecutionFailed, match="cells of points that it does not have"):
        opened(tmp_path / "a.med")
    with h5py.File(tmp_path / "b.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR})
        field(file, "f", "m", "MAI.HE8", [1.0, 2, 3])
    with pytest.raises(ExecutionFailed, match="a field has numbers of HE8 that the mesh does not have"):
        opened(tmp_path / "b.med")
    with h5py.File(tmp_path / "c.med", "w") as file:
        mesh(file, "m", TWO, {"HE8": PAIR})
        file["INFOS_GENERALES"].attrs["MAJ"] = 2
    with pytest.raises(ExecutionFailed, match="of version 2 of MED"):
        opened(tmp_path / "c.med")
