"""Charts: curves, bars and points of real outputs, by pixels of plain VTK charts and over both backends."""

from __future__ import annotations

import numpy as np
import pytest
import vtkmodules.vtkRenderingContextOpenGL2
import vtkmodules.vtkRenderingFreeType  # noqa: F401
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkChartsCore import vtkAxis, vtkChart, vtkChartXY
from vtkmodules.vtkCommonCore import vtkStringArray, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkTable
from vtkmodules.vtkRenderingContext2D import vtkContextActor
from vtkmodules.vtkRenderingCore import vtkRenderer

from apvserver.vtk.geometry.charts.rows import MOST_ROWS, rows_of_lines
from apvserver.vtk.rendering.opengl import create_window, require_opengl
from servermanager import RemoteError, connect

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.tables import table

SIZE = (320, 240)


def plain_chart(data: vtkTable, kind: int, color: tuple[float, float, float]) -> np.ndarray:
    """The pixels of a chart made with nothing but VTK: the second column over the first."""
    window, renderer, actor, chart = (
        create_window(require_opengl().window_class),
        vtkRenderer(),
        vtkContextActor(),
        vtkChartXY(),
    )
    plot = chart.AddPlot(kind)
    plot.SetInputData(data, 0, 1)
    plot.SetColorF(*color)
    plot.SetWidth(2.0)
    if kind == vtkChart.BAR:
        plot.GetPen().SetColorF(*color)
    else:
        plot.SetMarkerStyle(0)
    chart.SetHiddenAxisBorder(30)
    for place, title in ((vtkAxis.LEFT, data.GetColumnName(1)), (vtkAxis.BOTTOM, data.GetColumnName(0))):
        axis = chart.GetAxis(place)
        axis.SetTitle(title)
        axis.GetTitleProperties().SetFontSize(14)
        axis.GetLabelProperties().SetFontSize(12)
        axis.GetPen().SetWidth(1)
    actor.GetScene().AddItem(chart)
    actor.GetScene().SetRenderer(renderer)
    renderer.AddActor(actor)
    renderer.SetBackground(1, 1, 1)
    window.SetOffScreenRendering(True)
    window.SetAlphaBitPlanes(True)
    window.SetMultiSamples(8)
    window.SetSize(*SIZE)
    window.AddRenderer(renderer)
    window.Render()
    pixels = vtkUnsignedCharArray()
    window.GetPixelData(0, 0, SIZE[0] - 1, SIZE[1] - 1, 1, pixels, 0)
    found = vtk_to_numpy(pixels).reshape(SIZE[1], SIZE[0], 3)[::-1].astype(int)
    actor.GetScene().ClearItems()
    window.Finalize()
    return found


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(("kind", "number"), [("Line", vtkChart.LINE), ("Bar", vtkChart.BAR)])
@in_loop
async def test_a_chart_of_a_table_is_the_one_that_plain_vtk_draws(backend: str, kind: str, number: int) -> None:
    data = table(x=np.arange(12), y=np.arange(12) ** 2 % 7 + 1.0)
    async with connect(backend=backend) as session:
        chart = session.views.XYChartView(ViewSize=SIZE, ShowLegend=False)
        source = await session.send_data(data)
        session.show(source, chart, XArrayName="x", ChartType=kind, SeriesColor=["y", 1.0, 0.0, 0.0])
        found = (await chart.screenshot(format="rgb")).pixels.astype(int)
    expected = plain_chart(data, number, (1.0, 0.0, 0.0))
    assert ((expected[..., 0] > 200) & (expected[..., 1] < 60)).sum() > 200  # the reference shows the series
    assert np.abs(found - expected).mean() < 0.5


@in_loop
async def test_plot_over_line_is_a_curve_over_arc_length(backend: str) -> None:
    async with connect(backend=backend) as session:
        chart = session.views.XYChartView(ViewSize=SIZE, ShowLegend=False)
        line = session.filters.PlotOverLine(
            Input=session.sources.RTAnalyticSource(), Point1=[-10, 0, 0], Point2=[10, 0, 0]
        )
        session.show(line, chart, SeriesVisibility=["RTData"], SeriesColor=["RTData", 1.0, 0.0, 0.0])
        found = (await chart.screenshot(format="rgb")).pixels.astype(int)
        probed = (await line.fetch()).to_vtk()
    points = probed.GetPointData()
    columns = {"arc_length": points.GetArray("arc_length"), "RTData": points.GetArray("RTData")}
    expected = plain_chart(table(**{n: vtk_to_numpy(a) for n, a in columns.items()}), vtkChart.LINE, (1.0, 0.0, 0.0))
    assert np.abs(found - expected).mean() < 0.5


@in_loop
async def test_images_of_a_chart_follow_its_data_and_its_properties(backend: str) -> None:
    async with connect(backend=backend) as session:
        chart = session.views.XYChartView(ViewSize=SIZE)
        source = await session.send_data(table(y=[1, 2, 3]))
        session.show(source, chart)
        before = (await chart.screenshot(format="rgb")).pixels
        await session.send_data(table(y=[3, 1, 2]), proxy=source)
        after = (await chart.screenshot(format="rgb")).pixels
        assert (before != after).any()
        async for image in chart.images(format="rgb"):
            if image.still and np.array_equal(image.pixels, after):
                break
        chart.update(ViewSize=[200, 100])
        async for image in chart.images(format="rgb"):
            if (image.width, image.height) == (200, 100):
                break


@in_loop
async def test_wrong_columns_and_values_are_told_by_name(backend: str) -> None:
    data = table(pressure=[1, 2])
    texts = vtkStringArray()
    texts.SetName("city")
    for one in ("Rome", "Oslo"):
        texts.InsertNextValue(one)
    data.AddColumn(texts)
    async with connect(backend=backend) as session:
        chart = session.views.XYChartView()
        shown = session.show(await session.send_data(data), chart, SeriesVisibility=["presure"])
        with pytest.raises(RemoteError, match="Did you mean 'pressure'"):
            await chart.screenshot()
        shown.update(SeriesVisibility=["city"])
        with pytest.raises(RemoteError, match="'city' is of texts"):
            await chart.screenshot()
        shown.update(SeriesVisibility=["pressure"])
        await chart.screenshot()
        chart.update(LeftAxisUseCustomRange=True, LeftAxisRangeMinimum=2.0)
        with pytest.raises(RemoteError, match="must be below"):
            await chart.screenshot()


@in_loop
async def test_nothing_gaps_and_infinity_are_drawn_as_far_as_there_is_something(backend: str) -> None:
    async with connect(backend=backend) as session:
        chart = session.views.XYChartView(ViewSize=SIZE, ShowLegend=False)
        source = await session.send_data(table(y=[]))
        session.show(source, chart, SeriesColor=["y", 1.0, 0.0, 0.0])

        async def reds() -> int:
            pixels = (await chart.screenshot(format="rgb")).pixels.astype(int)
            return int(((pixels[..., 0] > 200) & (pixels[..., 1] < 80)).sum())

        assert await reds() == 0
        await session.send_data(table(y=[1, 1, 1, 1, 1]), proxy=source)
        whole = await reds()
        await session.send_data(table(y=[1, 1, np.nan, np.inf, 1]), proxy=source)
        assert 0 < await reds() < whole
        await session.send_data(table(y=[np.nan, np.nan]), proxy=source)
        assert await reds() == 0


def test_few_of_a_million_rows_are_drawn_and_no_extreme_is_lost() -> None:
    values = np.random.default_rng(1).normal(size=1_000_000)
    values[345_678], values[7], values[500_000:600_000] = 1e6, -1e6, np.nan
    rows = rows_of_lines([np.arange(1e6), values])
    assert rows is not None and len(rows) <= 2 * MOST_ROWS + 2
    assert {0, 7, 345_678, 999_999} <= set(rows.tolist()) and (np.diff(rows) > 0).all()
    assert np.isnan(values[rows]).any()
    assert rows_of_lines([np.arange(10.0)]) is None
