"""Figures: several views in one picture with labels, a title and one legend; read, not merely compared."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as PillowImage

from servermanager import RemoteError, Session, StateWarning, connect, sync
from servermanager.layouts.cells import Place
from servermanager.layouts.composition import Composition
from servermanager.layouts.layout import LayoutProxy
from servermanager.views.images import PictureWarning

from ..harness.apvtest import BACKENDS, Program, Server, apvpython, in_loop

Pixels = npt.NDArray[Any]
GREEN = [0.0, 1.0, 0.0]
WHITE = (255, 255, 255)


@pytest.fixture(scope="module", params=BACKENDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with Server(request.param) as server:
        yield server.url


def part(pixels: Pixels, place: Place) -> Pixels:
    return pixels[place.top : place.top + place.height, place.left : place.left + place.width]


def around(pixels: Pixels, *places: Place) -> Pixels:
    """All pixels that lie in none of these places."""
    outside = np.ones(pixels.shape[:2], bool)
    for one in places:
        part(outside, one)[:] = False
    return pixels[outside]


def boxes(made: Composition) -> list[Place]:
    title = [] if made.title is None else [made.title]
    return [*title, *made.views.values(), *made.labels.values(), *made.legends.values()]


async def make_figure(session: Session, **properties: Any) -> LayoutProxy:
    """Two views of one field, a slice of it and its outside, and a chart below both."""
    wavelet = session.sources.Wavelet(WholeExtent=[-5, 5] * 3)
    piece = session.filters.Slice(Input=wavelet)
    figure = session.figure(2, 2, size=(420, 320), LabelFormat="(a)", Title="Two views", **properties)
    for column, shown in enumerate((wavelet, piece)):
        view = session.views.RenderView(Background=[0.2, 0.2, 0.4])
        session.show(shown, view, Representation="Surface", ColorBy=("POINTS", "RTData"))
        figure[0, column] = view
    chart = session.create_chart()
    session.show(session.filters.PlotOverLine(Input=wavelet), chart, SeriesVisibility=["RTData"])
    figure[1, :] = chart
    return figure


@in_loop
async def test_everything_stands_where_the_composition_says(url: str) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        figure.SeparatorColor = GREEN
        figure.update(LabelColor=[1, 0, 0], TitleColor=[0, 0, 1])
        pixels = (await figure.screenshot()).pixels
        made = await figure.composition()
        assert pixels.shape == (320, 420, 3) and (made.width, made.height) == (420, 320)
        assert len(made.views) == 3 == len(made.labels) and made.title is not None
        assert (around(pixels, *boxes(made)) == [0, 255, 0]).all()  # no seam, and nothing beyond its place
        assert (part(pixels, made.title)[..., 1] < 128).sum() > 50
        assert part(pixels, made.title)[..., 0].max() == 0
        for at, place in made.labels.items():
            found = part(pixels, place)
            assert (found[..., 0] > 128).sum() > 10 and found[..., 2].max() == 0
            assert place.left == made.views[at].left and place.top + place.height <= made.views[at].top
        for at, view in ((figure.location(one), one) for one in figure.views):
            place = made.views[at]
            alone = await view.screenshot(format="rgb", size=(place.width, place.height))
            assert np.array_equal(part(pixels, place), alone.pixels)
            assert list(view.ViewSize) == [place.width, place.height]


@in_loop
async def test_labels_are_in_the_order_of_rows() -> None:
    async with connect(backend="inproc") as session:
        views = [session.views.RenderView() for _ in range(4)]
        figure = session.figure(2, 3, size=(300, 200), LabelFormat="A", LabelLocation="Above")
        figure[:, 0], figure[1, 1:], figure[0, 2], figure[0, 1] = views
        made = await figure.composition()
        order = sorted(made.labels, key=lambda at: (made.labels[at].top, made.labels[at].left))
        assert [figure.view(at) for at in order] == [views[0], views[3], views[2], views[1]]
        assert figure[1, 0] is views[0] is figure[0, 0] and figure[1, 2] is views[1]
        with pytest.raises(ValueError, match="already: remove it first"):
            figure[1, 2] = session.views.RenderView()
        with pytest.raises(IndexError, match="there is no row 2"):
            figure[2, 0] = views[0]
        figure[0, 1:] = views[3] if figure.remove(views[2]) >= 0 else views[2]
        assert figure.views == [views[0], views[3], views[1]] and figure[0, 2] is views[3]


def seen_at(position: tuple[float, ...], camera: Mapping[str, Any], aspect: float) -> tuple[float, float]:
    """Where a point is in a picture, -1 to 1 across and up."""
    eye, focal = np.array(camera["CameraPosition"]), np.array(camera["CameraFocalPoint"])
    forward = (focal - eye) / np.linalg.norm(focal - eye)
    right = np.cross(forward, camera["CameraViewUp"])
    right /= np.linalg.norm(right)
    up, offset = np.cross(right, forward), np.array(position) - eye
    slope = math.tan(math.radians(camera["CameraViewAngle"]) / 2) * (offset @ forward)
    return float(offset @ right / slope / aspect), float(offset @ up / slope)


@pytest.mark.parametrize("direction", [None, "-X"])
@in_loop
async def test_linked_cameras_see_the_data_of_all(url: str, direction: str | None) -> None:
    async with connect(url) as session:
        figure = session.figure(1, 2, size=(400, 300), link_cameras=True, ColumnWidths=[3, 1])
        ball, bar = session.sources.Sphere(Radius=1), session.sources.Box(XLength=8, YLength=3, Center=[6, 1, 0])
        wide, narrow = (session.views.RenderView() for _ in range(2))
        figure[0, 0], figure[0, 1] = wide, narrow
        assert wide.CameraLink == narrow.CameraLink != ""
        if direction is not None:
            narrow.reset_camera(direction)
        session.show(ball, wide)
        session.show(bar, narrow)
        await figure.screenshot()
        camera = await wide.camera()
        assert camera == await narrow.camera()
        corners = [*itertools.product((2, 10), (-0.5, 2.5), (-0.5, 0.5)), (-1, 0, 0), (0, -1, 0), (0, 0, -1)]
        reach = 0.0
        for view in (wide, narrow):
            width, height = view.ViewSize
            places = [seen_at(one, camera, width / height) for one in corners]
            reach = max(reach, *(abs(value) for place in places for value in place))
        assert 0.9 < reach < 1.0
        wide.rotate(0.1, 0.05)
        assert await narrow.camera() == await wide.camera() != camera
        figure.remove(narrow)
        assert narrow.CameraLink == "" and wide.CameraLink != ""
        narrow.orbit(30.0)
        assert await narrow.camera() != await wide.camera()


@in_loop
async def test_cameras_that_are_linked_no_more_stay_where_they_are() -> None:
    async with connect(backend="inproc") as session:
        figure = session.figure(1, 3, size=(300, 100), link_cameras=True)
        first, other = (session.views.RenderView() for _ in range(2))
        figure[0, 0], figure[0, 1] = first, other
        session.show(session.sources.Sphere(), first)
        first.orbit(30.0)
        await figure.screenshot()
        camera = await first.camera()
        figure.unlink_cameras()
        assert await first.camera() == await other.camera() == camera
        first.orbit(30.0)
        assert await first.camera() != camera == await other.camera()
        figure[0, 2] = session.views.RenderView()
        assert [view.CameraLink for view in figure.views] == ["", "", ""]


@in_loop
async def test_linked_views_have_room_for_a_grid_in_one_of_them() -> None:
    async with connect(backend="inproc") as session:
        figure = session.figure(1, 2, size=(500, 250), link_cameras=True, MarginWidth=0)
        box = session.sources.Box()
        for column in range(2):
            figure[0, column] = session.views.RenderView(Background=[1, 1, 1])
            session.show(box, figure.views[column], Color=[0.5, 0.5, 0.5])
        first, other = figure.views
        other.AxesGridVisibility = True
        first.orbit(30, 20)
        first.reset_camera()
        pixels, made = (await figure.screenshot()).pixels, await figure.composition()
        assert await first.camera() == await other.camera()
        with_grid = part(pixels, made.views[figure.location(other)])
        assert (with_grid.min(axis=2) < 100).sum() > 200  # numbers, titles and lines, none of them cut
        for edge in (with_grid[0], with_grid[-1], with_grid[:, 0], with_grid[:, -1]):
            assert (edge == 255).all()


@in_loop
async def test_linked_views_have_one_camera_also_if_one_arrives_later(url: str) -> None:
    async with connect(url) as session:
        first, other = (session.views.RenderView(ViewSize=[80, 60], CameraLink="x") for _ in range(2))
        session.show(session.sources.Sphere(Radius=2), first)
        stream = other.images(format="rgb")
        async with stream:
            await anext(stream)
            session.show(session.sources.Cone(Height=9), other)
            await other.ready()
            await first.screenshot()
            camera = await first.camera()
            async for image in stream:  # the view that somebody looks at has followed
                if list(image.camera["position"]) == list(camera["CameraPosition"]):
                    break
        assert await other.camera() == camera


@pytest.mark.parametrize("orientation", ["Vertical", "Horizontal"])
@in_loop
async def test_the_legend_of_all_views_has_the_color_of_each_number(url: str, orientation: str) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        session.color_maps["RTData"].update(Preset="gray", ScalarRange=(100.0, 260.0))
        figure.scalar_bar("RTData").update(Visibility=True, Orientation=orientation, Title="p")
        pixels, made = (await figure.screenshot()).pixels, await figure.composition()
        assert around(pixels, *boxes(made)).min() == 255
        place = made.legends["RTData"]
        for one in made.views.values():
            assert place.left >= one.left + one.width or place.top >= one.top + one.height
        assert len(made.numbers["RTData"]) >= 3
        for value, (x, y) in made.numbers["RTData"]:
            grey = 255 * (value - 100.0) / 160.0
            assert pixels[y, x] == pytest.approx([grey] * 3, abs=2.5), value


@in_loop
async def test_a_legend_of_all_views_stands_once(url: str) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        left = figure[0, 0]
        assert left is not None
        shown = next(one for one in session.all_representations() if one.view is left)
        made = await figure.composition()
        place = made.views[figure.location(left)]
        plain = part((await figure.screenshot()).pixels, place)
        shown.ScalarBarVisibility = True
        with_legend = part((await figure.screenshot()).pixels, place)
        assert (with_legend != plain).any()
        figure.scalar_bar("RTData").Visibility = True
        pixels = (await figure.screenshot()).pixels
        made = await figure.composition()
        size = (made.views[figure.location(left)].width, made.views[figure.location(left)].height)
        shown.ScalarBarVisibility = False
        alone = (await left.screenshot(format="rgb", size=size)).pixels
        assert np.array_equal(part(pixels, made.views[figure.location(left)]), alone)


@in_loop
async def test_what_one_legend_cannot_say_is_refused(url: str) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        figure.scalar_bar("Normals").Visibility = True
        with pytest.raises(RemoteError, match=r"nothing .* has the colors of 'Normals'; there are those of RTData"):
            await figure.screenshot()
        figure.scalar_bar("Normals").Visibility = False
        figure.scalar_bar("RTData").Visibility = True
        await figure.screenshot()
        ball = session.sources.Sphere()
        for view, component in zip(figure.views[:2], ("X", "Y"), strict=True):
            session.show(ball, view, ColorBy=("POINTS", "Normals", component))
        figure.scalar_bar("Normals").Visibility = True
        with pytest.raises(RemoteError, match=r"one legend cannot stand for all that 'Normals' colors.*one component"):
            await figure.screenshot()
        figure.scalar_bar("Normals").Visibility = False
        figure.scalar_bar("RTData").WindowLocation = "Any Location"
        with pytest.raises(RemoteError, match="at a side of them, not at Any Location"):
            await figure.screenshot()
        figure.scalar_bar("RTData").update(WindowLocation=None, TitleFontSize=200)
        with pytest.raises((RemoteError, ValueError), match=r"needs .* pixels"):
            await figure.screenshot()


def letters(pixels: Pixels, place: Place) -> tuple[int, int]:
    """How high and wide the dark letters in a place are."""
    rows, columns = np.nonzero(part(pixels, place).max(axis=2) < 128)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize("dpi", [144.0, 216.0])
@in_loop
async def test_more_dots_per_inch_are_the_same_figure(url: str, dpi: float, tmp_path: Path) -> None:
    async with connect(url) as session:
        figure = await make_figure(session, TitleFontSize=30)
        figure.scalar_bar("RTData").Visibility = True
        small, made = (await figure.screenshot()).pixels, await figure.composition()
        image = await figure.save_screenshot(tmp_path / "figure.png", dpi=dpi)
        larger, by = await figure.composition(dpi=dpi), dpi / 72
        assert (image.width, image.height) == (420 * by, 320 * by)
        with PillowImage.open(tmp_path / "figure.png") as file:
            assert file.info["dpi"] == pytest.approx((dpi, dpi), rel=1e-3)
        for one, large in zip(boxes(made), boxes(larger), strict=True):
            assert [value / by for value in large] == pytest.approx(list(one), abs=2.5)
        assert made.title is not None and larger.title is not None
        for side, more in zip(letters(small, made.title), letters(image.pixels, larger.title), strict=True):
            assert more / by == pytest.approx(side, rel=0.06)
        magnified = await figure.composition(magnification=2)
        for one, large in zip(boxes(made), boxes(magnified), strict=True):
            assert [value / 2 for value in large] == pytest.approx(list(one), abs=1.0)


@in_loop
async def test_letters_of_one_size_are_as_high_in_views_of_every_size() -> None:
    async with connect(backend="inproc") as session:
        figure = session.figure(1, 3, size=(500, 150), ColumnWidths=[1, 2, 4])
        for column in range(3):
            view = session.views.RenderView(Background=[1, 1, 1])
            view.add_text("HEH", WindowLocation="Upper Center", FontSize=18, Color=[0, 0, 0])
            figure[0, column] = view
        pixels, made = (await figure.screenshot(dpi=144)).pixels, await figure.composition(dpi=144)
        sizes = {letters(pixels, one) for one in made.views.values()}
        assert len(sizes) == 1 and 20 <= sizes.pop()[0] <= 36


@in_loop
async def test_a_transparent_figure_looks_as_drawn_on_any_paper(url: str) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        figure.scalar_bar("RTData").Visibility = True
        for view in figure.views:
            view.update(Background=[1, 1, 1])
        clear = (await figure.screenshot(transparent=True, samples=4)).pixels.astype(float)
        opaque = (await figure.screenshot(samples=4)).pixels.astype(float)
        made = await figure.composition()
        assert (around(clear, *boxes(made))[:, 3] == 0).all()
        alpha = clear[..., 3:] / 255
        laid = clear[..., :3] * alpha + 255 * (1 - alpha)
        assert made.title is not None
        for one in (made.title, *made.labels.values(), *made.legends.values()):
            assert np.abs(part(laid, one) - part(opaque, one)).max() <= 3


@in_loop
async def test_titles_and_labels_have_formulas_and_say_what_they_lack() -> None:
    async with connect(backend="inproc") as session:
        figure = session.figure(1, 1, size=(200, 120), Title="a_0", TitleFontSize=20)
        figure[0, 0] = session.views.RenderView()
        typed = await figure.composition()
        figure.Title = "$a_0$"
        assert typed.title is not None
        drawn, made = (await figure.screenshot()).pixels, await figure.composition()
        assert made.title is not None and 10 < made.title.width < typed.title.width
        assert (part(drawn, made.title).max(axis=2) < 100).sum() > 20
        figure.Title = "a \U000f1234"  # a private character, which no font has
        with pytest.warns(PictureWarning, match=f"ViewLayout '{figure.Name}': "):
            await figure.screenshot()


@in_loop
async def test_the_palette_of_a_picture_is_that_of_its_paper() -> None:
    async with connect(backend="inproc") as session:
        figure = await make_figure(session)
        figure.SeparatorColor = [0.1, 0.1, 0.3]
        made = await figure.composition()
        dark, bright = (await figure.screenshot()).pixels, (await figure.screenshot(palette="print")).pixels
        assert (around(dark, *boxes(made)) == [25, 25, 76]).all() and made.title is not None
        assert part(dark, made.title).max() == 255  # white letters, and black ones on white paper
        assert (around(bright, *boxes(made)) == 255).all() and part(bright, made.title).min() < 40
        for one in made.views.values():
            assert (part(bright, one)[0] == 255).all()


@pytest.mark.parametrize("background", [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
@in_loop
async def test_labels_in_front_of_views_are_seen_there(url: str, background: list[float]) -> None:
    async with connect(url) as session:
        figure = session.figure(1, 2, size=(300, 200), LabelFormat="(a)", LabelLocation="Lower Right Corner")
        for column in range(2):
            figure[0, column] = session.views.RenderView(Background=background)
        pixels, made = (await figure.screenshot()).pixels, await figure.composition()
        for at, place in made.labels.items():
            view, ink = made.views[at], 255 * (1 - background[0])
            assert (np.abs(part(pixels, place).max(axis=2) - ink) < 128).sum() > 10
            assert view.left + view.width - 10 < place.left + place.width <= view.left + view.width
            assert view.top + view.height - 10 < place.top + place.height <= view.top + view.height


@in_loop
async def test_a_picture_of_another_shape_says_what_it_cuts(url: str) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        figure.scalar_bar("RTData").update(Visibility=True, Title="a long title of a legend")
        with warnings.catch_warnings():
            warnings.simplefilter("error", PictureWarning)
            await figure.screenshot(size=(840, 640))  # of the same shape, with letters of half the height
            made = await figure.composition()
            for view in figure.views:
                place = made.views[figure.location(view)]
                assert list(view.ViewSize) == [place.width, place.height]
            await figure.screenshot(size=(800, 320))
        with pytest.warns(PictureWarning, match="a picture of this shape cuts off the sides of what"):
            await figure.screenshot(size=(420, 640))
        figure.set_size(420, 640)
        with warnings.catch_warnings():
            warnings.simplefilter("error", PictureWarning)
            assert (await figure.screenshot()).height == 640


@in_loop
async def test_a_figure_is_animated_with_all_that_is_beside_its_views(url: str, tmp_path: Path) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        figure.scalar_bar("RTData").Visibility = True
        made, contour = await figure.composition(), session.all_representations()[0]
        session.animation.update(StartTime=0.0, EndTime=1.0, NumberOfFrames=2)
        session.animation.track(contour, "Opacity").KeyFrames = [
            {"KeyTime": 0, "KeyValues": [1.0]}, {"KeyTime": 1, "KeyValues": [0.25]}
        ]  # fmt: skip
        frames = [frame.image.pixels async for frame in figure.frames()]
        assert [one.shape for one in frames] == [(320, 420, 3)] * 2 and made.title is not None
        for place in (made.title, *made.labels.values(), *made.legends.values()):
            assert np.array_equal(part(frames[0], place), part(frames[1], place))
        first = made.views[figure.location(figure.views[0])]
        assert (part(frames[0], first) != part(frames[1], first)).any()
        assert await figure.save_animation(tmp_path / "figure.gif", frame_rate=5) == 2
        with PillowImage.open(tmp_path / "figure.gif") as file:
            assert (file.size, getattr(file, "n_frames", 1)) == ((420, 320), 2)


@in_loop
async def test_figures_without_room_say_so(url: str) -> None:
    async with connect(url) as session:
        figure = await make_figure(session)
        for size, why in (((90, 90), "would have"), ((300, 20), "too few"), ((70, 300), "the title is")):
            with pytest.raises(ValueError, match=why):
                await figure.screenshot(size=size)
        with pytest.raises(ValueError, match="await composition"):
            figure.places()
        for wrong in ({"rows": 0}, {"columns": 33}, {"RowHeights": [1, 2]}, {"LabelFormat": "abc"}, {"Nme": "x"}):
            with pytest.raises((ValueError, AttributeError)):
                session.figure(**wrong)
        assert [one.Name for one in session.layouts] == [figure.Name]


@in_loop
async def test_a_figure_is_undone_and_shared(url: str) -> None:
    async with connect(url) as session, connect(url, session=await session.invite("viewer")) as viewer:
        figure = await make_figure(session, Name="one")
        figure.scalar_bar("RTData").update(Visibility=True, Title="p")
        await session.synced()
        await viewer.synced()
        there = viewer.layouts["one"]
        assert there.scalar_bar("RTData").Title == "p" and there.is_figure
        assert [one.id for one in there.views] == [one.id for one in figure.views] and there[1, 1] is there.views[-1]
        assert np.array_equal((await there.screenshot()).pixels, (await figure.screenshot()).pixels)
        session.undo.undo()
        assert figure.scalar_bar("RTData").set_values() == {}
        assert session.undo.undo() == "place view" and figure[1, 0] is None and figure[0, 1] is not None
        session.undo.redo()
        assert figure[1, 0] is not None and figure[1, 0].ViewSize[0] > 300


@in_loop
async def test_all_of_a_figure_is_taken_back_and_made_again(url: str) -> None:
    async with connect(url) as session, connect(url, session=await session.invite("editor")) as editor:
        figure = await make_figure(session, Name="one", link_cameras=True)
        figure.scalar_bar("RTData").update(Visibility=True, Title="p")
        expected, before = (await figure.screenshot()).pixels, looks(figure)
        steps = len(session.undo.labels)
        while session.undo.labels:
            session.undo.undo()
        assert len(session.layouts) == 0 == len(session.all_views())
        for _ in range(steps):
            session.undo.redo()
        assert looks(figure) == before and np.array_equal((await figure.screenshot()).pixels, expected)
        await session.synced()
        await editor.synced()
        there = editor.layouts["one"]
        there.remove(there.views[1])
        there[0, 1] = editor.views.RenderView(Background=[0, 1, 0])
        there.Title = "By another"
        await editor.synced()
        await session.synced()
        assert figure.Title == "By another" and len(figure.views) == 3 and figure.views[1].CameraLink == "one"
        assert np.array_equal((await figure.screenshot()).pixels, (await there.screenshot()).pixels)


@in_loop
async def test_a_figure_is_there_in_a_new_worker() -> None:
    async with connect(backend="zmq") as session:
        figure = await make_figure(session, link_cameras=True)
        figure.scalar_bar("RTData").Visibility = True
        expected = (await figure.screenshot()).pixels
        await session.restart()
        assert np.array_equal((await figure.screenshot()).pixels, expected)


def looks(figure: LayoutProxy) -> dict[str, Any]:
    """What a figure is, but for the numbers of its views."""
    return {name: value for name, value in figure.set_values().items() if name != "Cells"} | {
        "cells": [(at, figure.split_of(at), figure.view(at) is not None) for at in range(7)]
    }


@in_loop
async def test_states_and_scripts_have_figures(url: str, tmp_path: Path) -> None:
    async with connect(url) as session, connect(url) as other:
        figure = await make_figure(session, Name="one", link_cameras=True, RowHeights=[2, 1])
        figure.scalar_bar("RTData").update(Visibility=True, Title="p")
        expected = (await figure.screenshot()).pixels
        await session.save_state(tmp_path / "state.json")
        await other.load_state(tmp_path / "state.json")
        there = other.layouts["one"]
        assert looks(there) == looks(figure) and there.views[0].CameraLink == "one"
        assert np.array_equal((await there.screenshot()).pixels, expected)
        assert there.scalar_bar("RTData").Title == "p"
        await other.load_state(tmp_path / "state.json")
        again = next(one for one in other.layouts if one is not there)
        assert again.CameraLink == "one (2)" == again.views[0].CameraLink and there.views[1].CameraLink == "one"
        again.views[0].orbit(40.0)
        cameras = [await of.views[at].camera() for of in (again, there) for at in (0, 1)]
        assert cameras[0] == cameras[1] != cameras[2] == cameras[3]
        await session.save_script(tmp_path / "script.py")
    told = f"await session.layouts['one'].save_screenshot({str(tmp_path / 'again.png')!r})\n"
    (tmp_path / "script.py").write_text((tmp_path / "script.py").read_text() + told)
    ended = apvpython(str(tmp_path / "script.py"), deadline_s=60)
    assert ended.code == 0, ended
    with PillowImage.open(tmp_path / "again.png") as file:
        scripted = np.array(file)
    assert scripted.shape == expected.shape and np.abs(scripted.astype(float) - expected).mean() < 1.0


@in_loop
async def test_states_of_paraview_have_the_cells_and_links_of_figures(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session, connect(backend="inproc") as other:
        figure = await make_figure(session, Name="one", link_cameras=True)
        with pytest.warns(
            StateWarning, match=r"one\.Title: ParaView's layouts have no titles, labels, margins"
        ) as told:
            await session.save_state(tmp_path / "one.pvsm")
        text = str(told[0].message)
        assert all(name in text for name in ("LabelFormat", "MarginWidth")) and "ColumnWidths" not in text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", StateWarning)
            await other.load_state(tmp_path / "one.pvsm")
        there = other.layouts["one"]
        assert there.cells == figure.cells and [one.kind for one in there.views] == [one.kind for one in figure.views]
        assert [there.split_of(at) for at in range(3)] == [figure.split_of(at) for at in range(3)]
        links = {view.CameraLink for view in there.views if view.kind == "RenderView"}
        assert len(links) == 1 and links != {""}


def test_figures_block_where_nothing_else_is_to_be_done(tmp_path: Path) -> None:
    with sync.connect(backend="inproc") as session:
        figure = session.figure(1, 2, size=(200, 100), LabelFormat="1")
        figure[0, 0], figure[0, 1] = session.views.RenderView(), session.views.RenderView()
        assert figure[0, 1] == figure.views[1]
        assert figure.save_screenshot(tmp_path / "f.png", dpi=144).width == 400
        assert len(figure.composition().labels) == 2


NO_OTHER_FORMATS = """
import sys
from pathlib import Path
import numpy as np
from servermanager.views.images import encoded_pixels
from PIL import Image
path = Path(sys.argv[1])
path.write_bytes(encoded_pixels(np.full((4, 6, 4), 200, np.uint8), path, 144.0))
print("PIL.TiffImagePlugin" in sys.modules, Image.open(path).size)
"""


def test_a_figure_is_written_without_the_forty_formats_that_it_is_none_of(tmp_path: Path) -> None:
    for name, others in (("a.png", "False"), ("a.tif", "True")):
        with Program("-c", NO_OTHER_FORMATS, str(tmp_path / name)) as ran:
            assert ran.wait() == 0, ran.errors
            assert ran.output == f"{others} (6, 4)\n"
