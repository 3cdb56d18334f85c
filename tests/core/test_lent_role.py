"""The role of receiving is lent to the thread of a service that is idle, and nobody waits for it when that is not."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from services_core import (
    DeadlineExceeded,
    IncomingCall,
    Packet,
    RequestCancelled,
    Service,
    ServiceEndpoint,
    ServicesEngine,
    current_call,
)
from services_core.receiving import ReceivingRole, about_to_wait, role_here
from services_zmq.threads import lent_role
from services_zmq.threads.io_thread import IoThread
from services_zmq.threads.lent_role import MOST_STREAK, STREAK, WORTHWHILE, LentRole

from ..harness.apvtest import poll
from ..harness.time_limits import scaled

LONG_S = 1000.0


class Follower:
    """A follower whose thread is the test's; it is wanted after each turn, unless the test says otherwise."""

    def __init__(self) -> None:
        self.ident = threading.get_ident()
        self.idle = True
        self.offers: list[ReceivingRole] = []
        self.asked: Callable[[], bool] = lambda: True

    def offer(self, role: ReceivingRole) -> None:
        self.offers.append(role)

    def wanted(self) -> bool:
        return self.asked()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The communication thread never finds that a follower has been away for too long, however busy the machine is."""
    monkeypatch.setattr(lent_role, "LEFT_S", LONG_S)
    monkeypatch.setattr(lent_role, "HAND_OVER_S", LONG_S)


@pytest.fixture
def io() -> Iterator[IoThread]:
    thread = IoThread("services-zmq-lent", lends=True)
    yield thread
    thread.stop(lambda: None)
    assert thread.join(scaled(10))


def offered(io: IoThread, follower: Follower, works: int = STREAK + 1) -> bool:
    """Have work arrive for it so many times in a row; tells whether it was offered the role for that."""
    before, done = len(follower.offers), threading.Event()

    def arrive() -> None:
        for _ in range(works):
            io.role.note_work(follower)
        done.set()

    io.call(arrive)
    assert done.wait(scaled(5))
    return len(follower.offers) > before


def call_elsewhere(io: IoThread, call: Callable[[], None]) -> None:
    """Post a call from another thread, and go on when it was posted."""
    thread = threading.Thread(target=io.call, args=(call,))
    thread.start()
    thread.join()


def made_by(io: IoThread, post: Callable[[IoThread, Callable[[], None]], None]) -> str:
    """Return the name of the thread that makes a call which is posted so."""
    names: list[str] = []
    post(io, lambda: names.append(threading.current_thread().name))
    poll(lambda: names, what="the call")
    return names[0]


# --- when it is lent


def test_it_is_offered_to_who_was_idle_whenever_work_came_and_came_for_nobody_else(io: IoThread) -> None:
    one, other = Follower(), Follower()
    other.ident = 1
    assert not offered(io, one, STREAK)
    assert not offered(io, other, 1), "the other's work ends the streak"
    assert not offered(io, one, STREAK)
    one.idle = False
    assert not offered(io, one, 1)
    one.idle = True
    assert not offered(io, one, STREAK - 1)
    assert offered(io, one, 1)


def test_only_the_holder_is_heard(io: IoThread) -> None:
    one = Follower()
    for _ in range(2 * STREAK):
        io.role.note_work(one)
    assert one.offers == []


def test_it_is_not_lent_where_waits_take_longer_than_they_should() -> None:
    io = IoThread("services-zmq-lent", lends=False)
    assert not offered(io, Follower(), 3 * MOST_STREAK)
    io.stop(lambda: None)
    assert io.join(scaled(10))


@pytest.mark.usefixtures("patient")
def test_who_had_to_give_it_back_soon_waits_twice_as_long_the_next_time(io: IoThread) -> None:
    one = Follower()
    assert not offered(io, one, 1)
    for needed in (STREAK, 2 * STREAK, 4 * STREAK):
        assert not offered(io, one, needed - 1)
        assert offered(io, one, 1)
        assert one.offers[-1].lead(one)
        about_to_wait()
        poll(lambda: not io.role.offered, what="the communication thread, which takes it back")
    assert offered(io, one, 8 * STREAK)
    for _ in range(WORTHWHILE):
        assert one.offers[-1].lead(one)
    about_to_wait()
    assert offered(io, one, STREAK), "it was worth while"


def test_nobody_can_take_what_was_not_offered(io: IoThread) -> None:
    one = Follower()
    assert not io.role.lead(one)
    assert role_here() is None


# --- what is wanted of it while the follower is away


@pytest.mark.usefixtures("patient")
def test_a_call_of_another_thread_does_not_wait_for_a_follower_that_is_away(io: IoThread) -> None:
    one = Follower()
    assert offered(io, one)
    assert one.offers[0].lead(one)
    assert made_by(io, call_elsewhere) == "services-zmq-lent"
    assert not one.offers[0].lead(one), "it was taken back"


@pytest.mark.usefixtures("patient")
def test_a_call_that_is_posted_as_the_follower_leaves_does_not_wait_for_it(io: IoThread) -> None:
    """It has looked at the calls for the last time, and is not away yet."""
    one = Follower()
    made = threading.Event()
    asked: list[int] = []

    def wanted() -> bool:
        asked.append(1)
        call_elsewhere(io, made.set if len(asked) == 2 else lambda: None)  # the first ends the turn
        return len(asked) == 2

    one.asked = wanted
    assert offered(io, one)
    assert one.offers[0].lead(one)
    assert made.wait(scaled(5))


@pytest.mark.usefixtures("patient")
def test_calls_of_the_follower_itself_wake_nobody(io: IoThread) -> None:
    one = Follower()
    assert offered(io, one)
    role = one.offers[0]
    assert role.lead(one)
    made: list[int] = []
    io.call(lambda: made.append(threading.get_ident()))
    assert io._calls
    assert role.lead(one), "nobody has taken it back for that"
    assert made == [one.ident]


@pytest.mark.usefixtures("patient")
def test_who_is_about_to_wait_is_not_waited_for(io: IoThread) -> None:
    one = Follower()
    assert offered(io, one)
    assert one.offers[0].lead(one)
    made = threading.Event()
    io.call(made.set)
    about_to_wait()
    assert made.wait(scaled(5))
    assert not one.offers[0].lead(one)
    assert role_here() is None


def test_who_stays_away_is_not_waited_for(io: IoThread) -> None:
    one = Follower()
    while not (offered(io, one, 2 * MOST_STREAK) and one.offers[-1].lead(one)):
        assert len(one.offers) < 1000, "this thread is never there in time"
    assert made_by(io, lambda thread, call: thread.call(call)) == "services-zmq-lent"
    assert io.role._needed > STREAK, "the next time it has to be idle for longer"


@pytest.mark.usefixtures("patient")
def test_work_for_others_ends_it(io: IoThread) -> None:
    one, other = Follower(), Follower()
    other.ident = 1
    assert offered(io, one)
    answers = iter([False, True])

    def wanted() -> bool:
        call_elsewhere(io, lambda: io.role.note_work(other))
        return next(answers)

    one.asked = wanted
    assert one.offers[0].lead(one)
    assert not one.offers[0].lead(one)


@pytest.mark.usefixtures("patient")
def test_it_ends_while_the_role_is_lent(io: IoThread) -> None:
    one = Follower()
    assert offered(io, one)
    assert one.offers[0].lead(one)
    ended = threading.Event()
    io.stop(ended.set)
    about_to_wait()  # by the thread that was lent the role, and has left it
    assert ended.wait(scaled(5))
    assert not one.offers[0].lead(one)


def test_windows_keeps_it() -> None:
    assert (sys.platform != "win32") == lent_role.LENDS


# --- services


class Echo(Service):
    """Answers with what it is sent, and notes which thread has received it; "hold" waits to be interrupted."""

    def __init__(self, name: str = "echo") -> None:
        super().__init__(name)
        self.received_by: list[int] = []
        self.about: list[object] = []
        self.entered = threading.Event()
        self.interrupted = threading.Event()
        self.previewed = threading.Event()
        self.ask: Callable[[], object] = lambda: None

    def preview(self, incoming: IncomingCall) -> None:
        self.received_by.append(threading.get_ident())
        self.about.append(current_call())
        if incoming.packet.header == "look":
            self.previewed.set()

    def process(self, incoming: IncomingCall) -> Packet:
        if incoming.packet.header == "hold":
            self.entered.set()
            assert self.interrupted.wait(scaled(10))
        if incoming.packet.header == "ask":
            return Packet(self.ask())
        return incoming.packet

    def cancelled(self, incoming: IncomingCall) -> None:
        self.interrupted.set()


class Aloof(Echo):
    """Its thread receives for nobody."""

    receives = False


class Server:
    """An engine with services, and another one with endpoints to them."""

    def __init__(self) -> None:
        if not lent_role.LENDS:
            pytest.skip("there the communication thread always receives")
        self.echo, self.aloof, self.second = Echo(), Aloof("aloof"), Echo("second")
        self.engine, self.clients = ServicesEngine("zmq", name="test"), ServicesEngine("zmq", name="clients")
        for service in (self.echo, self.aloof, self.second):
            self.engine.add_service(service)
        self.url = self.engine.listen("tcp://127.0.0.1:0").url
        self.role: LentRole = self.engine.backend._resources.io.role  # type: ignore[attr-defined]

    def endpoint(self, name: str = "echo") -> ServiceEndpoint:
        return self.clients.endpoint(name, self.url)

    def lend(self, endpoint: ServiceEndpoint) -> None:
        """Have requests until the service itself has received one."""
        until = time.monotonic() + scaled(20)
        while not self.echo.received_by or self.echo.received_by[-1] != self.echo.ident:
            assert time.monotonic() < until, "the service never receives by itself"
            assert endpoint.send_request(1).result(scaled(5)).header == 1

    def close(self) -> None:
        self.clients.close()
        self.engine.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


def test_a_service_that_gets_one_request_after_the_other_receives_by_itself(server: Server) -> None:
    server.lend(server.endpoint())
    assert server.echo.about[-1] is None, "what it does as it receives is not its own work"


def test_it_receives_for_all_who_ask_it_within_one_loop(server: Server) -> None:
    async def main() -> list[object]:
        endpoints = [server.endpoint() for _ in range(3)]
        return [(await endpoints[number % 3].send_request(number)).header for number in range(300)]

    assert asyncio.run(main()) == list(range(300))
    assert server.echo.ident in server.echo.received_by


def test_what_comes_while_its_work_lasts_is_previewed(server: Server) -> None:
    endpoint, other = server.endpoint(), server.endpoint()
    other.ping().result(scaled(5))
    server.lend(endpoint)
    held = endpoint.send_request("hold")
    assert server.echo.entered.wait(scaled(5))
    other.send_message("look")
    assert server.echo.previewed.wait(scaled(5))
    held.cancel()
    assert server.echo.interrupted.wait(scaled(5))
    with pytest.raises(RequestCancelled):
        held.result(scaled(5))


def test_a_deadline_interrupts_it(server: Server) -> None:
    endpoint = server.endpoint()
    server.lend(endpoint)
    for deadline_s in (0.3, 3.0, 30.0):
        held = endpoint.send_request("hold", deadline_s=deadline_s)
        if server.echo.entered.wait(deadline_s):  # else there is nothing to interrupt: the machine is busy
            break
    with pytest.raises(DeadlineExceeded):
        held.result(deadline_s + scaled(5))
    assert server.echo.entered.is_set()
    assert server.echo.interrupted.wait(scaled(5))


def test_another_service_answers_while_its_work_lasts(server: Server) -> None:
    endpoint, second = server.endpoint(), server.endpoint("second")
    second.send_request(1).result(scaled(5))
    server.lend(endpoint)
    held = endpoint.send_request("hold")
    assert server.echo.entered.wait(scaled(5))
    assert second.send_request(2).result(scaled(5)).header == 2
    held.cancel()


def test_what_others_have_it_do_wakes_it_where_it_receives(server: Server) -> None:
    server.lend(server.endpoint())
    done: list[int] = []
    for number in range(200):
        server.echo.call_soon(lambda number=number: done.append(number))  # type: ignore[misc]
        poll(lambda number=number: len(done) == number + 1, what="the work")  # type: ignore[misc]
    assert done == list(range(200))


def test_it_may_ask_another_over_the_sockets_that_it_receives_from(server: Server) -> None:
    second = server.engine.endpoint("second", server.url)
    server.echo.ask = lambda: second.send_request("yes").result(scaled(5)).header
    endpoint = server.endpoint()
    for _ in range(5):
        server.lend(endpoint)
        assert endpoint.send_request("ask").result(scaled(5)).header == "yes"


def test_a_service_that_is_not_to_receive_does_not_and_ends_it_for_others(server: Server) -> None:
    endpoint, aloof = server.endpoint(), server.endpoint("aloof")
    for number in range(5 * STREAK):
        assert aloof.send_request(number).result(scaled(5)).header == number
    assert server.aloof.ident not in server.aloof.received_by
    server.lend(endpoint)
    assert aloof.send_request(1).result(scaled(5)).header == 1
    assert aloof.send_request(2).result(scaled(5)).header == 2
    assert server.aloof.received_by[-1] not in (server.aloof.ident, server.echo.ident)


@pytest.mark.parametrize("held", [False, True])
def test_an_engine_closes_while_a_service_receives(held: bool) -> None:
    server = Server()
    endpoint = server.endpoint()
    server.lend(endpoint)
    if held:
        endpoint.send_request("hold")
        assert server.echo.entered.wait(scaled(5))
    server.engine.close()
    assert not any(thread.name == "service-echo" for thread in threading.enumerate())
    server.clients.close()


def test_a_service_that_ends_leaves_the_role(server: Server) -> None:
    server.lend(server.endpoint())
    server.echo.stop()
    assert server.echo.join(scaled(5))
    assert server.endpoint("second").send_request(1).result(scaled(5)).header == 1
