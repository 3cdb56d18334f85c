"""The zmq backend against strangers, garbage, dead, frozen and busy peers: real sockets, real processes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgpack
import pytest
import zmq

from services_core import ConnectionFailed, Kind, Limits, Message, MiB, Packet, ProtocolViolation, ServicesEngine
from services_core.limits import DEFAULT_LIMITS
from services_core.protocol.codec import decode, decode_all, encode, first_frame_limit
from services_core.protocol.messages import PROTOCOL_VERSION
from services_zmq import channel

from ..harness.time_limits import scaled
from .zmq_server import EchoService, Server

_HOST = "127.0.0.1"


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


@pytest.fixture
def engine() -> Iterator[ServicesEngine]:
    with ServicesEngine("zmq") as one:
        yield one


# --- strangers at the port


@pytest.mark.parametrize(
    "greeting",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        bytes(range(256)) * 100,
        b"\xff" * 10,
        b"\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL" + bytes(60),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    ],
    ids=["http", "bytes", "half a greeting", "bad zmtp", "tls"],
)
def test_garbage_harms_nobody(server: Server, greeting: bytes) -> None:
    with socket.create_connection((_HOST, server.port)) as stranger:
        stranger.sendall(greeting)
        server.must_work()
    server.must_work()


def test_silent_connections_harm_nobody(server: Server) -> None:
    strangers = [socket.create_connection((_HOST, server.port)) for _ in range(50)]
    server.must_work()
    for stranger in strangers:
        stranger.close()
    server.must_work()


def test_closed_port_fails_at_once_with_advice(engine: ServicesEngine) -> None:
    with socket.socket() as reserved:
        reserved.bind((_HOST, 0))
        url = f"tcp://{_HOST}:{reserved.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(ConnectionFailed, match=r"nobody listens at tcp://.*check the host and the port"):
            engine.endpoint("echo", url).send_request({}).result(scaled(5))
        assert time.monotonic() - began < scaled(3)


@pytest.mark.waiting  # a second is left beside what it waits for
def test_port_of_another_protocol_fails_in_time(engine: ServicesEngine) -> None:
    with socket.create_server((_HOST, 0)) as other:
        began = time.monotonic()
        with pytest.raises(ConnectionFailed):
            engine.endpoint("echo", f"tcp://{_HOST}:{other.getsockname()[1]}").send_request({}).result(scaled(10))
        assert time.monotonic() - began < scaled(4)


def test_unknown_host_fails_in_time(engine: ServicesEngine) -> None:
    with pytest.raises(ConnectionFailed):
        engine.endpoint("echo", "tcp://no-such-host.invalid:1").send_request({}).result(scaled(10))


# --- hostile peers that speak ZeroMQ


class Rogue:
    """A bare DEALER."""

    def __init__(self, url: str, identity: bytes | None = None) -> None:
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.rcvtimeo = round(scaled(5000))
        if identity is not None:
            self.socket.routing_id = identity
        self.socket.connect(url)

    def __enter__(self) -> Rogue:
        return self

    def __exit__(self, *exception: object) -> None:
        self.socket.close()
        self.context.term()

    def hello(self, window_bytes: int = 1 * MiB) -> Message:
        info = {"protocol": list(PROTOCOL_VERSION), "service": "echo"}
        self.say(Message(Kind.HELLO, 0, window_bytes, 0, Packet(info)))
        return self.hear()

    def say(self, message: Message) -> None:
        self.socket.send_multipart(encode(message))

    def hear(self) -> Message:
        return decode(self.socket.recv_multipart())

    def reason(self) -> str:
        """The code of the GOODBYE that comes next."""
        goodbye = self.hear()
        assert goodbye.kind == Kind.GOODBYE and goodbye.packet is not None
        code: str = goodbye.packet.header["code"]
        return code


_HELLO_FRAME = encode(Message(Kind.HELLO, 0, 1, 0, Packet({"service": "echo"})))[0]


@pytest.mark.parametrize(
    "frames",
    [
        [b"", b""],
        [b"garbage"],
        [_HELLO_FRAME] * 17,
        [_HELLO_FRAME, b"unannounced"],
        [b"x" * (first_frame_limit(DEFAULT_LIMITS) + 1)],
        [msgpack.packb([1, 0, 0, 0, b"\xc1"])],
        [msgpack.packb([1, 0, 0, 0, b"\x91" * 60000])],
        [msgpack.packb([1, 0, 0, 0, b"\x80" + bytes(65536)])],
        [msgpack.packb([5, 0, 1, 0, b"\x80"])],
        [b"\xc1"],
        [b"\xdd\xff\xff\xff\xff"],
        [b"\xc0", b"a piece that nobody announced"],
        [b"\xc0", b"\xff" * 8, _HELLO_FRAME],
    ],
)
def test_hostile_frames_are_cut_and_others_go_on(server: Server, frames: list[bytes]) -> None:
    with Rogue(server.url) as rogue:
        rogue.socket.send_multipart(frames)
        server.must_work()
        assert rogue.reason() == "protocol"
        assert rogue.socket.recv_multipart() == [b""], "the channel is closed"
    server.must_work()


def test_what_a_peer_sends_that_was_cut_is_not_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered, all_delivered = [0], threading.Event()
    read: list[bytes] = []
    deliver = channel.ZmqChannel.deliver

    def noted_delivery(one: channel.ZmqChannel, arrived: Sequence[Sequence[zmq.Frame]]) -> None:
        deliver(one, arrived)
        delivered[0] += sum(bytes(frames[0].buffer) == _HELLO_FRAME for frames in arrived)
        if delivered[0] == 10:
            all_delivered.set()

    def noted_reading(frames: Sequence[bytes], limits: Limits) -> list[Message]:
        read.append(bytes(frames[0]))
        return decode_all(frames, limits)

    with Rogue(server.url) as rogue:
        rogue.socket.send(b"garbage")
        assert rogue.reason() == "protocol"
        assert rogue.socket.recv_multipart() == [b""], "the channel is closed"
        monkeypatch.setattr(channel.ZmqChannel, "deliver", noted_delivery)
        monkeypatch.setattr(channel, "decode_all", noted_reading)
        for _ in range(10):
            rogue.socket.send(_HELLO_FRAME)
        assert all_delivered.wait(scaled(5))
    assert _HELLO_FRAME not in read
    server.must_work()
    assert read, "others are read"


def test_wrong_window_is_cut(server: Server) -> None:
    with Rogue(server.url) as rogue:
        assert rogue.hello().kind == Kind.WELCOME
        gate = threading.Event()
        server.service.call_soon(lambda: bool(gate.wait(scaled(10))) and None)
        block = Packet({}, [bytes(32 * MiB)])
        for number in range(1, 5):
            rogue.say(Message(Kind.REQUEST, number, 0, 0, block))
        goodbye = rogue.hear()
        assert goodbye.kind == Kind.GOODBYE and goodbye.packet is not None
        assert goodbye.packet.header["code"] == "protocol"
        gate.set()
    server.must_work()


def test_message_past_the_size_limit_is_cut_by_libzmq() -> None:
    limits = Limits(message_bytes=1 * MiB)
    with ServicesEngine("zmq", limits=limits) as small:
        small.add_service(EchoService())
        with Rogue(small.listen(f"tcp://{_HOST}:0").url) as rogue:
            rogue.hello()
            rogue.socket.send(bytes(3 * MiB))
            monitor = small._services["echo"]
            assert isinstance(monitor, EchoService) and monitor.left.wait(scaled(5))


def test_identity_is_not_taken_over(server: Server) -> None:
    with Rogue(server.url, b"the-same") as first:
        assert first.hello().kind == Kind.WELCOME
        with Rogue(server.url, b"the-same") as second:
            second.socket.rcvtimeo = 300
            with pytest.raises(zmq.Again):
                second.hello()
            first.say(Message(Kind.REQUEST, 1, 0, 0, Packet("mine")))
            answer = first.hear()
            assert answer.kind == Kind.REPLY and answer.packet is not None and answer.packet.header == "mine"
        first.say(Message(Kind.REQUEST, 2, 0, 0, Packet("still mine")))
        answer = first.hear()
        assert answer.packet is not None and answer.packet.header == "still mine"
        assert not server.service.left.is_set()


@pytest.mark.skipif(not zmq.has("ipc"), reason="this ZeroMQ has no ipc")
def test_ipc_does_not_remove_files(engine: ServicesEngine, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("data")
    with pytest.raises(ConnectionFailed, match="no socket"):
        engine.listen(f"ipc://{precious}")
    assert precious.read_text() == "data"
    stale = tmp_path / "stale"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(stale))
    engine.listen(f"ipc://{stale}").close()


# --- servers that break the protocol


_WELCOME = encode(Message(Kind.WELCOME, 0, 1 * MiB, 0, Packet({"protocol": list(PROTOCOL_VERSION)})))[0]


@pytest.mark.parametrize(
    ("breach", "words"),
    [
        (b"garbage", "sent what is no message"),
        (encode(Message(Kind.REPLY, 99, packet=Packet({})))[0], "REPLY for id 99, which was never sent"),
        (encode(Message(Kind.REPLY, 0, packet=Packet({})))[0], "REPLY for id 0"),
        (encode(Message(Kind.REQUEST, 1, packet=Packet({})))[0], "REQUEST in state open"),
        (encode(Message(Kind.PONG, 1))[0], "PONG 1 without a PING"),
        (_WELCOME, "WELCOME in state open"),
        (encode(Message(Kind.WINDOW, 0, 2**31))[0], "at most"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_server_that_breaks_the_protocol_is_told_why(engine: ServicesEngine, breach: bytes, words: str) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as server:
        server.linger, server.rcvtimeo = 0, 5000
        endpoint = engine.endpoint("any", f"tcp://{_HOST}:{server.bind_to_random_port(f'tcp://{_HOST}')}")
        peer, _ = server.recv_multipart()
        server.send_multipart([peer, _WELCOME])
        endpoint.connected().result(scaled(5))
        reply = endpoint.send_request({})
        server.recv_multipart()
        server.send_multipart([peer, breach])
        with pytest.raises(ProtocolViolation, match=words):
            reply.result(scaled(5))
        goodbye = decode(server.recv_multipart()[1:])
        assert goodbye.kind == Kind.GOODBYE and goodbye.packet is not None
        assert goodbye.packet.header["code"] == "protocol"
        assert words in goodbye.packet.header["message"]
        assert server.recv_multipart()[1:] == [b""]
