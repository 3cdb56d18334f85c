"""All four axes of a chart obey their properties: colors, numbers, ranges, logarithms, read off pictures and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from servermanager import Session, connect

from ..harness.apvtest import in_loop
from ..harness.tables import table
from .test_chart_looks import words

SIZE: Final = (400, 300)
BLACK, WHITE, MAGENTA = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (1.0, 0.0, 1.0)
SIDES: Final = ("Left", "Bottom", "Right", "Top")
UPRIGHT: Final = ("Left", "Right")


async def chart(session: Session, **view: Any) -> tuple[Any, Any]:
    """A chart of black series, one for Left and Bottom, one for Right and Top; what is colored is what is asked for."""
    made = session.views.XYChartView(ViewSize=SIZE, ShowLegend=False, **view)
    source = await session.send_data(table(x=[0, 1, 10, 100], low=[0, 1, 10, 100], high=[0, 1, 10, 100]))
    shown = session.show(source, made, XArrayName="x", SeriesColor=["low", *BLACK, "high", *BLACK])
    shown.SeriesPlotCorner = ["low", 0, "high", 2]
    return made, shown


async def places(view: Any, side: str) -> Any:
    """How far from the side of an axis each magenta pixel is; and along it."""
    pixels = np.asarray((await view.screenshot(format="rgb")).pixels, int)
    rows, columns = np.nonzero(pixels[..., [0, 2]].min(axis=2) - pixels[..., 1] > 60)  # also those of thin lines
    across = {"Left": columns, "Right": SIZE[0] - 1 - columns, "Top": rows, "Bottom": SIZE[1] - 1 - rows}[side]
    return across, rows if side in UPRIGHT else columns


@pytest.mark.parametrize("side", SIDES)
@in_loop
async def test_each_part_of_an_axis_has_its_color(side: str) -> None:
    grids = {f"Show{one}AxisGrid": False for one in SIDES}
    async with connect() as session:
        view, _ = await chart(session, **grids, **{f"{side}AxisTitle": "title"})
        assert len((await places(view, side))[0]) == 0
        found = {}
        for part in ("Title", "Label", ""):
            setattr(view, f"{side}Axis{part}Color", MAGENTA)
            found[part] = await places(view, side)
            setattr(view, f"{side}Axis{part}Color", None)
        title, numbers, line = (found[part][0] for part in ("Title", "Label", ""))
        assert title.min() > 0 and title.max() < numbers.min() and numbers.max() < np.median(line)
        at = np.bincount(line).argmax()
        long = 0.5 * SIZE[1 if side in UPRIGHT else 0]
        assert (line == at).sum() > long and np.abs(line - at).max() <= 6, "a straight line, and ticks"
        view.update(**{f"{side}AxisGridColor": MAGENTA, f"Show{side}AxisGrid": True})
        away, along = await places(view, side)
        assert away.min() >= at - 1, "a grid begins at its axis"
        assert (np.bincount(along) > 0.5 * SIZE[0 if side in UPRIGHT else 1]).sum() >= 3, "lines across the data"


@pytest.mark.parametrize("side", SIDES)
@in_loop
async def test_each_axis_writes_its_numbers_as_was_asked_for(side: str, tmp_path: Path) -> None:
    async with connect() as session:
        view, _ = await chart(session, **{f"Show{one}AxisLabels": one == side for one in SIDES})
        usual = set(await words(view, tmp_path)) - {"low", "high", "x"}
        assert {"0", "100"} <= usual
        view.update(**{f"{side}AxisLabelNotation": "Fixed", f"{side}AxisLabelPrecision": 1})
        assert {"0.0", "100.0"} <= set(await words(view, tmp_path))
        view.update(**{f"{side}AxisLabelNotation": "Scientific", f"{side}AxisLabelPrecision": 2})
        found = await words(view, tmp_path)
        assert "1.00e+2" in found and "100" not in found
        view.update(**{f"{side}AxisUseCustomLabels": True, f"{side}AxisLabels": [0, "none", 25, "", 100, "all"]})
        assert {"none", "25", "all"} <= set(await words(view, tmp_path))
        setattr(view, f"Show{side}AxisLabels", False)
        assert not {"none", "25", "all"} & set(await words(view, tmp_path))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("is_log", [False, True], ids=["linear", "log"])
@in_loop
async def test_each_axis_spans_what_was_asked_for_and_leaves_zeros_out(side: str, is_log: bool) -> None:
    """A marker at 10 is an eleventh of the way from 1 to 100, half of it by logarithms; zeros have no place there."""
    async with connect() as session:
        span = {f"{side}AxisUseCustomRange": True, f"{side}AxisRangeMinimum": 1, f"{side}AxisRangeMaximum": 100}
        view, shown = await chart(session, **span, **{f"{side}AxisLogScale": is_log})
        series = "low" if side in ("Left", "Bottom") else "high"
        shown.update(SeriesVisibility=[series], SeriesLineStyle=[series, "None"])
        shown.update(SeriesMarkerStyle=[series, "Square"], SeriesMarkerSize=[series, 9])
        setattr(view, f"{side}AxisColor", MAGENTA)
        away, along = await places(view, side)
        line = along[away == np.bincount(away).argmax()]
        first, last = int(line.min()), int(line.max())
        setattr(view, f"{side}AxisColor", None)
        shown.SeriesColor = [series, *MAGENTA]
        _, along = await places(view, side)
        share = (last - along) / (last - first) if side in UPRIGHT else (along - first) / (last - first)
        inner = share[(share > 0.06) & (share < 0.94)]
        assert inner.size > 20
        assert np.mean(inner) == pytest.approx(0.5 if is_log else 9 / 99, abs=0.01)


@in_loop
async def test_a_log_axis_says_how_many_zeros_it_leaves_out_on_either_side() -> None:
    async with connect() as session:
        view, _ = await chart(session)
        for side in ("Left", "Right"):
            messages = session.messages()
            setattr(view, f"{side}AxisLogScale", True)
            await view.ready()
            async for one in messages:
                if "not drawn" in one.text:
                    break
            assert one.text.endswith(f"not drawn: 1 of '{'low' if side == 'Left' else 'high'}', {side}AxisLogScale")
            setattr(view, f"{side}AxisLogScale", False)


@in_loop
async def test_series_are_as_opaque_as_was_asked_for() -> None:
    async with connect() as session:
        view, shown = await chart(session, **{f"Show{one}AxisGrid": False for one in SIDES})
        shown.update(SeriesVisibility=["low"], SeriesLineThickness=["low", 12], SeriesColor=["low", *MAGENTA])
        for opacity in (1.0, 0.6, 0.2):
            shown.SeriesOpacity = ["low", opacity]
            pixels = np.asarray((await view.screenshot(format="rgb")).pixels, int)
            inner = pixels[(pixels[..., 0] > 250) & (pixels[..., 2] > 250) & (pixels[..., 1] < 250)]
            green = np.bincount(inner[:, 1]).argmax()
            assert green == pytest.approx(255 * (1 - opacity), abs=3)
