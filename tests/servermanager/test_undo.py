"""Undo and redo by what the server gives afterwards: nothing is half taken back, and looking changes nothing."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from servermanager import PropertyManager, Session, connect

from ..harness.apvtest import BACKENDS, in_loop, poll_async


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def bounds(source: Any) -> tuple[float, ...]:
    found = (await source.update_pipeline()).bounds
    assert found is not None
    return tuple(round(one, 3) for one in found)


@in_loop
async def test_the_first_change_of_a_property_is_taken_back(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.Sphere(ThetaResolution=64, PhiResolution=64)
        new = await bounds(sphere)
        sphere.Radius = 5.0
        changed = await bounds(sphere)
        assert session.undo.undo() == "set Sphere.Radius" and await bounds(sphere) == new != changed
        assert session.undo.redo() == "set Sphere.Radius" and await bounds(sphere) == changed
        del sphere.Radius
        assert await bounds(sphere) == new and sphere.Radius == 0.5
        assert session.undo.undo() is not None and await bounds(sphere) == changed


@in_loop
async def test_what_was_refused_does_not_keep_a_property_from_being_set_back(backend: str) -> None:
    async with connect(backend=backend) as session:
        contour = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[150.0])
        first = (await contour.update_pipeline()).number_of_cells
        del contour.Isosurfaces
        contour.ContourBy = ("what the server refuses", "RTData")
        with pytest.raises(Exception, match="ContourBy"):
            await contour.update_pipeline()
        contour.ContourBy = ("POINTS", "RTData")
        assert (await contour.update_pipeline()).number_of_cells != first


@in_loop
async def test_objects_inputs_and_lists_are_taken_back(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        cut = session.filters.Slice(Input=wavelet)
        own = await bounds(cut)
        cut.SliceType = session.objects.Plane(Origin=(0, 0, 3), Normal=(0, 0, 1))
        assert (await bounds(cut))[4:] == (3, 3)
        session.undo.undo()
        assert await bounds(cut) == own
        contour = session.filters.Contour(Input=wavelet)
        new = (await contour.update_pipeline()).number_of_cells
        contour.Isosurfaces = [150.0, 200.0]
        assert (await contour.update_pipeline()).number_of_cells != new
        session.undo.undo()
        assert (await contour.update_pipeline()).number_of_cells == new
        shrunk = session.filters.Shrink()
        await shrunk.definition()
        shrunk.Input = wavelet
        await shrunk.update_pipeline()
        session.undo.undo()
        with pytest.raises(Exception, match="it has no input: set Input"):
            await shrunk.update_pipeline()


@in_loop
async def test_reading_an_object_changes_nothing(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        cut = session.filters.Slice(Input=wavelet)
        await cut.update_pipeline()
        await cut.definition()
        wavelet.Maximum = 300.0
        session.undo.undo()
        labels, count, told = session.undo.labels, len(session.proxies), []
        session.watch_proxies(lambda *change: told.append(change))
        for name in dir(cut):
            getattr(cut, name, None)
        assert (session.undo.labels, len(session.proxies), cut.modified, told) == (labels, count, False, [])
        assert session.undo.redo() == "set Wavelet.Maximum" and wavelet.Maximum == 300.0
        plane = cut.SliceType
        assert plane is cut.SliceType and "SliceType" not in cut.set_values()


@in_loop
async def test_what_is_set_of_an_object_that_was_read_takes_effect_and_is_one_step(backend: str) -> None:
    async with connect(backend=backend) as session:
        cut = session.filters.Slice(Input=session.sources.Wavelet())
        await cut.definition()
        own, plane = await bounds(cut), cut.SliceType
        active = session.proxies.active.source
        plane.Normal = (0, 0, 1)
        plane.Origin = (0, 0, 4)
        assert (await bounds(cut))[4:] == (4, 4) and cut.SliceType is plane
        assert session.undo.undo() == "set Plane.Origin" and (await bounds(cut))[4:] == (0, 0)
        assert session.undo.undo() == "set Plane.Normal" and await bounds(cut) == own
        assert len(session.proxies) == 2 and cut.SliceType is plane and session.proxies.active.source is active
        plane.Origin = (0, 0, -3)
        plane.Normal = (0, 0, 1)
        assert (await bounds(cut))[4:] == (-3, -3)
        with pytest.raises(ValueError, match="Slice1 depend on it"):
            session.delete(plane)


@in_loop
async def test_a_source_that_is_read_is_one_of_the_session_when_it_is_used(backend: str) -> None:
    async with connect(backend=backend) as session:
        tracer = session.filters.StreamTracer(Input=session.sources.Wavelet())
        await tracer.definition()
        seeds = tracer.SeedType
        assert len(session.proxies) == 2
        with pytest.raises(ValueError, match="StreamTracer1 depend on it"):
            session.delete(seeds)
        assert (await seeds.update_pipeline()).number_of_points > 0
        assert len(session.proxies) == 3 and tracer.SeedType is seeds and tracer.set_values()["SeedType"] is seeds


@in_loop
async def test_a_step_that_cannot_be_taken_back_stays(backend: str) -> None:
    async with connect(backend=backend) as session:
        with session.undo.group("both"):
            sphere = session.sources.Sphere()
            cone = session.sources.Cone(Height=2.0)
            sphere.Radius = 3.0
        session.undo._done[0], used = session.undo._done[0], session.filters.Shrink(Input=cone)
        session.undo._done.pop()  # as if the use of it were no step: then it cannot be deleted
        with pytest.raises(ValueError, match="Shrink1 depend on it"):
            session.undo.undo()
        assert session.undo.labels == ("both",) and sphere.Radius == 3.0
        session.delete(used)
        session.undo._done.pop()
        assert session.undo.undo() == "both" and len(session.proxies) == 0


@in_loop
async def test_a_deletion_is_taken_back_with_data_names_and_what_was_shown(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.create_view(ViewSize=(60, 60), Background=(0, 0, 0))
        source = await session.send_data(np.arange(27.0).reshape(3, 3, 3), name="mine")
        shown = session.show(source, view, Representation="Surface", Color=(1, 1, 1))
        before = (await view.screenshot()).pixels
        session.delete(source)
        assert not (await view.screenshot()).pixels.any()
        session.undo.undo()
        after = (await view.screenshot()).pixels
        assert (after == before).all() and before.any() and session.all_representations() == [shown]
        assert session.proxies.find_source("mine") is source
        assert (await source.update_pipeline()).array("values").ranges == ((0.0, 26.0),)
        session.undo.redo()
        session.undo.undo()
        assert (await source.fetch()).point_data["values"].sum() == 351
        big = await session.send_data(np.ones((200, 200, 300)))
        session.delete(big)
        session.undo.undo()
        session.undo.redo()
        session.undo.undo()
        assert (await big.update_pipeline()).array("values").ranges == ((1.0, 1.0),)


@in_loop
async def test_names_come_back_unless_they_are_taken() -> None:
    async with connect(backend="inproc") as session:
        with session.undo.group("ball"):
            sphere = session.sources.Sphere()
            session.proxies.rename(sphere, "ball")
        session.undo.undo()
        session.undo.redo()
        assert session.proxies.name(sphere) == "ball"
        session.delete(sphere)
        cone = session.sources.Cone()
        session.undo._done.pop()
        session.proxies.rename(cone, "ball")
        session.undo.undo()
        assert session.proxies.name(sphere) == "Sphere2" and session.proxies.name(cone) == "ball"
        with pytest.raises(ValueError, match="was not deleted"):
            session.recreate(sphere)


@in_loop
async def test_resetting_a_panel_resets_the_server(backend: str) -> None:
    async with connect(backend=backend) as session:
        cut = session.filters.Slice(Input=session.sources.Wavelet())
        own = await bounds(cut)
        cut.SliceType = "Sphere"
        cut.SliceOffsetValues = [0.0, 1.0]
        changed = await bounds(cut)
        manager = await PropertyManager.of(cut)
        with pytest.raises(TypeError, match="holds an object"):
            manager.set(SliceOffsetValues=[5.0], SliceType=3)
        assert cut.SliceOffsetValues == [0.0, 1.0] and await bounds(cut) == changed
        manager.reset()
        assert await bounds(cut) == own != changed and set(cut.set_values()) == {"Input"}
        assert session.undo.undo() is not None and await bounds(cut) == changed


@in_loop
async def test_names_of_types_are_one_step() -> None:
    async with connect(backend="inproc") as session:
        cut = session.filters.Slice(Input=session.sources.Wavelet())
        await cut.definition()
        count = len(session.undo.labels)
        cut.SliceType = "Sphere"
        assert len(session.undo.labels) == count + 1 and len(session.proxies) == 3
        session.undo.undo()
        assert len(session.proxies) == 2


async def _filters_made_and_deleted(session: Session, count: int) -> list[weakref.ref[Any]]:
    source, made = session.sources.Sphere(), []
    for _ in range(count):
        made.append(weakref.ref(session.filters.Shrink(Input=source)))
        one = made[-1]()
        assert one is not None
        session.proxies.active.select(one)
        session.delete(one)
        del one
    session.undo.clear()
    assert source.users() == [] and session.proxies.active.selection == ()
    return made


@in_loop
async def test_nothing_keeps_what_was_deleted(backend: str) -> None:
    async with connect(backend=backend) as session:
        await session.sources.Sphere().update_pipeline()
        gc.collect()
        gc.disable()
        try:
            made = await _filters_made_and_deleted(session, 300)
            assert sum(one() is not None for one in made) == 0
        finally:
            gc.enable()
        one, other = session.sources.Sphere(), session.sources.Cone()
        user = session.filters.Shrink(Input=one)
        user.Input = other
        assert one.users() == [] and other.users() == [user]
        with pytest.raises((AttributeError, TypeError, ValueError)):
            session.filters.Shrink(Input=one, shrinkFactor=1)
        assert one.users() == []


async def _used_and_deleted(session: Session, source: Any, view: Any) -> weakref.ref[Any]:
    """A slice that was executed, fetched, shown, given up, looked at by a panel, changed, undone, renamed."""
    cut = session.filters.Slice(Input=source)
    await cut.update_pipeline()
    await cut.fetch()
    session.show(cut, view)
    await view.ready()
    given_up = cut.update_pipeline()
    given_up.cancel()
    manager = await PropertyManager.of(cut)
    manager.watch(lambda name, value: None)
    manager.panel()
    assert cut.SliceType.type_name == "Plane" and session.proxies.state(cut) == "modified"
    cut.SliceOffsetValues = [1.0]
    session.undo.undo()
    session.undo.redo()
    session.proxies.rename(cut, "used")
    assert "used" in str(session.proxies)
    session.delete(cut)
    return weakref.ref(cut)


@in_loop
async def test_nothing_keeps_what_was_used_and_deleted() -> None:
    async with connect(backend="inproc") as session:
        source, view = session.sources.Wavelet(), session.create_view(ViewSize=(30, 30))
        gc.collect()
        gc.disable()
        try:
            made = await _used_and_deleted(session, source, view)
            session.undo.clear()
            await poll_async(lambda: made() is None, what="the end of the last reference")
        finally:
            gc.enable()


@in_loop
async def test_a_view_that_was_deleted_comes_back_as_it_was_seen(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[60, 40])
        session.show(session.sources.Cone(), view)
        view.CameraPosition = [3.0, 3.0, 3.0]
        view.reset_camera("-Z")
        view.rotate(0.3, 0.1)
        view.zoom(1.5)
        seen = await view.screenshot(format="rgb")
        view.delete()
        session.undo.undo()
        assert ((await view.screenshot(format="rgb")).pixels == seen.pixels).all()
        view.reset_camera("+X")  # newer than what was seen
        view.delete()
        session.undo.undo()
        again = await view.screenshot(format="rgb")
        view.reset_camera("+X")
        assert ((await view.screenshot(format="rgb")).pixels == again.pixels).all()
        assert (again.pixels != seen.pixels).any()


@in_loop
async def test_a_camera_that_was_seen_before_there_was_anything_is_fitted(backend: str) -> None:
    """The picture of an empty view tells a camera that nobody placed."""
    async with connect(backend=backend) as session:
        view, other = (session.views.RenderView(ViewSize=[60, 40]) for _ in range(2))
        cone = session.sources.Cone(Height=20.0)
        assert not (await view.screenshot()).camera_placed
        session.show(cone, view)
        view.CameraPosition = [3.0, 3.0, 3.0]
        session.undo.undo()
        view.delete()
        session.undo.undo()
        session.undo.undo()
        session.show(cone, view)
        session.show(cone, other)
        seen = await view.screenshot()
        assert seen.camera_placed and (seen.pixels == (await other.screenshot()).pixels).all()
