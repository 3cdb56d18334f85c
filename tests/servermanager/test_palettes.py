"""Palettes: one picture in other colors, and colors of a whole session; ink is seen on each page, by its pixels."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from async_paraview.scene.palettes import PALETTE_NAMES
from bench.scripts import pvpython
from servermanager import Session, connect
from services_core import Refused

from ..harness.apvtest import Server, in_loop
from ..harness.time_limits import scaled
from .test_paper import contrast
from .test_several_programs import settled

USUAL = (82, 87, 110)
PAGES = {
    "BlueGrayBackground": USUAL, "DefaultBackground": USUAL, "GrayBackground": USUAL,
    "WarmGrayBackground": (98, 93, 90), "DarkGrayBackground": (74, 69, 66), "NeutralGrayBackground": (107, 107, 107),
    "LightGrayBackground": (117, 112, 107), "WhiteBackground": (255, 255, 255), "PrintBackground": (255, 255, 255),
    "print": (255, 255, 255), "BlackBackground": (0, 0, 0),
}  # fmt: skip
"""What ParaView 6.2 has in its palettes, times 255."""
SIZE = (120, 90)
OLDER = ("DefaultBackground", "GrayBackground", "PrintBackground", "print")
PAGES_OF_PARAVIEW = [name for name in PALETTE_NAMES if name not in OLDER]


def at(pixels: Any, *place: int) -> tuple[int, ...]:
    return tuple(int(one) for one in pixels[place])


async def page(view: Any, **options: Any) -> tuple[int, ...]:
    """The color of the upper left corner of a picture."""
    return at((await view.screenshot(format="rgb", **options)).pixels, 2, 2)


def views(session: Session) -> tuple[Any, Any]:
    scene = session.views.RenderView(ViewSize=SIZE, CameraPosition=[0, 0, 4], UseFXAA=False)
    chart = session.views.XYChartView(ViewSize=SIZE)
    return scene, chart


@in_loop
async def test_a_picture_has_the_page_of_its_palette_and_the_view_stays_as_it_is(subtests: Any) -> None:
    assert {*PAGES, "GradientBackground"} == set(PALETTE_NAMES)
    async with connect(backend="inproc") as session:
        scene, chart = views(session)
        scene.add_text("Text", FontSize=24)
        before = (await scene.screenshot(format="rgb")).pixels
        of_chart = (await chart.screenshot(format="rgb")).pixels
        for name, color in PAGES.items():
            with subtests.test(name):
                assert await page(scene, palette=name) == pytest.approx(color, abs=1)
                assert await page(chart, palette=name) == pytest.approx((255,) * 3 if color == USUAL else color, abs=1)
        rows = (await scene.screenshot(format="rgb", palette="GradientBackground")).pixels[:, 60]
        assert at(rows, 0) == pytest.approx((217, 212, 209), abs=3) and at(rows, -1) == pytest.approx(
            (74, 69, 66), abs=3
        )
        assert ((await scene.screenshot(format="rgb")).pixels == before).all()
        assert ((await chart.screenshot(format="rgb")).pixels == of_chart).all()
        assert set(scene.set_values()) == {"ViewSize", "CameraPosition", "UseFXAA", "Texts"}
        with pytest.raises(ValueError, match="Did you mean 'WhiteBackground'"):
            await scene.screenshot(palette="WhiteBackgrond")


@in_loop
async def test_ink_is_black_on_a_printed_page_and_what_has_a_color_keeps_it() -> None:
    async with connect(backend="inproc") as session:
        scene, chart = views(session)
        scene.add_text("Text", FontSize=24)
        ball = session.sources.Sphere()
        outline = session.show(ball, scene, Representation="Outline", LineWidth=3)
        darkest, brightest = [], []
        for palette in (None, "print", "BlackBackground"):
            pixels = (await scene.screenshot(format="rgb", palette=palette)).pixels
            darkest.append(int(pixels.max(axis=2).min()))
            brightest.append(int(pixels.min(axis=2).max()))
        assert darkest[1] == 0 and brightest[0] == brightest[2] == 255
        assert (darkest[0], brightest[1]) == (110, 255)
        outline.Color = [1, 0, 0]
        scene.Texts = []
        for palette in (None, "print", "BlackBackground"):
            pixels = (await scene.screenshot(format="rgb", palette=palette)).pixels
            red = (pixels == (255, 0, 0)).all(axis=2)
            assert red.sum() > 100, palette
        chart.update(ChartTitle="Title", ChartTitleColor=[1, 0, 0])
        pixels = (await chart.screenshot(format="rgb", palette="BlackBackground")).pixels.astype(int)
        assert ((pixels[:30, :, 0] > 150) & (pixels[:30, :, 1] < 60)).sum() > 20


@in_loop
async def test_the_page_is_the_palettes_unless_a_view_says_that_it_never_is() -> None:
    async with connect(backend="inproc") as session:
        scene = session.views.RenderView(ViewSize=SIZE, Background=[0, 0, 1])
        assert await page(scene) == (0, 0, 255)
        assert await page(scene, palette="print") == (255, 255, 255)
        scene.UseGradientBackground = True
        scene.Background2 = [1, 0, 0]
        assert await page(scene, palette="print") == (255, 255, 255)
        scene.UseColorPaletteForBackground = False
        scene.UseGradientBackground = False
        assert await page(scene, palette="print") == (0, 0, 255)
        scene.UseColorPaletteForBackground = True
        assert await page(scene) == USUAL and await page(scene, palette="BlackBackground") == (0, 0, 0)
        session.palette.load("BlackBackground")
        assert await page(scene) == (0, 0, 0)


@in_loop
async def test_a_cancelled_or_refused_picture_leaves_the_view_as_it_was() -> None:
    async with connect(backend="inproc") as session:
        scene, _ = views(session)
        session.show(session.sources.Sphere(), scene, Representation="Outline")
        before = (await scene.screenshot(format="rgb")).pixels
        with pytest.raises(Exception, match="samples"):
            await scene.screenshot(palette="print", samples=10_000)
        assert ((await scene.screenshot(format="rgb")).pixels == before).all()
        drawing = asyncio.ensure_future(scene.screenshot(palette="print", size=(4000, 3000), samples=200))
        await asyncio.wait([drawing], timeout=scaled(0.3))
        assert drawing.cancel(), "it takes longer than that"
        assert ((await scene.screenshot(format="rgb")).pixels == before).all()


@in_loop
async def test_a_picture_without_background_has_the_ink_of_its_palette() -> None:
    async with connect(backend="inproc") as session:
        scene, _ = views(session)
        scene.add_text("Text", FontSize=24)
        for palette, ink in ((None, 0), ("print", 0), ("BlackBackground", 255)):
            pixels = (await scene.screenshot(format="rgba", transparent=True, palette=palette)).pixels
            opaque = pixels[pixels[..., 3] == 255]
            assert pixels[2, 2, 3] == 0 and len(opaque) > 15
            assert (opaque[:, :3] == ink).all(axis=1).mean() > 0.9, palette


@in_loop
async def test_layouts_and_animations_are_printed_as_views_are(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        scene, chart = views(session)
        layout = session.layouts.create("both")
        layout.split_horizontal(0)
        layout.assign(scene, 1)
        layout.assign(chart, 2)
        pixels = (await layout.screenshot(palette="BlackBackground")).pixels
        assert at(pixels, 2, 2) == at(pixels, 2, pixels.shape[1] - 3) == (0, 0, 0)
        await layout.save_screenshot(tmp_path / "both.png", palette="print")
        with PillowImage.open(tmp_path / "both.png") as file:
            assert file.getpixel((2, 2)) == file.getpixel((file.width - 3, 2)) == (255, 255, 255)
        session.animation.NumberOfFrames = 2
        await scene.save_animation(tmp_path / "a.%02d.png", palette="print")
        with PillowImage.open(tmp_path / "a.01.png") as file:
            assert file.getpixel((2, 2)) == (255, 255, 255)
        await layout.save_animation(tmp_path / "both.%02d.png", palette="print")
        with PillowImage.open(tmp_path / "both.01.png") as file:
            assert file.getpixel((2, 2)) == file.getpixel((file.width - 3, 2)) == (255, 255, 255)
        assert await page(scene) == USUAL


@in_loop
async def test_pages_of_vectors_are_printed_as_pictures_are(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        scene, chart = views(session)
        scene.add_text("Text")
        session.show(await session.send_data(np.arange(8.0)), chart, SeriesVisibility=["values"])
        chart.update(LeftAxisTitleColor=[1, 0, 0], ShowLegend=False, ViewSize=(300, 200))
        for palette, ink in (("print", "#000000"), ("BlackBackground", "#ffffff")):
            for view, others in ((scene, set()), (chart, {"#ff0000"})):
                await view.export(tmp_path / "a.svg", palette=palette)
                texts = re.findall(r"<text [^>]*", (tmp_path / "a.svg").read_text())
                fills = {fill[1] for one in texts if (fill := re.search(r'fill="(#\w+)"', one))}
                assert fills == {ink} | others, (palette, view.kind)
        with pytest.raises(ValueError, match="Did you mean 'BlackBackground'"):
            await chart.export(tmp_path / "b.svg", palette="BlackBackgroun")
        assert not (tmp_path / "b.svg").exists()
        assert await page(chart) == (255, 255, 255)


@in_loop
async def test_titles_of_layouts_have_the_ink_of_the_pictures_palette() -> None:
    async with connect(backend="inproc") as session:
        scene, _ = views(session)
        layout = session.layouts.create("one")
        layout.assign(scene, 0)
        layout.Title = "Title"
        session.palette.TextAnnotationColor = [1, 0, 0]
        reds, darks = [], []
        for palette in (None, "print"):
            pixels = (await layout.screenshot(palette=palette)).pixels[..., :3].astype(int)
            reds.append(int(((pixels[..., 0] > 200) & (pixels[..., 1:] < 60).all(axis=2)).sum()))
            darks.append(int((pixels.max(axis=2) < 40).sum()))
        assert reds[0] > 20 and reds[1] == 0 and darks[1] > 20, (reds, darks)


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
@in_loop
async def test_the_palette_of_a_session_is_that_of_all_its_views_and_a_step_of_undo(backend: str) -> None:
    async with connect(backend=backend) as session:
        scene, chart = views(session)
        own = session.views.RenderView(ViewSize=SIZE, Background=[0, 0, 1])
        assert [await page(one) for one in (scene, chart, own)] == [USUAL, (255,) * 3, (0, 0, 255)]
        session.palette.load("BlackBackground")
        later = session.views.XYChartView(ViewSize=SIZE)
        assert [await page(one) for one in (scene, chart, own, later)] == [(0,) * 3, (0,) * 3, (0, 0, 255), (0,) * 3]
        assert session.palette.BackgroundColor == [0.0, 0.0, 0.0]
        del own.Background
        assert await page(own) == (0, 0, 0)
        session.palette.BackgroundColor = [1, 0, 0]
        assert [await page(one) for one in (scene, chart)] == [(255, 0, 0)] * 2
        assert await page(scene, palette="print") == (255,) * 3
        session.undo.undo()
        assert await page(chart) == (0, 0, 0)
        for _ in range(3):
            session.undo.undo()  # the background of a view, a chart, the palette
        assert [await page(one) for one in (scene, chart)] == [USUAL, (255,) * 3]
        session.undo.redo()
        assert [await page(one) for one in (scene, chart)] == [(0,) * 3] * 2
        with pytest.raises(ValueError, match="Did you mean 'BlackBackground'"):
            session.palette.load("BlackBackgroun")
        with pytest.raises(ValueError, match="BackgroundColor"):
            session.palette.BackgroundColor = [2, 0, 0]
        assert await page(chart) == (0, 0, 0)


@in_loop
async def test_inks_of_the_palette_are_those_of_texts_lines_and_surfaces() -> None:
    async with connect(backend="inproc") as session:
        scene, chart = views(session)
        ball = session.sources.Sphere(Radius=0.4)
        kinds = [session.show(ball, scene, Representation=kind, Lighting=False) for kind in ("Outline", "Surface")]
        text = scene.add_text("Text", FontSize=24)
        chart.update(ChartTitle="Title", ViewSize=(320, 240))
        session.show(await session.send_data(np.arange(8.0)), chart)

        async def count(color: tuple[int, ...], view: Any) -> int:
            """Return how many pixels are of that color, or half of it: edges of charts are smoothed."""
            away = (await view.screenshot(format="rgb")).pixels.astype(int) - color
            return int((abs(away).max(axis=2) < 100).sum())

        session.palette.update(ForegroundColor=[1, 0, 0], TextAnnotationColor=[0, 1, 0], SurfaceColor=[0, 0, 1])
        counts = [await count(color, scene) for color in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
        assert min(counts) > 10, counts
        of_chart = [await count(color, chart) for color in ((255, 0, 0), (0, 255, 0))]
        assert min(of_chart) > 10, of_chart
        kinds[0].Color = kinds[1].Color = text.Color = [1, 1, 0]
        assert [await count(color, scene) for color in ((255, 0, 0), (0, 255, 0), (0, 0, 255))] == [0, 0, 0]
        session.palette.load("print")
        assert session.palette.ForegroundColor is None
        assert await count((0, 0, 0), chart) > 50


@in_loop
async def test_states_and_scripts_keep_the_palette(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        scene, _ = views(session)
        session.palette.load("GradientBackground")
        seen = (await scene.screenshot(format="rgb")).pixels
        await session.save_state(tmp_path / "a.json")
        await session.save_script(tmp_path / "a.py")
        assert "session.palette.update(" in (tmp_path / "a.py").read_text()
    async with connect(backend="inproc") as session:
        await session.load_state(tmp_path / "a.json")
        scene = next(one for one in session.scene.all_views() if one.kind == "RenderView")
        assert ((await scene.screenshot(format="rgb")).pixels == seen).all()
        assert session.palette.BackgroundColorMode == "Gradient"


def test_how_files_are_packed(tmp_path: Path) -> None:
    async def written() -> dict[str, bytes]:
        async with connect(backend="inproc") as session:
            view = session.views.RenderView(ViewSize=(200, 150))
            session.show(session.sources.Wavelet(), view, Representation="Surface", ColorBy=("POINTS", "RTData"))
            asked: dict[str, tuple[str, dict[str, Any]]] = {
                "small": ("a.jpg", {"quality": 20}), "large": ("b.jpg", {"quality": 95}),
                "loose": ("c.png", {"compression": 0}), "tight": ("d.png", {"compression": 9}), "usual": ("e.png", {}),
                "coarse first": ("f.jpg", {"progressive": True}),
            }  # fmt: skip
            for name, options in asked.values():
                await view.save_screenshot(tmp_path / name, **options)
            wrong: tuple[tuple[str, dict[str, Any], str], ...] = (
                ("x.png", {"quality": 50}, r"quality is said of \.jpg"),
                ("x.jpg", {"compression": 5}, r"compression is said of \.png"),
                ("x.jpg", {"quality": 101}, "quality = 101"),
            )
            for name, options, text in wrong:
                with pytest.raises(ValueError, match=text):
                    await view.save_screenshot(tmp_path / name, **options)
                assert not (tmp_path / name).exists()
            return {key: (tmp_path / name).read_bytes() for key, (name, _) in asked.items()}

    files = asyncio.run(written())
    assert len(files["small"]) < len(files["large"]) / 2
    assert len(files["loose"]) > 200 * 150 * 3 > 2 * len(files["tight"])
    loose, tight, usual = (np.array(PillowImage.open(tmp_path / name)) for name in ("c.png", "d.png", "e.png"))
    assert (loose == tight).all() and (tight == usual).all()
    with PillowImage.open(tmp_path / "f.jpg") as file:
        assert file.info["progressive"] == 1


def element(name: str, *values: float | str) -> str:
    inside = "".join(f'<Element index="{at}" value="{value}"/>' for at, value in enumerate(values))
    return f'<Property name="{name}" number_of_elements="{len(values)}">{inside}</Property>'


def of_paraview(background: tuple[float, ...], ink: tuple[float, ...]) -> str:
    """A state as ParaView 5.11 writes it: a text, whose color follows the palette, as the view's background does."""
    view = element("UseColorPaletteForBackground", 1) + element("Background", 0.329, 0.349, 0.427)
    view += element("ViewSize", 120, 90) + element("OrientationAxesVisibility", 0)
    palette = element("BackgroundColor", *background) + element("TextAnnotationColor", *ink)
    palette += element("ForegroundColor", *ink) + element("SurfaceColor", 1, 1, 1) + element("BackgroundColorMode", 0)
    text = element("Color", *ink) + element("FontSize", 30) + element("Visibility", 1) + element("WindowLocation", 1)
    return f"""<ParaView><ServerManagerState version="5.11.0">
        <Proxy group="sources" type="TextSource" id="1">{element("Text", "Text")}</Proxy>
        <Proxy group="representations" type="TextSourceRepresentation" id="2">{text}
            <Property name="Input"><Proxy value="1" output_port="0"/></Property></Proxy>
        <Proxy group="views" type="RenderView" id="3">{view}
            <Property name="Representations"><Proxy value="2" output_port="0"/></Property></Proxy>
        <Proxy group="views" type="XYChartView" id="5"/>
        <Proxy group="settings" type="ColorPalette" id="4">{palette}</Proxy>
        <ProxyCollection name="sources"><Item id="1" name="Text1"/></ProxyCollection>
        <ProxyCollection name="views"><Item id="3" name="RenderView1"/><Item id="5" name="chart"/></ProxyCollection>
        <ProxyCollection name="settings"><Item id="4" name="ColorPalette"/></ProxyCollection>
        <Settings><SettingsProxy group="settings" type="ColorPalette"><Links>
            <Property source_property="TextAnnotationColor" target_id="2" target_property="Color"/>
        </Links></SettingsProxy></Settings></ServerManagerState></ParaView>"""


@in_loop
async def test_states_of_paraview_follow_the_palette_as_they_do_there(tmp_path: Path) -> None:
    cases: tuple[tuple[tuple[float, ...], tuple[float, ...], Any], ...] = (
        ((1, 1, 1), (0, 0, 0), None), ((0, 0, 0.5), (1, 1, 0), [1, 1, 0]),
    )  # fmt: skip
    for background, ink, kept in cases:
        (tmp_path / "theirs.pvsm").write_text(of_paraview(background, ink))
        async with connect(backend="inproc") as session:
            loaded = await session.load_state(tmp_path / "theirs.pvsm")
            assert not loaded.not_understood, loaded.report()
            scene, chart = session.scene.all_views()
            assert session.palette.BackgroundColor == [float(one) for one in background]
            assert session.palette.TextAnnotationColor == kept and scene.Background is None
            pixels = (await scene.screenshot(format="rgb")).pixels
            assert at(pixels, 2, 2) == pytest.approx([255 * one for one in background], abs=1)
            assert (abs(pixels - 255.0 * np.array(ink)).max(axis=2) < 2).sum() > 30
            assert await page(chart) == (255, 255, 255)
            printed = (await scene.screenshot(format="rgb", palette="print")).pixels
            assert at(printed, 2, 2) == (255, 255, 255) and printed.max(axis=2).min() == 0
            await session.save_state(tmp_path / "ours.pvsm")
        async with connect(backend="inproc") as session:
            await session.load_state(tmp_path / "ours.pvsm")
            again = (await session.scene.all_views()[0].screenshot(format="rgb")).pixels
            assert (again == pixels).all() and session.palette.TextAnnotationColor == kept


@pytest.mark.skipif(pvpython.missing() is not None, reason="ParaView's pvpython and Xvfb are not on PATH")
@in_loop
async def test_paraview_has_the_palette_of_a_state_that_was_written_here(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        scene, _ = views(session)
        scene.add_text("Text", FontSize=30)
        session.show(session.sources.Sphere(), scene, Representation="Wireframe")
        scene.AxesGridVisibility = True
        own = session.views.RenderView(ViewSize=SIZE, Background=[1, 1, 0])
        own.add_text("Text")
        session.palette.load("WhiteBackground")
        await session.save_state(tmp_path / "ours.pvsm")
    script = f"""
from paraview.simple import *
LoadState({str(tmp_path / "ours.pvsm")!r})
for view in GetRenderViews():
    colors = [list(getattr(one, name)) for one in view.Representations for name in ("Color", "AmbientColor")
              if name in one.ListProperties()]
    grid = [list(getattr(view.AxesGrid, name)) for name in ("XTitleColor", "ZLabelColor", "GridColor")]
    print([view.UseColorPaletteForBackground, colors, grid])
palette = GetSettingsProxy("ColorPalette")
print([list(palette.Background), list(palette.Text), list(palette.Foreground)])
"""
    (tmp_path / "read.py").write_text(script)
    with pvpython.x_server() as display:
        ended = await asyncio.to_thread(pvpython.run, tmp_path / "read.py", tmp_path, display)
    black = [0.0, 0.0, 0.0]
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("[")]
    white = [1.0, 1.0, 1.0]
    assert lines == [[1, [black, black], [black] * 3], [0, [black], [white] * 3], [white, black, black]]


@in_loop
async def test_the_programs_of_a_session_have_one_palette() -> None:
    with Server("zmq") as server:
        async with connect(server.url) as one, connect(server.url, session=await one.invite("viewer")) as viewer:
            scene, _ = views(one)
            one.palette.load("BlackBackground")
            await settled(one, viewer)
            assert viewer.palette.BackgroundColor == [0.0, 0.0, 0.0]
            seen = next(each for each in viewer.scene.all_views() if each.id == scene.id)
            assert await page(seen) == (0, 0, 0) and await page(seen, palette="print") == (255, 255, 255)
            with pytest.raises(Refused, match="viewer"):
                viewer.palette.load("print")
            async with connect(server.url, session=await one.invite("editor")) as later:
                await settled(one, later)
                assert later.palette.BackgroundColor == [0.0, 0.0, 0.0]
                later.palette.load("WhiteBackground")
                await settled(one, later)
                assert await page(scene) == (255, 255, 255) and one.palette.BackgroundColor == [1.0, 1.0, 1.0]


KINDS_OF_CHARTS = (
    "XYChartView", "XYBarChartView", "BoxChartView", "ParallelCoordinatesChartView", "XYHistogramChartView",
)  # fmt: skip
LEGIBLE = 4.5
"""What WCAG 2.1 asks of texts (1.4.3); the least that black or white have on any one color is 4.58."""
CROSSING = 2.0
"""What is left of that along a line that crosses a whole gradient in one color."""


def strongest(pixels: Any, bare: Any, changed: Any) -> float:
    """Return the contrast of the middles of letters and lines: their edges are smoothed."""
    found = contrast(pixels[changed], bare[changed])
    return float(np.quantile(found, 0.97)) if len(found) else 0.0


async def ink(view: Any, bare: Any) -> tuple[int, float]:
    """Return how many pixels are not as in the bare picture, and their contrast."""
    pixels = (await view.screenshot(format="rgb")).pixels
    changed = (pixels != bare).any(axis=2)
    return int(changed.sum()), strongest(pixels, bare, changed)


@pytest.mark.parametrize("palette", PAGES_OF_PARAVIEW)
@in_loop
async def test_every_ink_is_seen_on_every_page(palette: str, subtests: Any) -> None:
    crosses = palette == "GradientBackground"
    async with connect(backend="inproc") as session:
        session.palette.load(palette)
        camera = {"CameraPosition": [4, 3, 6], "CameraFocalPoint": [0, 0, 0]}
        scene = session.views.RenderView(ViewSize=[400, 300], UseFXAA=False, **camera)
        source = session.filters.Elevation(Input=session.sources.Sphere(Radius=0.8))
        shown = session.show(source, scene, ColorBy=("POINTS", "Elevation"), Visibility=False)
        line = session.show(source, scene, Visibility=False, LineWidth=2, PointSize=4, Lighting=False)
        bare = (await scene.screenshot(format="rgb")).pixels
        for kind in ("Outline", "Wireframe", "Points"):
            with subtests.test(kind):
                line.update(Representation=kind, Visibility=True)
                count, seen = await ink(scene, bare)
                assert count > 200 and seen >= (CROSSING if crosses else LEGIBLE), (count, seen)
        line.Visibility = False
        for place in ("Lower Left Corner", "Upper Right Corner", "Lower Center"):
            with subtests.test(f"a text, {place}"):
                text = scene.add_text("Text", WindowLocation=place, FontSize=20)
                count, seen = await ink(scene, bare)
                text.delete()
                assert count > 100 and seen >= LEGIBLE, (count, seen)
        with subtests.test("a legend"):
            shown.update(Visibility=True, ScalarBarVisibility=True)
            bar = scene.scalar_bar("Elevation")
            for name in ("TitleColor", "LabelColor"):
                pixels, texts = await in_ink(scene, bar, name)
                rows = np.nonzero(texts)[0]
                for half in (slice(None, int(rows.mean())), slice(int(rows.mean()), None)):
                    seen = strongest(pixels[half], bare[half], texts[half])
                    assert texts[half].sum() > 20 and seen >= LEGIBLE, (name, seen)
            shown.ScalarBarVisibility = False
        with subtests.test("a grid"):
            scene.AxesGridVisibility = True
            pixels = (await scene.screenshot(format="rgb")).pixels
            scene.AxesGridVisibility = False
            before = (await scene.screenshot(format="rgb")).pixels
            lines = (pixels != before).any(axis=2)
            seen = strongest(pixels, before, lines)
            assert lines.sum() > 800 and seen >= (CROSSING if crosses else LEGIBLE), seen
        with subtests.test("letters of the axes"):
            scene.OrientationAxesVisibility = True
            pixels, letters = await in_ink(scene, scene, "OrientationAxesLabelColor")
            seen = strongest(pixels, bare, letters)
            assert letters.sum() > 20 and seen >= LEGIBLE, seen


async def in_ink(view: Any, thing: Any, name: str) -> tuple[Any, Any]:
    """Return a picture, and which of its pixels are drawn in a color that nobody has set."""
    pixels = (await view.screenshot(format="rgb")).pixels
    setattr(thing, name, [0.5, 0.5, 0.5])
    other = (await view.screenshot(format="rgb")).pixels
    delattr(thing, name)
    return pixels, (pixels != other).any(axis=2)


@pytest.mark.parametrize("palette", PAGES_OF_PARAVIEW)
@in_loop
async def test_every_ink_of_charts_is_seen_on_every_page(palette: str, subtests: Any) -> None:
    async with connect(backend="inproc") as session:
        table = await session.send_data(np.random.default_rng(1).normal(size=(40,)))
        kinds = (
            "XYChartView",
            "XYBarChartView",
            "BoxChartView",
            "ParallelCoordinatesChartView",
            "XYHistogramChartView",
        )
        for kind in kinds:
            with subtests.test(kind):
                session.palette.load(palette)
                chart = getattr(session.views, kind)(ViewSize=[400, 300], ChartTitle="Title of it")
                session.show(table, chart)
                for name, least in (("ForegroundColor", 30), ("TextAnnotationColor", 300)):
                    pixels, inked = await in_ink(chart, session.palette, name)
                    seen = strongest(pixels, np.full_like(pixels, pixels[1, 1]), inked)
                    assert inked.sum() > least and seen >= LEGIBLE, (name, inked.sum(), seen)


@in_loop
async def test_streams_follow_the_palette_and_a_new_worker_has_it() -> None:
    async with connect(backend="zmq") as session:
        scene, chart = views(session)

        async def streamed(color: tuple[int, ...]) -> None:
            async with scene.images(format="rgb") as images:
                session.palette.BackgroundColor = [one / 255 for one in color]
                async for image in images:
                    if at(image.pixels, 2, 2) == color and image.still:
                        return

        await asyncio.wait_for(streamed((0, 0, 255)), scaled(30))
        session.palette.load("BlackBackground")
        assert await page(chart) == (0, 0, 0)
        await session.restart()
        assert await page(scene) == await page(chart) == (0, 0, 0)
        assert session.palette.BackgroundColor == [0.0, 0.0, 0.0]
