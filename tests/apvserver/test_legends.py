"""Legends, read from pictures: the color at each number is that of the number, and nothing is cut or covered."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersSources import vtkPlaneSource

from apvserver.vtk.rendering.color_maps import ColorMaps
from apvserver.vtk.rendering.layout.boxes import Box
from apvserver.vtk.rendering.legends import bar as bar_module
from apvserver.vtk.rendering.legends.bar import painted as paint
from apvserver.vtk.rendering.legends.placing import Placed
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation

Make = Callable[..., tuple[RenderView, list[Representation], ColorMaps]]

PAPER = (0.0, 0.2, 0.0)
FLAT = {"Lighting": False, "ScalarBarVisibility": True, "ColorBy": ("CELLS", "a")}
SIZES = [(300, 600), (320, 240), (800, 600)]


def plane(values: Any, name: str = "a") -> vtkPolyData:
    """Return a row of squares, each with one of the numbers."""
    source = vtkPlaneSource()
    source.SetXResolution(len(values))
    source.Update()
    array = numpy_to_vtk(np.asarray(values), deep=True)
    array.SetName(name)
    source.GetOutput().GetCellData().AddArray(array)
    made: vtkPolyData = source.GetOutput()
    return made


@pytest.fixture
def make() -> Iterator[Make]:
    """Make views that show rows of squares, with legends: `make(*values, bars, **view properties)`."""
    made: list[RenderView] = []

    def show(
        *values: Any, look: Mapping[str, Any] | None = None, bar: Mapping[str, Any] | None = None, **of_view: Any
    ) -> tuple[RenderView, list[Representation], ColorMaps]:
        maps, shown = ColorMaps(), []
        names = [chr(ord("a") + index) for index in range(len(values))]
        bars = {name: dict(bar or {}) for name in names}
        view = RenderView({"Background": PAPER, "ViewSize": (320, 240), "ScalarBars": bars, **of_view})
        made.append(view)
        for name, one in zip(names, values, strict=True):
            shown.append(Representation({**FLAT, "ColorBy": ("CELLS", name), **(look or {})}, maps))
            shown[-1].set_data({"full": plane(one, name)})
            view.add_representation(name, shown[-1])
        return view, shown, maps

    yield show
    for view in made:
        view.close()


def colors_seen(placed: Placed, pixels: Any) -> Any:
    """Return the colors along the middle of a legend, from its low end."""
    x, y = placed.place
    width, height = placed.arranged.bar.size
    up = pixels[::-1].astype(int)
    if placed.wanted.look["Orientation"] == "Vertical":
        return up[y : y + height, x + width // 2]
    return up[y + height // 2, x : x + width]


LINEAR = np.linspace(101325.0, 101625.0, 9)
LOOKS: dict[str, tuple[Any, dict[str, Any], dict[str, Any]]] = {
    "linear": (LINEAR, {"LookupTable": "Grayscale"}, {}),
    "horizontal": (LINEAR, {"LookupTable": "Grayscale"}, {"Orientation": "Horizontal"}),
    "reversed": (LINEAR, {"LookupTable": "Grayscale"}, {"ReverseLegend": True}),
    "inverted": (LINEAR, {"LookupTable": "Viridis", "InvertLookupTable": True}, {}),
    "ends": (LINEAR + 17, {"LookupTable": "Grayscale"}, {"AddRangeLabels": True}),
    "logarithmic": (10.0 ** np.linspace(-6, 0, 9), {"LookupTable": "Grayscale", "UseLogScale": True}, {}),
    "less than a decade": (np.linspace(2, 9, 9), {"LookupTable": "Grayscale", "UseLogScale": True}, {}),
    "own points": (
        np.linspace(0, 100, 9),
        {"RGBPoints": (0.0, 0.0, 0.0, 0.0, 80.0, 0.2, 0.2, 0.2, 100.0, 1.0, 1.0, 1.0)},
        {},
    ),
    "few colors": (np.linspace(0, 70, 9), {"LookupTable": "Plasma", "NumberOfTableValues": 7}, {}),
    "small": (np.linspace(-3e-7, 5e-7, 9), {"LookupTable": "Grayscale"}, {"NumberOfLabels": 4}),
    "custom": (np.linspace(0, 10, 9), {"LookupTable": "Grayscale"}, {"UseCustomLabels": True, "CustomLabels": (1, 9)}),
}


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", LOOKS)
def test_the_color_at_each_number_is_that_of_the_number(name: str, size: tuple[int, int], make: Make) -> None:
    values, look, bar = LOOKS[name]
    view, (shown,), _ = make(values, look=look, bar=bar, ViewSize=size)
    pixels = view.render().pixels
    (placed,) = view.layout().legends
    seen, coloring = colors_seen(placed, pixels), shown.coloring
    assert coloring is not None
    ticks = placed.arranged.ticks
    assert len(ticks) >= 2 and (name != "ends" or {one.value for one in ticks} >= set(coloring.range))
    count = coloring.table.GetNumberOfTableValues()
    for tick in ticks:
        wanted = [0.0, 0.0, 0.0]
        coloring.table.GetColor(tick.value, wanted)
        here = seen[max(0, tick.at - 1) : tick.at + 2] if count < 32 else seen[tick.at : tick.at + 1]
        assert np.abs(here - 255 * np.array(wanted)).max(axis=1).min() <= 4, tick
        common = placed.arranged.common
        told = float(tick.label.text) ** int(tick.label.power or 1) * 10.0**common.factor + float(common.offset or 0)
        assert told == pytest.approx(tick.value, rel=1e-12, abs=2e-3 * (coloring.range[1] - coloring.range[0]))
    if count == 256 and name != "own points":  # smooth: no step is wider than the pixels need
        assert len(np.unique(seen, axis=0)) >= 0.9 * min(len(seen), 230)


@pytest.mark.parametrize("bar", [{}, {"AddRangeLabels": True}, {"NumberOfLabels": 5}], ids=str)
def test_a_contour_of_one_value_has_a_legend_with_that_value(bar: dict[str, Any], make: Make) -> None:
    view, (shown,), _ = make(np.full(4, 157.09097, np.float32), look={"LookupTable": "Grayscale"}, bar=bar)
    view.render()
    (placed,) = view.layout().legends
    (tick,), coloring = placed.arranged.ticks, shown.coloring
    assert tick.label.text == "157.091" and coloring is not None
    assert not placed.arranged.common.offset and not placed.arranged.common.factor
    assert tick.at == pytest.approx(placed.arranged.bar.size[1] / 2, abs=1)


def test_more_pixels_show_more_colors_and_the_same_numbers(make: Make) -> None:
    view, (shown,), _ = make(np.linspace(37.3, 276.8, 9), look={"LookupTable": "Grayscale"})
    small = view.layout().legends[0].arranged
    image = view.capture(magnification=6)
    coloring = shown.coloring
    assert coloring is not None and image.width == 1920
    column = image.pixels[::-1, :, 0].astype(int)
    (large,) = view.layout((1920, 1440), 6.0).legends
    assert [one.label for one in large.arranged.ticks] == [one.label for one in small.ticks]
    x, y = large.place
    bar = large.arranged.bar
    seen = column[y : y + bar.top, x + bar.right // 2]
    assert len(np.unique(seen)) == 256 and np.all(np.diff(seen) >= 0)
    for one, other in zip(small.ticks, large.arranged.ticks, strict=True):
        assert abs(other.at / 6 - one.at) <= 1


@pytest.mark.deep
@pytest.mark.parametrize("options", [{"magnification": 16}, {"size": (12800, 9600), "dpi": 1152.0}], ids=str)
def test_a_poster_has_the_same_legend_whole(options: dict[str, Any], make: Make) -> None:
    size = (12800, 9600)
    view, (shown,), _ = make(LINEAR, look={"LookupTable": "Grayscale"}, ViewSize=(800, 600))
    (small,) = view.layout().legends
    pixels = view.capture(**options).pixels
    (placed,) = view.layout(size, 16.0).legends
    box, coloring = placed.box, shown.coloring
    assert coloring is not None and pixels.shape[:2] == size[::-1]
    assert 0 <= box.left < box.right <= size[0] and 0 <= box.bottom < box.top <= size[1]
    masks = [piece.box for piece in placed.arranged.pieces if piece.mask is not None]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(masks, 2))
    assert [one.label for one in placed.arranged.ticks] == [one.label for one in small.arranged.ticks]
    x, y = placed.place
    middle = x + placed.arranged.bar.right // 2
    for tick in placed.arranged.ticks:
        wanted = [0.0, 0.0, 0.0]
        coloring.table.GetColor(tick.value, wanted)
        assert np.abs(pixels[size[1] - 1 - y - tick.at, middle].astype(int) - 255 * np.array(wanted)).max() <= 2
    assert (pixels[:, -1] == pixels[0, 0]).all() and (pixels[:, 0] == pixels[0, 0]).all()


@pytest.mark.parametrize("orientation", ["Vertical", "Horizontal"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_categories_have_a_box_with_their_color_and_their_name(
    size: tuple[int, int], orientation: str, make: Make
) -> None:
    values = np.array([1, 2, 3, 4], np.int16)
    view, (shown,), maps = make(values, ViewSize=size, bar={"Orientation": orientation})
    names = ("Sand", "Clay", "Rock", "Ore")
    annotations = tuple(itertools.chain.from_iterable(zip(map(int, values), names, strict=True)))
    for annotated in (False, True):
        if annotated:
            maps.set("PVLookupTable", "a", {"Annotations": annotations})
            view.reset_camera()
        pixels = view.render().pixels
        (placed,) = view.layout().legends
        seen, coloring = colors_seen(placed, pixels), shown.coloring
        assert coloring is not None
        ticks = placed.arranged.ticks
        assert [one.label.text for one in ticks] == (list(names) if annotated else ["1", "2", "3", "4"])
        for index, tick in enumerate(ticks):
            color = 255 * np.array(coloring.table.GetTableValue(index)[:3])
            assert np.abs(seen[tick.at] - color).max() <= 1 and tick.value == index + 1
        paper = (np.abs(seen - 255 * np.array(PAPER)).max(axis=1) <= 1).astype(int)
        assert (np.diff(paper) == 1).sum() == 3  # gaps between four boxes
        from_the_top = annotated and orientation == "Vertical"
        assert (ticks[0].at > ticks[-1].at) == from_the_top


BARS: list[dict[str, Any]] = [
    {}, {"Orientation": "Horizontal"}, {"DrawNanAnnotation": True, "AddRangeLabels": True},
    {"HorizontalTitle": False, "DrawBackground": True, "BackgroundPadding": 6},
    {"TextPosition": "Ticks left/bottom, annotations right/top", "WindowLocation": "Upper Left Corner"},
    {"Orientation": "Horizontal", "WindowLocation": "Upper Right Corner", "DrawNanAnnotation": True},
    {"WindowLocation": "Lower Right Corner", "TitleFontSize": 24, "LabelFontSize": 20, "DrawScalarBarOutline": True},
    {"WindowLocation": "Any Location", "Position": (0.99, 0.9)},
    {"Orientation": "Horizontal", "WindowLocation": "Lower Center", "ScalarBarLength": 1.0, "ScalarBarThickness": 9},
]  # fmt: skip


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("bar", BARS, ids=str)
def test_nothing_is_cut_off_and_nothing_is_covered(
    bar: dict[str, Any], size: tuple[int, int], count: int, make: Make
) -> None:
    beyond = {"BelowRangeColor": (0.0, 0.0, 0.0), "AboveRangeColor": (1.0, 0.0, 1.0)}
    named = {"ScalarBarTitle": "Pressure on the upper surface [Pa]", "ScalarRange": (101400.0, 101600.0)}
    text = {"Text": "A text", "WindowLocation": "Lower Right Corner"}
    view, *_ = make(
        *[LINEAR] * count, look={**beyond, **named}, bar=bar, ViewSize=size, OrientationAxesVisibility=True,
        Texts=(text,),
    )  # fmt: skip
    with_legends = view.render().pixels.astype(int)
    placed = view.layout().legends
    assert len(placed) == count
    for one in placed:
        box = one.box
        assert box.left >= 0 and box.bottom >= 0 and box.right <= size[0] and box.top <= size[1], box
        inside = [piece.box for piece in one.arranged.pieces if piece.mask is not None]
        for first, second in itertools.combinations(inside, 2):
            assert not first.overlaps(second), (first, second)
        assert not any(box.overlaps(one.arranged.bar) for box in inside)
    if bar.get("WindowLocation") != "Any Location":
        if count == 1:
            for other in view.layout().items[1:]:
                assert not placed[0].box.overlaps(other.box)
        for one, two in itertools.combinations(placed, 2):
            assert not one.box.overlaps(two.box)
    others = [one.box for one in view.layout().items if one.kind != "legend"]
    view.set_properties({"ScalarBars": {name: {"Visibility": False} for name in "ab"}})
    others += [one.box for one in view.layout().items]  # texts and axes have their whole size again
    changed = (view.render().pixels.astype(int) != with_legends).any(axis=2)[::-1]
    for box in [one.box for one in placed]:
        assert changed[box.bottom : box.top, box.left : box.right].any()
    for box in [*(one.box for one in placed), *others]:
        changed[box.bottom : box.top, box.left : box.right] = False
    assert not changed.any()


@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("size", [*SIZES, (500, 500)], ids=str)
@pytest.mark.parametrize("bar", [one for one in BARS if one.get("WindowLocation") != "Any Location"], ids=str)
def test_the_camera_leaves_room_for_legends(
    bar: dict[str, Any], size: tuple[int, int], parallel: bool, make: Make
) -> None:
    """What is shown is beside the legend, in the middle of the rest, and fills it."""
    view, *_ = make(
        LINEAR, look={"LookupTable": "Grayscale"}, bar=bar, ViewSize=size, CameraParallelProjection=parallel
    )
    for direction in ("-Z", None):
        view.reset_camera(direction)
        pixels = view.render().pixels[::-1].astype(int)
        box = view.layout().legends[0].box
        pixels[max(0, box.bottom) : box.top, max(0, box.left) : box.right] = 255 * np.array(PAPER)
        rows, columns = np.nonzero(np.abs(pixels - 255 * np.array(PAPER)).max(axis=2) > 2)
        seen = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        assert not seen.overlaps(box)
        assert seen.left > 0 and seen.bottom > 0 and seen.right < size[0] and seen.top < size[1]
        room = view.room()
        free = room.half[0] * size[0], room.half[1] * size[1]
        assert max(seen.size[0] / free[0], seen.size[1] / free[1]) > (0.8 if direction is None else 0.9)
        if direction is None:
            break  # from a point: what is nearer is larger, and the middle of what is seen elsewhere
        middle = (seen.left + seen.right) / 2, (seen.bottom + seen.top) / 2
        wanted = [size[axis] * (1 + room.middle[axis]) / 2 for axis in (0, 1)]
        assert np.abs(np.subtract(middle, wanted)).max() <= 2.5
        view.move_camera("orbit", {"azimuth": 35, "elevation": 25})


def test_turning_and_zooming_keep_the_middle_of_the_scene_where_it_is(make: Make) -> None:
    for parallel in (False, True):
        view, *_ = make(LINEAR, ViewSize=(300, 200), CameraParallelProjection=parallel)
        view.reset_camera("-Z")
        room = view.room()
        assert room.middle[0] < -0.1

        def middle(view: RenderView = view) -> list[float]:
            """Return where the middle of the scene is seen, from -1 to 1."""
            camera = view.camera
            forward = np.subtract(camera.focal_point, camera.position)
            distance = np.linalg.norm(forward)
            right = np.cross(forward, camera.view_up) / np.linalg.norm(np.cross(forward, camera.view_up))
            up = np.cross(right, forward / distance)
            place = np.subtract((0, 0, 0), camera.position)
            deep = np.tan(np.radians(camera.view_angle) / 2) * np.dot(place, forward) / distance
            half = camera.parallel_scale if camera.parallel_projection else deep
            return [float(np.dot(place, right) / half / 1.5), float(np.dot(place, up) / half)]

        assert middle() == pytest.approx(room.middle, abs=1e-6)
        moves: list[tuple[str, dict[str, float]]] = [
            ("orbit", {"azimuth": 70, "elevation": 20}), ("zoom", {"factor": 1.7}), ("rotate", {"dx": 0.2, "dy": -0.3}),
            ("zoom", {"factor": 0.4}),
        ]  # fmt: skip
        for kind, numbers in moves:
            view.move_camera(kind, numbers)
            assert middle() == pytest.approx(room.middle, abs=1e-6), kind
        view.set_properties({"CameraFocalPoint": (0.5, 0, 0)})
        before = view.camera.focal_point
        view.move_camera("orbit", {"azimuth": 30})
        assert view.camera.focal_point == before  # a place that was set is what it turns about


FONT = str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "cmr10.ttf")
CHANGES: list[dict[str, Any]] = [
    {"Title": "other"}, {"ComponentTitle": "[K]"}, {"TitleJustification": "Left"}, {"HorizontalTitle": False},
    {"TitleColor": (1, 0, 0)}, {"TitleFontSize": 20}, {"TitleFontFamily": "Times"},
    {"TitleFontFamily": "File", "TitleFontFile": FONT}, {"TitleOpacity": 0.5}, {"TitleBold": True},
    {"TitleItalic": True}, {"LabelColor": (1, 0, 0)}, {"LabelFontSize": 9}, {"LabelFontFamily": "Courier"},
    {"LabelFontFamily": "File", "LabelFontFile": FONT}, {"LabelOpacity": 0.5}, {"LabelBold": True},
    {"LabelItalic": True}, {"Orientation": "Horizontal"}, {"WindowLocation": "Lower Left Corner"},
    {"WindowLocation": "Any Location"}, {"ScalarBarLength": 0.4}, {"ScalarBarThickness": 30}, {"ReverseLegend": True},
    {"TextPosition": "Ticks left/bottom, annotations right/top"}, {"NumberOfLabels": 3},
    {"UseCustomLabels": True, "CustomLabels": (101400,)}, {"AddRangeLabels": True}, {"DrawTickLabels": False},
    {"DrawTickMarks": False}, {"AutomaticLabelFormat": False}, {"LabelFormat": "{:.1f}"},
    {"AddRangeLabels": True, "RangeLabelFormat": "{:.3e}"}, {"DrawAnnotations": False}, {"DrawNanAnnotation": True},
    {"DrawNanAnnotation": True, "NanAnnotation": "no number"}, {"DrawBackground": True},
    {"DrawBackground": True, "BackgroundColor": (1, 0, 0, 0.5)}, {"DrawBackground": True, "BackgroundPadding": 9},
    {"DrawScalarBarOutline": True}, {"DrawScalarBarOutline": True, "ScalarBarOutlineColor": (1, 0, 0)},
    {"DrawScalarBarOutline": True, "ScalarBarOutlineThickness": 4}, {"Visibility": False},
]  # fmt: skip


def test_each_property_of_a_legend_has_an_effect(make: Make, subtests: Any) -> None:
    view, _, maps = make(LINEAR, ViewSize=(300, 300))
    maps.set("PVLookupTable", "a", {"Annotations": (101500, "here")})
    view.reset_camera("-Z")
    pictures = {"nothing": view.render().pixels}
    for change in CHANGES:
        view.set_properties({"ScalarBars": {"a": change}})
        pictures[str(change)] = view.render().pixels
    for (one, before), (other, after) in itertools.combinations(pictures.items(), 2):
        with subtests.test(f"{one} and {other}"):
            assert not np.array_equal(before, after)
    view.set_properties({"ScalarBars": {}})
    assert np.array_equal(view.render().pixels, pictures["nothing"])
    from async_paraview.scene.scalar_bars import SCALAR_BAR

    tried = {name for change in CHANGES for name in change}
    assert {one.name for one in SCALAR_BAR} - tried == {"Position"}


@pytest.mark.alone
def test_a_legend_costs_at_most_a_millisecond_while_the_camera_moves(make: Make) -> None:
    """Pairs of frames in turn, of two views that differ by the legend alone: the median of what the second costs more.

    Texts and axes are in both, so that only the legend counts. What is measured is the time of all processors that
    draw, which other programs make little longer; in the time that passes it is less.
    """
    look = {"ScalarBarTitle": "Pressure on the upper surface [Pa]"}
    more = {"Texts": ({"Text": "A text"},), "OrientationAxesVisibility": True, "ViewSize": (800, 600)}
    views = {}
    for seen in (True, False):
        views[seen] = make(LINEAR, look=look, bar={"Visibility": seen}, **more)[0]
        views[seen].set_properties({"CameraPosition": (0.0, 0.0, 2.0), "CameraFocalPoint": (0.0, 0.0, 0.0)})
    assert [len(views[seen].layout().legends) for seen in (True, False)] == [1, 0]

    def frame_s(seen: bool) -> float:
        for _ in range(2):
            views[seen].move_camera("orbit", {"azimuth": 1.0})
            began = time.process_time()
            views[seen].render()
            last = time.process_time() - began
        return last

    def pair(number: int) -> float:
        seconds = {seen: frame_s(seen) for seen in ((True, False) if number % 2 else (False, True))}
        return seconds[True] - seconds[False]

    costs = [pair(number) for number in range(131)][10:]
    assert statistics.median(costs) <= 1e-3, (statistics.quantiles(costs, n=10), frame_s(False))


def test_a_legend_is_painted_once_while_the_camera_moves(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    view, (shown,), _ = make(LINEAR, ViewSize=(400, 300))
    view.render()
    painted: list[Any] = []

    def noted(*given: Any) -> Any:
        painted.append(given)
        return paint(*given)

    monkeypatch.setattr(bar_module, "painted", noted)
    for _ in range(5):
        view.move_camera("orbit", {"azimuth": 5.0})
        view.render()
    assert painted == []
    shown.set_properties({"ScalarBarTitle": "other"})
    view.render()
    assert len(painted) == 1
