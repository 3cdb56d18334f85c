"""Channels deliver every message exactly once, in order, to a receiver that is called once at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue

from ...backend import Channel
from ...protocol.messages import Kind, Message
from ..check import check
from ..expect import BrokenPromise, expect
from ..recorder import within
from ..stage import Stage, message


@check
def channel_keeps_order(stage: Stage) -> None:
    """Every message arrives exactly once and in order, in both directions at the same time."""
    line = stage.line()
    count = 2000
    for number in range(count):
        line.near.send(message(number))
        line.far.send(message(number, kind=Kind.REPLY))
        if number % 50 == 0:
            line.near.flush()
            line.far.flush()
    line.near.flush()
    line.far.flush()
    line.far_ear.expect_ids(range(count))
    line.near_ear.expect_ids(range(count))


@check
def channel_keeps_order_of_each_thread(stage: Stage) -> None:
    """Of several threads that send, each keeps its order, and nothing is lost between them."""
    line = stage.line()
    threads, count = 4, 500

    def send(first: int) -> None:
        for number in range(first, first + count):
            line.near.send(message(number))
            if number % 7 == 0:
                line.near.flush()
        line.near.flush()

    _in_threads([partial(send, first) for first in range(0, threads * count, count)])
    line.far_ear.wait_messages(threads * count)
    ids = line.far_ear.ids()
    for first in range(0, threads * count, count):
        own = [number for number in ids if first <= number < first + count]
        expect(own == list(range(first, first + count)), "the messages of each thread in its order", own[:10])


@check
def channel_loses_nothing_before_start(stage: Stage) -> None:
    """What arrives before `start` is kept for the receiver, in order, at the connecting and the accepted end."""
    near_backend, far_backend = stage.two_backends()
    accepted: SimpleQueue[Channel] = SimpleQueue()
    listener = far_backend.listen(stage.url(far_backend), accepted.put)
    near = near_backend.connect(listener.url)
    for number in range(100):
        near.send(message(number))
    near.flush()
    try:
        far = accepted.get(timeout=stage.wait_s)
    except Empty:
        raise BrokenPromise("the listener to accept a channel", "nothing") from None
    for number in range(100, 200):
        near.send(message(number))
        far.send(message(number, kind=Kind.REPLY))
    near.flush()
    far.flush()
    far_ear, near_ear = stage.recorder("the accepted end"), stage.recorder("the connecting end")
    far.start(far_ear)
    far_ear.expect_ids(range(200))
    near.start(near_ear)
    near_ear.expect_ids(range(100, 200))


@check
def channel_lets_receivers_send(stage: Stage) -> None:
    """A receiver may send and flush inside `on_messages`: a thousand messages go to and fro."""
    line = stage.line()
    rounds = 1000

    def answer(channel: Channel, arrived: Message) -> None:
        if arrived.id < rounds:
            channel.send(message(arrived.id + 1))
            channel.flush()

    line.far_ear.reaction = lambda arrived: answer(line.far, arrived)
    line.near_ear.reaction = lambda arrived: answer(line.near, arrived)
    line.near.send(message(1))
    line.near.flush()
    line.near_ear.expect_ids(range(2, rounds + 1, 2))
    line.far_ear.expect_ids(range(1, rounds + 1, 2))


@check
def channel_calls_never_overlap(stage: Stage) -> None:
    """The calls of one receiver never overlap, whoever sends and flushes meanwhile."""
    line = stage.line()
    never = threading.Event()
    threads, count = 4, 100

    def linger(arrived: Message) -> None:
        if arrived.id % 10 == 0:
            never.wait(0.0005)  # lets other threads run, in case they come here too

    line.far_ear.reaction = linger

    def send(first: int) -> None:
        for number in range(first, first + count):
            line.near.send(message(number))
            line.near.flush()

    _in_threads([partial(send, first) for first in range(0, threads * count, count)])
    line.far_ear.wait_messages(threads * count)
    line.far_ear.verify()
    expect(sorted(line.far_ear.ids()) == list(range(threads * count)), "each message once", len(line.far_ear.messages))


@check
def channel_send_never_blocks(stage: Stage) -> None:
    """Neither `send` nor `flush` waits for a receiver that is stuck: 64 MiB are taken meanwhile, and arrive later."""
    line = stage.line()
    stuck, released = threading.Event(), threading.Event()
    stage.at_end(released.set)

    def hold(arrived: Message) -> None:
        if arrived.id == 0:
            stuck.set()
            released.wait(4 * stage.wait_s)

    line.far_ear.reaction = hold

    def send_first() -> None:
        line.near.send(message(0))
        line.near.flush()  # a flush may call receivers: this one gets stuck

    helper = threading.Thread(target=send_first, daemon=True)
    helper.start()
    stage.wait(stuck, "the first message at the receiver")
    piece = bytes(256 * 1024)

    def send_all() -> None:
        for number in range(1, 257):
            line.near.send(message(number, None, (piece,)))
            line.near.flush()

    sender = threading.Thread(target=send_all, daemon=True)
    sender.start()
    sender.join(stage.wait_s)
    expect(not sender.is_alive(), "256 calls of send and flush to return while the receiver is stuck", "a call waits")
    released.set()
    helper.join(stage.wait_s)
    line.far_ear.expect_ids(range(257))


@check
def channel_delivers_large_backlogs(stage: Stage) -> None:
    """A backlog of 50 000 messages sent before one flush arrives whole and in order."""
    line = stage.line()
    one = message(1)
    count = 50_000
    for number in range(count):
        line.near.send(one._replace(id=number))
    within(stage.wait_s, "flush to return", line.near.flush)
    line.far_ear.expect_ids(range(count))


@check
def channel_closes_if_a_receiver_raises(stage: Stage) -> None:
    """A receiver that raises loses its channel, with ProtocolViolation; its peer is told, other channels go on."""
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    line, other = stage.open(near, listener.url, accepted), stage.open(near, listener.url, accepted)

    def fail(arrived: Message) -> None:
        raise RuntimeError(f"a receiver that fails on purpose at message {arrived.id}")

    line.far_ear.reaction = fail
    line.near.send(message(1))
    line.near.send(message(2))
    line.near.flush()
    error = line.far_ear.wait_closed()
    expect(type(error).__name__ == "ProtocolViolation", "ProtocolViolation at the receiver that failed", repr(error))
    expect(line.far_ear.ids() == [1], "no message after the one it failed at", line.far_ear.ids())
    line.near_ear.wait_closed()
    other.near.send(message(1))
    other.near.flush()
    other.far_ear.expect_ids([1])


def _in_threads(actions: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=action, daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
