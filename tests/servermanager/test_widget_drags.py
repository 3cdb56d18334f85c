"""Widgets without a server: what a pixel is of, and what drags do, by plain functions of places and pixels."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonDataModel import vtkCone

from apvserver.vtk.rendering.camera.looking import Looking
from async_paraview.scene.props.widget import PLACES, WIDGET
from async_paraview.widgets.boxes import FACES, corners_of, degrees_of, frame_of, transformed, turn_of
from async_paraview.widgets.drags import Drag, clicked, dragged
from async_paraview.widgets.figures import ARROW_POINTS, Face, Line, figure_of
from async_paraview.widgets.hits import hit_by
from async_paraview.widgets.sight import CameraState, Sight

SIZE = (400.0, 300.0)
PARALLEL = CameraState((0.0, 0.0, 10.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 30.0, True, 1.5)
"""x is to the right, y up; 100 pixels are a unit, and (200, 150) is the origin."""
PERSPECTIVE = CameraState((3.0, 2.0, 9.0), (0.2, 0.1, 0.0), (0.1, 1.0, 0.0), 30.0, False, 1.0)
SIGHTS = {"parallel": Sight(PARALLEL, SIZE), "perspective": Sight(PERSPECTIVE, SIZE)}


def widget(kind: str, **properties: Any) -> dict[str, Any]:
    return {**{one.name: one.initial for one in WIDGET}, "Kind": kind, **properties}


def drag(get: dict[str, Any], sight: Sight, part: str, by: tuple[float, float], *held: str) -> dict[str, Any]:
    """Takes a part in its middle, drags it by so many pixels to the right and up, and returns the widget then."""
    figure = figure_of(get, sight)
    places = {one.part: np.array(one.place) for one in figure.handles}
    drawn: list[Line | Face] = [*figure.lines, *figure.faces]
    for one in drawn:
        places.setdefault(one.part, one.places[:2].mean(axis=0))
    x, y, _ = sight.pixel(places[part]).tolist()
    hit = hit_by(figure, sight, (x, y), handle=4.5)
    assert hit is not None and hit.part == part
    return {**get, **dragged(Drag(get, sight, hit, (x, y), (x + by[0], y + by[1]), frozenset(held)))}


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_a_pixel_and_its_depth_are_the_place_again(sight: Sight) -> None:
    places = np.random.default_rng(7).uniform(-2, 2, (50, 3))
    for place, (x, y, depth) in zip(places, sight.pixels(places).tolist(), strict=True):
        np.testing.assert_allclose(sight.place((x, y), depth), place, atol=1e-12)
        begin, direction = sight.ray((x, y))
        away = place - begin
        np.testing.assert_allclose(away - direction * (away @ direction), 0, atol=1e-11)
        step = sight.axes[0] * sight.pixel_length(place)
        assert sight.pixel(place + step)[0] - x == pytest.approx(1.0)
    assert Looking(sight.camera, SIZE).pixels(places).tolist() == sight.pixels(places).tolist()


POINTS = {
    "Plane": {"Origin": "Origin"},
    "Line": {"Point1": "Point1", "Point2": "Point2"},
    "Ruler": {"Point1": "Point1", "Point2": "Point2"},
    "Sphere": {"Center": "Center"},
    "Seeds": {"Center": "Center"},
    "Point": {"Center": "Center"},
    "Cylinder": {"Center": "Center"},
    "Cone": {"Origin": "Origin"},
}
"""By kind: the handles that are places, and the properties that these are."""


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
@pytest.mark.parametrize(("kind", "part"), [(kind, part) for kind, parts in POINTS.items() for part in parts])
def test_a_handle_goes_where_it_is_dragged_to_across_the_line_of_sight(kind: str, part: str, sight: Sight) -> None:
    get = widget(kind)
    after = drag(get, sight, part, (37.5, -21.25))
    (x, y, depth), name = sight.pixel(get[POINTS[kind][part]]).tolist(), POINTS[kind][part]
    np.testing.assert_allclose(sight.pixel(after[name]), (x + 37.5, y - 21.25, depth), atol=1e-9)
    assert {one: after[one] for one in after if one != name} == {one: get[one] for one in get if one != name}


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_a_normal_turns_about_the_origin_and_its_tail_the_other_way(sight: Sight) -> None:
    get = widget("Plane", Normal=[1.0, 0.2, 0.3])
    for part, sign in (("Normal", 1.0), ("Tail", -1.0)):
        after = drag(get, sight, part, (-4.0 * sign, 12.0))
        assert np.linalg.norm(after["Normal"]) == pytest.approx(1.0)
        tip = next(np.array(one.place) for one in figure_of(after, sight).handles if one.part == part)
        before = next(np.array(one.place) for one in figure_of(get, sight).handles if one.part == part)
        assert (tip - after["Origin"]) @ np.array(after["Normal"]) * sign > 0
        moved = (sight.pixel(tip) - sight.pixel(before))[:2]
        np.testing.assert_allclose(moved, (-4.0 * sign, 12.0), atol=1e-6)


def test_a_normal_that_is_dragged_far_out_lies_in_the_picture_plane() -> None:
    after = drag(widget("Plane", Normal=[1.0, 0.0, 0.2]), SIGHTS["parallel"], "Normal", (0.0, 900.0))
    assert after["Normal"][2] == pytest.approx(0.0, abs=1e-9)
    assert after["Normal"][1] > 0.99


def test_normals_snap_to_axes() -> None:
    sight, get = SIGHTS["parallel"], widget("Plane", Normal=[1.0, 0.2, 0.1])
    assert drag(get, sight, "Normal", (0.0, 5.0), "shift")["Normal"] == [1.0, 0.0, 0.0]
    assert drag(get, sight, "Normal", (-50.0, 50.0), "shift")["Normal"] == [0.0, 1.0, 0.0]
    assert drag(get, sight, "Normal", (0.0, 5.0), "z")["Normal"] == [0.0, 0.0, 1.0]


def test_a_face_is_pushed_along_the_normal() -> None:
    sight = SIGHTS["perspective"]
    get = widget("Plane", Normal=[1.0, 0.0, 0.5], Bounds=[-1, 1, -1, 1, -1, 1])
    after = drag(get, sight, "Face", (25.0, 5.0))
    moved, normal = np.subtract(after["Origin"], get["Origin"]), np.array([1.0, 0.0, 0.5]) / 1.25**0.5
    assert moved @ normal > 0.1
    np.testing.assert_allclose(moved - normal * (moved @ normal), 0, atol=1e-12)


def test_places_snap_to_axes_and_to_a_direction_of_their_own() -> None:
    sight = SIGHTS["parallel"]
    line = widget("Line", Point1=[0.0, 0.0, 0.0], Point2=[1.0, 1.0, 0.0])
    assert drag(line, sight, "Point2", (30.0, 10.0), "shift")["Point2"] == pytest.approx([1.3, 1.0, 0.0])
    assert drag(line, sight, "Point2", (30.0, 10.0), "y")["Point2"] == pytest.approx([1.0, 1.1, 0.0])
    assert drag(line, sight, "Point2", (30.0, 10.0), "ctrl")["Point2"] == pytest.approx([1.2, 1.2, 0.0])
    plane = widget("Plane", Normal=[1.0, 1.0, 0.0])
    assert drag(plane, sight, "Origin", (30.0, 10.0), "ctrl")["Origin"] == pytest.approx([0.2, 0.2, 0.0])
    away = drag(widget("Point"), sight, "Center", (3.0, 40.0), "z")["Center"]
    assert away == pytest.approx([0.0, 0.0, 0.4]), "along the line of sight up is away"


def test_a_line_is_moved_as_a_whole() -> None:
    after = drag(widget("Line"), SIGHTS["parallel"], "Line", (10.0, 20.0))
    assert after["Point1"] == pytest.approx([-0.4, 0.2, 0.0]) and after["Point2"] == pytest.approx([0.6, 0.2, 0.0])


def test_a_ball_is_as_large_as_its_edge_is_dragged() -> None:
    sight = SIGHTS["parallel"]
    assert drag(widget("Sphere"), sight, "Radius", (25.0, 0.0))["Radius"] == pytest.approx(0.75)
    assert 0 < drag(widget("Sphere"), sight, "Radius", (-50.0, 0.0))["Radius"] < 1e-4


def test_a_cylinder_is_as_wide_as_its_ring_is_dragged_and_turns_about_its_middle() -> None:
    sight, get = SIGHTS["parallel"], widget("Cylinder", Bounds=[-1, 1, -1, 1, -1, 1])
    assert drag(get, sight, "Radius", (-25.0, 10.0))["Radius"] == pytest.approx(0.75), "along the axis nothing changes"
    assert drag(get, sight, "Axis", (30.0, -9.0), "shift")["Axis"] == [0.0, 1.0, 0.0]
    turned = drag(get, sight, "Tail", (36.0, 12.0))["Axis"]
    np.testing.assert_allclose(turned, [-0.6, 0.8, 0.0], atol=1e-6)  # 60 pixels from the middle


def test_a_cone_opens_as_far_as_its_surface_is_dragged_and_turns_about_its_tip() -> None:
    sight, get = SIGHTS["parallel"], widget("Cone", Bounds=[-1, 1, -1, 1, -1, 1])
    x, y = 200 - 96 * 0.5**0.5, 150 + 96 * 0.5**0.5  # beside the axis, across the line of sight
    hit = hit_by(figure_of(get, sight), sight, (x, y), handle=4.5)
    assert hit is not None and hit.part == "Angle"
    after = drag(get, sight, "Angle", (-96 * (3**0.5 - 1) * 0.5**0.5, 0.0))
    assert after["Angle"] == pytest.approx(60.0)
    assert drag(get, sight, "Angle", (-9000.0, 0.0))["Angle"] == 89.0, "no cone is wider"
    assert drag(get, sight, "Angle", (96 * 0.5**0.5, 0.0))["Angle"] == pytest.approx(0.0, abs=1e-9)
    assert drag(get, sight, "Axis", (30.0, -9.0), "shift")["Axis"] == [0.0, 1.0, 0.0]
    np.testing.assert_allclose(drag(get, sight, "Tail", (36.0, 12.0))["Axis"], [-0.6, 0.8, 0.0], atol=1e-6)


@pytest.mark.parametrize("bounds", [[], [-1.0, 1.0, -2.0, 2.0, 0.0, 3.0]])
def test_what_is_drawn_of_a_cone_lies_upon_it(bounds: list[float]) -> None:
    cone = vtkCone()
    cone.SetOrigin(0.1, 0.2, 0.3)
    cone.SetAxis(0.3, 0.9, -0.2)
    cone.SetAngle(25.0)
    get = widget("Cone", Origin=[0.1, 0.2, 0.3], Axis=[0.3, 0.9, -0.2], Angle=25.0, Bounds=bounds)
    figure = figure_of(get, SIGHTS["perspective"])
    places = [line.places for line in figure.lines if line.faint]
    places += [np.array([one.place for one in figure.handles if one.part == "Angle"])]
    values = [cone.FunctionValue(place) for place in np.concatenate(places).tolist()]
    assert len(values) > 100 and np.abs(values).max() < 1e-9


@pytest.mark.parametrize("sight", SIGHTS.values(), ids=SIGHTS)
def test_the_box_of_a_transform_is_moved_turned_and_made_longer(sight: Sight) -> None:
    bounds = [0.0, 1.0, -0.5, 0.5, -0.2, 0.6]
    get = widget(
        "Transform", Translate=[0.1, -0.2, 0.3], Rotate=[20.0, 30.0, -40.0], Scale=[1.2, -0.8, 1.0], Bounds=bounds
    )
    before = transformed(get)
    corners = np.array(list(itertools.product(*np.reshape(bounds, (3, 2)))))
    moved = np.array(get["Translate"]) + corners * get["Scale"] @ turn_of(get["Rotate"]).T
    assert {tuple(one) for one in corners_of(before).round(9).tolist()} == {
        tuple(one) for one in moved.round(9).tolist()
    }
    after = transformed(drag(get, sight, "Center", (30.0, -12.0)))
    seen = sight.pixel(after.center) - sight.pixel(before.center)
    np.testing.assert_allclose(seen, (30.0, -12.0, 0.0), atol=1e-9)
    assert after.length.tolist() == before.length.tolist() and after.axes.tolist() == before.axes.tolist()
    for face, (axis, sign) in FACES.items():
        dragged_to = drag(get, sight, face, (9.0, -7.0))
        after = transformed(dragged_to)
        np.testing.assert_allclose(after.axes, before.axes, atol=1e-12)
        np.testing.assert_allclose(
            after.center - sign * after.length[axis] / 2 * after.axes[axis],
            before.center - sign * before.length[axis] / 2 * before.axes[axis],
            atol=1e-12,
        )
        changed = [one for one in range(3) if dragged_to["Scale"][one] != get["Scale"][one]]
        assert changed == [axis] and np.sign(dragged_to["Scale"]).tolist() == [1.0, -1.0, 1.0]
    after = transformed(drag(get, sight, "Edge", (50.0, 0.0)))
    np.testing.assert_allclose(after.center, before.center, atol=1e-12)
    assert np.abs(after.axes - before.axes).max() > 0.1


def test_flat_data_is_not_made_thick_by_a_transform() -> None:
    get = widget("Transform", Bounds=[-1.0, 1.0, -1.0, 1.0, 0.0, 0.0], Scale=[1.0, 1.0, 3.0])
    assert {one.part for one in figure_of(get, SIGHTS["perspective"]).handles} == {"Center", "+X", "-X", "+Y", "-Y"}
    after = drag(get, SIGHTS["parallel"], "+X", (50.0, 0.0))
    assert after["Scale"] == [1.25, 1.0, 3.0] and after["Translate"] == [0.25, 0.0, 0.0]


@pytest.mark.parametrize("face", FACES)
def test_one_face_of_a_box_moves_and_the_opposite_one_stays(face: str) -> None:
    sight = SIGHTS["perspective"]
    get = widget("Box", Rotation=[20.0, 30.0, -40.0], Length=[1.0, 1.4, 0.8])
    axis, sign = FACES[face]
    before = frame_of(get)
    after = frame_of(drag(get, sight, face, (9.0, -7.0)))
    np.testing.assert_allclose(after.axes, before.axes, atol=1e-12)
    np.testing.assert_allclose(
        after.center - sign * after.length[axis] / 2 * after.axes[axis],
        before.center - sign * before.length[axis] / 2 * before.axes[axis],
        atol=1e-12,
    )
    others = [one for one in range(3) if one != axis]
    assert after.length[others].tolist() == before.length[others].tolist()
    assert abs(after.length[axis] - before.length[axis]) > 1e-3


def test_a_box_turns_about_its_middle() -> None:
    sight = SIGHTS["parallel"]
    get = widget("Box", Rotation=[10.0, 20.0, 30.0])
    after = drag(get, sight, "Edge", (50.0, 0.0))
    np.testing.assert_allclose(frame_of(after).center, frame_of(get).center, atol=1e-12)
    turn = frame_of(after).axes.T @ frame_of(get).axes
    np.testing.assert_allclose(turn, turn_of([0.0, 30.0, 0.0]), atol=1e-12)  # 50 of 300 pixels of 180 degrees


def test_degrees_and_turns_are_each_others_inverse() -> None:
    for degrees in itertools.product((-170, -90, -20, 0, 45, 90, 130), repeat=3):
        np.testing.assert_allclose(turn_of(degrees_of(turn_of(degrees))), turn_of(degrees), atol=1e-9)
    np.testing.assert_allclose(corners_of(frame_of(widget("Box")))[[0, -1]], [[-0.5] * 3, [0.5] * 3])


def test_points_of_a_line_are_moved_made_and_taken_away() -> None:
    sight, get = SIGHTS["parallel"], widget("Spline", Points=[-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    assert drag(get, sight, "1", (0.0, 50.0))["Points"] == pytest.approx([-1, 0, 0, 0, 0.5, 0, 1, 0, 0])
    assert drag(get, sight, "Curve", (0.0, 50.0))["Points"] == pytest.approx([-1, 0.5, 0, 0, 0.5, 0, 1, 0.5, 0])
    hit = hit_by(figure_of(get, sight), sight, (260.0, 151.0), handle=4.5)
    assert hit is not None and hit.part == "Curve"
    places, taken = clicked(get, hit) or ({}, hit)
    assert places["Points"] == pytest.approx([-1, 0, 0, 0, 0, 0, 0.6, 0, 0, 1, 0, 0]) and taken.part == "2"
    hit = hit_by(figure_of(get, sight), sight, (200.0, 150.0), handle=4.5)
    assert hit is not None
    places, taken = clicked(get, hit) or ({}, hit)
    assert places == {"Points": [-1, 0, 0, 1, 0, 0]} and taken.part == ""
    assert clicked({**get, **places}, hit) is None, "two points stay"
    assert clicked(widget("Line"), hit) is None


@pytest.mark.parametrize("kind", PLACES)
def test_what_is_behind_the_camera_is_neither_hit_nor_a_fault(kind: str) -> None:
    inside = Sight(CameraState((0.1, 0.2, 0.3), (0.1, 0.2, 1.0), (0.0, 1.0, 0.0), 60.0, False, 1.0), SIZE)
    get = widget(kind, Bounds=[-1, 1, -1, 1, -1, 1], Center=[0.0, 0.0, -3.0])
    figure = figure_of(get, inside)
    behind = [one.part for one in figure.handles if inside.pixel(one.place)[2] <= 0]
    for x, y in itertools.product(range(0, 400, 20), range(0, 300, 20)):
        hit = hit_by(figure, inside, (x, y), handle=4.5)
        assert hit is None or hit.part not in behind or hit.part in {one.part for one in figure.lines}
        if hit is not None:
            assert all(np.isfinite(hit.place))


def test_handles_come_before_lines_and_lines_before_faces() -> None:
    sight, get = SIGHTS["parallel"], widget("Plane", Normal=[0.6, 0.0, 0.8], Bounds=[-1, 1, -1, 1, -1, 1])
    figure = figure_of(get, sight)

    def at(x: float, y: float) -> str | None:
        hit = hit_by(figure, sight, (x, y), handle=4.5)
        return None if hit is None else hit.part

    assert at(200, 150) == "Origin" and at(206, 150) == "Origin" and at(222, 152) == "Normal"
    assert at(200 + ARROW_POINTS * 0.6, 150) == "Normal" and at(200, 190) == "Face" and at(395, 295) is None
