"""Servers that connect to a client which waits, as real programs: one port, and no way in where the server is."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import psutil
import pytest

from apvserver.command_line import server_options
from bench.reliability.pastime import Pastime
from bench.reliability.proxy import Proxy
from servermanager import ConfigurationError, ConnectionLost, connect
from services_core import Refused

from ..harness.apvtest import BACKENDS, Program, in_loop, poll_async
from ..harness.backends import crosses_processes
from ..harness.free_ports import free_port
from ..harness.time_limits import scaled

SCRIPT = """
from servermanager import connect
async with connect() as session:
    made = await session.sources.SphereSource().update_pipeline()
    print(made.number_of_points, session.about["url"], flush=True)
"""


def dialling(port: int, *options: str) -> Program:
    """A server that connects to a client at this port."""
    return Program("-m", "apvserver", "--reverse-connection", "--server-port", str(port), *options)


RETURN_S = 2.0
"""How soon a session must go on after the return of the link."""


@pytest.mark.waiting
@pytest.mark.parametrize(
    ("backend", "away_s", "drop"),
    [
        ("zmq", 3.0, True),
        ("inproc", 3.0, True),
        pytest.param("zmq", 8.0, True, marks=pytest.mark.deep),
        pytest.param("zmq", 8.0, False, marks=pytest.mark.deep),
        pytest.param("inproc", 30.0, True, marks=pytest.mark.deep),
    ],
)
@in_loop
async def test_a_session_outlives_its_link(backend: str, away_s: float, drop: bool) -> None:
    port = free_port()
    with Proxy(f"tcp://127.0.0.1:{port}") as link, dialling(link.port, "--backend", backend) as server:
        async with connect(f"tcp://127.0.0.1:{port}", reverse=True) as session, Pastime(session) as pastime:
            kinds: list[str] = []
            session.on_connection(lambda state: kinds.append(state.kind))
            with link.down(drop=drop):
                link.cut()
                await asyncio.sleep(away_s)
            assert await pastime.goes_on() < scaled(RETURN_S), pastime.took_s
            assert kinds == ["reconnecting", "connected"]
        assert await asyncio.to_thread(server.wait, deadline_s=10) == 0, "the client has left"
        assert "Traceback" not in server.errors


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_all_of_a_session_over_one_port(backend: str) -> None:
    port = free_port()
    with dialling(port, "--backend", backend) as server:  # which comes first, and tries again
        async with connect(f"tcp://127.0.0.1:{port}", reverse=True) as session:
            assert session.about["url"] == f"reverse+tcp://127.0.0.1:{port}"
            sphere = session.sources.SphereSource()
            assert (await sphere.update_pipeline()).number_of_points == 50
            assert (await sphere.fetch()).number_of_points == 50
            view = session.views.RenderView(ViewSize=[64, 48])
            session.show(sphere, view)
            assert (await view.screenshot()).width == 64
            listening = [one for one in psutil.Process(server.pid).net_connections("tcp") if one.status == "LISTEN"]
            assert listening == []
            if crosses_processes(backend):
                await session.restart()
                assert (await sphere.update_pipeline()).number_of_points == 50
        assert await asyncio.to_thread(server.wait, deadline_s=10) == 0
        assert f"connects to the client that waits at tcp://127.0.0.1:{port}" in server.output
        assert server.errors == ""


@in_loop
async def test_a_client_that_dies_is_waited_for() -> None:
    port = free_port()
    script = SCRIPT.replace("flush=True)\n", "flush=True)\n    import asyncio\n    await asyncio.sleep(600)\n")
    with dialling(port) as server:
        with Program("-m", "apvpython", "--wait-for-server", str(port), "-c", script) as client:
            await asyncio.to_thread(client.wait_for, rf"50 reverse\+tcp://127.0.0.1:{port}")
            client.kill()
        async with connect(f"reverse+tcp://127.0.0.1:{port}") as session:
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50
        assert await asyncio.to_thread(server.wait, deadline_s=10) == 0


@pytest.mark.deep
@in_loop
async def test_a_server_that_dies_is_told_and_another_may_come() -> None:
    port = free_port()
    url = f"tcp://127.0.0.1:{port}"
    with dialling(port, "--keep", "2") as first:
        async with connect(url, reverse=True) as session:
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50
            first.kill()
            with pytest.raises(ConnectionLost):
                await session.sources.SphereSource().update_pipeline()
    with dialling(port):
        async with connect(url, reverse=True) as session:
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


@in_loop
async def test_only_who_knows_the_token_is_served_where_there_is_one(tmp_path: Path) -> None:
    port, own = free_port(), tmp_path / "token"
    url = f"tcp://127.0.0.1:{port}"
    with dialling(port, "--token-file", str(own)) as server:
        await asyncio.to_thread(server.wait_for, "connects to the client .*its token")
        other = tmp_path / "other"
        other.write_text("x" * 40)
        other.chmod(0o600)
        for token_file in (None, other):  # the same server goes on to wait for the right one
            with pytest.raises(Refused, match="token"):
                await connect(url, reverse=True, token_file=token_file)
        async with connect(url, reverse=True, token_file=own) as session:
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


@pytest.mark.deep
@in_loop
async def test_many_sessions_one_after_the_other_leave_nothing() -> None:
    port = free_port()
    url = f"tcp://127.0.0.1:{port}"
    before = psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0
    for _ in range(4):
        with dialling(port, "--backend", "inproc") as server:
            async with connect(url, reverse=True) as session:
                assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50
            assert await asyncio.to_thread(server.wait, deadline_s=10) == 0
    if before:
        await poll_async(lambda: psutil.Process().num_fds() <= before + 2, what="the descriptors of before")


@in_loop
async def test_who_waits_can_be_told_to_stop() -> None:
    port = free_port()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await connect(f"tcp://127.0.0.1:{port}", reverse=True)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))  # it is free again


@in_loop
async def test_a_server_that_is_dialled_instead_of_a_client_says_no() -> None:
    with Program("-m", "apvserver", "-p", "0") as other:
        port = int((await asyncio.to_thread(other.wait_for, r"ready at tcp://127.0.0.1:(\d+)"))[1])
        with dialling(port) as server:
            assert await asyncio.to_thread(server.wait, deadline_s=10) == 2
            assert "apvserver: " in server.errors and "OFFER" in server.errors, server.errors
        async with connect(f"tcp://127.0.0.1:{port}") as session:
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


def test_ctrl_c_ends_a_server_whose_client_never_comes() -> None:
    with dialling(free_port()) as server:
        server.wait_for("connects to the client")
        psutil.Process(server.pid).terminate()
        assert server.wait(deadline_s=10) == 0


def test_the_options_that_users_of_paraview_know() -> None:
    for options in (
        ["-rc", "-ch=127.0.0.1", "-sp=4711"],
        ["--reverse-connection", "--client-host=127.0.0.1", "-p", "4711"],
    ):
        told = server_options(options)
        assert (told.client, told.listen) == ("tcp://127.0.0.1:4711", ())
    assert server_options(["-rc", "--listen", "ipc:///x"]).listen == ("ipc:///x",)
    assert server_options(["-rc", "-ch", "node17", "--insecure"]).client == "tcp://node17:11111"
    assert server_options([]).client is None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["-rc", "-ch=node17"], "refusing to connect to tcp://node17:11111"),
        (["-ch=127.0.0.1"], "--client-host is for --reverse-connection"),
        (["-rc", "--bind-address", "127.0.0.1"], "--bind-address does not go with it"),
    ],
)
def test_what_does_not_go_together(options: list[str], why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        server_options(options)


@in_loop
async def test_waiting_where_strangers_come_needs_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"refusing to wait at tcp://0\.0\.0\.0:1"):
        await connect("tcp://0.0.0.0:1", reverse=True)
    monkeypatch.setenv("APV_INSECURE", "yes")
    with pytest.raises(ConfigurationError, match="APV_INSECURE is 'yes'"):
        await connect("reverse+tcp://127.0.0.1:1")
    monkeypatch.setenv("APV_INSECURE", "1")
    port = free_port()
    waiting = asyncio.create_task(_open(f"reverse+tcp://0.0.0.0:{port}"))
    await poll_async(lambda: _listens(port), what="the client")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, scaled(5))


async def _open(url: str) -> None:
    await connect(url)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
