"""Settings: one value, made of options and variables, whose mistakes are told wherever they are made."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest

from apvserver import settings
from apvserver.command_line import server_options
from apvserver.settings import SETTINGS, Settings, adopted, read_settings
from servermanager import ConfigurationError, RemoteError, connect
from services_core import DEFAULT_LIMITS, MiB

from ..harness.apvtest import BACKENDS, Server, apvpython, in_loop, run, variables

WRONG = [
    ("APV_DATA_ROOT", "/no/such/place", "is no directory"),
    ("APV_DEFINITIONS", "/no/such.toml", "is no file"),
    ("APV_SERVICES", "mine", "not module:Class"),
    ("APV_SERVICES", "mine:", "not module:Class"),
    ("APV_VTK_THREADS", "0", "whole number of at least 1"),
    ("APV_VTK_THREADS", "many", "whole number of at least 1"),
    ("APV_VTK_THREADS", "2.5", "whole number of at least 1"),
    ("APV_VTK_NICENESS", "20", "whole number from 0 to 19"),
    ("APV_VTK_NICENESS", "-1", "whole number from 0 to 19"),
    ("APV_ALLOW_PYTHON", "yes", r"1 \(yes\) or 0 \(no\)"),
    ("APV_LOG", "loud", "CRITICAL, ERROR, WARNING, INFO, DEBUG"),
    ("APV_OPENGL_WAIT", "0", "whole number from 1 to 3600"),
]


def test_each_field_is_read_from_one_variable() -> None:
    assert [one.field for one in SETTINGS] == [field.name for field in dataclasses.fields(Settings)]


def test_nothing_said_gives_the_defaults() -> None:
    assert read_settings({}) == Settings() == read_settings({one.variable: "" for one in SETTINGS})


def test_variables_say_everything(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for place in (first, second):
        place.mkdir()
    own = tmp_path / "own.toml"
    own.touch()
    said = {
        "APV_DATA_ROOT": os.pathsep.join(map(str, (first, second))),
        "APV_DEFINITIONS": str(own),
        "APV_SERVICES": "one:A,two:B",
        "APV_VTK_THREADS": "3",
        "APV_VTK_NICENESS": "0",
        "APV_ALLOW_PYTHON": "1",
        "APV_CACHE_DIR": "off",
        "APV_LOG": "info",
        "APV_OPENGL_WAIT": "90",
    }
    found = read_settings(said)
    assert found == Settings(
        data_roots=(first.resolve(), second.resolve()),
        definitions=(own.resolve(),),
        services=("one:A", "two:B"),
        vtk_threads=3,
        vtk_niceness=0,
        allow_python=True,
        cache="off",
        log_level="INFO",
        opengl_wait_s=90,
    )
    assert Settings.from_dict(json.loads(json.dumps(found.to_dict()))) == found  # as it goes to a worker


def test_a_place_that_is_named_relatively_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = read_settings({"APV_DATA_ROOT": ".", "APV_CACHE_DIR": "cache"})
    monkeypatch.chdir("/")
    assert found.data_roots == (tmp_path.resolve(),) and found.cache == str(tmp_path / "cache")


@pytest.mark.parametrize(("variable", "text", "why"), WRONG)
def test_a_wrong_value_names_variable_value_and_what_is_allowed(variable: str, text: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{variable} is '{text}': .*{why}"):
        read_settings({variable: text})


@pytest.mark.parametrize(("variable", "text", "why"), WRONG[:-3])
def test_a_wrong_option_names_itself(variable: str, text: str, why: str) -> None:
    (option,) = [one.option for one in SETTINGS if one.variable == variable]
    with pytest.raises(ConfigurationError, match=rf"^{option} is '{text}': .*{why}"):
        server_options([f"{option}={text}"])


def test_options_win_over_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"APV_VTK_THREADS": "3", "APV_DATA_ROOT": "/", "APV_LOG": "ERROR"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("APV_COMMUNICATION_BACKEND", raising=False)
    found = server_options(["--vtk-niceness", "0", "--data-root", str(tmp_path), "-v", "-p", "0"])
    assert (found.settings.vtk_threads, found.settings.vtk_niceness) == (3, 0)
    assert found.settings.data_roots == (tmp_path.resolve(),) and found.settings.log_level == "INFO"
    assert (found.listen, found.backend, found.max_sessions) == (("tcp://127.0.0.1:0",), "zmq", 64)
    assert server_options(["--backend", "inproc"]).settings.log_level == "ERROR"


def test_where_nobody_adopts_settings_the_variables_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_adopted", None)
    monkeypatch.setenv("APV_VTK_NICENESS", "7")
    assert adopted().vtk_niceness == 7
    monkeypatch.setenv("APV_VTK_NICENESS", "8")
    assert adopted().vtk_niceness == 7


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("variable", "text", "why"), WRONG[::3])
@in_loop
async def test_built_in_sessions_refuse_a_wrong_value(backend: str, variable: str, text: str, why: str) -> None:
    with variables(**{variable: text}), pytest.raises(ConfigurationError, match=rf"^{variable} is '{text}': .*{why}"):
        await connect(backend=backend)


def test_a_server_refuses_a_wrong_value_in_one_line() -> None:
    ended = run("apvserver", "--server-port", "0", APV_VTK_THREADS="many")
    assert ended.code == 2, ended
    assert (
        ended.errors == "apvserver: APV_VTK_THREADS is 'many': the number of threads is a whole number of at least 1\n"
    )


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_what_a_server_was_told_reaches_its_sessions(backend: str, tmp_path: Path) -> None:
    """By their standard input: the server's environment says the contrary."""
    with Server(
        backend, "--data-root", str(tmp_path), "--allow-python", APV_ALLOW_PYTHON="0", APV_DATA_ROOT="/"
    ) as server:
        async with connect(server.url) as session:
            made = session.filters.ProgrammableFilter(Input=session.sources.Wavelet(), Script="1 / 0")
            with pytest.raises(RemoteError, match="ZeroDivisionError"):
                await made.update_pipeline()
            with pytest.raises(RemoteError, match=f"use files below .*{tmp_path.name} only"):
                await session.open(__file__)


def test_options_of_apvpython_win_over_variables() -> None:
    code = "import os; print(os.environ['APV_LOG'])"
    assert apvpython("-v", "-c", code, APV_LOG="ERROR").output == "INFO\n"
    assert apvpython("-c", code, APV_LOG="ERROR").output == "ERROR\n"


@in_loop
async def test_two_built_in_sessions_each_read_the_variables_as_they_begin() -> None:
    async def scripted() -> None:
        async with connect(backend="inproc") as session:
            await session.filters.ProgrammableFilter(Input=session.sources.Wavelet(), Script="pass").update_pipeline()

    with variables(APV_ALLOW_PYTHON="1"):
        await scripted()
    with variables(APV_ALLOW_PYTHON="0"), pytest.raises(RemoteError, match="executes no scripts of clients"):
        await scripted()


def test_each_session_may_have_a_window_wait_however_many_there_are_unless_the_operator_says_less() -> None:
    """Who sends no more than its window waits as it is told to, and is not refused."""
    told_nothing, told = Settings(), Settings(max_total_queued=1024 * MiB)
    assert [told_nothing.queued_share(many) for many in (0, 1, 16, 32)] == [256 * MiB] * 3 + [128 * MiB]
    window_bytes = DEFAULT_LIMITS.window_bytes
    assert [told_nothing.queued_share(many) for many in (64, 65, 200, 5000)] == [window_bytes] * 4
    assert [told.queued_share(many) for many in (1, 8, 64, 200)] == [256 * MiB, 128 * MiB, 16 * MiB, 1024 * MiB // 200]
    assert Settings(max_queued=MiB).queued_share(200) == MiB
    assert Settings.from_dict(told_nothing.to_dict()) == told_nothing
