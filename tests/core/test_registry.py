"""Finding backends by name, entry point, module:Class and URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from services_core import ConfigurationError, backend_class, backend_name, known_backends
from services_core.registry import VARIABLE, public_url, resolve_url, split_url
from services_inproc import InprocBackend
from services_zmq import ZmqBackend


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed distribution that offers two backends, one of them broken."""
    (tmp_path / "pigeon_backend.py").write_text(
        "from services_inproc import InprocBackend\n"
        "class PigeonBackend(InprocBackend):\n    schemes = ('pigeon',)\n"
        "class NoBackend: pass\n"
    )
    info = tmp_path / "pigeon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[apv.backends]\npigeon = pigeon_backend:PigeonBackend\nbroken = no_such_module_at_all:X\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))


def test_built_in_names_and_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert backend_class() is InprocBackend
    assert backend_class("zmq") is ZmqBackend
    monkeypatch.setenv(VARIABLE, "zmq")
    assert backend_name() == "zmq"
    assert backend_class() is ZmqBackend
    assert backend_class("inproc") is InprocBackend


def test_built_in_backends_are_found_without_looking_at_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That reads a file of every installed package: a client did it ten times for each session, a tenth of a second."""

    def read(**_: str) -> None:
        raise AssertionError("the entry points of all packages were read")

    monkeypatch.setattr("importlib.metadata.entry_points", read)
    assert backend_class("zmq") is ZmqBackend
    assert backend_class("services_zmq:ZmqBackend") is ZmqBackend
    assert public_url("tcp://127.0.0.1:1") == "zmq+tcp://127.0.0.1:1"
    assert resolve_url("zmq+tcp://127.0.0.1:1") == resolve_url("tcp://127.0.0.1:1") == (ZmqBackend, "tcp://127.0.0.1:1")


def test_unknown_names_list_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "carrier-pigeon")
    with pytest.raises(ConfigurationError, match=r"'carrier-pigeon'; known are inproc, zmq.*APV_COMMUNICATION_BACKEND"):
        backend_class()


@pytest.mark.usefixtures("plugin")
def test_entry_points() -> None:
    assert known_backends() == ["inproc", "zmq", "broken", "pigeon"]
    assert backend_class("pigeon").__name__ == "PigeonBackend"
    assert resolve_url("pigeon://roof")[0].__name__ == "PigeonBackend"
    with pytest.raises(ConfigurationError, match=r"'broken' cannot be loaded.*known are inproc, zmq"):
        backend_class("broken")


@pytest.mark.usefixtures("plugin")
def test_module_and_class() -> None:
    assert backend_class("services_zmq:ZmqBackend") is ZmqBackend
    for name, reason in {
        "pigeon_backend:NoBackend": "no class derived from services_core.Backend",
        "pigeon_backend:Missing": "cannot be loaded",
        "no_such_module_at_all:X": "cannot be loaded",
        "pigeon_backend:": "cannot be loaded",
        ":X": "cannot be loaded",
    }.items():
        with pytest.raises(ConfigurationError, match=reason):
            backend_class(name)


def test_backend_for_a_url() -> None:
    assert resolve_url("tcp://127.0.0.1:1") == (ZmqBackend, "tcp://127.0.0.1:1")
    assert resolve_url("thread://x") == (InprocBackend, "thread://x")
    assert resolve_url("thread://x", InprocBackend)[0] is InprocBackend
    for url in ("", "tcp", "tcp://", "gopher://x", "zmq+", "zmq+://x", "zmq+tcp://"):
        with pytest.raises(ConfigurationError):
            resolve_url(url)


class Greedy(InprocBackend):
    """Claims what is served by another."""

    schemes = ("tcp", "greedy")


def test_a_url_may_name_its_backend() -> None:
    assert split_url("tcp://host:1") == ("", "tcp://host:1")
    assert split_url("a.b:C+x://y+z://") == ("a.b:C", "x://y+z://")
    assert resolve_url("zmq+ipc:///tmp/x", InprocBackend) == (ZmqBackend, "ipc:///tmp/x")
    assert resolve_url("services_inproc:InprocBackend+thread://x") == (InprocBackend, "thread://x")
    with pytest.raises(ConfigurationError, match=r"'inproc' does not serve tcp://, but thread"):
        resolve_url("inproc+tcp://127.0.0.1:1")
    with pytest.raises(ConfigurationError, match=r"unknown backend 'nobody'"):
        resolve_url("nobody+tcp://127.0.0.1:1")


def test_what_is_public_is_served_by_the_backend_that_everybody_has() -> None:
    assert resolve_url("tcp://127.0.0.1:1", Greedy)[0] is Greedy  # what a program asks of its own engine
    assert resolve_url(public_url("tcp://127.0.0.1:1"), Greedy)[0] is ZmqBackend
    assert resolve_url(public_url("greedy://x"), Greedy)[0] is Greedy
    assert public_url("greedy+tcp://x:1") == "greedy+tcp://x:1"
    assert public_url("no url") == "no url"
