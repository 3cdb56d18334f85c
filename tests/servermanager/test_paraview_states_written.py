"""States that are written for ParaView: it opens them, and has the same numbers and cameras; so have we."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pytest

from servermanager import RenderViewProxy, Session, StateError, StateWarning, connect, sync

from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled

PVPYTHON: Final = shutil.which("pvpython")
LOOKS_INTO: Final = """
import json, sys
from paraview import simple
simple.LoadState(sys.argv[1])
found = {"sources": {}, "views": {}}
for (name, _), source in simple.GetSources().items():
    source.UpdatePipeline()
    told = source.GetDataInformation()
    found["sources"][name] = [told.GetNumberOfPoints(), told.GetNumberOfCells(), list(told.GetBounds())]
for view in simple.GetViews():
    kind = view.GetXMLName()
    shown = [one for one in view.Representations if hasattr(one, "Opacity") and one.GetXMLName()[:4] != "Text"]
    found["views"][kind] = {
        "ViewSize": list(view.ViewSize),
        "camera": list(view.CameraPosition) + list(view.CameraFocalPoint) if kind == "RenderView" else [],
        "title": view.ChartTitle if kind != "RenderView" else "",
        "shown": [
            [str(one.Representation).strip("'"), one.Opacity, str(one.ColorArrayName[1]), list(one.DiffuseColor)]
            for one in shown
        ],
    }
lut = simple.GetColorTransferFunction("RTData")
found["colors"] = [list(lut.RGBPoints), str(lut.ColorSpace).strip("'"), list(lut.NanColor)]
render_view = next(one for one in simple.GetViews() if one.GetXMLName() == "RenderView")
bar = simple.GetScalarBar(lut, render_view)
found["legend"] = [bar.Title, bar.Visibility, str(bar.Orientation).strip("'")]
found["text"] = str(simple.FindSource("Text1").Text)
print("FOUND" + json.dumps(found))
"""


async def a_scene(session: Session) -> None:
    wavelet = session.sources.Wavelet(WholeExtent=[-8, 8, -6, 10, -5, 5])
    contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[130.0, 170.0])
    cut = session.filters.Slice(Input=wavelet)  # through the middle, which nobody has set
    clip = session.filters.Clip(Input=wavelet)
    await clip.definition()
    clip.ClipType.Normal, clip.Invert = [0.0, 1.0, 0.0], False
    mid = session.filters.Threshold(
        Input=wavelet, Scalars=("POINTS", "RTData"), LowerThreshold=100.0, UpperThreshold=150.0
    )
    moved = session.filters.Transform(Input=cut)
    await moved.definition()
    moved.Transform.Translate = [1.0, 2.0, 3.0]
    session.filters.SurfaceNormals(Input=contour)
    session.filters.AppendDatasets(Input=[clip, mid])
    line = session.filters.PlotOverLine(Input=wavelet, Resolution=20)
    view = session.views.RenderView(ViewSize=[300, 200], Background=[0.1, 0.2, 0.3])
    session.show(contour, view, ColorBy=("POINTS", "RTData"), Opacity=0.5)
    colors = [100.0, 0.0, 0.0, 1.0, 140.0, 1.0, 1.0, 1.0, 200.0, 1.0, 0.0, 0.0]
    session.color_maps["RTData"].update(RGBPoints=colors, ColorSpace="Lab", NanColor=[0.0, 1.0, 0.0])
    view.scalar_bar("RTData").update(Visibility=True, Title="Heat", Orientation="Horizontal")
    session.show(cut, view, Representation="Wireframe", Color=[1.0, 0.5, 0.0], LineWidth=3.0)
    session.show(wavelet, view, Representation="Outline")
    view.add_text('Hällo <&> "x"', WindowLocation="Upper Center")
    chart = session.views.XYChartView(ChartTitle="along")
    session.show(line, chart, SeriesVisibility=["RTData"], SeriesColor=["RTData", 1, 0, 0])


async def measured(session: Session) -> dict[str, Any]:
    found = {}
    for source in session.proxies.sources():
        told = await source.update_pipeline()
        found[session.proxies.name(source)] = [told.number_of_points, told.number_of_cells, list(told.bounds or ())]
    return found


async def written_for_paraview(path: Path) -> tuple[dict[str, Any], list[float]]:
    """Write a scene; returns its numbers, and where the camera of its view is and looks at."""
    async with connect() as session:
        await a_scene(session)
        ours = await measured(session)
        await session.save_state(path)
        view = session.all_views()[0]
        assert isinstance(view, RenderViewProxy)
        camera = await view.camera()
    return ours, [*camera["CameraPosition"], *camera["CameraFocalPoint"]]


@pytest.mark.skipif(PVPYTHON is None, reason="there is no pvpython here to open it")
def test_paraview_opens_it_with_the_same_numbers_and_camera(tmp_path: Path) -> None:
    assert PVPYTHON is not None
    ours, camera = asyncio.run(written_for_paraview(tmp_path / "ours.pvsm"))
    script = tmp_path / "look.py"
    script.write_text(LOOKS_INTO, "utf-8")
    ended = subprocess.run(
        [PVPYTHON, "--force-offscreen-rendering", str(script), str(tmp_path / "ours.pvsm")],
        capture_output=True,
        text=True,
        timeout=scaled(120.0),
        check=False,
    )
    lines = [line for line in ended.stdout.splitlines() if line.startswith("FOUND")]
    assert lines, ended
    theirs = json.loads(lines[0].removeprefix("FOUND"))
    for name, (points, cells, bounds) in ours.items():
        found = theirs["sources"][name]
        assert found[:2] == [points, cells], name
        assert found[2] == pytest.approx(bounds, abs=1e-4), name
    assert theirs["text"] == 'Hällo <&> "x"'
    view, chart = theirs["views"]["RenderView"], theirs["views"]["XYChartView"]
    assert view["ViewSize"] == [300, 200] and chart["title"] == "along"
    assert view["camera"] == pytest.approx(camera, abs=1e-6)
    points = [100.0, 0.0, 0.0, 1.0, 140.0, 1.0, 1.0, 1.0, 200.0, 1.0, 0.0, 0.0]
    assert theirs["colors"] == [points, "Lab", [0.0, 1.0, 0.0]]
    assert theirs["legend"] == ["Heat", 1, "Horizontal"]
    contour, cut, outline = view["shown"]
    assert contour[:3] == ["Surface", 0.5, "RTData"] and outline[0] == "Outline"
    assert (cut[0], cut[2], cut[3]) == ("Wireframe", "", [1.0, 0.5, 0.0])


@in_loop
async def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    async with connect() as session:
        await a_scene(session)
        ours = await measured(session)
        await session.save_state(tmp_path / "ours.pvsm")
    async with connect() as session:
        with warnings.catch_warnings():
            warnings.simplefilter("error", StateWarning)
            loaded = await session.load_state(tmp_path / "ours.pvsm")
        assert loaded.not_understood == ()
        again = await measured(session)
        assert again.keys() == ours.keys()
        for name, (points, cells, bounds) in ours.items():
            assert again[name][:2] == [points, cells] and again[name][2] == pytest.approx(bounds, abs=1e-6)
        colors = session.color_maps["RTData"]
        assert colors.ColorSpace == "Lab" and list(colors.RGBPoints)[4:8] == [140.0, 1.0, 1.0, 1.0]
        view = session.all_views()[0]
        bar = view.scalar_bar("RTData")
        assert (bar.Title, bar.Visibility, bar.Orientation) == ("Heat", True, "Horizontal")
        assert tuple(view.Background) == (0.1, 0.2, 0.3) and len(session.all_representations()) == 4
        chart = session.all_representations()[-1]
        assert list(chart.SeriesVisibility) == ["RTData"]


@in_loop
async def test_axes_with_numbers_are_written_and_read_back(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(AxesGridVisibility=True, AxesGridColor=[0, 0, 1], XTitle="length in mm")
        view.AxesGrid.update(
            ShowGrid=True, YTitle="width", YTitleColor=[1, 0, 0], XAxisNotation="Fixed", XAxisPrecision=1,
            ZAxisUseCustomLabels=True, ZAxisLabels=[0.0, 0.25], DataScale=[1.0, 1.0, 4.0], XLabelFontFamily="Times",
            UseCustomBounds=True, CustomBounds=[-1.0, 1.0, -1.0, 1.0, -2.0, 2.0], FacesToRender=7, ZLabelOpacity=0.5,
        )  # fmt: skip
        view.LegendGrid.update(Visibility=True, GridVisibility=True, AxisNotation="Scientific", Origin=[1, 2, 3])
        view.update(CenterAxesVisibility=True, CenterAxesXColor=[0, 1, 1], OrientationAxesYColor=[1, 1, 0])
        shown = session.show(session.sources.Sphere(), view)
        shown.DataAxesGrid.update(GridAxesVisibility=1, GridColor=[0, 1, 0], LabelUniqueEdgesOnly=False)
        with warnings.catch_warnings():
            warnings.simplefilter("error", StateWarning)
            await session.save_state(tmp_path / "axes.pvsm")
    text = (tmp_path / "axes.pvsm").read_text("utf-8")
    assert 'type="GridAxes3DActor"' in text and 'type="LegendGridActor"' in text
    async with connect(backend="inproc") as session:
        with warnings.catch_warnings():
            warnings.simplefilter("error", StateWarning)
            loaded = await session.load_state(tmp_path / "axes.pvsm")
        assert loaded.not_understood == ()
        (again,) = session.all_views()
        assert isinstance(again, RenderViewProxy)
        grid, legend = again.AxesGrid, again.LegendGrid
        assert grid.Visibility and grid.ShowGrid and (grid.XTitle, grid.YTitle) == ("length in mm", "width")
        assert list(grid.YTitleColor) == [1, 0, 0] and list(grid.GridColor) == list(grid.XLabelColor) == [0, 0, 1]
        assert (grid.XAxisNotation, grid.XAxisPrecision, grid.XLabelFontFamily) == ("Fixed", 1, "Times")
        assert grid.ZAxisUseCustomLabels and list(grid.ZAxisLabels) == [0.0, 0.25] and grid.ZLabelOpacity == 0.5
        assert list(grid.DataScale) == [1, 1, 4] and grid.FacesToRender == 7
        assert list(grid.CustomBounds) == [-1, 1, -1, 1, -2, 2]
        assert legend.Visibility and legend.GridVisibility and legend.AxisNotation == "Scientific"
        assert list(legend.Origin) == [1, 2, 3] and list(again.CenterAxesXColor) == [0, 1, 1]
        assert list(again.OrientationAxesYColor) == [1, 1, 0]
        (shown,) = session.all_representations()
        around = shown.DataAxesGrid
        assert around.Visibility and list(around.GridColor) == [0, 1, 0] and not around.LabelUniqueEdgesOnly


@in_loop
async def test_what_paraview_does_not_have_is_an_error_or_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "ours.pvsm"
    async with connect() as session:
        cone = session.sources.Cone()
        lonely = session.create("vtkAppendFilter", Input=[cone])
        session.filters.Elevation(Input=lonely)
        view = session.views.RenderView(ViewSize=[64, 48])
        session.show(lonely, view)
        with pytest.raises(StateError, match=r"ParaView has no .*AppendFilter.*partial=True"):
            await session.save_state(path)
        assert not path.exists()
        with pytest.warns(StateWarning, match="Elevation1: what it depends on was left out"):
            await session.save_state(path, partial=True)
        assert path.read_text("utf-8").count('<Proxy group="sources"') == 1


def test_blocking_programs_have_the_report_as_well(tmp_path: Path) -> None:
    with sync.connect() as session:
        session.sources.Cone(Height=3.0)
        session.save_state(tmp_path / "cone.pvsm")
        loaded = session.load_state(tmp_path / "cone.pvsm")
        assert [one.Height for one in loaded] == [3.0] and len(loaded) == 1
        assert loaded.not_understood == () and loaded.report() == ""
        assert loaded[0].update_pipeline().number_of_cells == 7


OPENED: Final = {
    "a.vti": ("XMLImageDataReader", "FileName"),
    "a.vtu": ("XMLUnstructuredGridReader", "FileName"),
    "a.vtp": ("XMLPolyDataReader", "FileName"),
    "a.vtm": ("XMLMultiBlockDataReader", "FileName"),
    "a.vtk": ("LegacyVTKFileReader", "FileNames"),
    "a.stl": ("stlreader", "FileNames"),
    "a.ply": ("PLYReader", "FileNames"),
    "a.obj": ("objreader", "FileName"),
    "a.mha": ("MetaImageReader", "FileNames"),
    "a.ex2": ("IOSSReader", "FileName"),
    "t_0.vti": ("XMLImageDataReader", "FileName"),
}
"""Files by what ParaView's states call their reader, and the property that holds them."""
READS: Final = """
import json, sys
from paraview import simple
simple.LoadState(sys.argv[1])
found = {}
for (name, _), source in simple.GetSources().items():
    source.UpdatePipeline(1.0)
    told = source.GetDataInformation()
    found[name] = [told.GetNumberOfPoints(), told.GetNumberOfCells(), list(told.GetBounds()), source.PointData.keys()]
print("FOUND" + json.dumps(found))
"""


async def opened_files(session: Session, folder: Path) -> None:
    """Write files of many formats, and open them; of one only one of its arrays, and several as a series."""
    image = session.sources.Wavelet(WholeExtent=[-2, 2, -2, 2, -2, 2])
    cells = session.filters.Tetrahedralize(Input=image)
    surface = session.filters.ExtractSurface(Input=cells)
    group = session.filters.GroupDatasets(Input=[image, surface])
    kinds = {"vti": image, "vtu": cells, "vtp": surface, "vtm": group, "vtk": image, "mha": image, "ex2": cells}
    for name in OPENED:
        source = kinds.get(name.rpartition(".")[2], surface)
        await session.save_data(str(folder / name), source)
    for step in (1, 2):
        image.Maximum = 200.0 + step
        await session.save_data(str(folder / f"t_{step}.vti"), image)
    double = session.filters.Calculator(Input=image, Function="2*RTData", ResultArrayName="b")
    await session.save_data(str(folder / "a.vti"), double)
    session.delete(image, dependents=True)
    for name in OPENED:
        paths = [str(folder / f"t_{step}.vti") for step in range(3)] if name.startswith("t_") else str(folder / name)
        session.proxies.rename(await session.open(paths), name)
    chosen = session.proxies.find_source("a.vti")
    assert chosen is not None
    chosen.PointArrayStatus = ["b"]


async def states_of_files(folder: Path) -> dict[str, Any]:
    """Write a state of opened files, and load it; returns what was there before, and is there again."""
    async with connect() as session:
        await opened_files(session, folder)
        before = await measured(session)
        with warnings.catch_warnings():
            warnings.simplefilter("error", StateWarning)
            await session.save_state(folder / "files.pvsm")
    async with connect() as session:
        await session.load_state(folder / "files.pvsm")
        after = await measured(session)
        arrays = await (session.proxies.find_source("a.vti") or session.sources.Sphere()).update_pipeline()
        assert [one.name for one in arrays.arrays] == ["b"]
        series = await (session.proxies.find_source("t_0.vti") or session.sources.Sphere()).update_pipeline(time=2.0)
        assert series.time_steps == (0.0, 1.0, 2.0)
        held = series.array("RTData").range_of(0)
        assert held is not None and held[1] == pytest.approx(207.0), "of Maximum=202, which the third file has"
    assert sorted(before) == sorted(OPENED) and after.keys() == before.keys()
    for name, found in before.items():
        assert after[name] == found, name
    return before


def test_readers_of_opened_files_are_in_it(tmp_path: Path) -> None:
    """Of nearly all of them it was said that ParaView has no such reader."""
    before = asyncio.run(states_of_files(tmp_path))
    written = ElementTree.parse(tmp_path / "files.pvsm").getroot()
    names = {item.get("id"): item.get("name") for item in written.iter("Item")}
    for proxy in written.iter("Proxy"):
        name = names.get(proxy.get("id"))
        if name in OPENED:
            held = {one.get("name"): [each.get("value") for each in one.iter("Element")] for one in proxy}
            kind, files = OPENED[name]
            assert proxy.get("type") == kind, name
            assert (held[files][0] or "").endswith(name), held
    chosen = next(one for one in written.iter("Proxy") if names.get(one.get("id")) == "a.vti")
    (status,) = [one for one in chosen if one.get("name") == "PointArrayStatus"]
    assert [each.get("value") for each in status.iter("Element")] == ["RTData", "0", "b", "1"]
    if PVPYTHON is None:
        return
    (tmp_path / "look.py").write_text(READS, "utf-8")
    ended = subprocess.run(
        [PVPYTHON, "--force-offscreen-rendering", str(tmp_path / "look.py"), str(tmp_path / "files.pvsm")],
        capture_output=True,
        text=True,
        timeout=scaled(120.0),
        check=False,
    )
    lines = [line for line in ended.stdout.splitlines() if line.startswith("FOUND")]
    assert lines, ended
    theirs = json.loads(lines[0].removeprefix("FOUND"))
    for name, (points, cells, bounds) in before.items():
        assert theirs[name][:2] == [points, cells], name
        assert theirs[name][2] == pytest.approx(bounds, abs=1e-4), name
    assert theirs["a.vti"][3] == ["b"]
