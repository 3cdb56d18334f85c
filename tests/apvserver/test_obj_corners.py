"""OBJ by hand: normals of some faces, and lines and points beside faces that share points."""

from pathlib import Path

import numpy as np
import pytest

from ..harness.opening import opened, points, values

PLACES = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nv 0 0 2\n"


def test_corners_without_a_normal_have_that_of_their_face(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    path.write_text(f"{PLACES}vn 0.6 0 0.8\nf 1//1 2//1 3//1\nf 1 3 4\nf -5 -1 \\\n -4\nf 1//1 4//1 3//1\n")
    warnings: list[str] = []
    made = opened(path, warnings=warnings)
    given, up, side = [0.6, 0, 0.8], [0, 0, 1], [0, 1, 0]
    right = [given] * 3 + [up] * 3 + [side] * 3 + [given] * 3
    np.testing.assert_allclose(values(made.GetPointData(), "Normals"), right, atol=1e-6)
    assert points(made)[:9].tolist() == [
        [0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0], [0, 0, 2], [1, 0, 0],
    ]  # fmt: skip
    assert warnings == [f"{path}: 6 corners of faces have no normal; they have that of their face"]


@pytest.mark.parametrize("corners", ["1//1 2//1 3//1", "1/1/1 2/1/1 3/1/1", "1/1 2/1 3/1"])
def test_lines_and_points_that_are_left_out_are_told(tmp_path: Path, corners: str) -> None:
    path = tmp_path / "a.obj"
    path.write_text(f"{PLACES}vt 0.5 0.5\nvn 0 0 1\nf {corners}\nl 1 2 3\nl 3 4\np 5\n")
    warnings: list[str] = []
    assert opened(path, warnings=warnings).GetNumberOfCells() == 1
    assert len(warnings) == 1 and "2 lines and 1 elements of points are left out" in warnings[0]


def test_a_file_with_all_normals_or_none_says_nothing(tmp_path: Path) -> None:
    for text in ("f 1 2 3\nl 1 2\n", "vn 0 0 1\nf 1//1 2//1 3//1\n", "vn 0 0 1\n" * 5 + "f 1//1 2//2 3//3\n"):
        warnings: list[str] = []
        (tmp_path / "a.obj").write_text(PLACES + text)
        opened(tmp_path / "a.obj", warnings=warnings)
        assert [one for one in warnings if "GroupIds" not in one] == []


@pytest.mark.parametrize(("form", "name"), [("{} {} 0", "RGB"), ("{} {} 0 0.5", "RGBA")])
def test_colors_stay_at_their_points_where_a_texture_has_a_seam(tmp_path: Path, form: str, name: str) -> None:
    """Points 2 and 4 have two places in the picture each; the second face counts from the end."""
    colors = [form.format(red, green) for red, green in ((1, 0), (0, 1), (0.5, 0), (0.2, 1))]
    places = ["0 0 0", "1 0 0", "1 1 0", "0 1 0"]
    text = "".join(f"v {place} {color}\n" for place, color in zip(places, colors, strict=True))
    text += "vt 0 0\nvt 1 0\nvt 1 1\nf 1/1 2/2 4/3\nf -3/1 -2/2 -1/3\n"
    (tmp_path / "a.obj").write_text(text)
    data = opened(tmp_path / "a.obj")
    corners = [(1, 0), (0, 1), (0.2, 1), (0, 1), (0.5, 0), (0.2, 1)]
    wanted = [[int(255 * red), int(255 * green), 0, *([127] * (name == "RGBA"))] for red, green in corners]
    assert values(data.GetPointData(), name).tolist() == wanted
