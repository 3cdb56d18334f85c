"""Only what has changed of a proxy is sent; all of it when the server knows nothing, and nothing is lost in between."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from servermanager import RemoteError, Session, connect
from services_core import Busy, Packet
from services_core.payload import unpack_payload

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.backends import crosses_processes
from ..harness.time_limits import scaled


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def sent(session: Session) -> Iterator[list[Packet]]:
    """What the data service is told meanwhile."""
    packets: list[Packet] = []
    endpoint, send = session.data, session.data.send_message

    def keep(packet: Any) -> None:
        packets.append(packet if isinstance(packet, Packet) else Packet(packet))
        send(packet)

    endpoint.send_message = keep  # type: ignore[method-assign,assignment]
    try:
        yield packets
    finally:
        endpoint.send_message = send  # type: ignore[method-assign]


def told(packet: Packet) -> dict[str, Any]:
    """The only proxy of an update."""
    (one,) = packet.header["proxies"] if "proxies" in packet.header else unpack_payload(packet)
    return {key: value for key, value in one.items() if value and key != "type"}


@in_loop
async def test_a_flag_beside_many_ids_costs_next_to_nothing() -> None:
    async with connect(backend="inproc") as session:
        chosen = session.filters.ExtractSelection(Input=session.sources.Wavelet(), FieldType="POINTS")
        chosen.IDs = [number for point in range(100_000) for number in (0, point % 9261)]
        assert len(chosen.IDs) == 200_000
        await session.data.send_request({"op": "sync"})
        await chosen.definition()
        session.update_vtk_objects()
        took_s = []
        for turn in range(20):
            with sent(session) as packets:
                began = time.perf_counter()
                chosen.PreserveTopology = turn % 2
                session.update_vtk_objects()
                took_s.append(time.perf_counter() - began)
            assert [len(one.header_bytes) < 1000 and not one.buffers for one in packets] == [True]
            assert told(packets[0]) == {"id": chosen.id, "properties": {"PreserveTopology": turn % 2}}
        assert min(took_s) < scaled(0.5e-3), took_s
        assert (await chosen.update_pipeline()).number_of_points == 9261


@in_loop
async def test_changes_are_told_once_and_all_of_it_to_a_server_that_begins_anew(backend: str) -> None:
    async with connect(backend=backend) as session:
        sphere, cone = session.sources.Sphere(Radius=2.0), session.sources.Cone()
        shrunk = session.filters.Shrink(Input=sphere, ShrinkFactor=0.5)
        await shrunk.update_pipeline()
        session.update_vtk_objects()
        with sent(session) as packets:
            sphere.Center = [0, 0, 1]
            shrunk.Input = cone
            session.update_vtk_objects([sphere])
            session.update_vtk_objects([shrunk])
            session.update_vtk_objects()
            del sphere.Radius
            session.update_vtk_objects()
            session.undo.undo()
        assert [told(packet) for packet in packets] == [
            {"id": sphere.id, "properties": {"Center": [0, 0, 1]}},
            {"id": shrunk.id, "inputs": {"Input": [[cone.id, 0]]}},
            {"id": sphere.id, "unset": ["Radius"]},
            {"id": sphere.id, "properties": {"Radius": 2.0}},
        ]
        assert (await sphere.update_pipeline()).bounds[5] == 3.0  # type: ignore[index]
        if crosses_processes(session.about["backend"]):
            await session.restart()
            assert (await sphere.update_pipeline()).bounds[5] == 3.0  # type: ignore[index]
        session.delete(sphere)
        session.undo.undo()
        assert (await sphere.update_pipeline()).bounds[5] == 3.0  # type: ignore[index]


@in_loop
async def test_what_could_not_be_sent_stays_to_be_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connect(backend="inproc") as session:
        sphere = session.sources.Sphere()
        await sphere.update_pipeline()

        def full(_packet: Any) -> None:
            raise Busy("the budget is full")

        sphere.Radius = 2.0
        with monkeypatch.context() as context:
            context.setattr(session.data, "send_message", full)
            with pytest.raises(Busy):
                session.update_vtk_objects()
            sphere.Center = [0, 0, 1]
            with pytest.raises(Busy):
                session.update_vtk_objects()
        assert (await sphere.update_pipeline()).bounds[5] == 3.0  # type: ignore[index]


@in_loop
async def test_what_was_refused_together_with_a_wrong_value_is_not_lost(backend: str) -> None:
    async with connect(backend=backend) as session:
        cone = session.create("Cone", Height=4.0, Resolution="many")  # as a whole, before anything is known of it
        with pytest.raises(RemoteError, match="Resolution"):
            await cone.update_pipeline()
        cone.Resolution = 12
        assert (await cone.update_pipeline()).bounds[1] == 2.0  # type: ignore[index]
        assert cone.Height == 4.0
        header = {"op": "update", "proxies": [{"id": cone.id, "properties": {"Height": 6.0, "Resolution": "many"}}]}
        session.data.send_message(header)  # another client's, which is refused
        with pytest.raises(RemoteError, match="Resolution"):
            await cone.update_pipeline()
        cone.Resolution = 12
        assert (await cone.update_pipeline()).bounds[1] == 3.0  # type: ignore[index]
        session.data.send_message({"op": "update", "proxies": [{"id": cone.id, "properties": {"Heigth": 1}}]})
        with pytest.raises(RemoteError, match="Heigth"):
            await cone.update_pipeline()
        session.data.send_message({"op": "update", "proxies": [{"id": cone.id, "unset": ["Heigth"]}]})
        assert (await cone.update_pipeline()).bounds[1] == 3.0  # type: ignore[index]
