"""What is written and drawn beside the data is seen on any background: by the contrast of its pixels."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from servermanager import RenderViewProxy, Session, connect

from ..harness.apvtest import in_loop

PAPERS = {
    "white": (1, 1, 1),
    "pale": (0.7, 0.7, 0.7),
    "grey": (0.5, 0.5, 0.5),
    "dim": (0.4, 0.4, 0.4),
    "black": (0, 0, 0),
}
USUAL = (0.32, 0.34, 0.43)
LEGIBLE = 3.0
"""What WCAG asks of large texts and of graphics; on mid greys nothing has more than 4.6."""


def luminance(colors: Any) -> Any:
    linear = np.asarray(colors, float) / 255
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def contrast(pixels: np.ndarray, bare: np.ndarray) -> np.ndarray:
    """Of each pixel against what was there before, from 1 to 21."""
    both = np.sort([luminance(pixels), luminance(bare)], axis=0)
    return np.asarray((both[1] + 0.05) / (both[0] + 0.05))


async def seen(view: Any, bare: np.ndarray, **options: Any) -> int:
    """How many pixels can be told from the bare picture, as texts have to be."""
    return int((contrast((await view.screenshot(format="rgb", **options)).pixels[..., :3], bare) >= LEGIBLE).sum())


def scene(session: Session, **properties: Any) -> RenderViewProxy:
    camera = {"CameraPosition": [4, 3, 6], "CameraFocalPoint": [0, 0, 0]}
    return session.views.RenderView(ViewSize=[240, 180], UseFXAA=False, **camera, **properties)


@pytest.fixture(scope="module")
def ball() -> Any:
    from vtkmodules.vtkFiltersCore import vtkElevationFilter
    from vtkmodules.vtkFiltersSources import vtkSphereSource

    source, heights = vtkSphereSource(), vtkElevationFilter()
    heights.SetInputConnection(source.GetOutputPort())
    heights.Update()
    return heights.GetOutput()


@in_loop
async def test_texts_legends_grids_outlines_and_labels_are_seen_on_every_background(ball: Any, subtests: Any) -> None:
    async with connect(backend="inproc") as session:
        source = await session.send_data(ball)
        for name, paper in {**PAPERS, "usual": USUAL}.items():
            view = scene(session, Background=paper)
            shown = session.show(source, view, ColorBy=("POINTS", "Elevation"))
            outline = session.show(source, view, Representation="Outline", Visibility=False)
            bare = (await view.screenshot(format="rgb")).pixels

            async def changed(view: Any = view, bare: np.ndarray = bare) -> int:
                return await seen(view, bare)

            with subtests.test(f"a text on {name}"):
                text = view.add_text("Text")
                assert await changed() > 50
                text.delete()
                assert await changed() == 0
            with subtests.test(f"a legend on {name}"):
                shown.update(ScalarBarVisibility=True)
                beside = np.s_[40:, 212:]  # of the bar, where the numbers are
                picture = (await view.screenshot(format="rgb")).pixels
                assert (contrast(picture[beside], bare[beside]) >= LEGIBLE).sum() > 60
                above = np.s_[20:36, 190:]  # where the title is
                assert (contrast(picture[above], bare[above]) >= LEGIBLE).sum() > 20
                shown.update(ScalarBarVisibility=False)
            with subtests.test(f"a grid on {name}"):
                view.update(AxesGridVisibility=True)
                assert await changed() > 400
                view.update(AxesGridVisibility=False)
            with subtests.test(f"an outline on {name}"):
                outline.update(Visibility=True)
                assert await changed() > 150
                outline.update(Visibility=False)
            with subtests.test(f"letters of the axes on {name}"):
                view.update(OrientationAxesVisibility=True)
                letters = await changed()
                view.update(OrientationAxesLabelColor=paper)
                assert letters - await changed() > 5
            view.delete()


@in_loop
async def test_what_is_set_is_drawn_so_and_none_gives_it_back(ball: Any) -> None:
    async with connect(backend="inproc") as session:
        view = scene(session, Background=[1, 1, 1], AxesGridVisibility=True)
        shown = session.show(await session.send_data(ball), view, ColorBy=("POINTS", "Elevation"))
        shown.update(ScalarBarVisibility=True)
        text = view.add_text("Text")

        async def red() -> int:
            pixels = (await view.screenshot(format="rgb")).pixels.astype(int)
            return int(((pixels[..., 0] > 240) & (pixels[..., 1:] < 30).all(axis=2)).sum())

        assert await red() == 0
        counts = [0]
        for target, name in ((text, "Color"), (shown, "TitleColor"), (shown, "LabelColor"), (view, "AxesGridColor")):
            target.update(**{name: [1, 0, 0]})
            counts.append(await red())
        assert all(after > before + 10 for before, after in itertools.pairwise(counts))
        for target, name in ((text, "Color"), (shown, "TitleColor"), (shown, "LabelColor"), (view, "AxesGridColor")):
            target.update(**{name: None})
        assert await red() == 0


@in_loop
async def test_on_a_gradient_texts_follow_the_colour_behind_them(ball: Any) -> None:
    async with connect(backend="inproc") as session:
        view = scene(session, Background=[0, 0, 0], Background2=[1, 1, 1], UseGradientBackground=True)
        shown = session.show(await session.send_data(ball), view, ColorBy=("POINTS", "Elevation"))
        bare = (await view.screenshot(format="rgb")).pixels
        view.add_text("Bottom")
        view.add_text("Top", WindowLocation="Upper Left Corner")
        picture = (await view.screenshot(format="rgb")).pixels
        for half in (np.s_[:90], np.s_[90:]):
            assert (contrast(picture[half], bare[half]) >= LEGIBLE).sum() > 50
        shown.update(ScalarBarVisibility=True)
        picture = (await view.screenshot(format="rgb")).pixels
        for part in (np.s_[36:72, 212:], np.s_[72:108, 212:], np.s_[108:144, 212:]):  # a number at least in each
            assert (contrast(picture[part], bare[part]) >= 3).sum() > 5


@in_loop
async def test_a_picture_without_background_is_for_white_paper_or_for_the_one_that_was_set(ball: Any) -> None:
    async with connect(backend="inproc") as session:
        source = await session.send_data(ball)
        for background, ink in ((USUAL, 0), ((1, 1, 1), 0), ((0, 0, 0), 255)):
            view = scene(session, Background=background)
            session.show(source, view, Color=[1, 0, 0], Lighting=False)
            view.add_text("Text")
            pixels = (await view.screenshot(format="rgba", transparent=True)).pixels
            corner = pixels[150:, :60]
            opaque = corner[corner[..., 3] == 255]
            assert len(opaque) > 15 and (opaque[:, :3] == ink).all(axis=1).mean() > 0.9
            on_screen = (await view.screenshot(format="rgb")).pixels[150:, :60]
            inks = {0, 255} if background == USUAL else {ink}
            assert inks & {int(one) for one in np.unique(on_screen)}  # the view itself goes on as it was


@in_loop
async def test_an_uncoloured_surface_is_seen_on_white_paper_too(ball: Any) -> None:
    async with connect(backend="inproc") as session:
        source = await session.send_data(ball)
        for paper, brightest in (((1, 1, 1), 200), ((0, 0, 0), 255)):
            view = scene(session, Background=paper)
            bare = (await view.screenshot(format="rgb")).pixels
            shown = session.show(source, view, Lighting=False)
            picture = (await view.screenshot(format="rgb")).pixels
            drawn = picture[(picture != bare).any(axis=2)]
            assert len(drawn) > 1000 and drawn.max() <= brightest
            assert np.median(contrast(drawn, np.full_like(drawn, int(255 * paper[0])))) > 1.6
            shown.update(Color=[1, 1, 1])
            assert (await view.screenshot(format="rgb")).pixels.max() == 255


@in_loop
async def test_axes_titles_legend_and_grid_of_a_chart_follow_its_background(subtests: Any) -> None:
    async with connect(backend="inproc") as session:
        table = await session.send_data(np.arange(8.0))
        for name, paper in PAPERS.items():
            with subtests.test(name):
                chart = session.views.XYChartView(ViewSize=[320, 240], Background=paper, ShowLegend=False)
                session.show(table, chart, SeriesColor=["values", *paper])
                bare = np.full((240, 320, 3), round(255 * paper[0]), np.uint8)
                axes = await seen(chart, bare)
                assert axes > 300
                chart.update(ChartTitle="Title")
                title = await seen(chart, bare)
                assert title > axes + 30
                chart.update(ShowLegend=True)
                assert await seen(chart, bare) > title + 60
                pixels = (await chart.screenshot(format="rgb")).pixels
                chart.update(ShowLeftAxisGrid=False, ShowBottomAxisGrid=False)
                without = (await chart.screenshot(format="rgb")).pixels
                lines = (pixels != without).any(axis=2)
                faint = contrast(pixels[lines], without[lines])
                assert lines.sum() > 500 and 1.1 < np.median(faint) < 2
                chart.update(LeftAxisLabelColor=[1, 0, 0], ChartTitleColor=[1, 0, 0])
                pixels = (await chart.screenshot(format="rgb")).pixels.astype(int)
                assert ((pixels[..., 0] - pixels[..., 1:].max(axis=2)) > 100).sum() > 50
                chart.delete()
