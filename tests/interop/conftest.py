"""Makes the harness importable, however pytest is started, and starts one server for each backend."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "harness"))


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, Any]]:
    """One server for each backend, for all tests here."""
    from apvtest import Server

    with Server("inproc") as inproc, Server("zmq") as zmq:
        yield {"inproc": inproc, "zmq": zmq}
