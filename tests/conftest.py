"""What every test keeps: no thread of ours outlives it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import pytest

_OURS = re.compile(r"service-|services-zmq|inproc-courier|.*-timekeeper")
_GRACE_S = 5.0


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fails a test that leaves a thread of the messaging layer behind."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + _GRACE_S
    left = [thread for thread in threading.enumerate() if thread not in before and _OURS.match(thread.name)]
    for thread in left:
        thread.join(max(0.0, until - time.monotonic()))
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"threads were left running: {names}; close the engine or backend that began them"
