"""Charts of all kinds in scripts of ParaView's users, and in states that go to ParaView and come from it."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from async_paraview.scene.catalog import KINDS_OF_VIEWS
from servermanager import Session, StateWarning, connect, simple

from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled

PVPYTHON: Final = shutil.which("pvpython")
CHARTS: Final = [kind for kind in KINDS_OF_VIEWS if kind != "RenderView"]
IN_5_11: Final = [kind for kind in CHARTS if kind not in ("XYPointChartView", "ImageChartView")]
"""Kinds that ParaView 5.11 has as well."""
LOOKS: Final[dict[str, dict[str, Any]]] = {
    "XYChartView": {"SeriesVisibility": ["RTData"], "SeriesColor": ["RTData", 1, 0, 0]},
    "XYPointChartView": {"SeriesVisibility": ["half"], "XArrayName": "RTData", "SeriesMarkerStyle": ["half", "Plus"]},
    "XYBarChartView": {"SeriesVisibility": ["half"], "SeriesColor": ["half", 0, 0, 1]},
    "XYHistogramChartView": {"SelectInputArray": ["POINTS", "half"], "BinCount": 7, "HistogramColor": [0, 0.5, 0]},
    "QuartileChartView": {"SeriesVisibility": ["RTData"], "ShowMedian": 1, "ShowQuartiles": 0},
    "BoxChartView": {"SeriesVisibility": ["half", "RTData"], "SeriesColor": ["half", 1, 0, 0], "LineThickness": 3},
    "ParallelCoordinatesChartView": {"SeriesVisibility": ["RTData", "half"], "Opacity": 0.5, "Color": [0, 0, 1]},
    "PlotMatrixView": {"SeriesVisibility": ["RTData", "half"], "ScatterPlotMarkerStyle": "Cross"},
    "ImageChartView": {"ColorArrayName": ["POINTS", "half"]},
}  # fmt: skip
VIEWS: Final[dict[str, dict[str, Any]]] = {
    "XYChartView": {"LeftAxisLogScale": True, "LegendLocation": "BottomLeft", "LeftAxisTitleFontFamily": "Times"},
    "XYHistogramChartView": {"BottomAxisUseCustomLabels": True, "BottomAxisLabels": [50, "low", 100, "high"]},
    "PlotMatrixView": {"GutterX": 20, "HistogramBackgroundColor": [1, 1, 0]},
}
LOOKS_INTO: Final = """
import json, sys
from paraview import simple
simple.LoadState(sys.argv[1])
found = {}
for view in simple.GetViews():
    shown = view.Representations[0]
    names = json.loads(sys.argv[2]).get(view.GetXMLName(), [])
    told = {"title": getattr(view, "ChartTitle", ""), "shown": shown.GetXMLName()}
    for name in names:
        value = getattr(shown, name)
        told[name] = value if isinstance(value, (int, float, str)) else [str(one) for one in value]
    found[view.GetXMLName()] = told
print("FOUND" + json.dumps(found))
"""
WRITES: Final = """
import sys
from paraview.simple import *
wavelet = Wavelet(registrationName="W")
cut = ExtractSubset(registrationName="cut", Input=wavelet)
cut.VOI = [-10, 10, -10, 10, 0, 0]
half = Calculator(registrationName="half", Input=cut, Function="RTData / 2", ResultArrayName="half")
half.UpdatePipeline()
for kind, look in (
    ("XYBarChartView", {"SeriesVisibility": ["half"], "UseIndexForXAxis": 1}),
    ("XYHistogramChartView", {"SelectInputArray": ["POINTS", "half"], "BinCount": 9}),
    ("BoxChartView", {"SeriesVisibility": ["RTData"], "Color": [1.0, 0.0, 0.0]}),
    ("ParallelCoordinatesChartView", {"SeriesVisibility": ["RTData", "half"], "Opacity": 0.3}),
    ("PlotMatrixView", {"SeriesVisibility": ["half", "RTData"], "HistogramColor": [0.0, 0.0, 1.0]}),
):
    view = CreateView(kind, registrationName=kind)
    view.ViewSize = [320, 240]
    if hasattr(view, "ChartTitle"):
        view.ChartTitle = kind
    shown = Show(half, view)
    for name, value in look.items():
        setattr(shown, name, value)
SaveState(sys.argv[1])
"""


def pvpython(tmp_path: Path, script: str, *arguments: str) -> str:
    assert PVPYTHON is not None
    path = tmp_path / "script.py"
    path.write_text(script, "utf-8")
    command = [PVPYTHON, "--force-offscreen-rendering", str(path), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=scaled(120.0), check=False)
    assert ended.returncode == 0, ended
    return ended.stdout


async def a_scene(session: Session, kinds: list[str]) -> None:
    cut = session.filters.ExtractSubset(Input=session.sources.Wavelet(), VOI=[-10, 10, -10, 10, 0, 0])
    half = session.filters.Calculator(Input=cut, Function="RTData / 2", ResultArrayName="half", ReplacementValue=0.0)
    for kind in kinds:
        titled = {} if kind == "ParallelCoordinatesChartView" else {"ChartTitle": kind}
        view = getattr(session.views, kind)(ViewSize=[240, 180], **titled, **VIEWS.get(kind, {}))
        session.show(half, view, **LOOKS[kind])


@pytest.fixture(autouse=True)
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


@pytest.mark.parametrize("kind", CHARTS)
def test_scripts_make_charts_of_every_kind(kind: str, tmp_path: Path) -> None:
    cut = simple.ExtractSubset(Input=simple.Wavelet(), VOI=[-10, 10, -10, 10, 0, 0])
    half = simple.Calculator(Input=cut, Function="RTData / 2", ResultArrayName="half")
    view = simple.CreateView(kind)
    assert simple.GetActiveView() is view and simple.GetActiveViewOrCreate(kind) is view
    shown = simple.Show(half, view, KINDS_OF_VIEWS[kind].representation.name)
    for name, value in LOOKS[kind].items():
        setattr(shown, name, value)
        assert list(np.ravel(getattr(shown, name))) == pytest.approx(list(np.ravel(value))) or name.startswith("Series")
    for name in ("AttributeType", "FieldAssociation"):
        if name in KINDS_OF_VIEWS[kind].representation.by_name:
            setattr(shown, name, "Point Data")
    simple.Render(view)
    simple.SaveScreenshot(str(tmp_path / "chart.png"), view, ImageResolution=[300, 200])
    assert (tmp_path / "chart.png").stat().st_size > 1000
    simple.ExportView(str(tmp_path / "chart.svg"), view)
    assert b"<svg" in (tmp_path / "chart.svg").read_bytes()[:200]
    simple.Hide(half, view)
    assert not shown.Visibility
    with pytest.raises(AttributeError, match="Colour"):
        shown.Colour = [1, 0, 0]


def test_color_maps_of_scripts_color_bars_and_images() -> None:
    cut = simple.ExtractSubset(Input=simple.Wavelet(), VOI=[-10, 10, -10, 10, 0, 0])
    table = simple.GetColorTransferFunction("RTData")
    table.ApplyPreset("Viridis (matplotlib)", True)
    image = simple.Show(cut, simple.CreateView("ImageChartView"), ColorArrayName=["POINTS", "RTData"])
    assert image.LookupTable == table
    image.LookupTable = simple.GetColorTransferFunction("other")
    assert image.LookupTable == simple.GetColorTransferFunction("other")
    bars = simple.Show(cut, simple.CreateView("XYHistogramChartView"), SelectInputArray=["POINTS", "RTData"])
    bars.UseColorMapping, bars.LookupTable = 1, table
    assert bars.LookupTable == table
    simple.RenderAllViews()


@in_loop
async def test_states_of_paraview_have_charts_of_every_kind(tmp_path: Path) -> None:
    async with connect() as session:
        await a_scene(session, CHARTS)
        pictures = [(await view.screenshot(format="rgb")).pixels for view in session.all_views()]
        set_ = [one.set_values() for one in session.all_representations()]
        await session.save_state(tmp_path / "charts.pvsm")
    async with connect() as session:
        with warnings.catch_warnings():
            warnings.simplefilter("error", StateWarning)
            await session.load_state(tmp_path / "charts.pvsm")
        assert [one.kind for one in session.all_views()] == CHARTS
        for one, wanted in zip(session.all_representations(), set_, strict=True):
            same = {name: one.value_set(name) for name in wanted if not name.startswith("Series")}
            assert same == {name: wanted[name] for name in same}, one.view.kind
        for view, wanted_pixels in zip(session.all_views(), pictures, strict=True):
            found = (await view.screenshot(format="rgb")).pixels
            assert np.abs(found.astype(int) - wanted_pixels).mean() < 0.5, view.kind


@pytest.mark.skipif(PVPYTHON is None, reason="there is no pvpython here to open it")
@in_loop
async def test_paraview_opens_charts_of_every_kind(tmp_path: Path) -> None:
    async with connect() as session:
        await a_scene(session, IN_5_11)
        await session.save_state(tmp_path / "charts.pvsm")
    names = {
        "XYBarChartView": ["SeriesVisibility"], "XYHistogramChartView": ["BinCount", "SelectInputArray"],
        "BoxChartView": ["SeriesVisibility"], "ParallelCoordinatesChartView": ["Opacity", "Color"],
        "PlotMatrixView": ["SeriesVisibility", "ScatterPlotMarkerStyle"],
        "QuartileChartView": ["ShowQuartiles"],
    }  # fmt: skip
    said = pvpython(tmp_path, LOOKS_INTO, str(tmp_path / "charts.pvsm"), json.dumps(names))
    found = json.loads(next(line for line in said.splitlines() if line.startswith("FOUND")).removeprefix("FOUND"))
    assert {kind: one["shown"] for kind, one in found.items()} == {
        kind: KINDS_OF_VIEWS[kind].representation.name for kind in IN_5_11
    }
    assert all(one["title"] == kind for kind, one in found.items() if kind != "ParallelCoordinatesChartView")
    assert found["XYHistogramChartView"]["BinCount"] == 7
    assert found["XYHistogramChartView"]["SelectInputArray"][-1] == "half"
    assert found["ParallelCoordinatesChartView"]["Opacity"] == 0.5
    assert "half" in found["XYBarChartView"]["SeriesVisibility"] and found["QuartileChartView"]["ShowQuartiles"] == 0


@pytest.mark.skipif(PVPYTHON is None, reason="there is no pvpython here to write it")
@in_loop
async def test_charts_that_paraview_has_written_are_read(tmp_path: Path) -> None:
    pvpython(tmp_path, WRITES, str(tmp_path / "theirs.pvsm"))
    async with connect() as session:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", StateWarning)
            loaded = await session.load_state(tmp_path / "theirs.pvsm")
        shown = {one.view.kind: one for one in session.all_representations()}
        assert set(shown) == {
            "XYBarChartView", "XYHistogramChartView", "BoxChartView", "ParallelCoordinatesChartView", "PlotMatrixView",
        }  # fmt: skip
        assert [(one.where, one.what) for one in loaded.not_understood] == []
        assert list(shown["XYHistogramChartView"].SelectInputArray) == ["POINTS", "half"]
        assert shown["XYHistogramChartView"].BinCount == 9
        assert list(shown["BoxChartView"].SeriesVisibility) == ["RTData"]
        assert list(shown["BoxChartView"].Color) == [1.0, 0.0, 0.0]
        assert shown["ParallelCoordinatesChartView"].Opacity == 0.3
        assert set(shown["PlotMatrixView"].SeriesVisibility) == {"half", "RTData"}
        for view in session.all_views():
            assert (await view.screenshot(format="rgb")).pixels.std() > 5, view.kind
