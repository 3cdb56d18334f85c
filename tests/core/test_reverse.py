"""Connections the other way round: the server connects, the client waits, and all else is as ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from services_core import (
    Channel,
    ChannelReceiver,
    ConnectionFailed,
    IncomingCall,
    Kind,
    Message,
    Packet,
    Refused,
    Service,
    ServicesEngine,
    ServicesError,
)
from services_core.reverse.waiting_place import MOST_OFFERS, WaitingPlace

from ..harness.apvtest import poll
from ..harness.backends import listening_url
from ..harness.time_limits import scaled

WAIT_S = scaled(10)


class Echo(Service):
    """Answers with what it was told."""

    def __init__(self) -> None:
        super().__init__("echo")

    def process(self, incoming: IncomingCall) -> Packet:
        return incoming.packet


class Server:
    """An engine with an echo that offers connections when told to, and what became of them."""

    def __init__(self, backend: str) -> None:
        self.engine = ServicesEngine(backend, name="server")
        self.engine.add_service(Echo())
        self.taken = 0
        self.ended: list[tuple[ServicesError | None, bool]] = []

    def offer(self, place: WaitingPlace, times: int = 1) -> None:
        def taken() -> None:
            self.taken += 1

        for _ in range(times):
            self.engine.offer(
                place.url.removeprefix("reverse+"),
                taken=taken,
                ended=lambda error, was_taken: self.ended.append((error, was_taken)),
            )


@pytest.fixture(params=["zmq", "inproc"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(backend: str) -> Iterator[Server]:
    made = Server(backend)
    with made.engine:
        yield made


@pytest.fixture
def client(backend: str) -> Iterator[ServicesEngine]:
    with ServicesEngine(backend, name="client") as engine:
        yield engine


@pytest.fixture
def place(client: ServicesEngine, backend: str) -> WaitingPlace:
    return client.wait_at(listening_url(backend, "waiting"))


def echo(client: ServicesEngine, place: WaitingPlace, word: str) -> object:
    return (
        client.endpoint("echo", place.url).send_request({"word": word}, [b"x" * 200_000]).result(WAIT_S).header["word"]
    )


def test_whoever_waits_is_told_and_takes_what_is_offered(
    server: Server, client: ServicesEngine, place: WaitingPlace
) -> None:
    assert not place.arrived.done()
    server.offer(place, 2)
    place.arrived.result(WAIT_S)
    assert [echo(client, place, word) for word in ("one", "two")] == ["one", "two"]
    assert server.taken == 2 and server.ended == []


def test_what_is_sent_before_an_offer_comes_waits_for_it(
    server: Server, client: ServicesEngine, place: WaitingPlace
) -> None:
    endpoints = [client.endpoint("echo", place.url) for _ in range(3)]
    replies = [endpoint.send_request({"n": number}) for number, endpoint in enumerate(endpoints)]
    assert not any(reply.done() for reply in replies)
    server.offer(place, 3)
    assert [reply.result(WAIT_S).header["n"] for reply in replies] == [0, 1, 2]


def test_an_endpoint_that_is_closed_before_an_offer_comes_takes_none(
    server: Server, client: ServicesEngine, place: WaitingPlace
) -> None:
    client.endpoint("echo", place.url).close()
    later = client.endpoint("echo", place.url)
    poll(lambda: len(place._wanting) == 1, what="the end of the first")  # noqa: SLF001
    server.offer(place)
    assert later.send_request({"n": 1}).result(WAIT_S).header == {"n": 1}
    assert server.taken == 1


def test_where_nobody_offers_anything_it_fails_in_time(client: ServicesEngine, place: WaitingPlace) -> None:
    reply = client.endpoint("echo", place.url).send_request({})
    with pytest.raises(ConnectionFailed):
        reply.result(WAIT_S)
    assert not place._wanting  # noqa: SLF001


def test_a_client_that_leaves_says_so_to_what_it_has_not_taken(
    server: Server, client: ServicesEngine, place: WaitingPlace
) -> None:
    server.offer(place, 2)
    place.arrived.result(WAIT_S)
    assert echo(client, place, "hello") == "hello"
    client.close()
    poll(lambda: len(server.ended) == 2, what="the end of both")
    assert sorted(taken for _, taken in server.ended) == [False, True]
    assert [error for error, taken in server.ended if not taken] == [None]


def test_an_offer_that_ended_is_given_to_nobody(backend: str, client: ServicesEngine, place: WaitingPlace) -> None:
    first, second = Server(backend), Server(backend)
    with second.engine:
        with first.engine:
            first.offer(place, 2)
            poll(lambda: len(place._offers) == 2, what="both offers")  # noqa: SLF001  # else one comes, and ends, later
        poll(lambda: not place._offers, what="the end of what was offered")  # noqa: SLF001
        second.offer(place)
        assert echo(client, place, "second") == "second"


def test_more_than_is_needed_is_closed(server: Server, client: ServicesEngine, place: WaitingPlace) -> None:
    server.offer(place, MOST_OFFERS + 3)
    poll(lambda: len(server.ended) == 3, what="the end of the oldest")
    assert server.ended == [(None, False)] * 3
    assert echo(client, place, "still") == "still"


class Heard(ChannelReceiver):
    """What a channel has brought."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.closed = threading.Event()

    def on_messages(self, messages: object, /) -> None:
        assert isinstance(messages, list | tuple)
        self.messages += messages

    def on_closed(self, error: ServicesError | None, /) -> None:
        self.closed.set()


def test_who_offers_nothing_is_refused_in_words(backend: str, place: WaitingPlace) -> None:
    with ServicesEngine(backend) as other, pytest.raises(Refused, match="here a client waits for servers"):
        other.endpoint("echo", place.url.removeprefix("reverse+")).send_request({}).result(WAIT_S)
    assert not place.arrived.done()


def test_a_server_refuses_an_offer_as_no_hello(server: Server, backend: str) -> None:
    url = listening_url(backend, "front")
    with ServicesEngine(backend) as other:
        listener = other.listen(url)
        place = type("Place", (), {"url": listener.url})()
        server.offer(place)
        poll(lambda: server.ended, what="the refusal")
    (error, taken), *_ = server.ended
    assert isinstance(error, Refused) and "OFFER" in str(error) and not taken


def test_a_server_that_talks_before_it_was_taken_is_cut(backend: str, place: WaitingPlace) -> None:
    with ServicesEngine(backend) as other:
        channel: Channel = other.connect(place.url.removeprefix("reverse+"))
        heard = Heard()
        channel.start(heard)
        for kind in (Kind.OFFER, Kind.REPLY, Kind.REPLY):
            channel.send(Message(kind, 1, packet=Packet({})))
        channel.flush()
        assert heard.closed.wait(WAIT_S)
        assert heard.messages[-1].kind == Kind.GOODBYE
    poll(lambda: not place._offers, what="the end of the offer")  # noqa: SLF001
