"""Views, representations and texts are proxies as sources are: attributes, refusals at once, definitions, panels."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from async_paraview.scene.catalog import KINDS_OF_VIEWS, SCENE_TYPES
from servermanager import PropertyManager, RemoteError, Session, connect
from services_core.payload import unpack_payload

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.unchecked import tell_unchecked

PLACED = {"CameraPosition": [0, 0, 6], "CameraFocalPoint": [0, 0, 0]}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def look(view: Any) -> Any:
    return (await view.screenshot(format="rgb")).pixels


def scene(session: Session, **properties: Any) -> tuple[Any, Any]:
    view = session.views.RenderView(ViewSize=[80, 60], **properties)
    return view, session.show(session.sources.SphereSource(), view)


_ANNOTATIONS = {
    "Text", "Light", "ScalarBar", "GridAxes3DActor", "LegendGridActor", "PolarAxesRepresentation", "Plane",
    "TransferFunction2D", "Widget",
}  # fmt: skip


@in_loop
async def test_properties_are_attributes_that_are_seen_and_read_back(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = scene(session)
        view.Background = np.array([0.0, 0.0, 1.0])
        shown.Color, shown.Lighting = (1, 0, 0), False
        seen = await look(view)
        assert (tuple(seen[0, 0]), tuple(seen[30, 40])) == ((0, 0, 255), (255, 0, 0))
        assert (view.Background, shown.Color, shown.Lighting) == ([0.0, 0.0, 1.0], [1, 0, 0], False)
        assert (view.StillSamples, shown.Opacity, shown.ColorBy, view.Texts) == (8, 1.0, None, [])  # defaults
        del shown.Color
        assert shown.Color is None and tuple((await look(view))[30, 40]) == (255, 255, 255)
        text = view.add_text("here", FontSize=12)
        text.Color, text.FontSize = [0, 1, 0], 20
        assert (text.Color, text.Bold, view.Texts) == (
            [0, 1, 0],
            False,
            [{"Text": "here", "FontSize": 20, "Color": [0, 1, 0]}],
        )
        assert ((await look(view))[:, :, 1] > 200).sum() > 5
        chart = session.views.XYChartView(ViewSize=[80, 60])
        chart.ChartTitle = "x"
        curve = session.show(session.filters.PlotOverLine(Input=session.sources.Wavelet()), chart)
        curve.SeriesVisibility = ["RTData"]
        assert (chart.ChartTitle, (await chart.properties())["ChartTitle"]) == ("x", "x")
        assert curve.SeriesVisibility == ["RTData"]
        await chart.screenshot()


@in_loop
async def test_what_is_wrong_is_refused_at_once_and_changes_nothing() -> None:
    async with connect(backend="inproc") as session:
        view, shown = scene(session)
        chart, text = session.views.XYChartView(), view.add_text("text")
        before = await look(view)
        labels = session.undo.labels
        for target, name, value, error, says in (
            (view, "BackGround", [1, 1, 1], AttributeError, "RenderView has no property.*did you mean Background"),
            (view, "Background", [1, 1, 2], ValueError, r"RenderView.Background = \[1, 1, 2\]: .*from 0 to 1"),
            (view, "background", [1, 1, 1], AttributeError, "CamelCase"),
            (view, "Background", object(), TypeError, "RenderView.Background is of type object"),
            (view, "Texts", [{"Txet": "a"}], AttributeError, "Text has no property 'Txet'; did you mean Text"),
            (shown, "Opacity", "much", ValueError, "from 0 to 1"),
            (shown, "Representation", "Volumes", ValueError, "Did you mean 'Volume'"),
            (shown, "ColorBy", "RTData", ValueError, "an array like"),
            (chart, "LegendLocation", "Middle", ValueError, "no place of a legend"),
            (text, "FontSize", 9000, ValueError, "from 1 to 500"),
        ):
            with pytest.raises(error, match=says):
                setattr(target, name, value)
        with pytest.raises(AttributeError, match="did you mean Opacity"):
            session.show(shown.source, view, Opacityy=0.5)
        with pytest.raises(AttributeError, match="did you mean Background"):
            session.views.RenderView(Backgroundd=[1, 1, 1])
        with pytest.raises(AttributeError, match="did you mean Opacity"):
            _ = shown.Opacityy
        assert session.undo.labels == labels and len(session.all_views()) == 2
        assert len(session.all_representations()) == 1
        assert (await look(view) == before).all()


@in_loop
async def test_update_warns_and_goes_on_for_one_release() -> None:
    async with connect(backend="inproc") as session:
        view, shown = scene(session)
        text = view.add_text("text")
        for target, wrong, right, says in (
            (view, {"BackGround": [1, 1, 1]}, {"Background": [1, 1, 1]}, "did you mean Background"),
            (shown, {"FeatureAngle": 999}, {"FeatureAngle": 9}, "from 0 to 180"),
            (text, {"FontSize": 9000}, {"FontSize": 9}, "from 1 to 500"),
        ):
            with pytest.warns(DeprecationWarning, match=f"{says}.*from the next release on"):
                target.update(**wrong)
            with pytest.raises(RemoteError, match=next(iter(wrong))):
                await view.screenshot()
            assert not wrong.items() <= target.set_values().items()
            target.update(**right)
            await view.screenshot()
        with pytest.warns(DeprecationWarning, match="no property 'Slanted'"):
            slanted = view.add_text("x", Slanted=True)
        with pytest.raises(RemoteError, match="for each text a map with"):
            await view.screenshot()
        slanted.delete()
        await view.screenshot()


@in_loop
async def test_definitions_are_those_of_the_server(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = scene(session)
        chart = session.views.XYChartView()
        curve, text = session.show(session.sources.Sphere(), chart), view.add_text("text")
        for one in (view, shown, chart, curve, text):
            definition = await one.definition()
            asked = await session.data.send_request({"op": "definition", "type": one.wire_type})
            assert unpack_payload(asked) == definition
            names = [entry["name"] for entry in definition["properties"]]
            assert set(names) <= set(dir(one)) and all(name in one.help() for name in names[:5])
            halves = {entry["name"] for entry in definition["properties"] if entry["half"] == "both"}
            assert halves == SCENE_TYPES[one.wire_type].of_both_halves
        for group, listed in (
            ("views", set(KINDS_OF_VIEWS)),
            ("annotations", _ANNOTATIONS),
        ):
            assert {entry.name for entry in await session.definitions.list(group)} == listed


@in_loop
async def test_panels_and_domains_serve_them() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=[80, 60])
        shown = session.show(session.sources.Wavelet(), view)
        assert not shown.domain("ColorBy").known
        await shown.update_domains()
        assert shown.domain("ColorBy").entries == (("POINTS", "RTData"),)
        assert shown.domain("Representation").entries[:2] == ("Surface", "Surface With Edges")
        shown.ColorBy = ("POINTS", "RTData", 0)
        low, high = shown.domain("ScalarRange").range
        assert 37 < low < 38 and 276 < high < 277
        panel = await PropertyManager.of(shown)
        told: list[tuple[str, Any]] = []
        panel.watch(lambda name, value: told.append((name, value)))
        lines = {one.name: one for one in panel.panel()}
        assert "FeatureAngle" not in lines and lines["Opacity"].value == 1.0 and not lines["Opacity"].is_set
        with pytest.raises(ValueError, match="from 0 to 1"):
            panel.set(Visibility=False, Opacity=2.0)
        assert shown.Visibility is True
        panel.set(Representation="Feature Edges", Opacity=0.5)
        assert "FeatureAngle" in {one.name for one in panel.panel()}
        assert told == [("Representation", "Feature Edges"), ("Opacity", 0.5)]
        assert session.undo.undo() == "set Representation, Opacity of GeometryRepresentation"
        assert (shown.Representation, shown.Opacity) == ("Surface", 1.0)
        panel.reset()
        assert shown.set_values() == {} and session.undo.undo() is not None and shown.ColorBy == ["POINTS", "RTData", 0]


@in_loop
async def test_the_camera_can_be_read_at_any_time(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[80, 60])
        session.show(session.sources.SphereSource(Center=[5, 0, 0]), view)
        fitted = await view.camera()  # nobody has looked yet
        assert fitted["CameraFocalPoint"] == [5.0, 0.0, 0.0] == view.CameraFocalPoint
        seen = await view.screenshot()
        assert list(seen.camera["position"]) == fitted["CameraPosition"] == view.CameraPosition
        view.orbit(90)
        turned = await view.camera()
        assert turned["CameraPosition"] == pytest.approx([5 + fitted["CameraPosition"][2], 0, 0])
        view.orbit(-90)
        await view.screenshot()
        assert view.CameraPosition == pytest.approx(fitted["CameraPosition"])
        view.CameraPosition = [5, 0, 9]
        assert view.CameraPosition == [5, 0, 9] == (await view.camera())["CameraPosition"]
        other = session.views.RenderView(ViewSize=[80, 60], **turned)
        assert await other.camera() == turned


@in_loop
async def test_changes_are_steps_of_undo(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = scene(session, Background=[0, 0, 0])
        steps: list[Any] = [await look(view)]
        text = view.add_text("abc", FontSize=20)
        steps.append(await look(view))
        for change in (
            lambda: setattr(view, "Background", [0, 0, 1]),
            lambda: shown.update(Color=[1, 0, 0], Opacity=0.5),
            lambda: setattr(text, "Color", [0, 1, 0]),
            lambda: view.update(CameraPosition=[0, 0, 9], CameraFocalPoint=[0, 0, 0]),
            lambda: session.show(session.sources.Cone(), view, Representation="Outline"),
            text.delete,
            shown.delete,
        ):
            with session.undo.group("change"):
                change()
            steps.append(await look(view))
        assert all((a != b).any() for a, b in itertools.pairwise(steps))
        for _ in range(2):
            for before in reversed(steps[:-1]):
                assert session.undo.undo() is not None
                np.testing.assert_array_equal(await look(view), before)
            for after in steps[1:]:
                assert session.undo.redo() is not None
                np.testing.assert_array_equal(await look(view), after)


@in_loop
async def test_a_camera_that_was_set_before_there_was_anything_is_fitted_again_after_undo() -> None:
    async with connect(backend="inproc") as session:
        view, other = (session.views.RenderView(ViewSize=[80, 60]) for _ in range(2))
        for _ in range(2):
            await view.screenshot()  # the camera of an empty view
            await view.camera()
            view.update(CameraPosition=[0, 0, 50], CameraFocalPoint=[0, 0, 0], CameraViewUp=[1, 0, 0])
            assert session.undo.undo() == "set CameraPosition, CameraFocalPoint, CameraViewUp of RenderView"
        for one in (view, other):
            session.show(session.sources.SphereSource(Center=[5, 0, 0]), one)
        np.testing.assert_array_equal(await look(view), await look(other))
        assert view.CameraFocalPoint == [5.0, 0.0, 0.0]


@in_loop
async def test_a_deleted_view_comes_back_with_all_that_it_showed(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = scene(session, Background=[0, 1, 0], **PLACED)
        shown.Color = [1, 0, 0]
        view.add_text("abc", FontSize=20)
        before = await look(view)
        view.delete()
        with pytest.raises(ValueError, match="was deleted"):
            view.Background = [1, 1, 1]
        view.delete()  # once is enough
        assert session.undo.undo() == "delete RenderView" and session.all_representations() == [shown]
        np.testing.assert_array_equal(await look(view), before)
        assert session.undo.redo() == "delete RenderView" and session.all_views() == []
        with pytest.raises(RemoteError, match="UnknownView"):
            await view.screenshot()


@in_loop
async def test_what_only_the_server_knows_is_told_when_it_is_awaited() -> None:
    async with connect(backend="inproc") as session:
        view, shown = scene(session)
        shown.LookupTable = "no such colors"
        with pytest.raises(RemoteError, match="no color preset is called 'no such colors'"):
            await view.screenshot()
        del shown.LookupTable
        await view.screenshot()
        tell_unchecked(view, Backgroundd=[1, 1, 1])
        with pytest.raises(RemoteError, match="Did you mean 'Background'"):
            await view.ready()


@in_loop
async def test_a_state_with_texts_saved_before_the_first_image_looks_the_same(backend: str, tmp_path: Any) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[120, 90], Background=[0, 0, 0], CameraViewUp=[1, 0, 0])
        session.show(session.sources.SphereSource(Center=[5, 1, 2]), view, Color=[1, 0, 0])
        view.add_text("hello", FontSize=20, Color=[0, 1, 0])
        view.add_text("there", WindowLocation="Upper Center")
        await session.save_state(tmp_path / "scene.json")
        await session.save_script(tmp_path / "scene.py")
        seen = await look(view)
        assert (await session.load_state(tmp_path / "scene.json"))[0].Center == [5, 1, 2]
        loaded = session.all_views()[-1]
        np.testing.assert_array_equal(await look(loaded), seen)
        assert session.undo.undo() == "load state" and len(session.all_views()) == 1
        assert session.undo.redo() == "load state"
        np.testing.assert_array_equal(await look(session.all_views()[-1]), seen)
    text = (tmp_path / "scene.py").read_text()
    assert "add_text('hello', FontSize=20, Color=[0, 1, 0])" in text


@in_loop
async def test_what_was_deleted_takes_nothing(backend: str) -> None:
    async with connect(backend=backend) as session:
        view, shown = scene(session)
        text = view.add_text("x")
        view.delete()
        calls: list[Callable[[], Any]] = [
            lambda: setattr(text, "Bold", True),
            lambda: text.update(Bold=True),
            text.delete,
            lambda: view.rotate(0.1, 0.1),
            view.reset_camera,
            lambda: setattr(view, "Background", [1, 1, 1]),
            lambda: setattr(shown, "Opacity", 0.5),
        ]
        for call in calls:
            with pytest.raises(ValueError, match="was deleted"):
                call()
        session.undo.undo()
        text.Bold = True
        await view.ready()
        assert (await view.properties())["Texts"][0]["Bold"] is True


@in_loop
async def test_what_is_shown_is_read_as_the_input(backend: str) -> None:
    async with connect(backend=backend) as session:
        _, shown = scene(session)
        assert shown.Input == shown.source
        for change in (lambda: setattr(shown, "Input", shown.source), lambda: shown.update(Input=3)):
            with pytest.raises(TypeError, match=r"Input .*show"):
                change()


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_a_deleted_view_is_never_ready(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.create_view()
        view.delete()
        with pytest.raises(ValueError, match="was deleted"):
            await view.ready()
