"""What two threads do at the same moment: each test lets the other thread come at the very place."""

from __future__ import annotations

import asyncio
import errno
import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any
from weakref import ref

import pytest

from services_core import (
    Channel,
    ChannelReceiver,
    Closed,
    ConnectionFailed,
    ConnectionLost,
    IncomingCall,
    Kind,
    Message,
    Packet,
    Reply,
    Service,
    ServicesEngine,
    SlowConsumer,
)
from services_core.client.mailbox import Mailbox
from services_core.limits import Limits
from services_core.protocol.messages import PROTOCOL_VERSION
from services_inproc import InprocBackend
from services_inproc import backend as inproc_backend
from services_zmq.threads.io_thread import IoThread

from ..harness.apvtest import poll
from ..harness.time_limits import scaled


class Holding(Service):
    """Keeps every request; "count" is a stream of so many items, whose making is told to the test."""

    def __init__(self) -> None:
        super().__init__("holding")
        self.kept: list[IncomingCall] = []
        self.all_kept = threading.Event()
        self.when_cancelled: Callable[[IncomingCall], None] = lambda incoming: None
        self.when_made: Callable[[], None] = lambda: None

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet] | None:
        if incoming.kind is Kind.SUBSCRIBE:
            return self._count(incoming.packet.header)
        incoming.defer()
        self.kept.append(incoming)
        if len(self.kept) == 3:
            self.all_kept.set()
        return None

    def cancelled(self, incoming: IncomingCall) -> None:
        self.when_cancelled(incoming)

    def _count(self, items: int) -> Iterator[Packet]:
        for number in range(items):
            self.when_made()
            yield Packet(number)


@pytest.fixture
def service() -> Holding:
    return Holding()


@pytest.fixture
def engine(service: Holding) -> Iterator[ServicesEngine]:
    with ServicesEngine("inproc") as one:
        one.add_service(service)
        yield one


def test_a_client_leaves_while_its_work_is_answered(
    engine: ServicesEngine, service: Holding, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = engine.endpoint("holding")
    for number in range(3):
        endpoint.send_request(number)
    assert service.all_kept.wait(scaled(5))
    link: Any = service.kept[0].client
    work = link._work  # as the thread that answers has read it just before

    def read_before_it_ends(_incoming: IncomingCall) -> None:
        for other in service.kept:
            work.pop(other.id, None)

    service.when_cancelled = read_before_it_ends
    left = threading.Event()
    service.client_left = lambda client: left.set()  # type: ignore[method-assign]
    endpoint.close()
    assert left.wait(scaled(5))
    assert link not in engine._connections
    assert not caplog.records


class _Counted(Packet):
    """A packet that lets the other thread come when its size is asked for."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__("request")
        self.meanwhile = meanwhile

    @property
    def size_bytes(self) -> int:
        self.meanwhile()
        return 2000

    @size_bytes.setter
    def size_bytes(self, value: int) -> None: ...


def test_the_bytes_of_a_request_are_given_back_once(engine: ServicesEngine, service: Holding) -> None:
    """It is answered by one thread while another says that the service is done with it."""
    endpoint = engine.endpoint("holding")
    reply = endpoint.send_request("x")
    endpoint.ping().result(scaled(5))
    endpoint.send_request("y")
    endpoint.send_request("z")
    assert service.all_kept.wait(scaled(5))
    incoming = service.kept[0]
    client: Any = incoming.client
    conversation = client._conversation
    given: list[int] = []
    consumed = conversation.consumed

    def give_nothing(size_bytes: int) -> None:
        given.append(size_bytes)
        consumed(0)

    conversation.consumed = give_nothing
    others: list[threading.Thread] = []

    def the_other_comes() -> None:
        if not others:
            others.append(threading.Thread(target=incoming.release))
            others[0].start()
            others[0].join(0.2)  # it is done now, or waits for its turn

    incoming.released = False
    incoming.packet = _Counted(the_other_comes)
    incoming.reply(Packet("answer"))
    others[0].join(scaled(5))
    assert reply.result(scaled(5)).header == "answer"
    assert given == [2000]


class _Told(Channel):
    """A channel whose own thread tells its end, and lets the service go on, before `close` returns."""

    chunk_bytes = None
    peer = "somebody"

    def __init__(self) -> None:
        self.ended: Callable[[], None] = lambda: None

    def start(self, receiver: ChannelReceiver) -> None: ...

    def send(self, message: Message) -> None: ...

    def flush(self, gather: int | None = None) -> None: ...

    def close(self) -> None:
        self.ended()


class _Answering(Service):
    def __init__(self) -> None:
        super().__init__("answering")
        self.begun: list[int] = []

    def process(self, incoming: IncomingCall) -> Packet:
        self.begun.append(incoming.id)
        return Packet(None, (bytes(1000),))

    def come_to_rest(self) -> None:
        resting = threading.Event()
        self.call_soon(resting.set)
        assert resting.wait(scaled(5))


def test_work_put_aside_for_a_client_that_is_cut_is_not_begun() -> None:
    """What waits for it is dropped, which makes room; the channel tells the end before the work is dropped, too."""
    service, channel = _Answering(), _Told()
    with ServicesEngine("inproc", limits=Limits(outbound_bytes=4000)) as engine:
        engine.add_service(service)
        connection = engine.receiver(channel)

        def end() -> None:
            connection.on_closed(None)
            service.come_to_rest()

        channel.ended = end
        hello = {"protocol": list(PROTOCOL_VERSION), "software": "test", "service": "answering"}
        connection.on_messages([Message(Kind.HELLO, 0, 1000, 0, Packet(hello))])
        connection.on_messages([Message(Kind.REQUEST, n, packet=Packet("x")) for n in range(1, 21)])
        poll(lambda: len(service.begun) + len(connection._parked) == 20, what="work that is put aside")
        begun = list(service.begun)
        assert 1 < len(begun) < 7
        connection.close(SlowConsumer("it reads nothing"))
        service.come_to_rest()
        assert service.begun == begun


def test_a_service_that_is_added_as_the_engine_closes_is_joined() -> None:
    engine = ServicesEngine("inproc")
    service = Holding()
    begun = threading.Event()
    start = service.start

    def start_as_the_other_closes(timekeeper: Any) -> None:
        def close() -> None:
            begun.set()
            engine.close()

        closing = threading.Thread(target=close)
        closing.start()
        assert begun.wait(scaled(5))
        closing.join(0.2)  # it has closed now, or waits for its turn
        assert closing.is_alive()
        start(timekeeper)
        closings.append(closing)

    closings: list[threading.Thread] = []
    service.start = start_as_the_other_closes  # type: ignore[method-assign]
    engine.add_service(service)
    closings[0].join(scaled(5))
    assert service._thread is not None and not service._thread.is_alive()


def test_clients_are_told_that_the_server_closes_before_its_services_are_interrupted() -> None:
    service = Holding()
    server = ServicesEngine("inproc")
    server.add_service(service)
    url = server.listen(server.backend.private_url()).url
    with ServicesEngine("inproc") as client:
        reply = client.endpoint("holding", url).send_request("x")
        client.endpoint("holding", url).ping().result(scaled(5))
        kept: list[IncomingCall] = []

        def answer_late(incoming: IncomingCall) -> None:
            kept.append(incoming)
            incoming.reply(Packet("late"))

        service.when_cancelled = answer_late
        blocked = threading.Event()

        def process(incoming: IncomingCall) -> Packet:  # noqa: ARG001  # called by its name
            blocked.set()
            stopped.wait(scaled(5))
            return Packet("interrupted")

        stopped = threading.Event()
        service.process = process  # type: ignore[method-assign]
        running = client.endpoint("holding", url).send_request("runs")
        assert blocked.wait(scaled(5))
        stop = service.stop

        def say_and_stop() -> None:
            stopped.set()
            stop()

        service.stop = say_and_stop  # type: ignore[method-assign]
        server.close(reason="the test is over")
        for one in (reply, running):
            with pytest.raises(ConnectionLost, match="the test is over"):
                one.result(scaled(5))


def test_an_engine_that_closes_ends_its_own_endpoints_with_closed(engine: ServicesEngine) -> None:
    reply = engine.endpoint("holding").send_request("x")
    engine.close()
    with pytest.raises(Closed):
        reply.result(scaled(5))


def test_an_address_is_free_again_although_its_backend_closed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = InprocBackend()
    other = InprocBackend()
    closings: list[threading.Thread] = []

    class Interrupting:
        """The lock of the listeners, before which the other thread comes."""

        def __init__(self, lock: Any) -> None:
            self.lock = lock

        def __enter__(self) -> None:
            if not closings:
                closings.append(threading.Thread(target=backend.close))
                closings[0].start()
                closings[0].join(0.2)
            self.lock.acquire()

        def __exit__(self, *exception: object) -> None:
            self.lock.release()

    lock = inproc_backend._listeners_lock
    monkeypatch.setattr(inproc_backend, "_listeners_lock", Interrupting(lock))
    url = backend.listen("thread://two-threads", lambda channel: None).url
    closings[0].join(scaled(5))
    monkeypatch.setattr(inproc_backend, "_listeners_lock", lock)
    other.listen(url, lambda channel: None).close()
    other.close()


class _Ear:
    def __init__(self) -> None:
        self.error: Any = None
        self.closed = threading.Event()

    def on_messages(self, messages: Any) -> None: ...

    def on_closed(self, error: Any) -> None:
        self.error = error
        self.closed.set()


@pytest.mark.parametrize("which", ["near", "far"])
def test_no_channel_is_opened_to_or_from_a_backend_that_closes(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = InprocBackend(), InprocBackend()
    url = far.listen("thread://closing", lambda channel: channel.start(_Ear())).url
    keep = InprocBackend.keep

    def closed_just_before(backend: InprocBackend, channel: Any) -> bool:
        if backend is (near if which == "near" else far):
            backend.close()
        return keep(backend, channel)

    monkeypatch.setattr(InprocBackend, "keep", closed_just_before)
    if which == "near":
        with pytest.raises(Closed):
            near.connect(url)
    else:
        ear = _Ear()
        near.connect(url).start(ear)
        assert ear.closed.wait(scaled(5))
        assert isinstance(ear.error, ConnectionFailed)
    near.close()
    far.close()
    assert not near._channels and not far._channels


def test_an_item_that_finds_no_room_any_more_waits_for_it() -> None:
    """Other answers fill the client's budget while an item is made on demand: the stream goes on afterwards."""
    limits = Limits(window_bytes=8 * 1024, outbound_bytes=4 * 1024)
    service = Holding()
    with ServicesEngine("inproc", limits=limits) as engine:
        engine.add_service(service)
        endpoint = engine.endpoint("holding")
        for number in range(3):
            endpoint.send_request(number)
        assert service.all_kept.wait(scaled(5))
        pushed = threading.Event()
        client: Any = service.kept[0].client
        conversation = client._conversation

        def others_fill_the_budget() -> None:
            if not pushed.is_set():
                pushed.set()
                outbox = conversation.outbox
                window, outbox._window_bytes = outbox._window_bytes, 0  # all of it is under way
                for incoming in service.kept:
                    incoming.reply(Packet(None, [bytes(4000)]))
                assert outbox.full
                service.call_soon(lambda: incoming_room(window))

        def incoming_room(window: int) -> None:
            link: Any = service.kept[0].client
            link.on_messages([Message(Kind.WINDOW, 0, window)])

        service.when_made = others_fill_the_budget
        stream = endpoint.subscribe(5)
        seen = []
        while (item := stream.get(scaled(5))) is not None:
            seen.append(item.header)
        assert seen == [0, 1, 2, 3, 4]


def test_a_loop_that_was_closed_is_freed_although_replies_for_it_came_late() -> None:
    reply: Reply[int] = Reply()

    async def leave_it() -> Any:
        task = asyncio.ensure_future(_await(reply))
        await asyncio.sleep(0)
        loop = asyncio.get_running_loop()
        Mailbox.of(loop)
        loop.call_soon(loop.stop)
        return task, loop

    loop = asyncio.new_event_loop()
    task, _ = loop.run_until_complete(leave_it())
    bringing = threading.Thread(target=reply.resolve, args=(1,))
    bringing.start()
    bringing.join(scaled(5))
    gone = ref(loop)
    task._log_destroy_pending = False
    loop.close()
    del loop, task, _, bringing
    asyncio.run(asyncio.sleep(0))

    async def another() -> None:
        Mailbox.of(asyncio.get_running_loop())

    asyncio.run(another())
    gc.collect()
    assert gone() is None


async def _await(reply: Reply[int]) -> int:
    return await reply


def test_what_is_posted_to_a_closed_loop_does_not_pile_up() -> None:
    loop = asyncio.new_event_loop()
    mailbox = Mailbox.of(loop)
    loop.close()
    for _ in range(100):
        mailbox.post(print, "nobody")
    assert len(mailbox._calls) <= 1


def test_a_late_call_posted_as_the_thread_ends_is_made() -> None:
    io = IoThread("test-io")
    made = threading.Event()

    class Appending:
        """The late calls; the thread ends right before one is appended."""

        def __init__(self, calls: Any) -> None:
            self.calls = calls

        def append(self, call: Callable[[], None]) -> None:
            io.stop(lambda: None)
            assert io.join(scaled(5))
            self.calls.append(call)

        def popleft(self) -> Any:
            return self.calls.popleft()

        def __len__(self) -> int:
            return len(self.calls)

    io._late = Appending(io._late)  # type: ignore[assignment]
    io.look_after(made.set)
    assert made.is_set()


@pytest.mark.parametrize("failures", [1, 3])
def test_a_thread_that_could_not_be_woken_once_is_woken_later(failures: int) -> None:
    """The system may have no buffer for a byte at the moment: that must not be the end of all that is posted."""
    io = IoThread("test-io")
    asleep, made = threading.Event(), threading.Semaphore(0)
    io.call(asleep.set)
    assert asleep.wait(scaled(5))

    class Failing:
        """The socket that wakes the thread, without room at first."""

        def __init__(self, writer: Any) -> None:
            self.writer, self.left = writer, failures

        def send(self, data: bytes) -> int:
            if self.left:
                self.left -= 1
                raise OSError(errno.ENOBUFS, "no buffer space available")
            return int(self.writer.send(data))

        def close(self) -> None:
            self.writer.close()

    io._wake_writer = Failing(io._wake_writer)  # type: ignore[assignment]
    io.call(made.release)
    io.call(made.release)
    for _ in range(2):
        assert made.acquire(timeout=scaled(5))
    io.stop(lambda: None)
    assert io.join(scaled(5))


def test_a_thread_is_woken_though_two_at_once_cannot_send_to_it() -> None:
    """A system may refuse a byte as one too many while another thread is still at sending one: wine does."""
    io = IoThread("test-io")
    sent, gate, made, late = (threading.Event() for _ in range(4))
    asleep = threading.Event()
    io.call(asleep.set)
    assert asleep.wait(scaled(5))

    class OneAtATime:
        """The socket that wakes the thread: its first sender stays in it for a while after its byte has gone."""

        def __init__(self, writer: Any) -> None:
            self.writer, self.senders = writer, threading.Lock()

        def send(self, data: bytes) -> int:
            if not self.senders.acquire(blocking=False):
                raise BlockingIOError(errno.EWOULDBLOCK, "another thread sends")
            try:
                count = int(self.writer.send(data))
                if not sent.is_set():
                    sent.set()
                    assert gate.wait(scaled(10))
            finally:
                self.senders.release()
            return count

        def close(self) -> None:
            self.writer.close()

    io._wake_writer = OneAtATime(io._wake_writer)  # type: ignore[assignment]
    first = threading.Thread(target=io.call, args=(made.set,))
    first.start()
    assert sent.wait(scaled(5)) and made.wait(scaled(5))  # its byte has done its work
    io.call(late.set)
    gate.set()
    first.join()
    assert late.wait(scaled(5))
    io.stop(lambda: None)
    assert io.join(scaled(5))
