"""What user interfaces are made of: builder, properties, progress, active objects, states of the pipeline browser."""

from __future__ import annotations

import asyncio

import pytest

from servermanager import (
    ActiveObjects,
    DefinitionManager,
    FileSystem,
    PipelineBuilder,
    ProgressObserver,
    ProgressStep,
    PropertyManager,
    RemoteError,
    connect,
)

from ..harness.apvslow import slow_filter
from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_the_builder_connects_chooses_and_shows(backend: str) -> None:
    async with connect(backend=backend) as session:
        builder = PipelineBuilder(session)
        with pytest.raises(ValueError, match="Contour needs an input"):
            await builder.add("Contour")
        wavelet = await builder.add("Wavelet", show=True)
        contour = await builder.add("Contour", show=True)
        assert contour.inputs()["Input"][0].proxy is wavelet
        assert contour.ContourBy == ["POINTS", "RTData"] and len(contour.Isosurfaces) == 1
        assert (await contour.update_pipeline()).number_of_cells > 100
        shown = {one.source.proxy: one.set_values().get("Visibility") for one in session.all_representations()}
        assert shown == {wavelet: None, contour: None}, "an outline hides nothing"
        assert len(session.all_views()) == 1
        clip = await builder.add("Clip", contour)
        assert session.proxies.active.source is clip
        builder.remove(contour)
        assert clip.inputs()["Input"][0].proxy is wavelet and session.proxies.find_source("Contour1") is None
        assert (await clip.update_pipeline()).data_type == "vtkUnstructuredGrid"
        assert session.undo.undo() == "remove Contour1" and clip.inputs()["Input"][0].proxy is contour
        with pytest.raises(ValueError, match="depend on it"):
            builder.remove(wavelet)
        count = len(session.proxies)
        with pytest.raises(RemoteError, match=r"UnknownType.*Contour"):
            await builder.add("Contuor")
        assert len(session.proxies) == count


@in_loop
async def test_the_lines_of_a_panel(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        image = session.filters.ResampleToImage(Input=wavelet)
        manager = await PropertyManager.of(image)
        names = [one.name for one in manager.panel()]
        assert "SamplingDimensions" in names and "SamplingBounds" not in names
        manager.set(UseInputBounds=False, SamplingDimensions=[5, 6, 7])
        assert "SamplingBounds" in [one.name for one in manager.panel()], "it matters now"
        line = manager.state("SamplingDimensions")
        assert (line.value, line.is_set, line.size, line.type) == ([5, 6, 7], True, 3, "int") and line.doc
        with pytest.raises(ValueError, match="SamplingDimensions takes 3 values"):
            manager.set(UseInputBounds=True, SamplingDimensions=[1])
        assert image.UseInputBounds is False, "all of them or none"
        with pytest.raises(AttributeError, match="did you mean SamplingBounds"):
            manager.state("SamplingBound")
        seen: list[tuple[str, object]] = []
        manager.watch(lambda name, value: seen.append((name, value)))
        assert session.undo.undo() == "set UseInputBounds, SamplingDimensions of ResampleToImage"
        assert not manager.state("SamplingDimensions").is_set and seen[0][0] == "SamplingDimensions"
        manager.set(SamplingDimensions=[5, 6, 7])
        manager.reset()
        assert image.SamplingDimensions == line.default != [5, 6, 7]


@in_loop
async def test_progress_is_observed_and_the_browser_shows_it(backend: str) -> None:
    async with connect(backend=backend) as session, ProgressObserver(session) as progress:
        steps: list[ProgressStep] = []
        progress.watch(steps.append)
        run = slow_filter(session)
        await poll_async(lambda: progress.activity(run.proxy.id), what="the filter in the observer")
        activity = progress.executing[0]
        assert (activity.name, activity.unresponsive) == ("Delaunay3D", False) and activity.elapsed_s >= 0
        assert session.proxies.state(run.proxy) == "executing"
        points = run.proxy.inputs()["Input"][0].proxy
        assert session.proxies.state(points) == "unmodified", "what executed upstream is known as well"
        run.cancel()
        await poll_async(lambda: not progress.executing, what="the end of it")
        assert session.proxies.state(run.proxy) == "modified" and steps[-1].state == "interrupted"


@in_loop
async def test_an_algorithm_that_says_nothing_is_unresponsive_after_ten_seconds() -> None:
    async with connect(backend="inproc") as session:
        progress = ProgressObserver(session)
        quiet = ProgressStep("data", 1, "Delaunay3D", None, "running", None, silent_s=9.0)
        progress.observe(quiet)
        assert not progress.executing[0].unresponsive and progress.executing[0].fraction is None
        progress.observe(ProgressStep("data", 1, "Delaunay3D", None, "running", None, silent_s=10.0))
        assert progress.executing[0].unresponsive
        progress.observe(ProgressStep("data", 1, "Delaunay3D", 1.0, "finished"))
        assert progress.executing == ()


@in_loop
async def test_what_was_sent_and_not_executed_is_stale(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        contour = session.filters.Contour(Input=wavelet, Isosurfaces=[150.0])
        assert not contour.stale, "there is nothing yet that could be"
        last = await contour.update_pipeline()
        assert not contour.stale and session.proxies.state(contour) == "unmodified"
        wavelet.Maximum = 300.0
        session.update_vtk_objects()
        assert session.proxies.state(contour) == "modified" and contour.stale
        assert contour.information[0] is last, "the last good output stays"
        run = contour.update_pipeline()
        assert session.proxies.state(contour) == "executing" and contour.stale
        await run
        assert not contour.stale and contour.information[0] is not last
        run = contour.update_pipeline()
        wavelet.Maximum = 200.0
        session.update_vtk_objects()
        await asyncio.wait([asyncio.ensure_future(run)])
        assert session.proxies.state(contour) == "modified", "a result of before the change"


@in_loop
async def test_the_parts_of_a_session_have_their_names() -> None:
    async with connect(backend="inproc") as session:
        assert isinstance(session.definitions, DefinitionManager) and isinstance(session.files, FileSystem)
        assert isinstance(session.proxies.active, ActiveObjects)
        told: list[object] = []
        end = session.proxies.active.watch(lambda: told.append(session.proxies.active.source))
        one, two = session.sources.Cone(), session.sources.Sphere()
        session.proxies.active.select(two, one)
        assert told == [one, two, one] and session.proxies.active.selection == (two, one)
        end()
        session.proxies.active.set_source(two)
        assert told == [one, two, one]
