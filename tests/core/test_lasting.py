"""Connections that outlast their channels: a proxy cuts them, and nothing is lost, doubled or reordered."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from queue import SimpleQueue

import pytest

from bench.reliability.proxy import Proxy
from services_core import (
    DEFAULT_LIMITS,
    Channel,
    ChannelReceiver,
    Closed,
    ConnectionLost,
    ConnectionState,
    DeadlineExceeded,
    IncomingCall,
    Kind,
    Message,
    MiB,
    Packet,
    Service,
    ServiceEndpoint,
    ServicesEngine,
    ServicesError,
)
from services_core.lasting.kept import Keeper, KeptChannel
from services_core.timekeeper import Timekeeper
from services_zmq.client import ClientChannel

from ..harness.time_limits import scaled


class Counter(Service):
    """Echoes, remembers what it has begun, and counts for who subscribes."""

    def __init__(self) -> None:
        super().__init__("counter")
        self.begun: list[int] = []
        self.left = threading.Event()
        self.streams: SimpleQueue[IncomingCall] = SimpleQueue()

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet] | None:
        header = incoming.packet.header
        if header.get("do") == "count":
            return iter([Packet({"n": n}) for n in range(header["items"])])
        if header.get("do") == "push":
            self.streams.put(incoming)
            return None
        if header.get("do") == "away":
            return Packet({"away": incoming.client.away_since is not None})
        self.begun.append(header["n"])
        if "sleep" in header:
            time.sleep(header["sleep"])
        return Packet(header, incoming.packet.buffers)

    def client_left(self, client: object) -> None:
        self.left.set()


class Served:
    """A service whose connections last, and a proxy before it."""

    def __init__(self, keep_s: float) -> None:
        self.service = Counter()
        self.server = ServicesEngine("zmq", name="server", keep_s=keep_s)
        self.server.add_service(self.service)
        self.proxy = Proxy(self.server.listen("tcp://127.0.0.1:0").url)
        self.client = ServicesEngine("zmq", name="client")

    @property
    def url(self) -> str:
        """Where the client finds the service."""
        return self.proxy.url

    def endpoint(self) -> ServiceEndpoint:
        endpoint = self.client.endpoint("counter", self.url)
        endpoint.connected().result(scaled(5))
        return endpoint

    def close(self) -> None:
        self.client.close()
        self.proxy.__exit__()
        self.server.close()


class Offered(Served):
    """Likewise, but the server connects, through the proxy, to the client that waits: two connections are on offer."""

    def __init__(self, keep_s: float) -> None:
        self.service = Counter()
        self.server = ServicesEngine("zmq", name="server", keep_s=keep_s)
        self.server.add_service(self.service)
        self.client = ServicesEngine("zmq", name="client")
        self.place = self.client.wait_at("tcp://127.0.0.1:0")
        self.proxy = Proxy(self.place.url.removeprefix("reverse+"))
        self.closed = threading.Event()
        self.failed = threading.Semaphore(0)
        self.offers = threading.Thread(target=self.offer_again, daemon=True)
        for _ in range(2):
            self.offer()
        self.offers.start()

    @property
    def url(self) -> str:
        return self.place.url

    def offer(self) -> None:
        with contextlib.suppress(Closed):
            self.server.offer(self.proxy.url, taken=self.offer, ended=self.ended)

    def ended(self, error: ServicesError | None, taken: bool) -> None:
        if not taken:
            self.failed.release()

    def offer_again(self) -> None:
        while self.failed.acquire() and not self.closed.wait(0.1):
            self.offer()

    def close(self) -> None:
        self.closed.set()
        self.failed.release()
        super().close()
        self.offers.join(scaled(5))


@pytest.fixture
def listening() -> Iterator[Served]:
    one = Served(30.0)
    yield one
    one.close()


@pytest.fixture(params=[Served, Offered])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """The same whoever has made the connection."""
    one: Served = request.param(30.0)
    yield one
    one.close()


def states_of(endpoint: ServiceEndpoint) -> SimpleQueue[ConnectionState]:
    states: SimpleQueue[ConnectionState] = SimpleQueue()
    endpoint.add_state_callback(states.put)
    return states


def test_requests_go_on_after_a_cut(served: Served) -> None:
    endpoint = served.endpoint()
    states = states_of(endpoint)
    assert endpoint.send_request({"n": 0}).result(scaled(5)).header == {"n": 0}
    slow = endpoint.send_request({"n": 1, "sleep": 0.3})
    later = [endpoint.send_request({"n": n}) for n in range(2, 50)]
    served.proxy.cut()
    after = [endpoint.send_request({"n": n}) for n in range(50, 100)]
    assert slow.result(scaled(5)).header["n"] == 1
    assert [reply.result(scaled(5)).header["n"] for reply in (*later, *after)] == list(range(2, 100))
    assert served.service.begun == list(range(100))
    assert [states.get(timeout=scaled(5)).kind for _ in range(2)] == ["reconnecting", "connected"]


def test_cuts_at_random_lose_double_and_reorder_nothing(served: Served) -> None:
    chance = random.Random(7)
    endpoint = served.endpoint()
    cutting = threading.Event()

    def cut() -> None:
        while not cutting.wait(chance.uniform(0.01, 0.15)):
            served.proxy.cut()

    cutter = threading.Thread(target=cut, daemon=True)
    cutter.start()
    replies = []
    until = time.monotonic() + 3.0
    n = 0
    try:
        while time.monotonic() < until:
            for _ in range(chance.randrange(1, 40)):
                size = chance.choice((0, 10, 5000, 300_000))
                endpoint.room().result(scaled(10))  # while the line is cut more may wait than is taken
                replies.append((n, size, endpoint.send_request({"n": n}, (bytes([n % 256]) * size,))))
                n += 1
            reply = chance.choice(replies)[2]
            reply.result(scaled(10))
    finally:
        cutting.set()
        cutter.join()
    for number, size, reply in replies:
        packet = reply.result(scaled(10))
        assert packet.header == {"n": number}
        assert bytes(packet.buffers[0]) == bytes([number % 256]) * size
    assert served.service.begun == list(range(n))
    assert served.proxy.made > 10


def test_a_stream_of_every_item_goes_on(served: Served) -> None:
    endpoint = served.endpoint()

    async def read() -> list[int]:
        items = []
        async for packet in endpoint.subscribe({"do": "count", "items": 400}):
            items.append(packet.header["n"])
            if len(items) % 50 == 0:
                served.proxy.cut()
        return items

    assert asyncio.run(asyncio.wait_for(read(), scaled(20))) == list(range(400))


def test_a_stream_of_the_newest_ends_with_the_newest(served: Served) -> None:
    endpoint = served.endpoint()
    stream = endpoint.subscribe({"do": "push"}, newest=True)
    writer = served.service.streams.get(timeout=scaled(5)).stream
    assert writer is not None

    async def read() -> list[int]:
        seen = []
        writer.put(Packet({"n": 0}))
        async for packet in stream:
            seen.append(packet.header["n"])
            if len(seen) == 1:
                with served.proxy.down(drop=True):
                    for n in range(1, 101):
                        writer.put(Packet({"n": n}))
            if seen[-1] == 100:
                return seen
        return seen

    seen = asyncio.run(asyncio.wait_for(read(), scaled(20)))
    assert seen[-1] == 100
    assert seen == sorted(set(seen))
    assert len(seen) < 10


@pytest.mark.waiting
def test_deadlines_pass_during_an_outage(served: Served) -> None:
    endpoint = served.endpoint()
    with served.proxy.down(drop=True):
        served.proxy.cut()
        reply = endpoint.send_request({"n": 0, "sleep": 5}, deadline_s=0.3)
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded):
            reply.result(scaled(3))
        assert time.monotonic() - began < scaled(1.0)
    assert endpoint.send_request({"n": 1}).result(scaled(10)).header == {"n": 1}


def test_a_client_that_stays_away_is_freed_and_told_why() -> None:
    served = Served(0.5)
    try:
        endpoint = served.endpoint()
        waiting = endpoint.send_request({"n": 1, "sleep": 0.01})
        waiting.result(scaled(5))
        with served.proxy.down(drop=True):
            served.proxy.cut()
            waiting = endpoint.send_request({"n": 2})
            assert served.service.left.wait(scaled(5))
            with pytest.raises(ConnectionLost, match=r"within 0\.5 s"):
                waiting.result(scaled(5))
        assert endpoint.state.kind == "lost"
    finally:
        served.close()


def test_a_server_that_began_anew_says_so(listening: Served) -> None:
    endpoint = listening.endpoint()
    other = ServicesEngine("zmq", name="other", keep_s=30.0)
    with other:
        other.add_service(Counter())
        listening.proxy.lead_to(other.listen("tcp://127.0.0.1:0").url)
        listening.proxy.cut()
        with pytest.raises(ConnectionLost, match="does not know this connection any more"):
            endpoint.send_request({"n": 2}).result(scaled(10))


def test_another_server_that_offers_itself_says_so() -> None:
    first, second = Offered(30.0), ServicesEngine("zmq", name="other", keep_s=30.0)
    with second:
        try:
            endpoint = first.endpoint()
            first.closed.set()
            first.server.close()
            second.add_service(Counter())
            for _ in range(2):
                second.offer(first.proxy.url, taken=lambda: None, ended=lambda error, taken: None)
            with pytest.raises(ConnectionLost):
                endpoint.send_request({"n": 2}).result(scaled(10))
        finally:
            first.close()


def test_a_goodbye_during_an_outage_arrives_after_it(served: Served) -> None:
    endpoint = served.endpoint()
    waiting = endpoint.send_request({"n": 1, "sleep": 0.3})
    with served.proxy.down(drop=True):
        served.proxy.cut()
        for connection in served.server.connections():
            connection.close(ConnectionLost("it was ended on purpose"))
    with pytest.raises(ConnectionLost, match="ended on purpose"):
        waiting.result(scaled(10))


@pytest.mark.waiting
def test_closing_during_an_outage_blocks_nobody(served: Served) -> None:
    endpoint = served.endpoint()
    with served.proxy.down(drop=True):
        served.proxy.cut()
        endpoint.close()
        began = time.monotonic()
        served.client.close()
        assert time.monotonic() - began < scaled(2)


@contextlib.contextmanager
def closing_while_it_stands_still(served: Served) -> Iterator[threading.Thread]:
    """The line lets nothing through, 32 MiB wait for it, and a thread that closes the client waits: they may arrive."""
    endpoint = served.endpoint()
    closing = threading.Thread(target=served.client.close)
    with served.proxy.down():
        endpoint.send_message(Packet({"n": 1}, [bytes(32 * MiB)]))
        closing.start()
        closing.join(scaled(0.5))
        assert closing.is_alive()
        yield closing


@pytest.mark.waiting
def test_who_closes_while_the_line_stands_still_is_kept_until_it_is_cut(listening: Served) -> None:
    with closing_while_it_stands_still(listening) as closing:
        began = time.monotonic()
        listening.proxy.cut()
        closing.join(scaled(10))
        assert time.monotonic() - began < scaled(2)
    assert listening.service.begun == []


def test_who_closes_while_the_line_stands_still_has_said_all_when_it_goes_on(listening: Served) -> None:
    with closing_while_it_stands_still(listening) as closing:
        pass
    closing.join(scaled(10))
    assert not closing.is_alive()
    assert listening.service.left.wait(scaled(5))
    assert listening.service.begun == [1]


@pytest.mark.parametrize("moment", ["attempt", "connect"])
def test_an_attempt_that_is_closed_keeps_nobody_waiting(
    listening: Served, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has sent a RESUME that does not get through, and the end of a backend waits for what was sent to leave."""
    endpoint, tries = listening.endpoint(), threading.Event()
    connect = listening.client.backend.connect

    def connect_and_say_so(url: str) -> Channel:
        channel = connect(url)
        if moment == "connect":
            endpoint.close()
        tries.set()
        return channel

    monkeypatch.setattr(listening.client.backend, "connect", connect_and_say_so)
    send = ClientChannel.send
    resumes = threading.Event()

    def send_and_say_so(channel: ClientChannel, message: Message) -> None:
        send(channel, message)
        if message.kind == Kind.RESUME:
            resumes.set()

    monkeypatch.setattr(ClientChannel, "send", send_and_say_so)
    with listening.proxy.down(drop=True):
        listening.proxy.cut()
        assert (tries if moment == "connect" else resumes).wait(scaled(10))
        if moment == "attempt":
            endpoint.close()
        began = time.monotonic()
        listening.client.close()
        assert time.monotonic() - began < 3.0, "half of the time that a socket is given to say what it has to"


def test_a_server_that_keeps_nothing_loses_its_clients_as_before() -> None:
    served = Served(0.0)
    try:
        endpoint = served.endpoint()
        waiting = endpoint.send_request({"n": 1, "sleep": 1})
        served.proxy.cut()
        with pytest.raises(ConnectionLost, match="broke"):
            waiting.result(scaled(2))
    finally:
        served.close()


def test_a_host_that_refuses_is_given_up(listening: Served) -> None:
    endpoint = listening.endpoint()
    waiting = endpoint.send_request({"n": 1, "sleep": 0.1})
    waiting.result(scaled(5))
    listening.proxy.__exit__()
    began = time.monotonic()
    with pytest.raises(ConnectionLost, match="refused for 5 s"):
        endpoint.send_request({"n": 2}).result(scaled(15))
    assert 4 < time.monotonic() - began < scaled(9)


def test_who_attached_a_loop_gets_it_back(served: Served) -> None:
    endpoint = served.endpoint()

    async def use() -> None:
        for n in range(60):
            assert (await endpoint.send_request({"n": n})).header == {"n": n}
            if n % 20 == 10:
                served.proxy.cut()

    asyncio.run(asyncio.wait_for(use(), scaled(20)))
    assert served.service.begun == list(range(60))


class Heard:
    """The receiver of a bare channel."""

    def __init__(self) -> None:
        self.messages: SimpleQueue[Message] = SimpleQueue()
        self.closed: SimpleQueue[ServicesError | None] = SimpleQueue()

    def on_messages(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.messages.put(message)

    def on_closed(self, error: ServicesError | None) -> None:
        self.closed.put(error)


def test_what_is_said_before_the_answer_to_hello_counts(served: Served) -> None:
    """A relay tells a worker that its client is away whenever that is so: also before the worker has answered."""
    heard = Heard()
    channel = served.client.connect(served.url)
    channel.start(heard)
    channel.send(Message(Kind.HELLO, 0, 2**26, 0, Packet({"protocol": [1, 2], "service": "counter"})))
    for away in (1, 0, 1, 0):
        channel.send(Message(Kind.AWAY, value=away))
    channel.flush()
    assert heard.messages.get(timeout=scaled(5)).kind == Kind.WELCOME
    for n in range(1, 101):
        channel.send(Message(Kind.REQUEST, n, packet=Packet({"n": n})))
        channel.flush()
    replies = [heard.messages.get(timeout=scaled(5)) for _ in range(100)]
    assert [(reply.kind, reply.id) for reply in replies] == [(Kind.REPLY, n) for n in range(1, 101)]
    served.proxy.cut()
    channel.send(Message(Kind.REQUEST, 101, packet=Packet({"n": 101})))
    channel.flush()
    assert heard.messages.get(timeout=scaled(5)).id == 101
    assert heard.closed.empty()
    channel.close()


class Still(Channel):
    """A channel over which nothing travels."""

    peer = "nobody"

    def start(self, receiver: ChannelReceiver) -> None:
        self.receiver = receiver

    def send(self, message: Message) -> None:
        pass

    def flush(self, gather: int | None = None) -> None:
        pass

    def close(self) -> None:
        pass

    def abandon(self) -> None:
        pass


class Sink:
    """A receiver that holds its channel, and is held by that alone."""

    def __init__(self, channel: Channel, heard: list[object]) -> None:
        self._channel, self._heard = channel, heard
        channel.start(self)

    def on_messages(self, messages: Sequence[Message]) -> None:
        self._heard += messages

    def on_closed(self, error: ServicesError | None) -> None:
        self._heard.append("closed")


def test_a_channel_that_is_over_holds_its_receiver_no_longer() -> None:
    """Each connection that ended left its receiver, and all that this held, to Python's collector."""
    timekeeper = Timekeeper("test")
    heard: list[object] = []
    kept = KeptChannel(Still(), Keeper(60.0, limits=DEFAULT_LIMITS, timekeeper=timekeeper))
    sink = weakref.ref(Sink(kept, heard))
    line = kept.line
    assert line is not None
    hello = Message(Kind.HELLO, 1, packet=Packet({}))
    line.on_messages([hello])
    assert heard == [hello] and sink() is not None
    gc.disable()
    try:
        line.on_closed(None)
        assert heard == [hello, "closed"] and sink() is None
    finally:
        gc.enable()
        timekeeper.close(scaled(5))
