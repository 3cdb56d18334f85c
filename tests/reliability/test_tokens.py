"""Who is let in on loopback: clients of the same user, who find the token by themselves, and nobody else."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from async_paraview.credentials import ConnectionFile, find_server, new_token, read_token
from async_paraview.operations import sessions
from servermanager import ConfigurationError, connect
from services_core import Refused, ServicesEngine

from ..harness.apvtest import BACKENDS, READY, Program, Server, apvpython, in_loop, poll, run, variables
from ..harness.time_limits import scaled

OPENS = "from servermanager import connect\nasync with connect() as session:\n    print('in', session.about['url'])"


def ask(url: str, **hello: Any) -> Any:
    """What the sessions service of a server answers who says this in its HELLO."""
    with ServicesEngine("zmq", name="stranger") as engine:
        endpoint = engine.endpoint("sessions", url, **hello)
        return endpoint.send_request(sessions.About().packet()).result(scaled(10)).header


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_client_without_the_token_is_refused_and_one_of_the_same_user_finds_it(backend: str) -> None:
    with Server(backend) as server:
        assert "for clients of this user" in server.output
        with pytest.raises(Refused, match="this one named none"):
            ask(server.url)
        for wrong in ("", "x" * 32, "é"):
            with pytest.raises(Refused, match="token"):
                ask(server.url, token=wrong)
        found = find_server(server.url)
        assert found is not None and found.token
        assert ask(server.url, token=found.token)["backend"] == backend
        told = apvpython("--server-url", server.url, "-c", OPENS)
        assert told.output == f"in {server.url}\n", told


@in_loop
async def test_the_token_of_a_session_alone_lets_nobody_in() -> None:
    """Whoever has read it somewhere, as in a log of a program, still needs the server's."""
    with Server("inproc") as server:
        found = find_server(server.url)
        assert found is not None
        with ServicesEngine("zmq") as engine:
            owner = engine.endpoint("sessions", server.url, token=found.token)
            opened = await owner.send_request(sessions.Open().packet())
            data = engine.endpoint("data", server.url, session=opened.header["session"])
            with pytest.raises(Refused, match="token"):
                await data.connected()
            data = engine.endpoint("data", server.url, session=opened.header["session"], token=found.token)
            await data.connected()


def test_auto_is_the_newest_server_and_the_file_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APV_RUNTIME_DIR", str(tmp_path))  # where no server of another test is
    with Server("inproc") as older, Server("inproc") as newer:
        told = apvpython("--server-url", "auto", "-c", OPENS)
        assert told.output == f"in {newer.url}\n", told
        path = find_server(newer.url)
        assert path is not None and path.path.exists()
        assert newer.stop() == 0
        assert not path.path.exists()
        told = apvpython("-c", OPENS, APV_SERVER_URL="auto")
        assert told.output == f"in {older.url}\n", told
        older.kill()  # its file stays behind
    ended = apvpython("-c", OPENS, APV_SERVER_URL="auto")
    assert ended.code == 2 and "no apvserver of this user runs on this machine" in ended.errors, ended


def test_a_token_file_for_those_who_come_from_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "token"
    elsewhere: dict[str, Any] = {"APV_RUNTIME_DIR": str(tmp_path / "none")}  # as on the other end of a tunnel
    with Server("inproc", "--token-file", str(path)) as server:
        refused = apvpython("--server-url", server.url, "-c", OPENS, **elsewhere)
        assert refused.code == 1 and "this one named none" in refused.errors and "--token-file" in refused.errors
        let_in = apvpython("--server-url", server.url, "--token-file", str(path), "-c", OPENS, **elsewhere)
        assert let_in.code == 0, let_in
        let_in = apvpython("--server-url", server.url, "-c", OPENS, APV_TOKEN_FILE=str(path), **elsewhere)
        assert let_in.code == 0, let_in
        token = read_token(path)
    with Server("inproc", APV_TOKEN_FILE=str(path)) as server:  # the next one asks for the same
        assert ask(server.url, token=token)
        missing = apvpython("--server-url", server.url, "--token-file", str(tmp_path / "no"), "-c", OPENS, **elsewhere)
        assert missing.code == 2 and "there is no token file" in missing.errors, missing


def test_a_token_on_standard_input() -> None:
    """As over ssh: no file is needed over there, and what follows is left to --exit-with-stdin."""
    token = new_token()
    command = ("-m", "apvserver", "-p", "0", "--backend", "inproc", "--token-file", "-", "--exit-with-stdin")
    with Program(*command) as program:
        program.say(f"{token}\n")
        url = program.wait_for(READY.pattern)[1]
        assert ask(url, token=token)
        with pytest.raises(Refused):
            ask(url)
        program.end_input()
        assert program.wait() == 0
    ended = run("apvserver", "-p", "0", "--token-file", "-", given="short\n")
    assert ended.code == 2 and "standard input began with no token" in ended.errors, ended
    assert "short" not in ended.errors


@in_loop
async def test_a_token_file_as_an_argument(tmp_path: Path) -> None:
    path = tmp_path / "token"
    with Server("inproc", "--token-file", str(path)) as server, variables(APV_RUNTIME_DIR=str(tmp_path)):
        async with connect(server.url, token_file=path) as session:
            assert session.about["url"] == server.url
        with pytest.raises(Refused):
            await connect(server.url)
        with pytest.raises(ConfigurationError, match="there is no token file"):
            await connect(server.url, token_file=tmp_path / "missing")


def test_a_server_that_is_open_to_all_says_so() -> None:
    with Server("inproc", "--no-token") as server:
        assert "open to everybody who reaches it, other users of this machine included" in server.output
        assert ask(server.url)
        told = apvpython("--server-url", "auto", "-c", OPENS)
        assert told.output == f"in {server.url}\n", told


def test_a_token_is_in_no_command_line_environment_or_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Server("zmq", "-vv", "--log", str(log)) as server:
        found = find_server(server.url)
        assert found is not None and found.token
        client = apvpython("-vv", "--server-url", server.url, "-c", OPENS + "\n    raise RuntimeError(session)")
        assert client.code == 1 and "in tcp" in client.output, client
        with pytest.raises(Refused):
            ask(server.url, token=found.token[::-1])
        seen = [server.output, server.errors, client.output, client.errors]
        for process in [psutil.Process(server.pid), *server.descendants()]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended since
                seen += [*process.cmdline(), *process.environ().values()]
        seen.append(poll(lambda: log.read_text() if "a wrong token" in log.read_text() else None, what="the refusal"))
        for text in seen:
            assert found.token not in text and found.token[::-1] not in text
        assert "refused the client at 127.0.0.1" in seen[-1]


def test_refusals_do_not_fill_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Server("inproc", "--log", str(log)) as server:
        for _ in range(12):
            with pytest.raises(Refused):
                ask(server.url)
        assert server.stop() == 0
    lines = log.read_text().splitlines()
    assert sum("refused the client at 127.0.0.1" in line for line in lines) == 5, lines
    assert sum("7 lines that peers caused were left out" in line for line in lines) == 1, lines


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can begin a process of another user"
)
def test_another_user_of_this_machine_is_not_let_in() -> None:
    """Uid 65534 reaches the port, and cannot read the file."""
    with Server("inproc") as server:
        found = find_server(server.url)
        assert found is not None
        cat = subprocess.run(["cat", str(found.path)], user=65534, group=65534, capture_output=True, check=False)
        assert (cat.returncode, cat.stdout) == (1, b"") and b"denied" in cat.stderr, cat


def test_a_directory_for_connection_files_that_cannot_be_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    ended = run("apvserver", "-p", "0", APV_RUNTIME_DIR=str(blocked / "run"))
    assert ended.code == 2 and str(blocked) in ended.errors and "Traceback" not in ended.errors, ended
    with Server("inproc", "--token-file", str(tmp_path / "token"), APV_RUNTIME_DIR=str(blocked / "run")) as server:
        assert "clients cannot find this server by themselves" in server.errors
        assert ask(server.url, token=read_token(tmp_path / "token"))


@pytest.mark.alone
def test_a_stale_file_costs_no_time() -> None:
    files = [ConnectionFile(url=f"tcp://127.0.0.1:{port}", pid=2**22 - port) for port in range(1, 50)]
    for file in files:
        file.write()
    begun = time.monotonic()
    assert find_server("tcp://127.0.0.1:1") is None
    assert time.monotonic() - begun < scaled(0.5)
    assert not any(file.path.exists() for file in files)
