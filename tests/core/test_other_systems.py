"""What the programs do on Windows and macOS, forced here: modules as they are made there, and calls that are not here.

Each stands in docs/platforms.md. What a system itself does with such a call only that system can tell.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import ctypes
import errno
import faulthandler
import importlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import apvserver.__main__ as server_program
from apvserver.hosting.monitoring import dumps
from apvserver.hosting.monitoring.draining import Ending
from async_paraview.atomic_files import PREFIX, SUFFIX
from servermanager.reach import ssh_server
from services_core import ConfigurationError


def as_on(system: str, name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A second copy of a module, which believes that it is on this system; all others keep the first."""
    first: ModuleType = importlib.import_module(name)
    assert first.__file__ is not None
    spec = importlib.util.spec_from_file_location(name, first.__file__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(sys, "platform", system)
        spec.loader.exec_module(module)
    believe(system, module, monkeypatch)
    return module


def believe(system: str, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a module ask another `sys`, which names this system."""
    monkeypatch.setattr(module, "sys", SimpleNamespace(**{**vars(sys), "platform": system}))


def never(*_given: object, **_named: object) -> None:
    raise AssertionError("nobody has this there")


def test_whoever_waits_without_asyncio_looks_up_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing interrupts a thread that waits there, Ctrl-C neither: it has to look up by itself."""
    waits = as_on("win32", "servermanager.sync.loop_thread", monkeypatch)
    slices: list[float | None] = []

    def wait(outcomes: list[concurrent.futures.Future[Any]], timeout: float | None) -> object:
        slices.append(timeout)
        return waited(outcomes, timeout)

    waited = concurrent.futures.wait
    monkeypatch.setattr(waits.concurrent.futures, "wait", wait)
    thread = waits.LoopThread("looks-up")
    try:
        assert thread.do("sleeping", lambda: asyncio.sleep(0.3, 7)) == 7
        assert len(slices) >= 2 and set(slices) == {0.05}
    finally:
        thread.stop()


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """How each file was locked by the call of Windows, and how many bytes of it."""
    found: list[tuple[int, int]] = []

    def locking(handle: int, how: int, size: int) -> None:
        assert os.fstat(handle)
        found.append((how, size))

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_NBLCK=2, locking=locking))
    return found


def test_leftovers_of_killed_writers_stay_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = as_on("win32", "async_paraview.atomic_files", monkeypatch)
    left = tmp_path / f"{PREFIX}x{SUFFIX}"
    left.mkdir()
    before = time.time() - 1000
    os.utime(left, (before, before))
    files.write_file(tmp_path / "a.json", "new")
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([left.name, "a.json"])
    assert (tmp_path / "a.json").read_text() == "new"


def test_nobody_waits_for_a_turn_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = as_on("win32", "async_paraview.turns", monkeypatch)
    turns.WAIT_S = 0.0
    with turns.turn(tmp_path), turns.turn(tmp_path):
        (tmp_path / "a").write_text("both are in")
    assert (tmp_path / "a").read_text() == "both are in"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_the_heap_of_other_c_libraries_is_left_alone(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heap = as_on(system, "apvserver.heap", monkeypatch)
    monkeypatch.setattr(ctypes, "CDLL", never)
    heap.give_back()
    heap.keep_little()


def test_workers_are_in_a_group_of_their_own_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    program = as_on("win32", "apvserver.hosting.workers.program", monkeypatch)
    started: list[dict[str, Any]] = []
    calls = {"Popen": lambda _command, **how: started.append(how), "CREATE_NEW_PROCESS_GROUP": 0x200}
    monkeypatch.setattr(program, "subprocess", SimpleNamespace(**{**vars(subprocess), **calls}))
    program.start_program("worker")
    believe("darwin", program, monkeypatch)
    program.start_program("worker")
    assert [how.get("creationflags") for how in started] == [0x200, None]


class Kernel:
    """What kernel32 tells of processes: by number, with what exit code, and when they began."""

    def __init__(self, codes: dict[int, int], began: dict[int, int]) -> None:
        self._codes, self._began = codes, began
        self.open: list[int] = []

    def OpenProcess(self, access: int, _inherit: bool, pid: int) -> int:
        assert access == 0x1000, "more than a look is refused for processes of others"
        if pid in self._codes:
            self.open.append(pid)
            return pid
        return 0

    def CloseHandle(self, handle: int) -> None:
        self.open.remove(handle)

    def GetExitCodeProcess(self, handle: int, code: Any) -> int:
        ctypes.cast(code, ctypes.POINTER(ctypes.c_ulong))[0] = self._codes[handle]
        return 1

    def GetProcessTimes(self, handle: int, created: Any, *_others: Any) -> int:
        time_of_file = ctypes.cast(created, ctypes.POINTER(ctypes.c_uint64))  # in two halves
        time_of_file[0] = self._began[handle]
        return 1


def test_whether_a_process_runs_is_asked_without_a_signal_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number 7 was given to another process since it was written down; 8 has ended, and somebody has it open."""
    still_active = 259
    kernel = Kernel(codes={7: still_active, 8: 0}, began={7: 5 << 33, 8: 1})
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(os, "kill", never)
    processes = as_on("win32", "async_paraview.credentials.processes", monkeypatch)
    assert processes.birth_of(7) == str(5 << 33) and processes.birth_of(9) is None
    assert processes.is_same_process(7, None) and processes.is_same_process(7, str(5 << 33))
    assert not processes.is_same_process(7, str(5 << 32))
    assert not processes.is_same_process(8, None) and not processes.is_same_process(9, None)
    assert kernel.open == []


def test_modes_of_secrets_say_nothing_on_windows(
    locked: list[tuple[int, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = as_on("win32", "async_paraview.credentials.private_files", monkeypatch)
    tmp_path.chmod(0o777)
    file = tmp_path / "token"
    files.write_private(file, "secret")
    file.chmod(0o666)
    assert files.read_private(file) == "secret"
    with files.changing(tmp_path):
        assert locked == [(2, 1)]
    with pytest.raises(ConfigurationError, match="is no file"):
        files.read_private(tmp_path)
    monkeypatch.setattr(os, "open", cannot_be_opened)  # as a directory on Windows
    with pytest.raises(ConfigurationError, match="is no file"):
        files.read_private(tmp_path)
    with pytest.raises(ConfigurationError, match=r"cannot be read: .*Permission denied"):
        files.read_private(file)


def cannot_be_opened(path: Path, _flags: int) -> int:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def test_ctrl_break_ends_a_server_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    ways: dict[int, Any] = {}
    decided: list[bool] = []

    def serve(_options: object, _access: object, ending: Ending) -> None:
        assert set(ways) == {2, 15, 21} and not ending.decided
        ways[21](21, None)
        ending.wait(never, lambda: 0)  # it would last for ever
        decided.append(ending.decided)

    believe("win32", server_program, monkeypatch)
    numbers = {"SIGINT": 2, "SIGTERM": 15, "SIGBREAK": 21}
    monkeypatch.setattr(server_program, "signal", SimpleNamespace(**numbers, signal=ways.__setitem__))
    monkeypatch.setattr(server_program, "_begin_log", lambda _options: None)
    monkeypatch.setattr(server_program, "_serve", serve)
    assert server_program.main(["--server-port", "0"]) == 0
    assert decided == [True]


def test_nothing_is_dumped_where_there_is_no_signal_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dumps, "DUMP_SIGNAL", 0)
    monkeypatch.setattr(signal, "signal", never)
    monkeypatch.setattr(faulthandler, "register", never, raising=False)
    dumps.dump_on_signal(list)


def test_ssh_urls_are_refused_on_windows_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    believe("win32", ssh_server, monkeypatch)
    with pytest.raises(ConfigurationError, match=r"^'ssh://big': .* Begin the tunnel by hand.*ssh -L 11111:"):
        ssh_server.SshServer("ssh://big")
