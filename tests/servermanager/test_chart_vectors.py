"""Charts as vectors have everything in the places where pictures have it."""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkTable

from servermanager import connect

from ..harness.apvtest import in_loop
from ..harness.chart_pixels import mostly

SIZE: Final = (400, 300)
RED: Final = [1.0, 0.0, 0.0]
SVG: Final = "{http://www.w3.org/2000/svg}"
NUMBER: Final = re.compile(r"-?[\d.]+(?:e-?\d+)?")
X, Y = [0.0, 1.0, 2.0, 3.0, 4.0], [1.0, 40.0, 300.0, 20.0, 5.0]
LOG: Final = {"LeftAxisLogScale": True}
OF_Y: Final = {"XArrayName": "x", "SeriesVisibility": ["y"], "SeriesColor": ["y", *RED]}
CASES: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "line": ("XYChartView", {}, OF_Y),
    "points": ("XYPointChartView", {}, OF_Y),
    "points, log": ("XYPointChartView", LOG, OF_Y),
    "bars": ("XYBarChartView", {}, OF_Y),
    "bars, log": ("XYBarChartView", LOG, OF_Y),
    "histogram": ("XYHistogramChartView", {}, {"SelectInputArray": ["ROWS", "y"], "HistogramColor": RED}),
    "boxes": ("BoxChartView", {}, {"SeriesVisibility": ["y"], "Color": RED}),
    "parallel": ("ParallelCoordinatesChartView", {}, {"SeriesVisibility": ["x", "y"], "Color": RED, "Opacity": 1.0}),
    "matrix": ("PlotMatrixView", {"ActivePlotColumns": []}, {"HistogramColor": RED}),
}  # fmt: skip


def table() -> vtkTable:
    made = vtkTable()
    for name, values in (("x", X), ("y", Y)):
        array = numpy_to_vtk(np.asarray(values), deep=True)
        array.SetName(name)
        made.AddColumn(array)
    return made


def matrix_of(element: ElementTree.Element) -> npt.NDArray[Any]:
    found = re.fullmatch(r"\s*matrix\((.*)\)\s*", element.get("transform", ""))
    a, b, c, d, e, f = map(float, NUMBER.findall(found[1])) if found else (1, 0, 0, 1, 0, 0)
    return np.array([[a, c, e], [b, d, f], [0, 0, 1]])


def red_points(
    element: ElementTree.Element, moved: npt.NDArray[Any], looks: dict[str, str]
) -> Iterator[tuple[float, float]]:
    """Yield the places of all that is red, in pixels from the upper left corner."""
    moved = moved @ matrix_of(element)
    looks = looks | {name: value for name in ("fill", "stroke") if (value := element.get(name))}
    if "#ff0000" in looks.values() or "#fe0000" in looks.values():
        numbers = [float(one) for one in NUMBER.findall(element.get("points", "") or element.get("d", ""))]
        places = list(zip(numbers[::2], numbers[1::2], strict=True))
        if element.tag == f"{SVG}use":
            x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
            places = [(x + width / 2, y + height / 2)]
        if element.tag == f"{SVG}rect":
            left, top, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
            places = [(left, top), (left + width, top + height)]
        for x, y in places:
            at = moved @ np.array([x, y, 1.0])
            yield float(at[0]), float(at[1])
    for one in element:
        if element.tag not in (f"{SVG}defs", f"{SVG}clipPath"):
            yield from red_points(one, moved, looks)


@pytest.mark.parametrize("case", CASES)
@in_loop
async def test_what_is_drawn_is_where_pictures_have_it(case: str, tmp_path: Path) -> None:
    kind, view_look, look = CASES[case]
    async with connect() as session:
        view = getattr(session.views, kind)(ViewSize=SIZE, **view_look)
        if kind.startswith("XY"):
            view.ShowLegend = False
        session.show(await session.send_data(table()), view, **look)
        pixels = (await view.screenshot(format="rgb")).pixels.astype(int)
        await view.export(tmp_path / "chart.svg")
        again = (await view.screenshot(format="rgb")).pixels.astype(int)
    assert np.array_equal(pixels, again), "to write it changes nothing"
    rows, columns = np.nonzero(mostly(pixels, 0))
    root = ElementTree.parse(tmp_path / "chart.svg").getroot()
    places = np.array(list(red_points(root, np.eye(3), {})))
    margin = 4.0 if "points" in case else 2.5  # a marker is drawn around its place
    assert places[:, 0].min() == pytest.approx(columns.min(), abs=margin)
    assert places[:, 0].max() == pytest.approx(columns.max(), abs=margin)
    assert places[:, 1].min() == pytest.approx(rows.min(), abs=margin)
    assert places[:, 1].max() == pytest.approx(rows.max(), abs=margin)


@in_loop
async def test_lines_are_as_thick_as_in_pictures_and_clips_are_in_their_places(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.PlotMatrixView(ViewSize=SIZE)
        session.show(await session.send_data(table()), view)
        await view.export(tmp_path / "chart.svg")
    root = ElementTree.parse(tmp_path / "chart.svg").getroot()
    frames = list(root.iter(f"{SVG}rect"))
    assert frames
    for one in frames:
        x, y, width, height = (float(one.get(name, "0")) for name in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + width <= SIZE[0] and y + height <= SIZE[1]
    clipped = [one.get("clip-path") for one in root.iter() if one.get("clip-path")]
    assert clipped and {f"url(#{one.get('id')})" for one in root.iter(f"{SVG}clipPath")} >= set(clipped)
    for group in root.iter(f"{SVG}g"):
        scales = matrix_of(group)[[0, 1], [0, 1]]
        assert scales == pytest.approx([1.0, 1.0], abs=0.02), "nothing is stretched"


@in_loop
async def test_an_image_is_in_the_file_with_its_colors(tmp_path: Path) -> None:
    values = np.arange(6.0)
    data = vtkImageData()
    data.SetDimensions(3, 2, 1)
    array = numpy_to_vtk(values, deep=True)
    array.SetName("a")
    data.GetPointData().SetScalars(array)
    async with connect() as session:
        session.color_maps["a"].update(RGBPoints=[0, 0, 0, 0, 5, 1, 1, 1], ColorSpace="RGB")
        view = session.views.ImageChartView(ViewSize=SIZE)
        session.show(await session.send_data(data), view, ColorArrayName=["POINTS", "a"])
        await view.export(tmp_path / "chart.svg")
    images = list(ElementTree.parse(tmp_path / "chart.svg").getroot().iter(f"{SVG}image"))
    assert len(images) == 2, "the image, and the bar that tells its colors"
    href = images[0].get("{http://www.w3.org/1999/xlink}href", "")
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(href.split(",")[1]))).convert("L"))
    sharp = np.kron(values.reshape(2, 3)[::-1] / 5 * 255, np.ones((64, 64)))  # programs smooth pictures of few pixels
    assert pixels == pytest.approx(sharp, abs=3)


@in_loop
async def test_the_background_is_that_of_the_chart_also_before_any_picture(tmp_path: Path) -> None:
    async with connect() as session:
        rows = await session.send_data(table())
        for color in ([1.0, 1.0, 1.0], [0.0, 0.0, 0.4]):
            chart = session.views.XYChartView(ViewSize=[320, 240], Background=color)
            session.show(rows, chart, **OF_Y)
            for name in ("a.svg", "a.pdf"):
                await chart.export(tmp_path / name)
            first = next(ElementTree.parse(tmp_path / "a.svg").getroot().iter(f"{SVG}path"))
            assert first.get("fill") == "#" + "".join(f"{round(255 * part):02x}" for part in color)
            drawn = b" ".join(pdf_streams((tmp_path / "a.pdf").read_bytes()))
            fill = re.search(rb"(?:^|\s)([\d.]+)(?: ([\d.]+) ([\d.]+) rg| g)\s", drawn)
            assert fill is not None, drawn[:300]
            assert [float(part or fill[1]) for part in fill.groups()] == pytest.approx(color, abs=0.005)
            area = re.search(rb"0(?:\.0*)? 0(?:\.0*)? m\s+320(?:\.0*)? 0|0(?:\.0*)? 0(?:\.0*)? 320(?:\.0*)? 240", drawn)
            assert area is not None, drawn[:300]


def pdf_streams(written: bytes) -> Iterator[bytes]:
    """Yield what is drawn on the pages of a file."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", written, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]
