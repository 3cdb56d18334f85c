"""Gmsh: values belong to the numbers of nodes and elements, not to their order, and have times."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

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
