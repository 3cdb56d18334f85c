"""OFF: each header and color that the manual of Geomview has, after its chapter "OFF Files"."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apvserver.vtk.base.errors import ExecutionFailed

from ..harness.opening import opened, points, values, volume

PLACES = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 0.0), (0.0, 1.0, 0.0)]
HEADERS = {
    "on a line of its own": "OFF\n4 2 5\n",
    "with the counts, as Gmsh": "OFF 4 2 5\n",
    "with remarks": "OFF # a surface\n\n# points, polygons, edges\n4 2 5 # that is all\n",
    "without edges": "OFF\n4 2\n",
}
FACES = "3 0 1 2\n3 0 2 3\n"


def rows(*further: str) -> str:
    return "".join(f"{x} {y} {z} {more}\n" for (x, y, z), more in zip(PLACES, further or [""] * 4, strict=True))


@pytest.mark.parametrize("header", HEADERS)
def test_headers(tmp_path: Path, header: str) -> None:
    (tmp_path / "a.off").write_text(HEADERS[header] + rows() + FACES)
    surface = opened(tmp_path / "a.off")
    assert points(surface).tolist() == [list(place) for place in PLACES]
    assert volume(surface, "Area") == pytest.approx(1) and surface.GetNumberOfPolys() == 2


def test_points_have_normals_colors_and_places_in_a_picture(tmp_path: Path) -> None:
    more = [f"0 0 1 {10 * at} 20 30 255 0.{at} 0.5" for at in range(4)]
    (tmp_path / "a").write_text("STCNOFF\n4 2 0\n" + rows(*more) + FACES)
    (tmp_path / "a.off").write_text("STCNOFF\n4 2 0\n" + rows(*more) + FACES)
    data = opened(tmp_path / "a.off").GetPointData()
    assert values(data, "RGBA").tolist() == [[10 * at, 20, 30, 255] for at in range(4)]
    np.testing.assert_array_equal(values(data, "Normals"), [[0, 0, 1]] * 4)
    np.testing.assert_allclose(values(data, "TCoords"), [[0.1 * at, 0.5] for at in range(4)])


@pytest.mark.parametrize("colors", [["255 0 128", "0 51 255"], ["1.0 0.0 0.5", "0.0 0.2 1.0"]])
def test_colors_of_polygons_of_several_sizes(tmp_path: Path, colors: list[str]) -> None:
    """What has one point or two comes first, as everywhere in VTK, with its own color."""
    faces = f"4 0 1 2 3 {colors[0]}\n2 0 2 {colors[1]}\n"
    (tmp_path / "a.off").write_text("OFF\n4 2 0\n" + rows() + faces)
    surface = opened(tmp_path / "a.off")
    assert surface.GetNumberOfLines() == 1 and surface.GetCell(1).GetNumberOfPoints() == 4
    assert values(surface.GetCellData(), "RGB").tolist() == [[0, 51, 255], [255, 0, 128]]


def test_colors_without_the_keyword(tmp_path: Path) -> None:
    """As MeshLab once wrote them."""
    (tmp_path / "a.off").write_text("OFF\n4 2 0\n" + rows(*["9 8 7"] * 4) + FACES)
    assert values(opened(tmp_path / "a.off").GetPointData(), "RGB").tolist() == [[9, 8, 7]] * 4


def test_colors_that_are_left_out_are_told(tmp_path: Path) -> None:
    told = list[str]()
    (tmp_path / "a.off").write_text("OFF\n4 2 0\n" + rows() + "3 0 1 2 5\n3 0 2 3\n")
    assert opened(tmp_path / "a.off", warnings=told).GetCellData().GetNumberOfArrays() == 0
    assert len(told) == 1 and "colors of polygons of which some have none" in told[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("4OFF\n1 0 0\n0 0 0 1\n", "four or more dimensions"),
        ("OFF BINARY\n", "it is binary"),
        ("OFF\n4 2 0\n" + rows() + "3 0 1 2\n", "5 lines of 4 points and 2 polygons"),
        ("OFF\n4 1 0\n" + rows() + "3 0 1 9\n", "points that are not there"),
        ("COFF\n4 0 0\n" + rows(), "0 numbers are there"),
        ("BOX\n", "does not begin with OFF"),
    ],
)
def test_what_is_not_read_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.off").write_text(text)
    with pytest.raises(ExecutionFailed, match=why):
        opened(tmp_path / "a.off")


def test_a_file_without_an_extension(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("COFF\n4 2 0\n" + rows(*["9 8 7"] * 4) + FACES)
    assert volume(opened(tmp_path / "a"), "Area") == pytest.approx(1)
