"""What waits in a server's sessions is bounded in each and in total, and operators see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from async_paraview.operations import sessions
from services_core import Busy, MiB, Reply, ServiceEndpoint, ServicesEngine

from ..harness.apvtest import BACKENDS, Program, Server, poll
from ..harness.time_limits import scaled

HOLDER = """
import time
from pathlib import Path
from services_core import Packet, Service

class Holder(Service):
    def __init__(self, connect):
        super().__init__("holder")

    def process(self, incoming):
        until = time.monotonic() + 60
        while not Path(incoming.packet.header).exists() and time.monotonic() < until:
            time.sleep(0.01)
        return Packet(len(incoming.packet.buffers))
"""
MANY = 70


def open_session(engine: ServicesEngine, server: Server) -> tuple[ServiceEndpoint, ServiceEndpoint]:
    """Connections to the front, and to the holder of a session of their own."""
    front = engine.endpoint("sessions", server.url, token=server.token)
    token = front.send_request(sessions.Open().packet()).result(scaled(60)).header["session"]
    return front, engine.endpoint("holder", server.url, session=token, token=server.token)


def refused(reply: Reply[Any]) -> bool:
    """Whether it was answered by Busy; nothing else is answered while the holder holds."""
    if not reply.done():
        return False
    with pytest.raises(Busy, match="bytes wait in this session"):
        reply.result(0)
    return True


def status(server: Server) -> list[dict[str, Any]]:
    with Program("-m", "apvserver", "status", "--json", "--server-url", server.url) as told:
        assert told.wait(deadline_s=30) == 0, told.errors
        found: list[dict[str, Any]] = json.loads(told.output)["sessions"]
    return found


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_session_has_its_share_of_what_may_wait(backend: str, tmp_path: Path) -> None:
    (tmp_path / "holders.py").write_text(HOLDER)
    variables = {"PYTHONPATH": str(tmp_path), "APV_SERVICES": "holders:Holder", "APV_MAX_TOTAL_QUEUED": "64MiB"}
    go_on = str(tmp_path / "go on")
    with Server(backend, **variables) as server, ServicesEngine("zmq") as engine:
        (_, holder), (_, other) = open_session(engine, server), open_session(engine, server)
        asked = [holder.send_request(go_on, [bytes(MiB)]) for _ in range(MANY)]
        wanted = MANY - 32
        assert poll(lambda: sum(map(refused, asked)) >= wanted, deadline_s=30, what="answers that say Busy")
        one, two = poll(lambda: seen(server), deadline_s=20, what="what waits, as operators see it")
        assert 32 * MiB <= one["queued_bytes"] <= 34 * MiB and two["queued_bytes"] < MiB
        assert one["may_queue_bytes"] == two["may_queue_bytes"] == 32 * MiB
        mine = other.send_request(go_on)  # of another session
        Path(go_on).touch()
        assert mine.result(scaled(20)).header == 0
        kept = [one for one in asked if not (one.done() and refused_at_last(one))]
        assert 31 <= len(kept) <= 33


def seen(server: Server) -> list[dict[str, Any]] | None:
    found = sorted(status(server), key=lambda one: -(one["queued_bytes"] or 0))
    return found if (found[0]["queued_bytes"] or 0) >= 32 * MiB else None


def refused_at_last(reply: Reply[Any]) -> bool:
    try:
        reply.result(scaled(20))
    except Busy:
        return True
    return False
