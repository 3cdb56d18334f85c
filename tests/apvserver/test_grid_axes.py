"""Grids of axes, by the boxes of their texts and by pixels: beyond the data, whole, none upon another, and true."""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkFiltersSources import vtkCubeSource
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from apvserver.vtk.rendering.axes.grid_axes import Grid, GridAxes
from apvserver.vtk.rendering.axes.grid_texts import GridText
from apvserver.vtk.rendering.axes.numbers import box_numbers, box_steps
from apvserver.vtk.rendering.camera.looking import Looking
from apvserver.vtk.rendering.images import Bounds, CameraState
from apvserver.vtk.rendering.paper import BLACK, WHITE, Paper
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation
from async_paraview.contrast import contrast
from async_paraview.scene.parts import GRID_AXES, filled

from ..harness.time_limits import scaled, unit_s

Make = Callable[..., RenderView]

GREEN = (0, 128, 0)
CUBE: Bounds = (-10.0, 10.0, -10.0, 10.0, -10.0, 10.0)
DIRECTIONS = [
    (1.0, 1.0, 1.0), (-1.0, 1.0, 1.0), (1.0, -1.0, 0.6), (-1.0, -1.0, -1.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0),
    (0.0, -1.0, 0.05), (0.2, 0.1, 1.0), (1.0, 2.0, -0.7), (0.05, 1.0, 0.3), (-0.3, -0.1, -1.0), (-1.0, 0.0, 0.01),
]  # fmt: skip
SIZES = [(300, 600), (400, 300), (800, 600)]


def cube(bounds: Bounds) -> Any:
    source = vtkCubeSource()
    source.SetBounds(bounds)
    source.Update()
    return source.GetOutput()


@pytest.fixture
def make() -> Iterator[Make]:
    """Make views of a green box, which no light shades, with a grid: `make(bounds, look of the grid, **view)`."""
    made: list[RenderView] = []

    def show(
        bounds: Bounds = CUBE,
        look: Mapping[str, Any] | None = None,
        shown: Mapping[str, Any] | None = None,
        **of_view: Any,
    ) -> RenderView:
        grid = {"Visibility": True, **(look or {})}
        view = RenderView({"Background": WHITE, "ViewSize": (400, 300), "AxesGrid": grid, "UseFXAA": False, **of_view})
        made.append(view)
        one = Representation({"Lighting": False, "Color": [part / 255 for part in GREEN], **(shown or {})})
        one.set_data({"full": cube(bounds)})
        view.add_representation("box", one)
        return view

    yield show
    for view in made:
        view.close()


def look_from(view: RenderView, direction: tuple[float, float, float], *, fit: bool = True) -> None:
    """Look at the middle from somewhere; `fit`: so that all is in the picture."""
    up = (0.0, 0.0, 1.0) if abs(direction[2]) < 0.9 * np.linalg.norm(direction) else (0.0, 1.0, 0.0)
    view.set_properties({"CameraPosition": direction, "CameraFocalPoint": (0.0, 0.0, 0.0), "CameraViewUp": up})
    if fit:
        view.reset_camera()


def of_data(pixels: np.ndarray) -> np.ndarray:
    """Return which pixels show the box."""
    return np.asarray((np.abs(pixels[..., :3].astype(int) - GREEN) < 3).all(axis=2))


def inner(mask: np.ndarray) -> np.ndarray:
    """Return the pixels of a mask whose neighbors, two pixels far, are of it, too."""
    found = mask.copy()
    for axis, by in itertools.product((0, 1), (-2, -1, 1, 2)):
        found &= np.roll(mask, by, axis)
    return found


def assert_legible(texts: list[GridText], pixels: np.ndarray) -> None:
    """See that texts are whole in the picture, stand apart, and are black upon white."""
    height, width = pixels.shape[:2]
    for one in texts:
        box = one.box
        assert box.left >= 0 and box.bottom >= 0 and box.right <= width and box.top <= height, one
        letters = pixels[height - box.top : height - box.bottom, box.left : box.right, :3].astype(int)
        assert letters.min() < 60 and (letters.min(axis=2) > 250).mean() > 0.2, one
        assert not of_data(letters).any(), one
    for one, other in itertools.combinations(texts, 2):
        assert not one.box.overlaps(other.box), (one, other)


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_texts_are_whole_and_beyond_the_data_from_every_direction(
    make: Make, parallel: bool, size: tuple[int, int]
) -> None:
    view = make(look={"ShowGrid": True}, ViewSize=size, CameraParallelProjection=parallel)
    for direction in DIRECTIONS:
        look_from(view, direction)
        pixels, texts = view.render().pixels, view.axes_texts()
        assert_legible(texts, pixels)
        titles = {one.text for one in texts if one.what.endswith("Title")}
        assert len(titles) >= 2 and {"X Axis", "Y Axis", "Z Axis"} >= titles, direction
        edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        assert edges.min() > 250, direction  # nothing is cut
        view.set_properties({"AxesGrid": {}})
        alone = of_data(view.render().pixels)
        view.set_properties({"AxesGrid": {"Visibility": True, "ShowGrid": True}})
        assert alone.sum() > 0.1 * size[0] * min(size) and of_data(pixels)[inner(alone)].all(), direction


def test_texts_stay_apart_and_beyond_the_data_while_the_camera_turns(make: Make) -> None:
    for parallel in (False, True):
        view = make(look={"ShowGrid": True}, CameraParallelProjection=parallel)
        look_from(view, (1.0, -1.0, 0.5))
        view.move_camera("zoom", {"factor": 0.7})
        for _ in range(24):
            view.move_camera("orbit", {"azimuth": 15, "elevation": 7})
            pixels = view.render().pixels
            assert_legible(view.axes_texts(), pixels)
            assert len(view.axes_texts()) > 12


def test_near_lines_are_drawn_only_where_that_is_asked_for(make: Make) -> None:
    """The corner that is nearest to the camera is in the middle of the picture: three lines meet there, or none."""
    seen = {}
    for near, far in itertools.product((False, True), repeat=2):
        look = {"CullFrontface": not near, "CullBackface": not far, "AxesToLabel": 0, "ShowTicks": False}
        view = make(look=look, shown={"Opacity": 0.0})
        look_from(view, (1.0, 1.0, 1.0))
        seen[near, far] = (view.render().pixels.min(axis=2) < 128).sum()
        middle = view.render().pixels[135:165, 185:215].min(axis=2) < 128
        assert bool(middle.any()) == (near or far)
    assert seen[False, False] == 0
    assert seen[True, False] < seen[True, True] and seen[False, True] < seen[True, True]


def test_numbers_stand_where_they_are(make: Make) -> None:
    """As VTK projects the places of the numbers, in both projections."""
    for parallel in (False, True):
        view = make(CameraParallelProjection=parallel)
        for direction, axes in (((0.0, 0.0, 1.0), (("X", 0), ("Y", 1))), ((0.0, -1.0, 0.0), (("X", 0), ("Z", 1)))):
            look_from(view, direction)
            view.render()
            renderer = as_vtk_sees(view.camera, (400, 300))
            for axis, across in axes:
                texts = [one for one in view.axes_texts() if one.what == f"{axis}Label"]
                assert sorted({float(one.text) for one in texts}) == [-10.0, -5.0, 0.0, 5.0, 10.0]
                for one in texts:
                    place = [-10.0 * part for part in direction]
                    if not parallel:
                        place = [10.0 * part for part in direction]
                    place["XYZ".index(axis)] = float(one.text)
                    renderer.SetWorldPoint(*place, 1.0)
                    renderer.WorldToDisplay()
                    middle = (one.box.left + one.box.right) / 2, (one.box.bottom + one.box.top) / 2
                    assert middle[across] == pytest.approx(renderer.GetDisplayPoint()[across], abs=1.5)


def as_vtk_sees(state: CameraState, size: tuple[int, int]) -> Any:
    """Return a renderer that looks as that camera."""
    window, renderer = vtkRenderWindow(), vtkRenderer()
    window.SetOffScreenRendering(True)
    window.SetSize(*size)
    window.AddRenderer(renderer)
    camera = renderer.GetActiveCamera()
    camera.SetPosition(state.position)
    camera.SetFocalPoint(state.focal_point)
    camera.SetViewUp(state.view_up)
    camera.SetViewAngle(state.view_angle)
    camera.SetParallelProjection(state.parallel_projection)
    camera.SetParallelScale(state.parallel_scale)
    camera.SetClippingRange(1.0, 1000.0)
    renderer.window = window
    return renderer


def test_a_place_is_seen_where_vtk_sees_it() -> None:
    random = np.random.default_rng(5)
    places = random.normal(size=(20, 3)) * 3
    for parallel in (False, True):
        state = CameraState((20.0, -7.0, 9.0), (1.0, 0.5, -1.0), (0.1, 0.0, 1.0), 24.0, parallel, 7.5)
        renderer, looking = as_vtk_sees(state, (640, 400)), Looking(state, (640, 400))
        beside = Looking(state, (640, 400), (0.3, -0.2))
        renderer.GetActiveCamera().SetWindowCenter(0.3, -0.2)
        for place, (x, y, _) in zip(places, beside.pixels(places).tolist(), strict=True):
            renderer.SetWorldPoint(*place, 1.0)
            renderer.WorldToDisplay()
            assert renderer.GetDisplayPoint()[:2] == pytest.approx((x, y), abs=1e-6)
        renderer.GetActiveCamera().SetWindowCenter(0.0, 0.0)
        for place, (x, y, _) in zip(places, looking.pixels(places).tolist(), strict=True):
            renderer.SetWorldPoint(*place, 1.0)
            renderer.WorldToDisplay()
            assert renderer.GetDisplayPoint()[:2] == pytest.approx((x, y), abs=1e-6)
        far = looking.pixel_length((1.0, 0.5, -1.0))
        middle = looking.pixels(np.array([[1.0, 0.5, -1.0]]) + far * np.array([[0.0, 0.0, 0.0]]))
        assert middle[0, :2] == pytest.approx((320, 200))


def test_numbers_and_titles_are_the_same_at_every_resolution(make: Make) -> None:
    view = make(look={"ShowGrid": True})
    for direction in DIRECTIONS[:4]:
        look_from(view, direction)
        view.render()
        small = view.axes_texts()
        for options in ({"magnification": 2}, {"magnification": 3}, {"size": (1667, 1250), "dpi": 300}):
            image = view.capture(**options)
            large, factor = view.axes_texts(), image.width / 400
            assert [(one.what, one.text) for one in large] == [(one.what, one.text) for one in small]
            assert_legible(large, image.pixels)
            for one, other in zip(small, large, strict=True):
                wanted = factor * np.array([one.box.left + one.box.right, one.box.bottom + one.box.top]) / 2
                found = np.array([other.box.left + other.box.right, other.box.bottom + other.box.top]) / 2
                assert np.abs(found - wanted).max() <= factor
        view.render()


def test_axes_of_like_lengths_have_the_same_steps() -> None:
    assert box_steps([20.0, 20.0, 14.0]) == [5.0, 5.0, 5.0]
    assert box_steps([20.0, 20.0, 9.0]) == [5.0, 5.0, 2.0]
    assert box_steps([1000.0, 1.0, 0.0]) == [200.0, 0.2, 0.0]
    get = filled(GRID_AXES, {})
    numbers = box_numbers(get, (500000.0, 500100.0, 0.0, 1e-4, 3.0, 3.0))
    assert [one.texts for one in numbers] == [
        ("500000", "500020", "500040", "500060", "500080", "500100"), ("0", "20", "40", "60", "80", "100"), ("3",)
    ]  # fmt: skip
    assert numbers[1].factor == -6
    look = {"XAxisNotation": "Scientific", "YAxisNotation": "Fixed", "YAxisPrecision": 3, "ZAxisNotation": "Scientific"}
    numbers = box_numbers(filled(GRID_AXES, {**look, "ZAxisPrecision": 1}), (0.0, 250.0, 0.0, 250.0, 0.0, 250.0))
    assert numbers[0].texts == ("0.0e+00", "5.0e+01", "1.0e+02", "1.5e+02", "2.0e+02", "2.5e+02")
    assert numbers[1].texts[:2] == ("0.000", "50.000") and numbers[2].texts[-1] == "2.5e+02"
    custom = {"XAxisUseCustomLabels": True, "XAxisLabels": (7.0, 1.5, 99.0)}
    assert box_numbers(filled(GRID_AXES, custom), (0.0, 10.0) * 3)[0].texts == ("1.5", "7.0")
    far = box_numbers(get, (1e18, 1e18 + 256, 0.0, 1.0, 0.0, 1.0))[0]
    assert len(far.values) <= 12 and all(1e18 <= one <= 1e18 + 256 for one in far.values)


def test_data_that_are_flat_or_a_point_have_a_grid(make: Make) -> None:
    flat = make((0.0, 10.0, 0.0, 6.0, 2.0, 2.0))
    for direction in ((0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (0.3, -0.2, 1.0)):
        look_from(flat, direction)
        pixels = flat.render().pixels
        assert_legible(flat.axes_texts(), pixels)
        assert {one.what for one in flat.axes_texts()} == {"XLabel", "XTitle", "YLabel", "YTitle"}
    point = make((1.0,) * 6)
    point.reset_camera("-Z")
    assert_legible(point.axes_texts(), point.render().pixels)


def labelled(view: RenderView, axis: str) -> int:
    """Return how many edges along an axis have numbers: each of them has one 0."""
    view.render()
    return sum(one.what == f"{axis}Label" and one.text == "0" for one in view.axes_texts())


def test_faces_and_edges_are_chosen_by_their_bits(make: Make) -> None:
    view = make()
    look_from(view, (1.0, 1.0, 0.6))
    assert [labelled(view, axis) for axis in "XYZ"] == [2, 2, 2]
    # The low faces are seen from there: an edge of one of them has numbers if its other face, a high one, is asked for.
    for bits, wanted in ((4, [0, 0, 0]), (8, [0, 1, 1]), (16, [1, 0, 1]), (32, [1, 1, 0]), (56, [2, 2, 2])):
        view.set_properties({"AxesGrid": {"Visibility": True, "AxesToLabel": bits}})
        assert [labelled(view, axis) for axis in "XYZ"] == wanted, bits
    view.set_properties({"AxesGrid": {"Visibility": True, "FacesToRender": 4}})
    assert [labelled(view, axis) for axis in "XYZ"] == [2, 2, 0]
    view.set_properties({"AxesGrid": {"Visibility": True, "LabelUniqueEdgesOnly": False, "ShowGrid": False}})
    assert sum(labelled(view, axis) for axis in "XYZ") == 9


def test_scaled_and_moved_data_have_their_own_numbers(make: Make) -> None:
    """DataScale and DataPosition of a view's grid; the same of one output by IgnoreDisplayTransformScale."""
    look = {"DataScale": (1.0, 1.0, 4.0), "DataPosition": (100.0, 0.0, 0.0)}
    view = make((100.0, 110.0, 0.0, 10.0, 0.0, 40.0), look)
    look_from(view, (1.0, -1.0, 0.5))
    view.render()
    own = {"Visibility": False}
    moved = {"Scale": (1.0, 1.0, 4.0), "Position": (100.0, 0.0, 0.0), "Orientation": (0.0, 0.0, 10.0)}
    of_data = {"DataAxesGrid": {"Visibility": True, "IgnoreDisplayTransformScale": True}}
    turned = make((0.0, 10.0) * 3, own, {**moved, **of_data})
    look_from(turned, (1.0, -1.0, 0.5))
    turned.render()
    for one in (view, turned):
        for axis in "XYZ":
            numbers = {float(text.text) for text in one.axes_texts() if text.what == f"{axis}Label"}
            assert numbers and numbers <= {0.0, 2.0, 4.0, 6.0, 8.0, 10.0}, axis
    in_the_scene = make((0.0, 10.0) * 3, own, {"Scale": (1, 1, 4), "DataAxesGrid": {"Visibility": True}})
    look_from(in_the_scene, (1.0, -1.0, 0.5))
    in_the_scene.render()
    assert "40" in {text.text for text in in_the_scene.axes_texts() if text.what == "ZLabel"}
    with pytest.raises(ValueError, match=r"DataScale = .*other than 0"):
        view.set_properties({"AxesGrid": {"DataScale": (1, 0, 1)}})


def test_a_model_of_its_own_is_moved_by_its_matrix(make: Make) -> None:
    turned = (0.0, -2.0, 0.0, 5.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    look = {"UseModelTransform": True, "ModelBounds": (0.0, 5.0, 0.0, 5.0, 0.0, 5.0), "ModelTransformMatrix": turned}
    view = make((-5.0, 5.0, 0.0, 10.0, 0.0, 10.0), look)
    view.reset_camera("-Z")
    pixels, texts = view.render().pixels, view.axes_texts()
    assert_legible(texts, pixels)
    assert {float(one.text) for one in texts if one.what == "XLabel"} == {0.0, 1.0, 2.0, 3.0, 4.0, 5.0}
    sides = {one.box.left for one in texts if one.what == "XLabel"}
    assert max(sides) - min(sides) > 200  # its x axis points up in the scene: numbers at the left and at the right


def test_letters_have_the_looks_that_are_asked_for(make: Make) -> None:
    look = {
        "XTitleColor": (1.0, 0.0, 0.0), "XTitleFontSize": 24, "XTitle": "width", "YLabelColor": (0.0, 0.0, 1.0),
        "YLabelOpacity": 0.5, "YTitle": "",
    }  # fmt: skip
    view = make(look=look)
    view.reset_camera("-Z")
    pixels, texts = view.render().pixels, view.axes_texts()
    letters = {one.what: one.mask for one in texts}
    assert "YTitle" not in letters and letters["XTitle"].shape[0] > 1.6 * letters["XLabel"].shape[0]
    for one in texts:
        box = one.box
        seen = pixels[300 - box.top : 300 - box.bottom, box.left : box.right].reshape(-1, 3).astype(int)
        darkest = seen[seen.sum(axis=1).argmin()]
        wanted = {"XTitle": (255, 0, 0), "YLabel": (127, 127, 255), "XLabel": (0, 0, 0)}[one.what]
        assert darkest == pytest.approx(np.array(wanted), abs=45), one.what  # thin letters
    view.set_properties({"AxesGrid": {"Visibility": True, "XLabelShadow": True, "XLabelColor": (1.0, 1.0, 1.0)}})
    shadowed = view.render().pixels
    box = next(one.box for one in view.axes_texts() if one.what == "XLabel")
    assert shadowed[300 - box.top : 301 - box.bottom, box.left : box.right + 1].min() < 60


def test_every_number_is_seen_on_a_background_that_runs_from_black_to_white(make: Make) -> None:
    view = make(Background=BLACK, Background2=WHITE, UseGradientBackground=True, ViewSize=(300, 600))
    look_from(view, (1.0, -1.0, 0.5))
    pixels, texts = view.render().pixels, view.axes_texts()
    for one in texts:
        box = one.box
        seen = pixels[600 - box.top : 600 - box.bottom, box.left : box.right].reshape(-1, 3) / 255
        lights = sorted((tuple(map(float, color)) for color in seen), key=sum)
        assert contrast(lights[0], lights[-1]) > 4, one


MOST_CALLS = 3000
"""Calls of functions, of Python and of C, for one frame: 2600 when this was set, which took 0.7 to 1 ms."""


def test_a_grid_costs_about_a_millisecond_a_frame() -> None:
    """What is arranged anew as the camera moves, without drawing it: by calls, which others do not change.

    The time of this thread's processor does change, by more than that of shorter code does: three times as much where
    others take its caches. So only the quickest frame is bounded, against calls that take long.
    """
    axes, paper = GridAxes(), Paper(WHITE, WHITE)
    grid = Grid(filled(GRID_AXES, {"ShowGrid": True}), CUBE, {axis: f"{axis} Axis" for axis in "XYZ"})
    calls, times, units = 0, [], []

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    def show(angle: float) -> None:
        position = (60 * float(np.cos(angle)), 60 * float(np.sin(angle)), 30 * float(np.sin(0.3 * angle)))
        looking = Looking(CameraState(position, (0.0, 0.0, 0.0), (0.0, 0.0, 1.0), 30.0, False, 1.0), (800, 600))
        axes.show(grid, looking, paper, 1.0)
        assert len(axes.texts) > 10

    show(0.0)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for step in range(1, 120):
            show(0.05 * step)
    finally:
        sys.setprofile(before)
    assert calls / 119 <= MOST_CALLS
    for step in range(120):
        units.append(unit_s())
        began = time.thread_time()
        show(0.05 * step)
        times.append(time.thread_time() - began)
    assert min(times) <= scaled(4.0) * statistics.median(units)
