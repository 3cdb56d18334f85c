"""Bars and rulers that say how large a scene is, measured against it; axes in its middle and in the corner."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkFiltersSources import vtkCubeSource, vtkPlaneSource

from apvserver.vtk.rendering.axes.legend_grid import Piece
from apvserver.vtk.rendering.paper import WHITE
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

Make = Callable[..., RenderView]
GREEN = (0, 128, 0)
NO_RULERS = {f"{side}AxisVisibility": False for side in ("Left", "Right", "Bottom", "Top")}


@pytest.fixture
def make() -> Iterator[Make]:
    """Make views of a green box or rectangle: `make(properties of the legend grid, lengths, **view properties)`."""
    made: list[RenderView] = []

    def show(
        grid: Mapping[str, Any], lengths: tuple[float, float, float] = (3.0, 2.0, 0.0), **of_view: Any
    ) -> RenderView:
        look = {"Background": WHITE, "ViewSize": (400, 300), "UseFXAA": False, **of_view}
        view = RenderView({**look, "LegendGrid": {"Visibility": True, **grid}})
        made.append(view)
        source: Any = vtkPlaneSource() if lengths[2] == 0.0 else vtkCubeSource()
        if lengths[2] == 0.0:
            source.SetPoint1(lengths[0] - 0.5, -0.5, 0.0)
            source.SetPoint2(-0.5, lengths[1] - 0.5, 0.0)
        else:
            source.SetBounds(0.0, lengths[0], 0.0, lengths[1], 0.0, lengths[2])
        source.Update()
        one = Representation({"Lighting": False, "Color": [part / 255 for part in GREEN]})
        one.set_data({"full": source.GetOutput()})
        view.add_representation("box", one)
        return view

    yield show
    for view in made:
        view.close()


def of_data(pixels: np.ndarray) -> np.ndarray:
    return np.asarray((np.abs(pixels[..., :3].astype(int) - GREEN) < 3).all(axis=2))


def bar_in(pixels: np.ndarray, view: RenderView) -> int:
    """Return how long the bar is in a picture: the longest row of black pixels around where it is said to be."""
    label = next(one for one in view.legend_grid() if one.what == "Label")
    below = label.box.bottom - round(12 * len(pixels) / view.properties["ViewSize"][1])
    rows = pixels[len(pixels) - label.box.bottom : len(pixels) - max(0, below)].max(axis=2) < 50
    return max(sum(1 for _ in run) for row in rows for dark, run in itertools.groupby(row) if dark)


def length_of(view: RenderView) -> float:
    return next(float(one.text.split()[0]) for one in view.legend_grid() if one.what == "Label")


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("size", [(300, 600), (400, 300), (800, 600)], ids=str)
def test_the_bar_is_as_long_as_it_says(make: Make, parallel: bool, size: tuple[int, int]) -> None:
    """A rectangle through what the camera looks at, seen straight: its pixels are measured, and those of the bar."""
    for factor in (1e-7, 1.0, 3.3, 47.0, 1e6):
        view = make(NO_RULERS, (3.0 * factor, 2.0 * factor, 0.0), ViewSize=size, CameraParallelProjection=parallel)
        view.reset_camera("-Z")
        pixels = view.render().pixels
        columns = np.nonzero(of_data(pixels).any(axis=0))[0]
        wide, length = columns.max() + 1 - columns.min(), length_of(view)
        data = view.bounds
        assert data is not None
        small = bar_in(pixels, view)
        assert small == pytest.approx(length * wide / (data[1] - data[0]), abs=1.5)
        assert 0.09 * size[0] <= small <= 0.25 * size[0] + 1
        assert f"{length:e}"[0] in "125" and set(f"{length:e}"[2:8]) == {"0"}
        large = view.capture(magnification=2).pixels
        assert length_of(view) == length
        assert bar_in(large, view) == pytest.approx(2 * small, abs=1)


def boxes_of(pieces: list[Piece]) -> list[Piece]:
    return [one for one in pieces if one.what == "Label"]


def test_the_bar_is_beside_the_data_and_what_else_is_in_the_picture(make: Make) -> None:
    text = {"Text": "a text in the lower middle", "WindowLocation": "Lower Center", "FontSize": 20}
    for location in ("Lower Left Corner", "Lower Center", "Lower Right Corner", "Upper Center", "Upper Right Corner"):
        view = make({**NO_RULERS, "WindowLocation": location, "LegendUnit": "mm"}, (2.0, 2.0, 2.0))
        alone = make({"Visibility": False}, (2.0, 2.0, 2.0))
        for one in (view, alone):
            one.set_properties({"Texts": [text], "OrientationAxesVisibility": True})
        view.reset_camera("-Z")
        view.move_camera("orbit", {"azimuth": 30, "elevation": 20})
        view.reset_camera()
        pixels = view.render().pixels
        camera = view.camera
        place = {"CameraPosition": camera.position, "CameraFocalPoint": camera.focal_point}
        alone.set_properties({**place, "CameraViewUp": camera.view_up})
        bare = alone.render().pixels
        changed = (pixels != bare).any(axis=2)
        assert changed.sum() > 100 and (bare[changed] == 255).all(), location  # only where nothing else is
        label = next(one for one in view.legend_grid() if one.what == "Label")
        assert label.text.endswith(" mm")
        high = (label.box.bottom + label.box.top) / 2 > 150
        assert high == location.startswith("Upper")


@pytest.mark.parametrize("turned", [False, True])
def test_rulers_measure_from_their_origin(make: Make, turned: bool) -> None:
    """Ticks are read from the picture: at the pixels where the scene has the numbers that stand there."""
    origin = (1.0, 2.0, 0.0)
    view = make(
        {"LegendVisibility": False, "Origin": origin, "HorizontalLabelNumber": 8},
        (30.0, 20.0, 0.0),
        CameraParallelProjection=True,
    )
    view.reset_camera("-Z")
    if turned:
        view.move_camera("orbit", {"azimuth": 40, "elevation": 0})
        view.reset_camera()
    image, camera = view.render().pixels, view.camera
    pixel = 2 * camera.parallel_scale / 300
    forward = np.subtract(camera.focal_point, camera.position)
    right = np.cross(forward, camera.view_up) / np.linalg.norm(np.cross(forward, camera.view_up))
    across = 200 + float(np.subtract(origin, camera.focal_point) @ right) / pixel
    labels = [one for one in view.legend_grid() if one.what == "Label" and one.box.top < 30]
    assert len(labels) >= 4
    for one in labels:
        middle = (one.box.left + one.box.right) / 2
        assert float(one.text) == pytest.approx((middle - across) * pixel, abs=1.5 * pixel)
        ticks = np.nonzero(image[300 - 30 + 2, one.box.left - 20 : one.box.right + 20].max(axis=1) < 60)[0]
        assert np.abs(ticks + one.box.left - 20 - (across + float(one.text) / pixel)).min() <= 1.5
    numbers = sorted(float(one.text) for one in labels)
    assert len(set(np.round(np.diff(numbers), 9))) == 1
    everything = boxes_of(view.legend_grid())
    assert not any(one.box.overlaps(other.box) for one, other in itertools.combinations(everything, 2))
    for one in everything:
        assert min(one.box.left, one.box.bottom) >= 0 and one.box.right <= 400 and one.box.top <= 300
    rows, columns = np.nonzero(of_data(image))
    assert columns.min() > 50 and columns.max() < 350 and rows.min() > 30 and rows.max() < 270  # within the rulers


def test_rulers_are_drawn_in_parallel_projection_only(make: Make) -> None:
    view = make({"LegendVisibility": False})
    view.reset_camera("-Z")
    view.render()
    assert view.legend_grid() == []
    view.set_properties({"CameraParallelProjection": True})
    view.reset_camera("-Z")
    assert view.render().pixels[298 - 28, 60:340].max() < 60  # the line of the lower one
    grid = {"Visibility": True, "GridVisibility": True, "GridColor": (1, 0, 0), "LegendLabelColor": (0, 0, 1)}
    view.set_properties({"LegendGrid": grid})
    pixels = view.render().pixels
    assert (pixels == (255, 0, 0)).all(axis=2).sum() > 2000 and (
        pixels[..., 2] > pixels[..., 0].astype(int) + 120
    ).sum() > 40
    view.set_properties({"LegendGrid": {}})
    assert view.render().pixels.shape == (300, 400, 3) and view.legend_grid() == []
    assert (view.render().pixels[298 - 28, 60:340] == 255).all()


def test_axes_in_the_middle_and_in_the_corner_have_the_colors_that_are_asked_for(make: Make) -> None:
    view = make({"Visibility": False}, (1.0, 1.0, 1.0))
    view.representation("box").set_properties({"Opacity": 0.0})
    view.reset_camera("-Z")
    view.set_properties({
        "CenterAxesVisibility": True, "CenterAxesXColor": (0, 0, 1), "CenterAxesYColor": (1, 0, 1),
        "OrientationAxesVisibility": True, "OrientationAxesXColor": (1, 0.5, 0), "OrientationAxesYVisibility": False,
        "OrientationAxesXLabelText": "east", "OrientationAxesLabelColor": (0, 0, 0),
    })  # fmt: skip
    pixels = view.render().pixels.astype(int)
    middle, corner = pixels[60:240, 110:290], pixels[204:, :96]
    blue = np.argwhere((middle == (0, 0, 255)).all(axis=2))
    magenta = np.argwhere((middle == (255, 0, 255)).all(axis=2))
    assert np.ptp(blue[:, 1]) > 40 and np.ptp(blue[:, 0]) <= 1  # x is blue, and lies
    assert np.ptp(magenta[:, 0]) > 40 and np.ptp(magenta[:, 1]) <= 1
    orange = (corner[..., 0] > 150) & (corner[..., 1] - corner[..., 2] > 60) & (corner[..., 0] - corner[..., 1] > 40)
    green = (corner[..., 1] > 120) & (corner[..., 0] < 90) & (corner[..., 2] < 90)
    assert orange.sum() > 30 and green.sum() == 0
    letters = (corner.max(axis=2) < 60).sum()
    view.set_properties({"OrientationAxesXLabelText": "X"})
    assert letters > 1.3 * (view.render().pixels[204:, :96].max(axis=2) < 60).sum()
    view.set_properties({"OrientationAxesYVisibility": True})
    corner = view.render().pixels[204:, :96].astype(int)
    assert ((corner[..., 1] > 120) & (corner[..., 0] < 90) & (corner[..., 2] < 90)).sum() > 20


def test_the_first_picture_of_a_translucent_scene_has_its_texts_at_every_size(make: Make) -> None:
    """All that is drawn in front of it was missing in the first frame of a size, and fainter in a mean of several."""
    texts = [{"Text": "a title", "WindowLocation": "Upper Center", "FontSize": 20}]
    view = make({}, (2.0, 2.0, 2.0), Texts=texts, AxesGrid={"Visibility": True})
    view.representation("box").set_properties({"Opacity": 0.5})
    view.reset_camera("-Z")
    first = view.render().pixels
    assert (first[:40, 150:250].max(axis=2) < 60).sum() > 50
    np.testing.assert_array_equal(view.render().pixels, first)
    large = view.capture(magnification=2).pixels
    assert (large[:80, 300:500].max(axis=2) < 60).sum() > 200
    np.testing.assert_array_equal(view.capture(magnification=2).pixels, large)
    np.testing.assert_array_equal(view.render().pixels, first)
