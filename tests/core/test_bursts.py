"""What an endpoint tells its channel of messages that follow, and in which loop somebody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from services_core import Channel, ChannelReceiver, Kind, Limits, Message, Packet, PacketError, ServiceEndpoint
from services_core.timekeeper import Timekeeper

from ..harness.time_limits import scaled

_MUCH = 1 << 30


class _Channel(Channel):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.hints: list[int | None] = []
        self.attached: list[asyncio.AbstractEventLoop | None] = []

    def start(self, receiver: ChannelReceiver) -> None:
        self.receiver = receiver

    def send(self, message: Message) -> None:
        self.sent.append(message)

    def flush(self, gather: int | None = None) -> None:
        self.hints.append(gather)

    def attach_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        self.attached.append(loop)

    def detach_loop(self) -> None:
        self.attached.append(None)

    def close(self) -> None:
        """Nothing is to be closed."""

    def answer_all(self) -> None:
        """Reply to every request so far, in one batch."""
        requests = [message.id for message in self.sent if message.kind == Kind.REQUEST]
        self.sent.clear()
        self.hints.clear()
        self.receiver.on_messages([Message(Kind.REPLY, id_, 0, 0, Packet(id_)) for id_ in requests])


@contextmanager
def _connection(
    window_bytes: int = _MUCH, *, crosses_processes: bool = True
) -> Iterator[tuple[_Channel, ServiceEndpoint]]:
    channel, timekeeper = _Channel(), Timekeeper("test")
    endpoint = ServiceEndpoint(
        channel,
        service="echo",
        peer="a test",
        session=None,
        limits=Limits(),
        timekeeper=timekeeper,
        ended=lambda endpoint: None,
        crosses_processes=crosses_processes,
    )
    channel.receiver.on_messages([Message(Kind.WELCOME, 0, window_bytes, 0, Packet({}))])
    channel.sent.clear()
    channel.hints.clear()
    yield channel, endpoint
    timekeeper.close(scaled(5))


@pytest.fixture
def connected() -> Iterator[tuple[_Channel, ServiceEndpoint]]:
    with _connection() as made:
        yield made


@pytest.mark.parametrize("crosses_processes", [True, False])
def test_messages_in_a_row_leave_as_they_come_where_the_peer_has_an_interpreter_of_its_own(
    crosses_processes: bool,
) -> None:
    with _connection(crosses_processes=crosses_processes) as (channel, endpoint):
        with endpoint.in_a_row():
            for number in range(3):
                endpoint.send_message(number)
            assert (len(channel.sent), channel.hints) == (3, [None] * 3 if crosses_processes else [])
        assert channel.hints == ([None] * 3 if crosses_processes else [None])


def test_what_is_held_together_leaves_when_it_fills_the_window() -> None:
    """Else what follows would find no room, though the peer has nothing to do."""
    with _connection(2500, crosses_processes=False) as (channel, endpoint):
        with endpoint.in_a_row():
            endpoint.send_message(1)
            endpoint.send_message(2)
            assert (len(channel.sent), channel.hints) == (2, [])
            endpoint.send_message(3)
            assert (len(channel.sent), channel.hints) == (3, [None])
        assert channel.hints == [None, None]


def test_what_is_sent_in_a_row_leaves_when_something_of_it_cannot() -> None:
    def send(endpoint: ServiceEndpoint) -> None:
        with endpoint.in_a_row():
            endpoint.send_message(1)
            endpoint.send_message(object())

    with _connection(crosses_processes=False) as (channel, endpoint):
        with pytest.raises(PacketError):
            send(endpoint)
        assert (len(channel.sent), channel.hints) == (1, [None])


async def _ask_twice(endpoint: ServiceEndpoint) -> None:
    await endpoint.send_request(1)
    await endpoint.send_request(2)


def test_half_of_a_loops_requests_in_flight_may_gather(connected: tuple[_Channel, ServiceEndpoint]) -> None:
    channel, endpoint = connected

    async def main(count: int) -> list[int | None]:
        tasks = [asyncio.ensure_future(_ask_twice(endpoint)) for _ in range(count)]
        await asyncio.sleep(0)
        channel.answer_all()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        hints = channel.hints.copy()
        channel.answer_all()
        await asyncio.gather(*tasks)
        return hints

    assert asyncio.run(main(32)) == [15] * 32, "16 leave together"
    assert asyncio.run(main(9)) == [4] * 9
    assert asyncio.run(main(4)) == [None] * 4, "too few to be a burst: the channel decides by the time between them"


def test_the_requests_of_threads_are_no_burst(connected: tuple[_Channel, ServiceEndpoint]) -> None:
    channel, endpoint = connected
    replies = [endpoint.send_request(n) for n in range(32)]
    channel.answer_all()
    assert [reply.result(scaled(1)).header for reply in replies] == list(range(1, 33))
    endpoint.send_request(1)
    assert channel.hints == [None]


def test_the_channel_is_lent_to_the_one_loop_that_waits(connected: tuple[_Channel, ServiceEndpoint]) -> None:
    channel, endpoint = connected
    loops = []

    async def wait_for_nothing() -> None:
        loops.append(asyncio.get_running_loop())
        for _ in range(3):
            task = asyncio.ensure_future(_ask_twice(endpoint))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])

    asyncio.run(wait_for_nothing())
    assert channel.attached == loops, "once"
    asyncio.run(wait_for_nothing())
    assert channel.attached == [loops[0], None, loops[1]], "the first was closed"
    with pytest.raises(TimeoutError):
        endpoint.send_request(3).result(0.001)
    asyncio.run(wait_for_nothing())
    assert channel.attached == [loops[0], None, loops[1], None], "a thread has waited: it is attached no more"


def test_a_callback_of_a_thread_takes_the_channel_back(connected: tuple[_Channel, ServiceEndpoint]) -> None:
    channel, endpoint = connected

    async def wait() -> None:
        task = asyncio.ensure_future(_ask_twice(endpoint))
        await asyncio.sleep(0)
        endpoint.add_close_callback(lambda error: None)
        endpoint.send_request(3).add_done_callback(lambda: None)
        assert channel.attached == [asyncio.get_running_loop()], "a callback of the loop that waits changes nothing"
        endpoint.add_fault_callback(lambda error: None)
        await asyncio.to_thread(endpoint.add_close_callback, lambda error: None)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(wait())
    assert len(channel.attached) == 2
    assert channel.attached[1] is None


def test_what_is_sent_together_leaves_when_the_block_ends(connected: tuple[_Channel, ServiceEndpoint]) -> None:
    channel, endpoint = connected
    channel.hints.clear()
    with endpoint.together():
        endpoint.send_message("change")
        with endpoint.together():
            endpoint.send_request("ask")
            assert channel.hints == []
    assert [message.kind for message in channel.sent[-2:]] == [Kind.MESSAGE, Kind.REQUEST]
    assert set(channel.hints) == {None}, "a block inside a block may flush as well"
    channel.hints.clear()
    endpoint.send_message("alone")
    assert channel.hints == [None]


def test_what_was_sent_together_leaves_though_the_block_raises(connected: tuple[_Channel, ServiceEndpoint]) -> None:
    channel, endpoint = connected
    channel.hints.clear()

    def send() -> None:
        with endpoint.together():
            endpoint.send_message("change")
            raise ValueError("what follows cannot be sent")

    with pytest.raises(ValueError, match="cannot be sent"):
        send()
    assert channel.hints == [None]
