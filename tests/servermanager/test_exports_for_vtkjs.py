"""Scenes for vtk.js: archives read member by member, and pages in a real browser, pixel by pixel."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from servermanager import RemoteError, Session, connect

from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled

KINDS = {"Float32Array": np.float32, "Uint32Array": np.uint32, "Uint8Array": np.uint8}
FAR = 1e6


async def a_scene(session: Session) -> Any:
    """Far away from the origin: a plane whose four cells have a color each, and an outline in red. Nothing is lit."""
    look = {"OrientationAxesVisibility": False, "Background": [0.1, 0.2, 0.3], "ViewSize": [320, 240]}
    view = session.views.RenderView(**look, CameraPosition=[FAR, 0.0, 10.0], CameraFocalPoint=[FAR, 0.0, 0.0])
    wavelet = session.sources.Wavelet(WholeExtent=[0, 2, 0, 2, 0, 0])
    moved = session.filters.TransformFilter(Input=wavelet)
    cells = session.filters.PointDatatoCellData(Input=moved)
    moved.Transform = session.objects.Transform(Translate=[FAR, 0.0, 0.0])
    session.show(cells, view, ColorBy=("CELLS", "RTData"), Lighting=False)
    session.show(cells, view, Representation="Outline", Color=[1.0, 0.0, 0.0], LineWidth=2.0)
    return view


def opened(path: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        members = {name: archive.read(name) for name in archive.namelist()}
    return members, json.loads(members["index.json"])


def numbers(raw: bytes, told: dict[str, Any]) -> np.ndarray:
    values = np.frombuffer(raw, KINDS[told["dataType"]])
    assert values.size == told["size"]
    return values.reshape(-1, told["numberOfComponents"])


async def expected(session: Session, view: Any) -> tuple[np.ndarray, np.ndarray]:
    """The corners of the triangles of the plane, and the colors of its cells as the view shows them."""
    cells = session.proxies.sources()[-1]
    held = (await cells.fetch()).to_vtk()
    corners = np.array([held.GetPoint(index) for index in range(held.GetNumberOfPoints())])
    picture = (await view.screenshot(format="rgb")).pixels
    return corners, np.unique(picture.reshape(-1, 3), axis=0)


@in_loop
async def test_data_sets_of_an_archive_have_the_points_and_colors_of_the_view(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        await view.export(tmp_path / "scene.vtkjs")
        members, index = opened(tmp_path / "scene.vtkjs")
        corners, seen = await expected(session, view)
    assert index["background"] == [0.1, 0.2, 0.3] and index["version"] == 1.0
    assert index["camera"]["position"] == [FAR, 0.0, 10.0] and index["camera"]["viewAngle"] == 30.0
    low, high = index["camera"]["clippingRange"]
    assert 0.0 < low < 10.0 < high
    plane, outline = index["scene"]
    assert [one["type"] for one in (plane, outline)] == ["httpDataSetReader"] * 2
    assert plane["mapper"]["scalarVisibility"] and not outline["mapper"]["scalarVisibility"]
    assert outline["property"]["color"] == [1.0, 0.0, 0.0] and outline["property"]["lineWidth"] == 2.0
    for one in (plane, outline):
        url = one["httpDataSetReader"]["url"]
        data = json.loads(members[f"{url}/index.json"])
        place = np.array(one["actor"]["position"])
        assert place[0] == pytest.approx(FAR, abs=2.0), "what is far away is near the middle, in single precision"
        at = f"{url}/{data['points']['ref']['basepath']}/{data['points']['ref']['id']}"
        points = numbers(members[at], data["points"]) + place
        assert points.min(axis=0) == pytest.approx(corners.min(axis=0), abs=1e-6)
        assert points.max(axis=0) == pytest.approx(corners.max(axis=0), abs=1e-6)
        kind, count = ("polys", 3) if one is plane else ("lines", 2)
        ends = numbers(members[f"{url}/data/{data[kind]['ref']['id']}"], data[kind]).reshape(-1, count + 1)
        assert set(ends[:, 0]) == {count} and len(ends) == (8 if one is plane else 12)
        assert ends[:, 1:].max() == len(points) - 1
        if one is plane:
            described = data["pointData"]["arrays"][data["pointData"]["activeScalars"]]["data"]
            colors = numbers(members[f"{url}/data/{described['ref']['id']}"], described)
            assert len(colors) == len(points) and set(colors[:, 3]) == {255}
            assert {tuple(color) for color in colors[:, :3].tolist()} <= {tuple(color) for color in seen.tolist()}
            assert len({tuple(color) for color in colors[:, :3].tolist()}) == 4


def objects_in(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield one
    for needed in one["dependencies"]:
        assert needed["parent"] == one["id"]
        yield from objects_in(needed)


@in_loop
async def test_objects_of_a_window_are_all_there_and_as_vtk_describes_them(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        for name in ("a.vtksz", "b.vtksz"):
            await view.export(tmp_path / name)
    assert (tmp_path / "a.vtksz").read_bytes() == (tmp_path / "b.vtksz").read_bytes()
    members, window = opened(tmp_path / "a.vtksz")
    found = list(objects_in(window))
    ids = [one["id"] for one in found]
    assert len(set(ids)) == len(ids)
    for one in found:
        called = [argument for _, arguments in one["calls"] for argument in arguments if isinstance(argument, str)]
        assert set(called) == {f"instance:${{{needed['id']}}}" for needed in one["dependencies"]}
    assert [one["type"] for one in found] == [
        "vtkRenderWindow", "vtkRenderer", "vtkCamera",
        *["vtkActor", "vtkProperty", "vtkMapper", "vtkPolyData"] * 2,
    ]  # fmt: skip
    used = set()
    for one in found:
        if one["type"] == "vtkPolyData":
            held = one["properties"]
            cells = next(held[kind] for kind in ("polys", "lines") if kind in held)
            for told in (held["points"], cells, *held["fields"]):
                numbers(members[f"data/{told['hash']}"], told)
                used.add(f"data/{told['hash']}")
    assert used | {"index.json"} == set(members)
    theirs = described_by_vtk()
    for one in found:
        named = theirs.get(one["type"], set()) | {"viewAngle", "parallelProjection", "parallelScale", "clippingRange"}
        known = {*named, "points", "polys", "lines", "verts", "fields", "ambientColor", "lighting"}
        assert set(one["properties"]) <= known, one["type"]


def described_by_vtk() -> dict[str, set[str]]:
    """The properties that VTK's own exporter writes of each type, in a process of its own: it wants a window."""
    script = (
        "import json, sys, tempfile, vtkmodules.all as vtk\n"
        "source = vtk.vtkSphereSource(); mapper = vtk.vtkPolyDataMapper(); source.Update()\n"
        "mapper.SetInputData(source.GetOutput())\n"
        "actor = vtk.vtkActor(); actor.SetMapper(mapper); renderer = vtk.vtkRenderer(); renderer.AddActor(actor)\n"
        "window = vtk.vtkRenderWindow(); window.SetOffScreenRendering(1); window.AddRenderer(renderer)\n"
        "window.Render()\n"
        "exporter = vtk.vtkJSONRenderWindowExporter(); exporter.SetRenderWindow(window)\n"
        "place = tempfile.mkdtemp(); exporter.GetArchiver().SetArchiveName(place + '/a'); exporter.Write()\n"
        "print(open(place + '/a/index.json').read())\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=scaled(60))
    assert ended.returncode == 0, ended.stderr
    found: dict[str, set[str]] = {}

    def note(one: dict[str, Any]) -> None:
        kind = {"vtkOpenGLRenderer": "vtkRenderer"}.get(one["type"], one["type"])
        found.setdefault("vtkRenderWindow" if kind.endswith("RenderWindow") else kind, set()).update(one["properties"])
        for needed in one.get("dependencies", ()):
            note(needed)

    note(json.loads(ended.stdout))
    return found


@in_loop
async def test_a_page_without_vtkjs_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trame_vtk", None)
    async with connect() as session:
        view = await a_scene(session)
        (tmp_path / "scene.html").write_text("the old page")
        with pytest.raises(ValueError, match=r"pip install 'async-paraview\[html\]'; or export \.vtksz"):
            await view.export(tmp_path / "scene.html")
        assert (tmp_path / "scene.html").read_text() == "the old page"
        with pytest.raises(
            ValueError,
            match=r"\.glb, \.gltf, \.x3d, \.vtkjs, \.vtksz, \.html, \.obj, \.svg, \.pdf, \.eps, not to 'scene\.wrl'",
        ):
            await view.export(tmp_path / "scene.wrl")
        shown = session.all_representations()[0]
        shown.update(Representation="Point Gaussian")
        with pytest.raises(RemoteError):
            await view.export(tmp_path / "other.vtkjs")
        assert os.listdir(tmp_path) == ["scene.html"]


@pytest.mark.deep
@in_loop
async def test_a_page_shows_the_picture_of_the_view_in_a_browser(tmp_path: Path) -> None:
    pytest.importorskip("trame_vtk", reason="trame-vtk is not installed: pip install 'async-paraview[html]'")
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no chromium is installed")
    async with connect() as session:
        view = await a_scene(session)
        picture = (await view.screenshot(format="rgb")).pixels.astype(int)
        await view.export(tmp_path / "scene.html")
    given = [
        browser, "--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
        "--hide-scrollbars", "--window-size=320,240", f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=20000", f"--screenshot={tmp_path / 'page.png'}", (tmp_path / "scene.html").as_uri(),
    ]  # fmt: skip
    ended = await asyncio.to_thread(subprocess.run, given, capture_output=True, timeout=scaled(120))
    assert ended.returncode == 0, ended.stderr[-2000:]
    found = np.asarray(Pillow.open(tmp_path / "page.png").convert("RGB")).astype(int)
    assert found.shape == picture.shape
    far_off = np.abs(found - picture).max(axis=2) > 8
    assert far_off.mean() < 0.03, "but for the edges they are alike"
    middle = [(row, column) for row in (52, 97) for column in (182, 226)]
    for row, column in middle:  # one in each cell
        assert np.abs(found[row, column] - picture[row, column]).max() <= 3
    assert len({tuple(picture[at].tolist()) for at in middle}) == 4


@in_loop
async def test_materials_and_shapes_are_both_written_or_neither(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        (tmp_path / "scene.mtl").write_text("old")
        (tmp_path / "scene.obj").mkdir()
        with pytest.raises(IsADirectoryError):
            await view.export(tmp_path / "scene.obj")
        assert (tmp_path / "scene.mtl").read_text() == "old"
        (tmp_path / "scene.obj").rmdir()
        await view.export(tmp_path / "scene.obj")
        assert sorted(os.listdir(tmp_path)) == ["scene.mtl", "scene.obj"]
        looks: dict[str, dict[str, list[float]]] = {}
        for line in (tmp_path / "scene.mtl").read_text().splitlines():
            if line.startswith("newmtl"):
                looks[line.split()[1]] = found = {}
            elif line.startswith(("Kd", "Ke", "d ", "illum")):
                found[line.split()[0]] = [float(one) for one in line.split()[1:]]
        assert looks["part2"] == {"Kd": [1.0, 0.0, 0.0], "d": [1.0], "illum": [0.0], "Ke": [1.0, 0.0, 0.0]}
        body = (tmp_path / "scene.obj").read_text().splitlines()
        assert [line for line in body if line.startswith(("mtllib", "usemtl"))] == [
            "mtllib scene.mtl", "usemtl part1", "usemtl part2",
        ]  # fmt: skip


@in_loop
async def test_what_no_chart_and_no_scene_is_written_as_is_refused_by_name(tmp_path: Path) -> None:
    async with connect() as session:
        chart = session.views.XYChartView(ViewSize=[300, 200])
        for name in ("a.ps", "a.glb", "a.html"):
            with pytest.raises(ValueError, match=rf"files \.svg, \.pdf, \.eps, not to '{name}'"):
                await chart.export(tmp_path / name)
        view = await a_scene(session)
        for name in ("a.ps", "a.wrl", "a.usdz"):
            with pytest.raises(ValueError, match=rf"\.html, \.obj, \.svg, \.pdf, \.eps, not to '{name}'"):
                await view.export(tmp_path / name)
        for name in ("a.avi", "a.ogv", "a.mpg", "a.svg"):
            with pytest.raises(ValueError, match=r"is one file as \.mp4, \.mkv, \.mov, \.webm or \.gif, .* frame_%04d"):
                await view.save_animation(tmp_path / name, camera="orbit", count=2)
        for name in ("a.pdf", "a.eps", "a.ps", "a.svg"):
            with pytest.raises(ValueError, match=r"a page: await view\.export\(.*\.svg, \.pdf or \.eps"):
                await view.save_screenshot(tmp_path / name)
            with pytest.raises(ValueError, match=r"a page: await view\.export"):
                await view.save_animation(tmp_path / f"%d{name}", camera="orbit", count=2)
        assert os.listdir(tmp_path) == []
