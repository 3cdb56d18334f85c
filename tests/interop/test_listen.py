"""Where servers listen: at several addresses, of any backend; and a backend of one's own that claims tcp."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import zmq

from apvserver.command_line import server_options
from servermanager import ConfigurationError, connect
from services_core import public_url

from ..harness.apvtest import Program, apvpython, in_loop, poll, run

OWN = """
from services_core import Listener
from services_zmq import ZmqBackend

class Renamed(Listener):
    def __init__(self, inner, scheme):
        self.url = f"{scheme}:" + inner.url.partition(":")[2]
        self.close = inner.close

    def close(self): pass

class Loud(ZmqBackend):
    schemes = ("loud", "tcp", "ipc", "inproc")

    def listen(self, url, accept):
        print("Loud listens at", url, flush=True)
        return Renamed(super().listen(url.replace("loud://", "tcp://"), accept), url.partition(":")[0])

    def connect(self, url):
        return super().connect(url.replace("loud://", "tcp://"))
"""

ipc = pytest.mark.skipif(not zmq.has("ipc"), reason="ZeroMQ has no ipc on this system")


class Listening(Program):
    """An apvserver with these options; `urls` are those of its ready line."""

    def __init__(self, *options: str, **env: str | None) -> None:
        super().__init__("-m", "apvserver", *options, directory=None, **env)
        try:
            self.urls = self.wait_for(r"ready at (.+?) \(")[1].split(" and ")
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Listening:
        return self


async def points(url: str, backend: str | None = None) -> int:
    async with connect(url, backend=backend) as session:
        return (await session.sources.SphereSource().update_pipeline()).number_of_points


@ipc
@in_loop
async def test_several_addresses_of_one_server(tmp_path: Path) -> None:
    socket = f"ipc://{tmp_path}/socket"
    with Listening("--listen", "tcp://127.0.0.1:0", "--listen", socket, "--listen", "tcp://[::1]:0") as server:
        first, second, third = server.urls
        assert re.fullmatch(r"tcp://127\.0\.0\.1:\d+", first) and third.startswith("tcp://[::1]:")
        assert second == socket
        assert os.stat(tmp_path / "socket").st_mode & 0o077 == 0, "others of this machine must not come in"
        for url in (first, second, third):
            assert await points(url) == 50


def test_a_port_beside_other_addresses() -> None:
    assert server_options([]).listen == ("tcp://127.0.0.1:11111",)
    assert server_options(["--listen", "tcp://127.0.0.1:5"]).listen == ("tcp://127.0.0.1:5",)
    assert server_options(["-p", "7", "--listen", "ipc:///x"]).listen == ("tcp://127.0.0.1:7", "ipc:///x")
    assert server_options(["--bind-address", "::1"]).listen == ("tcp://[::1]:11111",)


@pytest.mark.parametrize(
    "url",
    ["tcp://0.0.0.0:1", "tcp://*:1", "zmq+tcp://192.0.2.1:1", "a:B+tcp://[::]:1", "a:B+own://0.0.0.0:1"],
)
def test_every_address_that_strangers_reach_needs_a_word(url: str) -> None:
    with pytest.raises(ConfigurationError, match="refusing to listen on"):
        server_options(["--listen", "tcp://127.0.0.1:0", "--listen", url])
    assert server_options(["--insecure", "--listen", url]).listen == (url,)


@pytest.mark.parametrize("url", ["tcp://[::1:5", "tcp://::1:5", "tcp://0.0.0.0:99999"])
def test_a_mistyped_address_is_called_so_and_reached_by_nobody(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"is no host|needs a host and a port"):
        server_options(["--listen", url])


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("gopher://x", r"no backend serves gopher://"),
        ("zmq+thread://x", r"the backend 'zmq' does not serve thread://, but tcp, ipc, inproc"),
        ("nobody+tcp://127.0.0.1:0", r"unknown backend 'nobody'"),
        ("tcp://127.0.0.1", r"needs a host and a port"),
        ("11111", r"is no URL"),
    ],
)
def test_an_address_that_cannot_be(url: str, why: str) -> None:
    ended = run("apvserver", "--listen", url)
    assert ended.code == 2 and re.search(why, ended.errors), ended
    assert len(ended.errors.splitlines()) == 1, ended


@in_loop
async def test_a_backend_that_claims_tcp_takes_no_door_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loud_backend.py").write_text(OWN)
    monkeypatch.syspath_prepend(str(tmp_path))
    where = {"PYTHONPATH": str(tmp_path)}
    own = "loud_backend:Loud"
    options = ("-p", "0", "--backend", own, "--listen", f"{own}+tcp://127.0.0.1:0", "--listen", "loud://127.0.0.1:0")
    with Listening(*options, **where) as server:
        plain, named, loud = server.urls
        assert re.fullmatch(r"tcp://127\.0\.0\.1:\d+", plain)
        assert named.startswith(f"{own}+tcp://127.0.0.1:") and loud.startswith("loud://127.0.0.1:")
        told = server.output.partition("apvserver ")[0]
        assert told.splitlines() == ["Loud listens at tcp://127.0.0.1:0", "Loud listens at loud://127.0.0.1:0"]
        assert public_url(plain) == f"zmq+{plain}" and public_url(named) == named
        for client in (None, own, "zmq"):
            assert await points(plain, client) == 50
        assert await points(named) == 50
        assert await points(loud, own) == 50


def test_a_backend_beside_a_script(tmp_path: Path) -> None:
    (tmp_path / "loud_backend.py").write_text(OWN)
    script = tmp_path / "script.py"
    script.write_text(
        "from servermanager import connect\n"
        "async with connect() as session:\n"
        "    made = await session.sources.SphereSource().update_pipeline()\n"
        "    print(session.about['backend'], made.number_of_points)\n"
    )
    ended = apvpython("--backend", "loud_backend:Loud", str(script))
    assert ended.code == 0, ended
    assert ended.output.splitlines()[-1] == "loud_backend:Loud 50", ended
    ended = apvpython("--backend", "loud_backend:Loud", "-c", "print(1)")
    assert ended.code == 2 and "PYTHONPATH" in ended.errors and "beside the script" in ended.errors, ended


def test_the_conformance_suite_finds_a_backend_as_servers_do(tmp_path: Path) -> None:
    (tmp_path / "loud_backend.py").write_text(OWN)
    suite = ("services_core.conformance", "--backend", "loud_backend:Loud", "--only", "nobody")
    ended = run(*suite, PYTHONPATH=str(tmp_path))
    assert ended.code == 0 and "backend loud_backend:Loud (loud_backend:Loud)" in ended.output, ended
    ended = run(*suite)
    assert ended.code == 2 and "PYTHONPATH" in ended.errors and len(ended.errors.splitlines()) == 1, ended


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_a_server_ends_with_its_input(backend: str) -> None:
    with Listening("-p", "0", "--exit-with-stdin", "--backend", backend) as server:
        own = Path(f"/proc/{server.pid}/fd/0")  # nobody else waits for what is read there, which blocks on Windows
        assert not own.exists() or own.readlink() == Path(os.devnull)
        server.say("what is said is not looked at\n")
        server.end_input()
        assert server.wait(deadline_s=10) == 0
        poll(lambda: not server.descendants(), what="the end of what the server started")


@in_loop
async def test_a_server_without_that_option_goes_on() -> None:
    with Listening("-p", "0") as server:
        server.end_input()
        assert await points(server.urls[0]) == 50
