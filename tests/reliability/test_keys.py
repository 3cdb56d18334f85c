"""Servers that ask for keys, as users meet them: two programs, files of each side, and what each mistake is called."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from apvpython.keys import run as client_command
from apvserver.commands.keys import run as server_command

from ..harness.apvtest import READY, Ended, Program, Server, apvpython, poll, run, variables

OPENS = "from servermanager import connect\nasync with connect() as session:\n    print('in', session.about['url'])"
STAYS = OPENS + "\n    print('there', flush=True)\n    import asyncio\n    await asyncio.sleep(600)"


def called(command: Callable[[Sequence[str]], int], arguments: Sequence[str], directories: dict[str, str]) -> Ended:
    """A subcommand, in this process."""
    output, errors = io.StringIO(), io.StringIO()
    with variables(**directories), redirect_stdout(output), redirect_stderr(errors):
        code = command(arguments)
    return Ended(code, output.getvalue(), errors.getvalue(), 0.0)


class Sides:
    """A server's user and a client's, each with directories of their own, as on two machines."""

    client: dict[str, Any]
    server: dict[str, Any]

    def __init__(self, directory: Path) -> None:
        self.client, self.server = (  # for programs, whose other arguments are of other types
            {"APV_CONFIG_DIR": str(directory / side), "APV_RUNTIME_DIR": str(directory / side / "run")}
            for side in ("client", "server")
        )
        self.directory = directory

    def client_key(self) -> str:
        return self.client_keys("show").output.strip()

    def client_keys(self, *arguments: str) -> Ended:
        return called(client_command, arguments, self.client)

    def server_keys(self, *arguments: str) -> Ended:
        return called(server_command, arguments, self.server)

    def open(self, url: str, **more: str) -> Any:
        return apvpython("--server-url", url, "-c", OPENS, **{**self.client, **more})

    def secrets(self) -> list[str]:
        return [(self.directory / side / f"{side}_key").read_text().split()[1] for side in ("client", "server")]


@pytest.fixture
def sides(tmp_path: Path) -> Sides:
    made = Sides(tmp_path)
    allowed = made.server_keys("allow", "laptop", made.client_key())
    assert allowed.code == 0, allowed
    return made


def test_a_client_that_is_allowed_comes_in_and_knows_the_server_from_then_on(sides: Sides) -> None:
    with Server("zmq", "--keys", **sides.server) as server:
        plain, _, key = server.url.partition("?key=")
        assert plain.startswith("curve://127.0.0.1:") and "for clients whose keys are allowed" in server.output
        assert key == sides.server_keys("show").output.strip()
        unknown = sides.open(plain)
        assert unknown.code == 2 and "is not known" in unknown.errors and "?key=KEY" in unknown.errors, unknown
        first = sides.open(server.url)
        assert first.output == f"in {plain}\n" and f"known by the key {key} from now on" in first.errors, first
        again = sides.open(plain)
        assert (again.output, again.errors) == (f"in {plain}\n", ""), again
        known = sides.client_keys("known")
        assert known.output == f"{key} {plain.removeprefix('curve://')}\n", known


def test_the_user_of_the_server_finds_its_key_in_the_connection_file(sides: Sides) -> None:
    own = called(client_command, ["show"], sides.server).output.strip()
    assert sides.server_keys("allow", "me", own).code == 0
    with Server("inproc", "--keys", **sides.server) as server:
        told = apvpython("--server-url", "auto", "-c", OPENS, **sides.server)
        assert told.output == f"in {server.url.partition('?')[0]}\n", told


def test_each_mistake_is_called_by_its_name(sides: Sides) -> None:
    with Server("inproc", "--keys", **sides.server) as server:
        plain, _, key = server.url.partition("?key=")
        place = plain.removeprefix("curve://")
        told = sides.open(f"tcp://{place}")
        assert told.code == 1 and f"asks for keys: connect to {plain}" in told.errors, told
        mistyped = sides.open(f"{plain}?key={'1' * 64}")
        assert mistyped.code == 1 and "does not have the key" in mistyped.errors, mistyped
        assert key not in sides.client_keys("known").output and "1" * 64 not in sides.client_keys("known").output
        assert sides.open(server.url).code == 0
        changed = sides.open(f"{plain}?key={'0' * 64}")
        assert changed.code == 2 and f"THE KEY OF THE SERVER AT {place} HAS CHANGED" in changed.errors, changed
        stranger = sides.open(server.url, APV_CONFIG_DIR=str(sides.directory / "stranger"))
        assert stranger.code == 1 and "does not let in the key" in stranger.errors, stranger
        assert sides.server_keys("revoke", "laptop").code == 0
        revoked = sides.open(plain)
        assert revoked.code == 1 and "or was revoked" in revoked.errors, revoked
        assert "nobody listens" not in told.errors + changed.errors + stranger.errors + revoked.errors
        assert "its key" in server.errors and "is not let in" in server.errors
    assert sides.server_keys("allow", "laptop", sides.client_key()).code == 0
    assert sides.server_keys("new", "--replace").code == 0
    with Server("inproc", "--keys", "-p", place.rpartition(":")[2], **sides.server) as server:
        other = sides.open(plain)
        assert other.code == 1 and f"does not have the key that is known for it ({key})" in other.errors, other
        assert sides.client_keys("forget", place).code == 0
        assert sides.open(server.url).code == 0
    with Server("inproc", **sides.server) as server:
        url = server.url.replace("tcp", "curve")
        told = sides.open(f"{url}?key={key}")
        assert told.code == 1 and "has no keys, so nothing was said to it" in told.errors, told


def test_a_client_that_is_revoked_while_it_is_in_is_cut(sides: Sides) -> None:
    with Server("zmq", "--keys", **sides.server) as server:
        code = OPENS + "\n    print('there', flush=True)\n    while True:\n"
        code += "        await session.sources.SphereSource().update_pipeline()\n"
        with Program("-m", "apvpython", "--server-url", server.url, "-c", code, **sides.client) as client:
            client.wait_for("there")
            assert sides.server_keys("revoke", "laptop").code == 0
            assert client.wait() == 1
            assert "has revoked the key of this client" in client.errors, client.errors
        poll(lambda: not server.workers(), what="the end of its session")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists, not modes")
def test_files_of_keys_are_this_users_alone(sides: Sides) -> None:
    sides.server_keys("show")
    for side in ("client", "server"):
        for path in (sides.directory / side).iterdir():
            if path.is_file():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    (sides.directory / "server" / "authorized_clients").chmod(0o622)
    ended = sides.server_keys("list")
    assert ended.code == 2 and "chmod 600" in ended.errors, ended


def test_secrets_are_in_no_command_line_environment_or_log(sides: Sides) -> None:
    with (
        Server("zmq", "--keys", "-vv", **sides.server) as server,
        Program("-m", "apvpython", "-vv", "--server-url", server.url, "-c", STAYS, **sides.client) as client,
    ):
        client.wait_for("there")
        seen = [server.output, server.errors, client.output, client.errors]
        for process in [psutil.Process(server.pid), psutil.Process(client.pid), *server.descendants()]:
            with suppress(psutil.NoSuchProcess):  # what tries to draw may have ended since
                seen += [*process.cmdline(), *process.environ().values()]
        client.kill()
    assert not any(secret in text for secret in sides.secrets() for text in seen)


def test_both_programs_have_the_command(sides: Sides) -> None:
    for program, directories in (("apvserver", sides.server), ("apvpython", sides.client)):
        told = run(program, "keys", "show", **directories)
        assert (told.code, told.errors) == (0, "") and len(told.output) == 65, told
    assert told.output.strip() == sides.client_key()


def test_commands_of_both_sides(sides: Sides, tmp_path: Path) -> None:
    key = sides.client_key()
    assert sides.server_keys("list").output == f"{key} laptop\n"
    other = sides.server_keys("allow", "laptop", "0" * 64)
    assert other.code == 2 and "has another key already" in other.errors, other
    for bad in ("0" * 63, "x" * 64, ""):
        ended = sides.server_keys("allow", "bad", bad)
        assert ended.code == 2 and "is no key" in ended.errors, ended
    assert sides.server_keys("allow", "two words", "0" * 64).code == 2
    assert sides.server_keys("revoke", "nobody").code == 2
    assert sides.client_keys("forget", "nowhere:1").code == 2
    refused = sides.client_keys("new")
    assert refused.code == 2 and "--replace" in refused.errors and sides.client_key() == key, refused
    made = sides.client_keys("new", "--replace")
    assert made.code == 0 and made.output.strip() == sides.client_key() != key
    (tmp_path / "client" / "client_key").write_text("nonsense")
    ended = sides.client_keys("show")
    assert ended.code == 2 and "holds no pair of keys" in ended.errors and "nonsense" not in ended.errors, ended


def test_beyond_loopback_keys_are_asked_for(sides: Sides, tmp_path: Path) -> None:
    with Server("inproc", "--bind-address", "0.0.0.0", **sides.server) as server:
        assert READY.search(server.output) and server.url.startswith("curve://0.0.0.0:")
        assert sides.open(server.url.replace("0.0.0.0", "127.0.0.1")).code == 0
    nobody: dict[str, Any] = {"APV_CONFIG_DIR": str(tmp_path / "empty"), "APV_RUNTIME_DIR": str(tmp_path / "run")}
    ended = run("apvserver", "-p", "0", "--bind-address", "0.0.0.0", **nobody)
    assert ended.code == 2 and "no client's key is allowed" in ended.errors, ended
    ended = run("apvserver", "--listen", "tcp://0.0.0.0:0", **sides.server)
    assert ended.code == 2 and "Ask for keys (curve://" in ended.errors, ended
    with Server("inproc", "--bind-address", "0.0.0.0", "--insecure", **sides.server) as server:
        assert server.url.startswith("tcp://0.0.0.0:")


def test_a_script_named_keys_is_run(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("print('a script')")
    with Program("-m", "apvpython", "keys", directory=tmp_path, PYTHONPATH=os.getcwd()) as program:
        assert program.wait() == 0 and program.output == "a script\n", program.errors
