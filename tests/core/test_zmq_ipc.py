"""Sockets of the file system: what is done where there are none, or their paths may not be long enough (macOS)."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import zmq

from services_core import ConfigurationError, ServicesEngine
from services_zmq import ZmqBackend, ipc
from services_zmq.addresses import check_url

pytestmark = pytest.mark.skipif(not zmq.has("ipc"), reason="this ZeroMQ has no ipc")

MACOS = 103
"""Bytes that such a path may have there."""


@pytest.fixture(params=[MACOS, ipc.LONGEST_PATH], ids=["macOS", "here"])
def longest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(ipc, "LONGEST_PATH", request.param)
    most: int = request.param
    return most


@pytest.mark.parametrize("letter", ["x", "ö"])
def test_a_long_temporary_directory_leads_to_loopback(
    letter: str, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On macOS it is long by itself: 49 bytes. What counts is bytes, not letters."""
    kinds = set()
    for length in range(1, longest):
        place = Path(tempfile.gettempdir()) / "apv-test-ipc" / (letter * length)
        monkeypatch.setattr(tempfile, "mkdtemp", lambda prefix, place=place: f"{place}/{prefix}")
        backend = ZmqBackend()
        try:
            url = backend.private_url(other_processes=True)
        finally:
            backend.close()
        scheme, _, path = url.partition("://")
        kinds.add(scheme)
        assert scheme == "tcp" or len(path.encode()) <= longest, url
        if scheme == "tcp":
            break
    assert kinds == {"ipc", "tcp"}


def test_a_path_that_is_too_long_is_refused_with_both_figures(longest: int) -> None:
    fits = "ipc://" + "/tmp/".ljust(longest, "x")
    assert check_url(fits, listening=True) == fits
    with pytest.raises(
        ConfigurationError, match=f"may have a path of {longest} bytes here, and this one has {longest + 1};"
    ):
        check_url(fits + "x", listening=True)
    with ServicesEngine("zmq") as engine, pytest.raises(ConfigurationError, match="choose a shorter path, or tcp"):
        engine.listen(fits + "x")


def test_the_longest_path_of_this_system_works() -> None:
    with tempfile.TemporaryDirectory() as directory, ServicesEngine("zmq") as engine:
        path = f"{directory}/".ljust(ipc.LONGEST_PATH, "x")
        assert engine.listen(f"ipc://{path}").url == f"ipc://{path}"
        assert Path(path).is_socket()
