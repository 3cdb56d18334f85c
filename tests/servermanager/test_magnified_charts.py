"""Charts with more pixels look as they do with few: titles beside numbers, dashes, legends, in all sizes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

from apvserver.vtk.rendering.charts.parts.dashes import dashes
from servermanager import Session, connect

from ..harness.apvtest import in_loop
from ..harness.chart_pixels import mostly
from ..harness.tables import table
from .test_chart_looks import BLUE, RED

SIZE: Final = (400, 300)
RESOLUTIONS: Final = (72, 200, 300)
"""Of one size on paper, 5.6 by 4.2 inches."""
SIDES: Final = {"Left": (1, -1), "Bottom": (0, 1), "Right": (1, 1), "Top": (0, -1)}
"""Where a title is beyond the numbers of each axis: along rows (0) or columns (1) of pixels, and which way."""


async def drawn(view: Any, dots: int) -> npt.NDArray[np.int_]:
    size = tuple(round(side * dots / 72) for side in SIZE)
    return np.asarray((await view.screenshot(format="rgb", size=size, dpi=dots)).pixels, int)


async def lines(session: Session, **properties: Any) -> Any:
    view = session.views.XYChartView(ViewSize=SIZE, **properties)
    source = await session.send_data(table(x=[0, 2], low=[10, 10], high=[20, 20]))
    return view, session.show(source, view, XArrayName="x", SeriesColor=["low", 0, 0, 0, "high", 0, 0, 0])


@pytest.mark.parametrize("side", SIDES)
@in_loop
async def test_titles_stand_beyond_the_numbers(side: str) -> None:
    async with connect() as session:
        colors = {f"{side}AxisTitleColor": BLUE, f"{side}AxisLabelColor": RED, "ShowLegend": False}
        view, shown = await lines(session, **colors, **{f"{side}AxisTitle": "long title"})
        shown.SeriesPlotCorner = ["low", 0, "high", 2]
        axis, way = SIDES[side]
        for dots in RESOLUTIONS:
            pixels = await drawn(view, dots)
            numbers, title = (np.nonzero(mostly(pixels, channel))[axis] * way for channel in (0, 2))
            points = (title.min() - numbers.max()) * 72 / dots
            assert 1.5 < points < 8, f"{points:.1f} points between both at {dots} dots per inch"
            border = 0 if way < 0 else pixels.shape[axis] - 1
            assert abs(border - title.max() * way) >= 2


@pytest.mark.parametrize(("style", "lengths"), [("Dash", (8, 8)), ("Dot", (1, 7)), ("Dash Dot", (4, 6, 2, 4))])
@in_loop
async def test_dashes_are_as_long_on_paper(style: str, lengths: tuple[int, ...]) -> None:
    async with connect() as session:
        hidden = {f"Show{side}AxisGrid": False for side in ("Left", "Bottom")}
        view, shown = await lines(session, **hidden, LegendLocation="Top", LegendSymbolWidth=60)
        shown.update(SeriesVisibility=["high"], SeriesColor=["high", *RED], SeriesLineStyle=["high", style])
        for dots in RESOLUTIONS:
            red = mostly(await drawn(view, dots), 0)
            rows = np.nonzero(red.any(axis=1))[0]
            for middle in (rows[0] + dots // 72, rows[-1] - dots // 72):  # the sample, and the curve
                found = runs(red[int(middle)])
                wanted = np.tile(lengths, len(found) // len(lengths) + 1)[: len(found)] * dots / 72
                assert len(found) >= 3
                assert np.abs(found[:-1] - wanted[:-1]).max() <= 2, (dots, found)


def runs(row: npt.NDArray[np.bool_]) -> npt.NDArray[np.int_]:
    """How many pixels are drawn and left out in turn, from the first one that is drawn to the last one."""
    there = np.nonzero(row)[0]
    inner = row[there[0] : there[-1] + 1]
    ends = np.flatnonzero(np.diff(inner)) + 1
    return np.diff(np.concatenate([[0], ends, [len(inner)]]))


@in_loop
async def test_titles_of_charts_stand_above_the_axes() -> None:
    async with connect() as session:
        view, _ = await lines(session, ChartTitle="typing", ChartTitleColor=BLUE, LeftAxisColor=RED, ShowLegend=False)
        view.LeftAxisLabelColor = (1.0, 1.0, 1.0)
        for dots in RESOLUTIONS:
            pixels = await drawn(view, dots)
            gap = np.nonzero(mostly(pixels, 0))[0].min() - np.nonzero(mostly(pixels, 2))[0].max()
            assert 2 <= gap * 72 / dots <= 8


@in_loop
async def test_wide_legends_stand_above_where_they_would_hide_curves() -> None:
    async with connect() as session:
        view = session.views.XYChartView(ViewSize=(240, 300), LegendColor=BLUE)
        rows = {"x": [0, 1, 2, 3, 4], "y": [0, 9, 0, 9, 0], "z": [9, 0, 9, 0, 9]}
        shown = session.show(await session.send_data(table(**rows)), view, XArrayName="x")
        shown.update(SeriesColor=["y", *RED, "z", *RED], SeriesLabel=["y", "a name that is long"])
        for dots in (72, 300):
            size = (240 * dots // 72, 300 * dots // 72)
            pixels = np.asarray((await view.screenshot(format="rgb", size=size, dpi=dots)).pixels, int)
            frame, curves = np.nonzero(mostly(pixels, 2)), np.nonzero(mostly(pixels, 0))
            below = curves[0] > frame[0].max()
            samples = (curves[1] >= frame[1].min()) & (curves[1] <= frame[1].max()) & ~below
            assert (below | samples).all() and below.sum() > 4 * samples.sum()
            assert frame[0].max() < 0.25 * size[1] and frame[1].max() < size[0] - 1


def test_dashes_follow_a_curve_around_its_corners_and_gaps() -> None:
    nan = np.nan
    x, y = np.array([0.0, 3.0, 3.0, nan, 10.0, 14.0]), np.array([0.0, 0.0, 4.0, 0.0, 5.0, 5.0])
    found = dashes(x, y, (2, 2))
    assert found is not None
    ends = np.column_stack(found).reshape(-1, 3, 2)
    assert np.isnan(ends[:, 2]).all()
    assert ends[:, :2].tolist() == [[[0, 0], [2, 0]], [[3, 1], [3, 3]], [[10, 5], [12, 5]]]
    assert dashes(x, y, (1e-6, 1e-6)) is None
    single = dashes(x[:1], y[:1], (1, 1))
    assert single is not None and len(single[0]) == 0
