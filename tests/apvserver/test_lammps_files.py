"""Text dumps of LAMMPS: places, columns and time steps, as ase reads them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase.io import read

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, times, values

BOXES = {
    "ITEM: BOX BOUNDS pp pp pp\n-1 3\n0 2\n1 6\n": np.array([(4, 0, 0), (0, 2, 0), (0, 0, 5)]),
    # a box of 4 x 2 x 5 with the tilts xy = 1, xz = 0.5, yz = -0.5; bounds as LAMMPS writes them, around all of it
    "ITEM: BOX BOUNDS xy xz yz pp pp pp\n-1 4.5 1\n-0.5 2 0.5\n1 6 -0.5\n": np.array(
        [(4, 0, 0), (1, 2, 0), (0.5, -0.5, 5)]
    ),
}  # fmt: skip
ATOMS = [(3, 2, 0.5, 0.5, 0.25), (1, 1, 0.0, 0.0, 0.0), (2, 1, 0.75, 0.25, 0.5)]


def frame(step: int, box: str, columns: str, rows: list[str]) -> str:
    head = f"ITEM: TIMESTEP\n{step}\nITEM: NUMBER OF ATOMS\n{len(rows)}\n{box}ITEM: ATOMS {columns}\n"
    return head + "\n".join(rows) + "\n"


@pytest.mark.parametrize("box", BOXES)
def test_scaled_places_and_times(tmp_path: Path, box: str) -> None:
    path = tmp_path / "a.lammpstrj"
    rows = {step: [f"{i} {t} {x} {y} {z} {step} 0 -{i}" for i, t, x, y, z in ATOMS] for step in (0, 100)}
    path.write_text("".join(frame(step, box, "id type xs ys zs vx vy vz", rows[step]) for step in rows))
    assert times(path) == (0, 100)
    for number, step in ((1, 100), (0, 0)):
        cloud = opened(path, time=step)
        expected = np.array([atom[2:] for atom in sorted(ATOMS)]) @ BOXES[box] + (-1, 0, 1)
        np.testing.assert_allclose(points(cloud), expected)
        atoms: Any = read(path, number, format="lammps-dump-text")  # which has the corner of the box at 0
        np.testing.assert_allclose(points(cloud), atoms.positions - np.array([1, 0, -1]))
        assert values(cloud.GetPointData(), "id").tolist() == [1, 2, 3]
        assert values(cloud.GetPointData(), "type").tolist() == [1, 1, 2]
        assert values(cloud.GetPointData(), "v").tolist() == [[step, 0, -i] for i in (1, 2, 3)]


def test_scaled_places_in_a_box_of_any_vectors(tmp_path: Path) -> None:
    """LAMMPS of 2024 on: three vectors, and a part of the origin behind each."""
    vectors = np.array([(0, 4, 0), (-2, 1, 0), (0.5, 0, 5)])
    origin = np.array([-1, 0, 1])
    bounds = "".join(f"{a} {b} {c} {d}\n" for (a, b, c), d in zip(vectors.tolist(), origin.tolist(), strict=True))
    rows = [f"{i} {t} {x} {y} {z}" for i, t, x, y, z in ATOMS]
    path = tmp_path / "a.dump"
    path.write_text(frame(0, f"ITEM: BOX BOUNDS abc origin pp pp pp\n{bounds}", "id type xs ys zs", rows))
    np.testing.assert_allclose(points(opened(path)), np.array([atom[2:] for atom in sorted(ATOMS)]) @ vectors + origin)


def test_elements_and_charges(tmp_path: Path) -> None:
    path = tmp_path / "a.dump"
    rows = ["2 O 1 2 3 -0.8", "1 H 4 5 6 0.4"]
    path.write_text(frame(7, next(iter(BOXES)), "id element x y z q", rows))
    cloud = opened(path)
    np.testing.assert_array_equal(points(cloud), [(4, 5, 6), (1, 2, 3)])
    assert values(cloud.GetPointData(), "q").tolist() == [0.4, -0.8]
    elements = cloud.GetPointData().GetAbstractArray("element")
    assert [elements.GetValue(index) for index in (0, 1)] == ["H", "O"]


def test_a_dump_that_is_cut_off(tmp_path: Path) -> None:
    text = frame(7, next(iter(BOXES)), "id x y z", ["1 0 0 0", "2 1 1 1"])
    (tmp_path / "a.dump").write_text(text[:-6])
    with pytest.raises(ExecutionFailed, match="the time step 7 cannot be understood, is it complete"):
        opened(tmp_path / "a.dump")
