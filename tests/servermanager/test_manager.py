"""The proxy manager, undo, and states: names, relations, files and scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servermanager import StateError, connect

from ..harness.apvtest import BACKENDS, apvpython, in_loop, pixels


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_names_and_the_pipeline_browser(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        contour = session.filters.Contour(Input=wavelet, Isosurfaces=[150.0])
        again = session.filters.Contour(Input=wavelet)
        assert [session.proxies.name(one) for one in session.proxies.sources()] == ["Wavelet1", "Contour1", "Contour2"]
        assert session.proxies.find_source("Contour1") is contour and session.proxies.find_source("x") is None
        session.proxies.rename(contour, "skin")
        with pytest.raises(ValueError, match="'skin' is taken"):
            session.proxies.rename(again, "skin")
        assert session.proxies.active.source is again
        await contour.update_pipeline()
        assert str(session.proxies).splitlines() == [
            "Wavelet1 (Wavelet): uninitialized",
            "  skin (Contour): unmodified",
            "  Contour2 (Contour): uninitialized",
        ]
        wavelet.Maximum = 300.0
        assert session.proxies.state(contour) == "modified"
        contour.Isosurfaces = ["a"]
        with pytest.raises(Exception, match=r"Isosurfaces\[0\] expects a number"):
            await contour.update_pipeline()
        assert session.proxies.state(contour) == "failed"


@in_loop
async def test_copies_have_objects_of_their_own(backend: str) -> None:
    async with connect(backend=backend) as session:
        plane = session.objects.Plane(Normal=(0, 0, 1))
        cut = session.filters.Slice(Input=session.sources.Wavelet(), SliceType=plane)
        copy = session.proxies.copy(cut, name="copy")
        copy.SliceType.Origin = (0, 0, 4)
        first, second = (await cut.update_pipeline()).bounds, (await copy.update_pipeline()).bounds
        assert first is not None and second is not None and (first[4], second[4]) == (0, 4)


@in_loop
async def test_undo_and_redo(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        contour = session.filters.Contour(Input=wavelet, Isosurfaces=[150.0])
        before = (await contour.update_pipeline()).number_of_cells
        contour.Isosurfaces = [200.0]
        after = (await contour.update_pipeline()).number_of_cells
        assert session.undo.undo() == "set Contour.Isosurfaces" and contour.Isosurfaces == [150.0]
        assert (await contour.update_pipeline()).number_of_cells == before != after
        assert session.undo.redo() is not None and (await contour.update_pipeline()).number_of_cells == after
        with session.undo.group("move"):
            wavelet.Maximum = 100.0
            wavelet.Center = (1, 1, 1)
        assert session.undo.undo() == "move"
        assert (await contour.update_pipeline()).number_of_cells == after
        session.delete(contour)
        assert session.undo.undo() == "delete Contour" and session.proxies.find_source("Contour1") is contour
        assert (await contour.update_pipeline()).number_of_cells == after
        while session.undo.undo() is not None:
            pass
        assert len(session.proxies) == 0


SCENE = """
import os
from servermanager import connect
os.chdir({directory!r})
session = await connect()
wavelet = session.sources.Wavelet()
plane = session.objects.Plane(Normal=(0, 0, 1), Origin=(0, 0, 2))
cut = session.filters.Slice(Input=wavelet, SliceType=plane)
view = session.views.RenderView(ViewSize=(120, 90), CameraPosition=(0, 0, 60), CameraFocalPoint=(0, 0, 0))
session.show(cut, view, ColorBy=("POINTS", "RTData"))
await view.save_screenshot("first.png")
await session.save_state("scene.json")
await session.save_script("scene.py")
await session.close()
"""

LOAD = """
import os
from servermanager import connect
os.chdir({directory!r})
session = await connect()
sources = await session.load_state("scene.json")
assert [session.proxies.name(one) for one in sources] == ["Wavelet1", "Slice1"], sources
assert (await sources[1].update_pipeline()).bounds[4:] == (2.0, 2.0)
await session.all_views()[0].save_screenshot("third.png")
await session.close()
"""


def test_a_scene_comes_back_from_its_file_and_from_its_script(tmp_path: Path, backend: str) -> None:
    def run(name: str, text: str) -> None:
        (tmp_path / name).write_text(text)
        ended = apvpython(str(tmp_path / name), APV_COMMUNICATION_BACKEND=backend)
        assert ended.code == 0, ended

    run("make.py", SCENE.format(directory=str(tmp_path)))
    script = (tmp_path / "scene.py").read_text()
    shot = f"await session.all_views()[0].save_screenshot({str(tmp_path / 'second.png')!r})"
    run("again.py", f"{script}{shot}\nawait session.close()\n")
    run("load.py", LOAD.format(directory=str(tmp_path)))
    first, second, third = (pixels(tmp_path / f"{name}.png") for name in ("first", "second", "third"))
    assert first.std() > 10 and (first == second).all() and (first == third).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda state: {**state, "version": 2}, "has version 2, this program reads up to 1"),
        (lambda state: {**state, "format": "x"}, "its format is not 'async-paraview-state'"),
        (
            lambda state: {**state, "proxies": state["proxies"][1:]},
            r"is damaged: proxies\[0\]\.inputs\.Input\[0\]: no proxy that comes before it has the id 1",
        ),
        (lambda state: {**state, "proxies": [{"id": 1}]}, r"is damaged: proxies\[0\]: 'kind' is missing"),
        (lambda state: {key: value for key, value in state.items() if key != "views"}, "'views' is missing"),
        (
            lambda state: {**state, "representations": [{"source": [1, 0], "view": 99}]},
            r"representations\[0\]\.view: .* 99",
        ),
    ],
)
@in_loop
async def test_state_files_that_cannot_be(change: object, words: str, tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        session.filters.Contour(Input=session.sources.Wavelet())
        path = tmp_path / "state.json"
        await session.save_state(path)
        path.write_text(json.dumps(change(json.loads(path.read_text()))))  # type: ignore[operator]
        with pytest.raises(StateError, match=words):
            await session.load_state(path)
        path.write_bytes(b"\xff\xfe garbage")
        with pytest.raises(StateError, match="is not JSON"):
            await session.load_state(path)
        assert len(session.proxies) == 2
