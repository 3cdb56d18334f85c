"""Checks that use asyncio hold under every way to schedule: they count no steps of a loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable
from typing import Any

import pytest

from services_core import backend_class
from services_core.conformance import CHECKS, run_check

from ..harness.time_limits import scaled

pytestmark = pytest.mark.waiting

(_CHECK,) = [check for check in CHECKS if check.name == "cancelling_a_task_cancels_its_request"]

SOON_S = scaled(0.5)
"""How long an executor may take for what it does to be done at once."""


def _done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Python 3.14, where what an executor has done already is done for the loop, too, without a step of it."""
    threads = concurrent.futures.ThreadPoolExecutor()

    def run(
        loop: asyncio.AbstractEventLoop, _executor: Any, function: Callable[..., Any], *arguments: Any
    ) -> asyncio.Future[Any]:
        submitted = threads.submit(function, *arguments)
        if not concurrent.futures.wait([submitted], SOON_S).done:
            return asyncio.wrap_future(submitted, loop=loop)  # it waits for what this loop has to do first
        future = loop.create_future()
        future.set_result(submitted.result())
        return future

    monkeypatch.setattr(asyncio.BaseEventLoop, "run_in_executor", run)


def _eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks that make their first step when they are made."""
    run = asyncio.run

    def run_eagerly(coroutine: Any) -> Any:
        async def main() -> Any:
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)  # type: ignore[attr-defined]
            return await coroutine

        return run(main())

    monkeypatch.setattr(asyncio, "run", run_eagerly)


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_what_an_executor_has_done_may_be_done_at_once(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _done_at_once(monkeypatch)
    outcome = run_check(_CHECK, backend_class(backend))
    assert outcome.failure is None, outcome.failure


@pytest.mark.skipif(not hasattr(asyncio, "eager_task_factory"), reason="tasks are eager from Python 3.12 on")
@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_tasks_may_be_eager(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _eager(monkeypatch)
    outcome = run_check(_CHECK, backend_class(backend))
    assert outcome.failure is None, outcome.failure
