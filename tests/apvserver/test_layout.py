"""Where legends, texts and axes stand beside a scene: nothing is cut off, nothing covers anything, at any size."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkPolyData

from apvserver.vtk.geometry.extraction import FULL, WRITTEN
from apvserver.vtk.geometry.overlays import TEXT
from apvserver.vtk.rendering.color_maps import ColorMaps
from apvserver.vtk.rendering.layout.arranging import Layout
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

from .test_legends import FLAT, LINEAR, plane

WHITE = (1.0, 1.0, 1.0)
SIZES = [(300, 600), (320, 240), (800, 600), (1600, 1200), (12800, 9600)]
TITLE = "Static pressure on the upper surface of the wing [Pa]"
TEXTS = (
    {
        "Text": "Case 4: a line that is far too long for the smaller of the pictures",
        "WindowLocation": "Upper Left Corner",
    },
    {"Text": "second at that corner\nwith two lines", "WindowLocation": "Upper Left Corner"},
    {"Text": "A title", "WindowLocation": "Upper Center", "FontSize": 24},
    {"Text": "t = 3 s"},
    {"Text": "right", "WindowLocation": "Lower Right Corner"},
    {"Text": "   "},
)

Make = Callable[..., RenderView]


def said(text: str) -> vtkPolyData:
    """Return a text as data."""
    made, array = vtkPolyData(), vtkStringArray()
    array.SetName(TEXT)
    array.InsertNextValue(text)
    made.GetFieldData().AddArray(array)
    return made


@pytest.fixture
def make() -> Iterator[Make]:
    """Make views with so many legends, texts, a text that is data, and axes."""
    made: list[RenderView] = []

    def show(legends: int, size: tuple[int, int], *, bar: Any = None, title: str = TITLE, **of_view: Any) -> RenderView:
        maps, names = ColorMaps(), "abcdef"[:legends]
        bars = {name: dict(bar or {}) for name in names}
        texts = TEXTS if size[0] * size[1] > 100_000 else TEXTS[2:]
        properties = {"Texts": texts, "OrientationAxesVisibility": True, **of_view}
        view = RenderView({"Background": WHITE, "ViewSize": size, "ScalarBars": bars, **properties})
        made.append(view)
        for name in names:
            one = Representation({**FLAT, "ColorBy": ("CELLS", name), "ScalarBarTitle": title}, maps)
            one.set_data({"full": plane(LINEAR, name)})
            view.add_representation(name, one)
        text = Representation({"WindowLocation": "Upper Right Corner"}, maps)
        text.set_data({FULL: said("said by data")}, {"drawing": WRITTEN})
        view.add_representation("said", text)
        return view

    yield show
    for view in made:
        view.close()


def asked(
    view: RenderView, size: tuple[int, int] | None = None, magnification: int = 1, dpi: float | None = None
) -> Layout:
    """Return the layout of a picture as `capture` makes it."""
    width, height = size or view.properties["ViewSize"]
    return view.layout((width * magnification, height * magnification), magnification * (dpi or 72) / 72)


def check(layout: Layout) -> None:
    """Nothing may be cut off or covered, and the scene has room."""
    assert layout.clashes() == []
    for legend in layout.legends:
        masks = [one.box for one in legend.arranged.pieces if one.mask is not None]
        assert not any(one.overlaps(other) for one, other in itertools.combinations(masks, 2))
        assert not any(box.overlaps(legend.arranged.bar) for box in masks)
    scene = layout.scene
    least = 0.24  # the rest is for texts and legends
    assert min(scene.size[0] / layout.size[0], scene.size[1] / layout.size[1]) >= least
    for item in layout.items:
        assert item.kind == "orientation axes" or not item.box.overlaps(scene), item


@pytest.mark.parametrize("bar", [{}, {"Orientation": "Horizontal"}, {"HorizontalTitle": False}], ids=str)
@pytest.mark.parametrize("legends", [0, 1, 2, 3])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_nothing_is_cut_off_or_covered(size: tuple[int, int], legends: int, bar: Any, make: Make) -> None:
    view = make(legends, size if size[0] < 10_000 else (800, 600), bar=bar)
    for dpi in (72, 150, 300, 600) if size[0] < 10_000 else (72, 1152):
        layout = asked(view, size, dpi=dpi)
        check(layout)
        assert len(layout.legends) == legends and len(layout.items) == legends + len(view.properties["Texts"]) + 1
        assert layout.size == size and (layout.shrunk == 1.0) == (not layout.remarks())
        if size[0] >= 1600 and dpi in (72, 1152):
            assert layout.shrunk == 1.0


@pytest.mark.parametrize("size", [(320, 240), (800, 600)], ids=str)
def test_more_pixels_of_the_same_page_have_the_same_layout(size: tuple[int, int], make: Make) -> None:
    view = make(2, size)
    small = asked(view)
    for magnification in (2, 3, 5, 10):
        large = asked(view, magnification=magnification)
        assert large.shrunk == small.shrunk
        for one, other in zip(small.items, large.items, strict=True):
            wide = 5 + 0.02 * one.box.size[0]  # letters of whole pixels
            assert np.abs(np.array(other.box.size) / magnification - one.box.size).max() <= wide, (one, other)
            corners = np.array([one.box.left, one.box.bottom]), np.array([other.box.left, other.box.bottom])
            assert np.abs(corners[1] / magnification - corners[0]).max() <= 2 + wide, (one, other)
        assert [one.lines for one in small.texts] == [one.lines for one in large.texts]


@pytest.mark.parametrize("dpi", [72.0, 300.0])
@pytest.mark.parametrize("size", [(300, 600), (320, 240), (800, 600)], ids=str)
def test_what_is_drawn_is_inside_the_boxes_and_fills_them(size: tuple[int, int], dpi: float, make: Make) -> None:
    view = make(2, size)
    for one in "ab":
        view.representation(one).set_properties({"Visibility": True})
    view.reset_camera("-Z")
    layout = asked(view, dpi=dpi)
    ink: Any = (view.capture(dpi=dpi).pixels[::-1].astype(int) < 200).any(axis=2)
    colored = np.zeros_like(ink)
    for item in layout.items:
        box = item.box
        inside = ink[box.bottom : box.top, box.left : box.right]
        rows, columns = np.nonzero(inside)
        if item.kind == "text":  # letters reach all four sides of their box, but for descenders and a pixel of rounding
            letters = max(3, 0.4 * inside.shape[0])
            assert columns.min() <= letters and columns.max() >= inside.shape[1] - letters
            assert rows.max() - rows.min() >= 0.4 * inside.shape[0]
        assert inside.any(), item
        colored[box.bottom : box.top, box.left : box.right] = True
    scene = layout.scene
    colored[scene.bottom : scene.top, scene.left : scene.right] = True
    assert not (ink & ~colored).any()
    assert ink[scene.bottom : scene.top, scene.left : scene.right].mean() > 0.05


def test_texts_at_a_corner_stand_in_their_order(make: Make) -> None:
    view = make(0, (800, 600), OrientationAxesVisibility=False)
    first, second, title, low, right, _ = asked(view).texts
    assert first.box.bottom > second.box.top and second.box.left == pytest.approx(first.box.left, abs=2)
    assert title.box.top <= 594 and low.box.bottom <= 10 and right.box.right >= 790
    several = tuple({"Text": f"line {index}"} for index in range(4))
    view.set_properties({"Texts": several})
    boxes = [one.box for one in asked(view).texts]
    assert all(one.top < other.bottom for one, other in itertools.pairwise(boxes))


def test_orientation_axes_make_way_for_a_text_and_a_legend(make: Make) -> None:
    view = make(0, (800, 600), Texts=())
    assert asked(view).axes is not None
    free = asked(view).axes
    view.set_properties({"Texts": ({"Text": "at their corner"},)})
    moved = asked(view)
    assert free is not None and moved.axes is not None
    assert (free.left, free.bottom) == (0, 0) and moved.axes.bottom >= moved.texts[0].box.top
    assert moved.axes.size == free.size


def test_what_somebody_put_somewhere_stays_there_and_what_it_covers_is_told(make: Make) -> None:
    here = {"WindowLocation": "Any Location", "Position": (0.05, 0.5)}
    texts = ({"Text": "one", **here}, {"Text": "two", **here}, {"Text": "beyond", **here, "Position": (0.97, 0.5)})
    view = make(1, (320, 240), Texts=texts, bar={"WindowLocation": "Any Location", "Position": (0.06, 0.1)})
    layout = asked(view)
    assert [one.at for one in layout.texts] == [(16.0, 120.0), (16.0, 120.0), (pytest.approx(310.4), 120.0)]
    assert layout.shrunk == 1.0 and layout.legends[0].side is None
    remarks = layout.remarks()
    assert "text 'one' and text 'two' cover each other: put one of them elsewhere, or make them smaller" in remarks
    assert "text 'beyond' is cut off by the edge of the picture: put it elsewhere, or make it smaller" in remarks
    assert sum("legend 'a' and text" in one for one in remarks) == 2
    corner = {"Text": "makes way"}
    view = make(0, (320, 240))
    view.set_properties(
        {"Texts": ({"Text": "put", "WindowLocation": "Any Location", "Position": (0.01, 0.01)}, corner)}
    )
    put, other = asked(view).texts
    assert other.box.bottom >= put.box.top and put.at == (3.2, 2.4)


def test_three_legends_stand_at_the_right_and_then_at_the_left(make: Make) -> None:
    view = make(3, (400, 600), title="T", Texts=(), OrientationAxesVisibility=False)
    first, second, third = asked(view).legends
    assert first.box.right > 390 and second.box.right < first.box.left
    assert [one.side for one in (first, second, third)] == ["right", "right", "left"]
    assert third.box.left < 10
    scene = asked(view).scene
    assert third.box.right < scene.left and scene.right < second.box.left


NAMES = [f"tissue number {index}" for index in range(1, 30)]


@pytest.mark.parametrize(
    ("size", "orientation", "all_named"),
    [
        ((800, 600), "Vertical", True), ((300, 600), "Vertical", True), ((600, 300), "Vertical", True),
        ((320, 180), "Vertical", False), ((800, 600), "Horizontal", False),
    ],
)  # fmt: skip
def test_many_categories_have_their_names_or_it_is_said_how_many_have_not(
    size: tuple[int, int], orientation: str, all_named: bool, make: Make
) -> None:
    view = make(0, size, Texts=(), OrientationAxesVisibility=False, ScalarBars={"a": {"Orientation": orientation}})
    maps = ColorMaps()
    annotations = tuple(itertools.chain.from_iterable((index + 1, name) for index, name in enumerate(NAMES)))
    maps.set("PVLookupTable", "a", {"Annotations": annotations, "InterpretValuesAsCategories": True})
    shown = Representation({**FLAT, "ColorBy": ("CELLS", "a")}, maps)
    shown.set_data({"full": plane(np.arange(1, 30, dtype=np.int16))})
    view.add_representation("a", shown)
    layout = asked(view)
    (legend,) = layout.legends
    named = [one.label.text for one in legend.arranged.ticks]
    assert layout.clashes() == [] and len(named) == 29 - legend.arranged.left_out
    masks = [one.box for one in legend.arranged.pieces if one.mask is not None]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(masks, 2))
    if all_named:
        assert named == NAMES and layout.remarks() == ()
    else:
        assert 3 <= len(named) < 29
        assert layout.remarks()[-1].startswith(f"{29 - len(named)} categories of the legend 'a' have no name")
    pixels, coloring = view.render().pixels[::-1].astype(int), shown.coloring
    assert coloring is not None
    x, y = legend.place
    for index, tick in zip(range(0, 29, 29 // len(named) + (29 % len(named) > 0)), legend.arranged.ticks, strict=True):
        at = (y + 4, x + tick.at) if orientation == "Horizontal" else (y + tick.at, x + 4)
        assert np.abs(pixels[at] - 255 * np.array(coloring.table.GetTableValue(index)[:3])).max() <= 1


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("options", [{"dpi": 200.0}, {"size": (300, 600)}, {"size": (800, 200), "dpi": 144.0}], ids=str)
def test_a_picture_of_another_page_shows_all_that_the_view_shows(
    options: dict[str, Any], parallel: bool, make: Make
) -> None:
    """A fitted camera sees the same beside larger legends, or in a picture of another shape."""
    view = make(1, (640, 480), title="T", CameraParallelProjection=parallel, Texts=(), OrientationAxesVisibility=False)
    for turned in (False, True):
        view.reset_camera("-Z")
        if turned:
            view.move_camera("orbit", {"azimuth": 30, "elevation": 5})
            view.move_camera("zoom", {"factor": 0.85})
        before = view.camera
        whole = _scene_pixels(asked(view), view.capture().pixels)
        layout = asked(view, **options)
        found = _scene_pixels(layout, view.capture(**options).pixels)
        scene = layout.scene.grown(1)
        assert scene.left <= found[0] and found[1] <= scene.right and scene.bottom <= found[2] and found[3] <= scene.top
        shape = (found[1] - found[0]) / (found[3] - found[2]), (whole[1] - whole[0]) / (whole[3] - whole[2])
        assert shape[0] == pytest.approx(shape[1], rel=0.03)
        assert max((found[1] - found[0]) / scene.size[0], (found[3] - found[2]) / scene.size[1]) > 0.6
        assert view.camera == before
    view.set_properties({"CameraPosition": (0.0, 0.0, 1.6), "CameraFocalPoint": (0.0, 0.0, 0.0)})
    low, high = _scene_pixels(asked(view), view.capture().pixels)[2:]
    twice = view.capture(size=(1280, 960))
    set_low, set_high = _scene_pixels(asked(view, (1280, 960)), twice.pixels)[2:]
    assert (set_low, set_high) == pytest.approx((2 * low, 2 * high), abs=2)  # a camera that was set is as it was set


def _scene_pixels(layout: Layout, pixels: Any) -> tuple[int, int, int, int]:
    """Return where the scene is seen: left, right, bottom, top."""
    ink = (np.abs(pixels[::-1].astype(int) - 255) > 3).any(axis=2)
    for item in layout.items:
        ink[item.box.bottom : item.box.top, item.box.left : item.box.right] = False
    rows, columns = np.nonzero(ink)
    return int(columns.min()), int(columns.max()) + 1, int(rows.min()), int(rows.max()) + 1
