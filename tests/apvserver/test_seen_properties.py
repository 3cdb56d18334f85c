"""What a view tells of its camera: the one that the next picture shows, without being placed by the question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vtkmodules.vtkFiltersSources import vtkSphereSource

from apvserver.vtk.base.errors import InvalidProperty, UnknownProperty
from apvserver.vtk.rendering.charts.cartesian_views import XYChartView
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

SMALL = {"ViewSize": (40, 30)}


def ball(radius: float) -> Representation:
    source = vtkSphereSource()
    source.SetRadius(radius)
    source.Update()
    made = Representation()
    made.set_data({"full": source.GetOutput()})
    return made


@pytest.fixture
def view() -> Iterator[RenderView]:
    made = RenderView(SMALL)
    yield made
    made.close()


def test_before_anything_is_seen_the_camera_waits(view: RenderView) -> None:
    assert view.seen_properties() == (view.properties, "waiting")
    view.reset_camera("+X")
    properties, camera = view.seen_properties()
    assert (camera, properties["CameraPosition"][0] < 0) == ("waiting", True)


def test_the_question_tells_the_camera_of_the_next_picture_and_leaves_it(view: RenderView) -> None:
    view.add_representation(1, ball(1.0))
    properties, camera = view.seen_properties()
    assert camera == "fitted"
    view.add_representation(2, ball(10.0))
    larger, camera = view.seen_properties()
    assert camera == "fitted" and larger["CameraPosition"][2] > 5 * properties["CameraPosition"][2] > 0
    shown = view.render().camera
    assert shown is not None and shown.position == larger["CameraPosition"]
    assert view.seen_properties() == (view.properties, "placed")


def test_a_camera_that_was_placed_is_fitted_again_after_a_reset_without_anything_to_see(view: RenderView) -> None:
    view.set_properties({"CameraPosition": (0, 0, 1000)})
    assert view.seen_properties()[1] == "placed"
    view.reset_camera()
    assert view.seen_properties()[1] == "waiting"
    view.add_representation(1, ball(1.0))
    shown = view.render().camera
    assert shown is not None and shown.position[2] < 10


def test_properties_are_checked_without_a_view() -> None:
    RenderView.check_properties({"ViewSize": [10, 10]})
    Representation.check_properties({"Opacity": 0.5})
    for kind, properties, error in (
        (RenderView, {"Backgroun": 1}, UnknownProperty),
        (RenderView, {"CameraPosition": [0, 0, 0]}, InvalidProperty),
        (XYChartView, {"LeftAxisUseCustomRange": True, "LeftAxisRangeMinimum": 2.0}, InvalidProperty),
        (Representation, {"Opacity": "much"}, InvalidProperty),
    ):
        with pytest.raises(error):
            kind.check_properties(properties)
