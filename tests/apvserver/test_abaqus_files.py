"""Input files of Abaqus and CalculiX: nodes, elements, sets, parts and instances, after the keywords manual."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, values, volume

ABAQUS = """*HEADING
two elements
*NODE, NSET=ALL
10, 0., 0., 0.
20, 1., 0., 0.
30, 0., 1., 0.
40, 0., 0., 1.
50, 0., 0., -1.
*ELEMENT, TYPE=C3D4, ELSET=UPPER
1, 10, 20, 30, 40
*ELEMENT, TYPE=C3D4, ELSET=LOWER
2, 10, 30, 20, 50
*NSET, NSET=TIP
40,
"""

ASSEMBLY = """*Heading
** made by hand
*Part, name=Block
*Node
 1, 0., 0., 0.
 2, 1., 0., 0.
 3, 0., 1., 0.
 4, 0., 0., 1.
*Element, type=C3D4
7, 1, 2, 3, 4
*Nset, nset=Base, generate
 1, 3, 1
*Elset, elset=All
7,
*End Part
*Assembly, name=Assembly
*Instance, name=Block-1, part=Block
*End Instance
*Instance, name=Block-2, part=Block
10., 0., 0.
10., 0., 0., 10., 0., 1., 90.
*End Instance
*Node
1, 5., 5., 5.
*Nset, nset=Tips, instance=Block-1
4,
*Nset, nset=Tips, instance=Block-2
4,
*End Assembly
*Material, name=steel
*Elastic
200., 0.3
*Step
*Node output
U,
*End Step
"""


def test_parts_are_where_their_instances_are(tmp_path: Path) -> None:
    """The second is moved by 10 along x and turned by 90 degrees about the line through (10, 0, 0) along z."""
    (tmp_path / "a.inp").write_text(ASSEMBLY)
    grid = opened(tmp_path / "a.inp")
    part = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]
    np.testing.assert_allclose(points(grid), [*part, (10, 0, 0), (10, 1, 0), (9, 0, 0), (10, 0, 1)], atol=1e-12)
    assert values(grid.GetPointData(), "Tips").tolist() == [0, 0, 0, 1] * 2
    assert values(grid.GetPointData(), "Block-2.Base").tolist() == [0, 0, 0, 0, 1, 1, 1, 0]
    assert values(grid.GetCellData(), "Number").tolist() == [7, 7]
    assert values(grid.GetCellData(), "Instance").tolist() == [0, 1]
    assert volume(grid) == pytest.approx(2 / 6)


def test_nodes_in_several_places_and_files(tmp_path: Path) -> None:
    (tmp_path / "more.inp").write_text("*NODE\n3, 0., 1.\n4, 0., 0., 1.\n")
    (tmp_path / "a.inp").write_text(
        "*NODE\n1, 0., 0., 0.\n2, 1., 0., 0.\n*INCLUDE, INPUT=more.inp\n"
        "*ELEMENT, TYPE=C3D4,\n ELSET=ALL\n1, 1, 2,\n3, 4\n"
    )
    grid = opened(tmp_path / "a.inp")
    assert volume(grid) == pytest.approx(1 / 6)
    assert values(grid.GetCellData(), "ALL").tolist() == [1]


def test_sets_are_arrays(tmp_path: Path) -> None:
    (tmp_path / "a.inp").write_text(ABAQUS)
    grid = opened(tmp_path / "a.inp")
    assert values(grid.GetPointData(), "Number").tolist() == [10, 20, 30, 40, 50]
    assert values(grid.GetCellData(), "UPPER").tolist() == [1, 0]
    assert values(grid.GetCellData(), "LOWER").tolist() == [0, 1]
    assert values(grid.GetPointData(), "TIP").tolist() == [0, 0, 0, 1, 0]
    assert values(grid.GetPointData(), "ALL").tolist() == [1] * 5
    assert volume(grid) == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("name", "count", "kind"),
    [
        ("C3D8R", 8, 12), ("C3D10MH", 10, 24), ("C3D20RT", 20, 25), ("C3D15", 15, 26), ("C3D6", 6, 13),
        ("SC8R", 8, 12), ("S4R5", 4, 9), ("S3", 3, 5), ("STRI65", 6, 22), ("CPE8RH", 8, 23), ("CAX4R", 4, 9),
        ("M3D3", 3, 5), ("R3D4", 4, 9), ("B31H", 2, 3), ("B32", 3, 21), ("T3D2", 2, 3), ("DC3D8", 8, 12),
        ("DC2D4", 4, 9),
    ],
)  # fmt: skip
def test_types_of_elements(tmp_path: Path, name: str, count: int, kind: int) -> None:
    nodes = "".join(f"{number}, {number}., {number * number}., 0.\n" for number in range(1, count + 1))
    numbers = [str(number) for number in range(1, count + 1)]
    rows = ", ".join(["1", *numbers[:15]]) + (",\n" + ", ".join(numbers[15:]) if numbers[15:] else "")
    (tmp_path / "a.inp").write_text(f"*NODE\n{nodes}*ELEMENT, TYPE={name}\n{rows}\n")
    grid = opened(tmp_path / "a.inp")
    assert (grid.GetNumberOfCells(), grid.GetCellType(0)) == (1, kind)
    assert [grid.GetCell(0).GetPointId(index) for index in range(count)] == list(range(count))


def test_what_is_no_cell_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.inp").write_text(ABAQUS + "*ELEMENT, TYPE=CONN3D2\n3, 10, 20\n*ELEMENT, TYPE=MASS\n4, 10\n")
    warnings: list[str] = []
    assert opened(tmp_path / "a.inp", warnings=warnings).GetNumberOfCells() == 2
    assert any("elements of the types CONN3D2, MASS are left out" in text for text in warnings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ABAQUS.replace("40, 0., 0., 1.\n", ""), "elements of nodes that are not there"),
        (ABAQUS.replace("*ELEMENT", "*NGEN\n10, 20, 1\n*ELEMENT", 1), r"it has \*NGEN, which makes or moves nodes"),
        (ABAQUS.replace("NSET=ALL", "NSET=ALL, SYSTEM=C"), "nodes in polar coordinates"),
        (ASSEMBLY.replace("part=Block", "part=Other", 1), "of a part that is not there"),
        (ABAQUS.replace("1, 10, 20, 30, 40", "1, 10, 20, 30"), "cannot be understood"),
    ],
)
def test_what_is_not_read_is_refused(tmp_path: Path, text: Any, message: str) -> None:
    (tmp_path / "a.inp").write_text(text)
    with pytest.raises(ExecutionFailed, match=message):
        opened(tmp_path / "a.inp")
