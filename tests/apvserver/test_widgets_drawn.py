"""Widgets as they are drawn: upon any background and all kinds of pictures, and in the way of nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.rendering.render_view import RenderView
from async_paraview.contrast import contrast
from async_paraview.scene.props.widget import PLACES

SIZE = 200
CAMERA = {"CameraPosition": (0.0, 0.0, 10.0), "CameraFocalPoint": (0.0, 0.0, 0.0), "CameraViewUp": (0.0, 1.0, 0.0)}
ALL = [{"Kind": kind, "Bounds": (-1.0, 1.0) * 3} for kind in PLACES]


def view_of(**properties: Any) -> RenderView:
    return RenderView({"ViewSize": (SIZE, SIZE), "Background": (0.2, 0.3, 0.4), **CAMERA, **properties})


def drawn(view: RenderView, **capture: Any) -> np.ndarray[Any, Any]:
    pixels = view.capture(widgets=True, **capture).pixels if capture else view.render().pixels
    return pixels.astype(int)


def middle_of(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Where in the picture the middle of all is that is not background."""
    weights = np.abs(pixels - pixels[0, 0]).sum(axis=2)
    middle: np.ndarray[Any, Any] = (
        np.array([(weights * one).sum() for one in np.indices(weights.shape)]) / weights.sum()
    )
    return middle


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("background", [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.5, 0.5, 0.5), (1.0, 0.0, 0.0)])
def test_each_kind_is_seen_upon_any_background(kind: str, background: tuple[float, float, float]) -> None:
    view = view_of(Background=background, Widgets=[{"Kind": kind, "Bounds": (-1.0, 1.0) * 3}])
    try:
        seen = np.unique(drawn(view).reshape(-1, 3), axis=0) / 255
        assert max(contrast(one, background) for one in seen.tolist()) > 3.0
    finally:
        view.close()


def test_pictures_to_keep_have_none_and_nothing_is_picked_or_fitted_by_them() -> None:
    view = view_of()
    try:
        empty = view.render().pixels
        view.set_properties({"Widgets": ALL})
        assert not np.array_equal(view.render().pixels, empty)
        assert np.array_equal(view.capture().pixels, empty)
        assert not np.array_equal(view.capture(widgets=True).pixels, empty)
        assert not np.array_equal(view.render().pixels, empty), "and images have them as before"
        assert view.pick(SIZE // 2, SIZE // 2) is None and view.bounds is None and view.drawn_bounds is None
        assert b"<polygon" not in view.exported_drawing(72.0, "raster")
        view.set_properties({"Widgets": []})
        assert np.array_equal(view.render().pixels, empty)
    finally:
        view.close()


def test_handles_are_as_large_in_points_as_the_picture_has_pixels_to_a_point() -> None:
    view = view_of(Widgets=[{"Kind": "Point", "HandleSize": 20.0, "Color": (0.0, 0.0, 1.0)}])
    try:
        areas = [int((drawn(view, magnification=times) == (0, 0, 255)).all(axis=2).sum()) for times in (1, 2, 3)]
        assert areas[0] == pytest.approx(np.pi * 100, rel=0.1)
        assert areas[1] == pytest.approx(4 * areas[0], rel=0.06) and areas[2] == pytest.approx(9 * areas[0], rel=0.06)
    finally:
        view.close()


def test_edges_are_smooth_in_the_mean_of_many_drawings_and_stay_where_they_are() -> None:
    view = view_of(Widgets=[{"Kind": "Sphere", "Radius": 1.5}])
    try:
        sharp = drawn(view)
        for sample in range(1, 9):
            mean = view.render(sample=sample).pixels.astype(int)
        assert len(np.unique(mean.reshape(-1, 3), axis=0)) > 3 * len(np.unique(sharp.reshape(-1, 3), axis=0))
        assert np.abs(mean - sharp).mean() < 2.0
        assert np.abs(middle_of(mean) - middle_of(sharp)).max() < 0.5
    finally:
        view.close()


@pytest.mark.parametrize(
    "properties",
    [
        {"UseSSAO": True},
        {"UseToneMapping": True},
        {"UseFXAA": False},
        {"StereoRender": True, "StereoType": "Anaglyph"},
        {"CameraParallelProjection": True, "CameraParallelScale": 3.0},
        {"AxesGridVisibility": True, "OrientationAxesVisibility": True, "CenterAxesVisibility": True},
        {"HiddenLineRemoval": True},
    ],
    ids=lambda one: next(iter(one)),
)
def test_ways_to_draw_scenes_leave_handles_as_they_are(properties: dict[str, Any]) -> None:
    view = view_of(**properties, Widgets=[{"Kind": "Point", "HandleSize": 12.0}])
    try:
        pixels = drawn(view)
        half = SIZE // 2
        assert (pixels[half - 3 : half + 3, half - 3 : half + 3] >= 250).all()
        assert (pixels[half, half + 6 : half + 8] == 0).any()
    finally:
        view.close()


def test_a_transparent_picture_has_opaque_handles() -> None:
    view = view_of(Widgets=[{"Kind": "Point", "HandleSize": 12.0}])
    try:
        pixels = drawn(view, transparent=True)
        assert pixels[SIZE // 2, SIZE // 2].tolist() == [255, 255, 255, 255] and pixels[5, 5, 3] == 0
    finally:
        view.close()


def test_what_is_wrong_is_refused_with_nothing_set() -> None:
    view = view_of(Widgets=ALL)
    try:
        before = view.properties["Widgets"]
        for wrong, says in (
            ([{"Kind": "Disc"}], "no kind of widget is called 'Disc'"),
            ([{"Kind": "Plane", "Normal": (0.0, 0.0, 0.0)}], "Normal = .*a direction, not zero"),
            ([{"Kind": "Spline", "Points": (1.0, 2.0)}], "Points = .*3 at a time"),
            ([{"Kind": "Sphere", "Radius": float("nan")}], "Radius = nan"),
            ([{"Kind": "Box", "Length": (1.0, -1.0, 1.0)}], "Length = .*a number from 0"),
            ([{"Center": (0.0, 0.0, 0.0), "Centre": 1}], "a map with Kind, Visibility"),
            ("Plane", "a list of at most 64 widgets"),
        ):
            with pytest.raises(InvalidProperty, match=says):
                view.set_properties({"Widgets": wrong})
        assert view.properties["Widgets"] == before
    finally:
        view.close()


def test_extreme_places_and_cameras_within_things_are_no_fault() -> None:
    view = view_of()
    try:
        for place in (1e-25, 1.0, 1e25):
            view.set_properties(
                {
                    "Widgets": [
                        {"Kind": "Sphere", "Center": (place, 0.0, 0.0), "Radius": place},
                        {"Kind": "Line", "Point1": (-place, 0.0, 20.0), "Point2": (place, 0.0, -20.0)},
                        {"Kind": "Plane", "Origin": (0.0, 0.0, 10.0), "Normal": (0.0, place, 0.0)},
                        {"Kind": "Box", "Position": (-place,) * 3, "Length": (2 * place,) * 3},
                        {"Kind": "Ruler", "Point1": (0.0, 0.0, 0.0), "Point2": (0.0, 0.0, 0.0)},
                        {"Kind": "Spline", "Points": ()},
                    ]
                }
            )
            assert drawn(view).shape == (SIZE, SIZE, 3)
    finally:
        view.close()
