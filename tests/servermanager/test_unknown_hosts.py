"""A host that has no address is told as such, not as a server that does not answer."""

from __future__ import annotations

import socket

import pytest

from servermanager import connect
from servermanager.reach.host_names import unknown_host
from services_core import ConnectionFailed

from ..harness.apvtest import in_loop


@pytest.mark.parametrize("url", ["tcp://no-such-host.invalid:11111", "zmq+tcp://no-such-host.invalid:11111"])
@in_loop
async def test_a_host_without_an_address_is_named(url: str) -> None:
    with pytest.raises(
        ConnectionFailed, match=r"'no-such-host\.invalid' has no address here \(.+\): check the host of tcp"
    ):
        await connect(url)


@in_loop
async def test_a_host_with_an_address_is_not_blamed() -> None:
    with socket.socket() as taken:  # and nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ConnectionFailed, match=r"nobody listens at tcp://127\.0\.0\.1:\d+"):
            await connect(f"tcp://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "url", ["ipc:///tmp/x", "tcp://127.0.0.1:1", "tcp://[::1]:1", "curve://localhost:1?key=00", "x"]
)
def test_nothing_is_told_of_other_addresses(url: str) -> None:
    assert unknown_host(url) is None


def test_the_key_of_a_url_is_not_repeated() -> None:
    told = unknown_host(f"curve://no-such-host.invalid:1?key={'0' * 64}")
    assert told is not None and told.endswith("curve://no-such-host.invalid:1"), told
    assert unknown_host(f"tcp://{'x' * 70}.invalid:1") is not None
