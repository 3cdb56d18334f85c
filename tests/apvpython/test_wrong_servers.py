"""Servers that are named wrongly: one line says what is wrong, and apvpython ends with 2, before the script begins."""

from __future__ import annotations

import logging
import os
import re
import socket
import sys
from pathlib import Path

import pytest

from apvpython.__main__ import main
from async_paraview.credentials import ConnectionFile
from servermanager.reach.address_check import check_server_url
from services_core import ConfigurationError

from ..harness.apvtest import Server, in_loop, run

NEEDS = r"needs a host and a port of 1 to 65535"
NO_URL = r"is no URL; it looks like tcp://127\.0\.0\.1:11111"

MISTAKES = {
    "auto": "no apvserver of this user runs on this machine",
    "": "--server-url is empty",
    "Auto": NO_URL,
    "127.0.0.1": NO_URL,
    "127.0.0.1:11111": NO_URL,
    "a b c": NO_URL,
    "tcp:/127.0.0.1:1": NO_URL,
    "tcp://": NO_URL,
    "foo://127.0.0.1:1": "no backend serves foo://.* known are .*tcp",
    "http://127.0.0.1:1": "no backend serves http://",
    "nope+tcp://127.0.0.1:1": "unknown backend 'nope'",
    "tcp://127.0.0.1": NEEDS,
    "tcp://127.0.0.1:": NEEDS,
    "tcp://127.0.0.1:99999": NEEDS,
    "tcp://127.0.0.1:abc": NEEDS,
    "tcp://127.0.0.1:-1": NEEDS,
    "tcp://127.0.0.1:1 ": NEEDS,
    "tcp://127.0.0.1:1\n": NEEDS,
    "tcp://127.0.0.1:1/path": NEEDS,
    "tcp://127.0.0.1:1?key=5": NEEDS,
    "tcp://127.0.0.1:²": NEEDS,
    "tcp://:1": NEEDS,
    "tcp://127.0.0.1:0": "can be listened at, not connected to",
    "tcp://*:1": "can be listened at, not connected to",
    "tcp://user@127.0.0.1:1": "'user@127.0.0.1' is no host",
    "tcp://[::1": "is no host",
    "tcp://::1:5": "'::1' is no host: .*in brackets",
    "curve://127.0.0.1:1": r"the key of the server at 127\.0\.0\.1:1 is not known",
    "curve://127.0.0.1:1?key=abc": "'abc' is no key: 64 hexadecimal digits",
    "curve://127.0.0.1:1?kay=abc": "what can be said is key",
    "ssh://": "names no host",
    "ssh://-oProxyCommand=x": "names no host",
    "ssh://host:port": "it looks like ssh://user@host",
    "reverse+": NO_URL,
    "reverse+tcp://127.0.0.1": r"needs a host and a port of 0 to 65535",
    "reverse+tcp://127.0.0.1:0": "the server has to know the port",
    "reverse+curve://127.0.0.1:1": "a server that connects to here shows no key",
    "reverse+tcp://0.0.0.0:1": r"refusing to wait at tcp://0\.0\.0\.0:1",
    "reverse+foo://1": "no backend serves foo://",
    "ipc://": NO_URL,
}

RIGHT = (
    "tcp://localhost:11111", "tcp://[::1]:11111", "tcp://[fe80::1%eth0]:11111", "tcp://10.0.0.2:0;10.0.0.1:11111",
    "zmq+tcp://127.0.0.1:1", "ipc:///tmp/a b@c", "ssh://ada@host:22", "reverse+tcp://127.0.0.1:1",
)  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("APV_RUNTIME_DIR", "APV_CONFIG_DIR"):
        directory = tmp_path / name
        directory.mkdir(mode=0o700)
        monkeypatch.setenv(name, str(directory))
    monkeypatch.setenv("APV_SERVER_URL", "")  # and what `main` says there is undone
    monkeypatch.setattr(logging, "basicConfig", lambda **options: None)


def ended(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["apvpython", *arguments, "-c", "print('begun')"])
    with pytest.raises(SystemExit) as caught:
        main()
    return caught.value.code


@pytest.mark.parametrize(("url", "why"), MISTAKES.items())
def test_a_wrong_url(url: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, f"--server-url={url}") == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1, said
    assert said.err.startswith("apvpython: --server-url") and re.search(why, said.err), said.err


@pytest.mark.parametrize(
    ("place", "why"),
    [("abc", "a port of"), ("99999", "a port of"), ("host:", "a port of"), ("", "a port of"), ("0", "has to know")],
)
def test_a_wrong_place_to_wait_at(
    place: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(monkeypatch, f"--wait-for-server={place}") == 2
    said = capsys.readouterr().err
    assert said.startswith("apvpython: --wait-for-server: ") and why in said and said.count("\n") == 1, said


def test_a_password_is_not_repeated(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(monkeypatch, "--server-url", "ssh://ada:geheim@host") == 2
    said = capsys.readouterr().err
    assert "holds no password" in said and "geheim" not in said


@pytest.mark.parametrize("url", RIGHT)
def test_what_could_be_connected_to_passes(url: str) -> None:
    check_server_url(url)


def test_auto_is_right_where_a_server_runs() -> None:
    with pytest.raises(ConfigurationError, match="no apvserver of this user"):
        check_server_url("auto")
    file = ConnectionFile(url="tcp://0.0.0.0:11111")
    file.write()
    check_server_url("auto")


def test_a_token_file_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APV_TOKEN_FILE", os.fspath(tmp_path / "missing"))
    assert ended(monkeypatch, "--server-url", "tcp://127.0.0.1:1") == 2
    told = capsys.readouterr().err
    assert told.startswith(f"apvpython: there is no token file {tmp_path / 'missing'}: copy that of the server")


@in_loop
async def test_what_only_connecting_shows_is_one_line_with_its_place(tmp_path: Path) -> None:
    """No server there, another program there, a server with keys where none are asked for, one without where some are.

    What `connect` itself raises, named in the script, is told alike.
    """
    script = tmp_path / "script.py"
    with Server("inproc") as server, socket.create_server(("127.0.0.1", 0)) as other:
        place = server.url.removeprefix("tcp://")
        key = "ab" * 32
        cases = {
            "tcp://127.0.0.1:1": "nobody listens at tcp://127.0.0.1:1",
            f"tcp://127.0.0.1:{other.getsockname()[1]}": "did not answer within|nobody listens at",
            f"curve://{place}?key={key}": "keys",
            "foo://1": "no backend serves foo://",
        }
        for url, why in cases.items():
            script.write_text(f"from servermanager import connect\n\nawait connect({url!r}, wait_s=0)\n")
            ended = run("apvpython", str(script), deadline_s=30)
            lines = [line for line in ended.errors.splitlines() if not line.startswith("WARNING")]
            assert ended.code == (2 if url.startswith("foo") else 1) and len(lines) == 1, ended
            assert lines[0].startswith(f"apvpython: {script}, line 3: ") and re.search(why, lines[0]), ended
