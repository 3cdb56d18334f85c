"""Changes on their way: what could not be sent is sent later, and what is read is nobody else's."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from servermanager import Session, connect
from services_core import Busy, Packet, PacketError, RemoteError

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.endpoints import replace_endpoints

LONE = b"caf\xe9.vti".decode("utf-8", "surrogateescape")
"""A name of a file that is no UTF-8, as os.listdir gives it."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Full:
    """An endpoint whose budget is full as long as `full` is set; all else is that of the real one."""

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint
        self.full = True

    def send_message(self, *arguments: Any) -> None:
        if self.full:
            raise Busy("the budget is full")
        self._endpoint.send_message(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._endpoint, name)


def fill(session: Session) -> tuple[Full, Full]:
    """Nothing can be sent any more, to neither service."""
    data, render = Full(session.data), Full(session.render)
    replace_endpoints(session, data=data, render=render)
    return data, render


@in_loop
async def test_properties_that_could_not_be_sent_are_sent_later(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere, other = session.sources.Sphere(), session.sources.Cone()
        await sphere.update_pipeline()
        full, _ = fill(session)
        sphere.Radius = 3.0
        with pytest.raises(Busy):
            session.update_vtk_objects()
        assert sphere.modified and other.modified and not other.pushed
        with pytest.raises(Busy):
            session.time = 2.0
        assert session.time == 2.0
        full.full = False
        assert (await sphere.update_pipeline()).bounds[5] == 3.0  # type: ignore[index]
        assert (await other.update_pipeline()).number_of_points > 0 and not sphere.modified


@in_loop
async def test_a_deletion_that_could_not_be_told_is_told_later(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere = session.sources.Sphere()
        shrunk = session.filters.Shrink(Input=sphere)
        await shrunk.update_pipeline()
        full, render = fill(session)
        with pytest.raises(Busy):
            session.delete(shrunk)
        assert session.proxies.find_source("Shrink1") is None
        full.full = render.full = False
        session.update_vtk_objects()
        with pytest.raises(Exception, match="no proxy has id"):
            await session.data.send_request({"op": "update_pipeline", "id": shrunk.id})
        full.full = True
        with pytest.raises(Busy):
            session.undo.undo()
        assert session.proxies.find_source("Shrink1") is shrunk, "taken back here, and told later"
        full.full = False
        assert (await shrunk.update_pipeline()).number_of_points > 0


@in_loop
async def test_a_user_that_left_is_told_before_the_deletion(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere, cone = session.sources.Sphere(), session.sources.Cone()
        shrunk = session.filters.Shrink(Input=sphere)
        await shrunk.update_pipeline()
        shrunk.Input = cone
        session.delete(sphere)
        with pytest.raises(Exception, match="no proxy has id"):
            await session.data.send_request({"op": "update_pipeline", "id": sphere.id})
        assert (await shrunk.update_pipeline()).number_of_points > 0


@in_loop
async def test_views_and_what_they_show_are_told_later(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.create_view(ViewSize=(40, 30), Background=(0, 0, 0))
        shown = session.show(session.sources.Sphere(), view, Color=(1, 1, 1))
        white = (await view.screenshot()).pixels
        data, render = fill(session)
        with pytest.raises(Busy):
            view.update(ViewSize=(50, 40))
        with pytest.raises(Busy):
            shown.update(Color=(1, 0, 0), Representation="Wireframe")
        with pytest.raises(Busy):
            session.create_view()
        with pytest.raises(Busy):
            session.show(session.sources.Cone(), view)
        assert session.all_views() == [view] and session.all_representations() == [shown]
        data.full = render.full = False
        picture = (await view.screenshot()).pixels
        assert picture.shape == (40, 50, 3) and picture[..., 0].any() and not picture[..., 1].any()
        assert white[..., 1].any() and (await view.properties())["ViewSize"] == [50, 40]
        data.full = render.full = True
        with pytest.raises(Busy):
            shown.delete()
        data.full = render.full = False
        assert not (await view.screenshot()).pixels.any()


@in_loop
async def test_a_value_that_cannot_travel_is_named_and_holds_up_nothing(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere, reader = session.sources.Sphere(), session.readers.vtkXMLImageDataReader()
        user = session.filters.Shrink(Input=reader)
        await sphere.update_pipeline()
        sphere.Radius = 5.0
        reader.FileName = LONE
        cone = session.sources.Cone(Height=4.0)
        with pytest.raises(PacketError, match=r"XMLImageDataReader1.FileName cannot be told.*udce9"):
            session.update_vtk_objects()
        assert reader.modified and user.modified and not user.pushed and not sphere.modified and not cone.modified
        assert (await sphere.update_pipeline()).bounds[5] == 5.0  # type: ignore[index]
        with pytest.raises(PacketError, match="FileName"):
            user.update_pipeline()
        reader.FileName = "/nowhere.vti"
        with pytest.raises(Exception, match="nowhere"):
            await user.update_pipeline()
        view = session.create_view(ViewSize=(40, 30), Background=(0, 0, 0))
        session.delete(user)
        shown = session.show(reader, view)
        await session.data.send_request({"op": "sync"})
        reader.FileName = LONE
        with pytest.raises(PacketError, match="FileName"):
            shown.update(Representation="Outline")
        session.time = 1.0
        cone.Height = 6.0
        view.orbit(10.0)
        assert (await cone.update_pipeline()).bounds[0] == -3.0  # type: ignore[index]
        shown.delete()
        session.delete(reader)
        with pytest.raises(PacketError):
            view.update(Background=(1, 1, 1), XTitle=LONE)
        with pytest.raises(PacketError):
            session.show(sphere, view, ScalarBarTitle=LONE)
        assert view.set_values()["Background"] == [0, 0, 0] and session.all_representations() == []
        await view.screenshot()


@in_loop
async def test_what_is_read_is_a_copy(backend: str) -> None:
    async with connect(backend=backend) as session:
        one, other = session.sources.Sphere(), session.sources.Sphere()
        definition = await one.definition()
        definition["properties"].clear()
        one.Center[0] = 5.0
        assert (other.Center, one.Center) == ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
        given = [1.0, 0.0, 0.0]
        one.Center = given
        given[0] = one.Center[0] = one.set_values()["Center"][0] = one.plain_state()["properties"]["Center"][0] = 7.0
        assert one.Center == [1.0, 0.0, 0.0] and "Radius" in dir(one)
        assert (await one.update_pipeline()).bounds[0] < 1  # type: ignore[index]
        both = session.filters.AppendPolyData(Input=[one, other])
        both.Input.clear()
        both.inputs()["Input"].clear()
        assert len(both.Input) == 2
        reader = session.readers.vtkXMLImageDataReader(PointArrayStatus={"a": True})
        reader.PointArrayStatus["a"] = False
        assert reader.PointArrayStatus == {"a": True}
        view = session.create_view(ViewSize=[40, 30])
        shown = session.show(one, view, Color=[1, 0, 0])
        view.set_values()["ViewSize"][0] = shown.set_values()["Color"][0] = 9
        assert view.set_values()["ViewSize"] == [40, 30] and shown.set_values()["Color"] == [1, 0, 0]
        entry = session.definitions.entry("Sphere", "Center")
        assert entry is not None
        with pytest.raises(TypeError):
            entry["default"] = 3  # type: ignore[index]


@in_loop
async def test_a_name_is_in_one_place_whenever_the_definition_arrives(backend: str) -> None:
    async with connect(backend=backend) as session:
        wavelet = session.sources.Wavelet()
        cut = session.filters.vtkCutter(Input=wavelet, CutFunction="Plane")
        await cut.definition()
        plane = session.objects.Plane(Origin=(0, 0, 3), Normal=(0, 0, 1))
        cut.CutFunction = plane
        assert cut.CutFunction is plane and list(cut.set_values()) == ["Input", "CutFunction"]
        assert (await cut.update_pipeline()).bounds[4:] == (3, 3)  # type: ignore[index]
        early = session.filters.vtkAppendPolyData(Input=[])
        with pytest.raises(RemoteError, match="it has no input: set Input"):
            await early.update_pipeline()
        early.Input = session.sources.Sphere()
        assert (await early.update_pipeline()).number_of_points == 50
        await early.definition()
        early.Input = []
        assert early.Input == []
        with pytest.raises(RemoteError, match="it has no input: set Input"):
            await early.update_pipeline()
        with pytest.raises(TypeError, match="Input is an input: set it to a proxy"):
            early.Input = 3


@in_loop
async def test_data_sent_twice_at_once_is_that_of_the_last_call(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = await session.send_data(np.zeros((2, 2, 2)))
        sent = [session.send_data(np.full((100, 100, 60), float(index)), proxy=source) for index in range(3)]
        await asyncio.gather(*sent)
        assert (await source.update_pipeline()).array("values").ranges == ((2.0, 2.0),)
        given_up = asyncio.create_task(session.send_data(np.full((100, 100, 60), 9.0), proxy=source))
        await asyncio.sleep(0.01)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        await session.send_data(np.full((50, 50, 60), 5.0), proxy=source)
        assert (await source.update_pipeline()).array("values").ranges == ((5.0, 5.0),)


@in_loop
async def test_a_transfer_that_was_left_incomplete_does_not_harm_the_next(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = await session.send_data(np.zeros((2, 2, 2)))
        whole = {"slices": [[0, 0, 5]], "total": 50, "buffers": 2, "meta": 10}
        session.data.send_message(Packet({"op": "receive", "id": source.id, "piece": whole}, [b"12345"]))
        await session.send_data(np.full((2, 2, 2), 5.0), proxy=source)
        assert (await source.update_pipeline()).array("values").ranges == ((5.0, 5.0),)


@in_loop
async def test_cancelling_one_who_waits_for_a_definition_leaves_it_to_the_others(backend: str) -> None:
    async with connect(backend=backend) as session:
        waiting = [asyncio.create_task(session.definitions.definition("vtkStreamTracer")) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(found[0], asyncio.CancelledError) and found[1] == found[2]
        assert isinstance(found[1], dict) and found[1]["type_name"] == "vtkStreamTracer"
        with pytest.raises(Exception, match="UnknownType"):
            await session.definitions.definition("Nonsense")


@in_loop
async def test_two_restarts_at_once_are_one() -> None:
    async with connect(backend="zmq") as session:
        sphere = session.sources.Sphere(Radius=2.0)
        await sphere.update_pipeline()
        del sphere.Radius
        first = asyncio.create_task(session.restart())
        second = asyncio.create_task(session.restart())
        await asyncio.sleep(0)
        first.cancel()
        await second
        assert first.cancelled() and (await sphere.update_pipeline()).bounds[5] == 0.5  # type: ignore[index]


@in_loop
async def test_a_deletion_that_was_undone_in_time_is_told_to_nobody(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere, cone = session.sources.Sphere(Radius=2.0), session.sources.Cone()
        shrink = session.filters.Shrink(Input=sphere)
        await shrink.update_pipeline()
        data, render = fill(session)
        shrink.Input = cone
        sphere.Radius = 4.0
        with pytest.raises(Busy):
            session.delete(sphere)
        with pytest.raises(Busy):
            session.undo.undo()
        del sphere.Radius
        shrink.Input = sphere
        data.full = render.full = False
        assert (await sphere.update_pipeline()).bounds == (await session.sources.Sphere().update_pipeline()).bounds
        assert (await shrink.update_pipeline()).number_of_cells == (await sphere.update_pipeline()).number_of_cells


@in_loop
async def test_what_is_read_and_saved_has_what_could_not_be_sent(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView()
        await view.ready()
        data, render = fill(session)
        for color in ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]):
            data.full = render.full = True
            with pytest.raises(Busy):
                view.Background = color
            data.full = render.full = False
            if color[0]:
                assert (await view.properties())["Background"] == color
            else:
                await session.save_state(tmp_path / "scene.json")
        saved = json.loads((tmp_path / "scene.json").read_text())
        assert saved["views"][0]["properties"]["Background"] == [0.0, 1.0, 0.0]
