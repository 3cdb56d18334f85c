"""Addresses that ask for keys: who comes in, what each mistake is called, and limits that are as exact as without."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import zmq

from services_core import (
    DEFAULT_LIMITS,
    Channel,
    ChannelReceiver,
    Closed,
    ConfigurationError,
    ConnectionFailed,
    ConnectionLost,
    KeyPair,
    Keys,
    Limits,
    Packet,
    Refused,
    ServicesEngine,
    ServicesError,
    goodbye,
)
from services_zmq import ZmqBackend
from services_zmq.curve import OVERHEAD_BYTES

from ..harness.time_limits import FACTOR, scaled
from .zmq_server import EchoService

SERVER, CLIENT, STRANGER = (ZmqBackend.new_key_pair() for _ in range(3))


class Door:
    """Whom the server lets in, which changes."""

    def __init__(self) -> None:
        self.allowed = {CLIENT.public}
        self.asked = threading.Event()
        self.hold = threading.Event()
        self.hold.set()
        self.broken = False

    def admits(self, public: bytes) -> bool:
        self.asked.set()
        self.hold.wait(scaled(20))
        if self.broken:
            raise OSError("the list cannot be read")
        return public in self.allowed


@contextmanager
def serving(door: Door, limits: Limits = DEFAULT_LIMITS) -> Iterator[str]:
    """Where an echo service listens that asks for keys."""
    keys = Keys(own=SERVER, admits=door.admits)
    with ServicesEngine("zmq", keys=keys, limits=limits) as engine:
        engine.add_service(EchoService())
        yield engine.listen("curve://127.0.0.1:0").url


def place(url: str) -> str:
    return url.partition("://")[2]


def client(url: str, own: KeyPair = CLIENT, server: bytes = SERVER.public, limits: Limits = DEFAULT_LIMITS) -> Any:
    return ServicesEngine("zmq", keys=Keys(own=own, servers={place(url): server}), limits=limits)


def echo(engine: ServicesEngine, url: str) -> Any:
    return engine.endpoint("echo", url).send_request({"a": 1}).result(scaled(10)).header


def mistake(engine: ServicesEngine, url: str) -> ServicesError:
    """The error of who makes it, in time."""
    begun = time.monotonic()
    with engine, pytest.raises(ServicesError) as raised:
        echo(engine, url)
    assert time.monotonic() - begun < scaled(3.5)
    return raised.value


def test_a_client_that_is_let_in() -> None:
    with serving(Door()) as url, client(url) as engine:
        assert url.startswith("curve://127.0.0.1:")
        assert echo(engine, url) == {"a": 1}


def test_a_plain_client_is_told_to_use_keys() -> None:
    with serving(Door()) as url:
        error = mistake(ServicesEngine("zmq"), f"tcp://{place(url)}")
    assert isinstance(error, ConnectionFailed) and f"asks for keys: connect to {url}" in str(error), error


def test_a_client_with_keys_says_nothing_to_a_server_without() -> None:
    with ServicesEngine("zmq") as server:
        server.add_service(EchoService())
        url = server.listen("tcp://127.0.0.1:0").url.replace("tcp", "curve")
        error = mistake(client(url), url)
    assert type(error) is ConnectionFailed and "has no keys, so nothing was said to it" in str(error), error


def test_a_server_with_another_key() -> None:
    with serving(Door()) as url:
        error = mistake(client(url, server=STRANGER.public), url)
    assert type(error) is ConnectionFailed, error
    assert f"does not have the key that is known for it ({STRANGER.public.hex()})" in str(error), error
    assert f"apvpython keys forget {place(url)}" in str(error), error


def test_a_client_whose_key_is_not_known(caplog: pytest.LogCaptureFixture) -> None:
    with serving(Door()) as url:
        error = mistake(client(url, own=STRANGER), url)
        for _ in range(7):
            mistake(client(url, own=STRANGER), url)
    assert type(error) is Refused and f"does not let in the key {STRANGER.public.hex()}" in str(error), error
    lines = [record.getMessage() for record in caplog.records if "refused the client" in record.getMessage()]
    assert len(lines) == 5 and f"at 127.0.0.1: its key {STRANGER.public.hex()}" in lines[0], lines
    assert "3 lines that peers caused were left out" in caplog.text


def test_a_list_that_cannot_be_read_is_not_the_clients_fault(caplog: pytest.LogCaptureFixture) -> None:
    door = Door()
    door.broken = True
    with serving(door) as url:
        error = mistake(client(url), url)
    assert type(error) is Refused and "could not look whether it knows the key" in str(error), error
    assert "the list cannot be read" in caplog.text


@pytest.mark.waiting  # half a second is left beside what it waits for
def test_nobody_listens_and_somebody_who_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"curve://127.0.0.1:{silent.getsockname()[1]}"
        error = mistake(client(url), url)
        assert "key" not in str(error), error
    error = mistake(client(url), url)
    assert type(error) is ConnectionFailed and "nobody listens" in str(error), error


def test_without_keys_or_without_that_of_the_server_nothing_is_tried() -> None:
    url = "curve://127.0.0.1:1"
    with ServicesEngine("zmq") as engine:
        with pytest.raises(ConfigurationError, match="this engine has none"):
            engine.endpoint("echo", url)
        with pytest.raises(ConfigurationError, match="this engine has none"):
            engine.listen("curve://127.0.0.1:0")
    with ServicesEngine("zmq", keys=Keys(own=CLIENT)) as engine, pytest.raises(ConfigurationError, match="not known"):
        engine.endpoint("echo", url)


def test_an_engine_over_another_backend_reaches_such_addresses_too() -> None:
    with (
        serving(Door()) as url,
        ServicesEngine("inproc", keys=Keys(own=CLIENT, servers={place(url): SERVER.public})) as (engine),
    ):
        assert echo(engine, url) == {"a": 1}


def test_a_client_whose_key_is_revoked_is_cut_and_others_stay() -> None:
    door = Door()
    door.allowed.add(STRANGER.public)
    with serving(door) as url, client(url) as mine, client(url, own=STRANGER) as other:
        endpoints = [engine.endpoint("echo", url) for engine in (mine, other)]
        for endpoint in endpoints:
            endpoint.connected().result(scaled(10))
        gone = threading.Event()
        endpoints[1].add_close_callback(lambda error: gone.set())
        door.allowed.remove(STRANGER.public)
        assert gone.wait(scaled(3))
        assert isinstance(endpoints[1].error, Refused) and "has revoked the key" in str(endpoints[1].error)
        assert endpoints[0].send_request({"a": 2}).result(scaled(10)).header == {"a": 2}
        assert isinstance(mistake(client(url, own=STRANGER), url), Refused)


class Closes:
    """Takes what a channel brings as its receiver does, and closes the other channels when that has ended."""

    def __init__(self, receiver: ChannelReceiver, others: list[Channel]) -> None:
        self.on_messages = receiver.on_messages
        self._receiver = receiver
        self._others = others

    def on_closed(self, error: ServicesError | None) -> None:
        self._receiver.on_closed(error)
        for channel in self._others:
            channel.send(goodbye(Closed("the session has ended: its last owner has left")))
            channel.flush()
            channel.close()


def test_all_channels_of_a_revoked_key_are_told_so_though_the_end_of_one_ends_others() -> None:
    """As that of the channel on which a session was opened ends the session."""
    door, channels = Door(), list[Channel]()
    with ServicesEngine("zmq", keys=Keys(own=SERVER, admits=door.admits)) as engine:
        engine.add_service(EchoService())

        def accept(channel: Channel) -> None:
            channels.append(channel)
            channel.start(Closes(engine.receiver(channel), channels))

        url = engine.listen("curve://127.0.0.1:0", accept).url
        with client(url) as mine:
            endpoints = [mine.endpoint("echo", url) for _ in range(3)]
            gone = [threading.Event() for _ in endpoints]
            for endpoint, one in zip(endpoints, gone, strict=True):
                endpoint.connected().result(scaled(10))
                endpoint.add_close_callback(lambda error, one=one: one.set())
            door.allowed.clear()
            assert all(one.wait(scaled(10)) for one in gone)
            assert ["has revoked the key" in str(endpoint.error) for endpoint in endpoints] == [True] * 3


def test_while_it_is_decided_who_may_come_in_others_are_served() -> None:
    door = Door()
    with serving(door) as url, client(url) as engine, client(url) as late:
        endpoint = engine.endpoint("echo", url)
        endpoint.connected().result(scaled(10))
        door.hold.clear()
        door.asked.clear()
        begun = late.endpoint("echo", url).send_request({"b": 1})
        assert door.asked.wait(scaled(10))
        for number in range(max(1, int(100 / FACTOR))):  # ZeroMQ gives a handshake 3 s, however slow the machine
            assert endpoint.send_request(number).result(scaled(10)).header == number
        assert not begun.done()
        door.hold.set()
        assert begun.result(scaled(10)).header == {"b": 1}


def test_who_still_decides_at_the_end_is_named_and_what_comes_of_it_ends_the_backend() -> None:
    door = Door()
    backend = ZmqBackend()
    backend.use_keys(Keys(own=SERVER, admits=door.admits))
    url = backend.listen("curve://127.0.0.1:0", lambda channel: None).url
    with client(url) as engine:
        door.hold.clear()
        engine.endpoint("echo", url)
        assert door.asked.wait(scaled(10))
        with pytest.raises(ServicesError, match=r"decides who may come in, .* did not end within 0.2 s"):
            backend.close(0.2)
        door.hold.set()
        backend.close(scaled(10))
    assert not any(thread.name == "services-zmq-doorkeeper" for thread in threading.enumerate())


def test_a_peer_that_says_it_has_a_key_where_none_is_asked_for_has_none() -> None:
    """Where keys are asked for ZeroMQ says who it is; elsewhere the peer could say so itself."""
    came: list[Any] = []
    done = threading.Event()

    def accept(channel: Any) -> None:
        came.append(channel.peer_key)
        done.set()

    backend = ZmqBackend()
    backend.use_keys(Keys(own=SERVER))
    host, _, port = backend.listen("tcp://127.0.0.1:0", accept).url.removeprefix("tcp://").rpartition(":")
    name, value = b"\x07User-Id", CLIENT.public.hex().encode()
    metadata = b"\x0bSocket-Type\x00\x00\x00\x06DEALER" + name + len(value).to_bytes(4, "big") + value
    ready = b"\x05READY" + metadata
    with socket.create_connection((host, int(port)), timeout=scaled(5)) as stranger:
        stranger.sendall(b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00NULL" + bytes(16) + b"\x00" + bytes(31))
        stranger.sendall(b"\x04" + bytes([len(ready)]) + ready)
        heard = b""
        while b"READY" not in heard:
            heard += stranger.recv(4096)
        stranger.sendall(b"\x00\x01x")
        assert done.wait(scaled(5))
    backend.close()
    assert came == [None]


@pytest.mark.parametrize("scheme", ["tcp", "curve"])
def test_the_largest_frame_arrives_and_a_byte_more_is_cut(scheme: str) -> None:
    """By ZeroMQ itself, before it holds it: what a frame grows by under encryption is not taken from it."""
    limits = Limits(message_bytes=300_000)
    wide = Limits(message_bytes=400_000)
    keys = Keys(own=SERVER, admits=Door().admits)
    with ServicesEngine("zmq", keys=keys, limits=limits) as server:
        server.add_service(EchoService())
        url = server.listen(f"{scheme}://127.0.0.1:0").url
        with client(url, limits=wide) as engine:
            endpoint = engine.endpoint("echo", url)
            fits = Packet("fits", [bytes(limits.message_bytes)], limits=wide)
            assert endpoint.send_request(fits).result(scaled(10)).header == "fits"
            larger = Packet("larger", [bytes(limits.message_bytes + 1)], limits=wide)
            with pytest.raises(ConnectionLost):
                endpoint.send_request(larger).result(scaled(10))


def test_what_a_frame_grows_by_is_what_zeromq_says() -> None:
    """One that is too long by so many bytes is cut, one that is not arrives."""
    outcomes = []
    with zmq.Context() as context:
        for size in (1000, 1001):
            server, sender = context.socket(zmq.PULL), context.socket(zmq.PUSH)
            server.curve_server, server.curve_secretkey, server.maxmsgsize = 1, SERVER.secret, 1000 + OVERHEAD_BYTES
            sender.curve_serverkey, sender.curve_publickey, sender.curve_secretkey = (
                SERVER.public,
                CLIENT.public,
                CLIENT.secret,
            )
            for one in (server, sender):
                one.linger = 0
            port = server.bind_to_random_port("tcp://127.0.0.1")
            sender.reconnect_ivl = -1
            monitor = server.get_monitor_socket(zmq.EVENT_DISCONNECTED)
            sender.connect(f"tcp://127.0.0.1:{port}")
            sender.send(bytes(size))
            poller = zmq.Poller()
            poller.register(server, zmq.POLLIN)
            poller.register(monitor, zmq.POLLIN)
            outcomes.append(dict(poller.poll(round(scaled(10_000)))).get(server) == zmq.POLLIN)
            server.disable_monitor()
            monitor.close(0)
            server.close(0)
            sender.close(0)
    assert outcomes == [True, False]


def test_a_secret_is_in_no_text_or_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(Door()) as url, client(url) as engine:
        keys = Keys(own=CLIENT, servers={place(url): SERVER.public})
        assert echo(engine, url) == {"a": 1}
        told = [repr(keys), repr(CLIENT), str(mistake(client(url, own=STRANGER), url)), caplog.text]
    for pair in (CLIENT, SERVER, STRANGER):
        forms: list[Callable[[bytes], str]] = [bytes.hex, repr, lambda key: zmq.utils.z85.encode(key).decode()]
        assert not any(form(pair.secret) in text for form in forms for text in told)


def test_a_backend_without_such_addresses_says_so() -> None:
    from services_inproc import InprocBackend

    with pytest.raises(ConfigurationError, match="InprocBackend has no addresses that ask for keys"):
        InprocBackend().use_keys(Keys(own=CLIENT))
    with pytest.raises(ConfigurationError, match="has no addresses that ask for keys"):
        InprocBackend.new_key_pair()
