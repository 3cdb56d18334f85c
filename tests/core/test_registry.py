"""Finding backends by name, entry point, module:Class and URL."""

from __future__ import annotations

from pathlib import Path

import pytest

from services_core import ConfigurationError, backend_class, backend_name, known_backends
from services_core.registry import VARIABLE, backend_class_for_url
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


def test_unknown_names_list_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "carrier-pigeon")
    with pytest.raises(ConfigurationError, match=r"'carrier-pigeon'; known are inproc, zmq.*APV_COMMUNICATION_BACKEND"):
        backend_class()


@pytest.mark.usefixtures("plugin")
def test_entry_points() -> None:
    assert known_backends() == ["inproc", "zmq", "broken", "pigeon"]
    assert backend_class("pigeon").__name__ == "PigeonBackend"
    assert backend_class_for_url("pigeon://roof").__name__ == "PigeonBackend"
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
    assert backend_class_for_url("tcp://127.0.0.1:1") is ZmqBackend
    assert backend_class_for_url("thread://x") is InprocBackend
    assert backend_class_for_url("thread://x", InprocBackend) is InprocBackend
    for url in ("", "tcp", "tcp://", "gopher://x"):
        with pytest.raises(ConfigurationError):
            backend_class_for_url(url)
