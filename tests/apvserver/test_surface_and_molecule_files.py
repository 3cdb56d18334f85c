"""Surfaces and molecules as other programs write them."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from ase import Atoms
from ase.io import write
from vtkmodules.util.numpy_support import vtk_to_numpy

from ..harness.opening import leaves, opened, points, times, values, volume

WATER = Atoms("OHH", positions=[(0, 0, 0), (0.96, 0, 0), (-0.24, 0.93, 0)])


@pytest.mark.parametrize("kind", ["stl", "stl_ascii", "obj", "off", "glb", "ply"])
def test_a_box_of_trimesh(tmp_path: Path, kind: str) -> None:
    mesh = trimesh.creation.box((1, 2, 3))
    path = tmp_path / f"box.{kind.partition('_')[0]}"
    mesh.export(path, file_type=kind)
    data = opened(path)
    assert volume(data, "Area") == pytest.approx(22)
    ((_, surface),) = leaves(data)
    assert surface.GetBounds() == (-0.5, 0.5, -1, 1, -1.5, 1.5)


def test_a_binary_stl_that_begins_like_text(tmp_path: Path) -> None:
    head = b"solid made by somebody".ljust(80) + struct.pack("<I", 1)
    (tmp_path / "a.stl").write_bytes(head + struct.pack("<12fH", 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0))
    assert volume(opened(tmp_path / "a.stl"), "Area") == pytest.approx(0.5)


def test_an_obj_with_groups_polygons_and_negative_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.obj").write_text(
        "o one\nv 0 0 0\nv 1 0 0\nv 2 1 0\nv 1 2 0\nv 0 1 0\ng a\nf 1 2 3 4 5\n"
        "o two\ng b\nv 0 0 1\nv 1 0 1\nv 0 1 1\nf -3 -2 -1\n"
    )
    surface = opened(tmp_path / "a.obj")
    assert [surface.GetCell(index).GetNumberOfPoints() for index in (0, 1)] == [5, 3]
    assert [surface.GetCell(1).GetPointId(index) for index in range(3)] == [5, 6, 7]
    assert values(surface.GetCellData(), "GroupIds").tolist() == [0, 1]
    assert volume(surface, "Area") == pytest.approx(2.5 + 0.5)


def test_molecules_at_several_times(tmp_path: Path) -> None:
    path = tmp_path / "run.xyz"
    write(path, [WATER, Atoms("OHH", positions=WATER.positions + 5)])
    assert times(path) == (0, 1)
    for time in (1, 0):
        molecule = opened(path, time=time)
        assert vtk_to_numpy(molecule.GetAtomicNumberArray()).tolist() == [8, 1, 1]
        np.testing.assert_allclose(points_of(molecule), WATER.positions + 5 * time, atol=1e-6)


def points_of(molecule: Any) -> Any:
    return vtk_to_numpy(molecule.GetAtomicPositionArray().GetData())


def test_a_pdb_file_tells_what_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a.pdb", [WATER, WATER])
    warnings: list[str] = []
    atoms = opened(tmp_path / "a.pdb", warnings=warnings)
    np.testing.assert_array_equal(points(atoms), [(0, 0, 0)] * 2)
    assert any("the 4 hydrogen atoms in it are left out" in text for text in warnings)
    assert any("its 2 models are shown together" in text for text in warnings)


def test_ensight_of_version_6(tmp_path: Path) -> None:
    """Written after the description of the format in EnSight's user manual."""
    places = [(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    nodes = "".join(f"{i:8d}{x:12.5e}{y:12.5e}{z:12.5e}\n" for i, (x, y, z) in enumerate(places, 1))
    cell = "".join(f"{i:8d}" for i in (1, *range(1, 9)))
    (tmp_path / "a.geo").write_text(
        f"one cell\nby hand\nnode id given\nelement id given\ncoordinates\n{8:8d}\n{nodes}part       1\nvolume\nhexa8\n"
        f"{1:8d}\n{cell}\n"
    )
    (tmp_path / "a.pr").write_text(f"pressure\npart       1\nhexa8\n{7:12.5e}\n")
    (tmp_path / "a.t").write_text(
        "heat\n" + "".join(f"{i:12.5e}" + ("\n" if i % 6 == 5 else "") for i in range(8)) + "\n"
    )
    (tmp_path / "a.case").write_text(
        "FORMAT\ntype: ensight\n\nGEOMETRY\nmodel: a.geo\n\nVARIABLE\nscalar per element: pr a.pr\n"
        "scalar per node: t a.t\n"
    )
    ((_, grid),) = leaves(opened(tmp_path / "a.case"))
    np.testing.assert_array_equal(points(grid), places)
    assert values(grid.GetCellData(), "pr").tolist() == [7]
    assert values(grid.GetPointData(), "t").tolist() == list(range(8))
    assert volume(grid) == pytest.approx(1)
