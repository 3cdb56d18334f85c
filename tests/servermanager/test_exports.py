"""Views as files of other programs: what is in them is compared with the data, by readers that share no code."""

from __future__ import annotations

import base64
import json
import struct
import warnings
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image as Pillow

from servermanager import RemoteError, Session, connect
from servermanager.exports import pieces, texts
from servermanager.exports.export import ExportWarning
from servermanager.exports.gltf import glb, gltf, linear, middle_of
from servermanager.exports.scene import ExportedScene, Part

from ..harness.apvtest import in_loop

RED, GRAY = (1.0, 0.0, 0.0), (0.5, 0.5, 0.5)


async def a_scene(session: Session) -> Any:
    """A gray sphere, an outline in red, and a plane whose cells have the numbers 0 to 3."""
    view = session.views.RenderView(ViewSize=[80, 60], Background=[0.1, 0.2, 0.3])
    view.update(CameraPosition=[0.0, 0.0, 30.0], CameraFocalPoint=[0.0, 0.0, 0.0], CameraViewUp=[0.0, 1.0, 0.0])
    sphere = session.sources.Sphere(Center=[1e6, 0.0, 0.0], Radius=2.0, ThetaResolution=8, PhiResolution=8)
    session.show(sphere, view, Color=GRAY, Opacity=0.5)
    session.show(sphere, view, Representation="Outline", Color=RED)
    return view


def parsed_glb(path: Path) -> tuple[dict[str, Any], bytes]:
    raw = path.read_bytes()
    magic, version, length = struct.unpack_from("<4sII", raw)
    assert (magic, version, length) == (b"glTF", 2, len(raw))
    size, kind = struct.unpack_from("<I4s", raw, 12)
    assert kind == b"JSON"
    rest = 20 + size
    blob_size, blob_kind = struct.unpack_from("<I4s", raw, rest)
    assert blob_kind == b"BIN\0" and rest + 8 + blob_size == len(raw)
    return json.loads(raw[20:rest]), raw[rest + 8 :]


def accessor(document: dict[str, Any], blob: bytes, number: int) -> np.ndarray:
    one = document["accessors"][number]
    view = document["bufferViews"][one["bufferView"]]
    kind = {5126: np.float32, 5125: np.uint32}[one["componentType"]]
    columns = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[one["type"]]
    assert view["byteLength"] == one["count"] * columns * 4
    return np.frombuffer(blob, kind, one["count"] * columns, view["byteOffset"]).reshape(-1, columns)


@in_loop
async def test_a_binary_gltf_has_the_triangles_at_their_places_in_their_colors(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        await view.export(tmp_path / "scene.glb")
        found = await session.proxies.sources()[0].update_pipeline()
    document, blob = parsed_glb(tmp_path / "scene.glb")
    surface, outline = [mesh["primitives"][0] for mesh in document["meshes"]]
    assert (surface["mode"], outline["mode"]) == (4, 1)
    corners = accessor(document, blob, surface["indices"])
    places = accessor(document, blob, surface["attributes"]["POSITION"])
    assert len(corners) == 3 * found.number_of_cells and len(places) == found.number_of_points
    moved = np.array(document["nodes"][0]["translation"])
    bounds = np.array(found.bounds).reshape(3, 2)  # a million away, to a millionth of the size
    assert moved[0] == pytest.approx(1e6)
    assert places.min(axis=0) + moved == pytest.approx(bounds[:, 0], abs=1e-5)
    assert places.max(axis=0) + moved == pytest.approx(bounds[:, 1], abs=1e-5)
    looks = document["materials"]
    factor = looks[0]["pbrMetallicRoughness"]["baseColorFactor"]
    assert factor == pytest.approx([0.2140, 0.2140, 0.2140, 0.5], abs=1e-4)  # of half as bright on a screen
    assert looks[0]["alphaMode"] == "BLEND" and "alphaMode" not in looks[1]
    assert looks[1]["pbrMetallicRoughness"]["baseColorFactor"] == [1.0, 0.0, 0.0, 1.0]
    assert len(accessor(document, blob, outline["indices"])) == 24  # twelve edges
    assert document["nodes"][2]["matrix"][12:15] == [0.0, 0.0, 30.0]
    normals = accessor(document, blob, surface["attributes"]["NORMAL"])
    assert np.linalg.norm(normals, axis=1) == pytest.approx(1.0, abs=1e-5)


@in_loop
async def test_colors_of_points_and_of_cells_are_those_of_the_picture(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[90, 60])
        wavelet = session.sources.Wavelet(WholeExtent=[0, 3, 0, 2, 0, 0])
        cells = session.filters.PointDatatoCellData(Input=wavelet)
        shown = session.show(cells, view, ColorBy=("CELLS", "RTData"), Lighting=False)
        view.reset_camera()
        picture = (await view.screenshot(format="rgb", samples=1)).pixels
        await view.export(tmp_path / "cells.glb")
        document, blob = parsed_glb(tmp_path / "cells.glb")
        (primitive,) = document["meshes"][0]["primitives"]
        colors = accessor(document, blob, primitive["attributes"]["COLOR_0"])
        assert len(colors) == 6 * 2 * 3  # each cell has corners of its own
        per_cell = colors.reshape(6, 6, 4)
        assert (per_cell == per_cell[:, :1]).all() and len(np.unique(per_cell[:, 0], axis=0)) == 6
        seen = {tuple(one) for one in picture.reshape(-1, 3).tolist()}
        for color in per_cell[:, 0, :3]:
            nearest = min(np.abs(linear(np.array(one) / 255.0) - color).max() for one in seen)
            assert nearest < 0.01  # that very color is in the picture
        assert document["materials"][0]["extensions"] == {"KHR_materials_unlit": {}}
        shown.update(ColorBy=None, Representation="Wireframe")
        await view.export(tmp_path / "wires.obj")
    lines = (tmp_path / "wires.obj").read_text().splitlines()
    assert sum(line.startswith("l ") for line in lines) == 24  # four sides of six cells
    assert "mtllib wires.mtl" in lines and "newmtl part1" in (tmp_path / "wires.mtl").read_text()


@in_loop
async def test_x3d_and_obj_have_the_same_numbers(tmp_path: Path) -> None:
    async with connect() as session:
        view = await a_scene(session)
        await view.export(tmp_path / "scene.x3d")
        await view.export(tmp_path / "scene.obj")
        found = await session.proxies.sources()[0].update_pipeline()
    scene = ElementTree.parse(tmp_path / "scene.x3d").getroot().find("Scene")
    assert scene is not None
    faces, edges = scene.find(".//IndexedFaceSet"), scene.find(".//IndexedLineSet")
    viewpoint = scene.find("Viewpoint")
    assert faces is not None and edges is not None and viewpoint is not None
    assert viewpoint.get("position") == "0 0 30" and viewpoint.get("orientation") == "0 0 1 0"
    corners = list(map(int, str(faces.get("coordIndex")).split()))
    assert corners.count(-1) == found.number_of_cells and max(corners) == found.number_of_points - 1
    coordinates = faces.find("Coordinate")
    assert coordinates is not None
    places = np.array(str(coordinates.get("point")).split(), float).reshape(-1, 3)
    assert places.max(axis=0) == pytest.approx(np.array(found.bounds)[1::2], abs=1e-9)
    written = (tmp_path / "scene.obj").read_text().splitlines()
    points = np.array([line.split()[1:4] for line in written if line.startswith("v ")], float)
    assert points[: len(places)] == pytest.approx(places, abs=1e-9)
    assert sum(line.startswith("f ") for line in written) == found.number_of_cells
    materials = (tmp_path / "scene.mtl").read_text()
    assert "Kd 0.5 0.5 0.5\nd 0.5" in materials and "Kd 1 0 0\nd 1" in materials


def test_files_are_the_same_however_much_becomes_text_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    places, colors = rng.random((7, 3)), rng.integers(0, 256, (7, 4)).astype(np.uint8)
    corners = {"triangles": [[0, 1, 2], [4, 5, 6]], "lines": [[0, 1], [1, 6], [2, 3]], "points": [[3], [5]]}
    parts = tuple(
        Part(kind, places + index, places.astype(np.float32), colors, np.array(ids, np.uint32), GRAY, 0.5, True, 1.0)
        for index, (kind, ids) in enumerate(corners.items())
    )
    camera: dict[str, Any] = {"CameraPosition": [0, 0, 9], "CameraFocalPoint": [0, 0, 0], "CameraViewUp": [0, 1, 0]}
    camera |= {"CameraParallelProjection": 1, "CameraParallelScale": 2.0, "CameraViewAngle": 30.0}
    scene = ExportedScene(parts, camera, (0.0, 0.0, 0.0), (80, 60), ())

    def made() -> list[bytes]:
        return [bytes(one) for one in (texts.x3d(scene), *texts.obj(scene, "a.mtl"), gltf(scene))]

    whole = made()
    monkeypatch.setattr(texts, "_AT_A_TIME", 2)
    monkeypatch.setattr(texts, "_ROWS", 2)
    monkeypatch.setattr(pieces, "_AT_A_TIME", 3)
    assert made() == whole
    lines = whole[1].decode().splitlines()
    assert [line for line in lines if line[0] in "flp"] == [
        "f 1 2 3",
        "f 5 6 7",
        "l 8 9",
        "l 9 14",
        "l 10 11",
        "p 18",
        "p 20",
    ]
    assert [float(one) for one in lines[4].split()[1:4]] == places[0].tolist()
    uri = json.loads(whole[3])["buffers"][0]["uri"]
    blob = base64.b64decode(uri.removeprefix("data:application/octet-stream;base64,"), validate=True)
    assert bytes(glb(scene)).endswith(blob) and blob[: 7 * 12] == (places - middle_of(scene)).astype("<f4").tobytes()


@in_loop
async def test_charts_are_vectors(tmp_path: Path) -> None:
    async with connect() as session:
        line = session.filters.PlotOverLine(Input=session.sources.Wavelet(), Resolution=30)
        chart = session.views.XYChartView(ChartTitle="along <&>", ViewSize=[300, 200])
        session.show(line, chart, SeriesVisibility=["RTData"], SeriesColor=["RTData", 1, 0, 0])
        await chart.export(tmp_path / "chart.svg")
        await chart.export(tmp_path / "chart.pdf")
        with pytest.raises(ValueError, match=r"XYChartView is exported to files \.svg, \.pdf, \.eps, not"):
            await chart.export(tmp_path / "chart.glb")
    root = ElementTree.parse(tmp_path / "chart.svg").getroot()
    red = [one for one in root.iter() if one.tag.endswith("polyline") and one.get("stroke", "").lower() == "#ff0000"]
    assert any(len(str(one.get("points")).split()) == 31 for one in red)
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF-1.")


@in_loop
async def test_what_cannot_be_exported_is_refused_or_said(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[80, 60])
        wavelet = session.sources.Wavelet()
        shown = session.show(wavelet, view, Representation="Volume", ColorBy=("POINTS", "RTData"))
        with pytest.raises(RemoteError, match="shown as Volume is made by the graphics card"):
            await view.export(tmp_path / "x.glb")
        with pytest.raises(
            ValueError, match=r"exported to files \.glb, \.gltf, \.x3d, .*\.obj, \.svg, \.pdf, \.eps, not to 'x\.wrl'"
        ):
            await view.export(tmp_path / "x.wrl")
        assert not (tmp_path / "x.glb").exists()
        shown.update(Representation="Surface")
        view.add_text("a text")
        with pytest.warns(ExportWarning, match="texts"):
            await view.export(tmp_path / "x.glb")
        shown.update(Visibility=False)
        view.Texts = []
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            await view.export(tmp_path / "empty.gltf")
    document = json.loads((tmp_path / "empty.gltf").read_text())
    assert "meshes" not in document and document["cameras"][0]["type"] == "perspective"


@in_loop
async def test_animations_as_gif(tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[60, 40], Background=[0.0, 0.0, 0.0])
        session.show(session.sources.Cone(), view, Color=RED, Lighting=False)
        assert await view.save_animation(tmp_path / "turn.gif", frame_rate=20.0, count=4, camera="orbit") == 4
        with pytest.raises(ValueError, match=r"a GIF has 0\.1 to 50 pictures a second"):
            await view.save_animation(tmp_path / "fast.gif", frame_rate=60.0, count=2)
    with Pillow.open(tmp_path / "turn.gif") as movie:
        assert (movie.size, movie.n_frames, movie.info["duration"]) == ((60, 40), 4, 50)  # type: ignore[attr-defined]
        first = np.asarray(movie.convert("RGB"))
        movie.seek(2)
        third = np.asarray(movie.convert("RGB"))
    assert (first == [255, 0, 0]).all(axis=2).sum() > 50 and (first != third).any()
