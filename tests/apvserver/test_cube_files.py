"""Gaussian cubes: atoms and grid at their places, in the unit of the file, whatever the steps of the grid are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ase import Atoms
from ase.io import write
from ase.units import Bohr

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, values

WATER = Atoms("OHH", positions=[(0, 0, 0), (0.96, 0, 0), (-0.24, 0.93, 0)], cell=[5, 6, 7], pbc=True)


def by_hand(
    path: Path, axes: Any, counts: tuple[int, int, int], *, sign: int = 1, orbitals: tuple[int, ...] = ()
) -> None:
    """Values are x + 10 y + 100 z in steps of the grid, plus 1000 for each further orbital."""
    lines = ["title", "density", f"{-1 if orbitals else 1:5d} 1.0 2.0 3.0"]
    lines += [f"{sign * count:5d} {x} {y} {z}" for count, (x, y, z) in zip(counts, axes, strict=True)]
    lines.append("    8 8.0 1.0 2.0 3.0")
    if orbitals:
        lines.append(" ".join(map(str, (len(orbitals), *orbitals))))
    numbers = [x + 10 * y + 100 * z + 1000 * m for x, y, z in np.ndindex(counts) for m in range(len(orbitals) or 1)]
    lines += [" ".join(f"{one:.5E}" for one in numbers[i : i + 6]) for i in range(0, len(numbers), 6)]
    path.write_text("\n".join(lines) + "\n")


def test_atoms_and_grid_as_ase_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "water.cube"
    data = np.arange(60.0).reshape(3, 4, 5)
    write(path, WATER, data=data)
    atoms = opened(path)
    np.testing.assert_allclose(points(atoms) * Bohr, WATER.positions, atol=1e-6)
    assert values(atoms.GetPointData(), "Atomic Numbers").tolist() == [8, 1, 1]
    assert atoms.GetFieldData().GetAbstractArray("LengthUnit").GetValue(0) == "bohr"
    bonds = {tuple(sorted(atoms.GetCell(i).GetPointId(k) for k in (0, 1))) for i in (3, 4)}
    assert (atoms.GetNumberOfCells(), bonds) == (5, {(0, 1), (0, 2)})
    grid = opened(path, port=1)
    assert (grid.GetClassName(), grid.GetDimensions()) == ("vtkImageData", (3, 4, 5))
    np.testing.assert_allclose(np.array(grid.GetSpacing()) * Bohr, (5 / 3, 6 / 4, 7 / 5), atol=1e-5)
    read = values(grid.GetPointData(), grid.GetPointData().GetArrayName(0)).reshape(5, 4, 3)
    np.testing.assert_array_equal(read.transpose(2, 1, 0), data)


@pytest.mark.parametrize(
    ("axes", "kind"),
    [
        (((0.5, 0, 0), (0, 1, 0), (0, 0, 2)), "vtkImageData"),
        (((0, 0.5, 0), (-1, 0, 0), (0, 0, 2)), "vtkImageData"),  # turned by 90 degrees
        (((0.5, 0, 0), (0.25, 1, 0), (0, 0.5, 2)), "vtkStructuredGrid"),  # skewed
        (((0.5, 0, 0), (0, 1, 0), (0, 0, -2)), "vtkStructuredGrid"),  # left-handed
    ],
)
def test_each_value_is_at_its_place(tmp_path: Path, axes: Any, kind: str) -> None:
    path = tmp_path / "grid.cube"
    by_hand(path, axes, (3, 2, 2))
    grid = opened(path, port=1)
    assert grid.GetClassName() == kind
    found = values(grid.GetPointData(), "density")
    for index in range(grid.GetNumberOfPoints()):
        x, y, z = int(found[index]) % 10, int(found[index]) // 10 % 10, int(found[index]) // 100
        np.testing.assert_allclose(grid.GetPoint(index), np.array((x, y, z)) @ np.array(axes) + (1, 2, 3), atol=1e-6)


def test_orbitals_and_angstrom(tmp_path: Path) -> None:
    path = tmp_path / "orbitals.cub"
    by_hand(path, np.eye(3), (2, 2, 2), sign=-1, orbitals=(7, 9))
    grid = opened(path, port=1)
    assert values(grid.GetPointData(), "MO 7").tolist() == [0, 1, 10, 11, 100, 101, 110, 111]
    assert values(grid.GetPointData(), "MO 9").tolist() == [1000, 1001, 1010, 1011, 1100, 1101, 1110, 1111]
    assert grid.GetFieldData().GetAbstractArray("LengthUnit").GetValue(0) == "angstrom"


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.cube"
    by_hand(path, np.eye(3), (3, 3, 3))
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))
    with pytest.raises(ExecutionFailed, match=r"3 x 3 x 3 points with 1 numbers each, and there are \d+ numbers"):
        opened(path)
