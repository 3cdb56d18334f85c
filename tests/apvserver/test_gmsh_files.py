"""Gmsh: values belong to the numbers of nodes and elements, not to their order, and have times."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, times, values, volume

Places = dict[int, tuple[float, ...]]
Tetras = dict[int, tuple[int, ...]]
PLACES: Places = {40: (0, 0, 0), 10: (1, 0, 0), 30: (0, 1, 0), 20: (0, 0, 1), 50: (1, 1, 1)}
"""By number, in the order of the file."""
TETRAS: Tetras = {7: (40, 10, 30, 20), 3: (10, 30, 20, 50)}


def nodes(version: float, binary: bool, places: Places) -> bytes:
    if version > 3:
        if binary:
            head = struct.pack("<4Q3iQ", 1, len(places), 1, 50, 3, 1, 0, len(places))
            return head + struct.pack("<5Q", *places) + b"".join(struct.pack("<3d", *one) for one in places.values())
        rows = [f"1 {len(places)} 1 50", f"3 1 0 {len(places)}", *map(str, places)]
        return "\n".join([*rows, *(" ".join(map(str, one)) for one in places.values())]).encode()
    if binary:
        return b"%d\n" % len(places) + b"".join(struct.pack("<i3d", key, *one) for key, one in places.items())
    return "\n".join([str(len(places)), *(f"{key} {x} {y} {z}" for key, (x, y, z) in places.items())]).encode()


def elements(version: float, binary: bool, tetras: Tetras) -> bytes:
    if version > 3:
        if binary:
            rows = b"".join(struct.pack("<5Q", key, *one) for key, one in tetras.items())
            return struct.pack("<4Q3iQ", 1, 2, 3, 7, 3, 1, 4, 2) + rows
        lines = ["1 2 3 7", "3 1 4 2", *(f"{key} {' '.join(map(str, one))}" for key, one in tetras.items())]
        return "\n".join(lines).encode()
    if binary:
        rows = b"".join(struct.pack("<7i", key, 8, 1, *one) for key, one in tetras.items())
        return b"2\n" + struct.pack("<3i", 4, 2, 2) + rows
    return "\n".join(["2", *(f"{key} 4 2 8 1 {' '.join(map(str, one))}" for key, one in tetras.items())]).encode()


def field(kind: str, name: str, time: float, rows: dict[int, Any], binary: bool) -> bytes:
    width = len(next(iter(rows.values())))
    head = f'${kind}\n1\n"{name}"\n1\n{time}\n3\n0\n{width}\n{len(rows)}\n'.encode()
    if binary:
        body = b"".join(struct.pack(f"<i{width}d", key, *one) for key, one in rows.items()) + b"\n"
    else:
        body = "".join(f"{key} {' '.join(map(str, one))}\n" for key, one in rows.items()).encode()
    return head + body + f"$End{kind}\n".encode()


def write(
    path: Path, version: float, binary: bool, *fields: bytes, places: Places = PLACES, tetras: Tetras = TETRAS
) -> None:
    """After the description of versions 2.2 and 4.1 in the reference manual of Gmsh."""
    head = f"$MeshFormat\n{version} {int(binary)} 8\n".encode() + (struct.pack("<i", 1) + b"\n" if binary else b"")
    text = head + b"$EndMeshFormat\n"
    if version > 3:
        volumes = struct.pack("<4Qi6dQiQ", 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 8, 0)
        plain = b"0 0 0 1\n1 0 0 0 1 1 1 1 8 0"
        text += b"$Entities\n" + (volumes if binary else plain) + b"\n$EndEntities\n"
    text += b"$Nodes\n" + nodes(version, binary, places) + b"\n$EndNodes\n"
    path.write_bytes(text + b"$Elements\n" + elements(version, binary, tetras) + b"\n$EndElements\n" + b"".join(fields))


@pytest.mark.parametrize("version", [2.2, 4.1])
@pytest.mark.parametrize("binary", [False, True])
def test_values_follow_the_numbers(tmp_path: Path, version: float, binary: bool) -> None:
    path = tmp_path / "a.msh"
    # meshio refuses binary files of version 2 whose numbers are not 1, 2, 3, ...
    number = dict(zip(PLACES, range(1, 6), strict=True)) if binary and version < 3 else {key: key for key in PLACES}
    places = {number[key]: place for key, place in PLACES.items()}
    tetras = {key: tuple(number[one] for one in corners) for key, corners in TETRAS.items()}
    fields = [
        field("NodeData", "heat", time, {key: (key + time,) for key in sorted(places)}, binary) for time in (0.5, 1.5)
    ]
    fields += [
        field("NodeData", "part", 0.5, {number[20]: (1, 2, 3)}, binary),
        field("ElementData", "stress", 0.5, {3: (3.0,), 7: (7.0,)}, binary),
    ]
    write(path, version, binary, *fields, places=places, tetras=tetras)
    assert times(path) == (0.5, 1.5)
    for time in (1.5, 0.5):
        grid = opened(path, time=time)
        np.testing.assert_array_equal(points(grid), list(PLACES.values()))
        assert values(grid.GetPointData(), "heat").tolist() == [key + time for key in places]
        assert values(grid.GetCellData(), "stress").tolist() == [7, 3]
        part = values(grid.GetPointData(), "part")
        assert part[3].tolist() == [1, 2, 3]
        assert np.isnan(part[[0, 1, 2, 4]]).all()
        assert volume(grid) == pytest.approx(1 / 6 + 1 / 3)


def test_what_cannot_be_shown_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.msh"
    several = b'$ElementNodeData\n1\n"jumps"\n1\n0\n3\n0\n1\n1\n7 4 1 2 3 4\n$EndElementNodeData\n'
    write(path, 4.1, False, several)
    warnings: list[str] = []
    assert opened(path, warnings=warnings).GetPointData().HasArray("jumps") == 0
    assert any("the fields jumps have several values at a node" in text for text in warnings)


# --- groups and partitions, as Gmsh 4.15 writes them


def two_bricks(version: float, *, binary: bool = False, saved: str = "") -> bytes:
    """Two bricks of 1 x 1 x 1 and 2 x 1 x 1, the first in the groups "left" and "all", the second in "all"."""
    places = [(x, y, z) for x in (0, 1, 3) for z in (0, 1) for y in (0, 1)]
    bricks = [[1, 5, 6, 2, 3, 7, 8, 4], [5, 9, 10, 6, 7, 11, 12, 8]]
    text = f"$MeshFormat\n{version} {int(binary)} 8\n".encode() + (struct.pack("<i", 1) + b"\n" if binary else b"")
    text += b'$EndMeshFormat\n$PhysicalNames\n2\n3 7 "left"\n3 8 "all"\n$EndPhysicalNames\n'
    if version < 3:
        rows = [(7, 1, bricks[0]), (8, 1, bricks[0]), (8, 2, bricks[1])]
        if binary:
            body = b"".join(struct.pack("<i3d", number, *one) for number, one in enumerate(places, 1))
            cells = struct.pack("<3i", 5, 3, 2) + b"".join(
                struct.pack("<11i", number, group, entity, *brick)
                for number, (group, entity, brick) in enumerate(rows, 1)
            )
        else:
            body = "".join(f"{number} {x} {y} {z}\n" for number, (x, y, z) in enumerate(places, 1)).encode()
            cells = "".join(
                f"{number} 5 2 {group} {entity} {' '.join(map(str, brick))}\n"
                for number, (group, entity, brick) in enumerate(rows, 1)
            ).encode()
        return text + b"$Nodes\n12\n" + body + b"\n$EndNodes\n$Elements\n3\n" + cells + b"\n$EndElements\n"
    box = (0.0, 0.0, 0.0, 3.0, 1.0, 1.0)
    entities = [(1, (7, 8)), (2, (8,))]
    shift = 2 if saved == "in partitions" else 0
    groups = {1: (7, 8), 2: ()} if saved == "all elements" else dict(entities)
    numbers: list[tuple[str, tuple[float, ...]]] = [("$Entities", ()), ("QQQQ", (0, 0, 0, 2))]
    for tag, _ in entities:
        numbers.append((f"i6dQ{len(groups[tag])}iQ", (tag, *box, len(groups[tag]), *groups[tag], 0)))
    numbers.append(("$EndEntities", ()))
    if saved == "in partitions":
        numbers += [("$PartitionedEntities", ()), ("QQ2i2i", (2, 2, 8, 1, 9, 2)), ("QQQQ", (0, 0, 0, 2))]
        for tag, held in entities:
            row = (tag + shift, 3, tag, 1, tag, *box, len(held), *held, 1, -5)
            numbers.append((f"iiiQi6dQ{len(held)}iQi", row))
        numbers.append(("$EndPartitionedEntities", ()))
    parametric = int(saved == "with parameters")
    numbers += [("$Nodes", ()), ("QQQQiiiQ", (1, 12, 1, 12, 2, 1, parametric, 12)), ("12Q", tuple(range(1, 13)))]
    numbers += [("5d" if parametric else "3d", (*one, *(0.25, 0.5)[: 2 * parametric])) for one in places]
    numbers += [("$EndNodes", ()), ("$Elements", ()), ("QQQQ", (2, 2, 1, 2))]
    for tag, brick in enumerate(bricks, 1):
        numbers += [("iiiQ", (3, tag + shift, 5, 1)), ("9Q", (tag, *brick))]
    numbers.append(("$EndElements", ()))
    for form, row in numbers:
        if form[0] == "$":
            text += (b"\n" if binary and "End" in form else b"") + form.encode() + b"\n"
        else:
            text += struct.pack("<" + form, *row) if binary else (" ".join(map(str, row)) + "\n").encode()
    return text


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize(
    ("version", "saved"),
    [(2.2, ""), (4.1, ""), (4.1, "all elements"), (4.1, "in partitions"), (4.1, "with parameters")],
)
def test_groups_that_overlap_and_partitions(tmp_path: Path, version: float, saved: str, binary: bool) -> None:
    """Version 2 has an element once for each group that it is in: that is one element, also in its volume."""
    path = tmp_path / "a.msh"
    path.write_bytes(two_bricks(version, binary=binary, saved=saved))
    data = opened(path)
    assert data.GetNumberOfCells() == 2 and volume(data) == pytest.approx(3)
    cells = data.GetCellData()
    assert values(cells, "left").tolist() == [1, 0]
    assert values(cells, "all").tolist() == [1, int(saved != "all elements")]
    assert values(cells, "gmsh:physical").tolist() == [7, 0 if saved == "all elements" else 8]
    assert (cells.GetArray("gmsh:partition") is not None) == (saved == "in partitions")
    if saved == "in partitions":
        assert values(cells, "gmsh:partition").tolist() == [1, 2]


def test_values_of_an_element_that_is_there_for_each_of_its_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.msh"
    rows = {1: (1.5,), 2: (1.5,), 3: (4.0,)}
    later = {2: (2.5,), 3: (5.0,)}
    path.write_bytes(
        two_bricks(2.2)
        + field("ElementData", "stress", 0.0, rows, False)
        + field("ElementData", "stress", 1.0, later, False)
    )
    assert times(path) == (0.0, 1.0)
    assert values(opened(path, time=0.0).GetCellData(), "stress").tolist() == [1.5, 4]
    assert values(opened(path, time=1.0).GetCellData(), "stress").tolist() == [2.5, 5]


def test_a_version_that_is_not_read_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "a.msh").write_text("$MeshFormat\n4 0 8\n$EndMeshFormat\n$Nodes\n1 1\n1 0 0 1\n1 0\n$EndNodes\n")
    with pytest.raises(ExecutionFailed, match=r"gmsh a\.msh -save -format msh41 -o new_a\.msh"):
        opened(tmp_path / "a.msh")
