"""The line of clients that wait for a session: who is next, who is told, who is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from apvserver.hosting.admission.waiting_line import LONGEST, NoRoom, WaitingLine
from services_core import IncomingCall, Refused, Reply, Service


class Clock:
    """Stands for the service: calls are made when the test says so."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], object]] = []
        self.later: list[Callable[[], object]] = []

    def call_soon(self, call: Callable[[], object]) -> None:
        self.soon.append(call)

    def call_later(self, _delay_s: float, call: Callable[[], object]) -> None:
        self.later.append(call)

    def pass_time(self) -> None:
        """Make the calls that are due, and not those that they post."""
        due, self.soon, self.later = [*self.soon, *self.later], [], []
        for call in due:
            call()


class Call:
    """Stands for a request of one client."""

    def __init__(self, name: str) -> None:
        self.client = self
        self.name = name
        self.over = False
        self.deferred = False
        self.error: BaseException | None = None

    def defer(self) -> None:
        self.deferred = True

    def fail(self, error: BaseException) -> None:
        self.over, self.error = True, error


class Stream:
    """Stands for a stream of places."""

    def __init__(self) -> None:
        self.items: list[int] = []
        self.ended = False

    def put(self, packet: Any) -> None:
        self.items.append(packet.header["ahead"])

    def end(self) -> None:
        self.ended = True


class Sessions:
    """Begins sessions when the test says so."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.begun: list[str] = []
        self.ready: list[Reply[None]] = []

    def begin(self, incoming: IncomingCall) -> Reply[None]:
        if len(self.begun) >= self.room:
            raise NoRoom("it is full")
        self.begun.append(cast(Call, incoming).name)
        self.ready.append(Reply())
        return self.ready[-1]


class Scene:
    """A line, and what it stands in."""

    def __init__(self, room: int, at_once: int) -> None:
        self.clock = Clock()
        self.sessions = Sessions(room)
        self.line = WaitingLine(cast(Service, self.clock), self.sessions.begin, at_once=at_once)

    def join(self, name: str, *, stays: bool = True) -> Call:
        call = Call(name)
        self.line.join(cast(IncomingCall, call), stays=stays)
        return call

    def watch(self, call: Call) -> Stream:
        stream = Stream()
        self.line.watch(cast(Any, call.client), cast(Any, stream))
        return stream


def test_few_begin_at_a_time_in_order() -> None:
    scene = Scene(room=10, at_once=2)
    calls = [scene.join(name) for name in "abcd"]
    assert scene.sessions.begun == ["a", "b"] and all(call.deferred for call in calls)
    scene.sessions.ready[1].resolve(None)
    scene.clock.pass_time()
    assert scene.sessions.begun == ["a", "b", "c"]
    scene.sessions.ready[0].resolve(None, Refused("it could not begin"))  # that makes room as well
    scene.clock.pass_time()
    assert scene.sessions.begun == ["a", "b", "c", "d"]


def test_who_waits_for_room_gets_it_when_a_session_has_ended() -> None:
    scene = Scene(room=1, at_once=2)
    for name in "abc":
        scene.join(name)
    assert scene.sessions.begun == ["a"]
    scene.sessions.begun.clear()
    scene.line.go_on()
    assert scene.sessions.begun == ["b"]


def test_who_does_not_wait_is_refused_when_it_is_full_only() -> None:
    scene = Scene(room=2, at_once=1)
    scene.join("a")
    second, third, patient = scene.join("b", stays=False), scene.join("c", stays=False), scene.join("d")
    assert not second.over and not third.over  # it is busy, not full
    scene.sessions.ready[0].resolve(None)
    scene.clock.pass_time()
    assert scene.sessions.begun == ["a", "b"]
    scene.sessions.ready[1].resolve(None)
    scene.clock.pass_time()
    assert type(third.error) is Refused and str(third.error) == "it is full"
    assert patient.error is None


def test_places_are_told_and_the_stream_ends_with_the_turn() -> None:
    scene = Scene(room=1, at_once=2)
    scene.join("a")
    gone, last = scene.join("b"), scene.join("c")
    stream = scene.watch(last)
    assert stream.items == [1]
    gone.over = True  # its client has left
    scene.line.left(cast(Any, gone))
    scene.clock.pass_time()
    assert stream.items == [1, 0]
    scene.sessions.begun.clear()
    scene.clock.pass_time()  # it looks by itself: clients that are away make room
    assert scene.sessions.begun == ["c"]
    assert stream.ended


def test_who_does_not_wait_has_no_place() -> None:
    scene = Scene(room=1, at_once=2)
    stream = scene.watch(scene.join("a"))
    assert stream.ended and stream.items == []


def test_the_line_is_bounded_and_has_each_client_once() -> None:
    scene = Scene(room=0, at_once=1)
    calls = [scene.join(str(number)) for number in range(LONGEST)]
    with pytest.raises(Refused, match=f"{LONGEST} clients wait"):
        scene.join("one more")
    with pytest.raises(Refused, match="waits for a session already"):
        scene.line.join(cast(IncomingCall, calls[3]), stays=True)


def test_an_error_of_one_keeps_nobody_from_coming() -> None:
    scene = Scene(room=10, at_once=1)
    begin = scene.sessions.begin

    def fails_once(incoming: IncomingCall) -> Reply[None]:
        if cast(Call, incoming).name == "a":
            raise Refused("the server ends")
        return begin(incoming)

    scene.line = WaitingLine(cast(Service, scene.clock), fails_once, at_once=1)
    first = scene.join("a")
    scene.join("b")
    assert type(first.error) is Refused and scene.sessions.begun == ["b"]
