"""Polar axes, by the boxes of their texts and by pixels: whole, none upon another, and where they say."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from vtkmodules.vtkFiltersSources import vtkCubeSource

from apvserver.vtk.rendering.axes.grid_texts import GridText
from apvserver.vtk.rendering.exports.exported_scene import RASTER, VECTOR
from apvserver.vtk.rendering.exports.sheet import SVG
from apvserver.vtk.rendering.paper import WHITE
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

Make = Callable[..., RenderView]
DIRECTIONS = [
    (0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (1.0, 1.0, 1.0), (-1.0, 1.0, 0.5), (1.0, -1.0, 0.7), (-1.0, -1.0, -0.8),
    (0.0, -1.0, 0.4), (1.0, 0.0, 0.3), (0.2, 0.1, 1.0),
]  # fmt: skip


@pytest.fixture
def make() -> Iterator[Make]:
    """Make views of a box of 6 x 8 x 2 that is not seen itself: `make(properties of the axes, **view properties)`."""
    made: list[RenderView] = []

    def show(polar: Mapping[str, Any], middle: tuple[float, float] = (0.0, 0.0), **of_view: Any) -> RenderView:
        view = RenderView({"Background": WHITE, "ViewSize": (400, 300), "UseFXAA": False, **of_view})
        made.append(view)
        source = vtkCubeSource()
        source.SetBounds(middle[0] - 3.0, middle[0] + 3.0, middle[1] - 4.0, middle[1] + 4.0, -1.0, 1.0)
        source.Update()
        one = Representation({"Opacity": 0.0, "PolarAxes": {"Visibility": True, **polar}})
        one.set_data({"full": source.GetOutput()})
        view.add_representation("box", one)
        return view

    yield show
    for view in made:
        view.close()


def look_from(view: RenderView, direction: tuple[float, float, float]) -> None:
    up = (0.0, 1.0, 0.0) if abs(direction[2]) > 0.9 else (0.0, 0.0, 1.0)
    view.set_properties({"CameraPosition": direction, "CameraFocalPoint": (0.0, 0.0, 0.0), "CameraViewUp": up})
    view.reset_camera()


def assert_apart_and_whole(texts: list[GridText], size: tuple[int, int]) -> None:
    for one in texts:
        box = one.box
        assert box.left >= 0 and box.bottom >= 0 and box.right <= size[0] and box.top <= size[1], one
    for one, other in itertools.combinations(texts, 2):
        assert not one.box.overlaps(other.box), (one, other)


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("degrees", [90.0, 200.0, 360.0])
def test_texts_are_whole_and_apart_from_every_direction(make: Make, parallel: bool, degrees: float) -> None:
    view = make({"MaximumAngle": degrees}, CameraParallelProjection=parallel)
    for direction in DIRECTIONS:
        look_from(view, direction)
        pixels, small = view.render().pixels, view.axes_texts()
        assert_apart_and_whole(small, (400, 300))
        edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        assert edges.min() > 250, direction
        assert {"PolarAxisTitle", "PolarAxisLabel", "LastRadialAxisText"} <= {one.what for one in small}, direction
        view.capture(magnification=3)
        large = view.axes_texts()
        assert [one.text for one in large] == [one.text for one in small]
        assert_apart_and_whole(large, (1200, 900))


def where(view: RenderView, x: float, y: float) -> tuple[float, float]:
    """Return the pixel of a place, seen straight from above in parallel projection."""
    camera = view.camera
    pixel = 2 * camera.parallel_scale / 300
    return 200 + (x - camera.focal_point[0]) / pixel, 150 + (y - camera.focal_point[1]) / pixel


def test_arcs_and_numbers_are_where_they_say(make: Make) -> None:
    look = {"PolarAxisColor": (1, 0, 0), "PolarArcsColor": (0, 0, 1), "SecondaryPolarArcsColor": (0, 1, 0)}
    view = make({**look, "MaximumAngle": 120.0, "DeltaAngleRadialAxes": 30.0}, CameraParallelProjection=True)
    view.reset_camera("-Z")
    pixels, texts = view.render().pixels.astype(int), view.axes_texts()
    numbers = {one.text: one.box for one in texts if one.what == "PolarAxisLabel"}
    assert sorted(map(float, numbers)) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]  # half the diagonal
    for text, box in numbers.items():
        x, y = where(view, float(text), 0.0)
        assert (box.left + box.right) / 2 == pytest.approx(x, abs=1.5) and box.top < y
    rows, columns = np.nonzero((pixels[..., 2] > 200) & (pixels[..., 0] < 60))
    middle = where(view, 0.0, 0.0)
    far = np.hypot(columns + 0.5 - middle[0], 300 - rows - 0.5 - middle[1])
    radius = where(view, 5.0, 0.0)[0] - middle[0]
    assert len(far) > 100 and far == pytest.approx(np.full(len(far), radius), abs=1.6)
    rows, columns = np.nonzero((pixels[..., 1] > 200) & (pixels[..., 0] < 60))
    far = np.hypot(columns + 0.5 - middle[0], 300 - rows - 0.5 - middle[1]) / radius * 5.0
    assert set(np.rint(far)) == {1.0, 2.0, 3.0, 4.0} and np.abs(far - np.rint(far)).max() < 1.6 / radius * 5.0
    angles = {one.text: one.box for one in texts if "Radial" in one.what}
    assert sorted(angles) == ["120°", "30°", "60°", "90°"]
    for text, box in angles.items():
        angle = math.radians(float(text[:-1]))
        x, y = (box.left + box.right) / 2 - middle[0], (box.bottom + box.top) / 2 - middle[1]
        assert math.hypot(x, y) > radius and math.atan2(y, x) == pytest.approx(angle, abs=0.05)


def test_what_is_not_said_is_that_of_what_is_shown(make: Make) -> None:
    """Around another pole the sector has just the box of 6 x 8 around (13, 0) in it."""
    look = {"AutoPole": False, "CustomMinRadius": False, "CustomAngles": False, "DeltaRangeArcs": 2.0}
    view = make(look, (13.0, 0.0), CameraParallelProjection=True)
    view.reset_camera("-Z")
    view.render()
    numbers = sorted(float(one.text) for one in view.axes_texts() if one.what == "PolarAxisLabel")
    assert numbers[0] == 10.0 and np.diff(numbers) == pytest.approx(2.0) and numbers[-1] <= math.hypot(16.0, 4.0)
    (last,) = (float(one.text[:-1]) for one in view.axes_texts() if one.what == "LastRadialAxisText")
    assert last == pytest.approx(math.degrees(math.atan2(4.0, 10.0)), abs=0.5)


def test_numbers_are_written_as_is_asked_for(make: Make) -> None:
    look = {
        "EnableCustomRange": True, "CustomRange": (0.0, 100.0), "NumberOfArcs": 3, "PolarLabelFormat": "{:.1f}",
        "RadialLabelFormat": "%3.2f", "RadialUnitsVisibility": False, "NumberOfRadialAxes": 3,
        "PolarAxisTitle": "r", "PolarAxisTitleFontSize": 30, "LastRadialAxisTextColor": (1, 0, 0),
    }  # fmt: skip
    view = make(look, CameraParallelProjection=True)
    view.reset_camera("-Z")
    pixels, texts = view.render().pixels.astype(int), view.axes_texts()
    assert [one.text for one in texts if one.what == "PolarAxisLabel"] == ["0.0", "50.0", "100.0"]
    assert [one.text for one in texts if "Radial" in one.what and "Text" in one.what] == ["45.00", "90.00"]
    heights = {one.what: one.box.size[1] for one in texts}
    assert heights["PolarAxisTitle"] > 2 * heights["PolarAxisLabel"]
    assert ((pixels[..., 0] > 200) & (pixels[..., 1] < 80)).sum() > 10
    with pytest.raises(ValueError, match=r"PolarLabelFormat = .*expected how one number is written"):
        view.representation("box").set_properties({"PolarAxes": {"PolarLabelFormat": "{} {}"}})


def test_parts_are_left_out_as_is_asked_for(make: Make) -> None:
    def ink(**look: bool) -> tuple[int, set[str]]:
        view = make(look, CameraParallelProjection=True)
        view.reset_camera("-Z")
        return int((view.render().pixels.min(axis=2) < 128).sum()), {one.what for one in view.axes_texts()}

    whole, all_texts = ink()
    assert all_texts == {"PolarAxisTitle", "PolarAxisLabel", "LastRadialAxisText", "SecondaryRadialAxesText"}
    for name, missing in (
        ("PolarArcsVisibility", set()),
        ("DrawPolarArcsGridlines", set()),
        ("DrawRadialGridlines", {"SecondaryRadialAxesText"}),
        ("RadialAxesVisibility", {"SecondaryRadialAxesText", "LastRadialAxisText"}),
        ("PolarAxisVisibility", {"PolarAxisTitle", "PolarAxisLabel"}),
        ("PolarAxisTitleVisibility", {"PolarAxisTitle"}),
        ("PolarLabelVisibility", {"PolarAxisLabel"}),
        ("RadialLabelVisibility", {"SecondaryRadialAxesText", "LastRadialAxisText"}),
    ):
        less, texts = ink(**{name: False})
        assert texts == all_texts - missing, name
        if not name.endswith(("LabelVisibility", "TitleVisibility")):
            assert less < whole, name


def test_axes_are_lines_and_text_in_files_of_vectors(make: Make) -> None:
    view = make({"PolarAxisColor": (1, 0, 0)}, CameraParallelProjection=True)
    view.representation("box").set_properties({"Opacity": 1.0, "Representation": "Outline"})
    view.set_properties({"AxesGrid": {"Visibility": True}, "LegendGrid": {"Visibility": True, "LegendUnit": "mm"}})
    view.reset_camera("-Z")
    view.render()
    drawn = {one.text for one in view.axes_texts()} | {one.text for one in view.legend_grid() if one.text}
    for style in (RASTER, VECTOR):
        root = ElementTree.fromstring(view.exported_drawing(150.0, style))
        written = {one.text for one in root.iter(f"{{{SVG}}}text")}
        assert drawn <= written, style
        assert {"Radial Distance", "45°", "X Axis"} <= written and any(str(one).endswith(" mm") for one in written)
        strokes = [one.get("stroke") for one in root.iter(f"{{{SVG}}}polyline")]
        if style == VECTOR:
            assert "#ff0000" in strokes and strokes.count("#000000") > 20
