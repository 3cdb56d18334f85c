"""A channel ends once, last, at both ends, and after everything that was sent before."""

from __future__ import annotations

import threading

from ...backend import Channel
from ...protocol.messages import Kind, Message
from ..check import check
from ..expect import expect
from ..recorder import within
from ..stage import Stage, message


def _send(channel: Channel, count: int, *, kind: int = Kind.REQUEST) -> None:
    for number in range(count):
        channel.send(message(number, kind=kind))


@check
def close_delivers_what_was_sent(stage: Stage) -> None:
    """2000 messages sent just before `close`, without a flush, arrive before `on_closed`."""
    line = stage.line()
    _send(line.near, 2000)
    line.near.close()
    line.far_ear.wait_closed()
    line.far_ear.expect_ids(range(2000))


@check
def close_by_the_accepted_end_delivers_what_was_sent(stage: Stage) -> None:
    """2000 messages that the accepted end sent just before its `close` arrive before `on_closed`."""
    line = stage.line()
    _send(line.far, 2000, kind=Kind.REPLY)
    line.far.close()
    line.near_ear.wait_closed()
    line.near_ear.expect_ids(range(2000))


@check
def close_tells_both_ends(stage: Stage) -> None:
    """`close` gives both receivers `on_closed(None)`, whichever end calls it, however often."""
    for end in ("near", "far"):
        line = stage.line()
        channel: Channel = getattr(line, end)
        channel.close()
        channel.close()
        for ear in (line.near_ear, line.far_ear):
            error = ear.wait_closed()
            expect(error is None, f"on_closed(None) at {ear.name} when the {end} end closed", repr(error))
        channel.close()


@check
def close_from_both_ends_at_once(stage: Stage) -> None:
    """When both ends close at the same time, each hears of it once; no channel comes of what was under way."""
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    lines = [stage.open(near, listener.url, accepted) for _ in range(20)]
    for line in lines:
        together = threading.Barrier(2)

        def close(channel: Channel, together: threading.Barrier = together) -> None:
            _send(channel, 10)
            channel.flush()
            together.wait(stage.wait_s)
            channel.close()

        ends = [threading.Thread(target=close, args=(channel,), daemon=True) for channel in (line.near, line.far)]
        for end in ends:
            end.start()
        for end in ends:
            end.join(stage.wait_s)
    for line in lines:
        line.near_ear.wait_closed()
        line.far_ear.wait_closed()
    stage.open(near, listener.url, accepted)
    expect(accepted.empty(), "one channel accepted for each that was opened", "a channel that nobody opened")


@check
def close_makes_no_new_channel(stage: Stage) -> None:
    """What a peer goes on sending after the accepted end closed is dropped, and not taken for a new channel."""
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    line = stage.open(near, listener.url, accepted)
    line.far_ear.reaction = lambda _: line.far.close()
    for number in range(500):
        line.near.send(message(number))
        line.near.flush()
    line.near_ear.wait_closed()
    line.far_ear.wait_closed()
    stage.open(near, listener.url, accepted)
    expect(accepted.empty(), "two channels accepted, as many as were opened", "one more")


@check
def close_inside_a_receiver(stage: Stage) -> None:
    """A receiver may close its own channel inside `on_messages`; it gets `on_closed`, and not another message."""
    line = stage.line()
    line.far_ear.reaction = lambda arrived: line.far.close() if arrived.id == 5 else None
    _send(line.near, 200)
    line.near.flush()
    line.near_ear.wait_closed()
    line.far_ear.wait_closed()
    ids = line.far_ear.ids()
    expect(ids == list(range(len(ids))) and len(ids) >= 6, "messages 0 to 5, and then none or the next", ids[:20])


@check
def send_after_close_is_dropped(stage: Stage) -> None:
    """`send` and `flush` after `close` do nothing: no error, no message at the peer."""
    line = stage.line()
    _send(line.near, 3)
    line.near.close()
    for number in range(100, 200):
        line.near.send(message(number))
        line.near.flush()
    line.far_ear.wait_closed()
    line.far.send(message(1))
    line.far.flush()
    expect(line.far_ear.ids() == [0, 1, 2], "the three messages sent before close", line.far_ear.ids())


@check
def close_before_start(stage: Stage) -> None:
    """A channel closed before it was started tells its receiver so when it is started."""
    near, far = stage.two_backends()
    listener, _ = stage.listen(far)
    channel = near.connect(listener.url)
    channel.close()
    ear = stage.recorder("the end that closed before it started")
    channel.start(ear)
    expect(ear.wait_closed() is None, "on_closed(None)", ear.closings)


@check
def close_of_the_backend_tells_every_channel(stage: Stage) -> None:
    """`Backend.close` closes its channels like `close`: both receivers are told, and what was sent arrives."""
    near, far = stage.two_backends()
    listener, accepted = stage.listen(far)
    lines = [stage.open(near, listener.url, accepted) for _ in range(5)]
    for line in lines:
        _send(line.near, 200)
    within(stage.wait_s, "the backend to close", lambda: near.close(stage.wait_s))
    for line in lines:
        expect(line.near_ear.wait_closed() is None, "on_closed(None) at this end", line.near_ear.closings)
        line.far_ear.wait_closed()
        if near is not far:
            line.far_ear.expect_ids(range(200))


@check
def start_after_the_backend_closed(stage: Stage) -> None:
    """A channel that is started after its backend closed hears at once that it is over."""
    near, far = stage.two_backends()
    listener, _ = stage.listen(far)
    channel = near.connect(listener.url)
    near.close(stage.wait_s)
    ear = stage.recorder("the end that started late")
    channel.start(ear)
    ear.wait_closed()
    channel.send(message(1))
    channel.flush()
    channel.close()


@check
def close_is_last_under_load(stage: Stage) -> None:
    """Nothing follows `on_closed`, even while other threads go on sending as the channel is closed."""
    for _ in range(2):
        line = stage.line()
        done = threading.Event()

        def send(channel: Channel, done: threading.Event = done) -> None:
            number = 0
            while not done.is_set() and number < 20_000:
                channel.send(Message(Kind.CANCEL, number))
                channel.flush()
                number += 1

        senders = [threading.Thread(target=send, args=(end,), daemon=True) for end in (line.near, line.far)]
        for sender in senders:
            sender.start()
        line.far_ear.wait_messages(50)
        line.near.close()
        line.far_ear.wait_closed()
        line.near_ear.wait_closed()
        done.set()
        for sender in senders:
            sender.join(stage.wait_s)
        ids = line.far_ear.ids()
        expect(ids == list(range(len(ids))), "messages in order up to the close", ids[-5:])
