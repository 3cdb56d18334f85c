"""Fonts, numbers, labels, legends and titles of charts have the effect that they have in ParaView."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest

from servermanager import RemoteError, Session, connect

from ..harness.apvtest import in_loop
from ..harness.chart_pixels import mostly
from ..harness.tables import table

SIZE: Final = (400, 300)
COMPUTER_MODERN: Final = str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "cmr10.ttf")
RED, BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


async def curve(session: Session, *, x: Any = (0, 1, 2, 3), y: Any = (0, 10, 20, 30), **view: Any) -> Any:
    made = session.views.XYChartView(ViewSize=SIZE, **view)
    source = await session.send_data(table(x=x, y=y))
    session.show(source, made, XArrayName="x", SeriesColor=["y", *RED])
    return made


async def texts_of(view: Any, path: Path) -> list[tuple[str, dict[str, str]]]:
    """The texts of a chart as vectors, with their attributes."""
    await view.export(path / "chart.svg")
    root = ElementTree.parse(path / "chart.svg").getroot()
    return [("".join(one.itertext()).strip(), dict(one.attrib)) for one in root.iter() if one.tag.endswith("text")]


async def words(view: Any, path: Path) -> list[str]:
    return [text for text, _ in await texts_of(view, path)]


async def place_of(view: Any, channel: int) -> tuple[float, float, int]:
    """Where pixels of a color are in the middle, across and down, and how many there are."""
    rows, columns = np.nonzero(mostly((await view.screenshot(format="rgb")).pixels.astype(int), channel))
    return float(columns.mean()), float(rows.mean()), len(rows)


@in_loop
async def test_numbers_of_axes_are_written_as_was_asked_for(tmp_path: Path) -> None:
    async with connect() as session:
        view = await curve(session, BottomAxisLabelNotation="Fixed", BottomAxisLabelPrecision=3)
        found = await words(view, tmp_path)
        assert {"1.000", "3.000", "10", "30"} <= set(found)
        view.update(LeftAxisLabelNotation="Scientific", LeftAxisLabelPrecision=1, ShowBottomAxisLabels=False)
        found = await words(view, tmp_path)
        assert "1.0e+1" in found and not {"1.000", "10"} & set(found)
        view.update(ShowBottomAxisLabels=True, BottomAxisUseCustomLabels=True)
        view.BottomAxisLabels = [0, "low", 1.5, "", 3, "high"]
        found = await words(view, tmp_path)
        assert [one for one in found if one in ("low", "1.5", "high")] == ["low", "1.5", "high"]
        assert not {"1.000", "2.000"} & set(found)
        with pytest.raises(ValueError, match="value, text"):
            view.BottomAxisLabels = [1, 2]


@in_loop
async def test_fonts_are_those_that_were_asked_for(tmp_path: Path) -> None:
    async with connect() as session:
        view = await curve(session, ChartTitle="title", LeftAxisTitle="up", BottomAxisTitle="across", ShowLegend=False)
        view.update(ChartTitleColor=BLUE)
        _, _, thin = await place_of(view, 2)
        view.ChartTitleBold = True
        _, _, bold = await place_of(view, 2)
        assert bold > 1.15 * thin
        view.update(ChartTitleFontFamily="Courier", LeftAxisTitleItalic=True, LeftAxisTitleBold=False)
        found = dict(await texts_of(view, tmp_path))
        assert "Courier" in found["title"]["font-family"] and found["title"]["font-weight"] == "bold"
        assert found["up"]["font-style"] == "italic" and found["up"]["font-weight"] == "normal"
        assert found["across"]["font-weight"] == "bold" and "Arial" in found["across"]["font-family"]
        assert found["title"]["font-size"] == "16px" and found["10"]["text-anchor"] == "end"
        assert found["across"]["text-anchor"] == "middle"
        view.update(ChartTitleFontFamily="Arial", ChartTitleBold=False)
        usual = await place_of(view, 2)
        view.update(ChartTitleFontFamily="File", ChartTitleFontFile=COMPUTER_MODERN)
        other = await place_of(view, 2)
        assert other != usual
        view.ChartTitleFontFile = str(tmp_path / "none.ttf")
        with pytest.raises(RemoteError, match=r"none.ttf: no font that can be read: No such file"):
            await view.screenshot()
        view.ChartTitleFontFile = COMPUTER_MODERN
        assert await place_of(view, 2) == other


@in_loop
async def test_titles_stand_left_in_the_middle_and_right() -> None:
    async with connect() as session:
        for kind in ("XYChartView", "PlotMatrixView"):
            view = getattr(session.views, kind)(ViewSize=SIZE, ChartTitle="title", ChartTitleColor=BLUE)
            places = []
            for alignment in ("Left", "Center", 2):
                view.ChartTitleAlignment = alignment
                places.append((await place_of(view, 2))[0])
            assert places[0] < SIZE[0] / 3 < places[1] < SIZE[0] * 2 / 3 < places[2], kind


@in_loop
async def test_legends_stand_where_they_are_asked_to() -> None:
    middle = SIZE[0] / 2, SIZE[1] / 2
    async with connect() as session:
        view = await curve(session, LegendColor=BLUE)
        places = {}
        for name in ("TopLeft", "TopRight", "BottomRight", "BottomLeft", "Left", "Top", "Right", "Bottom"):
            view.LegendLocation = name
            places[name] = (await place_of(view, 2))[:2]
        for name, (across, down) in places.items():
            if "Left" in name or "Right" in name:
                assert (across < middle[0]) == ("Left" in name), name
            if "Top" in name or "Bottom" in name:
                assert (down < middle[1]) == ("Top" in name), name
        view.update(LegendLocation="Custom", LegendPosition=[150, 100])
        across, down, _ = await place_of(view, 2)
        assert 150 < across < 220 and 160 < down < 210
        _, _, small = await place_of(view, 2)
        view.LegendFontSize = 24
        assert (await place_of(view, 2))[2] > 1.5 * small


@pytest.mark.parametrize("y", [(0, 10, 20, 30), (30, 20, 10, 0), (0, 30, 0, 30), (30, 30, 0, 0)])
@in_loop
async def test_a_legend_that_nobody_placed_hides_nothing(y: tuple[float, ...]) -> None:
    async with connect() as session:
        view = await curve(session, y=y, ShowLegend=False, LegendSymbolWidth=1)
        _, _, alone = await place_of(view, 0)
        view.ShowLegend = True
        view.LegendColor = BLUE
        pixels = (await view.screenshot(format="rgb")).pixels.astype(int)
        rows, columns = np.nonzero(mostly(pixels, 2))
        inside = mostly(pixels, 0)[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert inside[:, 12:].sum() < 10, "no curve within the frame of the legend"
        if columns.max() < SIZE[0] - 40:  # it stands within the axes, which are as they were
            assert mostly(pixels, 0).sum() >= alone


@in_loop
async def test_rows_are_drawn_in_the_order_of_the_axis() -> None:
    x, y = np.array([3.0, 0.0, 2.0, 1.0]), np.array([1.0, 4.0, 2.0, 5.0])
    order = np.argsort(x)
    async with connect() as session:
        sorted_ = await curve(session, x=x[order], y=y[order])
        view = await curve(session, x=x, y=y)
        wanted = (await sorted_.screenshot(format="rgb")).pixels
        assert not np.array_equal((await view.screenshot(format="rgb")).pixels, wanted)
        view.SortByXAxis = True
        assert np.array_equal((await view.screenshot(format="rgb")).pixels, wanted)


@in_loop
async def test_larger_pictures_have_larger_texts_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    data = table(a=rng.normal(size=6), b=rng.uniform(size=6))
    async with connect() as session:
        rows = await session.send_data(data)
        for kind in ("XYBarChartView", "BoxChartView", "ParallelCoordinatesChartView", "PlotMatrixView"):
            view = getattr(session.views, kind)(ViewSize=[300, 200], ChartTitle="title")
            session.show(rows, view)
            small = (await view.screenshot(format="rgb")).pixels.astype(float)
            large = (await view.screenshot(format="rgb", magnification=3)).pixels.astype(float)
            assert large.shape == (600, 900, 3)
            means = large.reshape(200, 3, 300, 3, 3).mean(axis=(1, 3))
            assert np.abs(means - small).mean() < 12, kind
