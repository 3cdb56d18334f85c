"""Whole sessions whose link goes down, or whose server or client is stopped for a while: they go on where they were."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final, cast

import numpy as np
import psutil
import pytest

from bench.reliability.pastime import Pastime
from bench.reliability.proxy import Proxy
from servermanager import ConnectionLost, RemoteError, Session, connect
from servermanager.server_connection import _has_not_begun
from services_core import Reply, ServiceEndpoint, ServicesError

from ..harness.apvtest import Program, Server, in_loop, poll_async
from ..harness.time_limits import scaled

pytestmark = pytest.mark.waiting

RETURN_S = 2.0
"""How soon a session must go on after the return of what was away."""


@asynccontextmanager
async def session_through_a_proxy(server: Server, *, rate: int | None = None) -> AsyncIterator[tuple[Session, Proxy]]:
    token = server.token
    assert token is not None
    with Proxy(server.url, rate=rate) as proxy, tempfile.NamedTemporaryFile() as file:  # of mode 0600
        file.write(token.encode())
        file.flush()
        async with connect(proxy.url, token_file=file.name) as session:
            yield session, proxy


@contextmanager
def stopped(program: Program) -> Iterator[None]:
    """Stop a program with its workers meanwhile, as the signal of a terminal does."""
    every = [psutil.Process(program.pid), *program.workers()]
    for process in every:
        process.suspend()
    try:
        yield
    finally:
        for process in every:
            process.resume()


SLOW: Final = 100_000
"""Bytes per second of a slow line: less than one of 1 Mbit/s."""


@in_loop
async def test_over_a_slow_link_data_comes_and_goes() -> None:
    """Of a message that takes longer than a peer may be silent, no sign of life comes before all of it is there.

    So the connection is lost once, and the next one has longer.
    """
    with Server("zmq") as server:
        async with session_through_a_proxy(server, rate=SLOW) as (session, _):
            kinds: list[str] = []
            session.on_connection(lambda state: kinds.append(state.kind))
            wavelet = session.sources.Wavelet(WholeExtent=[-24, 24] * 3)
            fetched = await wavelet.fetch()
            values = np.asarray(fetched.point_data["RTData"])
            assert values.size == 49**3
            assert values.nbytes > 4 * SLOW, "it takes longer than a peer may be silent"
            sent = await session.send_data(fetched.to_vtk(), name="there again")
            information = await sent.update_pipeline()
            assert information.number_of_points == values.size
            (array,) = (one for one in information.arrays if one.name == "RTData")
            assert array.ranges[0] == (values.min(), values.max())
            assert kinds == ["reconnecting", "connected"]


DEEP = pytest.mark.deep


@pytest.mark.parametrize(
    ("what", "backend"),
    [
        ("cut", "inproc"),
        ("down", "zmq"),
        *(pytest.param(*pair, marks=DEEP) for pair in [("cut", "zmq"), ("down", "inproc"), ("dropped", "inproc")]),
        pytest.param("dropped", "zmq", marks=DEEP),
    ],
)
@in_loop
async def test_a_session_outlives_its_link(what: str, backend: str) -> None:
    with Server(backend) as server:
        async with session_through_a_proxy(server) as (session, proxy), Pastime(session) as pastime:
            kinds: list[str] = []
            session.on_connection(lambda state: kinds.append(state.kind))
            if what == "cut":
                proxy.cut()
            else:
                with proxy.down(drop=what == "dropped"):
                    await asyncio.sleep(0.5 if what == "dropped" else 4.5)
            assert await pastime.goes_on() < scaled(RETURN_S), pastime.took_s
            print("MADE", proxy.made)
            assert kinds == ["reconnecting", "connected"]
            assert session.connection.kind == "connected"
        assert "Traceback" not in server.errors
        assert kinds == ["reconnecting", "connected"], "closing a session is no loss"


@pytest.mark.parametrize("backend", [pytest.param("inproc", marks=DEEP), "zmq"])
@in_loop
async def test_a_stopped_server_goes_on(backend: str) -> None:
    with Server(backend) as server:
        async with connect(server.url) as session, Pastime(session) as pastime:
            with stopped(server):
                await asyncio.sleep(6)
            assert await pastime.goes_on() < scaled(RETURN_S), pastime.took_s


async def opened(server: Server) -> Session:
    """A session, as soon as the server has noticed that another client is away."""
    until = time.monotonic() + scaled(10)
    while True:
        try:
            return await connect(server.url)
        except (ConnectionError, RemoteError):
            assert time.monotonic() < until


@in_loop
async def test_the_client_that_has_been_away_longest_makes_room() -> None:
    with Server("zmq", "--max-sessions", "2") as server:
        async with session_through_a_proxy(server) as (session, proxy), connect(server.url) as other:
            with proxy.down(drop=True):
                proxy.cut()

                third = await opened(server)
                assert (await third.sources.SphereSource().update_pipeline()).number_of_points == 50
            with pytest.raises(ConnectionLost, match="make room for another client"):
                await session.sources.SphereSource().update_pipeline()
            assert (await other.sources.SphereSource().update_pipeline()).number_of_points == 50
            await third.close()


@pytest.mark.deep  # 18 s
@in_loop
async def test_a_session_that_is_closed_in_an_outage_is_kept_and_one_that_is_ended_goes_when_the_link_is_back() -> None:
    with Server("zmq") as server:
        async with session_through_a_proxy(server) as (session, proxy):
            with proxy.down():
                await poll_async(lambda: session.connection.kind == "reconnecting", what="the outage")
                await session.close()
            (kept,) = server.workers()  # for 60 s: the server was not told
        async with session_through_a_proxy(server) as (session, proxy):
            with proxy.down():
                await poll_async(lambda: session.connection.kind == "reconnecting", what="the outage")
                ended = asyncio.ensure_future(session.end())
                assert not (await asyncio.wait([ended], timeout=0.3))[0], "it waits for the link"
            await ended
            await poll_async(lambda: server.workers() == [kept], what="the end of the session")


@in_loop
async def test_a_link_that_goes_down_while_the_next_worker_is_reached() -> None:
    with Server("zmq") as server:
        async with session_through_a_proxy(server) as (session, proxy):
            source = session.sources.SphereSource(Radius=2.0)
            await source.update_pipeline()
            dead = session.data
            made = proxy.made
            down, is_down = proxy.down(drop=True), threading.Event()

            def bring_down(_: ServicesError | None) -> None:  # before anything is said to the next one
                down.__enter__()
                is_down.set()

            dead.add_close_callback(bring_down)
            for worker in server.workers():
                worker.kill()
            await poll_async(lambda: is_down.is_set() and proxy.made >= made + 2, what="connections to the next worker")
            begun = session.data
            down.__exit__(None, None, None)
            await poll_async(lambda: begun.error is not None, what="the loss of a connection that was not kept yet")
            information = await source.update_pipeline(deadline_s=scaled(20))
            assert information.bounds is not None
            assert information.bounds[1] == pytest.approx(2.0, abs=0.1)


def test_a_connection_that_ends_at_this_very_moment_has_not_begun() -> None:
    """Its end is there, and who waits for it has not been told yet: seen in a loop, which nothing may block."""

    class Ending:
        error = ConnectionLost("cut")
        reply: Reply[None] = Reply()

        def connected(self) -> Reply[None]:
            return self.reply

    async def look() -> bool:
        return _has_not_begun(cast(ServiceEndpoint, Ending()))

    assert asyncio.run(look())
