"""What `update_pipeline` and `connect` return, in all that asyncio has for waiting."""

from __future__ import annotations

import asyncio
import warnings

import pytest

from servermanager import Session, connect

from ..harness.apvslow import slow_filter
from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled


@in_loop
async def test_an_execution_is_waited_for_in_every_way() -> None:
    async with connect(backend="inproc") as session:
        contour = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[100.0])
        run = contour.update_pipeline()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run), group.create_task(contour.update_pipeline()), asyncio.create_task(run)]
        found = [task.result() for task in tasks]
        found += [await run, await asyncio.ensure_future(run), await asyncio.shield(run)]
        found += await asyncio.gather(run, contour.update_pipeline())
        found += [
            await asyncio.wait_for(contour.update_pipeline(), scaled(30)),
            await next(asyncio.as_completed([run])),
        ]
        done, waiting = await asyncio.wait([asyncio.ensure_future(contour.update_pipeline())])
        assert not waiting and [one.number_of_points for one in found] == [1654] * 10
        assert done.pop().result().number_of_points == 1654 and run.result() is found[0] and run.exception() is None


@in_loop
async def test_nothing_begins_twice() -> None:
    async with connect(backend="inproc") as session:
        contour = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[100.0])
        begun: list[str] = []

        async def follow() -> None:
            nonlocal begun
            async for step in steps:
                begun += [step.name] * (step.state == "started")

        steps = session.progress()
        following = asyncio.create_task(follow())
        run = contour.update_pipeline()
        await asyncio.gather(run, asyncio.create_task(run), run)
        await contour.update_pipeline()
        steps.close()
        await following
        assert begun.count("Contour") == 1, begun


@pytest.mark.parametrize("started", [False, True], ids=["before its first step", "while it waits"])
def test_a_task_that_is_cancelled_interrupts_it(started: bool) -> None:
    @in_loop
    async def run() -> None:
        async with connect(backend="inproc") as session:
            slow = slow_filter(session)
            task = asyncio.create_task(slow)
            if started:
                await asyncio.sleep(0)
            task.cancel()
            assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)
            assert task.cancelled() and slow.cancelled()

    run()


@in_loop
async def test_an_error_comes_out_of_the_task() -> None:
    async with connect(backend="inproc") as session:
        failing = asyncio.create_task(session.filters.Contour().update_pipeline())
        with pytest.raises(Exception, match="ExecutionFailed"):
            await failing


@in_loop
async def test_a_forgotten_await_is_told() -> None:
    connecting = connect(backend="inproc")
    with pytest.raises(AttributeError, match=r"await connect\(\) first"):
        _ = connecting.sources
    session = await asyncio.create_task(connecting)
    assert isinstance(session, Session)
    run = session.sources.Wavelet().update_pipeline()
    with pytest.raises(AttributeError, match=r"'number_of_points'; .*await the execution first"):
        _ = run.number_of_points
    assert (await run).number_of_points == 9261
    with pytest.raises(RuntimeError, match="already awaited"):
        await connecting
    await session.close()

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        connect(backend="inproc")
    assert [str(one.message) for one in told] == ["coroutine 'connect' was never awaited"]
    assert told[0].filename == __file__


@in_loop
async def test_what_is_given_up_before_it_was_begun_was_not_forgotten() -> None:
    connecting = connect(backend="inproc")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        connecting.close()
        del connecting
    assert told == []
