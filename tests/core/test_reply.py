"""Replies, subscriptions and mailboxes: loops, threads, time-outs and cancelling."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from contextlib import suppress

import pytest

from services_core import Closed, ConnectionLost, Packet, RemoteError, Reply, RequestCancelled, Subscription
from services_core.client.mailbox import Mailbox, in_loop

from ..harness.time_limits import scaled


def test_first_outcome_counts() -> None:
    reply: Reply[int] = Reply()
    assert not reply.done()
    assert reply.resolve(1)
    assert not reply.resolve(2)
    assert not reply.resolve(None, RequestCancelled("late"))
    assert reply.done() and reply.result() == 1 and reply.result() == 1


def test_error_is_raised_each_time() -> None:
    reply: Reply[int] = Reply()
    reply.resolve(None, RemoteError("ValueError", "bad"))
    for _ in range(2):
        with pytest.raises(RemoteError, match="ValueError: bad"):
            reply.result()


def test_awaited_in_two_loops_and_waited_for_in_threads() -> None:
    reply: Reply[int] = Reply()
    ready = threading.Barrier(5)
    seen: list[int] = []

    async def wait() -> None:
        task = asyncio.ensure_future(_await(reply))
        await asyncio.get_running_loop().run_in_executor(None, ready.wait)
        seen.extend([await task, await reply, await reply])

    def block() -> None:
        ready.wait()
        seen.append(reply.result(scaled(5)))

    actions = [lambda: asyncio.run(wait()), lambda: asyncio.run(wait()), block, block]
    threads = [threading.Thread(target=action) for action in actions]
    for thread in threads:
        thread.start()
    ready.wait()
    reply.resolve(7)
    for thread in threads:
        thread.join(scaled(5))
    assert seen == [7] * 8


def test_tasks_are_made_of_it() -> None:
    reply: Reply[int] = Reply()
    failed: Reply[int] = Reply()

    async def run() -> list[int]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(reply), asyncio.create_task(reply), asyncio.ensure_future(reply)]
            await asyncio.sleep(0)
            threading.Thread(target=reply.resolve, args=(7,)).start()
        failing = asyncio.create_task(failed)
        asyncio.get_running_loop().call_soon(failed.resolve, None, RemoteError("ValueError", "bad"))
        with pytest.raises(RemoteError, match="bad"):
            await failing
        return [
            *await asyncio.gather(*tasks),  # the group has waited for the first alone
            *await asyncio.gather(reply, reply),
            await asyncio.create_task(reply),
        ]

    assert asyncio.run(run()) == [7] * 6


@pytest.mark.parametrize("started", [False, True], ids=["before its first step", "while it waits"])
def test_a_task_of_it_that_is_cancelled_gives_it_up(started: bool) -> None:
    class Source:
        loop = None

        def give_up(self, id_: int) -> None:
            given_up.append(id_)

        def note_waiter(self, loop: asyncio.AbstractEventLoop | None) -> None:
            """Nobody brings anything."""

    given_up: list[int] = []
    reply: Reply[int] = Reply(Source(), 5)

    async def run() -> None:
        task = asyncio.create_task(reply)
        if started:
            await asyncio.sleep(0)
        task.cancel()
        assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)

    asyncio.run(run())
    assert given_up == [5]


async def _await(reply: Reply[int]) -> int:
    return await reply


class _Source:
    """What replies come from: it notes what they tell it."""

    loop = None

    def __init__(self, cancelled: list[bool]) -> None:
        self.cancelled = cancelled
        self.loops: list[asyncio.AbstractEventLoop | None] = []

    def give_up(self, id_: int) -> None:
        self.cancelled.append(True)

    def note_waiter(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self.loops.append(loop)


def test_result_times_out_and_the_request_goes_on() -> None:
    cancelled: list[bool] = []
    reply: Reply[int] = Reply(_Source(cancelled))
    for _ in range(3):
        with pytest.raises(TimeoutError, match=r"within 0\.001 s"):
            reply.result(0.001)
    assert not reply._watchers, "a wait that gave up leaves nothing behind"
    assert not cancelled
    reply.resolve(3)
    assert reply.result() == 3


def test_result_refuses_to_block_a_loop() -> None:
    async def ask() -> None:
        with pytest.raises(RuntimeError, match="use await"):
            Reply[int]().result()
        done: Reply[int] = Reply()
        done.resolve(1)
        assert done.result() == 1

    asyncio.run(ask())


def test_cancelling_the_task_cancels_the_request_and_shield_does_not() -> None:
    async def ask(shielded: bool) -> list[bool]:
        cancelled: list[bool] = []
        reply: Reply[int] = Reply(_Source(cancelled))
        inner = asyncio.ensure_future(_await(reply))
        waiter = asyncio.shield(inner) if shielded else inner
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiter, 0.01)
        reply.resolve(1)
        if shielded:
            await inner
        return cancelled

    assert asyncio.run(ask(False)) == [True]
    assert asyncio.run(ask(True)) == []


def test_callbacks_are_called_once_and_may_fail() -> None:
    reply: Reply[int] = Reply()
    called: list[int] = []

    def fail() -> None:
        called.append(1)
        raise RuntimeError("on purpose")

    reply.add_done_callback(fail)
    reply.add_done_callback(lambda: called.append(2))
    reply.resolve(0)
    reply.add_done_callback(lambda: called.append(3))
    assert called == [1, 2, 3]


def test_who_awaits_goes_on_after_the_callbacks() -> None:
    reply: Reply[int] = Reply()
    called, go_on = threading.Event(), threading.Event()

    def callback() -> None:
        assert go_on.wait(scaled(5))
        called.set()

    async def ask() -> bool:
        waiter = asyncio.ensure_future(_await(reply))
        await asyncio.sleep(0)
        reply.add_done_callback(callback)
        resolver = threading.Thread(target=reply.resolve, args=(1,))
        resolver.start()
        await asyncio.sleep(0)
        go_on.set()
        await waiter
        seen = called.is_set()
        resolver.join(scaled(5))
        return seen

    assert asyncio.run(ask())


class _Stream:
    loop = None

    def __init__(self, newest: bool = False) -> None:
        self.consumed: list[int] = []
        self.left = 0
        self.loops: list[asyncio.AbstractEventLoop | None] = []
        self.subscription = Subscription(7, newest, self)

    def item_consumed(self, id_: int, size_bytes: int) -> None:
        assert id_ == 7
        self.consumed.append(size_bytes)

    def give_up(self, id_: int) -> None:
        assert id_ == 7
        self.left += 1

    def note_waiter(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self.loops.append(loop)


def test_items_in_order_and_the_error_after_them() -> None:
    stream = _Stream()
    for number in range(3):
        stream.subscription.put(Packet(number))
    stream.subscription.end(ConnectionLost("cut"))
    stream.subscription.put(Packet(9))  # too late
    assert [stream.subscription.get(scaled(1)).header for _ in range(3)] == [0, 1, 2]  # type: ignore[union-attr]
    with pytest.raises(ConnectionLost):
        stream.subscription.get(scaled(1))
    assert stream.subscription.get(scaled(1)) is None
    assert len(stream.consumed) == 4


def test_newest_keeps_one_item_and_gives_back_the_others() -> None:
    stream = _Stream(newest=True)
    for number in range(10):
        stream.subscription.put(Packet(number))
    assert len(stream.consumed) == 9
    item = stream.subscription.get(scaled(1))
    assert item is not None and item.header == 9


def test_close_ends_a_reader_that_waits() -> None:
    stream = _Stream()

    async def read() -> list[Packet]:
        async def items() -> list[Packet]:
            return [packet async for packet in stream.subscription]

        task = asyncio.ensure_future(items())
        await asyncio.sleep(0)
        threading.Thread(target=stream.subscription.close).start()
        return await asyncio.wait_for(task, scaled(5))

    assert asyncio.run(read()) == []
    stream.subscription.close()
    stream.subscription.end(Closed("later"))
    assert stream.subscription.get(scaled(1)) is None


def test_get_times_out_and_leaves_nothing_behind() -> None:
    stream = _Stream()
    for _ in range(3):
        with pytest.raises(TimeoutError):
            stream.subscription.get(0.001)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(stream.subscription), 0.001)

    asyncio.run(give_up())
    assert not stream.subscription._watchers


def test_mailbox_keeps_order_and_wakes_the_loop_once() -> None:
    wakes: list[object] = []
    seen: list[int] = []
    mailbox = Mailbox(lambda drain: wakes.append(drain))
    for number in range(100):
        mailbox.post(seen.append, number)
    assert len(wakes) == 1
    wakes[0]()  # type: ignore[operator]
    assert seen == list(range(100))
    mailbox.post(seen.append, 100)
    assert len(wakes) == 2


def test_mailbox_of_a_loop_that_closed_drops_its_calls() -> None:
    loop = asyncio.new_event_loop()
    mailbox = Mailbox.of(loop)
    assert Mailbox.of(loop) is mailbox
    loop.close()
    mailbox.post(pytest.fail, "called in a closed loop")
    assert not mailbox._calls


def test_a_call_for_a_loop_is_made_at_once_on_its_own_thread_and_soon_from_others() -> None:
    seen: list[str] = []

    async def run() -> None:
        loop, made = asyncio.get_running_loop(), asyncio.Event()
        in_loop(loop, lambda: seen.append(threading.current_thread().name))()
        assert seen == [threading.current_thread().name]
        other = threading.Thread(target=in_loop(loop, made.set))
        other.start()
        other.join(scaled(5))
        assert not made.is_set()  # the loop's thread was here all the time
        await asyncio.wait_for(made.wait(), scaled(5))

    asyncio.run(run())


def test_resolving_for_a_loop_that_closed_harms_nobody() -> None:
    reply: Reply[int] = Reply()

    async def begin() -> None:
        asyncio.ensure_future(_await(reply))  # noqa: RUF006  # abandoned on purpose
        await asyncio.sleep(0)

    asyncio.run(begin())
    reply.resolve(1)
    assert reply.result() == 1


@pytest.mark.parametrize("way", ["waited for", "awaited", "in a task", "thrown into"])
def test_an_error_that_was_raised_does_not_keep_itself(way: str) -> None:
    gc.collect()
    gc.disable()
    try:
        left = asyncio.run(_raised(way))
        assert left() is None
    finally:
        gc.enable()


async def _raised(way: str) -> weakref.ref[RemoteError]:
    error = RemoteError("ValueError", "bad")
    reply: Reply[int] = Reply()
    reply.resolve(None, error)
    for _ in range(2):
        with suppress(RemoteError):
            if way == "waited for":
                reply.result()
            elif way == "awaited":
                await reply
            elif way == "in a task":
                await asyncio.create_task(reply)
            else:
                reply.throw(error)
            raise AssertionError("nothing was raised")
    try:
        return weakref.ref(error)
    finally:
        del error, reply  # of this frame, which the error has
