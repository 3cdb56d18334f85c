"""Who subscribes and leaves, again and again, leaves nothing behind, also while nothing is told to anybody."""

from __future__ import annotations

import gc
from typing import Any, cast

import pytest

from apvserver.data.service import MANY_STREAMS, DataService
from apvserver.followers import Followers
from async_paraview.operations import data
from services_core import IncomingCall, Kind, Packet, ServiceClient, ServicesEngine, StreamWriter

from ..harness.time_limits import scaled

ROUNDS = 10 * MANY_STREAMS


class Client:
    """Stands for a connection."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {}
        self.told: list[tuple[int, Any]] = []

    def put(self, id_: int, packet: Packet) -> bool:
        self.told.append((id_, packet.header))
        return True

    def release(self, incoming: IncomingCall) -> None:
        incoming.released = True


def streams_kept() -> int:
    gc.collect()
    return sum(type(one) is StreamWriter for one in gc.get_objects())


def subscription(client: Client, id_: int) -> IncomingCall:
    whose = cast(ServiceClient, client)
    return IncomingCall(Kind.SUBSCRIBE, id_, Packet({"op": "changes"}), None, False, whose)


def test_followers_that_have_left_are_forgotten() -> None:
    followers, client, before = Followers(), Client(), streams_kept()
    staying = subscription(client, 1)
    followers.follow(staying, None)
    for id_ in range(2, ROUNDS):
        incoming = subscription(client, id_)
        followers.follow(incoming, None)
        incoming.abandon()
    assert streams_kept() - before <= 2 * MANY_STREAMS
    client.told.clear()
    followers.tell_itself(staying, {"op": "anything"})
    assert [id_ for id_, _ in client.told] == [1]


@pytest.mark.parametrize("wanted", [data.Progress, data.Messages])
def test_streams_that_were_left_are_forgotten(wanted: type[data.Progress | data.Messages]) -> None:
    def no_render(*_: object) -> Any:
        raise AssertionError("nothing is rendered here")

    service = DataService(no_render)  # it cannot start, and previews all the same: as while it imports
    with ServicesEngine("inproc") as engine:
        engine.add_service(service)
        assert service.wait_until_begun(scaled(60))
        endpoint, before = engine.endpoint("data"), streams_kept()
        for _ in range(ROUNDS):
            endpoint.subscribe(wanted().packet()).close()
        endpoint.ping().result(scaled(5))
        assert streams_kept() - before <= 2 * MANY_STREAMS
