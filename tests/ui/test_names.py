"""What people see things called: sources by their names, types by ParaView's labels, views by label and number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from async_paraview.scene.catalog import KINDS_OF_VIEWS
from servermanager import InformationModel, Workspace, connect
from servermanager.ui.naming import ViewNames, own_name, type_label
from servermanager.ui.new_views import VIEW_LABELS, new_view

from ..harness.apvtest import in_loop, poll_async

PARAVIEWS = {
    "RenderView": "Render View", "XYChartView": "Line Chart View", "XYBarChartView": "Bar Chart View",
    "XYPointChartView": "Point Chart View", "XYHistogramChartView": "Histogram View", "BoxChartView": "Box Chart View",
    "QuartileChartView": "Quartile Chart View", "ParallelCoordinatesChartView": "Parallel Coordinates View",
    "PlotMatrixView": "Plot Matrix View", "ImageChartView": "Image Chart View",
}  # fmt: skip


@in_loop
async def test_views_are_called_as_paraview_calls_them() -> None:
    assert dict(VIEW_LABELS) == PARAVIEWS and set(VIEW_LABELS) == set(KINDS_OF_VIEWS)
    async with connect(backend="inproc") as session:
        listed = {one.name: one.label for one in await session.definitions.list("views")}
        assert listed == PARAVIEWS
        names, views = ViewNames(), [new_view(session.scene, kind) for kind in ("XYChartView", "RenderView")]
        views.append(session.create_view())
        assert [names(one) for one in views] == ["Line Chart View 1", "Render View 1", "Render View 2"]
        assert names(views[0]) == "Line Chart View 1", "it stays so"
        with pytest.raises(ValueError, match="there is no view 'ChartView'; there are RenderView, XYChartView"):
            new_view(session.scene, "ChartView")


@in_loop
async def test_steps_panels_and_messages_say_names_and_labels() -> None:
    async with connect(backend="inproc") as session, Workspace(session) as work:
        await work.add("Wavelet", WholeExtent=[-3, 3] * 3).task
        await work.add("PlotOverLine").task
        assert work.undo_label == "add Plot Over Line"
        assert [(one.name, one.type_label) for one in work.browser.rows] == [
            ("Wavelet1", "Wavelet"), ("PlotOverLine1", "Plot Over Line"),
        ]  # fmt: skip
        source = session.proxies.sources()[-1]
        model = InformationModel(session, work.progress)
        await poll_async(lambda: model.sheet, what="what is known of it")
        assert model.sheet is not None and model.sheet.source == "PlotOverLine1 (Plot Over Line)"
        model.close()
        await poll_async(lambda: work.panels.source and work.panels.source.proxy is source, what="its panel")
        assert work.panels.name_and_type("source") == "PlotOverLine1" == work.panels.name("source")
        told: list[str] = []
        work.panels.watch(lambda: told.append(work.panels.name("source")))
        await work.rename(source.id, "profile").task
        await poll_async(lambda: "profile" in told, what="the panel's new title")
        assert work.panels.name_and_type("source") == "profile (Plot Over Line)"
        panel: Any = work.panels.source
        assert work.change(panel, "Resolution", 7) and work.undo_label == "set Resolution of profile"
        work.browser.activate(session.proxies.sources()[0].id)
        await poll_async(lambda: work.panels.representation and work.panels.name("source") == "Wavelet1")
        panel = work.panels.representation
        assert panel.title == "Geometry Representation" and work.panels.name("representation") == "Wavelet1"
        assert work.change(panel, "LineWidth", 3.0) and work.undo_label == "set Line Width of Wavelet1"
        view: Any = session.proxies.active.view
        assert (type_label(view), own_name(view), work.panels.name("view")) == (*["Render View"] * 2, "Render View 1")


@in_loop
async def test_a_type_that_is_not_known_yet_is_called_by_its_name_in_words() -> None:
    async with connect(backend="inproc") as session, Workspace(session) as work:
        assert work.catalog.label("vtkSphereSource") == "Sphere Source"
        assert work.catalog.label("PlotOverLine") == "Plot Over Line"
        glyphs = session.create("PointSource")
        await session.definitions.answered("PointSource")
        assert type_label(glyphs) == "Point Source"


@in_loop
async def test_scenes_of_applications_have_orientation_axes() -> None:
    """Those that programs make have none; what is drawn is what the property says, at the lower left."""
    async with connect(backend="inproc") as session, Workspace(session) as work:
        await work.add("Sphere").task  # there was no view: it makes one
        view: Any = session.proxies.active.view
        assert view.OrientationAxesVisibility is True and session.create_view().OrientationAxesVisibility is False
        view.update(ViewSize=[300, 300], Background=[0, 0, 0], UseColorPaletteForBackground=False)
        with_axes = (await view.screenshot(samples=1)).pixels.astype(int)
        view.OrientationAxesVisibility = False
        without = (await view.screenshot(samples=1)).pixels.astype(int)
        where = np.argwhere(np.abs(with_axes - without).sum(axis=-1) > 30)
        assert len(where) > 100 and where[:, 0].min() > 200 and where[:, 1].max() < 100
        assert new_view(session.scene, OrientationAxesVisibility=False).OrientationAxesVisibility is False
