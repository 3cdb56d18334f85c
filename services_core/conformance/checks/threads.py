"""A backend serves many channels at once, and leaves no thread behind."""

from __future__ import annotations

import threading

from ...protocol.messages import Kind
from ..check import check
from ..expect import expect
from ..recorder import within
from ..stage import Stage, message


@check
def many_channels_at_once(stage: Stage) -> None:
    """200 channels of one listener are open at once, and none gets a message of another."""
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    lines = [stage.open(near, listener.url, accepted, number) for number in range(200)]
    for number, line in enumerate(lines):
        for step in range(5):
            line.near.send(message(number * 10 + step))
            line.far.send(message(number * 10 + step, kind=Kind.REPLY))
        line.near.flush()
        line.far.flush()
    for number, line in enumerate(lines):
        expected = [number * 10 + step for step in range(5)]
        line.far_ear.expect_ids(expected)
        line.near_ear.expect_ids(expected)


@check
def connecting_from_many_threads(stage: Stage) -> None:
    """Channels may be opened, used and closed from several threads at once."""
    near, far = stage.two_backends()
    url = far.listen(stage.url(far), lambda channel: channel.start(stage.recorder("the accepted end"))).url
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                ear = stage.recorder("the connecting end")
                channel = near.connect(url)
                channel.start(ear)
                channel.send(message(1))
                channel.close()
                ear.wait_closed()
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(2 * stage.wait_s)
    expect(not failures, "no error", failures[:1])


@check
def backend_close_joins_its_threads(stage: Stage) -> None:
    """`Backend.close` ends every thread the backend began, may be repeated, and from several threads at once."""
    before = set(threading.enumerate())
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    line = stage.open(near, listener.url, accepted)
    for number in range(500):
        line.near.send(message(number))
    line.near.flush()
    line.far_ear.wait_messages(500)
    closers = [threading.Thread(target=near.close, args=(stage.wait_s,), daemon=True) for _ in range(3)]
    for closer in closers:
        closer.start()
    for closer in closers:
        closer.join(2 * stage.wait_s)
    far.close(stage.wait_s)
    within(stage.wait_s, "a repeated close", lambda: near.close(stage.wait_s))
    left = [thread.name for thread in set(threading.enumerate()) - before if thread not in closers]
    expect(not left, "no thread of the backend after close", left)


@check
def backends_are_independent(stage: Stage) -> None:
    """Closing one backend leaves another of the same class alone."""
    line = stage.line()
    other = stage.backend()
    other.listen(stage.url(other) if stage.shared else other.private_url(), lambda _: None)
    other.close(stage.wait_s)
    line.near.send(message(1))
    line.near.flush()
    line.far_ear.expect_ids([1])
