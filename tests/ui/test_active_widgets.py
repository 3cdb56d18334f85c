"""Handles of what is active: shown in the active view as ParaView does, hidden with it, and never a step of undo."""

from __future__ import annotations

from servermanager import Panel, Workspace, connect

from ..harness.apvtest import in_loop, poll_async


@in_loop
async def test_handles_of_the_active_source_are_shown_and_those_of_others_are_not() -> None:
    async with connect() as session, Workspace(session) as workspace:
        view = session.views.RenderView(ViewSize=[120, 90])
        wavelet = session.sources.Wavelet()
        clip = session.filters.Clip(Input=wavelet)
        plane = await poll_async(lambda: workspace.widgets.widget, what="the plane of the clip")
        steps = session.undo.labels
        assert plane.proxy is clip and plane.Kind == "Plane" and list(view.widgets) == [plane]
        told: list[bool] = []
        workspace.widgets.watch(lambda: told.append(workspace.widgets.widget is None))
        tracer = session.filters.StreamTracer(Input=session.sources.FastUniformGrid())
        line = await poll_async(lambda: workspace.widgets.widget, what="the line of seeds")
        assert line.proxy is tracer and line.Kind == "Line" and not plane.Visibility
        session.proxies.active.set_source(wavelet)
        assert workspace.widgets.widget is None
        await poll_async(lambda: not line.Visibility and told[-1], what="none")
        session.proxies.active.set_source(clip)
        assert await poll_async(lambda: workspace.widgets.widget, what="the plane again") is plane
        assert len(view.widgets) == 2
        workspace.widgets.hide()
        assert workspace.widgets.widget is None and not plane.Visibility
        session.proxies.active.set_source(wavelet)
        await poll_async(lambda: not workspace.panels.source or workspace.panels.source.proxy is wavelet)
        session.proxies.active.set_source(clip)
        await poll_async(lambda: not workspace.actions.under_way[1:], what="nothing under way")
        assert workspace.widgets.widget is None, "it was hidden by hand"
        workspace.widgets.show()
        assert await poll_async(lambda: workspace.widgets.widget, what="shown by hand") is plane
        new = [one for one in session.undo.labels if one not in steps]
        assert new == ["create FastUniformGrid", "create StreamTracer"]
        assert not [one for one in workspace.log.entries if one.severity == "error"]
        session.proxies.active.set_source(wavelet)
        workspace.widgets.show()
        await poll_async(lambda: workspace.log.last, what="why there is none")
        assert workspace.log.last is not None and "no widget suits Wavelet" in workspace.log.last.text


@in_loop
async def test_the_switch_of_the_handles_is_there_where_any_suit_and_says_which() -> None:
    async with connect() as session, Workspace(session) as workspace:
        view = session.views.RenderView(ViewSize=[120, 90])
        told: list[tuple[str, bool] | None] = []

        def seen() -> tuple[str, bool] | None:
            switch = workspace.widgets.switch
            return None if switch is None else (switch.label, switch.shown)

        workspace.widgets.watch(lambda: told.append(seen()))

        async def becomes(wanted: tuple[str, bool] | None) -> None:
            await poll_async(lambda: seen() == wanted and told[-1] == wanted, what=f"{wanted}, told: {told[-3:]}")

        assert seen() is None, "nothing is active"
        session.sources.Wavelet()
        clip = session.filters.Clip(Input=session.proxies.active.source)
        await becomes(("Show plane", True))
        workspace.widgets.toggle()
        await becomes(("Show plane", False))
        clip.ClipType = "Cone"
        await becomes(("Show cone", False))
        workspace.widgets.toggle()
        await becomes(("Show cone", True))
        clip.ClipType = "Scalar"
        await becomes(None)
        session.undo.undo()
        await becomes(("Show cone", True))
        view.widgets[0].Visibility = False
        await becomes(("Show cone", False))
        session.filters.Transform(Input=clip)
        await becomes(("Show box", True))
        ball = session.sources.Sphere()
        await becomes(("Show sphere", False))
        session.filters.Glyph(Input=ball)
        await becomes(None)
        session.proxies.active.set_source(ball)
        workspace.widgets.toggle()
        await becomes(("Show sphere", True))
        session.proxies.active.set_view(session.views.XYChartView())
        await becomes(None)


@in_loop
async def test_handles_follow_the_data_where_places_do() -> None:
    async with connect() as session, Workspace(session) as workspace:
        session.views.RenderView(ViewSize=[120, 90])
        await workspace.add("Wavelet").task
        wavelet = session.proxies.active.source
        await workspace.add("Clip").task
        plane = await poll_async(lambda: workspace.widgets.widget, what="the plane of the clip")
        assert wavelet is not None and plane.Origin == [0, 0, 0]
        wavelet.WholeExtent = [0, 20, -10, 10, -10, 10]
        wavelet.update_vtk_objects()
        await poll_async(lambda: plane.Origin == [10, 0, 0], what="the middle of the new data")
        assert plane.Bounds == [0, 20, -10, 10, -10, 10]


@in_loop
async def test_balls_and_boxes_by_themselves_have_handles_when_asked_for() -> None:
    async with connect() as session, Workspace(session) as workspace:
        view = session.views.RenderView(ViewSize=[120, 90])
        ball = session.sources.Sphere()
        await ball.definition()
        await poll_async(lambda: not workspace.actions.under_way[1:], what="nothing under way")
        assert len(view.widgets) == 0
        workspace.widgets.show()
        widget = await poll_async(lambda: workspace.widgets.widget, what="the ball")
        assert widget.proxy is ball and widget.Kind == "Sphere"
        other = session.views.RenderView(ViewSize=[120, 90])
        assert workspace.widgets.widget is None and len(other.widgets) == 0


@in_loop
async def test_the_panel_of_a_view_lists_its_widgets() -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[120, 90])
        ruler = await view.widgets.add("Ruler", Point1=[0, 0, 0], Point2=[3, 4, 0])
        panel = await Panel.of(view)
        (line,) = [one for one in panel.lines(advanced=True) if one.name == "Widgets"]
        inner = {one.name: one for one in line.lines}
        assert line.value == 1 and inner["Widgets.0.Point2"].value == [3, 4, 0]
        assert "Widgets.0.Radius" not in inner and "Widgets.0.Proxy" not in inner, "of other kinds, or not for people"
        assert panel.change("Widgets.0.Point2", "5, 12, 0") and ruler.Point2 == [5, 12, 0]
        assert panel.change("Widgets.0.Visibility", False) and not ruler.Visibility
        assert not panel.change("Widgets.0.HandleSize", 0)
        panel.close()
