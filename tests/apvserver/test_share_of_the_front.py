"""One connection cannot fill the queue of the service that all clients talk to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from apvserver.hosting.admission.share import MOST_OPEN, Share
from async_paraview.operations import sessions
from services_core import IncomingCall, Kind, Refused, ServicesEngine, ServicesError

from ..harness.apvtest import Server, in_loop


@dataclass(eq=False)
class Client:
    """Stands for a connection."""

    closed: list[ServicesError] = field(default_factory=list)

    def close(self, error: ServicesError) -> None:
        self.closed.append(error)


@dataclass
class Call:
    """Stands for what arrived."""

    client: Client
    over: bool = False
    kind: Kind = Kind.REQUEST


def take(share: Share, call: Call) -> Call:
    share.take(cast(IncomingCall, call))
    return call


def test_what_is_open_counts_and_what_is_over_does_not() -> None:
    share, client, other = Share(3), Client(), Client()
    calls = [take(share, Call(client)) for _ in range(3)]
    take(share, Call(other))  # of others nothing is taken
    calls[1].over = True
    take(share, Call(client))
    assert client.closed == other.closed == []
    take(share, Call(client))
    (error,) = client.closed
    assert isinstance(error, Refused) and "more than 3 requests and streams" in str(error)
    take(share, Call(client, over=True))  # what came with it is not looked at any more
    assert len(client.closed) == 1
    share.left(cast(Any, client))


def test_messages_do_not_count_for_long() -> None:
    share, client = Share(3), Client()
    for _ in range(10):
        take(share, Call(client, kind=Kind.MESSAGE))
    assert client.closed == []


@in_loop
async def test_a_flood_ends_its_connection_and_others_are_served() -> None:
    with Server("zmq") as server, ServicesEngine("zmq", name="flood") as engine:
        flooding = engine.endpoint("sessions", server.url, token=server.token)
        other = engine.endpoint("sessions", server.url, token=server.token)
        await asyncio.gather(flooding.connected(), other.connected())
        with flooding.together():  # they arrive at once
            asked = [flooding.send_request(sessions.About().packet()) for _ in range(MOST_OPEN * 10)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)  # each has one
        assert "more than 64 requests and streams" in str(outcomes[-1])
        assert isinstance(flooding.error, Refused)
        assert (await other.send_request(sessions.About().packet())).header["backend"] == "zmq"
