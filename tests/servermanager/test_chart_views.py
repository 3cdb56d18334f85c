"""Charts of all kinds that ParaView has: numbers read off their pictures are those of numpy, over both backends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkStringArray
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkTable

from servermanager import RemoteError, Session, connect

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.chart_pixels import MARKED, Axes, Pixels, axes_of, fixed, mostly, of_color
from ..harness.tables import table
from ..harness.time_limits import scaled

SIZE: Final = (400, 300)
RED, GREEN, BLUE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
KINDS: Final = (
    "XYChartView", "XYPointChartView", "XYBarChartView", "XYHistogramChartView", "QuartileChartView", "BoxChartView",
    "ParallelCoordinatesChartView", "PlotMatrixView", "ImageChartView",
)  # fmt: skip


def image(values: npt.NDArray[Any]) -> vtkImageData:
    made = vtkImageData()
    made.SetDimensions(values.shape[1], values.shape[0], 1)
    array = numpy_to_vtk(values.ravel().astype(np.float64), deep=True)
    array.SetName("a")
    made.GetPointData().SetScalars(array)
    return made


async def pixels_of(view: Any) -> Pixels:
    found: Pixels = (await view.screenshot(format="rgb")).pixels.astype(int)
    return found


async def shown(
    session: Session, kind: str, data: Any, view: Mapping[str, Any], **look: Any
) -> tuple[Any, Any, Pixels]:
    made = getattr(session.views, kind)(ViewSize=SIZE, **view)
    representation = session.show(await session.send_data(data), made, **look)
    return made, representation, await pixels_of(made)


def top_at(pixels: Pixels, axes: Axes, x: float, color: Any) -> float:
    """How far up a color reaches at x."""
    rows = np.flatnonzero(of_color(pixels, color)[:, axes.column(x)])
    return axes.y(rows.min() - 0.5) if len(rows) else float("nan")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_bars_of_a_histogram_are_as_high_as_numpy_counts(backend: str) -> None:
    values = np.concatenate([np.random.default_rng(3).normal(5.0, 2.0, 500), [np.nan, np.inf]])
    across, up = (-2.0, 12.0), (0.0, 120.0)
    async with connect(backend=backend) as session, session.messages() as messages:
        view, representation, pixels = await shown(
            session, "XYHistogramChartView", table(a=values), MARKED | fixed(across, up),
            SelectInputArray=["ROWS", "a"], BinCount=12, HistogramColor=RED,
        )  # fmt: skip
        axes = axes_of(pixels, across, up)
        counts, edges = np.histogram(values[np.isfinite(values)], bins=12)
        middles = (edges[:-1] + edges[1:]) / 2
        heights = [top_at(pixels, axes, middle, RED) for middle in middles]
        assert heights == pytest.approx([count or np.nan for count in counts], abs=2 * axes.of_a_pixel, nan_ok=True)

        representation.update(UseCustomBinRanges=True, CustomBinRanges=[0, 10], BinCount=5)
        pixels, (counts, _) = await pixels_of(view), np.histogram(values, bins=5, range=(0, 10))
        heights = [top_at(pixels, axes, middle, RED) for middle in (1, 3, 5, 7, 9)]
        assert heights == pytest.approx(np.minimum(counts, 120), abs=2 * axes.of_a_pixel)
        outside = ((values[:-2] < 0) | (values[:-2] > 10)).sum()
        told = await asyncio.wait_for(anext(messages), scaled(30.0))
        assert (told.severity, told.text) == (
            "warning", f"{outside} values of 'a' are not between 0 and 10: no bin has them"
        )  # fmt: skip


@in_loop
async def test_a_histogram_adds_up_weights_and_takes_components_of_cells(backend: str) -> None:
    async with connect(backend=backend) as session:
        data = table(a=[0.5, 1.5, 1.6, 2.5], w=[1.0, 2.0, 3.5, 4.0])
        across, up = (0.0, 3.0), (0.0, 10.0)
        bins = {"BinCount": 3, "UseCustomBinRanges": True, "CustomBinRanges": [0, 3], "HistogramColor": RED}
        view, representation, pixels = await shown(
            session, "XYHistogramChartView", data, MARKED | fixed(across, up),
            SelectInputArray=["ROWS", "a"], WeightArray="w", **bins,
        )  # fmt: skip
        axes = axes_of(pixels, across, up)
        near = 2 * axes.of_a_pixel
        assert [top_at(pixels, axes, x, RED) for x in (0.5, 1.5, 2.5)] == pytest.approx([1, 5.5, 4], abs=near)
        representation.update(WeightArray="W")
        with pytest.raises(RemoteError, match="no array of weights is called 'W'"):
            await view.screenshot()
        representation.update(WeightArray=None, SelectInputArray=["ROWS", "b"])
        with pytest.raises(RemoteError, match="no column of numbers is called 'b'"):
            await view.screenshot()


@in_loop
async def test_bars_of_an_array_have_the_colors_of_its_color_map(backend: str) -> None:
    async with connect(backend=backend) as session:
        session.color_maps["a"].update(RGBPoints=[0, 1, 0, 0, 2, 1, 0, 0, 2.0001, 0, 0, 1, 4, 0, 0, 1])
        across, up = (0.0, 4.0), (0.0, 4.0)
        view, _, pixels = await shown(
            session, "XYHistogramChartView", table(a=[0, 0, 1, 2.5, 4, 4]), MARKED | fixed(across, up),
            SelectInputArray=["ROWS", "a"], BinCount=4, UseColorMapping=True,
        )  # fmt: skip
        axes = axes_of(pixels, across, up)
        near = 2 * axes.of_a_pixel
        assert top_at(pixels, axes, 0.5, RED) == pytest.approx(2, abs=near)
        assert top_at(pixels, axes, 3.5, BLUE) == pytest.approx(2, abs=near)
        session.color_maps["a"].update(RGBPoints=[0, 0, 1, 0, 4, 0, 1, 0])
        assert top_at(await pixels_of(view), axes, 0.5, GREEN) == pytest.approx(2, abs=near)


@in_loop
async def test_bars_and_points_are_where_the_numbers_say(backend: str) -> None:
    x, y = np.arange(5.0), np.array([1.0, 4.0, np.nan, 2.5, 3.0])
    across, up = (-1.0, 5.0), (0.0, 5.0)
    look = {"XArrayName": "x", "SeriesColor": ["y", *RED]}
    async with connect(backend=backend) as session:
        _, _, pixels = await shown(session, "XYBarChartView", table(x=x, y=y), MARKED | fixed(across, up), **look)
        axes = axes_of(pixels, across, up)
        heights = [top_at(pixels, axes, one, RED) for one in x]
        assert np.asarray(heights) == pytest.approx(y, abs=2 * axes.of_a_pixel, nan_ok=True)

        _, _, pixels = await shown(session, "XYPointChartView", table(x=x, y=y), MARKED | fixed(across, up), **look)
        axes = axes_of(pixels, across, up)
        for one, other in zip(x, y, strict=True):
            if np.isfinite(other):
                assert of_color(pixels, RED)[axes.row(other), axes.column(one)]
        _, columns = np.nonzero(of_color(pixels, RED))
        assert {round(axes.x(int(column))) for column in columns} == {0, 1, 3, 4}


@in_loop
async def test_boxes_begin_and_end_at_the_quartiles_of_numpy(backend: str) -> None:
    rng = np.random.default_rng(5)
    columns = {"a": rng.normal(3, 1, 101), "b": np.append(rng.uniform(1, 6, 50), np.nan)}
    columns["b"] = np.append(columns["b"], [np.nan] * 50)
    up = (-1.0, 7.0)
    async with connect(backend=backend) as session:
        ranges = {name: value for name, value in fixed((-0.5, 1.5), up).items() if name.startswith("Left")}
        _, _, pixels = await shown(
            session, "BoxChartView", table(**columns), MARKED | ranges,
            SeriesColor=["a", *RED, "b", *BLUE], Color=GREEN, LineThickness=2,
        )  # fmt: skip
        axes = axes_of(pixels, (-0.5, 1.5), up)
        near = 3.5 * axes.of_a_pixel  # lines are two pixels wide
        for place, (name, color) in enumerate((("a", RED), ("b", BLUE))):
            low, first, middle, third, high = np.nanpercentile(columns[name], [0, 25, 50, 75, 100])
            light = 0.6 * np.asarray(color) + 0.4
            filled = np.flatnonzero(of_color(pixels, light)[:, axes.column(place - 0.15)])
            assert (axes.y(filled.max()), axes.y(filled.min())) == pytest.approx((first, third), abs=near)
            lines = mostly(pixels, 1)
            whisker = np.flatnonzero(lines[:, axes.column(place)])
            assert (axes.y(whisker.max()), axes.y(whisker.min())) == pytest.approx((low, high), abs=near)
            across = np.flatnonzero(lines[:, axes.column(place + 0.2)])
            assert any(abs(axes.y(int(row)) - middle) < near for row in across)


@in_loop
async def test_statistics_are_areas_and_lines(backend: str) -> None:
    t = np.linspace(0, 4, 41)
    columns = {"Time": t, "N": t * 0 + 9}
    for name, by in (("min", -2), ("q1", -1), ("avg", 0), ("med", 0.2), ("q3", 1), ("max", 2)):
        columns[f"{name}(p)"] = 5 + t / 4 + by
    across, up = (0.0, 4.0), (0.0, 10.0)
    async with connect(backend=backend) as session:
        view, representation, pixels = await shown(
            session, "QuartileChartView", table(**columns), MARKED | fixed(across, up), SeriesColor=["p (stats)", *RED]
        )
        axes = axes_of(pixels, across, up)
        column, near = axes.column(2.0), 2.5 * axes.of_a_pixel
        strip = pixels[axes.top : axes.bottom, column]
        reds = axes.top + np.flatnonzero(strip[:, 1] < 230)
        assert (axes.y(reds.max()), axes.y(reds.min())) == pytest.approx((3.5, 7.5), abs=near)
        inner = axes.top + np.flatnonzero(strip[:, 1] < 150)
        assert (axes.y(inner.max()), axes.y(inner.min())) == pytest.approx((4.5, 6.5), abs=near)
        line = axes.top + np.flatnonzero(strip[:, 1] < 40)
        assert axes.y(line.mean()) == pytest.approx(5.5, abs=near)
        representation.update(ShowRanges=False, ShowQuartiles=False, SeriesVisibility=["p"])
        strip = (await pixels_of(view))[axes.top : axes.bottom, column]
        alone = axes.top + np.flatnonzero(strip[:, 1] < 230)
        assert abs(axes.y(alone.max()) - axes.y(alone.min())) < 4 * axes.of_a_pixel
        representation.update(SeriesVisibility=["q"])
        with pytest.raises(RemoteError, match="no column of numbers is called 'q'"):
            await view.screenshot()


@in_loop
async def test_a_row_crosses_parallel_axes_at_its_numbers(backend: str) -> None:
    data = table(a=[0, 10, 4], b=[0, 100, 60], c=[-1, 1, 0.5])
    async with connect(backend=backend) as session:
        view, representation, pixels = await shown(
            session, "ParallelCoordinatesChartView", data, {"AxisColor": BLUE}, Color=RED, Opacity=1.0, LineThickness=2
        )
        columns = np.flatnonzero(mostly(pixels, 2).sum(axis=0) > SIZE[1] / 2)
        places = [group.mean() for group in np.split(columns, np.flatnonzero(np.diff(columns) > 3) + 1)]
        assert len(places) == 3
        assert np.diff(places)[0] == pytest.approx(np.diff(places)[1], abs=1.5)
        rows = np.flatnonzero(mostly(pixels, 2)[:, round(places[0])])
        low, high = rows.max(), rows.min()
        for share, at, wanted in ((0.25, 0, (0.4, 0.6)), (0.75, 1, (0.6, 0.75))):
            column = round(places[at] + share * (places[at + 1] - places[at]))
            height = wanted[0] + share * (wanted[1] - wanted[0])
            reds = np.flatnonzero(mostly(pixels, 0)[:, column])
            assert min(abs(reds - (low - height * (low - high)))) <= 2
        representation.update(SeriesVisibility=["c", "a"])
        columns = np.flatnonzero(mostly(await pixels_of(view), 2).sum(axis=0) > SIZE[1] / 2)
        assert len(np.split(columns, np.flatnonzero(np.diff(columns) > 3) + 1)) == 2


@in_loop
async def test_a_matrix_has_a_plot_for_each_pair_and_histograms_of_all_values(backend: str) -> None:
    rng = np.random.default_rng(7)
    columns = {"a": rng.normal(size=400), "b": rng.uniform(size=400), "c": rng.exponential(size=400)}
    async with connect(backend=backend) as session:
        view, _, pixels = await shown(
            session, "PlotMatrixView", table(**columns),
            {"HistogramAxisColor": BLUE, "ActivePlotColumns": [], "HistogramGridVisibility": False, "Padding": 0},
            ScatterPlotsColor=RED, HistogramColor=GREEN,
        )  # fmt: skip
        greens, marks = of_color(pixels, GREEN), mostly(pixels, 2)
        plots = np.flatnonzero(marks.sum(axis=1) > SIZE[0] / 8)
        bottoms = [group.max() for group in np.split(plots, np.flatnonzero(np.diff(plots) > 3) + 1)]
        assert len(bottoms) == 3
        tops = [0, *bottoms[:-1]]
        for (top, bottom), values in zip(zip(tops, bottoms, strict=True), columns.values(), strict=True):
            counts, _ = np.histogram(values, bins=10)
            low, high = np.flatnonzero(marks[bottom]).min(), marks[top + 1 : bottom - 2].sum(axis=0).argmax()
            middles = np.round(low + (np.arange(10) + 0.5) / 10 * (high - low)).astype(int)
            heights = np.array([(greens[top:bottom, middle]).sum() for middle in middles])
            assert heights / heights.max() == pytest.approx(counts / counts.max(), abs=2.5 / heights.max())
        assert of_color(pixels, RED)[:, : SIZE[0] // 3].any() and not of_color(pixels, RED)[: bottoms[0]].any()
        view.update(ActivePlotColumns=["b", "c"])
        assert of_color(await pixels_of(view), RED)[: bottoms[0]].any()


@in_loop
async def test_an_image_has_the_colors_of_its_numbers_in_their_places(backend: str) -> None:
    values = np.arange(12.0).reshape(3, 4)
    values[1, 2] = np.nan
    view = {"LeftAxisColor": MARKED["LeftAxisColor"], "BottomAxisColor": MARKED["BottomAxisColor"], "ShowLegend": False}
    async with connect(backend=backend) as session:
        chart, _, pixels = await shown(session, "ImageChartView", image(values), view, ColorArrayName=["POINTS", "a"])
        axes = axes_of(pixels, (-0.5, 3.5), (-0.5, 2.5))
        render = session.views.RenderView(ViewSize=SIZE)
        session.color_maps["a"].update(Preset="Viridis", NanColor=RED)
        session.show(session.sources.Wavelet(), render)
        pixels = await pixels_of(chart)
        answer = await session.color_maps["a"].points()
        for row in range(3):
            for column in range(4):
                seen = pixels[axes.row(row), axes.column(column)]
                wanted = RED if np.isnan(values[row, column]) else _color_at(answer, values[row, column])
                assert seen == pytest.approx(np.asarray(wanted) * 255, abs=4), (row, column)
        chart.update(ShowLegend=True)
        legend = await pixels_of(chart)
        assert of_color(legend, _color_at(answer, 11.0), 6)[:, SIZE[0] * 3 // 4 :].sum() > 20


def _color_at(points: Any, value: float) -> npt.NDArray[Any]:
    nodes = np.asarray(points, np.float64).reshape(-1, 4)
    return np.array([np.interp(value, nodes[:, 0], nodes[:, at]) for at in (1, 2, 3)])


@in_loop
async def test_what_cannot_be_drawn_is_told_by_name() -> None:
    async with connect() as session:
        texts = vtkStringArray()
        texts.SetName("city")
        texts.InsertNextValue("Rome")
        cities = vtkTable()
        cities.AddColumn(texts)
        wavelet = session.sources.Wavelet()
        source = await session.send_data(cities)
        for kind, of, look, says in (
            ("XYHistogramChartView", source, {"SelectInputArray": ["ROWS", "city"]}, "'city' is an array of texts"),
            ("XYHistogramChartView", source, {}, "no array of numbers"),
            ("XYHistogramChartView", wavelet, {"SelectInputArray": ["POINTS", "RTDat"]}, "Did you mean 'RTData'"),
            ("XYHistogramChartView", wavelet, {"Component": 3}, "Component is 3"),
            ("BoxChartView", source, {"SeriesVisibility": ["city"]}, "'city' is of texts"),
            ("ParallelCoordinatesChartView", source, {"SeriesVisibility": ["city"]}, "'city' is of texts"),
            ("PlotMatrixView", wavelet, {"SeriesVisibility": ["RTDat"]}, "Did you mean 'RTData'"),
            ("ImageChartView", wavelet, {}, "21 x 21 x 21: take a slice"),
            ("ImageChartView", session.sources.Sphere(), {}, "one image"),
            ("BoxChartView", wavelet, {"FieldAssociation": "Row Data"}, "POINTS or CELLS, not ROWS"),
        ):
            view = getattr(session.views, kind)(ViewSize=[100, 80])
            session.show(of, view, **look)
            with pytest.raises(RemoteError, match=says):
                await view.screenshot()
            view.delete()


@pytest.mark.parametrize("kind", KINDS)
@in_loop
async def test_nothing_and_no_numbers_are_drawn_as_empty_charts(kind: str) -> None:
    async with connect() as session:
        for data in (table(a=[], b=[]), table(a=[np.nan, np.nan], b=[np.inf, -np.inf]), table()):
            view = getattr(session.views, kind)(ViewSize=[200, 150])
            if kind == "ImageChartView":
                data = image(np.full((2, 2), np.nan))
            look: dict[str, Any] = {"SelectInputArray": ["ROWS", "a"]} if kind == "XYHistogramChartView" else {}
            if look and data.GetNumberOfColumns() == 0:
                continue
            session.show(await session.send_data(data), view, **look)
            pixels = await pixels_of(view)
            bright = pixels.min(axis=-1) < 100
            assert bright.sum() < 0.35 * bright.size, "nothing but axes and numbers"


@in_loop
async def test_a_log_axis_leaves_zeros_out_and_bars_stand_on_it(backend: str) -> None:
    data = table(x=np.arange(4), y=[0, 10, 100, 1000])
    view = MARKED | {"LeftAxisLogScale": True, "BottomAxisUseCustomRange": True, "BottomAxisRangeMinimum": -1}
    view |= {"BottomAxisRangeMaximum": 4}
    async with connect(backend=backend) as session:
        for kind in ("XYBarChartView", "XYPointChartView"):
            _, _, pixels = await shown(session, kind, data, view, XArrayName="x", SeriesColor=["y", *RED])
            low = 5.0 if kind == "XYBarChartView" else 10.0
            axes = axes_of(pixels, (-1, 4), (np.log10(low), 3))
            reds = of_color(pixels, RED)
            assert not reds[:, axes.column(0) - 2 : axes.column(0) + 2].any(), "zero has no logarithm"
            rows = np.flatnonzero(reds[:, axes.column(2)])
            top = axes.y(rows.min() if kind == "XYBarChartView" else rows.mean())
            assert top == pytest.approx(2.0, abs=3 * axes.of_a_pixel)
            if kind == "XYBarChartView":
                assert rows.max() >= axes.bottom - 2


@pytest.mark.parametrize(
    "kind",
    [
        one if one in ("XYChartView", "XYHistogramChartView") else pytest.param(one, marks=pytest.mark.deep)
        for one in KINDS
    ],
)
@in_loop
async def test_a_million_rows_are_drawn_in_seconds(kind: str) -> None:
    if kind == "ImageChartView":
        data: Any = image(np.random.default_rng(1).normal(size=(1000, 1000)))
    else:
        rng = np.random.default_rng(1)
        data = table(a=rng.normal(size=1_000_000), b=rng.uniform(size=1_000_000), c=rng.exponential(size=1_000_000))
    async with connect() as session:
        view = getattr(session.views, kind)(ViewSize=[320, 240])
        look = {"SelectInputArray": ["ROWS", "a"]} if kind == "XYHistogramChartView" else {}
        session.show(await session.send_data(data), view, **look)
        drawn = await view.screenshot(format="rgb")
        assert drawn.render_s < 10.0 and (drawn.pixels.min(axis=-1) < 200).any()


@in_loop
async def test_every_kind_is_written_as_vectors_with_its_texts(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    data = table(alpha=rng.normal(size=30), beta=rng.uniform(size=30), Time=np.arange(30))
    async with connect() as session:
        rows = await session.send_data(data)
        flat = await session.send_data(image(rng.normal(size=(5, 5))))
        for kind in KINDS:
            view = getattr(session.views, kind)(ViewSize=[300, 200], ChartTitle="title <&>")
            look = {"SelectInputArray": ["ROWS", "beta"]} if kind == "XYHistogramChartView" else {}
            session.show(flat if kind == "ImageChartView" else rows, view, **look)
            await view.export(tmp_path / f"{kind}.svg")
            await view.export(tmp_path / f"{kind}.pdf")
            root = ElementTree.parse(tmp_path / f"{kind}.svg").getroot()
            texts = ["".join(one.itertext()).strip() for one in root.iter() if one.tag.endswith("text")]
            assert "title <&>" in texts and (tmp_path / f"{kind}.pdf").read_bytes().startswith(b"%PDF-1."), kind
            if kind != "ImageChartView":
                assert {"alpha", "beta"} & set(texts), kind


@in_loop
async def test_states_and_undo_have_charts_of_every_kind(tmp_path: Path) -> None:
    async with connect() as session:
        source = session.filters.ExtractSubset(Input=session.sources.Wavelet(), VOI=[-10, 10, -10, 10, 0, 0])
        for kind in KINDS:
            view = getattr(session.views, kind)(ViewSize=[200, 150], ChartTitle=kind)
            session.show(source, view)
        before = [await pixels_of(view) for view in session.all_views()]
        last = session.all_views()[-1]
        last.ChartTitle = "other"
        assert (await pixels_of(last) != before[-1]).any()
        session.undo.undo()
        assert np.array_equal(await pixels_of(last), before[-1])
        await session.save_state(tmp_path / "all.apv")
    async with connect() as session:
        await session.load_state(tmp_path / "all.apv")
        assert [one.kind for one in session.all_views()] == list(KINDS)
        for view, wanted in zip(session.all_views(), before, strict=True):
            assert np.array_equal(await pixels_of(view), wanted), view.kind


@in_loop
async def test_what_a_log_axis_leaves_out_is_told(backend: str) -> None:
    data = table(x=[1, 2, 3, 4], y=[0, -1, 100, 1000], z=[1, 2, 3, 0])
    says = "numbers that are not positive have no place on a logarithmic axis, and are not drawn: "
    async with connect(backend=backend) as session, session.messages() as messages:

        async def told() -> str:
            return (await asyncio.wait_for(anext(messages), scaled(30.0))).text

        view = session.views.XYChartView(ViewSize=SIZE, LeftAxisLogScale=True)
        source = await session.send_data(data)
        session.show(source, view, XArrayName="x", SeriesVisibility=["y"])
        assert await told() == f"{says}2 of 'y', LeftAxisLogScale"
        view.LeftAxisLogScale = False
        await view.screenshot()
        other = session.views.XYChartView(ViewSize=SIZE)
        shown_there = session.show(source, other, XArrayName="x", SeriesVisibility=["y", "z"])
        await other.screenshot()
        other.update(RightAxisLogScale=True)
        shown_there.update(SeriesPlotCorner=["z", 1])
        assert await told() == f"{says}1 of 'z', RightAxisLogScale"
        del other.RightAxisLogScale
        await other.screenshot()
        boxes = session.views.BoxChartView(ViewSize=SIZE, LeftAxisLogScale=True)
        session.show(source, boxes, SeriesVisibility=["z"])
        assert await told() == f"{says}1 of 'z', LeftAxisLogScale"
        await boxes.screenshot()


@in_loop
async def test_one_bin_and_bars_of_one_color_apart_are_drawn() -> None:
    async with connect(backend="inproc") as session:
        across, up = (0.0, 4.0), (0.0, 4.0)
        view, representation, pixels = await shown(
            session, "XYHistogramChartView", table(a=[0, 1.5, 4.0]), MARKED | fixed(across, up),
            SelectInputArray=["ROWS", "a"], BinCount=1, HistogramColor=RED,
        )  # fmt: skip
        axes = axes_of(pixels, across, up)
        near = 2 * axes.of_a_pixel
        assert [top_at(pixels, axes, x, RED) for x in (0.1, 2.0, 3.9)] == pytest.approx([3, 3, 3], abs=near)
        session.color_maps["a"].RGBPoints = [
            0,
            1,
            0,
            0,
            1,
            1,
            0,
            0,
            1.0001,
            0,
            0,
            1,
            3,
            0,
            0,
            1,
            3.0001,
            1,
            0,
            0,
            4,
            1,
            0,
            0,
        ]
        representation.update(BinCount=4, UseColorMapping=True)
        pixels = await pixels_of(view)
        reds, blues = ([top_at(pixels, axes, x, color) for x in (0.5, 1.5, 2.5, 3.5)] for color in (RED, BLUE))
        assert reds == pytest.approx([1, np.nan, np.nan, 1], abs=near, nan_ok=True)
        assert blues[1] == pytest.approx(1, abs=near) and np.isnan([blues[0], *blues[2:]]).all()


@in_loop
async def test_statistics_at_the_right_axis_are_not_measured_by_the_left_one() -> None:
    async with connect(backend="inproc") as session, session.messages() as messages:
        across, up = (0.0, 2.0), (-4.0, 4.0)
        names = ("min(p)", "q1(p)", "avg(p)", "q3(p)", "max(p)")
        data = {name: [value] * 3 for name, value in zip(names, (-3, -2, -1, 2, 3), strict=True)}
        _, _, pixels = await shown(
            session, "QuartileChartView", table(Time=[0, 1, 2], b=[-1, 10, 100], **data),
            {**MARKED, **fixed(across, up), "LeftAxisUseCustomRange": False, "LeftAxisLogScale": True,
             "RightAxisUseCustomRange": True, "RightAxisRangeMinimum": up[0], "RightAxisRangeMaximum": up[1],
             "ShowRightAxisGrid": False},
            SeriesPlotCorner=["p", 1], SeriesColor=["p", *RED], SeriesVisibility=["p", "b"],
        )  # fmt: skip
        axes = axes_of(pixels, across, up)
        column = pixels[:, axes.column(0.5)].astype(int)
        filled = np.flatnonzero(column[:, 0] - column[:, 1] > 30)
        ends = [axes.y(filled.max() + 0.5), axes.y(filled.min() - 0.5)]
        assert ends == pytest.approx([-3, 3], abs=2 * axes.of_a_pixel)
        told = await asyncio.wait_for(anext(messages), scaled(30.0))
        assert told.text.endswith("not drawn: 1 of 'b', LeftAxisLogScale")


@in_loop
async def test_the_histogram_of_one_number_is_seen_in_a_matrix() -> None:
    async with connect(backend="inproc") as session:
        for number in (1000.0, 1e20):
            _, _, pixels = await shown(
                session, "PlotMatrixView", table(a=[number] * 3, b=[1, 2, 3]), {"ActivePlotColumns": []},
                HistogramColor=RED, ScatterPlotsColor=BLUE,
            )  # fmt: skip
            upper = of_color(pixels, RED)[: SIZE[1] // 2, : SIZE[0] // 2]
            rows, columns = np.nonzero(upper)
            assert len(rows) and upper[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].mean() > 0.9
            assert np.ptp(rows) > 40 and 2 <= np.ptp(columns) < 40


@in_loop
async def test_an_image_is_drawn_where_its_numbers_are_whatever_its_shape() -> None:
    async with connect(backend="inproc") as session:
        session.color_maps["a"].RGBPoints = [0, 1, 0, 0, 1, 1, 0, 0, 1.0001, 0, 0, 1, 2, 0, 0, 1]
        backwards = image(np.array([[0.0, 2.0], [0.0, 2.0]]))
        backwards.SetSpacing(-1.0, 1.0, 1.0)
        cells = vtkImageData()
        cells.SetDimensions(3, 1, 1)
        numbers = numpy_to_vtk(np.array([0.0, 2.0]), deep=True)
        numbers.SetName("a")
        cells.GetCellData().SetScalars(numbers)
        for data, first, last in ((backwards, BLUE, RED), (cells, RED, BLUE)):
            _, _, pixels = await shown(session, "ImageChartView", data, {"ShowLegend": False})
            rows, columns = np.nonzero(of_color(pixels, RED) | of_color(pixels, BLUE))
            middle = int(np.median(rows))
            for at, color in ((columns.min() + 20, first), (columns.max() - 20, last)):
                assert of_color(pixels, color)[middle, at]


@in_loop
async def test_names_that_no_xml_file_may_hold_are_written_without_what_it_may_not(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view, _, _ = await shown(session, "XYChartView", table(**{"a\x01b<&\u00fc": [1, 2, 3]}), {})
        await view.export(tmp_path / "chart.svg")
        root = ElementTree.fromstring((tmp_path / "chart.svg").read_bytes())
        assert "ab<&\u00fc" in {(one.text or "").strip() for one in root.iter() if one.tag.endswith("text")}
