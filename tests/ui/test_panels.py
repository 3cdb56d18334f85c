"""Panels: lines with editors, what is entered there, what is wrong with it, and what properties hold."""

from __future__ import annotations

import pytest

from servermanager import Panel, PanelLine, PropertyManager, RemoteError, connect

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def names(lines: tuple[PanelLine, ...]) -> list[str]:
    return [one.name for line in lines for one in (line, *line.lines)]


@in_loop
async def test_the_lines_of_a_filter(backend: str) -> None:
    async with connect(backend=backend) as session:
        clip = session.filters.Clip(Input=session.sources.Wavelet())
        panel = await Panel.of(clip)
        await panel.refresh()
        lines = {one.name: one for one in panel.lines()}
        assert list(lines) == ["Input", "ClipType", "Invert", "Crinkleclip"]
        assert [one.label for one in lines["Input"].choices] == ["Wavelet1"]
        held = {one.name: one for one in lines["ClipType"].lines}
        assert list(held) == ["ClipType.Origin", "ClipType.Normal"], "an expert's Offset is left out"
        assert held["ClipType.Origin"].editor == "vector" and held["ClipType.Origin"].slider == ((-10.0, 10.0),) * 3
        value = panel.line("Value")
        assert (value.editor, round(value.value, 3), value.is_set) == ("number", 157.091, False), (
            "as the server takes it"
        )
        assert [round(one, 1) for one in value.slider[0]] == [37.4, 276.8] and value.step == 1.0
        assert panel.line("Scalars").value == ["POINTS", "RTData"]
        assert lines["Invert"].editor == "flag" and lines["Invert"].value is True
        assert "ClipType.Offset" in names(panel.lines(advanced=True))
        assert names(panel.lines("orig")) == ["ClipType", "ClipType.Origin"]
        assert names(panel.lines("OFFSET")) == ["ClipType", "ClipType.Offset"], "who searches finds experts' lines"


@in_loop
async def test_what_a_clip_does_without_is_not_shown() -> None:
    """A value does nothing while a plane clips, and edges are as sharp as they are of boxes alone."""
    async with connect(backend="inproc") as session:
        clip = session.filters.Clip(Input=session.sources.Wavelet())
        panel, manager = await Panel.of(clip), await PropertyManager.of(clip)
        of_some = {"Scalars", "Value", "Exact"}
        for kind, shown in (("Scalar", {"Scalars", "Value"}), ("Box", {"Exact"}), ("Plane", set())):
            assert panel.change("ClipType", "" if kind == "Scalar" else kind)
            assert of_some & {one.name for one in panel.lines()} == shown, kind
            assert of_some & {one.name for one in manager.panel()} == shown, kind
        assert [one.name for one in panel.lines("value")] == [], "nor to who searches"


@in_loop
async def test_what_is_entered_is_read_checked_and_one_step_of_undo() -> None:
    async with connect(backend="inproc") as session:
        clip = session.filters.Clip(Input=session.sources.Wavelet())
        panel = await Panel.of(clip)
        steps = len(session.undo.labels)
        assert panel.change("ClipType.Origin", "1, 2 3") and clip.ClipType.Origin == [1.0, 2.0, 3.0]
        assert panel.change("Value", "1e2") and clip.Value == 100.0
        assert len(session.undo.labels) == steps + 2
        assert not panel.change("Value", "1,5")
        assert panel.line("Value").error == "expected a number, not '1,5'; decimals stand after a point"
        assert clip.Value == 100.0 and len(session.undo.labels) == steps + 2, "the value stays"
        assert not panel.change("ClipType.Normal", [0, 1])
        assert panel.line("ClipType.Normal").error == "expected 3 numbers, not 2"
        session.undo.undo()
        assert panel.line("Value").error == "" and not panel.line("Value").is_set, "it was changed otherwise"
        with pytest.raises(AttributeError, match="did you mean Value"):
            panel.change("Valeu", 1)
        assert panel.reset("ClipType.Origin") and not panel.line("ClipType.Origin").is_set


@in_loop
async def test_another_object_brings_its_own_lines() -> None:
    async with connect(backend="inproc") as session:
        clip = session.filters.Clip(Input=session.sources.Wavelet())
        panel = await Panel.of(clip)
        told: list[list[str]] = []
        panel.watch(lambda: told.append(names(panel.lines())))
        assert panel.change("ClipType", "Sphere")
        await poll_async(lambda: told and "ClipType.Radius" in told[-1], what="the lines of a sphere")
        assert panel.change("ClipType.Radius", 3) and clip.ClipType.Radius == 3.0
        assert panel.change("ClipType", "Scalar") and clip.value_set("ClipType") is None
        assert panel.line("ClipType").value == ""
        assert session.undo.undo() == "set Clip Type of Clip1" and clip.ClipType.Radius == 3.0
        assert (await clip.update_pipeline()).number_of_cells > 100


@in_loop
async def test_what_only_the_server_refuses_stands_at_its_line(backend: str) -> None:
    async with connect(backend=backend) as session:
        panel = await Panel.of(session.sources.Sphere())
        assert panel.change("ThetaResolution", 10**12)
        with pytest.raises(Exception, match="out of range"):
            await panel.confirm()
        assert "out of range for int" in panel.line("ThetaResolution").error
        assert panel.change("ThetaResolution", 12)
        await panel.confirm()
        assert panel.line("ThetaResolution").error == ""


@in_loop
async def test_inputs_are_chosen_by_name_or_number_and_make_no_circle() -> None:
    async with connect(backend="inproc") as session:
        wavelet, sphere = session.sources.Wavelet(), session.sources.Sphere()
        contour = session.filters.Contour(Input=wavelet)
        slice_ = session.filters.Slice(Input=contour)
        panel = await Panel.of(contour)
        choices = {one.label: one for one in panel.line("Input").choices}
        assert choices["Slice1"].why_not == "it depends on this" and "Contour1" not in choices
        assert panel.change("Input", "Sphere1") and contour.inputs()["Input"][0].proxy is sphere
        assert panel.change("Input", [wavelet.id, 0]) and panel.line("Input").value == [[wavelet.id, 0]]
        assert not panel.change("Input", [slice_.id, 0]) and "depends on" in panel.line("Input").error
        several = await Panel.of(session.filters.AppendDatasets(Input=[wavelet, sphere]))
        assert several.line("Input").value == [[wavelet.id, 0], [sphere.id, 0]]
        assert several.change("Input", [[sphere.id, 0]]) and several.line("Input").value == [[sphere.id, 0]]


@in_loop
async def test_views_and_what_they_show_have_panels_with_parts() -> None:
    async with connect(backend="inproc") as session:
        view = session.create_view(ViewSize=[60, 40])
        shown = session.show(session.sources.Wavelet(), view)
        of_view, of_shown = await Panel.of(view), await Panel.of(shown)
        assert of_view.change("Background", "#ff8000")
        assert [round(one, 2) for one in view.Background] == [1.0, 0.5, 0.0]
        assert of_view.line("Background").editor == "color" and of_view.line("Background").optional
        assert of_view.change("Background", None) and view.Background is None
        assert of_view.change("AxesGrid.Visibility", "on") and view.AxesGrid.Visibility is True
        assert of_shown.line("Representation").editor == "choice"
        assert of_shown.change("Representation", "Wireframe") and shown.Representation == "Wireframe"
        assert not of_shown.change("Opacity", 1.5)
        assert of_shown.line("Opacity").error == "expected at most 1, not 1.5"
        view.update(AdditionalLights=[session.create_light(Intensity=0.5)])
        assert of_view.line("AdditionalLights").value == 1
        assert of_view.change("AdditionalLights.0.Intensity", 0.25)
        assert view.lights[0].Intensity == 0.25


@in_loop
async def test_components_of_vectors_are_chosen_as_colors() -> None:
    async with connect(backend="inproc") as session:
        grid = session.sources.FastUniformGrid(WholeExtent=[-3, 3] * 3)
        shown = session.show(grid, session.views.RenderView(ViewSize=[40, 30]), Representation="Surface")
        await grid.update_pipeline()
        panel = await Panel.of(shown)
        labels = [one.label for one in panel.line("ColorBy").choices]
        assert labels == ["Solid Color", "X", "DistanceSquared", "Swirl", "Swirl X", "Swirl Y", "Swirl Z"]
        third = panel.line("ColorBy").choices[-1].value
        assert panel.change("ColorBy", third) and shown.ColorBy == ["POINTS", "Swirl", "Z"]
        assert len(panel.line("ColorBy").choices) == len(labels) and panel.line("ColorBy").value == third
        assert shown.color_map is not None
        await shown.view.ready()
        assert await shown.color_map.spanned() == (-3.0, 3.0), "of that component"
        assert panel.change("ColorBy", ["POINTS", "Swirl"])
        await shown.view.ready()
        assert await shown.color_map.spanned() == pytest.approx((0.0, 27**0.5)), "of the magnitude"
        panel.close()


@in_loop
async def test_a_drag_is_one_step_of_undo() -> None:
    async with connect(backend="inproc") as session:
        clip = session.filters.Clip(Input=session.sources.Wavelet())
        panel = await Panel.of(clip)
        assert panel.change("Value", 10.0)
        steps = len(session.undo.labels)
        panel.begin_drag("Value")
        assert all([panel.change("Value", float(one)) for one in range(20, 30)])
        assert clip.Value == 29.0 and len(session.undo.labels) == steps, "the server was told, undo was not"
        panel.end_drag()
        assert len(session.undo.labels) == steps + 1
        assert session.undo.undo() == "set Value of Clip1" and clip.Value == 10.0
        assert session.undo.redo() == "set Value of Clip1" and clip.Value == 29.0
        panel.begin_drag("ClipType.Origin")
        assert panel.change("ClipType.Origin", [1, 2, 3]) and panel.change("ClipType.Origin", [4, 5, 6])
        panel.end_drag()
        session.undo.undo()
        assert not panel.line("ClipType.Origin").is_set
        panel.begin_drag("Value")
        panel.end_drag()
        assert session.undo.undo() == "set Value of Clip1", "nothing was dragged, so that made no step"


@in_loop
async def test_changes_wait_where_they_are_not_applied_at_once() -> None:
    async with connect(backend="inproc") as session:
        clip = session.filters.Clip(Input=session.sources.Wavelet(), Value=10.0)
        panel = await Panel.of(clip)
        panel.apply_at_once = False
        steps = len(session.undo.labels)
        assert panel.change("Value", "20") and panel.change("Invert", "no") and panel.has_pending
        line = panel.line("Value")
        assert (line.value, line.pending, clip.Value) == (20.0, True, 10.0)
        assert not panel.change("Value", "much") and panel.line("Value").value == 20.0
        panel.discard()
        assert panel.line("Value").value == 10.0 and not panel.has_pending
        assert panel.change("Value", 30) and panel.change("ClipType.Normal", [0, 1, 0])
        assert panel.apply() and not panel.has_pending
        assert clip.Value == 30.0 and clip.ClipType.Normal == [0.0, 1.0, 0.0]
        assert len(session.undo.labels) == steps + 1 and session.undo.undo() == "apply Clip1"
        assert clip.Value == 10.0 and not panel.line("ClipType.Normal").is_set


@in_loop
async def test_what_was_set_is_copied_and_pasted() -> None:
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet()
        clip = session.filters.Clip(Input=wavelet, Value=20.0)
        clip.ClipType = session.objects.Plane(Origin=(1, 2, 3))
        panel, other = await Panel.of(clip), await Panel.of(session.filters.Clip(Input=wavelet))
        assert panel.copied() == {"ClipType": "Plane", "ClipType.Origin": [1.0, 2.0, 3.0], "Value": 20.0}
        steps = len(session.undo.labels)
        assert other.paste({**panel.copied(), "Nothing": 1}) == ("Nothing",)
        assert other.line("Value").value == 20.0 and other.line("ClipType.Origin").value == [1.0, 2.0, 3.0]
        assert len(session.undo.labels) == steps + 1
        session.undo.undo()
        assert other.copied() == {}
        contour = await Panel.of(session.filters.Contour(Input=wavelet))
        line = contour.line("ComputeNormals")
        assert (line.editor, line.value) == ("flag", True), "-1 is VTK's own yes"
        assert contour.change("ComputeNormals", False) and contour.line("ComputeNormals").value is False


@in_loop
async def test_large_panels_are_arranged_as_paraviews_users_know_them() -> None:
    async with connect(backend="inproc") as session:
        view = session.create_view(ViewSize=[60, 40])
        shown = session.show(session.sources.Wavelet(), view)
        panel = await Panel.of(shown)
        lines = panel.lines()
        assert [one.name for one in lines[:3]] == ["Representation", "ColorBy", "Color"] and len(lines) < 30
        headings = list(dict.fromkeys(one.heading for one in lines if one.heading))
        assert headings == ["Coloring", "Styling", "Lighting", "Transforming", "Axes and labels"]
        assert not any(one.advanced for one in lines) and len(panel.lines(advanced=True)) > 50
        of_view = await Panel.of(view)
        assert "ViewSize" not in [one.name for one in of_view.lines(advanced=True)], "the window says that"
        await panel.refresh()
        assert [one.label for one in panel.line("ColorBy").choices] == ["Solid Color", "RTData"]


@in_loop
async def test_what_cannot_be_drawn_so_stands_at_its_line(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.create_view()
        shown = session.show(session.sources.Sphere(), view)
        for proxy, name in ((shown, "Texture"), (view, "BackgroundTexture")):
            panel = await Panel.of(proxy)
            assert panel.change(name, "/no/such/picture.png"), "nothing is wrong with it as far as is known here"
            with pytest.raises(RemoteError, match="no picture that can be read"):
                await panel.confirm()
            assert "/no/such/picture.png: no picture that can be read" in panel.line(name).error
            assert panel.change("Opacity" if proxy is shown else "Background", 0.5 if proxy is shown else [0, 0, 1])
            await panel.confirm()  # what was told is not told again
            assert panel.change(name, None if proxy is shown else "")
            await panel.confirm()
            assert panel.line(name).error == ""
            assert not (await view.refusals()).get(shown.id if proxy is shown else 0)
