"""A workspace: rows, panels of what is active, actions that never wait, and where their errors stand."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from servermanager import (
    BrowserRow,
    InformationModel,
    Panel,
    PipelineBrowser,
    ProgressObserver,
    RemoteError,
    RequestCancelled,
    Session,
    ViewProxy,
    Workspace,
    connect,
)

from ..harness.apvslow import slow_filter
from ..harness.apvtest import BACKENDS, Server, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def brief(rows: tuple[BrowserRow, ...]) -> list[tuple[str, int, str]]:
    return [(one.name, one.depth, one.visibility) for one in rows]


@in_loop
async def test_an_application_in_a_few_lines(backend: str) -> None:
    async with connect(backend=backend) as session, Workspace(session) as workspace:
        browser = workspace.browser
        told: list[int] = []
        workspace.watch(lambda: told.append(len(browser.rows)))
        assert workspace.undo_label == "" and workspace.connection == "connected"
        adding = workspace.add("Wavelet")
        assert "add Wavelet" in workspace.busy, "it returned at once"
        await adding.task
        await workspace.add("Contour").task
        assert brief(browser.rows) == [("Wavelet1", 0, "shown"), ("Contour1", 1, "shown")], "an outline hides nothing"
        await poll_async(lambda: browser.rows[1].state == "unmodified", what="the contour is shown")
        await poll_async(lambda: workspace.panels.source and workspace.panels.source.title == "Contour")
        await poll_async(lambda: workspace.panels.representation and workspace.panels.view, what="the other panels")
        looks = {one.source.proxy.type_name: one for one in session.all_representations()}
        assert looks["Wavelet"].Representation == "Outline", "as ParaView shows it"
        assert looks["Contour"].ColorBy == ["POINTS", "RTData"]
        assert looks["Contour"].ScalarBarVisibility is True
        assert told and told[-1] == 2 and workspace.undo_label == "add Contour"
        contour = browser.rows[1].id
        await workspace.rename(contour, "levels").task
        await workspace.set_visible(contour, False).task
        await workspace.set_visible(browser.rows[0].id, False).task
        assert brief(browser.rows) == [("Wavelet1", 0, "hidden"), ("levels", 1, "hidden")]
        await workspace.undo().task
        assert workspace.redo_label == "hide Wavelet1" and brief(browser.rows)[0] == ("Wavelet1", 0, "shown")
        await workspace.delete(contour).task
        assert brief(browser.rows) == [("Wavelet1", 0, "shown")] and workspace.log.entries == ()
        await workspace.add("Slice").task
        await workspace.undo().task
        assert brief(browser.rows) == [("Wavelet1", 0, "shown")], "making and showing it was one step"


@in_loop
async def test_what_is_made_stands_beside_its_input_or_instead_of_it_as_in_paraview() -> None:
    async with connect(backend="inproc") as session, Workspace(session) as workspace:
        browser = workspace.browser

        async def of(*steps: tuple[str, dict[str, Any]]) -> list[str]:
            """Add these to a sphere, each to the one before; returns what is shown in the end."""
            for name, properties in steps:
                await workspace.add(name, **properties).task
            shown = [one.type_name for one in browser.rows if one.visibility == "shown"]
            await workspace.delete(browser.rows[0].id, dependents=True).task
            return shown

        sphere: tuple[str, dict[str, Any]] = ("SphereSource", {})
        assert await of(sphere, ("Glyph", {})) == ["SphereSource", "Glyph"]
        assert await of(sphere, ("PythonAnnotation", {"Expression": "1"})) == ["SphereSource", "PythonAnnotation"]
        assert await of(sphere, ("Clip", {})) == ["Clip"], "an opaque surface would hide it"
        assert await of(sphere, ("Shrink", {})) == ["Shrink"]


@in_loop
async def test_a_volume_is_made_of_an_array_if_none_was_chosen() -> None:
    async with connect(backend="inproc") as session, Workspace(session) as workspace:
        await workspace.add("Wavelet", WholeExtent=[-4, 4] * 3).task
        panel = await poll_async(lambda: workspace.panels.representation, what="how it is shown")
        await poll_async(lambda: len(panel.line("ColorBy").choices) > 1, what="its arrays")
        shown = session.all_representations()[0]
        assert shown.ColorBy is None and workspace.change(panel, "Representation", "Volume")
        assert shown.ColorBy == ["POINTS", "RTData"] and shown.Representation == "Volume"
        await shown.view.ready()
        assert workspace.log.entries == ()
        await workspace.undo().task
        assert shown.ColorBy is None and shown.Representation == "Outline", "both were one step"


@in_loop
async def test_what_is_plotted_is_seen_in_a_chart() -> None:
    async with connect(backend="inproc") as session, Workspace(session) as workspace:
        came: list[Sequence[ViewProxy]] = []
        workspace.views_came = came.append
        scene = session.create_view()
        await workspace.add("Wavelet", WholeExtent=[-4, 4] * 3).task
        wavelet = session.proxies.active.source
        assert wavelet is not None
        await workspace.add("PlotOverLine").task
        ((chart,),) = came
        assert chart.kind == "XYChartView" and session.proxies.active.view is scene
        assert [(one.source.proxy.type_name, one.view, one.Visibility) for one in session.all_representations()] == [
            ("Wavelet", scene, True),
            ("PlotOverLine", chart, True),
        ]
        assert workspace.undo_label == "add Plot Over Line"
        await workspace.undo().task
        assert session.all_views() == [scene], "the chart was part of that step"
        await workspace.redo().task
        await workspace.add("Histogram", wavelet.id).task
        assert [one.kind for one in session.all_views()] == ["RenderView", "XYChartView", "XYBarChartView"]
        await workspace.add("PlotOverLine", wavelet.id).task
        assert len(session.all_views()) == 3, "one chart of a kind is enough"
        assert workspace.log.entries == ()


@in_loop
async def test_errors_say_where_they_came_from(backend: str) -> None:
    async with connect(backend=backend) as session, Workspace(session) as workspace:
        await workspace.add("Wavelet").task
        wavelet = workspace.browser.rows[0].id
        workspace.add("Contuor")
        await poll_async(lambda: workspace.log.last, what="the error")
        assert workspace.log.last is not None
        assert workspace.log.last.action == "add Contuor" and "did you mean" in workspace.log.last.text
        await workspace.add("Calculator", Function="nix * 2", ResultArrayName="twice").task
        await poll_async(lambda: workspace.browser.rows[1].state == "failed", what="the calculator fails")
        await poll_async(lambda: workspace.panels.source and workspace.panels.source.line("Function").error)
        await poll_async(lambda: workspace.browser.rows[1].message, what="the row says why")
        assert "no array is called 'nix'" in workspace.browser.rows[1].message
        assert {one.name for one in workspace.log.entries[1:]} == {"Calculator1"}
        panel = workspace.panels.source
        assert panel is not None and workspace.change(panel, "Function", "RTData * 2")
        await poll_async(lambda: workspace.browser.rows[1].state == "unmodified", what="it is right now")
        assert workspace.browser.rows[1].message == "" and panel.line("Function").error == ""
        workspace.delete(wavelet)
        await poll_async(lambda: workspace.log.last and workspace.log.last.action == "delete Wavelet1")
        assert workspace.log.last is not None and "Calculator1 depend on it" in workspace.log.last.text
        assert workspace.browser.dependents(wavelet) == ("Calculator1",)
        await workspace.delete(wavelet, dependents=True).task
        assert workspace.browser.rows == ()


@in_loop
async def test_choices_follow_what_the_input_holds(backend: str) -> None:
    async with connect(backend=backend) as session, Workspace(session) as workspace:
        await workspace.add("Wavelet").task
        await workspace.add("Contour").task
        await poll_async(lambda: workspace.panels.source and workspace.panels.source.title == "Contour")
        panel = workspace.panels.source
        assert panel is not None
        await poll_async(lambda: panel.line("Isosurfaces").slider, what="the range of the array")
        before = panel.line("Isosurfaces").slider[0]
        wavelet = session.proxies.find_source("Wavelet1")
        assert wavelet is not None
        wavelet.Maximum = 1000.0
        session.update_vtk_objects()
        await poll_async(lambda: panel.line("Isosurfaces").slider[0][1] > 2 * before[1], what="the new range")


@in_loop
async def test_what_executes_leaves_everything_usable(backend: str) -> None:
    async with connect(backend=backend) as session, Workspace(session) as workspace:
        await workspace.add("Wavelet").task
        wavelet = session.proxies.find_source("Wavelet1")
        assert wavelet is not None
        execution = slow_filter(session)
        slow = execution.proxy
        row = await poll_async(
            lambda: next((one for one in workspace.browser.rows if one.state == "executing"), None), what="it executes"
        )
        assert row.id == slow.id
        await poll_async(lambda: "execute Delaunay3D1" in workspace.busy, what="the server says so")
        await workspace.rename(slow.id, "slow one").task
        workspace.browser.activate(wavelet.id)
        await poll_async(lambda: workspace.panels.source and workspace.panels.source.proxy is wavelet)
        workspace.stop()
        await poll_async(lambda: workspace.browser.row(slow.id).state != "executing", what="it was interrupted")
        assert [one for one in workspace.log.entries if one.severity == "error"] == []
        with suppress(RequestCancelled, RemoteError):
            await execution
        await workspace.copy(wavelet.id).task
        assert [one.name for one in workspace.browser.rows][-1] == "Wavelet2"


@in_loop
async def test_states_and_files(tmp_path: Path) -> None:
    async with connect(backend="zmq") as session, Workspace(session) as workspace:
        await workspace.add("Sphere").task
        await workspace.save_state(tmp_path / "scene.json").task
        await workspace.save_data(str(tmp_path / "ball.vtp"), workspace.browser.rows[0].id).task
        assert workspace.log.last is not None and "bytes" in workspace.log.last.text
        await workspace.delete(workspace.browser.rows[0].id).task
        await workspace.load_state(tmp_path / "scene.json").task
        assert brief(workspace.browser.rows) == [("Sphere1", 0, "shown")]
        (tmp_path / "notes.txyz").write_text("nothing")
        (tmp_path / "below").mkdir()
        await workspace.files.go(str(tmp_path))
        assert [one.name for one in workspace.files.entries] == ["below", "ball.vtp"]
        workspace.files.readable_only, workspace.files.search = False, "NOTE"
        assert [one.name for one in workspace.files.entries] == ["notes.txyz"]
        await workspace.open(str(tmp_path / "ball.vtp")).task
        row = workspace.browser.rows[1]
        assert (row.name, row.visibility) == ("ball.vtp", "shown"), "called after its file"
        await workspace.open(str(tmp_path / "ball.vtp")).task
        assert workspace.browser.rows[2].name == "ball.vtp 2"
        await poll_async(lambda: workspace.panels.source and workspace.panels.source.line("PointArrayStatus").value)
        panel = workspace.panels.source
        assert panel is not None
        assert [one.name for one in panel.lines()] == ["FileName", "PointArrayStatus"], "nothing that has no choices"
        assert panel.line("PointArrayStatus").value == {"Normals": True}


@in_loop
async def test_an_empty_view_gives_way_to_those_of_a_state(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session, Workspace(session) as workspace:
        await workspace.add("Sphere").task
        await workspace.save_state(tmp_path / "scene.json").task
    async with connect(backend="inproc") as session, Workspace(session) as workspace:
        came: list[Sequence[ViewProxy]] = []
        workspace.views_came = came.append
        empty = session.views.RenderView()
        await workspace.load_state(tmp_path / "scene.json").task
        ((view,),) = came
        assert session.all_views() == [view] and session.proxies.active.view is view and view is not empty
        assert [one.source.proxy.type_name for one in session.all_representations() if one.view is view] == ["Sphere"]
        await workspace.load_state(tmp_path / "scene.json").task
        assert len(session.all_views()) == 2, "a view that shows something stays"
        (tmp_path / "wrong.json").write_text("{}")
        with suppress(ValueError):
            await workspace.load_state(tmp_path / "wrong.json").task
        assert len(session.all_views()) == 2 and len(came) == 2


@in_loop
async def test_a_session_holds_nothing_of_what_has_watched_it_and_was_closed() -> None:
    async with connect(backend="inproc") as session:
        browser, model = PipelineBrowser(session, ProgressObserver(session)), InformationModel(session)
        session.sources.Cone()
        of_browser, of_model = weakref.ref(browser), weakref.ref(model)
        browser.close()
        model.close()
        del browser, model
        await asyncio.sleep(0)  # what it was to tell in this turn of the loop
        gc.collect()
        assert of_browser() is None and of_model() is None


@in_loop
async def test_what_a_user_stops_is_no_error(backend: str) -> None:
    async with connect(backend=backend) as session, Workspace(session) as workspace:
        await workspace.add("PointSource", NumberOfPoints=1_000_000).task
        adding = workspace.add("Delaunay3D")
        await poll_async(lambda: len(workspace.browser.rows) > 1, what="its row")
        slow = workspace.browser.rows[1].id
        await poll_async(lambda: workspace.progress.activity(slow), what="it executes")
        await workspace.stop(slow).task
        with suppress(RemoteError, RequestCancelled):
            await adding.task
        await poll_async(lambda: workspace.log.last, what="a word about it")
        assert {one.severity for one in workspace.log.entries} == {"information"}, workspace.log.entries
        assert "was stopped" in workspace.log.entries[-1].text
        await poll_async(lambda: workspace.browser.row(slow).state != "executing", what="it has ended")
        assert workspace.browser.row(slow).state == "modified", "it is out of date, and has not failed"


@in_loop
async def test_nothing_holds_a_workspace_that_was_closed_whatever_it_did(backend: str) -> None:
    async with connect(backend=backend) as session:
        for wanted in ("Sphere", "NoSuchType"):
            await let_go(await used(session, wanted))


async def used(session: Session, wanted: str) -> weakref.ref[Workspace]:
    """Use a workspace, and close it while something is under way."""
    workspace = Workspace(session)
    with suppress(RemoteError):
        await workspace.add(wanted).task
    workspace.add("Cone")
    await workspace.close()
    return weakref.ref(workspace)


async def let_go(held: weakref.ref[Workspace]) -> None:
    await poll_async(lambda: gc.collect() >= 0 and held() is None, what="that nothing holds it")


@in_loop
async def test_filters_that_do_not_fit_say_why() -> None:
    async with connect(backend="inproc") as session, Workspace(session) as workspace:
        data = await session.sources.Sphere().update_pipeline()
        menu = await workspace.catalog.menu("filters", data=data)
        entries = {one.name: one for several in menu.values() for one in several}
        assert entries["Clip"].fits and entries["Clip"].category == "Common"
        assert entries["TableToPoints"].why_not == "it takes a table, and this is a surface"
        assert "needs an array of numbers of points or cells with 1 component" in entries["Contour"].why_not
        found = await workspace.catalog.search("streaml")
        assert found[0].name == "StreamTracer" or "treamline" in found[0].label


@in_loop
async def test_a_new_process_of_the_server_goes_on_telling() -> None:
    async with connect(backend="zmq") as session, Workspace(session) as workspace:
        await workspace.add("Wavelet").task
        await workspace.restart().task
        wavelet = workspace.browser.rows[0].id
        await poll_async(
            lambda: any("was interrupted" in one.text for one in workspace.log.entries), what="that streams have ended"
        )
        panel = workspace.panels.source
        assert panel is not None and workspace.change(panel, "Maximum", "300")
        await poll_async(lambda: workspace.browser.row(wavelet).state == "unmodified", what="it executes anew")
        await workspace.add("Calculator", Function="nix", ResultArrayName="r").task
        await poll_async(lambda: workspace.browser.rows[1].message, what="messages arrive again")
        assert workspace.connection == "connected"


@in_loop
async def test_who_comes_later_sees_how_all_stands(backend: str) -> None:
    async with connect(backend=backend) as session:
        async with Workspace(session) as first:
            await first.add("Wavelet").task
            await first.add("Calculator", Function="nix", ResultArrayName="r").task
            states = ["unmodified", "failed"]  # the message may come before the step
            await poll_async(lambda: [one.state for one in first.browser.rows] == states, what="the calculator fails")
        session.proxies.nothing_executed()  # as a program knows it that joins, or one whose streams were interrupted
        async with Workspace(session) as second:
            await poll_async(lambda: [one.state for one in second.browser.rows] == states, what="the states")
            await poll_async(lambda: second.browser.rows[1].message, what="why one has failed")
            assert "no array is called 'nix'" in second.browser.rows[1].message


@in_loop
async def test_two_programs_of_one_session_see_the_same_and_a_viewer_changes_nothing() -> None:
    with Server("zmq") as server:
        async with (
            connect(server.url) as owner,
            connect(server.url, session=await owner.invite("viewer")) as guest,
            Workspace(owner) as mine,
            Workspace(guest) as theirs,
        ):
            await mine.add("Wavelet").task
            await poll_async(lambda: brief(theirs.browser.rows) == brief(mine.browser.rows), what="the guest sees it")
            wavelet = mine.browser.rows[0].id
            await mine.rename(wavelet, "ripples").task
            await poll_async(lambda: theirs.browser.rows[0].name == "ripples", what="the name")
            theirs.browser.activate(wavelet)
            await poll_async(lambda: theirs.panels.source, what="the panel of the guest")
            panel = theirs.panels.source
            assert panel is not None
            line = panel.line("Maximum")
            assert not line.enabled and "viewer" in line.why_disabled
            assert not theirs.change(panel, "Maximum", 1.0) and "viewer" in panel.line("Maximum").error
            of_mine = mine.panels.source
            assert of_mine is not None and mine.change(of_mine, "Maximum", 200.0)
            await poll_async(lambda: panel.line("Maximum").value == 200.0, what="what the owner has set")
            theirs.delete(wavelet)
            await poll_async(lambda: theirs.log.last and theirs.log.last.severity == "error", what="the refusal")
            assert theirs.log.last is not None and "viewer" in theirs.log.last.text
            assert brief(mine.browser.rows) == [("ripples", 0, "shown")]


@in_loop
async def test_filters_over_what_has_no_array_that_fits_say_so_at_its_line() -> None:
    async with connect(backend="inproc") as session, Workspace(session) as workspace:

        async def added(type_name: str, source: int) -> Panel:
            await workspace.add(type_name, source).task
            made = session.proxies.sources()[-1]
            await poll_async(lambda: workspace.panels.find(made.id), what=f"the panel of {type_name}")
            panel = workspace.panels.find(made.id)
            assert panel is not None
            return panel

        def state(panel: Panel) -> str:
            return workspace.browser.row(panel.proxy.id).state

        for source, there in (("Disk", "none"), ("SphereSource", "POINTS Normals (3)")):
            await workspace.add(source).task
            id_ = session.proxies.sources()[-1].id
            clip = await added("Clip", id_)
            assert state(clip) == "unmodified", "a plane needs no array"
            assert workspace.change(clip, "ClipType", "Scalar")
            contour = await added("Contour", id_)
            for panel, line in ((clip, "Scalars"), (contour, "ContourBy")):
                needed = f"{line} needs an array of numbers of points or cells with 1 component(s); there is: {there}"
                await poll_async(lambda: state(panel) == "failed", what=f"{line}, which is missing")  # noqa: B023
                assert needed in workspace.browser.row(panel.proxy.id).message
            await poll_async(lambda: contour.line("ContourBy").error.startswith("ContourBy needs"), what="the line")  # noqa: B023
            workspace.browser.activate(clip.proxy.id)
            await poll_async(lambda: workspace.panels.find(clip.proxy.id), what="the panel of Clip once more")  # noqa: B023
            again = workspace.panels.find(clip.proxy.id)
            assert again is not None and again.line("Scalars").error.startswith("Scalars needs an array")
            assert "Value" not in clip.proxy.set_values() and "Isosurfaces" not in contour.proxy.set_values()
            assert workspace.change(again, "ClipType", "Plane")
            await poll_async(lambda: state(clip) == "unmodified", what="what a plane leaves")  # noqa: B023
            assert again.line("Scalars").error == ""
        threshold = await added("Threshold", session.proxies.sources()[0].id)
        assert state(threshold) == "failed" and threshold.line("Scalars").error.endswith("there is: none")
