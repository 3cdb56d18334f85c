"""Errors whose text or details cannot travel reach the client all the same, and end no service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services_core import Incoming, Packet, RemoteError, Service, ServiceEndpoint, ServicesEngine

from ..harness.time_limits import scaled


class Unreadable(Exception):
    """An exception that cannot make its own text."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


class Detailed(Exception):
    """An exception with details that cannot travel."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.details = {"a": object()}


_ERRORS: dict[str, BaseException] = {
    "a file name of other bytes": ValueError("no file caf\udce9.vtu"),
    "no text": Unreadable(),
    "details": Detailed("these cannot travel"),
    "a long text": ValueError("\U0001f600" * 100_000),
}


class Failing(Service):
    """Fails as it is told; what it is not told to is echoed."""

    def __init__(self) -> None:
        super().__init__("failing")

    def process(self, incoming: Incoming) -> Packet | Iterator[Packet]:
        header = incoming.packet.header
        if isinstance(header, list):
            return self._stream(header[0])
        if header in _ERRORS:
            raise _ERRORS[header]
        return Packet(header)

    def _stream(self, name: str) -> Iterator[Packet]:
        yield Packet("first")
        raise _ERRORS[name]


@pytest.fixture(params=["inproc", "zmq"])
def endpoint(request: pytest.FixtureRequest) -> Iterator[ServiceEndpoint]:
    with ServicesEngine(request.param) as engine:
        engine.add_service(Failing())
        yield engine.endpoint("failing")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("a file name of other bytes", r"ValueError: no file caf\\udce9\.vtu"),
        ("no text", "Unreadable: .*its text cannot be made"),
        ("details", "Detailed: these cannot travel"),
        ("a long text", "ValueError: \U0001f600{4096}$"),
    ],
)
def test_it_is_told_and_the_service_goes_on(endpoint: ServiceEndpoint, name: str, seen: str) -> None:
    with pytest.raises(RemoteError, match=seen):
        endpoint.send_request(name).result(scaled(5))
    stream = endpoint.subscribe([name])
    first = stream.get(scaled(5))
    assert first is not None and first.header == "first"
    with pytest.raises(RemoteError, match=seen):
        stream.get(scaled(5))
    faults: list[Exception] = []
    endpoint.add_fault_callback(faults.append)
    endpoint.send_message(name)
    assert endpoint.send_request("still here").result(scaled(5)).header == "still here"
    assert len(faults) == 1 and isinstance(faults[0], RemoteError)
