"""What is seen of triangles, lines and points: against pictures and depths that are made here, pixel by pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from apvserver.vtk.rendering.exports import visible_shapes
from apvserver.vtk.rendering.exports.visible_shapes import (
    Polygons,
    Seen,
    TooManyShapes,
    visible_places,
    visible_runs,
    visible_triangles,
)

SIDE = 64
NEAR, FAR = 0.25, 0.75
GREEN, RED = (0, 200, 0), (200, 0, 0)


def a_square(left: float, bottom: float, right: float, top: float, depth: float) -> Any:
    a, b, c, d = ((x, y, depth) for x, y in ((left, bottom), (right, bottom), (right, top), (left, top)))
    return np.array([[a, b, c], [a, c, d]], float)


def two_squares() -> tuple[Any, Seen]:
    """Return a red one that fills all, and a green one before it, from 16.5 to 40.5."""
    picture = np.full((SIDE, SIDE, 3), RED, np.uint8)
    depths = np.full((SIDE, SIDE), FAR)
    picture[17:41, 17:41], depths[17:41, 17:41] = GREEN, NEAR
    corners = np.concatenate([a_square(0, 0, SIDE, SIDE, FAR), a_square(16.5, 16.5, 40.5, 40.5, NEAR)])
    return corners, Seen(picture, depths)


def painted(*several: Polygons) -> Any:
    """Return a picture of polygons, 8 times as fine, one laid over the other, the lowest row first."""
    image = Image.new("RGB", (8 * SIDE, 8 * SIDE), (0, 0, 255))
    draw = ImageDraw.Draw(image)
    for polygons in several:
        for corners, color in zip(polygons.corners, polygons.colors, strict=True):
            draw.polygon([(8 * float(x), 8 * float(y)) for x, y in corners], fill=tuple(map(int, color)))
    return np.asarray(image).astype(int)


def test_what_lies_before_hides_what_lies_behind_to_a_fraction_of_a_pixel() -> None:
    corners, seen = two_squares()
    behind, before = visible_triangles(corners, seen)
    drawn = painted(behind, before)
    fine = np.kron(seen.picture, np.ones((8, 8, 1))).astype(int)
    wrong = (np.abs(drawn - fine) > 2).any(axis=2)
    inner = np.zeros_like(wrong)
    inner[8 * 16 : 8 * 41, 8 * 16 : 8 * 41] = True
    assert not wrong[~inner].any(), "outside, every point has the color of the picture"
    assert wrong.sum() <= 4 * 8 * 25 * 8 * 0.6, "and inside all but half a pixel, where the square begins"
    green = (before.colors == GREEN).all(axis=1)
    assert green.sum() == 2, "what is seen as a whole is not divided"


def test_what_is_hidden_is_left_out_and_order_of_input_does_not_count() -> None:
    corners, seen = two_squares()
    hidden = a_square(20, 20, 30, 30, 0.5)
    for every in (np.concatenate([corners, hidden]), np.concatenate([hidden, corners[::-1]])):
        behind, before = visible_triangles(every, seen)
        colors = np.unique(np.concatenate([behind.colors, before.colors]), axis=0)
        assert sorted(map(tuple, colors.tolist())) == sorted([GREEN, RED])
        total = sum(len(one.corners) for one in visible_triangles(corners, seen))
        assert len(behind.corners) + len(before.corners) == total


def test_several_colors_are_several_polygons() -> None:
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[...] = np.linspace(0, 252, SIDE).astype(np.uint8)[None, :, None]
    seen = Seen(picture, np.full((SIDE, SIDE), FAR))
    behind, before = visible_triangles(a_square(0, 0, SIDE, SIDE, FAR), seen)
    assert not len(behind.corners)
    drawn = painted(before)[4::8, 4::8]
    assert np.abs(drawn - picture.astype(int)).max() <= 12
    assert np.unique(before.colors).size > 20


def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    corners, seen = two_squares()
    monkeypatch.setattr(visible_shapes, "MOST_POLYGONS", 50)
    with pytest.raises(TooManyShapes, match="more than 50 polygons"):
        visible_triangles(corners, seen)
    assert [len(one.corners) for one in visible_triangles(np.zeros((0, 3, 3)), seen)] == [0, 0]


def test_lines_and_points_end_where_something_lies_before_them() -> None:
    _, seen = two_squares()
    ends = np.array([[(4.5, 30.5, 0.5), (60.5, 30.5, 0.5)], [(4.5, 50.5, 0.9), (60.5, 50.5, 0.9)]])
    pieces = list(visible_runs(ends, seen))
    assert [index for index, _ in pieces] == [0, 0], "the second lies behind everything"
    first, second = (piece[:, 0].tolist() for _, piece in pieces)
    assert first == pytest.approx([4.5, 17.0], abs=1.6)
    assert second == pytest.approx([41.0, 60.5], abs=1.6)
    places = np.array([(30.0, 30.0, 0.5), (30.0, 30.0, 0.2), (5.0, 5.0, 0.5), (70.0, 5.0, 0.5), (5.0, 5.0, -0.1)])
    assert visible_places(places, seen).tolist() == [False, True, True, False, False]


def test_it_stops_when_it_is_told_to() -> None:
    corners, seen = two_squares()
    left = iter(range(2))

    def go_on() -> None:
        if next(left, None) is None:
            raise TimeoutError("enough")

    with pytest.raises(TimeoutError, match="enough"):
        visible_triangles(corners, seen, go_on)
