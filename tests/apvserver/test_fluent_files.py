"""FLUENT cases: zones of cells hold the volume once, zones of boundaries are faces with their area."""

import struct
from pathlib import Path

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import leaves, opened, values, volume

POINTS = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)], float)
CELLS = [(0, 1, 2, 3), (1, 2, 3, 4)]
WALLS, INLET, INSIDE = [(0, 1, 2), (0, 2, 3), (0, 1, 3)], [(4, 1, 2), (4, 2, 3), (4, 1, 3)], (1, 2, 3)
WALL_AREA, INLET_AREA = (
    1.5,
    sum(np.linalg.norm(np.cross(POINTS[b] - POINTS[a], POINTS[c] - POINTS[a])) / 2 for a, b, c in INLET),
)


def row(face: tuple[int, ...], cell: int, other: int) -> list[int]:
    """Corners so that their normal points into the first cell, and the two cells, all from 1."""
    a, b, c = POINTS[list(face)]
    into = np.dot(np.cross(b - a, c - a), POINTS[list(CELLS[cell])].mean(0) - a) > 0
    return [i + 1 for i in (face if into else face[::-1])] + [cell + 1, other]


ZONES = [
    (3, 2, [row(INSIDE, 0, 2)]),
    (4, 3, [row(face, 0, 0) for face in WALLS]),
    (5, 10, [row(face, 1, 0) for face in INLET]),
]
NAMES = "\n".join(
    ["(45 (2 fluid gas)())", "(45 (3 interior inside)())", "(45 (4 wall sides)())", "(45 (5 velocity-inlet in)())"]
)


def write_text(path: Path, *, mixed: bool = False) -> None:
    lines = ['(0 "by hand")', "(2 3)", "(10 (0 1 5 0 3))", "(10 (1 1 5 1 3)("]
    lines += [" ".join(f"{x:g}" for x in point) for point in POINTS] + ["))", "(12 (0 1 2 0))", "(12 (2 1 2 1 2))"]
    lines += ["(13 (0 1 7 0))"]
    first = 1
    for number, code, rows in ZONES:
        lines.append(f"(13 ({number:x} {first:x} {first + len(rows) - 1:x} {code:x} {0 if mixed else 3:x})(")
        lines += [("3 " if mixed else "") + " ".join(f"{one:x}" for one in one_row) for one_row in rows] + ["))"]
        first += len(rows)
    path.write_text("\n".join([*lines, NAMES]) + "\n")


def write_binary(path: Path) -> None:
    end = b"\nEnd of Binary Section   %d)\n"
    data = (
        b'(0 "by hand")\n(2 3)\n(10 (0 1 5 0 3))\n(3010 (1 1 5 1 3)('
        + POINTS.astype("<f8").tobytes()
        + b")"
        + end % 3010
    )
    data += b"(12 (0 1 2 0))\n(12 (2 1 2 1 2))\n(13 (0 1 7 0))\n"
    first = 1
    for number, code, rows in ZONES:
        data += f"(2013 ({number:x} {first:x} {first + len(rows) - 1:x} {code:x} 3)(".encode()
        data += b"".join(struct.pack("<5i", *one) for one in rows) + b")" + end % 2013
        first += len(rows)
    path.write_bytes(data + NAMES.encode())


@pytest.mark.parametrize("how", ["text", "mixed", "binary"])
def test_volume_and_areas(tmp_path: Path, how: str) -> None:
    path = tmp_path / "two.cas"
    if how == "binary":
        write_binary(path)
    else:
        write_text(path, mixed=how == "mixed")
    whole = opened(path)
    assert volume(whole) == pytest.approx(0.5)
    blocks = dict(leaves(whole))
    assert set(blocks) == {"gas:fluid", "sides:wall", "in:velocity-inlet"}
    assert blocks["gas:fluid"].GetNumberOfCells() == 2
    assert volume(blocks["sides:wall"], "Area") == pytest.approx(WALL_AREA)
    assert volume(blocks["in:velocity-inlet"], "Area") == pytest.approx(INLET_AREA)
    assert blocks["in:velocity-inlet"].GetNumberOfPoints() == 4


def test_faces_have_the_values_of_the_cells_beside_them(tmp_path: Path) -> None:
    write_text(tmp_path / "two.cas")
    (tmp_path / "two.dat").write_text('(0 "by hand")\n(300 (1 2 1 0 0 1 2)(\n10\n20\n))\n')
    blocks = dict(leaves(opened(tmp_path / "two.cas")))
    assert values(blocks["gas:fluid"].GetCellData(), "PRESSURE").tolist() == [10, 20]
    assert values(blocks["sides:wall"].GetCellData(), "PRESSURE").tolist() == [10, 10, 10]
    assert values(blocks["in:velocity-inlet"].GetCellData(), "PRESSURE").tolist() == [20, 20, 20]


def test_a_case_without_faces_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.msh"
    path.write_text("(2 3)\n(10 (0 1 5 0 3))\n(12 (0 1 2 0))\n")
    with pytest.raises(ExecutionFailed, match="this FLUENT case has no faces"):
        opened(path)
