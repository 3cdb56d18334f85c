"""Servers that are started over ssh: a real sshd on loopback, and a stand-in for what ssh says when it fails."""

from __future__ import annotations

import asyncio
import getpass
import os
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from servermanager import ConfigurationError, ConnectionFailed, ConnectionLost, connect

from ..harness.apvtest import Program, apvpython, in_loop, poll, poll_async
from ..harness.ssh_daemon import MISSING, SshDaemon
from ..harness.time_limits import scaled

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the ssh of Windows cannot share a connection")
over_ssh = pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}")

COMMAND = f"{shlex.quote(sys.executable)} -P -m apvserver"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshDaemon]:
    with SshDaemon(tmp_path_factory.mktemp("sshd")) as started:
        yield started


@pytest.fixture
def ssh(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SshDaemon:
    daemon: SshDaemon = request.getfixturevalue("daemon")
    monkeypatch.setenv("APV_SSH", daemon.ssh)
    return daemon


def url_of(daemon: SshDaemon, command: str = COMMAND) -> str:
    return f"ssh://{getpass.getuser()}@127.0.0.1:{daemon.port}?command={quote(command)}"


def servers(mark: str) -> list[psutil.Process]:
    """The servers over there that were started with this word in their command."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "apvserver" in words and mark in words:
            found.append(process)
    return found


def left_behind() -> set[str]:
    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("apv-ssh-")}


@over_ssh
@in_loop
async def test_a_session_on_a_server_that_is_started_for_it(ssh: SshDaemon, tmp_path: Path) -> None:
    before, mark = left_behind(), str(tmp_path)
    url = url_of(ssh, f"{COMMAND} --data-root {mark}")
    async with connect(url) as session:
        assert session.about["url"] == url
        assert len(servers(mark)) == 1
        sphere = session.sources.SphereSource()
        assert (await sphere.update_pipeline()).number_of_points == 50
        assert (await sphere.fetch()).number_of_points == 50
        view = session.views.RenderView(ViewSize=[64, 48])
        session.show(sphere, view)
        assert (await view.screenshot()).width == 64
        (directory,) = left_behind() - before
        assert os.stat(Path(tempfile.gettempdir()) / directory).st_mode & 0o077 == 0
        await session.restart()
        assert (await sphere.update_pipeline()).number_of_points == 50
    await poll_async(lambda: not servers(mark), what="the end of the server")
    assert left_behind() == before


@over_ssh
@in_loop
async def test_a_server_ends_with_ssh(ssh: SshDaemon, tmp_path: Path) -> None:
    mark = str(tmp_path)
    async with connect(url_of(ssh, f"{COMMAND} --data-root {mark}")) as session:
        assert (await session.sources.SphereSource().update_pipeline()).number_of_points == 50
        (client,) = [one for one in psutil.Process().children() if one.name() == "ssh"]
        client.kill()
        await poll_async(lambda: not servers(mark), what="the end of the server")
        with pytest.raises(ConnectionLost):
            await session.sources.SphereSource().update_pipeline()


@over_ssh
def test_a_server_ends_with_its_client(ssh: SshDaemon, tmp_path: Path) -> None:
    mark = str(tmp_path)
    url = url_of(ssh, f"{COMMAND} --data-root {mark}")
    script = (
        "import asyncio\nfrom servermanager import connect\nasync with connect():\n    print('there', flush=True)\n"
    )
    script += "    await asyncio.sleep(600)\n"
    with Program("-m", "apvpython", "--server-url", url, "-c", script, APV_SSH=ssh.ssh) as program:
        program.wait_for("there")
        assert len(servers(mark)) == 1
        program.signal(signal.SIGINT)  # Ctrl-C ends the session in peace
        assert program.wait() == 130
        poll(lambda: not servers(mark), what="the end of the server")
    short = tempfile.mkdtemp()  # what a program that is killed cannot remove
    with Program("-m", "apvpython", "--server-url", url, "-c", script, APV_SSH=ssh.ssh, TMPDIR=short) as program:
        program.wait_for("there")
        program.kill()
        poll(lambda: not servers(mark), what="the end of the server")
    shutil.rmtree(short)


@over_ssh
@pytest.mark.deep
def test_a_forked_process_does_not_keep_the_server(ssh: SshDaemon, tmp_path: Path) -> None:
    mark = str(tmp_path)
    script = """
import os, sys
from servermanager import connect
session = await connect()
if (child := os.fork()) == 0:
    print("forked", flush=True)
    os.read(0, 1)
    os._exit(0)
await session.close()
print("closed", flush=True)
os.waitpid(child, 0)
"""
    url = url_of(ssh, f"{COMMAND} --data-root {mark}")
    with Program("-m", "apvpython", "--server-url", url, "-c", script, APV_SSH=ssh.ssh) as program:
        program.wait_for("forked")
        program.wait_for("closed")
        poll(lambda: not servers(mark), what="the end of the server")
        program.end_input()  # what the forked one waits for
        assert program.wait() == 0


@over_ssh
@in_loop
async def test_a_program_that_is_not_there(ssh: SshDaemon) -> None:
    with pytest.raises(ConnectionFailed, match="not found") as raised:
        await connect(url_of(ssh, "no-such-apvserver"))
    assert "exit code 127" in str(raised.value) and "?command=" in str(raised.value)


@over_ssh
@in_loop
async def test_what_a_server_says_that_cannot_begin_is_told(ssh: SshDaemon) -> None:
    with pytest.raises(ConnectionFailed, match="--vtk-threads is 'many': the number of threads is a whole number"):
        await connect(url_of(ssh, f"{COMMAND} --vtk-threads many"))


@over_ssh
@in_loop
async def test_a_host_whose_key_has_changed(ssh: SshDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = tmp_path / "known_hosts"
    kind, key = ssh.known_hosts.read_text().split()[1:3]
    stranger.write_text(f"[127.0.0.1]:{ssh.port} {kind} {key[:-8]}AAAAAAAA\n")
    monkeypatch.setenv("APV_SSH", f"{ssh.ssh} -o UserKnownHostsFile={stranger}")
    with pytest.raises(ConnectionFailed, match=r"Host key verification failed|HAS CHANGED"):
        await connect(url_of(ssh))


@over_ssh
@in_loop
async def test_a_host_that_forwards_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = left_behind()
    with SshDaemon(tmp_path, "AllowTcpForwarding no") as daemon:
        monkeypatch.setenv("APV_SSH", daemon.ssh)
        with pytest.raises(ConnectionFailed) as raised:
            await connect(url_of(daemon, f"{COMMAND} --data-root {tmp_path}"))
        assert "administratively prohibited" in str(raised.value), raised.value
        await poll_async(lambda: not servers(str(tmp_path)), what="the end of the server")
    assert left_behind() == before


# --- a stand-in for ssh


def stand_in(directory: Path, body: str) -> str:
    """A program that is called as ssh, and does what `body` says."""
    program = directory / "ssh-stand-in"
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\n")
    program.chmod(0o700)
    return str(program)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ada@big: Permission denied (publickey,password).", 255),
        ("ssh: Could not resolve hostname big: Name or service not known", 255),
        ("ssh: connect to host big port 22: Connection refused", 255),
        ("Host key verification failed.", 255),
    ],
)
@in_loop
async def test_what_ssh_says_is_told_word_by_word(
    said: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = left_behind()
    monkeypatch.setenv("APV_SSH", stand_in(tmp_path, f"sys.exit((sys.stderr.write({said + chr(10)!r}), {code})[1])"))
    with pytest.raises(ConnectionFailed) as raised:
        await connect("ssh://ada@big")
    assert str(raised.value) == f"ssh ada@big ended with exit code {code}: {said}"
    assert left_behind() == before


def test_no_ssh_at_all() -> None:
    script = "from servermanager import connect\nawait connect()"
    ended = apvpython("--server-url", "ssh://big", "-c", script, APV_SSH="/no/such/ssh")
    assert ended.code == 1 and "there is no program '/no/such/ssh' here" in ended.errors, ended
    ended = apvpython("--server-url", "ssh://ada:secret@big", "-c", script)
    assert ended.code == 2 and "holds no password" in ended.errors and "secret" not in ended.errors, ended


@pytest.mark.waiting
@in_loop
async def test_who_gives_up_while_ssh_waits_for_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = left_behind()
    waits = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    monkeypatch.setenv("APV_SSH", stand_in(tmp_path, waits))

    async def begin() -> None:
        await connect("ssh://ada@big")

    connecting = asyncio.create_task(begin())
    pid = int(await poll_async(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), what="ssh"))
    begun = time.monotonic()
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert time.monotonic() - begun < scaled(2)
    assert not psutil.pid_exists(pid)
    assert left_behind() == before


@in_loop
async def test_ssh_may_set_the_terminal_right_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, right = tmp_path / "asked", tmp_path / "right"
    body = f"""
import signal
def end(number, frame):
    open({str(right)!r}, "w").close()
    sys.exit(255)
signal.signal(signal.SIGTERM, end)
open({str(asked)!r}, "w").close()
time.sleep(600)"""
    monkeypatch.setenv("APV_SSH", stand_in(tmp_path, body))

    async def begin() -> None:
        await connect("ssh://ada@big")

    connecting = asyncio.create_task(begin())
    await poll_async(asked.exists, what="ssh")
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    assert right.exists()


def test_what_ssh_asks_at_the_terminal_reaches_the_user(tmp_path: Path) -> None:
    body = """
import signal
assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
with open("/dev/tty", "r+b", 0) as terminal:
    terminal.write(b"ada@big's password: ")
    word = terminal.readline().strip()
sys.stderr.write("the word was " + word.decode()[::-1])
sys.exit(255)"""
    spawn = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    script = "from servermanager import connect\nawait connect()"
    program = [sys.executable, "-m", "apvpython", "--server-url", "ssh://ada@big", "-c", script]
    with Program("-c", spawn, *program, APV_SSH=stand_in(tmp_path, body)) as user:
        user.wait_for("ada@big's password: ")
        user.say("hunter2\n")
        assert user.wait() == 1
        assert "the word was 2retnuh" in user.output and "ssh ada@big ended with exit code 255" in user.output


@in_loop
async def test_a_url_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError, match="what can be said is command"):
        await connect("ssh://big?speed=high")
