"""The last items of a stream and its end are never lost, at whatever moment the other thread brings them."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from services_core import DEFAULT_LIMITS, Packet, RemoteError, ServicesError, StreamWriter, Subscription

from ..harness.time_limits import scaled


class _Source:
    """Brings nothing by itself."""

    loop = None

    def item_consumed(self, id_: int, size_bytes: int) -> None: ...

    def give_up(self, id_: int) -> None: ...

    def note_waiter(self, loop: asyncio.AbstractEventLoop | None) -> None: ...


class _Interrupted(Subscription):
    """A stream whose reader is interrupted by the other thread right after its `turn`th look at the items."""

    def __init__(self, turn: int, happens: Callable[[Subscription], None]) -> None:
        super().__init__(1, False, _Source())
        self.turn, self.happens = turn, happens

    def _next(self) -> Packet | None:
        item = super()._next()
        self.turn -= 1
        if self.turn == 0:
            self.happens(self)
        return item


def _three_items_and_the_end(stream: Subscription) -> None:
    for number in range(3):
        stream.put(Packet(number))
    stream.end(None)


def _one_item_and_an_error(stream: Subscription) -> None:
    stream.put(Packet(0))
    stream.end(RemoteError("ValueError", "the rest is unreadable"))


def _get_all(stream: Subscription) -> list[Any]:
    items = []
    while (item := stream.get(scaled(1))) is not None:
        items.append(item.header)
    return items


def _iterate(stream: Subscription) -> list[Any]:
    async def read() -> list[Any]:
        return [item.header async for item in stream]

    return asyncio.run(read())


@pytest.mark.parametrize("read", [_get_all, _iterate])
def test_items_and_the_end_that_come_between_two_looks_are_read(read: Callable[[Subscription], list[Any]]) -> None:
    assert read(_Interrupted(1, _three_items_and_the_end)) == [0, 1, 2]


@pytest.mark.parametrize("read", [_get_all, _iterate])
def test_an_item_that_comes_with_the_error_is_read_before_it(read: Callable[[Subscription], list[Any]]) -> None:
    stream = _Interrupted(1, _one_item_and_an_error)
    seen = []

    def note(item: Packet) -> None:
        seen.append(item.header)

    take = stream._next

    def noted() -> Packet | None:
        if (item := take()) is not None:
            note(item)
        return item

    stream._next = noted  # type: ignore[method-assign]
    with pytest.raises(RemoteError, match="unreadable"):
        read(stream)
    assert seen == [0]


def test_get_keeps_its_time_limit_however_often_it_is_woken() -> None:
    stream = Subscription(1, False, _Source())
    with pytest.raises(TimeoutError, match=r"within 0\.01 s; it goes on"):
        stream.get(0.01)
    assert stream._watchers == []
    stream.put(Packet("late"))
    item = stream.get(0)
    assert item is not None and item.header == "late"


class _Sink:
    """Takes what it is given."""

    limits = DEFAULT_LIMITS

    def put(self, id_: int, packet: Packet) -> bool:
        return True

    def has_room(self, id_: int) -> bool:
        return True

    def wants_item(self, id_: int) -> bool:
        return True

    def end(self, id_: int, error: BaseException | None) -> None: ...

    def close(self, error: ServicesError) -> None: ...


class _Producer:
    """Holds the stream that it writes, and watches for room."""

    def __init__(self, stream: StreamWriter) -> None:
        self.stream, self.told = stream, list[bool]()
        stream.watch_room(self.room)

    def room(self) -> None:
        self.told.append(self.stream.over)


@pytest.mark.parametrize("end", [StreamWriter.end, StreamWriter.set_over])
def test_who_writes_a_stream_is_told_of_its_end_once_and_let_go(end: Callable[[StreamWriter], None]) -> None:
    gc.disable()
    try:
        stream = StreamWriter(_Sink(), 1, False)
        producer = _Producer(stream)
        stream.room_made()
        end(stream)
        stream.room_made()
        end(stream)
        assert producer.told == [False, True]
        late = _Producer(stream)
        assert late.told == [True], "it is over already"
        left = [weakref.ref(producer), weakref.ref(late)]
        del producer, late
        assert [one() for one in left] == [None, None]
    finally:
        gc.enable()
