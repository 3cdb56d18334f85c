"""Changes that meet: restarts, undo and deletions while something else is on its way, or cannot be."""

from __future__ import annotations

import asyncio
import enum
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import Session, connect
from servermanager.ui.property_manager import PropertyManager
from services_core import Busy, RemoteError

from ..harness.apvtest import in_loop, poll_async
from ..harness.endpoints import replace_endpoints

TOO_WIDE = 2**70
"""A number that cannot travel."""


class Full:
    """An endpoint whose budget is full, after `fits` messages, while `full` is set; all else is as it really is."""

    def __init__(self, endpoint: Any, fits: int = 0) -> None:
        self._endpoint = endpoint
        self._fits = fits
        self.full = True

    def send_message(self, *arguments: Any) -> None:
        self._fits -= 1
        if self.full and self._fits < 0:
            raise Busy("the budget is full")
        self._endpoint.send_message(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._endpoint, name)


class Kind(enum.IntEnum):
    SOME = 12


async def known(session: Session, id_: int) -> bool:
    """Whether the server has a proxy of that number."""
    try:
        await session.data.send_request({"op": "update_pipeline", "id": id_, "port": 0})
    except RemoteError as error:
        return error.type_name != "UnknownProxy"
    return True


@in_loop
async def test_a_restart_tells_views_although_a_value_cannot_travel() -> None:
    async with connect(backend="zmq") as session:
        view = session.views.RenderView(ViewSize=[64, 32])
        session.show(session.sources.Sphere(), view)
        await view.ready()
        cone = session.sources.Cone()
        await cone.definition()
        cone.Resolution = TOO_WIDE
        await session.restart()
        assert (await view.properties())["ViewSize"] == [64, 32]
        del cone.Resolution
        await view.ready()


@in_loop
async def test_what_is_done_to_data_during_a_restart_counts() -> None:
    async with connect(backend="zmq") as session:
        view = session.views.RenderView(ViewSize=[64, 32])
        kept, deleted, other = [await session.send_data(np.zeros((50, 60, 70))) for _ in range(3)]
        restarting = asyncio.create_task(session.restart())
        await poll_async(lambda: session.scene.transfers.on_its_way(deleted), what="data that is sent again")
        session.delete(deleted)
        await session.send_data(np.ones((2, 2, 2)), proxy=other)
        await restarting
        assert (await view.properties())["ViewSize"] == [64, 32]
        assert (await kept.update_pipeline()).number_of_points == 50 * 60 * 70
        assert (await other.update_pipeline()).number_of_points == 8
        assert not await known(session, deleted.id)


@in_loop
async def test_two_that_want_the_same_name_make_one_proxy() -> None:
    async with connect() as session:
        sent = [session.send_data(np.ones(size), name="x") for size in (3, 4)]
        made = await asyncio.gather(*sent, return_exceptions=True)
        assert sorted(type(one).__name__ for one in made) == ["SourceProxy", "ValueError"]
        assert len(session.proxies) == 1


@in_loop
async def test_a_source_that_was_set_right_makes_what_was_refused_because_of_it() -> None:
    async with connect() as session:
        source = session.create("vtkConeSource", Bogus=1)
        middle = session.create("vtkElevationFilter", Input=source)
        last = session.create("vtkShrinkPolyData", Input=middle)
        with pytest.raises(RemoteError, match="Bogus"):
            await last.update_pipeline()
        assert source.set_values() == {}  # it was set back
        source.Resolution = 8
        assert (await middle.update_pipeline()).number_of_points == 9
        assert (await last.update_pipeline()).number_of_points == 4 * 8 - 8 + 8


@in_loop
async def test_a_user_that_is_deleted_after_what_it_left_keeps_nothing_on_the_server() -> None:
    async with connect() as session:
        source, other = session.sources.Sphere(), session.sources.Cone()
        user = session.filters.Elevation(Input=source)
        await user.update_pipeline()
        full = Full(session.data)
        replace_endpoints(session, data=full)
        user.Input = other
        for one in (source, user):
            with pytest.raises(Busy):
                session.delete(one)
        full.full = False
        session.update_vtk_objects()
        assert [await known(session, one.id) for one in (source, user, other)] == [False, False, True]


@in_loop
async def test_a_deletion_that_waits_is_not_replaced_by_a_later_one() -> None:
    async with connect() as session:
        source, view = session.sources.Sphere(), session.views.RenderView(ViewSize=[32, 32], Background=[0, 0, 0])
        session.show(source, view, Color=[1, 0, 0])
        assert (await view.screenshot(format="rgb")).pixels.any()
        data, render = Full(session.data), Full(session.render)
        replace_endpoints(session, data=data, render=render)
        with pytest.raises(Busy):
            session.delete(source)
        with pytest.raises(Busy):
            session.undo.undo()
        with pytest.raises(Busy):
            session.delete(source)
        data.full = render.full = False
        assert not (await view.screenshot(format="rgb")).pixels.any()


@in_loop
async def test_a_state_that_is_made_again_while_nothing_can_be_sent_is_told_later(tmp_path: Path) -> None:
    async with connect() as session:
        for size in ([20, 20], [30, 30]):
            session.show(session.sources.Sphere(), session.views.RenderView(ViewSize=size))
        await session.save_state(tmp_path / "state.json")
        before = session.all_views()
        seen = (await before[1].screenshot(format="rgb")).pixels
        await session.load_state(tmp_path / "state.json")
        session.undo.undo()
        assert session.all_views() == before
        render = Full(session.render, fits=1)
        replace_endpoints(session, render=render)
        with pytest.raises(Busy):
            session.undo.redo()
        render.full = False
        assert session.undo.redo() is None, "it was done here, and all of it is told now"
        last = (await session.all_views()[3].screenshot(format="rgb")).pixels
        np.testing.assert_array_equal(last, seen)
        assert [view.set_values()["ViewSize"] for view in session.all_views()] == [[20, 20], [30, 30]] * 2


@in_loop
async def test_numbers_of_numpy_and_enumerations_are_plain_ones(tmp_path: Path) -> None:
    async with connect() as session:
        sphere = session.sources.Sphere(Radius=np.float64(2.5), ThetaResolution=Kind.SOME, Center=[np.float64(1), 0, 0])
        await sphere.definition()
        with pytest.raises(ValueError, match="integer"):
            sphere.ThetaResolution = float("inf")
        sphere.ThetaResolution = 10**400  # which cannot travel, as is told when it is to
        sphere.ThetaResolution = Kind.SOME
        assert [type(one) for one in (sphere.Radius, sphere.ThetaResolution, sphere.Center[0])] == [float, int, float]
        await session.save_script(tmp_path / "scene.py")
        assert "Radius=2.5, ThetaResolution=12, Center=[1.0, 0, 0]" in (tmp_path / "scene.py").read_text()


@in_loop
async def test_a_default_that_is_a_map_can_be_set() -> None:
    async with connect() as session:
        reader = session.create("vtkXMLImageDataReader")
        await reader.definition()
        status = reader.PointArrayStatus
        status["a"] = False
        reader.PointArrayStatus = status
        assert reader.PointArrayStatus == {"a": False}


@in_loop
async def test_what_could_not_be_made_leaves_no_objects() -> None:
    async with connect() as session:
        made = session.create("vtkCutter")
        manager = await PropertyManager.of(made)
        with pytest.raises(AttributeError, match="Bogus"):
            session.create("vtkCutter", CutFunction="Plane", Bogus=2)
        with pytest.raises(TypeError, match="Locator"):
            manager.set(CutFunction="Plane", Locator=5)
        assert list(session.proxies) == [made]
        assert session.undo.labels == ("create vtkCutter",)
