"""Servers that run, as their operators see and end them: real programs, found by their connection files."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from apvserver.commands import stop
from apvserver.commands.running_server import running_server
from apvserver.commands.status import status_of
from async_paraview.credentials import find_server
from async_paraview.operations import sessions
from servermanager import connect
from services_core import Refused, ServiceEndpoint, ServicesEngine, ServicesError

from ..harness.apvslow import slow_filter, until_it_runs
from ..harness.apvtest import BACKENDS, Program, Server, in_loop, poll, poll_async, run
from ..harness.time_limits import scaled

STAYS = (
    "from servermanager import connect\nimport asyncio\nasync with connect() as session:\n"
    "    await session.sources.SphereSource().update_pipeline()\n    print('there', flush=True)\n"
    "    await asyncio.sleep(600)"
)


def told(command: str, server: Server, **env: Any) -> Any:
    """What a command says as JSON."""
    ended = run("apvserver", command, "--server-url", server.url.partition("?")[0], "--json", **env)
    assert ended.code == 0, ended
    return json.loads(ended.output)


def executing_is_told(server: Server) -> Any:
    """What `status` tells once it tells of Delaunay3D: the worker writes what it is at once in a second."""
    found = told("status", server)
    return found if "Delaunay3D" in json.dumps(found["sessions"][0]["executing"]) else None


def status(server: Server) -> dict[str, Any]:
    """The same, asked from this process."""
    with running_server(server.url) as found:
        return status_of(found)


@contextmanager
def control(server: Server, token: str | None) -> Iterator[ServiceEndpoint]:
    with ServicesEngine("zmq", name="control") as engine:
        yield engine.endpoint("sessions", server.url, token=token)


def client_of(server: Server) -> Program:
    """A client that opens a session and stays."""
    return Program("-m", "apvpython", "--server-url", server.url, "-c", STAYS)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@in_loop
async def test_status_and_sessions_tell_who_is_there_and_what_is_executed() -> None:
    with Server("zmq", "--log-format", "json", "-v") as server:
        async with connect(server.url) as session:
            invited = await session.invite("viewer")
            async with connect(server.url, session=invited):
                slow = slow_filter(session)
                await until_it_runs(session)
                found = await asyncio.to_thread(poll, lambda: executing_is_told(server), what="Delaunay3D is executed")
                (one,) = found["sessions"]
                assert found["pid"] == server.pid and found["backend"] == "zmq" and not found["draining"]
                assert [(each["client"], each["role"]) for each in one["clients"]] == [(1, "owner"), (2, "viewer")]
                assert one["pid"] == server.workers()[0].pid and one["ready"] and one["away_since"] is None
                assert one["memory_bytes"] > 20e6
                executing = [each for each in one["executing"] if "Delaunay3D" in each["what"]]
                assert executing and found["since"] < executing[0]["since"] <= found["now"]
                assert one["requests"] >= 1 and one["received_bytes"] > 100 and one["sent_bytes"] > 100
                assert found["sent_bytes"] == one["sent_bytes"]
                shown = await asyncio.to_thread(run, "apvserver", "sessions", "--server-url", server.url)
                row = shown.output.splitlines()[1]
                assert row.startswith(one["name"]) and "executing Delaunay3D" in row and str(one["pid"]) in row, shown
                slow.cancel()
            overview = await asyncio.to_thread(run, "apvserver", "status", "--server-url", server.url)
            assert "1 session, 0 away; 1 client" in overview.output, overview
        log = lines(server.errors)
        assert {each["session"] for each in log if "session" in each} == {one["name"]}, log
        assert "session opened, 1 now" in {each["message"] for each in log}
        assert session.token not in server.errors


def test_a_session_whose_client_is_stopped_is_away_and_its_worker_counts() -> None:
    with Server("zmq") as server, client_of(server) as client:
        client.wait_for("there")
        assert told("sessions", server)[0]["away_since"] is None
        client.kill()
        found = poll(lambda: [one for one in status(server)["sessions"] if one["away_since"]], deadline_s=20)
        assert found[0]["clients"][0]["away_since"] is not None
        server.workers()[0].kill()
        assert poll(lambda: status(server)["sessions"][0]["deaths"] == 1, deadline_s=10)
        shown = run("apvserver", "status", "--server-url", server.url)
        assert "1 session, 1 away" in shown.output, shown


@pytest.mark.parametrize("backend", BACKENDS)
def test_only_the_operator_may_ask(backend: str) -> None:
    with Server(backend) as server:
        found = find_server(server.url)
        assert found is not None and found.operator and found.operator != found.token
        assert found.operator not in repr(found)
        for token in (found.token, found.operator):
            with control(server, token) as endpoint:
                asking = endpoint.send_request(sessions.Status().packet())
                if token == found.operator:
                    assert len(asking.result(scaled(10)).buffers) == 1
                    continue
                for operation in (sessions.Status(), sessions.Stop()):
                    with pytest.raises(Refused, match="only the operator"):
                        endpoint.send_request(operation.packet()).result(scaled(10))
        with pytest.raises(Refused), control(server, found.operator[:-1]) as endpoint:
            endpoint.send_request(sessions.Status().packet()).result(scaled(10))
        ended = run("apvserver", "status", "--server-url", "tcp://127.0.0.1:1")
        assert ended.code == 2 and "no apvserver of this user" in ended.errors, ended
        secret = found.operator
        assert secret not in server.output + server.errors


def test_a_client_cannot_say_that_it_is_the_operator() -> None:
    with Server("inproc", "--no-token") as server, ServicesEngine("zmq") as engine:
        channel_hello = {"protocol": [1, 2], "service": "sessions", "operator": True}
        answers = _said(engine, server.url, channel_hello)
        assert answers["code"] in ("remote", "refused") and "only the operator" in answers["message"]
        assert status(server)["sessions"] == []  # which the true one may ask here, too


def _said(engine: ServicesEngine, url: str, hello: dict[str, Any]) -> dict[str, Any]:
    """The error of a request for the status, after this HELLO."""
    from services_core import Kind, Message, Packet

    errors: list[dict[str, Any]] = []

    class Receiver:
        def on_messages(self, messages: Any) -> None:
            for message in messages:
                if message.kind == Kind.WELCOME:
                    channel.send(Message(Kind.REQUEST, 1, packet=sessions.Status().packet()))
                    channel.flush()
                elif message.kind == Kind.ERROR:
                    errors.append(message.packet.header)

        def on_closed(self, error: ServicesError | None) -> None:
            errors.append({"code": "closed", "message": str(error)})

    channel = engine.connect(url)
    channel.start(Receiver())
    channel.send(Message(Kind.HELLO, value=2**20, packet=Packet(hello)))
    channel.flush()
    answer = poll(lambda: errors[0] if errors else None)
    channel.close()
    return answer


def test_a_server_with_keys_knows_its_operator_by_its_own(tmp_path: Path) -> None:
    own: dict[str, Any] = {"APV_CONFIG_DIR": str(tmp_path)}
    allowed = run("apvserver", "keys", "allow", "somebody", "ab" * 32, **own)
    assert allowed.code == 0, allowed
    with Server("zmq", "--keys", **own) as server:
        assert told("status", server, **own)["pid"] == server.pid


@in_loop
async def test_stop_drains_tells_clients_and_ends_with_the_last_session() -> None:
    with Server("zmq", "--drain-timeout", "100", "-v") as server:
        async with connect(server.url) as session:
            with control(server, server.token) as watching:
                joined = await watching.send_request(sessions.Join(session=session.token).packet())
                assert joined.header["client"] == 2
                stream = watching.subscribe(sessions.Clients().packet())
                assert "ends_in_s" not in (await anext(stream)).header
                stopping = asyncio.create_task(
                    asyncio.to_thread(run, "apvserver", "stop", "--server-url", server.url, "--drain-timeout", "50")
                )
                item = (await anext(stream)).header
                assert 0 < item["ends_in_s"] <= 50 and len(item["clients"]) == 2
                with pytest.raises(Refused, match="about to end, and opens no further sessions"):
                    await watching.send_request(sessions.Open().packet())
                assert (await asyncio.to_thread(status, server))["draining"]
                sphere = session.sources.SphereSource()
                assert (await sphere.update_pipeline()).number_of_points == 50  # those that are there go on
                assert not stopping.done()
        ended = await stopping
        assert ended.code == 0, ended
        assert await asyncio.to_thread(server.wait) == 0
        assert "draining: the sessions that are left (1) have 50 s" in server.errors


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot interrupt one program alone")
def test_stop_says_what_it_waits_for_and_ctrl_c_leaves_the_server_draining() -> None:
    with Server("inproc", "--drain-timeout", "300") as server, client_of(server) as client:
        client.wait_for("there")
        with Program("-m", "apvserver", "stop", "--server-url", server.url) as stopping:
            poll(lambda: "waiting for 1 session to end, for " in stopping.errors, deadline_s=20)
            stopping.signal(signal.SIGINT)
            assert stopping.wait(deadline_s=10) == 130
            assert "goes on to end, within 300 s" in stopping.errors and "stop --now" in stopping.errors
            assert "Traceback" not in stopping.errors
        assert status(server)["draining"] and len(status(server)["sessions"]) == 1
        with Program("-m", "apvserver", "stop", "--server-url", server.url, "--drain-timeout", "200") as again:
            poll(lambda: re.search(r"waiting for 1 session to end, for (1\d\d|200) s", again.errors), deadline_s=20)
            assert len(status(server)["sessions"]) == 1, "to be told twice to wait is not to be told to end at once"
            assert run("apvserver", "stop", "--server-url", server.url, "--now").code == 0
            assert again.wait(deadline_s=20) == 0
        assert server.wait() == 0


def test_a_server_that_does_not_end_is_waited_for_no_longer_than_it_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stop, "ENDS_S", 0.5)
    with Server("inproc", "--drain-timeout", "2") as server, client_of(server) as client:
        client.wait_for("there")
        found = find_server(server.url)
        monkeypatch.setattr(stop, "find_server", lambda url: found)
        assert stop.run(["--server-url", server.url]) == 1
        assert "has not ended within 2 s and 0.5 s more" in capsys.readouterr().err
        assert server.wait() == 0


@in_loop
async def test_who_waits_for_a_session_is_told_of() -> None:
    with Server("inproc", "--max-sessions", "1") as server:
        async with connect(server.url):
            waiting = asyncio.ensure_future(connect_later(server))
            while (found := await asyncio.to_thread(status, server))["waiting"] == 0:
                assert not waiting.done(), waiting
            assert found["waiting"] == 1 and len(found["sessions"]) == 1
            assert found["since"] < found["waiting_since"] <= found["now"]
            for command in ("status", "sessions"):
                shown = await asyncio.to_thread(run, "apvserver", command, "--server-url", server.url)
                assert re.search(r"1 client waits for a session, the first for \d+ s", shown.output), shown
        await waiting
        found = await asyncio.to_thread(status, server)
        assert found["waiting"] == 0 and found["waiting_since"] is None


async def connect_later(server: Server) -> None:
    async with connect(server.url, wait_s=60):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program by TerminateProcess: there is no SIGTERM")
def test_sigterm_drains_and_the_second_ends_at_once() -> None:
    with Server("zmq", "--drain-timeout", "300") as server, client_of(server) as client:
        client.wait_for("there")
        server.signal(signal.SIGTERM)
        poll(lambda: status(server)["draining"])
        server.signal(signal.SIGTERM)
        assert server.wait() == 0


def test_stop_now_waits_for_nobody() -> None:
    with Server("inproc", "--drain-timeout", "300") as server, client_of(server) as client:
        client.wait_for("there")
        assert run("apvserver", "stop", "--server-url", server.url, "--now").code == 0
        assert server.wait() == 0


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no SIGUSR1")
@in_loop
async def test_a_signal_writes_what_all_processes_are_at() -> None:
    with Server("zmq") as server:
        async with connect(server.url) as session:
            slow = slow_filter(session)
            await until_it_runs(session)
            server.signal(signal.SIGUSR1)
            worker = server.workers()[0].pid
            for what in (
                rf"worker {worker} .*: service data: \d+ waiting, at 'update_pipeline' for .* s \[session \w{{8}}\]",
                rf"session \w{{8}}: process {worker}, owner 1, .*executing Delaunay3D",
                r'File ".*execution\.py", line \d+',
                r'File ".*draining\.py", line \d+',
            ):
                await poll_async(lambda what=what: re.search(what, server.errors), what=what)  # type: ignore[misc]
            slow.cancel()
            assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50


@in_loop
async def test_the_page_of_metrics() -> None:
    parser = pytest.importorskip("prometheus_client.parser", reason="needs prometheus-client (extra metrics)")
    with Server("zmq", "--metrics-port", "0") as server:
        url = re.search(r"metrics at (http://127\.0\.0\.1:\d+/metrics)", server.output)
        assert url is not None, server.output

        def values() -> dict[str, float]:
            with urllib.request.urlopen(url[1], timeout=scaled(10)) as page:
                text = page.read().decode()
            families = list(parser.text_string_to_metric_families(text))
            assert all(family.documentation for family in families)
            return {f"{one.name}{one.labels.get('le', '')}": one.value for family in families for one in family.samples}

        before = await asyncio.to_thread(values)
        assert before["apv_waiting_clients"] == 0
        assert before["apv_sessions"] == 0 == before["apv_request_seconds_count"]
        async with connect(server.url) as session:
            for _ in range(5):
                await session.sources.SphereSource().update_pipeline()
            during = await asyncio.to_thread(values)
            assert during["apv_sessions"] == 1 == during["apv_clients"] == during["apv_sessions_opened_total"]
            assert during["apv_session_memory_bytes"] > 20e6
            assert during["apv_request_seconds_count"] >= 5
            assert during["apv_request_seconds_bucket+Inf"] == during["apv_request_seconds_count"]
        after = await poll_async_values(values)
        assert after["apv_request_seconds_count"] >= during["apv_request_seconds_count"]
        assert after["apv_sent_bytes_total"] >= during["apv_sent_bytes_total"] > 0


async def poll_async_values(values: Any) -> dict[str, float]:
    """The metrics once there is no session any more."""
    for _ in range(200):
        found: dict[str, float] = await asyncio.to_thread(values)
        if found["apv_sessions"] == 0:
            return found
    raise AssertionError("the session did not end")


def test_a_metrics_port_that_is_taken_is_an_error_that_says_so() -> None:
    pytest.importorskip("prometheus_client", reason="needs prometheus-client (extra metrics)")
    with Server("inproc", "--metrics-port", "0") as server:
        url = re.search(r"metrics at http://127\.0\.0\.1:(\d+)", server.output)
        assert url is not None
        ended = run("apvserver", "-p", "0", "--backend", "inproc", "--metrics-port", url[1])
        assert ended.code == 2 and "--metrics-port" in ended.errors and len(ended.errors.splitlines()) == 1, ended
