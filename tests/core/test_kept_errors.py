"""An error that is raised again and again is the same each time, and keeps nothing of those who got it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from services_core import IncomingCall, Packet, RemoteError, Reply, Service, ServicesEngine, ServicesError

from ..harness.apvtest import BACKENDS
from ..harness.time_limits import scaled


class CannotStart(Service):
    """Every request gets the error of its start."""

    def __init__(self) -> None:
        super().__init__("broken")
        self.seen: list[ref[IncomingCall]] = []

    def started(self) -> None:
        raise RuntimeError("there is no licence")

    def preview(self, incoming: IncomingCall) -> None:
        self.seen.append(ref(incoming))

    def process(self, incoming: IncomingCall) -> Packet | None:
        raise AssertionError("it has not started")


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_service_that_cannot_start_keeps_nothing_of_what_it_refuses(backend: str) -> None:
    service = CannotStart()
    with ServicesEngine(backend) as engine:
        engine.add_service(service)
        endpoint = engine.endpoint("broken")
        tracebacks = []
        for number in range(5):
            with pytest.raises(RemoteError, match="there is no licence") as caught:
                endpoint.send_request({"number": number}).result(scaled(5))
            tracebacks.append(caught.value.remote_traceback)
        assert "in started" in tracebacks[0] and len(set(tracebacks)) == 1
    assert [one() for one in service.seen] == [None] * 5


def test_a_reply_raises_its_error_each_time_as_if_it_were_the_first() -> None:
    reply: Reply[int] = Reply()
    reply.resolve(None, ServicesError("it failed"))
    depths = {_depth_of(reply.result) for _ in range(3)}
    assert depths == {3}  # result, _outcome, and who called

    async def wait() -> int:
        return await reply

    assert {_depth_of(lambda: asyncio.run(wait())) for _ in range(3)} == {_depth_of(lambda: asyncio.run(wait()))}


def _depth_of(call: object) -> int:
    """How many frames the error that a call raises has come through."""
    assert callable(call)
    with pytest.raises(ServicesError, match="it failed") as caught:
        call()
    return len(caught.traceback)
