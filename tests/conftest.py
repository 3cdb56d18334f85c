"""What every test keeps: no thread of ours outlives it, and nothing is left in the user's directories."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_timeout

from apvserver import settings
from apvserver.vtk.rendering.opengl import OpenGLUnavailable, require_opengl

from .forks.forked_programs import FORKS
from .harness.apvtest import MORE_TIME, USERS_DIRECTORIES
from .harness.forked_workers import DRAWN_BY, forks_of_tests
from .harness.one_watch import OneWatch
from .harness.time_limits import FACTOR, scaled

__all__ = ["forks_of_tests"]

_OURS = re.compile(r"service-|services-zmq|inproc-delivery|.*-timekeeper")
_GRACE_S = scaled(5.0)
_APART = ("alone", "waiting")
"""Marks of the tests that `make test` runs apart from the rest."""
_WATCH = OneWatch()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Multiplies the time that pytest-timeout gives each test, unless the command line says how long.

    How quickly examples are made and tried depends on what else the machine does: hypothesis is not to look at that.
    A shell without jobs has what it runs in the background ignore Ctrl-C, and nohup the end of the terminal, programs
    of the tests included: undone here.

    Byte code is kept, whatever the shell says: without it each of the hundreds of programs that the tests start would
    compile all that it imports, which takes longer than what most of them are started for.

    Processes of xdist, and workers of their built-in sessions, are told how this machine renders: each that has to find
    out starts another program for that. Programs of tests find out, and so does all that runs without xdist.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if FACTOR != 1 and config.pluginmanager.hasplugin("timeout") and config.getoption("timeout") is None:
        config.option.timeout = scaled(float(config.getini("timeout")))
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        with suppress(OpenGLUnavailable):  # tests that render say so
            report = require_opengl()
            os.environ.update(report.environment())
            os.environ[DRAWN_BY] = os.pathsep.join(report.libraries)
    if config.pluginmanager.hasplugin("hypothesispytest"):
        from hypothesis import HealthCheck
        from hypothesis import settings as examples

        examples.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
        examples.load_profile("busy")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out files without such tests where only those of one mark are asked for: importing all takes long."""
    mark = config.option.markexpr.removeprefix("not deep and ")
    if mark not in _APART or collection_path.suffix != ".py":
        return None
    return None if f"pytest.mark.{mark}" in collection_path.read_text(encoding="utf-8") else True


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuses a test that is marked so by another file than its own: it would be left out."""
    for mark in _APART:
        if item.get_closest_marker(mark) and f"pytest.mark.{mark}" not in item.path.read_text(encoding="utf-8"):
            raise pytest.UsageError(f"{item.nodeid} is {mark}: its own file must say so, with `pytest.mark.{mark}`")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What there is when all tests are collected stays: whoever looks for garbage from now on need not look through it.

    A full look through the modules and items of thousands of tests takes a third of a second, and tests ask for many.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: what computes waits for programs that it starts, too."""
    return (os.cpu_count() or 1) + 1


def pytest_unconfigure() -> None:
    """What programs are forked from ends with the last test."""
    FORKS.close()


@pytest.hookimpl(optionalhook=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: pytest_timeout.Settings) -> bool | None:
    """Has one thread look after all tests, unless a test asks for a signal."""
    if settings.method != "thread":
        return None
    _WATCH.begin(item, settings)
    item.cancel_timeout = _WATCH.end  # type: ignore[attr-defined]  # pytest-timeout calls it
    return True


@pytest.fixture(scope="session", autouse=True)
def own_directories() -> Iterator[None]:
    """Where files of the user are kept, for all tests and the processes that they start; and more time for programs."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory, pytest.MonkeyPatch.context() as patch:
        for variable in USERS_DIRECTORIES:
            if variable not in os.environ:
                patch.setenv(variable, os.path.join(directory, variable))
        for variable, text in MORE_TIME.items():
            patch.setenv(variable, text)
        yield


@pytest.fixture(autouse=True)
def leaves_nothing() -> Iterator[None]:
    """Fails a test that leaves a thread of the messaging layer behind.

    The settings that this process adopts for sessions of a test are gone when the test has ended.
    """
    before, adopted = set(threading.enumerate()), settings._adopted
    yield
    settings._adopted = adopted
    until = time.monotonic() + _GRACE_S
    left = [thread for thread in threading.enumerate() if thread not in before and _OURS.match(thread.name)]
    for thread in left:
        thread.join(max(0.0, until - time.monotonic()))
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"threads were left running: {names}; close the engine or backend that began them"
