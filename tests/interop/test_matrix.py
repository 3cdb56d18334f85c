"""The same picture and the same values, whatever the backends of server and client: real processes, real sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvista

from ..harness.apvtest import BACKENDS, Server, apvpython, colours, pixels

SCENE = str(Path(__file__).with_name("scene.py"))
DATA = str(Path(pyvista.__file__).parent / "examples" / "ant.ply")


@dataclass(frozen=True)
class Outcome:
    """What one run of the scene gave."""

    pixels: Any
    values: dict[str, Any]
    about: dict[str, Any]


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the others are compared with: built in, inproc."""
    return run_scene(tmp_path_factory.mktemp("expected"), backend="inproc")


def run_scene(directory: Path, *, backend: str, url: str | None = None, **env: Any) -> Outcome:
    picture = directory / "scene.png"
    options = ["--server-url", url] if url else []
    ended = apvpython(*options, SCENE, str(picture), DATA, APV_COMMUNICATION_BACKEND=backend, **env)
    assert ended.code == 0, ended
    assert ended.errors == "", ended
    said = json.loads(ended.output.splitlines()[-1])
    return Outcome(pixels(picture), said["values"], said["about"])


def assert_same(outcome: Outcome, expected: Outcome) -> None:
    assert outcome.values == expected.values
    np.testing.assert_array_equal(outcome.pixels, expected.pixels)


def test_reference_is_a_picture(expected: Outcome) -> None:
    assert expected.pixels.shape == (240, 320, 3)
    assert colours(expected.pixels) > 100
    assert tuple(expected.pixels[0, 0]) == (26, 51, 76)  # the background that was asked for
    assert expected.values["info"][2] == [-20.0, 20.0, -20.0, 20.0, -20.0, 20.0]
    assert expected.about["built_in"] is True


@pytest.mark.parametrize("backend", BACKENDS)
def test_built_in(backend: str, expected: Outcome, tmp_path: Path) -> None:
    outcome = run_scene(tmp_path, backend=backend)
    assert outcome.about["backend"] == backend
    assert_same(outcome, expected)


@pytest.mark.parametrize("client", BACKENDS, ids=lambda name: f"client-{name}")
@pytest.mark.parametrize("server", BACKENDS, ids=lambda name: f"server-{name}")
def test_remote(server: str, client: str, servers: dict[str, Server], expected: Outcome, tmp_path: Path) -> None:
    outcome = run_scene(tmp_path, backend=client, url=servers[server].url)
    assert outcome.about["backend"] == server
    assert outcome.about["url"] == servers[server].url
    assert_same(outcome, expected)


def test_built_in_zmq_over_tcp_where_ipc_is_missing(expected: Outcome, tmp_path: Path) -> None:
    assert_same(run_scene(tmp_path, backend="zmq", APV_ZMQ_NO_IPC="1"), expected)


def test_zmq_server_over_tcp_where_ipc_is_missing(expected: Outcome, tmp_path: Path) -> None:
    with Server("zmq", APV_ZMQ_NO_IPC="1") as server:
        assert_same(run_scene(tmp_path, backend="inproc", url=server.url), expected)


def test_other_loopback_names(servers: dict[str, Server], expected: Outcome, tmp_path: Path) -> None:
    url = servers["inproc"].url.replace("127.0.0.1", "localhost")
    assert_same(run_scene(tmp_path, backend="zmq", url=url), expected)
