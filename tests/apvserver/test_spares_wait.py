"""A spare begins when nobody waits for the worker that begins in place of one."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from apvserver.hosting.workers import worker_pool
from apvserver.hosting.workers.worker_pool import WorkerPool
from apvserver.settings import Settings
from services_core import Reply, ServiceCrashed


class _Worker:
    """One that begins, and is ready when its test says so."""

    def __init__(self, *_: object, **__: object) -> None:
        self.url: Reply[str] = Reply()
        BEGUN.append(self)

    def close(self) -> None: ...


BEGUN: list[_Worker] = []


@pytest.mark.parametrize("error", [None, ServiceCrashed("it could not begin")])
def test_a_spare_is_not_begun_beside_a_worker_that_is_waited_for(
    error: ServiceCrashed | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers: list[Any] = []

    def timer(_after_s: float, call: Any) -> threading.Thread:
        timers.append(call)
        return threading.Thread()

    monkeypatch.setattr(worker_pool, "WorkerProcess", _Worker)
    monkeypatch.setattr(threading, "Timer", timer)
    BEGUN.clear()
    pool = WorkerPool("zmq", Settings(), spares=1, forks=False)
    taken: Any = pool.take(lambda worker, death: None)
    assert [taken] == BEGUN and not timers, "all spares are gone, and somebody waits for this one"
    taken.url.resolve("tcp://127.0.0.1:1", error)
    (refill,) = timers
    refill()
    assert len(BEGUN) == 2
