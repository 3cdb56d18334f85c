"""Tecplot's text format: zones, cells, times and places as its Data Format Guide says."""

from pathlib import Path

import meshio
import numpy as np
import pytest
from opening import leaves, opened, points, times, values, volume

from apvserver.vtk_bridge.errors import ExecutionFailed

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
        ("#!TDV112\0\0\0\0", r"a binary file of Tecplot, which nothing here reads; save it as text"),
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
