"""Nastran: decks as programs write them, with systems of coordinates, masses, springs and rigid elements.

After MSC Nastran's Quick Reference Guide; `DECK` and `WIDE` are as pyNastran 1.4 writes the same model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, values, volume
from .test_mesh_files import EDGES, with_middles

DECK = """$pyNastran: version=msc
SOL 101
CEND
TITLE = "a, b"
BEGIN BULK
$NODES
GRID         101              0.      0.      0.
GRID         102              1.      0.      0.
GRID         103              1.      1.      0.
GRID         104              0.      1.      0.
GRID         105              0.      0.     2.0
GRID         106              1.      0.     2.0
GRID         107              1.      1.     2.0
GRID         108              0.      1.     2.0
$ELEMENTS
CHEXA          1       1     101     102     103     104     105     106
             107     108
CQUAD4         2       2     101     102     103     104
CTRIA3         3       2     101     102     103
CBAR           4       3     101     102      0.      0.      1.
CONROD         5     102     103       1      0.
CELAS1         6       4     101       1     105       1
CPYRAM         9       1     101     102     103     104     105
CPENTA        10       1     101     102     103     105     106     107
$PROPERTIES
PSOLID         1       1
MAT1           1   2.+11              .3
CONM2          8     101             2.5
RBE2           7     101     123     102     103
ENDDATA
"""
WIDE = (
    "".join(
        f"GRID*   {number:>16}{'':16}{x:>16}{y:>16}\n*       {z:>16}\n"
        for number, (x, y, z) in enumerate(
            [
                ("0.0000000000D+00", "0.0000000000D+00", "0.0000000000D+00"),
                ("1.0000000000D+00", "0.0000000000D+00", "0.0000000000D+00"),
                ("1.0000000000D+00", "1.0000000000D+00", "0.0000000000D+00"),
                ("0.0000000000D+00", "0.0000000000D+00", "2.0000000000D+00"),
            ],
            101,
        )
    )
    + f"CTETRA* {1:>16}{1:>16}{101:>16}{102:>16}\n*       {103:>16}{104:>16}\n"
)
KINDS = {1: 12, 2: 9, 3: 5, 4: 3, 5: 3, 9: 14, 10: 13}
"""VTK's number of the kind of each element."""


def bulk(path: Path, *rows: str) -> Any:
    path.write_text("\n".join(["BEGIN BULK", *rows, "ENDDATA", ""]))
    return opened(path)


def test_a_deck_with_masses_springs_and_rigid_elements(tmp_path: Path) -> None:
    (tmp_path / "a.bdf").write_text(DECK)
    told = list[str]()
    grid = opened(tmp_path / "a.bdf", warnings=told)
    numbers = values(grid.GetCellData(), "Number").tolist()
    assert {number: grid.GetCellType(row) for row, number in enumerate(numbers)} == KINDS
    assert values(grid.GetPointData(), "Number").tolist() == list(range(101, 109))
    groups = dict(zip(numbers, values(grid.GetCellData(), "nastran:ref").tolist(), strict=True))
    assert groups == {1: 1, 2: 2, 3: 2, 4: 3, 5: 0, 9: 1, 10: 1}
    assert volume(grid) == pytest.approx(2 + 2 / 3 + 1)
    assert len(told) == 1 and told[0].endswith("left out: CELAS1 (1), CONM2 (1), RBE2 (1)")


def test_wide_fields_with_exponents_of_double_precision(tmp_path: Path) -> None:
    (tmp_path / "a.nas").write_text(WIDE)
    assert volume(opened(tmp_path / "a.nas")) == pytest.approx(1 / 3)


@pytest.mark.parametrize("text", ["1.5+3", "1.5E3", "1.5D+3", "1500.", "15000.-1"])
def test_numbers_as_nastran_writes_them(tmp_path: Path, text: str) -> None:
    grid = bulk(tmp_path / "a.bdf", f"GRID,1,,{text},0.,-.5-2", "GRID,2,,0.,0.,0.", "PLOTEL,1,1,2")
    np.testing.assert_allclose(points(grid)[0], [1500, 0, -0.005], rtol=1e-15)


SYSTEMS = [
    "CORD2R,5,0,10.,0.,0.,10.,0.,1.,+",
    "+,10.,1.,0.",  # z stays, x goes along y: at (10, 0, 0)
    "CORD2C,6,5,0.,0.,0.,1.,0.,0.,+",
    "+,0.,0.,1.",  # on 5: its axis is x of 5, from z of 5 on
    "CORD2S,7,,0.,0.,0.,0.,0.,1.,+",
    "+,1.,0.,0.",
    "CORD1R,8,1,2,3",
]
PLACES: dict[str, tuple[float, ...]] = {
    "GRID,11,5,1.,2.,3.": (8, 1, 3),
    "GRID,12,6,2.,90.,4.": (12, 4, 0),
    "GRID,13,6,2.,0.,0.": (10, 0, 2),
    "GRID,14,7,2.,90.,90.": (0, 2, 0),
    "GRID,15,7,2.,60.,0.": (3**0.5, 0, 1),
    "GRID,16,8,1.,2.,3.": (3, 6, 6),
}


@pytest.mark.parametrize("row", PLACES)
@pytest.mark.parametrize("usual", [False, True])
def test_points_in_systems_of_their_own(tmp_path: Path, row: str, usual: bool) -> None:
    """Also by points that are in one (CORD1R), and in the system that GRDSET says."""
    name, number, system, *place = row.split(",")
    given = ["GRDSET,," + system, ",".join([name, number, "", *place])] if usual else [row]
    rows = ["GRID,1,0,1.,3.,5.", "GRID,2,0,1.,4.,5.", "GRID,3,0,1.,3.,6.", "PLOTEL,1,1,2"]
    grid = bulk(tmp_path / "a.bdf", *given[:-1], *SYSTEMS, *rows, given[-1])
    np.testing.assert_allclose(points(grid)[3], PLACES[row], atol=1e-14)
    assert values(grid.GetPointData(), "nastran:ref").tolist() == [0, 0, 0, int(system)]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["GRID,4,9,1.,0.,0."], "points in the system of coordinates 9, and does not say where that is"),
        (["CORD2R,9,9,0.,0.,0.,0.,0.,1.,+", "+,1.,0.,0.", "GRID,4,9,1.,0.,0."], "9 stands on itself"),
        (["CORD2R,9,,0.,0.,0.,0.,0.,1.,+", "+,0.,0.,2.", "GRID,4,9,1.,0.,0."], "of coordinates 9 are in a line"),
        (["INCLUDE 'mesh.bdf'"], "it includes other files"),
        (["CTRIA3,1,1,1,2,9"], "elements of points that are not there"),
        (["CTRIA3,1,x,1,2,3"], "cannot be read as bulk data of Nastran"),
    ],
)
def test_what_cannot_be_placed_is_refused(tmp_path: Path, rows: list[str], why: str) -> None:
    base = ["GRID,1,,0.,0.,0.", "GRID,2,,1.,0.,0.", "GRID,3,,0.,1.,0.", "CTRIA3,7,1,1,2,3"]
    with pytest.raises(ExecutionFailed, match=why):
        bulk(tmp_path / "a.bdf", *base, *rows)


@pytest.mark.parametrize(
    ("card", "kind", "edges", "order", "size"),
    [
        ("CTETRA", "tetra", "tetra10", range(10), 1 / 6),
        ("CHEXA", "hexahedron", "hexahedron20", (*range(12), *range(16, 20), *range(12, 16)), 1),
        ("CPENTA", "wedge", "wedge15", (*range(9), 12, 13, 14, 9, 10, 11), 0.5),
    ],
)
def test_points_between_corners(tmp_path: Path, card: str, kind: str, edges: str, order: Any, size: float) -> None:
    """The guide has those of the upright edges before those of the upper face. Some may be left out."""
    places = with_middles(kind, EDGES[edges])
    rows = [f"GRID,{number},,{x},{y},{z}" for number, (x, y, z) in enumerate(places.tolist(), 1)]
    of_nastran = [str(at + 1) for at in order]
    for fields in (of_nastran, ["" if at == len(of_nastran) - 2 else one for at, one in enumerate(of_nastran)]):
        cell = [",".join([card, "1", "1", *fields[:6]])]
        cell += [",".join(["+", *fields[at : at + 8]]) for at in range(6, len(fields), 8)]
        grid = bulk(tmp_path / "a.bdf", *rows, *cell)
        assert volume(grid) == pytest.approx(size)
        corners = {"tetra": 4, "hexahedron": 8, "wedge": 6}[kind]
        assert grid.GetCell(0).GetNumberOfPoints() == (len(order) if fields == of_nastran else corners)
        if fields == of_nastran:
            assert [grid.GetCell(0).GetPointId(at) for at in range(len(order))] == list(range(len(order)))
