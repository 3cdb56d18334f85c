"""Windows and Linux with each other: the same picture and the same values, whoever is client and whoever is server.

Run by `make test-windows`, on Linux; the programs of Windows are run by wine. A file has the names of both systems.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import pyvista

from async_paraview.credentials import new_token
from async_paraview.credentials.private_files import write_private

from ..harness.apvtest import BACKENDS, MORE_TIME, READY, ROOT, Ended, Server, apvpython, colours, pixels
from ..harness.time_limits import scaled
from ..interop.client_traffic import PROGRAM, record, write
from ..interop.test_client_traffic import assert_answers_are_the_same, said_again
from ..interop.test_matrix import DATA, SCENE, Outcome, assert_same, run_scene
from .wine import Wine, there

RUNS_S = 240.0
QUICKSTART = str(ROOT / "examples" / "quickstart.py")
FROG = str(Path(pyvista.__file__).parent / "examples" / "frog_tissues.vti")


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What all others are compared with: Linux, built in, inproc."""
    return run_scene(tmp_path_factory.mktemp("expected"), backend="inproc")


@pytest.fixture(scope="session")
def token_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all servers ask for: to each other the two systems are two machines."""
    file = tmp_path_factory.mktemp("token") / "token"
    write_private(file, new_token())
    return file


@contextmanager
def windows_server(windows: Wine, backend: str, token_file: Path) -> Iterator[str]:
    """An apvserver on Windows meanwhile; gives where it listens. Its end, when its input ends, is looked at as well."""
    options = ["--server-port", "0", "--spare-workers", "0", "--backend", backend, "--exit-with-stdin"]
    process = windows.start("-m", "apvserver", *options, "--token-file", there(token_file), **MORE_TIME)
    assert process.stdin is not None and process.stdout is not None
    said: list[str] = []
    ready = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            said.append(line.decode(errors="replace"))
            if READY.search(said[-1]):
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert ready.wait(scaled(RUNS_S)), said
        found = next((match for line in said if (match := READY.search(line))), None)
        assert found is not None, said
        yield found[1]
        process.stdin.close()
        assert process.wait(scaled(60)) == 0, said
    finally:
        process.kill()
        process.wait(scaled(60))
        reader.join(scaled(60))
        process.stdout.close()


@pytest.fixture(scope="session", params=BACKENDS, ids=lambda name: f"server-{name}")
def on_windows(request: pytest.FixtureRequest, windows: Wine, token_file: Path) -> Iterator[tuple[str, str]]:
    """The backend of a server on Windows, and where it listens."""
    with windows_server(windows, request.param, token_file) as url:
        yield request.param, url


@pytest.fixture(scope="session", params=BACKENDS, ids=lambda name: f"server-{name}")
def on_linux(request: pytest.FixtureRequest, token_file: Path) -> Iterator[tuple[str, str]]:
    """The backend of a server on Linux, and where it listens."""
    with Server(request.param, "--token-file", str(token_file)) as server:
        yield request.param, server.url


def windows_apvpython(windows: Wine, *arguments: str, given: str = "", **variables: str) -> Ended:
    code, said = windows.run(
        "-m", "apvpython", *arguments, given=given, limit_s=scaled(RUNS_S), **MORE_TIME, **variables
    )
    return Ended(code, said, "", 0.0)


def scene_on_windows(windows: Wine, picture: Path, data: str, *options: str, backend: str) -> Outcome:
    """Run the scene of the matrix there; the data is named as the server's system names it."""
    scene = there(Path(SCENE))
    ended = windows_apvpython(windows, *options, scene, there(picture), data, APV_COMMUNICATION_BACKEND=backend)
    assert ended.code == 0, ended
    said = json.loads(ended.output.splitlines()[-1])
    return Outcome(pixels(picture), said["values"], said["about"])


@pytest.mark.parametrize("backend", BACKENDS)
def test_built_in_on_windows(backend: str, windows: Wine, expected: Outcome, tmp_path: Path) -> None:
    outcome = scene_on_windows(windows, tmp_path / "scene.png", there(Path(DATA)), backend=backend)
    assert outcome.about["backend"] == backend
    assert_same(outcome, expected)


@pytest.mark.parametrize("client", BACKENDS, ids=lambda name: f"client-{name}")
def test_a_client_on_windows_with_a_server_on_linux(
    client: str, on_linux: tuple[str, str], token_file: Path, windows: Wine, expected: Outcome, tmp_path: Path
) -> None:
    backend, url = on_linux
    options = ["--server-url", url, "--token-file", there(token_file)]
    outcome = scene_on_windows(windows, tmp_path / "scene.png", DATA, *options, backend=client)
    assert (outcome.about["backend"], outcome.about["url"]) == (backend, url)
    assert_same(outcome, expected)


@pytest.mark.parametrize("client", BACKENDS, ids=lambda name: f"client-{name}")
def test_a_client_on_linux_with_a_server_on_windows(
    client: str, on_windows: tuple[str, str], token_file: Path, expected: Outcome, tmp_path: Path
) -> None:
    backend, url = on_windows
    picture = tmp_path / "scene.png"
    ended = apvpython(
        "--server-url", url, "--token-file", str(token_file), SCENE, str(picture), there(Path(DATA)),
        APV_COMMUNICATION_BACKEND=client, deadline_s=RUNS_S,
    )  # fmt: skip
    assert ended.code == 0, ended
    said = json.loads(ended.output.splitlines()[-1])
    assert (said["about"]["backend"], said["about"]["url"]) == (backend, url)
    assert_same(Outcome(pixels(picture), said["values"], said["about"]), expected)


def test_the_frog_has_the_same_pixels(windows: Wine, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "linux.png", tmp_path / "windows.png"
    assert apvpython(QUICKSTART, "--output", str(ours), deadline_s=RUNS_S).code == 0
    ended = windows_apvpython(windows, there(Path(QUICKSTART)), "--data", there(Path(FROG)), "--output", there(theirs))
    assert ended.code == 0, ended
    assert re.search("triangles of .* tissues", ended.output), ended
    assert colours(pixels(ours)) > 2000
    np.testing.assert_array_equal(pixels(theirs), pixels(ours))


def test_a_program_on_standard_input_is_run_to_its_end(windows: Wine) -> None:
    """A pipe is no terminal: what arrives is a script, as everywhere. The REPL itself needs a console."""
    program = "import asyncio, sys\nprint(await asyncio.sleep(0, 6) * 7, sys.platform)\n"
    ended = windows_apvpython(windows, given=program)
    assert (ended.code, ended.output) == (0, "42 win32\n"), ended


def test_what_a_client_on_windows_says_is_answered_here_as_it_was(windows: Wine, tmp_path: Path) -> None:
    """Its frames stay in the results of this run; those in tests/interop/traffic are a copy of such a file."""

    def client(url: str, token_file: Path) -> None:
        options = ["--server-url", url, "--token-file", there(token_file)]
        ended = windows_apvpython(windows, *options, there(PROGRAM))
        assert ended.code == 0 and "no such file" in ended.output, ended

    told = "import platform; print(platform.platform(), platform.python_version())"
    _, said = windows.run("-c", told, limit_s=scaled(60))
    system, python = said.split()[-2:]
    traffic = record(client, tmp_path, system=f"{system}-in-wine", python=python)
    write(traffic, windows.results / "windows-amd64.client")
    assert_answers_are_the_same(traffic, said_again(traffic, "zmq", tmp_path))
