"""Cancelling requests: before they are begun, while they run, and by way of the asyncio task that waits."""

from __future__ import annotations

import asyncio

from ...client.reply import Reply
from ...errors import RequestCancelled, ServicesError
from ...packet import Packet
from ..check import check
from ..expect import BrokenPromise, expect
from ..stage import Stage
from ..workbench import Workbench


def outcome(reply: Reply[Packet], wait_s: float) -> object:
    """Return the header of the answer, or the error; waits for it at most `wait_s` seconds."""
    try:
        return reply.result(wait_s).header
    except ServicesError as error:
        return error
    except TimeoutError as error:
        raise BrokenPromise("one outcome for each request", "none: it hangs") from error


@check
def cancel_before_processing(stage: Stage) -> None:
    """A request cancelled while it waits resolves to RequestCancelled at once and is never processed."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    endpoint.send_message({"n": 0, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    queued = [endpoint.send_request({"n": n}) for n in range(1, 21)]
    for reply in queued[::2]:
        reply.cancel()
        expect(reply.done(), "the outcome of a cancelled request at once", "none yet")
        expect(isinstance(outcome(reply, 0), RequestCancelled), "RequestCancelled", outcome(reply, 0))
    endpoint.ping().result(stage.wait_s)  # it comes after the cancellations
    service.gate.set()
    for n, reply in list(enumerate(queued, 1))[1::2]:
        expect(outcome(reply, stage.wait_s) == {"n": n}, f"the answer to {n}", outcome(reply, 0))
    expect(service.begun == [0, *range(2, 21, 2)], "only what was not cancelled", service.begun)


@check
def cancel_while_it_runs(stage: Stage) -> None:
    """A request cancelled while it runs: the service's `cancelled` is called, and its late answer dropped."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    running = endpoint.send_request({"n": 5, "do": "hold"})
    stage.wait(service.entered, "the service to begin")
    running.cancel()
    expect(service.cancels.get(timeout=stage.wait_s) == 5, "cancelled() for request 5", "another")
    service.gate.set()
    expect(endpoint.send_request({"n": 6}).result(stage.wait_s).header == {"n": 6}, "the next answer", "another")
    expect(isinstance(outcome(running, 0), RequestCancelled), "RequestCancelled to stay", outcome(running, 0))
    running.cancel()
    expect(service.cancels.empty(), "cancelled() once", "twice")


@check
def cancelling_a_task_cancels_its_request(stage: Stage) -> None:
    """Cancelling the asyncio task that awaits a reply cancels the request over there."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)

    async def ask() -> None:
        loop = asyncio.get_running_loop()
        waits: asyncio.Future[None] = loop.create_future()
        task = asyncio.ensure_future(_await(endpoint.send_request({"n": 9, "do": "hold"}), waits))
        await waits  # a task that is cancelled before its first step never comes to wait
        await loop.run_in_executor(None, stage.wait, service.entered, "the service to begin")
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return
        raise BrokenPromise("CancelledError in the task", "an answer")

    asyncio.run(ask())
    expect(service.cancels.get(timeout=stage.wait_s) == 9, "cancelled() for request 9", "another")


async def _await(reply: Reply[Packet], waits: asyncio.Future[None]) -> Packet:
    waits.set_result(None)  # who waits for this is called when the task waits for the reply
    return await reply
