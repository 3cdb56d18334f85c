"""Tecplot's text and binary formats: zones, cells, times and places as its Data Format Guide says."""

import struct
from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import leaves, opened, points, times, values, volume

CUBE = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]


def two_bricks() -> str:
    text = '# by hand\nTITLE = "t"\nVARIABLES = "X" "Y"\n"Z" "c" "p"\n'
    for zone, shift in (("in", 0), ("out", 3)):
        text += f'ZONE T="{zone}", NODES=8, ELEMENTS=1, DATAPACKING=BLOCK\n ZONETYPE=FEBRICK, '
        text += "VARLOCATION=([4]=CELLCENTERED)\n"
        for axis in range(3):
            text += " ".join(str(point[axis] + (shift if axis == 0 else 0)) for point in CUBE) + "\n"
        text += "7.5\n" + " ".join(str(float(i)) for i in range(8)) + "\n1 2 3 4 5 6 7 8\n"
    return text


def test_elements_with_values_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "mesh.dat"
    path.write_text(two_bricks())
    found = leaves(opened(path))
    assert [name for name, _ in found] == ["in", "out"]
    for shift, (_, zone) in zip((0, 3), found, strict=True):
        np.testing.assert_array_equal(points(zone), np.array(CUBE) + np.array([shift, 0, 0]))
        assert values(zone.GetCellData(), "c").tolist() == [7.5]
        assert values(zone.GetPointData(), "p").tolist() == list(range(8))
        assert volume(zone) == pytest.approx(1)


class Binary:
    """Writes version 112 of the binary format, after the Data Format Guide."""

    def __init__(self, names: list[str], order: str = "<") -> None:
        self.order, self.names = order, names
        self.head = b"#!TDV112" + self.pack("ii", 1, 0) + self.text("title") + self.pack("i", len(names))
        self.head += b"".join(map(self.text, names))
        self.data = b""

    def pack(self, kinds: str, *numbers: float) -> bytes:
        return struct.pack(self.order + kinds, *numbers)

    def text(self, text: str) -> bytes:
        return self.pack(f"{len(text) + 1}i", *text.encode(), 0)

    def zone(self, title: str, kind: int, sizes: tuple[int, ...], values: list[Any], *, cells: tuple[int, ...] = (),
             strand: int = -1, time: float = 0.0, corners: Any = ()) -> None:  # fmt: skip
        count = len(self.names)
        self.head += self.pack("f", 299) + self.text(title) + self.pack("iidii", -1, strand, time, -1, kind)
        self.head += self.pack(f"i{count}i", 1, *(index in cells for index in range(count))) + self.pack("ii", 0, 0)
        self.head += self.pack("2i", *sizes) + self.pack("3i", 0, 0, 0) if kind else self.pack("3i", *sizes)
        self.head += (
            self.pack("i", 1) + self.text("made") + self.pack("i", 0) + self.text("by hand") + self.pack("i", 0)
        )
        kinds = [{"f4": 1, "f8": 2, "i4": 3, "i2": 4}[np.asarray(one).dtype.str[1:]] for one in values]
        self.data += self.pack("f", 299) + self.pack(f"{count}i", *kinds) + self.pack("iii", 0, 0, -1)
        self.data += b"".join(self.pack("dd", np.min(one), np.max(one)) for one in values)
        self.data += b"".join(
            np.asarray(one).astype(self.order + np.asarray(one).dtype.str[1:]).tobytes() for one in values
        )
        self.data += np.asarray(corners, self.order + "i4").tobytes()

    def write(self, path: Path) -> None:
        path.write_bytes(self.head + self.pack("f", 357) + self.data)


@pytest.mark.parametrize("order", ["<", ">"])
def test_binary_elements(tmp_path: Path, order: str) -> None:
    file = Binary(["X", "Y", "Z", "c", "p"], order)
    places = np.array(CUBE, float) / 3
    values_ = [*places.T, np.array([7.5], "f4"), np.arange(8, dtype="i2")]
    file.zone("in", 5, (8, 1), values_, cells=(3,), corners=range(8))
    file.write(tmp_path / "a.plt")
    ((name, zone),) = leaves(opened(tmp_path / "a.plt"))
    assert name == "in"
    np.testing.assert_array_equal(points(zone), places)
    assert values(zone.GetCellData(), "c").tolist() == [7.5]
    assert values(zone.GetPointData(), "p").tolist() == list(range(8))
    assert volume(zone) == pytest.approx(1 / 27)


def test_binary_ordered_zones_at_two_times(tmp_path: Path) -> None:
    file = Binary(["x [m]", "y [m]", "z [m]", "c"])
    k, j, i = np.indices((3, 2, 4))
    for time in (0.5, 1.5):
        padded = np.full((2, 2, 4), -99.0)  # the last along i and j means nothing
        padded[:, :1, :3] = np.arange(6).reshape(2, 1, 3) + 10 * time
        file.zone("gas", 0, (4, 2, 3), [*(one.ravel().astype("f4") for one in (i, j, k)), padded.ravel()], cells=(3,),
                  strand=0, time=time)  # fmt: skip
    file.write(tmp_path / "a.plt")
    assert times(tmp_path / "a.plt") == (0.5, 1.5)
    for time in (1.5, 0.5):
        ((_, zone),) = leaves(opened(tmp_path / "a.plt", time=time))
        assert zone.GetExtent() == (0, 3, 0, 1, 0, 2)
        assert values(zone.GetCellData(), "c").tolist() == (np.arange(6) + 10 * time).tolist()
        assert volume(zone) == pytest.approx(6)


def test_what_meshio_writes(tmp_path: Path) -> None:
    path = tmp_path / "mesh.tec"
    mesh = meshio.Mesh(np.array(CUBE, float), [("tetra", np.array([[0, 1, 3, 4], [1, 2, 3, 6]]))])
    mesh.point_data["pt"] = np.arange(8.0) / 3
    mesh.cell_data["cd"] = [np.array([10.0, 11.0])]
    meshio.write(path, mesh, file_format="tecplot")
    zone = leaves(opened(path))[0][1]
    np.testing.assert_allclose(points(zone), CUBE)
    np.testing.assert_allclose(values(zone.GetPointData(), "pt"), np.arange(8) / 3)
    assert values(zone.GetCellData(), "cd").tolist() == [10, 11]
    assert volume(zone) == pytest.approx(2 / 6)


def test_an_ordered_zone_and_the_digits_of_its_places(tmp_path: Path) -> None:
    path = tmp_path / "ordered.plt"
    rows = "\n".join(f"{500000.25 + i} {j} {i + 10 * j}" for j in range(2) for i in range(3))
    path.write_text(f'VARIABLES="X","Y","T"\nZONE I=3, J=2, F=POINT\n{rows}\n')
    zone = leaves(opened(path))[0][1]
    assert zone.GetClassName() == "vtkStructuredGrid"
    assert zone.GetExtent() == (0, 2, 0, 1, 0, 0)
    assert points(zone)[:, 0].tolist() == [500000.25, 500001.25, 500002.25] * 2
    assert values(zone.GetPointData(), "T").tolist() == [0, 1, 2, 10, 11, 12]
    assert volume(zone, "Area") == pytest.approx(2)


def test_zones_of_different_times(tmp_path: Path) -> None:
    path = tmp_path / "time.dat"
    text = 'VARIABLES="x [m]", "y [m]", "T"\nZONE T="wall" I=2, F=POINT\n0 0 -1\n1 0 -1\n'
    for time in (0.5, 1.5):
        text += (
            f'ZONE T="gas", STRANDID=1, SOLUTIONTIME={time}\n I=2, J=2, DATAPACKING=POINT\nDT=(SINGLE SINGLE SINGLE)\n'
        )
        text += "\n".join(f"{i} {j} {time + i}" for j in (0, 1) for i in (0, 1)) + "\n"
    path.write_text(text)
    assert times(path) == (0.5, 1.5)
    for time in (0.5, 1.5):
        found = leaves(opened(path, time=time))
        assert [name for name, _ in found] == ["wall", "gas"]
        assert values(found[1][1].GetPointData(), "T").tolist() == [time, time + 1] * 2
        assert found[1][1].GetBounds()[:4] == (0, 1, 0, 1)


def test_shared_variables_and_repeated_numbers(tmp_path: Path) -> None:
    path = tmp_path / "shared.dat"
    path.write_text(
        'VARIABLES = X Y P\nZONE N=3, E=1, F=FEBLOCK, ET=TRIANGLE\n0 1 0\n0 0 1\n3*2.5\n1 2 3\n'
        'ZONE N=3, E=1, F=FEBLOCK, ET=TRIANGLE, VARSHARELIST=([1-2]=1), CONNECTIVITYSHAREZONE=1\n1.0D+1 2 3\n'
    )  # fmt: skip
    first, second = (zone for _, zone in leaves(opened(path)))
    assert values(first.GetPointData(), "P").tolist() == [2.5, 2.5, 2.5]
    assert values(second.GetPointData(), "P").tolist() == [10, 2, 3]
    assert volume(second, "Area") == pytest.approx(0.5)


def test_places_without_their_names_are_told(tmp_path: Path) -> None:
    path = tmp_path / "odd.dat"
    path.write_text('VARIABLES = "east" "north" "p"\nZONE I=2\n5 6 1\n7 8 2\n')
    warnings: list[str] = []
    zone = leaves(opened(path, warnings=warnings))[0][1]
    np.testing.assert_array_equal(points(zone), [[5, 6, 0], [7, 8, 0]])
    assert any("taken for places (east, north)" in text for text in warnings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (two_bricks().replace("7.5\n", "", 1), r"has 40 numbers, and its header says 41"),
        ("#!SZPLT\0\0\0\0", r"a file of Tecplot's subzones \(.szplt\), which nothing here reads; save it as .plt"),
        ("#!TDV75 \0\0\0\0", r"of the version '#!TDV75 ', and #!TDV112 is read"),
        ("#!TDV112\1\0\0\0", r"the file is cut off"),
        ('VARIABLES = "X" "Y"\nZONE N=3, E=1, ZONETYPE=FEPOLYGON\n0 0\n1 0\n0 1\n', r"elements of the kind POLYGON"),
        ('VARIABLES = X Y\nZONE N=3, E=1, F=FEPOINT, ET=TRIANGLE\n0 0\n1 0\n0 1\n1 2 9\n', r"of points that it"),
        ('FILETYPE=SOLUTION\nVARIABLES = "P"\nZONE I=2\n1\n2\n', r"a solution without its grid"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.dat"
    path.write_text(text)
    with pytest.raises(ExecutionFailed, match=message):
        opened(path)
