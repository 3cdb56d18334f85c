"""What a newer packet makes useless while it waits, and what must not be skipped, with a service that is held up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from apvserver.render import coalescing
from apvserver.render.coalescing import Coalescing
from async_paraview.operations import Operation, OperationError
from async_paraview.operations.render import OPERATIONS, Interact
from services_core import IncomingCall, Packet, Service, ServiceEndpoint, ServicesEngine

from ..harness.time_limits import scaled


class Held(Service):
    """Processes nothing before it is let go; notes what it comes to."""

    def __init__(self) -> None:
        super().__init__("held")
        self.gate = threading.Event()
        self.overtaking = Coalescing()
        self.done: list[dict[str, Any]] = []

    def preview(self, incoming: IncomingCall) -> None:
        self.overtaking.arrived(incoming, incoming.packet.header)

    def process(self, incoming: IncomingCall) -> Packet:
        header = incoming.packet.header
        if header["op"] == "hold":
            self.gate.wait(scaled(10))
        else:
            step = well_formed(header)
            taken = self.overtaking.taken(incoming, step) if isinstance(step, Interact) else ()
            self.done += [one.header() for one in taken] or [header]
        return Packet()


def well_formed(header: dict[str, Any]) -> Operation | None:
    try:
        return OPERATIONS.read(header)
    except OperationError:
        return None


@pytest.fixture
def held() -> Iterator[tuple[Held, ServiceEndpoint]]:
    service = Held()
    with ServicesEngine("inproc") as engine:
        engine.add_service(service)
        endpoint = engine.endpoint("held")
        endpoint.send_message({"op": "hold"})
        yield service, endpoint
        service.gate.set()


def camera(x: int, view: int = 1, **more: Any) -> dict[str, Any]:
    return {"op": "update_view", "view": view, "properties": {"CameraPosition": [x, 0, 0], **more}}


def step(kind: str, dx: float, view: int = 1) -> dict[str, Any]:
    return {"op": "interact", "view": view, "kind": kind, "dx": dx}


def outcome(held: tuple[Held, ServiceEndpoint], *headers: dict[str, Any]) -> list[dict[str, Any]]:
    """What is processed of these packets."""
    service, endpoint = held
    for header in headers:
        endpoint.send_message(header)
    last = endpoint.send_request({"op": "end"})
    service.gate.set()
    last.result(scaled(10))
    assert service.done.pop() == {"op": "end"}
    return service.done


def test_of_many_changes_of_one_property_the_last_is_made(held: tuple[Held, ServiceEndpoint]) -> None:
    assert outcome(held, *(camera(x) for x in range(1000))) == [camera(999)]


def test_a_change_of_other_properties_overtakes_nothing(held: tuple[Held, ServiceEndpoint]) -> None:
    sent = [camera(1, ViewSize=[3, 3]), camera(2), camera(3, view=2)]
    assert outcome(held, *sent) == sent


def test_a_change_of_more_properties_overtakes(held: tuple[Held, ServiceEndpoint]) -> None:
    assert outcome(held, camera(1), camera(2, ViewSize=[3, 3])) == [camera(2, ViewSize=[3, 3])]


def test_what_somebody_looks_at_in_between_is_kept(held: tuple[Held, ServiceEndpoint]) -> None:
    sent = [camera(1), {"op": "screenshot", "view": 1}, camera(2), {"op": "reset_camera", "view": 1}, camera(3)]
    assert outcome(held, *sent) == sent


def test_geometry_that_arrives_in_between_does_not_keep_a_change(held: tuple[Held, ServiceEndpoint]) -> None:
    assert outcome(held, camera(1), {"op": "geometry", "view": 1}, camera(2)) == [
        {"op": "geometry", "view": 1},
        camera(2),
    ]


def test_representations_and_views_do_not_keep_each_other(held: tuple[Held, ServiceEndpoint]) -> None:
    look = [
        {"op": "update_representation", "representation": 7, "view": 1, "properties": {"Opacity": x}} for x in (0, 1)
    ]
    assert outcome(held, look[0], camera(1), look[1], camera(2)) == [look[1], camera(2)]


def test_steps_of_a_movement_are_joined_and_none_is_lost(held: tuple[Held, ServiceEndpoint]) -> None:
    steps = [step("rotate", x) for x in range(100)]
    assert outcome(held, *steps) == steps  # in one piece: only the last packet was processed
    service, _ = held
    assert not service.overtaking._steps


def test_no_more_steps_are_joined_than_may_be_kept_and_none_is_lost(
    held: tuple[Held, ServiceEndpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coalescing, "MOST_STEPS", 5)
    steps = [step("pan", dx, view) for dx in range(20) for view in (1, 2)]
    done = outcome(held, *steps)
    assert [one for one in done if one["view"] == 1] == steps[::2]
    assert [one for one in done if one["view"] == 2] == steps[1::2]


def test_the_memory_for_steps_is_bounded(held: tuple[Held, ServiceEndpoint], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalescing, "MOST_STEPS", 5)
    service, endpoint = held
    for dx in range(20):
        endpoint.send_message(step("pan", dx))
    endpoint.ping().result(scaled(5))
    assert sum(map(len, service.overtaking._steps.values())) == 5
    assert len([one for one in service.waiting() if one.packet.header["op"] == "interact"]) == 15


def test_steps_of_another_movement_keep_their_order(held: tuple[Held, ServiceEndpoint]) -> None:
    sent = [step("rotate", 1), step("zoom", 2), step("rotate", 3), camera(4), step("rotate", 5)]
    assert outcome(held, *sent) == sent


def test_malformed_packets_are_left_to_whoever_processes_them(held: tuple[Held, ServiceEndpoint]) -> None:
    sent: list[dict[str, Any]] = [
        {"op": ["interact"]},
        {"op": "update_view", "view": "one", "properties": 3},
        {"op": "update_view", "view": 1, "properties": 3},
        {"op": "update_view", "view": 1},
        {"op": "interact", "view": 1, "kind": {}},
    ]
    assert outcome(held, *sent) == sent
