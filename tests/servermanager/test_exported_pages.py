"""Views as pages: what is on them is compared with pictures, by programs that share no code with the product."""

from __future__ import annotations

import asyncio
import errno
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import numpy as np
import pytest

from apvserver.vtk.rendering.exports import visible_shapes
from servermanager import RemoteError, Session, connect
from servermanager.exports.drawn_pages import NotDrawn, Shape, read_page
from servermanager.exports.opaque_pages import NoTransparency, opaque
from servermanager.exports.page_files import pdf

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.page_pictures import block_differences, picture_of, words_of
from .test_chart_vectors import CASES, OF_Y, SIZE, SVG, table

WIDTH, HEIGHT = 400, 300
BLOCK: Final = 10
PAGES: Final = (".svg", ".pdf", ".eps")
TEXT: Final = "T <&> 5\nsecond line"


async def a_scene(session: Session) -> Any:
    view = session.views.RenderView(ViewSize=[WIDTH, HEIGHT], Background=[1.0, 1.0, 1.0])
    session.color_maps["RTData"].update(Preset="Viridis")
    shown = session.show(session.sources.Wavelet(), view, Representation="Surface", ColorBy=("POINTS", "RTData"))
    shown.update(ScalarBarVisibility=True, ScalarBarTitle="Temperature")
    view.add_text(TEXT, FontSize=20, WindowLocation="Upper Left Corner")
    return view


def texts_of(page: Path) -> dict[str, ElementTree.Element]:
    return {str(one.text): one for one in ElementTree.parse(page).getroot().iter(f"{SVG}text")}


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_a_page_shows_the_scene_and_its_texts_where_a_picture_does(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = await a_scene(session)
        wanted = (await view.screenshot(format="rgb")).pixels.astype(int)
        for suffix in PAGES:
            await view.export(tmp_path / f"scene{suffix}", dpi=144)
        again = (await view.screenshot(format="rgb")).pixels.astype(int)
    assert np.array_equal(wanted, again), "to export changes nothing"
    root = ElementTree.parse(tmp_path / "scene.svg").getroot()
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("400pt", "300pt", "0 0 400 300")
    texts = texts_of(tmp_path / "scene.svg")
    assert {"T <&> 5", "second line", "Temperature", "50", "100", "250"} <= set(texts)
    for suffix in PAGES[1:]:
        found = " ".join(words_of(tmp_path / f"scene{suffix}"))
        for text in ("T <&> 5", "second line", "Temperature", "150"):
            assert text in found, (suffix, found)
    for suffix in PAGES[1:]:
        drawn = picture_of(tmp_path / f"scene{suffix}", 72)
        assert drawn.shape == wanted.shape
        differences = block_differences(wanted, drawn, BLOCK)
        assert differences.mean() < 2.0 and np.percentile(differences, 99) < 60.0, suffix


@in_loop
async def test_texts_stand_where_their_letters_are_in_pictures(tmp_path: Path) -> None:
    """A text of one letter without anything below: its rows and columns are those of the letter in a picture."""
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[WIDTH, HEIGHT], Background=[1.0, 1.0, 1.0])
        for location in ("Lower Left Corner", "Upper Center", "Lower Right Corner"):
            view.Texts = []
            view.add_text("H\nH", FontSize=40, WindowLocation=location, Color=[1.0, 0.0, 0.0])
            pixels = (await view.screenshot(format="rgb", size=(4 * WIDTH, 4 * HEIGHT), dpi=288)).pixels.astype(int)
            await view.export(tmp_path / "text.svg", dpi=288)
            rows, columns = (np.flatnonzero((pixels[..., 1] < 128).any(axis=axis)) for axis in (1, 0))
            lines = [
                (float(one.get("x", "0")), float(one.get("y", "0")), float(one.get("textLength", "0")))
                for one in ElementTree.parse(tmp_path / "text.svg").getroot().iter(f"{SVG}text")
            ]
            last = int(rows[-1]) + 1
            first = int(rows[np.flatnonzero(np.diff(rows) > 1)[0]]) + 1  # the lowest row of the upper letter
            assert [y for _, y, _ in lines] == pytest.approx([first / 4, last / 4], abs=0.6)
            for x, _, length in lines:
                assert x <= columns[0] / 4 + 0.5 and x + length >= columns[-1] / 4 - 0.5
                assert length <= 1.4 * (columns[-1] - columns[0]) / 4  # with what is free on both sides of a letter


@in_loop
async def test_the_resolution_is_that_of_the_picture_of_the_scene_alone(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        sizes, places = [], []
        for dpi in (72, 300):
            await view.export(tmp_path / "scene.svg", dpi=dpi)
            page = read_page((tmp_path / "scene.svg").read_bytes())
            assert page.size == (WIDTH, HEIGHT)
            sizes.append(page.drawn[0].what.pixels.shape[:2])  # type: ignore[union-attr]
            title = texts_of(tmp_path / "scene.svg")["Temperature"]
            places.append([float(str(title.get(name))) for name in ("x", "y", "textLength")])
        assert sizes == [(300, 400), (1250, 1667)]
        assert places[0] == pytest.approx(places[1], abs=3.0)
        for wrong in (1, 10_000):
            with pytest.raises(RemoteError, match="9 to 4800 dots per inch"):
                await view.export(tmp_path / "no.svg", dpi=wrong)
        with pytest.raises(RemoteError, match=r"a picture of \d+ x \d+ cannot be drawn"):
            await view.export(tmp_path / "no.svg", dpi=4800)
        with pytest.raises(ValueError, match=r"'vectors'.*raster"):
            await view.export(tmp_path / "no.svg", scene="vectors")
    assert not (tmp_path / "no.svg").exists()


@pytest.mark.parametrize("case", [*CASES, "quartiles", "image"])
@in_loop
async def test_pages_of_charts_look_as_pictures_of_them(case: str, tmp_path: Path) -> None:
    async with connect() as session:
        rows = await session.send_data(table())
        if case == "image":
            image = session.sources.Wavelet(WholeExtent=[0, 7, 0, 5, 0, 0])
            view: Any = session.views.ImageChartView(ViewSize=SIZE)
            session.show(image, view, ColorArrayName=["POINTS", "RTData"])
        else:
            kind, view_look, look = CASES.get(case, ("QuartileChartView", {}, {}))
            view = getattr(session.views, kind)(ViewSize=SIZE, **view_look)
            session.show(rows, view, **look)
        wanted = (await view.screenshot(format="rgb")).pixels.astype(int)
        for suffix in PAGES:
            await view.export(tmp_path / f"chart{suffix}")
    for suffix in PAGES[1:]:
        differences = block_differences(wanted, picture_of(tmp_path / f"chart{suffix}", 72), BLOCK)
        assert differences.mean() < 6.0 and np.percentile(differences, 97) < 60.0, (suffix, differences.mean())
    texts = [str(one.text) for one in ElementTree.parse(tmp_path / "chart.svg").getroot().iter(f"{SVG}text")]
    assert sorted("".join(texts).replace(" ", "")) == sorted("".join(words_of(tmp_path / "chart.pdf")))


@in_loop
async def test_the_title_of_an_upright_axis_is_read_upwards_beside_its_numbers(tmp_path: Path) -> None:
    """VTK turns it the other way, and so upon the numbers."""
    async with connect() as session:
        view = session.views.XYChartView(ViewSize=SIZE, LeftAxisTitle="Pressure in the pipe")
        session.show(await session.send_data(table()), view, XArrayName="x", SeriesVisibility=["y"])
        wanted = (await view.screenshot(format="rgb")).pixels.astype(int)
        await view.export(tmp_path / "chart.svg")
    title = texts_of(tmp_path / "chart.svg")["Pressure in the pipe"]
    assert re.search(r"rotate\(-90", str(title.get("transform")))
    (letters,) = [one.what for one in read_page((tmp_path / "chart.svg").read_bytes()).drawn
                  if getattr(one.what, "text", "") == "Pressure in the pipe"]  # fmt: skip
    dark = np.flatnonzero((wanted[..., 0] < 128)[:, :22].any(axis=0))  # columns of its letters
    assert letters.turned == pytest.approx(90.0)  # type: ignore[union-attr]
    assert letters.at[0] == pytest.approx(dark[-1], abs=5.0)  # type: ignore[union-attr]


@in_loop
async def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect() as session:
        view = await a_scene(session)
        for suffix in PAGES:
            path = tmp_path / f"scene{suffix}"
            path.write_bytes(b"before")

            def full(*_: object) -> None:
                raise OSError(errno.ENOSPC, "No space left on device")

            with monkeypatch.context() as patched:
                patched.setattr(os, "fsync", full)
                with pytest.raises(OSError, match="No space left"):
                    await view.export(path)
            cancelled = asyncio.create_task(view.export(path))
            await asyncio.sleep(0)
            cancelled.cancel()
            with pytest.raises(asyncio.CancelledError):
                await cancelled
            assert path.read_bytes() == b"before"
        assert sorted(os.listdir(tmp_path)) == sorted(f"scene{one}" for one in PAGES)


def test_a_page_with_something_unknown_is_refused() -> None:
    start, end = '<svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="10pt">', "</svg>"
    for inside, match in (
        ("<ellipse/>", "<ellipse>"),
        ('<path d="M0,0 A1,1 0 0 0 1,1" fill="#ff0000"/>', "the step 'A'"),
        ('<rect width="1" height="1" fill="red"/>', "the color 'red'"),
        ('<g clip-path="url(#no)"/>', "cut off"),
    ):
        with pytest.raises(NotDrawn, match=match):
            read_page((start + inside + end).encode())
    curve = read_page(f'{start}<path d="M0,0 Q1,1 2,0 C3,1 4,1 5,0 z" fill="#ff0000"/>{end}'.encode())
    assert curve.drawn[0].what.codes.tolist() == [1, 3, 3, 4, 4, 4, 79]  # type: ignore[union-attr]
    for d in ("M0,0L10,0L10,-1e1ZM5,5L6.5,5L5,6Z", "M0,0 L10,0 10,-1e1 z M5,5 L 6.5,5 5,6 z"):
        shape = read_page(f'{start}<path d="{d}" fill="#ff0000"/>{end}'.encode()).drawn[0].what
        assert isinstance(shape, Shape) and shape.codes.tolist() == [1, 2, 2, 79] * 2
        assert shape.points[shape.codes != 79].tolist() == [[0, 0], [10, 0], [10, -10], [5, 5], [6.5, 5], [5, 6]]
    assert pdf(curve).startswith(b"%PDF-1.")


async def crossing(session: Session) -> Any:
    """A surface, a plane with edges that goes through it, and lines: none of it lies before all of another."""
    view = session.views.RenderView(ViewSize=[WIDTH, HEIGHT], Background=[1.0, 1.0, 1.0], AxesGridVisibility=True)
    view.OrientationAxesVisibility = False
    wavelet = session.sources.Wavelet(WholeExtent=[-6, 6] * 3)
    surface = session.filters.Contour(Input=wavelet, Isosurfaces=[180.0])
    assert (await surface.update_pipeline()).number_of_cells > 500
    session.show(surface, view, Color=[0.8, 0.3, 0.2])
    plane = session.filters.Slice(Input=wavelet)
    session.show(plane, view, Representation="Surface With Edges", ColorBy=("POINTS", "RTData"))
    session.show(wavelet, view, Representation="Outline", Color=[0.0, 0.6, 0.0])
    view.update(CameraPosition=[40.0, 30.0, 45.0], CameraFocalPoint=[0.0, 0.0, 0.0])
    view.reset_camera()
    return view


@in_loop
async def test_a_scene_of_vectors_looks_as_its_picture(tmp_path: Path) -> None:
    async with connect() as session:
        view = await crossing(session)
        look: dict[str, Any] = {"format": "rgb", "samples": 4, "size": (3 * WIDTH, 3 * HEIGHT), "dpi": 216}
        wanted = (await view.screenshot(**look)).pixels.astype(int)
        for suffix in PAGES:
            await view.export(tmp_path / f"scene{suffix}", scene="vector", dpi=216)
        again = (await view.screenshot(**look)).pixels.astype(int)
    assert np.array_equal(wanted, again), "to export changes nothing"
    root = ElementTree.parse(tmp_path / "scene.svg").getroot()
    assert not list(root.iter(f"{SVG}image")) and len(list(root.iter(f"{SVG}path"))) > 100
    green = [one for one in root.iter(f"{SVG}polyline") if one.get("stroke") == "#009900"]
    assert len(green) >= 9, "what is seen of the twelve edges"
    for suffix in PAGES[1:]:
        differences = block_differences(wanted, picture_of(tmp_path / f"scene{suffix}", 216), 3 * BLOCK)
        assert differences.mean() < 4.0 and np.percentile(differences, 99) < 30.0, suffix


@in_loop
async def test_surfaces_that_cut_each_other_are_drawn_right_on_both_sides(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[100, 100], Background=[1.0, 1.0, 1.0])
        view.OrientationAxesVisibility = False
        view.update(CameraPosition=[0.0, 0.0, 10.0], CameraFocalPoint=[0.0, 0.0, 0.0], CameraParallelProjection=True)
        view.CameraParallelScale = 1.0
        for color, slope in (([1.0, 0.0, 0.0], 1.0), ([0.0, 0.0, 1.0], -1.0)):
            plane = session.sources.Plane(
                Origin=[-0.8, -0.8, -0.8 * slope], Point1=[0.8, -0.8, 0.8 * slope], Point2=[-0.8, 0.8, -0.8 * slope]
            )
            session.show(plane, view, Color=color, Lighting=False)
        await view.export(tmp_path / "cut.pdf", scene="vector", dpi=288)
        await view.export(tmp_path / "cut.svg", scene="vector", dpi=288)
    drawn = picture_of(tmp_path / "cut.pdf", 144)
    blue, red = drawn[30:170, 24:97], drawn[30:170, 103:176]
    assert np.abs(blue - [2, 2, 254]).max() <= 4 and np.abs(red - [254, 2, 2]).max() <= 4
    assert len((tmp_path / "cut.svg").read_bytes()) < 200_000


@in_loop
async def test_what_vectors_cannot_draw_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[80, 60])
        wavelet = session.sources.Wavelet()
        shown = session.show(wavelet, view, Representation="Volume", ColorBy=("POINTS", "RTData"))
        path = tmp_path / "no.svg"
        with pytest.raises(RemoteError, match="shown as Volume is made by the graphics card"):
            await view.export(path, scene="vector")
        shown.update(Representation="Surface", Opacity=0.5)
        with pytest.raises(RemoteError, match=r'translucent.*scene="raster"'):
            await view.export(path, scene="vector")
        shown.Opacity = 1.0
        view.update(StereoRender=True, StereoType="Anaglyph")
        with pytest.raises(RemoteError, match=r'both eyes.*scene="raster"'):
            await view.export(path, scene="vector")
        view.StereoRender = False
        with monkeypatch.context() as patched:
            patched.setattr(visible_shapes, "MOST_POLYGONS", 100)
            with pytest.raises(RemoteError, match=r'more than 100 polygons; export it with scene="raster"'):
                await view.export(path, scene="vector")
        assert not path.exists()
        view.OrientationAxesVisibility = True
        await view.export(path, scene="vector")
        await view.export(tmp_path / "raster.eps")
        with pytest.raises(NoTransparency):  # the axes are a picture that is cut out
            await view.export(tmp_path / "no.eps", scene="vector")
    assert len(list(ElementTree.parse(path).getroot().iter(f"{SVG}image"))) == 1


@in_loop
async def test_the_palette_is_that_of_the_page_alone(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        view.update(Background=[0.0, 0.0, 0.2], AxesGridVisibility=True, OrientationAxesVisibility=False)
        for scene in ("raster", "vector"):
            await view.export(tmp_path / "own.svg", scene=scene, dpi=72)
            await view.export(tmp_path / "print.svg", scene=scene, dpi=72, palette="print")
            own, printed = texts_of(tmp_path / "own.svg"), texts_of(tmp_path / "print.svg")
            for text in ("150", "Temperature", "second line", "X Axis"):
                assert (own[text].get("fill"), printed[text].get("fill")) == ("#ffffff", "#000000"), (scene, text)
        boxes = [
            one.get("fill") for one in ElementTree.parse(tmp_path / "print.svg").getroot() if one.tag == f"{SVG}rect"
        ]
        assert boxes[0] == "#ffffff", "the paper lies below all the rest"
        with pytest.raises(ValueError, match="palette"):
            await view.export(tmp_path / "own.svg", palette="prints")


@in_loop
async def test_translucent_areas_have_their_colors_in_files_without_transparency(tmp_path: Path) -> None:
    async with connect() as session:
        rows = await session.send_data(table())
        view = session.views.BoxChartView(ViewSize=SIZE, Background=[1.0, 1.0, 0.0])
        session.show(rows, view, SeriesVisibility=["x", "y"], SeriesColor=["y", 0.0, 0.0, 1.0])
        await view.export(tmp_path / "boxes.pdf")
        await view.export(tmp_path / "boxes.eps")
        lines = session.views.XYChartView(ViewSize=SIZE)
        session.show(rows, lines, **OF_Y, SeriesOpacity=["y", 0.4])
        with pytest.raises(NoTransparency, match=r"lines of it are\): export a \.pdf or \.svg"):
            await lines.export(tmp_path / "lines.eps")
    assert b"/SMask" not in (tmp_path / "boxes.eps").read_bytes() and not (tmp_path / "lines.eps").exists()
    clear, opaque_one = (picture_of(tmp_path / f"boxes.{kind}", 144) for kind in ("pdf", "eps"))
    tinted = (np.abs(clear - [102, 102, 153]) <= 2).all(axis=2)
    assert tinted.sum() > 1000, "blue, of which six tenths are seen, over yellow"
    assert np.percentile(np.abs(clear - opaque_one).max(axis=2), 99.9) <= 8


def test_what_lies_behind_a_translucent_area_is_seen_through_it() -> None:
    page = read_page(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="100pt" height="100pt">'
        b'<rect width="100" height="100" fill="#ffffff"/><rect x="40" width="20" height="100" fill="#00ff00"/>'
        b'<text x="20" y="50" font-size="10px" fill="#000000">Hi</text>'
        b'<rect x="10" y="10" width="80" height="80" fill="#ff0000" fill-opacity="0.5"/></svg>'
    )
    made = opaque(page)
    cut_off = [(one.what, one.cut) for one in made.drawn if one.cut is not None]
    colors = [(what.fill if isinstance(what, Shape) else what.ink).color for what, _ in cut_off]  # type: ignore[union-attr]
    assert colors == [(1.0, 0.5, 0.5), (0.5, 0.5, 0.0), (0.5, 0.0, 0.0)]
    for _, cut in cut_off:
        assert cut is not None and cut.points.min() == 10.0 and cut.points.max() == 90.0
    twice = replace(page, drawn=(*page.drawn, page.drawn[-1]))
    with pytest.raises(NoTransparency, match="areas of it lie upon each other"):
        opaque(twice)


@in_loop
async def test_pictures_in_eps_files_are_compressed(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        await view.export(tmp_path / "scene.eps", dpi=300)
    written = (tmp_path / "scene.eps").read_bytes()
    assert len(written) < 600_000 and b"/FlateDecode filter" in written and b"readhexstring" not in written
    assert written.startswith(b"%!PS-Adobe-3.0 EPSF-3.0") and b"%%BoundingBox: 0 0 400 300" in written
    assert not re.search(rb"^%[^%!]", written.split(b"ASCII85Decode")[1].split(b"~>")[0], re.MULTILINE)


@in_loop
async def test_light_between_surfaces_and_tones_are_in_vectors_as_well(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[120, 90], Background=[1.0, 1.0, 1.0])
        view.OrientationAxesVisibility = False
        session.show(session.sources.Sphere(ThetaResolution=24, PhiResolution=24), view, Color=[0.9, 0.2, 0.1])
        view.update(UseToneMapping=True, Exposure=0.5)
        look: dict[str, Any] = {"format": "rgb", "samples": 4, "size": (360, 270), "dpi": 216}
        wanted = (await view.screenshot(**look)).pixels.astype(int)
        await view.export(tmp_path / "tones.pdf", scene="vector", dpi=216)
        usual = (await view.screenshot(**{**look, "palette": None})).pixels.astype(int)
        view.UseToneMapping = False
        plain = (await view.screenshot(**look)).pixels.astype(int)
    assert np.array_equal(wanted, usual)
    drawn = picture_of(tmp_path / "tones.pdf", 216)
    middle = slice(100, 170), slice(145, 215)
    assert np.abs(wanted[middle] - plain[middle]).mean() > 10.0
    assert np.abs(wanted[middle] - drawn[middle]).mean() < 6.0
