"""A Python without its lock (free-threaded): no sessions on threads, and workers that have the lock.

Any Python is taken for one of those here: what asks is `sys._is_gil_enabled`, and the build's own configuration.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest

from apvserver.__main__ import main
from apvserver.commands.checkup import machine
from async_paraview.interpreter.lock import gil_enabled, options_for_lock
from servermanager import connect
from services_core import ConfigurationError

from ..harness.apvtest import in_loop

REFUSED = r"'inproc' runs sessions on threads of this process.*no lock.*'zmq'.*-X gil=1"


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is off, in a Python that was built so."""
    asked = sysconfig.get_config_var
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: 1 if name == "Py_GIL_DISABLED" else asked(name))
    monkeypatch.delenv("APV_COMMUNICATION_BACKEND", raising=False)
    monkeypatch.delenv("APV_SERVER_URL", raising=False)


def command_lines(process: int) -> list[list[str]]:
    """Those of the processes that a process of this machine has begun."""
    listed = [path.read_text().split() for path in Path(f"/proc/{process}/task").glob("*/children")]
    return [Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0") for one in listed for child in one]


def test_the_lock_is_asked_for_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that needs the lock brings it back when it is imported."""
    on = [False, True]
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: on.pop(0), raising=False)
    assert [gil_enabled(), gil_enabled()] == [False, True]


def test_a_python_that_cannot_be_asked_has_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "_is_gil_enabled", raising=False)
    assert gil_enabled()


@pytest.mark.parametrize("backend", [None, "zmq"])
@pytest.mark.usefixtures("without_lock")
@in_loop
async def test_built_in_sessions_take_a_worker_that_has_the_lock(backend: str | None) -> None:
    async with connect(backend=backend) as session:
        assert session.about["backend"] == "zmq"
        sphere = session.sources.SphereSource(ThetaResolution=8, PhiResolution=8)
        assert (await sphere.update_pipeline()).number_of_points == 2 + 8 * 6
        if sys.platform == "linux":
            workers = [line for line in command_lines(os.getpid()) if "apvserver.hosting.worker" in line]
            assert [line[1:3] for line in workers] == [["-X", "gil=1"]]


@pytest.mark.parametrize("how", ["argument", "variable"])
@pytest.mark.usefixtures("without_lock")
@in_loop
async def test_a_built_in_session_on_threads_is_refused(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "variable":
        monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    with pytest.raises(ConfigurationError, match=REFUSED):
        await connect(backend="inproc" if how == "argument" else None)


@pytest.mark.usefixtures("without_lock")
def test_a_server_with_sessions_on_threads_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--server-port", "0", "--backend", "inproc"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("apvserver: backend 'inproc' runs sessions on threads") and told.err.count("\n") == 1
    assert "ready" not in told.out


@pytest.mark.usefixtures("without_lock")
def test_the_doctor_says_where_sessions_run() -> None:
    told = {one.what: one.seen for one in machine.backends()}
    assert told["backend inproc"].endswith("no sessions: this Python has no lock (GIL), which VTK needs")
    assert told["backend zmq"].endswith("sessions in worker processes")


def test_no_option_is_given_to_a_python_that_always_has_the_lock() -> None:
    built_without = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    assert options_for_lock() == (["-X", "gil=1"] if built_without else [])
