"""Letters, numbers and lines of grids and charts look as their knobs say; pixels are read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from servermanager import connect

from ..harness.apvtest import in_loop
from .test_paraview_looks import looking, pixels

RED, GREEN, BLUE = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def near(seen: Any, color: tuple[float, ...], far: int = 110) -> Any:
    """Where pixels have about a color."""
    return np.abs(seen - np.array(color) * 255).max(axis=2) < far


def height(where: Any) -> int:
    rows = np.nonzero(where.any(axis=1))[0]
    return int(np.ptp(rows)) + 1 if len(rows) else 0


@in_loop
async def test_titles_and_numbers_of_grids_have_the_fonts_that_are_asked_for() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.2)
        view.ViewSize = (400, 400)
        shown = session.show(session.sources.Plane(), view, Color=(0, 0, 0), Lighting=False)
        grid = view.AxesGrid
        grid.update(Visibility=True, XTitle="wide words", XTitleColor=RED, XLabelColor=GREEN, GridColor=BLUE)
        grid.update(YTitle="", AxesToLabel=63, ShowGrid=False)

        async def seen(color: tuple[int, int, int]) -> Any:
            return near(await pixels(view), color)

        for name, color in (("XTitle", RED), ("XLabel", GREEN)):
            setattr(grid, f"{name}FontSize", 12)
            small = await seen(color)
            setattr(grid, f"{name}FontSize", 24)
            large = await seen(color)
            assert large.sum() > 2.5 * small.sum() > 0, name
            for family in ("Courier", "Times"):
                setattr(grid, f"{name}FontFamily", family)
                assert not np.array_equal(await seen(color), large), (name, family)
            setattr(grid, f"{name}FontFamily", "Arial")
        plain = (await seen(RED)).sum()
        grid.XTitleBold = True
        assert (await seen(RED)).sum() > 1.15 * plain
        grid.update(XTitleBold=False, XTitleItalic=True)
        leaning = await seen(RED)
        assert leaning.sum() == pytest.approx(plain, rel=0.2)
        grid.update(XTitleItalic=False)
        assert not np.array_equal(await seen(RED), leaning)
        grid.update(XAxisNotation="Fixed", XAxisPrecision=1, XLabelFontSize=8)
        short = (await seen(GREEN)).sum()
        grid.XAxisPrecision = 4
        assert (await seen(GREEN)).sum() > 1.3 * short
        edges = (await seen(BLUE)).sum()
        grid.ShowEdges = False
        assert (await seen(BLUE)).sum() < 0.5 * edges
        shown.Visibility = False
        assert not (await seen(RED)).any()


@in_loop
async def test_texts_have_shadows() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        view.Background = (0, 1, 0)
        text = view.add_text("MMM", FontSize=40, Color=(1, 1, 1), WindowLocation="Any Location", Position=(0.2, 0.4))
        without = await pixels(view)
        text.Shadow = True
        seen = await pixels(view)
        around = (seen != without).any(axis=2)
        assert around.sum() > 50 and seen[around].sum() < without[around].sum()  # darker than the page


@in_loop
async def test_axes_and_legends_of_charts_look_as_asked() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.XYChartView(ViewSize=(400, 300), Background=(1, 1, 1), ShowLegend=True)
        table = session.filters.PlotOverLine(Input=session.sources.Wavelet(), Point1=(-10, 0, 0), Resolution=12)
        shown = session.show(table, view, XArrayName="arc_length", SeriesVisibility=["RTData"])
        shown.update(SeriesColor=["RTData", 0, 0, 0])

        async def seen(color: tuple[float, ...]) -> Any:
            return near(await pixels(view), color)

        assert not (await seen(RED)).any()
        view.LeftAxisGridColor = RED
        assert (await seen(RED)).sum() > 200
        view.update(LeftAxisGridColor=(0.9, 0.9, 0.9), LeftAxisLabelColor=BLUE)
        several = await seen(BLUE)
        view.update(LeftAxisUseCustomLabels=True, LeftAxisLabels=[200, "MMMM"])
        one = await seen(BLUE)
        assert 0 < height(one) < 20 < height(several)
        shown.SeriesPlotCorner = ["RTData", 2]
        view.update(TopAxisTitle="MMMM", TopAxisTitleColor=GREEN, TopAxisColor=RED)
        rows = np.nonzero((await seen(GREEN)).any(axis=1))[0]
        assert len(rows) and rows.max() < 60
        assert (await seen(RED)).any()
        numbers = await pixels(view)
        view.update(TopAxisUseCustomRange=True, TopAxisRangeMinimum=100, TopAxisRangeMaximum=200)
        assert not np.array_equal(await pixels(view), numbers)
        view.TopAxisUseCustomRange = False
        view.update(RightAxisLabelColor=BLUE)
        right = await seen(BLUE)
        view.update(RightAxisUseCustomLabels=True, RightAxisLabels=[200, "MMMM"])
        assert (await seen(BLUE)).sum() != right.sum()
        view.update(ChartTitle="MMM", ChartTitleColor=(0, 1, 1), ChartTitleFontSize=10)
        small = await seen((0, 1, 1))
        view.ChartTitleFontSize = 30
        assert height(await seen((0, 1, 1))) > 2 * height(small) > 0
        shown.update(SeriesMarkerStyle=["RTData", "Square"], SeriesColor=["RTData", 1, 0, 1])
        shown.SeriesMarkerSize = ["RTData", 3]
        few = (await seen((1, 0, 1))).sum()
        shown.SeriesMarkerSize = ["RTData", 9]
        assert (await seen((1, 0, 1))).sum() > 2 * few
        shown.update(SeriesMarkerStyle=["RTData", "None"])
        before = (await pixels(view)).sum()
        view.LegendBold = True
        assert (await pixels(view)).sum() < before  # more ink
