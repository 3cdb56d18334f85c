"""Append, then look at the flag: what one thread hands to another without a lock arrives, always.

The rule is in docs/architecture.md ("Handing over without a lock"). Each of those who keep it is hammered here: by
several threads at once, and one call at a time, where a wake-up that is lost would leave the call where it is. On a
Python with its lock threads take turns as often as they can; on one without they run at once.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import zmq

from services_core import Kind, Message, Packet
from services_core.client.mailbox import Mailbox
from services_inproc.delivery_thread import DeliveryThread
from services_inproc.pipe import Pipe
from services_zmq.threads.io_thread import IoThread
from services_zmq.threads.strand import Strand

from ..harness.apvtest import poll
from ..harness.time_limits import scaled
from .followers import RestlessFollower

THREADS = 4
CALLS = 20_000
"""Of each thread."""
ROUNDS = 5000
"""Calls of which each waits for the one before: any of them may be lost."""

Call = Callable[[], None]


@dataclass
class Way:
    """One of those who keep the rule."""

    hand: Callable[[Call], None]
    """Hands a call to whoever is to make it."""
    owner: object
    queue: str = "_calls"
    """The owner's attribute with what was handed over."""
    looks_again: bool = True
    """Whether it looks for more when it has made what there was; else only what sets the flag brings it back."""


@pytest.fixture(autouse=True)
def quick_turns() -> Iterator[None]:
    """Threads take turns as often as Python can have them."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def by_mailbox() -> Iterator[Way]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    mailbox = Mailbox.of(loop)
    yield Way(mailbox.post, mailbox)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def by_io_thread() -> Iterator[Way]:
    thread = IoThread("services-zmq-hammered")
    yield Way(thread.call, thread, looks_again=False)
    thread.stop(lambda: None)
    assert thread.join(scaled(10))


@pytest.fixture
def by_lent_io_thread() -> Iterator[Way]:
    """The calls are made by a thread that holds the role in turn with that which it belongs to."""
    thread = IoThread("services-zmq-hammered", lends=True)
    follower = RestlessFollower(thread)
    poll(lambda: follower.led > 10, what="a follower that holds the role")
    yield Way(thread.call, thread, looks_again=False)
    follower.end()
    thread.stop(lambda: None)
    assert thread.join(scaled(10))


@pytest.fixture
def by_strand() -> Iterator[Way]:
    thread, context = IoThread("services-zmq-hammered"), zmq.Context()
    strand = Strand(thread, context.socket(zmq.DEALER), lambda: None)
    yield Way(strand.call, strand)
    thread.stop(lambda: context.destroy(linger=0))
    assert thread.join(scaled(10))


@pytest.fixture
def by_strand_of_a_loop() -> Iterator[Way]:
    if sys.platform == "win32":
        pytest.skip("no loop watches sockets of ZeroMQ there")
    thread, context, loop = IoThread("services-zmq-hammered"), zmq.Context(), asyncio.new_event_loop()
    strand = Strand(thread, context.socket(zmq.DEALER), lambda: None)
    runner = threading.Thread(target=loop.run_forever)
    runner.start()
    loop.call_soon_threadsafe(strand.attach_loop, loop)
    yield Way(strand.call, strand)
    strand.detach_loop()
    loop.call_soon_threadsafe(loop.stop)
    runner.join()
    thread.stop(lambda: context.destroy(linger=0))
    assert thread.join(scaled(10))
    loop.close()


@pytest.fixture
def by_delivery_thread() -> Iterator[Way]:
    delivery = DeliveryThread()
    yield Way(lambda call: _all_taken(delivery.call(call)), delivery)
    assert delivery.close(scaled(10))


@pytest.fixture
def by_pipe() -> Iterator[Way]:
    """Messages that are calls: whoever flushes makes them, the delivery thread what is left after a burst."""
    delivery = DeliveryThread()
    pipe, numbers = Pipe(delivery), itertools.count()
    made: dict[int, Call] = {}

    def messages(arrived: Any) -> None:
        for message in arrived:
            made.pop(message.id)()

    def hand(call: Call) -> None:
        number = next(numbers)
        made[number] = call
        pipe.put(Message(Kind.MESSAGE, number, 0, 0, Packet({})))
        pipe.flush()

    pipe.start(messages, lambda error: None)
    yield Way(hand, pipe, "_items")
    assert delivery.close(scaled(10))


def _all_taken(taken: bool) -> None:
    assert taken


WITHOUT_LOCK = ["by_mailbox", "by_io_thread", "by_lent_io_thread", "by_strand", "by_strand_of_a_loop", "by_pipe"]


@pytest.fixture(params=[*WITHOUT_LOCK, "by_delivery_thread"])
def hand(request: pytest.FixtureRequest) -> Callable[[Call], None]:
    way: Way = request.getfixturevalue(request.param)
    return way.hand


@pytest.fixture(params=WITHOUT_LOCK)
def way(request: pytest.FixtureRequest) -> Way:
    made: Way = request.getfixturevalue(request.param)
    return made


class Watched(deque[Any]):
    """A queue at which something happens just before it is appended to, or just after it was found empty."""

    def __init__(self) -> None:
        super().__init__()
        self.before_append: Call | None = None
        self.when_empty: Call | None = None

    def append(self, item: Any) -> None:
        happens, self.before_append = self.before_append, None
        if happens is not None:
            happens()
        super().append(item)

    def __len__(self) -> int:
        number = super().__len__()
        if not number and self.when_empty is not None:
            happens, self.when_empty = self.when_empty, None
            happens()
        return number


def after_the_last_look(way: Way, watched: Watched, call: Call) -> None:
    """Make this call when the queue has been looked at for the last time. In a call that was handed over."""
    if way.looks_again:
        watched.when_empty = call
    else:
        call()


def test_a_call_that_comes_after_the_last_look_is_made(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever clears the flag only after the last look would lose it."""
    watched, late = Watched(), threading.Event()
    monkeypatch.setattr(way.owner, way.queue, watched)

    def first() -> None:
        after_the_last_look(way, watched, lambda: way.hand(late.set))

    way.hand(first)
    assert late.wait(scaled(5))


def test_a_call_appended_when_all_others_are_made_is_made(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at the flag, and appends only then, would lose it."""
    watched, late, gate, empty = Watched(), threading.Event(), threading.Event(), threading.Event()
    entered = threading.Event()
    monkeypatch.setattr(way.owner, way.queue, watched)

    def first() -> None:
        entered.set()
        gate.wait(scaled(5))

    def second() -> None:
        after_the_last_look(way, watched, empty.set)

    def all_made() -> None:
        gate.set()
        assert empty.wait(scaled(5))

    maker = threading.Thread(target=way.hand, args=(first,))  # who hands over may be who makes it
    maker.start()
    assert entered.wait(scaled(5))
    way.hand(second)  # the flag is set
    watched.before_append = all_made
    way.hand(late.set)
    assert late.wait(scaled(5))
    maker.join()


def test_what_several_threads_hand_over_is_made_once_each_in_the_order_of_its_thread(
    hand: Callable[[Call], None],
) -> None:
    made: list[list[int]] = [[] for _ in range(THREADS)]
    making = threading.Lock()
    together: list[int] = []
    done = threading.Semaphore(0)

    def make(thread: int, number: int) -> None:
        if not making.acquire(blocking=False):
            together.append(number)
            return
        made[thread].append(number)
        making.release()
        if number == CALLS - 1:
            done.release()

    def hammer(thread: int) -> None:
        for number in range(CALLS):
            hand(lambda number=number: make(thread, number))  # type: ignore[misc]

    threads = [threading.Thread(target=hammer, args=(one,)) for one in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _ in range(THREADS):
        assert done.acquire(timeout=scaled(20)), [len(one) for one in made]
    assert together == []
    assert made == [list(range(CALLS))] * THREADS


def test_no_call_is_left_behind_when_it_is_the_only_one(hand: Callable[[Call], None]) -> None:
    """Two threads at once, each with one call under way: between the last look and the sleep is where it could be."""
    left: list[int] = []

    def go() -> None:
        made = threading.Semaphore(0)
        for number in range(ROUNDS):
            hand(made.release)
            if not made.acquire(timeout=scaled(10)):
                left.append(number)
                return

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left == []


def test_a_loop_that_the_io_thread_looks_after_is_never_left_with_calls() -> None:
    """What is only looked after is made within a tick, however often it is said at once."""
    thread = IoThread("services-zmq-hammered")
    made: list[int] = []
    try:
        for number in range(300):
            thread.look_after(lambda number=number: made.append(number))  # type: ignore[misc]
        until = time.monotonic() + scaled(10)
        while len(made) < 300 and time.monotonic() < until:
            arrived = threading.Event()
            thread.call(arrived.set)
            assert arrived.wait(scaled(10))
    finally:
        thread.stop(lambda: None)
        assert thread.join(scaled(10))
    assert made == list(range(300))
