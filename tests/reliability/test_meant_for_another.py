"""A cancelled request ends what it was for, and nothing else: neither the next execution nor those after it."""

from __future__ import annotations

import asyncio
import gc
import threading
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from apvserver.data.service import DataService
from apvserver.vtk.pipeline.execution import Executor
from servermanager import RequestCancelled, Session, SourceProxy, connect

from ..harness.apvslow import slow_filter, until_it_runs
from ..harness.apvtest import BACKENDS, in_loop
from ..harness.time_limits import scaled

LARGE = [-110, 110, -110, 110, -110, 110]


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@in_loop
async def test_a_cancel_that_comes_late_does_not_hit_the_next_execution(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that cancels loses the processor between its look at what runs and the interrupt."""
    real, late, begun = Executor.interrupt, threading.Event(), threading.Event()

    def interrupt(self: Executor, purpose: object = None) -> None:
        late.wait(scaled(30))
        real(self, purpose)

    real_update = Executor._update

    def update(self: Executor, step: Any, *rest: Any) -> tuple[bool, str | None]:
        if step.proxy.type_name == "Cone":
            begun.set()
            late.set()  # the cancel of the first goes on while this one is under way
        return real_update(self, step, *rest)

    async with connect(backend="inproc") as session:
        first, second = session.sources.Wavelet(WholeExtent=LARGE), session.sources.Cone(Resolution=9)
        await session.sources.Sphere().update_pipeline()
        monkeypatch.setattr(Executor, "interrupt", interrupt)
        monkeypatch.setattr(Executor, "_update", update)
        one, other = first.update_pipeline(), second.update_pipeline()
        one.cancel()
        assert (await other).number_of_cells == 10 and begun.is_set()
        with pytest.raises((RequestCancelled, asyncio.CancelledError)):
            await one


async def cancelled_update(session: Session, source: SourceProxy) -> None:
    """Send an update as a request, and cancel it while the service executes something else."""
    busy = slow_filter(session)
    await until_it_runs(session)
    state = {"id": source.id, "type": "Sphere", "properties": {"Radius": 2.0}, "inputs": {}, "objects": {}}
    session.data.send_request({"op": "update", "proxies": [state]}).cancel()
    await session.data.ping()  # it is answered behind the cancel, by the connection
    assert not busy.done()
    busy.cancel()
    with pytest.raises((RequestCancelled, asyncio.CancelledError)):
        await busy


@in_loop
async def test_a_cancelled_update_changes_nothing_and_holds_nothing_up(backend: str) -> None:
    async with connect(backend=backend) as session:
        ball = session.sources.Sphere(ThetaResolution=12)
        await ball.update_pipeline()
        await cancelled_update(session, ball)
        ball.ThetaResolution = 20
        bounds = (await ball.update_pipeline()).bounds
        assert bounds is not None and bounds[5] == pytest.approx(0.5)
        view = session.create_view(ViewSize=(40, 40))
        session.show(ball, view)
        await view.ready()


@in_loop
async def test_nothing_is_tried_for_ever_after_a_cancelled_update() -> None:
    async with connect(backend="inproc") as session:
        view = session.create_view(ViewSize=(40, 40))
        ball = session.sources.Sphere()
        session.show(ball, view)
        await view.ready()
        await cancelled_update(session, ball)
        await session.data.send_request({"op": "sync"})
        assert await cpu_at_rest() < 0.5


async def cpu_at_rest() -> float:
    """How much of a processor this process takes while nobody asks for anything."""
    process = psutil.Process()
    before = process.cpu_times()
    await asyncio.sleep(0.5)
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / 0.5


@in_loop
async def test_a_change_that_waits_long_costs_nothing() -> None:
    """Changes of a client that leaves its answers unread wait until it reads them."""
    async with connect(backend="inproc") as session:
        view, ball = session.create_view(ViewSize=(40, 40)), session.sources.Sphere()
        session.show(ball, view)
        await view.ready()
        (service,) = [one for one in gc.get_objects() if isinstance(one, DataService) and not one.stopping]
        parked: Any = Parked(over=False, client=None)
        service._changes.arrived(parked, frozenset({ball.id}))
        service.call_soon(service._schedule_refresh)
        assert await cpu_at_rest() < 0.5
        parked.over = True
        ball.Radius = 2.0
        await view.ready()


class Parked(SimpleNamespace):
    """Stands for an IncomingCall that was put aside."""

    __hash__ = object.__hash__  # type: ignore[assignment]
