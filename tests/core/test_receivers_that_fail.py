"""A receiver that raises is a fault of this side: the peer hears a GOODBYE that says so, not a close in peace."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services_core import ConnectionLost, Message, ProtocolViolation, Reply, ServicesEngine, ServicesError

from ..harness.time_limits import scaled


class Failing:
    """Fails at whatever arrives; its end is a reply, to be waited for."""

    def __init__(self) -> None:
        self.ended: Reply[ServicesError] = Reply()

    def on_messages(self, messages: Sequence[Message]) -> None:
        raise RuntimeError("this receiver is broken")

    def on_closed(self, error: ServicesError | None) -> None:
        self.ended.resolve(error)


@pytest.mark.parametrize(("backend", "url"), [("inproc", "thread://failing"), ("zmq", "tcp://127.0.0.1:0")])
def test_the_peer_of_a_receiver_that_fails_is_told_why(backend: str, url: str) -> None:
    failing = Failing()
    with ServicesEngine(backend) as engine:
        listener = engine.listen(url, lambda channel: channel.start(failing))
        endpoint = engine.endpoint("any", listener.url)
        with pytest.raises(ConnectionLost, match="this receiver is broken") as caught:
            endpoint.send_request({}).result(scaled(10))
        assert not isinstance(caught.value, ProtocolViolation), "the client broke nothing"
        assert isinstance(failing.ended.result(scaled(10)), ProtocolViolation)
