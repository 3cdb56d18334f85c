"""Asyncio loops that wait, and may receive by themselves: nothing else depends on them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from ...client.endpoint import ServiceEndpoint
from ...errors import Closed, ConnectionLost, ServicesError
from ..check import check
from ..expect import BrokenPromise, expect
from ..stage import Stage
from ..workbench import Workbench
from .cancelling import outcome


@check
def those_who_wait_may_change(stage: Stage) -> None:
    """One endpoint is awaited in a loop, in another after the first was closed, in two at once, and in threads."""
    endpoint = stage.endpoint(Workbench(stage))
    numbers: list[int] = []

    async def ask(first: int) -> None:
        async with asyncio.timeout(stage.wait_s):
            replies = await asyncio.gather(*(_echo(endpoint, n) for n in range(first, first + 100)))
        numbers.extend(replies)

    asyncio.run(ask(0))
    asyncio.run(ask(100))
    others = [threading.Thread(target=lambda n=n: asyncio.run(ask(n)), daemon=True) for n in (200, 300)]
    for other in others:
        other.start()
    for other in others:
        other.join(stage.wait_s)
    numbers.append(endpoint.send_request({"n": 400}).result(stage.wait_s).header["n"])
    asyncio.run(ask(401))
    expect(sorted(numbers) == list(range(501)), "the answers to 0 to 500", f"{len(numbers)} answers")


@check
def a_busy_loop_holds_up_no_thread(stage: Stage) -> None:
    """While the loop that has waited so far does something else, a thread gets its answer and its items."""
    endpoint = stage.endpoint(Workbench(stage))
    seen: list[object] = []

    def in_thread() -> None:
        try:
            seen.append(endpoint.send_request({"n": 1}).result(stage.wait_s).header["n"])
            with endpoint.subscribe({"n": 2, "do": "count", "items": 3}) as stream:
                while (item := stream.get(stage.wait_s)) is not None:
                    seen.append(item.header)
        except (ServicesError, TimeoutError) as error:
            seen.append(error)

    async def wait_then_block() -> None:
        await _echo(endpoint, 0)
        thread = threading.Thread(target=in_thread, daemon=True)
        thread.start()
        thread.join(2 * stage.wait_s)  # on purpose: this loop does nothing else meanwhile

    asyncio.run(wait_then_block())
    expect(seen == [1, 0, 1, 2], "an answer and three items, in a thread beside a loop that is busy", seen)


@check
def what_a_busy_loop_sent_leaves(stage: Stage) -> None:
    """A burst that was sent in a loop arrives, though the loop does something else at once."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)

    async def send_then_block() -> None:
        await _echo(endpoint, 0)
        replies = [endpoint.send_request({"n": n}) for n in range(1, 100)]
        replies.append(endpoint.send_request({"n": 100, "do": "hold"}))
        stage.wait(service.entered, "the last of 100 requests begun while their loop is busy")
        service.gate.set()
        for n, reply in enumerate(replies, 1):
            seen = (await reply).header["n"]
            expect(seen == n, f"the answer to {n}", seen)

    asyncio.run(send_then_block())


@check
def an_answer_does_not_wait_for_later_work(stage: Stage) -> None:
    """Answers may leave together, but not when the service is still busy with the next of them."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    replies = [endpoint.send_request({"n": 0, "do": "hold"})]
    replies += [endpoint.send_request({"n": n}) for n in range(1, 10)]
    last = endpoint.send_request({"n": 10, "do": "hold later"})
    endpoint.ping().result(stage.wait_s)  # all have arrived, and wait for the first
    service.gate.set()
    for n, reply in enumerate(replies):
        seen = outcome(reply, stage.wait_s)
        expect(seen == {"n": n} | ({} if n else {"do": "hold"}), f"the answer to {n} while 10 is worked on", seen)
    expect(not last.done(), "the last answer still to come", "it was there")
    service.later_gate.set()
    last.result(stage.wait_s)


@check
def a_loop_that_waits_is_told_that_this_side_closed(stage: Stage) -> None:
    """Who awaits an answer gets Closed when another thread closes the endpoint."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    seen = asyncio.run(_outcome(stage, service, endpoint, endpoint.close))
    expect(isinstance(seen, Closed), "Closed", repr(seen))


@check
def a_loop_that_waits_is_told_that_the_other_side_closed(stage: Stage) -> None:
    """Who awaits an answer gets ConnectionLost when the server closes (Closed, if that is this very engine)."""
    service = Workbench(stage)
    endpoint = stage.endpoint(service)
    server = stage.engines()[0]
    seen = asyncio.run(_outcome(stage, service, endpoint, server.close))
    expect(isinstance(seen, ConnectionLost | Closed), "ConnectionLost", repr(seen))


async def _outcome(
    stage: Stage, service: Workbench, endpoint: ServiceEndpoint, end: Callable[[], None]
) -> ServicesError | None:
    await _echo(endpoint, 0)
    reply = endpoint.send_request({"n": 1, "do": "hold"})
    await asyncio.to_thread(stage.wait, service.entered, "the request begun")
    ending = asyncio.create_task(asyncio.to_thread(end))
    try:
        async with asyncio.timeout(stage.wait_s):
            await reply
    except ServicesError as error:
        return error
    except TimeoutError:
        raise BrokenPromise("the end of the connection told to a loop that waits", "nothing") from None
    finally:
        service.gate.set()
        await ending
    return None


async def _echo(endpoint: ServiceEndpoint, number: int) -> int:
    answer: int = (await endpoint.send_request({"n": number})).header["n"]
    return answer
