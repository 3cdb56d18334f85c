"""States and scripts: what is saved is what is seen at one moment, and what is loaded is that, as one step of undo."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import RemoteError, RenderViewProxy, Session, StateError, ViewProxy, connect

from ..harness.apvtest import BACKENDS, apvpython, in_loop, pixels
from ..harness.unchecked import tell_unchecked

SIZE = (96, 72)


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def look(view: ViewProxy) -> np.ndarray:
    return (await view.screenshot(format="rgb")).pixels


def render_views(session: Session) -> list[RenderViewProxy]:
    return [view for view in session.all_views() if isinstance(view, RenderViewProxy)]


def names(session: Session) -> list[str]:
    return [session.proxies.name(one) for one in session.proxies]


def made_by(script: str, directory: Path, backend: str, *lines: str) -> str:
    """What a saved script prints with more lines at its end."""
    longer = directory / "longer.py"
    longer.write_text(script + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    ended = apvpython(str(longer), APV_COMMUNICATION_BACKEND=backend)
    assert (ended.code, ended.errors) == (0, ""), ended
    return ended.output


@in_loop
async def test_before_the_first_image_the_camera_is_saved_as_it_will_be_seen(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=SIZE)
        session.show(session.sources.Wavelet(), view, Representation="Outline")
        session.show(session.sources.Cone(Height=30.0, Center=(30, 0, 0)), view)
        view.orbit(30, 20)
        await session.save_state(tmp_path / "scene.json")
        await session.save_script(tmp_path / "scene.py")
        seen = await look(view)
        await session.load_state(tmp_path / "scene.json")
        loaded = await look(session.all_views()[1])
    assert seen.std() > 10 and (seen == loaded).all()
    shot = f"await session.all_views()[0].save_screenshot({str(tmp_path / 'script.png')!r})"
    made_by((tmp_path / "scene.py").read_text(), tmp_path, backend, shot)
    assert (pixels(tmp_path / "script.png") == seen).all()


@in_loop
async def test_saving_does_not_place_the_camera(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view, expected = (session.views.RenderView(ViewSize=SIZE) for _ in range(2))
        small, large = session.sources.Sphere(), session.sources.Sphere(Radius=20.0)
        session.show(small, view)
        await session.save_state(tmp_path / "scene.json")
        session.show(large, view)
        session.show(small, expected)
        session.show(large, expected)
        assert (await look(view) == await look(expected)).all()


@in_loop
async def test_an_empty_view_that_is_loaded_fits_what_is_shown_later(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=SIZE)
        view.reset_camera("+X")
        await session.save_state(tmp_path / "scene.json")
        await session.load_state(tmp_path / "scene.json")
        sphere = session.sources.Cone(Radius=7.0, Center=(100, 0, 0))
        for one in session.all_views():
            session.show(sphere, one)
        first, second = [await look(one) for one in session.all_views()]
    assert first.std() > 10 and (first == second).all()


@in_loop
async def test_a_failing_filter_and_refused_properties_can_be_saved_and_the_rest_is(
    backend: str, tmp_path: Path
) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=SIZE, Background=[1, 0, 0])
        tell_unchecked(view, ViewSize=[0, 0])  # refused: it stays as it was
        title = view.add_text("first", FontSize=9)
        await session.data.send_request({"op": "sync"})
        broken = session.sources.XMLPolyDataReader(FileName=str(tmp_path / "missing.vtp"))
        session.show(broken, view)
        shown = session.show(session.sources.Cone(), view, Color=[0, 1, 0], LookupTable="no such colors")
        tell_unchecked(shown, Opacityy=0.5)
        await session.save_state(tmp_path / "scene.json")
        state = json.loads((tmp_path / "scene.json").read_text())
        assert [one["type"] for one in state["proxies"]] == ["XMLPolyDataReader", "Cone"]
        shown = state["representations"][1]["properties"]
        assert shown == {"ColorBy": None, "Color": [0, 1, 0]}
        seen = state["views"][0]["properties"]
        assert (seen["ViewSize"], seen["Background"]) == (list(SIZE), [1.0, 0.0, 0.0])
        assert seen["Texts"] == [{"Text": "first", "FontSize": 9}] == [title.set_values()]
        await session.load_state(tmp_path / "scene.json")
        assert len(session.proxies) == 4


@in_loop
async def test_texts_stay_texts(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=(200, 80), Background=[0, 0, 0])
        view.add_text("hello", FontSize=20)
        view.add_text("naïve \u201cquotes\u201d", WindowLocation="Upper Center", Color=(1, 1, 0))
        seen = await look(view)
        await session.save_state(tmp_path / "scene.json")
        await session.save_script(tmp_path / "scene.py")
        await session.load_state(tmp_path / "scene.json")
        loaded = render_views(session)[1]
        assert (await look(loaded) == seen).all() and seen.any()
        third = loaded.add_text("third", WindowLocation="Lower Right Corner")
        assert [one.Text for one in loaded.texts] == ["hello", "naïve \u201cquotes\u201d", "third"]
        assert [one["Text"] for one in (await loaded.properties())["Texts"]] == [
            "hello",
            "naïve \u201cquotes\u201d",
            "third",
        ]
        third.delete()
        loaded.texts[0].update(Text="goodbye")
        assert [one["Text"] for one in (await loaded.properties())["Texts"]] == ["goodbye", "naïve \u201cquotes\u201d"]
        loaded.update(Texts=[{"Text": "alone"}])
        assert [one.set_values() for one in loaded.texts] == [{"Text": "alone"}]
    texts = "print([one.Text for one in session.all_views()[0].texts])"
    shot = f"await session.all_views()[0].save_screenshot({str(tmp_path / 'script.png')!r})"
    printed = made_by((tmp_path / "scene.py").read_text(encoding="utf-8"), tmp_path, backend, texts, shot)
    assert "'hello'" in printed and (pixels(tmp_path / "script.png") == seen).all()


@in_loop
async def test_a_state_is_of_the_moment_in_which_saving_begins(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=SIZE, Background=[0, 0, 1])
        kept, gone = session.sources.Sphere(), session.sources.Cone()
        for one in (kept, gone):
            session.show(one, view)
        session.views.XYChartView()
        saving = [asyncio.create_task(session.save_state(tmp_path / f"{index}.json")) for index in range(3)]
        await asyncio.sleep(0)
        session.show(session.sources.Cylinder(), view)
        session.delete(gone)
        view.update(Background=[1, 1, 1])
        view.add_text("later")
        kept.Radius = 3.0
        session.all_views()[1].delete()
        await asyncio.gather(*saving)
        states = [json.loads((tmp_path / f"{index}.json").read_text()) for index in range(3)]
        for state in states:
            assert [one["name"] for one in state["proxies"]] == ["Sphere1", "Cone1"]
            assert "Radius" not in state["proxies"][0]["properties"]
            assert [one["kind"] for one in state["views"]] == ["RenderView", "XYChartView"]
            assert state["views"][0]["properties"]["Background"] == [0.0, 0.0, 1.0]
            assert "Texts" not in state["views"][0]["properties"]
            assert len(state["representations"]) == 2
        await session.load_state(tmp_path / "0.json")
        assert len(session.all_views()) == 3 and len(session.proxies) == 4


@in_loop
async def test_loading_is_one_step_that_is_undone_and_done_again_whole(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=SIZE)
        session.time = 2.0
        cut = session.filters.Slice(Input=session.sources.Wavelet(), SliceType=session.objects.Plane(Normal=(0, 0, 1)))
        session.show(cut, view, ColorBy=("POINTS", "RTData"))
        seen = await look(view)
        await session.save_state(tmp_path / "scene.json")
    async with connect(backend=backend) as session:
        mine = session.sources.Sphere()
        await session.load_state(tmp_path / "scene.json")
        assert (session.undo.labels[-1], len(session.undo.labels)) == ("load state", 2)
        assert session.undo.undo() == "load state"
        assert (list(session.proxies), session.all_views(), session.all_representations()) == ([mine], [], [])
        assert session.time is None and session.proxies.active.view is None
        assert session.undo.redo() == "load state"
        assert session.time == 2.0 and len(session.proxies) == 4
        assert (await look(session.all_views()[0]) == seen).all() and seen.std() > 10
        session.undo.undo()
        session.undo.undo()
        assert len(session.proxies) == 0
        assert await session.data.send_request({"op": "sync"})


@in_loop
async def test_time_and_numbers_that_are_not_finite(tmp_path: Path, backend: str) -> None:
    async with connect(backend=backend) as session:
        await session.save_state(tmp_path / "timeless.json")
        session.filters.Threshold(
            Input=session.sources.Wavelet(),
            Scalars=("POINTS", "RTData"),
            LowerThreshold=float("-inf"),
            UpperThreshold=100.0,
        )
        session.filters.Contour(Input=session.proxies.sources()[0], Isosurfaces=[float("nan"), 1e300, float("inf")])
        session.time = 4.0
        await session.load_state(tmp_path / "timeless.json")
        assert session.time == 4.0
        await session.save_state(tmp_path / "scene.json")
        await session.save_script(tmp_path / "scene.py")
        await session.load_state(tmp_path / "scene.json")
        again = session.proxies.sources()[4]
        assert (again.LowerThreshold, again.UpperThreshold) == (float("-inf"), 100.0)
        cells = (await again.update_pipeline()).number_of_cells
    lines = [
        "cut, lines = session.proxies.find_source('Threshold1'), session.proxies.find_source('Contour1')",
        "print(session.time, lines.Isosurfaces, (await cut.update_pipeline()).number_of_cells)",
    ]
    printed = made_by((tmp_path / "scene.py").read_text(), tmp_path, backend, *lines)
    assert printed == f"4.0 [nan, 1e+300, inf] {cells}\n" and cells > 100


@in_loop
async def test_a_script_makes_the_same_names(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        spheres = [session.sources.Sphere() for _ in range(3)]
        session.delete(spheres[0])
        session.proxies.rename(spheres[1], "Sphere3000")
        session.proxies.rename(spheres[2], "Sphere1")
        glyphs = [session.filters.Glyph(Input=one, GlyphType=session.sources.Cone()) for one in spheres[1:]]
        session.proxies.rename(glyphs[0], 'it\'s "½" \\ \n')
        cut = session.filters.Slice(Input=glyphs[0])
        await cut.definition()
        cut.SliceType = None
        expected = sorted(names(session))
        await session.save_script(tmp_path / "scene.py")
        await session.save_state(tmp_path / "scene.json")
    made = made_by(
        (tmp_path / "scene.py").read_text("utf-8"),
        tmp_path,
        "inproc",
        "print(sorted(session.proxies.name(one) for one in session.proxies))",
    )
    assert made == f"{expected}\n"
    async with connect(backend="inproc") as session:
        await session.load_state(tmp_path / "scene.json")
        assert sorted(names(session)) == expected


@in_loop
async def test_charts_come_back(tmp_path: Path, backend: str) -> None:
    async with connect(backend=backend) as session:
        chart = session.views.XYChartView(ViewSize=(200, 150), ChartTitle="values", LeftAxisLogScale=True)
        line = session.filters.PlotOverLine(Input=session.sources.Wavelet(), Point1=(-10, 0, 0), Point2=(10, 0, 0))
        session.show(line, chart, SeriesColor=["RTData", 1, 0, 0], SeriesVisibility=["RTData"])
        seen = await look(chart)
        await session.save_state(tmp_path / "scene.json")
        await session.load_state(tmp_path / "scene.json")
        assert (await look(session.all_views()[1]) == seen).all() and seen.std() > 10


@in_loop
async def test_names_of_files_that_are_no_text_do_not_prevent_saving(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        session.sources.Sphere(Radius=2.0)
        with_name = session.sources.XMLPolyDataReader()
        with_name.FileName = "/data/\udcff.vtp"  # as os.listdir gives it
        path = tmp_path / "scene.json"
        await session.save_state(path)
        assert '"FileName": "/data/\\udcff.vtp"' in path.read_text(encoding="utf-8")
        count = len(session.proxies)
        with pytest.raises(StateError, match=r"proxies\[1\]\.properties\.FileName: .* cannot be sent to a server"):
            await session.load_state(path)
        assert len(session.proxies) == count


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda session: session.create("Sphere", Radiuss=3.0), "Radius"),
        (lambda session: session.create("Spheer"), "Spheer"),
    ],
)
@in_loop
async def test_what_cannot_be_loaded_is_not_saved(make: Any, told: str, tmp_path: Path) -> None:
    """The definition has not arrived when it is saved."""
    async with connect() as session:
        session.show(make(session), session.views.RenderView())
        with pytest.raises(RemoteError, match=told):
            await session.save_state(tmp_path / "scene.json")
        assert not (tmp_path / "scene.json").exists()
        await session.save_state(tmp_path / "scene.json")
        await session.load_state(tmp_path / "scene.json")
