"""Files of credentials: nobody else can read them, and those that others could have made are not used."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from async_paraview.credentials import (
    ConnectionFile,
    allow_client,
    authorized_clients,
    find_server,
    know_server,
    known_servers,
    new_token,
    newest_server,
    read_or_make_token,
    read_token,
    runtime_directory,
)
from async_paraview.credentials.processes import birth_of
from services_core import ConfigurationError

from ..harness.time_limits import scaled

modes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists, not modes")


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the connection files of a test are."""
    monkeypatch.setenv("APV_RUNTIME_DIR", str(tmp_path / "run"))
    return tmp_path / "run"


def test_the_newest_server_is_found_and_each_by_its_port(directory: Path) -> None:
    first = ConnectionFile(url="tcp://127.0.0.1:1111", token=new_token())
    second = ConnectionFile(url="tcp://127.0.0.1:2222", token=new_token())
    first.write()
    second.write()
    assert newest_server() == second
    assert find_server("tcp://127.0.0.1:1111") == first
    assert find_server("tcp://localhost:2222") == second
    for other in ("tcp://127.0.0.1:3333", "tcp://elsewhere:1111", "curve://127.0.0.1:1111", "nonsense", "tcp://"):
        assert find_server(other) is None
    second.remove()
    assert newest_server() == first
    first.remove()
    assert list(directory.iterdir()) == []
    with pytest.raises(ConfigurationError, match="no apvserver of this user runs on this machine"):
        newest_server()


def test_a_server_of_all_addresses_is_found_by_that_of_loopback() -> None:
    file = ConnectionFile(url="tcp://0.0.0.0:1111", token=new_token())
    file.write()
    assert find_server("tcp://127.0.0.1:1111") == file


@modes
def test_nobody_else_can_read_it_whatever_the_umask(directory: Path) -> None:
    before = os.umask(0)
    try:
        file = ConnectionFile(url="tcp://127.0.0.1:1", token=new_token())
        file.write()
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_the_file_of_a_process_that_has_ended_is_ignored_and_removed() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait(scaled(20))
        file = ConnectionFile(url="tcp://127.0.0.1:1", token=new_token(), pid=ended.pid)
        file.write()
    assert find_server(file.url) is None
    assert not file.path.exists()


@pytest.mark.skipif(birth_of(os.getpid()) is None, reason="this system does not tell when a process began")
def test_the_file_of_a_process_whose_number_another_has_now_is_ignored_and_removed() -> None:
    """Servers in containers have the same small numbers again and again."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        file = ConnectionFile(url="tcp://127.0.0.1:1", token=new_token(), pid=other.pid)
        file.write()
        assert file.birth != birth_of(other.pid)
        assert find_server(file.url) is None and not file.path.exists()
        right = dataclasses.replace(file, birth=birth_of(other.pid))
        unknown = dataclasses.replace(file, url="tcp://127.0.0.1:2", birth=None, started_ns=2)  # of an older version
        for one in (right, unknown):
            one.write()
            assert find_server(one.url) == one
        other.communicate(b"\n", timeout=scaled(20))
    assert find_server(right.url) is None and find_server(unknown.url) is None


def test_a_server_is_found_again_though_the_clock_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    file = ConnectionFile(url="tcp://127.0.0.1:1", token=new_token())
    file.write()
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    monkeypatch.setattr(time, "time", lambda: 1.0)
    assert find_server(file.url) == file


def test_the_file_of_another_machine_is_ignored_and_stays() -> None:
    file = ConnectionFile(url="tcp://127.0.0.1:1", token=new_token(), host="elsewhere", pid=999999)
    file.write()
    assert find_server(file.url) is None
    assert file.path.exists()


@modes
def test_a_file_that_others_could_have_read_is_not_used() -> None:
    file = ConnectionFile(url="tcp://127.0.0.1:1", token=new_token())
    file.write()
    file.path.chmod(0o640)
    assert find_server(file.url) is None


NO_PROCESSES = [
    json.dumps({"url": "tcp://127.0.0.1:1", "host": platform.node(), "pid": pid, "started_ns": 1})
    for pid in (2**31, 2**63, 10**30)
]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"url": 1}', "\udcff", '{"url": "tcp://127.0.0.1:1", "pid": true}', "[" * 100_000, *NO_PROCESSES],
    ids=lambda text: text[:40],
)
def test_a_file_of_something_else_is_ignored(text: str, directory: Path) -> None:
    ConnectionFile(url="tcp://127.0.0.1:2").write()
    bad = directory / "server-1.json"
    bad.write_bytes(text.encode(errors="surrogateescape"))
    bad.chmod(0o600)
    assert find_server("tcp://127.0.0.1:1") is None
    assert newest_server().url == "tcp://127.0.0.1:2"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="what is open is seen in /proc")
def test_a_directory_in_place_of_a_file_is_ignored_and_not_left_open(directory: Path) -> None:
    (directory / "server-1.json").mkdir(parents=True)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        assert find_server("tcp://127.0.0.1:1") is None
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_server_with_a_long_name_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APV_CONFIG_DIR", str(tmp_path))
    place = f"{'.'.join(['a' * 63] * 4)[:253]}:65535"
    assert know_server(place, bytes(32))
    assert known_servers() == {place: bytes(32)}
    with pytest.raises(ConfigurationError, match="no name: 1 to 64 letters"):
        allow_client("a" * 65, bytes(32))


CHANGES = """
import sys
from async_paraview.credentials import allow_client, know_server, revoke_client
number = int(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for key in (bytes([number, one] * 16) for one in range(5)):
    know_server(f"host-{key.hex()}:1", key)
    allow_client(key.hex(), key)
    revoke_client(f"before-{number}") if key[1] == 2 else None
"""


def test_who_is_let_in_by_several_programs_at_once_is_in_and_who_is_revoked_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APV_CONFIG_DIR", str(tmp_path))
    for number in range(3):
        allow_client(f"before-{number}", bytes([9, number] * 16))
    command = [sys.executable, "-c", CHANGES]
    pipe = subprocess.PIPE
    started = [subprocess.Popen([*command, str(number)], stdin=pipe, stdout=pipe, text=True) for number in range(3)]
    for one in started:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in started:
        one.communicate("\n", scaled(20))
    assert [one.returncode for one in started] == [0, 0, 0]
    made = {bytes([number, one] * 16).hex() for number in range(3) for one in range(5)}
    assert authorized_clients().keys() == made
    assert known_servers().keys() == {f"host-{key}:1" for key in made}


def test_what_it_says_is_what_the_page_of_the_protocol_says() -> None:
    file = ConnectionFile(url="tcp://127.0.0.1:1", token="t" * 32)
    file.write()
    plain = json.loads(file.path.read_text())
    assert set(plain) == {"url", "token", "operator", "server_key", "pid", "host", "started_ns", "birth"}
    assert file.path.parent == runtime_directory() and file.path.match("server-*.json")


@modes
def test_a_directory_that_others_can_change_gets_no_secret(directory: Path) -> None:
    directory.mkdir()
    directory.chmod(0o777)
    with pytest.raises(ConfigurationError, match="other users can change"):
        ConnectionFile(url="tcp://127.0.0.1:1", token=new_token()).write()
    assert list(directory.iterdir()) == []


def test_a_token_is_in_no_text_of_it() -> None:
    token = new_token()
    assert token not in repr(ConnectionFile(url="tcp://127.0.0.1:1", token=token))


def test_a_token_file_is_made_once_and_read_after_that(tmp_path: Path) -> None:
    path = tmp_path / "token"
    made = read_or_make_token(path)
    assert len(made) >= 32 and read_or_make_token(path) == made == read_token(path)
    assert list(tmp_path.iterdir()) == [path]


@modes
def test_a_token_file_has_its_mode_or_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "token"
    read_or_make_token(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        read_token(path)


@modes
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "token"
    read_or_make_token(path)
    os.chown(path, 65534, 65534)
    with pytest.raises(ConfigurationError, match=r"another user \(uid 65534\)"):
        read_token(path)


def test_a_token_file_that_is_not_there_or_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "token"
    with pytest.raises(ConfigurationError, match="there is no token file"):
        read_token(path)
    secret = "a secret of something else"
    path.write_text(secret)
    path.chmod(0o600)
    with pytest.raises(ConfigurationError, match="holds no token") as raised:
        read_token(path)
    assert secret not in str(raised.value)


def test_a_file_where_the_directory_is_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setenv("APV_RUNTIME_DIR", str(tmp_path / "taken"))
    with pytest.raises(ConfigurationError, match=r"taken[/\\].* cannot be written"):
        ConnectionFile(url="tcp://127.0.0.1:1", token=new_token()).write()
    with pytest.raises(ConfigurationError, match=r"taken[/\\].* cannot be written"):
        read_or_make_token(tmp_path / "taken" / "token")


@pytest.mark.filterwarnings("error")
def test_where_the_system_has_no_runtime_directory_nobody_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APV_RUNTIME_DIR")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert runtime_directory().name == "async-paraview"
