"""What is otherwise on Windows, tried there: names of files, files that are open, ports, Ctrl-C, memory, a REPL.

Run there, by `make test-windows` or by pytest on a Windows machine: `pytest tests/windows/on_windows.py`.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from apvserver.memory_watch import usage
from apvserver.system_memory import machine_memory
from apvserver.vtk.base.data_roots import allowed_path
from apvserver.vtk.base.errors import FileError
from async_paraview.atomic_files import write_file
from servermanager import connect
from services_core import ConnectionFailed, Limits, ServicesEngine

from ..harness.apvtest import Program, Server, in_loop, poll, run, with_settings
from ..harness.time_limits import scaled

INTERRUPTED = """
import signal, sys, threading
from apvserver.__main__ import main

def interrupt():
    for line in sys.stdin:
        signal.raise_signal(getattr(signal, line.strip()))

threading.Thread(target=interrupt, daemon=True).start()
sys.exit(main(["--server-port", "0", "--spare-workers", "0", *sys.argv[1:]]))
"""
"""A server to which signals are what they are there: calls of the C library on a thread, by whoever has the console."""

READY = r"ready at (tcp://\S+)"


@in_loop
async def test_files_are_named_with_drives_and_either_slash(tmp_path: Path) -> None:
    folder = tmp_path / "größe µ 日本"
    folder.mkdir()
    async with connect() as session:
        sphere = session.sources.SphereSource()
        written = str(folder / "sphere.vtp")
        assert written[1:3] == ":\\"
        await session.save_data(written, sphere)
        for name in (
            written,
            written.replace("\\", "/"),
            written[0].lower() + written[1:],
            written.upper()[:2] + written[2:],
        ):
            again = await session.open(name)
            assert (await again.update_pipeline()).number_of_points == 50, name
        drive, rest = written[:2], written[2:]
        before = os.getcwd()
        os.chdir(f"{drive}\\")
        try:
            assert (await (await session.open(rest)).update_pipeline()).number_of_points == 50
        finally:
            os.chdir(before)


def test_no_name_leads_out_of_a_data_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, secret = tmp_path / "Data", tmp_path / "secret.vtp"
    root.mkdir()
    secret.write_text("secret")
    (root / "a.vtp").write_text("mine")
    with_settings(monkeypatch, data_roots=(root.resolve(),))
    mine = str(root / "a.vtp")
    for name in (mine, mine.replace("\\", "/"), mine.upper(), mine.lower(), f"{root}\\..\\Data\\a.vtp"):
        assert allowed_path(name) == name
    out = str(secret)
    for name in (
        out, out.replace("\\", "/"), f"{root}\\..\\secret.vtp", f"{root}/../secret.vtp", f"{root}\\.. \\secret.vtp",
        f"\\\\?\\{out}", f"\\\\.\\{out}", f"\\??\\{out}", f"//?/{out}", "\\\\127.0.0.1\\c$\\secret.vtp",
        "//127.0.0.1/c$/secret.vtp", out[2:], f"{root}-other\\a.vtp",
    ):  # fmt: skip
        with pytest.raises(FileError):
            allowed_path(name)


@contextmanager
def held_open(file: Path) -> Iterator[None]:
    """Have it open as programs of Windows do that let nobody else have it meanwhile."""
    kernel = ctypes.CDLL("kernel32")
    kernel.CreateFileW.restype = ctypes.c_void_p
    generic_read, open_existing = 0x80000000, 3
    handle = ctypes.c_void_p(
        kernel.CreateFileW(ctypes.c_wchar_p(str(file)), generic_read, 0, None, open_existing, 0, None)
    )
    assert handle.value not in (None, ctypes.c_void_p(-1).value)
    try:
        yield
    finally:
        kernel.CloseHandle(handle)


def test_a_file_that_a_program_has_open_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    file.write_text("old")
    with held_open(file), pytest.raises(PermissionError, match="open in a program"):
        write_file(file, "new")
    assert [one.name for one in tmp_path.iterdir()] == ["scene.json"] and file.read_text() == "old"
    write_file(file, "new")
    assert file.read_text() == "new"


def test_a_port_is_taken_once() -> None:
    with ServicesEngine("zmq") as one, ServicesEngine("zmq") as other:
        url = one.listen("tcp://127.0.0.1:0").url
        with pytest.raises(ConnectionFailed, match="is in use by another program"):
            other.listen(url)


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
@pytest.mark.parametrize("signal", ["SIGINT", "SIGBREAK", "SIGTERM"])
def test_ctrl_c_and_ctrl_break_end_a_server(signal: str, backend: str) -> None:
    with Program("-c", INTERRUPTED, "--backend", backend) as server:
        server.wait_for(READY, deadline_s=60)
        server.say(f"{signal}\n")
        assert server.wait(deadline_s=20) == 0, server.errors
        assert "Traceback" not in server.errors


def test_a_server_is_stopped_by_its_operator() -> None:
    with Server("zmq") as server:
        ended = run("apvserver", "stop", "--server-url", server.url)
        assert (ended.code, ended.errors) == (0, ""), ended
        assert server.wait() == 0


def test_a_session_of_a_server_that_waits_for_the_end_of_its_input() -> None:
    """Libraries that are loaded meanwhile ask for the kind of standard input."""
    program = "from servermanager import connect\nasync with connect() as session:\n"
    program += "    print((await session.sources.SphereSource().update_pipeline()).number_of_points)\n"
    with Server("inproc", "--exit-with-stdin") as server:
        ended = run("apvpython", "--server-url", server.url, "-c", program)
        assert (ended.code, ended.output) == (0, "50\n"), ended
        server.end_input()
        assert server.wait(deadline_s=20) == 0


def test_what_a_process_holds_is_told() -> None:
    told = machine_memory()
    assert told is not None and abs(told - psutil.virtual_memory().total) < 2**20
    program = "import sys; kept = bytearray(200_000_000); print('holds', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None and child.stdout.readline() == "holds\n"
        held = usage(child.pid)
        child.communicate()
        assert held is not None and 200_000_000 < held.bytes < 400_000_000
        poll(lambda: usage(child.pid) is None, what="nothing held by a process that has ended")


def test_a_repl_reads_lines_from_a_pipe() -> None:
    """As far as a pipe goes: there is no console to edit lines in."""
    start = "import asyncio, sys\nfrom apvpython import repl\n"
    start += "with asyncio.Runner() as runner:\n    sys.exit(repl.run({}, runner))\n"
    with Program("-c", start, IPY_TEST_SIMPLE_PROMPT="1") as program:
        program.say("print('points', (await session.sources.SphereSource().update_pipeline()).number_of_points)\n")
        program.wait_for("points 50", deadline_s=60)
        program.say("await session.close()\nexit()\n")
        assert program.wait(deadline_s=20) == 0, program.errors


def test_more_connections_than_select_takes() -> None:
    limits = Limits(connect_s=scaled(3))
    with ServicesEngine("zmq", limits=limits) as server, ServicesEngine("zmq", limits=limits) as clients:
        url = server.listen("tcp://127.0.0.1:0").url
        begun = [clients.endpoint("nobody", url) for _ in range(300)]
        refused = [endpoint.connected() for endpoint in begun]
        for reply in refused:
            with pytest.raises(Exception, match="nobody"):
                reply.result(scaled(60))
