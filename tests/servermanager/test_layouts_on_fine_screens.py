"""Layouts of views that a fine screen shows: pictures have more pixels of the same, pages and figures are the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from servermanager import Session, connect

from ..harness.apvtest import in_loop

RATIO: Final = 2
SIZES: Final = re.compile(r'(?:width|height|font-size|stroke-width)="[^"]*"')
DECORATED: Final = {"Title": "Both", "LabelFormat": "(a)", "TitleFontSize": 14, "SeparatorWidth": 6}


def row_of_views(session: Session) -> Any:
    """A scene and a chart beside each other, as large as a window has made them, below a title."""
    layout, ball = session.layouts.create(), session.sources.Sphere()
    scene = session.views.RenderView(ViewSize=[200, 160], Background=[1, 1, 1], UseColorPaletteForBackground=False)
    chart = session.views.XYChartView(ViewSize=[240, 160])
    line = session.filters.PlotOverLine(Input=session.sources.Wavelet(WholeExtent=[-5, 5] * 3))
    scene.add_text("H", FontSize=24, Color=[0, 0, 0])
    session.show(ball, scene)
    session.show(line, chart)
    layout.assign(scene, layout.split_horizontal(0))
    layout.assign_to_any(chart)
    layout.update(**DECORATED)
    return layout


def on_a_fine_screen(layout: Any) -> None:
    """Give views what a window of a fine screen gives them."""
    for view in layout.views:
        view.update(ViewSize=[RATIO * side for side in view.ViewSize], PPI=72.0 * RATIO)


@in_loop
async def test_a_picture_of_views_as_they_are_has_all_of_it_as_large(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        layout = row_of_views(session)
        coarse, composed = await layout.screenshot(), await layout.composition()
        await layout.export(tmp_path / "coarse.svg", dpi=72)
        on_a_fine_screen(layout)
        fine, as_fine = await layout.screenshot(), await layout.composition()
        await layout.export(tmp_path / "fine.svg", dpi=72)
        assert (coarse.dots_per_inch, fine.dots_per_inch) == (72.0, 144.0)
        assert max(abs(fine.width - RATIO * coarse.width), abs(fine.height - RATIO * coarse.height)) <= 2
        for at, place in composed.views.items():
            assert np.abs(np.subtract(as_fine.views[at], np.multiply(RATIO, place))).max() <= 2
        assert composed.title is not None and as_fine.title is not None
        assert abs(as_fine.title.height - RATIO * composed.title.height) <= 2, "the title is as large as the views"
        pages = [(tmp_path / f"{name}.svg").read_text() for name in ("coarse", "fine")]
        found = [SIZES.findall(one) for one in pages]
        assert len(found[0]) > 20 and found[0] == found[1], "pages have points, whatever screen there was"


@in_loop
async def test_sizes_that_a_layout_tells_are_those_of_its_picture() -> None:
    async with connect(backend="inproc") as session:
        layout = row_of_views(session)
        layout.update(Title="", LabelFormat="")
        for _ in range(2):
            image = await layout.screenshot()
            assert layout.size() == (image.width, image.height)
            assert dict(layout.places()) == dict((await layout.composition()).views)
            on_a_fine_screen(layout)


@pytest.mark.parametrize("ratio", [2.0, 1.25])
@in_loop
async def test_a_figure_is_the_same_whatever_screen_shows_its_views(ratio: float, tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        figure = session.figure(1, 2, size=(301, 160), LabelFormat="(a)")
        for column in range(2):
            scene = session.views.RenderView(Background=[1, 1, 1])
            figure[0, column] = scene
            session.show(session.sources.Sphere(), scene)
            scene.add_text("H", FontSize=24, Color=[0, 0, 0])
        wanted = (await figure.screenshot()).pixels.astype(int)
        await figure.export(tmp_path / "coarse.svg", dpi=72)
        for view in figure.views:
            view.update(ViewSize=[round(ratio * side) for side in view.ViewSize], PPI=72.0 * ratio)
        sizes = [list(view.ViewSize) for view in figure.views]
        image = await figure.screenshot()
        assert image.dots_per_inch == 72.0 and image.pixels.shape == wanted.shape
        assert np.mean(np.abs(image.pixels - wanted).max(axis=-1) > 40) < 0.005
        assert [list(view.ViewSize) for view in figure.views] == sizes, "they stay as large as the screen has them"
        await figure.export(tmp_path / "fine.svg", dpi=72)
        found = [SIZES.findall((tmp_path / f"{name}.svg").read_text()) for name in ("coarse", "fine")]
        assert len(found[0]) > 5 and found[0] == found[1]
