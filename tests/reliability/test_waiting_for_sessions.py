"""Clients that come when a server is full, or all at once, wait in its line, and are told how long that is."""

from __future__ import annotations

import asyncio
import logging

import pytest

from servermanager import ConnectionFailed, connect

from ..harness.apvtest import BACKENDS, Server, in_loop
from ..harness.time_limits import scaled


@in_loop
async def test_who_waits_gets_the_place_of_who_leaves(caplog: pytest.LogCaptureFixture) -> None:
    told: list[int] = []
    with Server("zmq", "--max-sessions", "1") as server, caplog.at_level(logging.WARNING):
        async with connect(server.url):
            with pytest.raises(ConnectionFailed, match="1 sessions already"):
                await connect(server.url, wait_s=0)
            first = asyncio.ensure_future(_open_and_close(server, None))
            await asyncio.sleep(0)
            in_line = asyncio.Event()

            def on_waiting(ahead: int) -> None:
                told.append(ahead)
                in_line.set()

            second = asyncio.ensure_future(_open_and_close(server, on_waiting))
            async with asyncio.timeout(scaled(20)):
                await in_line.wait()
        await asyncio.gather(first, second)
    assert told[0] in (0, 1) and told == sorted(told, reverse=True)
    assert "waiting for a session at" in caplog.text


async def _open_and_close(server: Server, on_waiting: object) -> None:
    async with connect(server.url, on_waiting=on_waiting) as session:  # type: ignore[arg-type]
        assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


@in_loop
async def test_who_has_waited_in_vain_is_told_how_long_the_line_was() -> None:
    with Server("inproc", "--max-sessions", "1") as server:
        async with connect(server.url):
            with pytest.raises(ConnectionFailed, match=r"no session within 2\.5 s.* and 0 other clients"):
                await connect(server.url, wait_s=2.5)
        async with connect(server.url, wait_s=20) as session:  # it left no trace in the line
            await session.sources.SphereSource().update_pipeline()


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_many_at_once(backend: str) -> None:
    """More than may be there, from one program, which is busy with that as well."""
    with Server(backend, "--max-sessions", "2") as server:
        await asyncio.gather(*(_open_and_close(server, None) for _ in range(7)))


@pytest.mark.deep
@pytest.mark.parametrize("backend", BACKENDS)
def test_three_hundred_at_once(backend: str) -> None:
    async def come() -> None:
        async with asyncio.timeout(scaled(400)):
            await asyncio.gather(*(_wait_long(server) for _ in range(300)))

    async def _wait_long(server: Server) -> None:
        async with connect(server.url, wait_s=300) as session:
            await session.sources.SphereSource().update_pipeline()

    with Server(backend) as server:
        asyncio.run(come())
