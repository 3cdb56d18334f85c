"""Requests and streams count together: who keeps to the limit is told to wait, and is never cut for it."""

from __future__ import annotations

import pytest

from services_core import Busy, Incoming, Limits, Packet, Service, ServicesEngine

from ..harness.apvtest import BACKENDS
from ..harness.time_limits import scaled


class Holding(Service):
    """Answers requests when it is told to, and keeps streams."""

    def __init__(self) -> None:
        super().__init__("holding")
        self.kept: list[Incoming] = []

    def process(self, incoming: Incoming) -> Packet | None:
        if incoming.packet.header == "answer":
            self.kept.pop(0).reply(Packet("at last"))
            return Packet()
        if incoming.stream is None:
            incoming.defer()
            self.kept.append(incoming)
        return None


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("streams", [1, 2])
def test_requests_beside_streams(backend: str, streams: int) -> None:
    most = 4
    with ServicesEngine(backend, limits=Limits(under_way=most)) as engine:
        engine.add_service(Holding())
        endpoint = engine.endpoint("holding")
        kept = [endpoint.subscribe("items") for _ in range(streams)]
        replies = [endpoint.send_request("hold") for _ in range(most - streams)]
        for send in (endpoint.send_request, endpoint.subscribe):
            with pytest.raises(Busy, match="4 requests and streams are open, 4 may be"):
                send("one too many")
        room = endpoint.room()
        assert not room.done()
        kept[0].close()
        room.result(scaled(5))
        assert endpoint.send_request("answer").result(scaled(5)).header is None
        assert replies[0].result(scaled(5)).header == "at last"
        assert endpoint.error is None
