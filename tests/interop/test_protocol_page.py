"""What docs/protocol.md says of those who break the protocol, sentence by sentence: each is told why, and cut."""

import signal
import struct
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import msgpack
import pytest
import zmq

from services_core import PROTOCOL_VERSION, IncomingCall, Limits, Packet, Service, ServicesEngine

from ..harness.apvtest import Server
from ..harness.time_limits import scaled

HELLO, WELCOME, GOODBYE, MESSAGE, REQUEST, REPLY, ERROR, CANCEL, SUBSCRIBE, ITEM, END, CREDIT, WINDOW = range(1, 14)
PING, PONG, FAULT = range(14, 17)
WINDOW_BYTES = 64 * 2**20
EMPTY = msgpack.packb({})
KIB = 1024


class Peer:
    """A bare connection: says frames, hears messages."""

    made: ClassVar[list[Any]] = []  # to be closed when the test is over

    def __init__(self, context: zmq.Context[Any], url: str) -> None:
        self.made.append(self)
        self.heard: list[Any] = []
        self.socket = context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.RECONNECT_IVL, -1)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, round(scaled(20_000)))
        self.socket.connect(url)

    def greet(self, service: str = "echo", session: str | None = None, window: Any = WINDOW_BYTES, **more: Any) -> Any:
        hello = {"protocol": [1, 0], "software": "a stranger", "service": service, **more}
        self.say(HELLO, 0, window, header=hello if session is None else {**hello, "session": session})
        kind, *_, header = self.hear()
        assert kind == WELCOME, header
        return self

    def say(
        self, kind: Any, id: int = 0, value: int = 0, flags: int = 0, header: Any = None, buffers: Sequence[bytes] = ()
    ) -> None:
        fields = [kind, flags, id, value]
        if header is not None:
            fields.append(msgpack.packb(header))
        if buffers:
            fields.append(list(buffers))
        self.frames(msgpack.packb(fields))

    def frames(self, *frames: Any) -> None:
        self.socket.send_multipart(frames)

    def hear(self) -> Any:
        """Kind, id, value and header of the next message that is not about the window."""
        while True:
            while not self.heard:  # one frame may hold several
                several = msgpack.Unpacker()
                several.feed(self.socket.recv())
                self.heard += several
            fields = self.heard.pop(0)
            if fields[0] != WINDOW:
                header = msgpack.unpackb(fields[4]) if len(fields) > 4 else None
                return fields[0], fields[2], fields[3], header

    def request(self, id: int, header: Any) -> Any:
        self.say(REQUEST, id, header=header)
        kind, answered, _, answer = self.hear()
        assert answered == id
        return kind, answer

    def must_be_cut(self, code: str, *words: str) -> None:
        """GOODBYE with that code, which says these words; then the empty frame, and nothing more."""
        kind, id, value, error = self.hear()
        assert (kind, id, value, error["code"]) == (GOODBYE, 0, 0, code), error
        for word in words:
            assert word in error["message"], error["message"]
        assert self.socket.recv_multipart() == [b""]
        self.socket.close()


class Echo(Service):
    """Answers with what it is sent; "later" never, "fail" with an error; a stream has as many items as it is told."""

    def __init__(self) -> None:
        super().__init__("echo")
        self.gate = threading.Event()

    def process(self, incoming: IncomingCall) -> Any:
        header = incoming.packet.header
        if incoming.stream is not None:
            return (Packet(number) for number in range(header))
        if header == "later":
            incoming.defer()
            return None
        if header == "fail":
            raise ValueError("as it was told")
        if header == "hold":
            assert self.gate.wait(scaled(10))
        return incoming.packet


@pytest.fixture
def context() -> Iterator[Any]:
    made = zmq.Context()
    yield made
    for peer in Peer.made:
        peer.socket.close()
    Peer.made.clear()
    made.term()


@pytest.fixture(scope="module")
def echo() -> Iterator[Any]:
    """Where an echo service listens; its limits are small."""
    limits = Limits(window_bytes=64 * KIB, outbound_bytes=64 * KIB, under_way=8)
    service = Echo()
    with ServicesEngine("zmq", limits=limits) as engine:
        engine.add_service(service)
        service.call_later(0.0, lambda: None)  # the clock's thread begins here, not in a test
        yield engine.listen("tcp://127.0.0.1:0").url
        service.gate.set()


@pytest.fixture(scope="module", params=["inproc", "zmq"])
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A real server that tells what it logs, and the token of a session there."""
    with Server(request.param, "--no-token") as server, zmq.Context() as context:
        owner, token = opened(context, server.url)
        Peer.made.remove(owner)  # the session lives as long as it does
        yield server, token
        owner.socket.close()


def of(kind: Any, id: Any = 0, value: Any = 0, flags: Any = 0, *rest: Any) -> Any:
    return msgpack.packb([kind, flags, id, value, *rest])


def announcement(*sizes: int) -> Any:
    return (b"\xc0", struct.pack(f">{len(sizes)}Q", *sizes), of(REPLY, 1, 0, 0, EMPTY, list(sizes)))


MIB = 2**20
FRAMES = {
    "no msgpack": ((b"\xc1\xc1",), "first frame"),
    "no array": ((msgpack.packb({"kind": 5}),), "first frame"),
    "3 fields": ((msgpack.packb([PING, 0, 1]),), "4 to 6 fields"),
    "7 fields": ((msgpack.packb([REQUEST, 0, 1, 0, EMPTY, [], 0]),), "4 to 6 fields"),
    "kind 0": ((of(0, 1),), "unknown kind of message 0"),
    "kind 23": ((of(23, 1),), "unknown kind of message 23"),
    "a kind that is a float": ((of(5.0, 1, 0, 0, EMPTY),), "integers"),
    "an id that is a bool": ((of(REQUEST, True, 0, 0, EMPTY),), "integers"),
    "an id that is a float": ((of(REQUEST, 1.0, 0, 0, EMPTY),), "integers"),
    "an id that is a str": ((of(REQUEST, "1", 0, 0, EMPTY),), "first frame"),
    "an id below 0": ((of(REQUEST, -1, 0, 0, EMPTY),), "integers"),
    "an id above the limit": ((of(REQUEST, 2**63, 0, 0, EMPTY),), "integers"),
    "flags below 0": ((of(REQUEST, 1, 0, -1, EMPTY),), "integers"),
    "a value that is nil": ((of(REQUEST, 1, None, 0, EMPTY),), "integers"),
    "an extension as id": ((of(REQUEST, msgpack.ExtType(1, b"x"), 0, 0, EMPTY),), "first frame"),
    "a time stamp as header": ((of(REQUEST, 1, 0, 0, msgpack.Timestamp(1)),), "first frame"),
    "an extension as buffer": ((of(REQUEST, 1, 0, 0, EMPTY, [msgpack.ExtType(1, b"x")]),), "first frame"),
    "an extension of no bytes": ((of(REQUEST, 1, msgpack.ExtType(1, b""), 0, EMPTY),), "integers"),
    "a header that is no bin": ((of(REQUEST, 1, 0, 0, {}),), "header must be binary"),
    "a header that is a str": ((of(REQUEST, 1, 0, 0, "{}"),), "first frame"),
    "a REQUEST without a header": ((of(REQUEST, 1),), "REQUEST without a header"),
    "a header of 65537 bytes": ((of(REQUEST, 1, 0, 0, bytes(65537)),), "65536 bytes"),
    "buffers that are no array": ((of(REQUEST, 1, 0, 0, EMPTY, b"x"),), "buffers must be an array"),
    "16 buffers": ((of(REQUEST, 1, 0, 0, EMPTY, [b"x"] * 16),), "first frame"),
    "a buffer of 65536 bytes in the first frame": ((of(REQUEST, 1, 0, 0, EMPTY, [bytes(65536)]),), "does not match"),
    "a small buffer as a frame": ((of(REQUEST, 1, 0, 0, EMPTY, [9]), bytes(9)), "does not match"),
    "a frame that nobody announced": ((of(REQUEST, 1, 0, 0, EMPTY), bytes(70_000)), "announces"),
    "a frame of another size": ((of(REQUEST, 1, 0, 0, EMPTY, [70_000]), bytes(70_001)), "does not match"),
    "a frame too few": ((of(REQUEST, 1, 0, 0, EMPTY, [70_000]),), "does not match"),
    "17 frames": ((of(REQUEST, 1, 0, 0, EMPTY), *[b"x"] * 16), "17 frames"),
    "257 joined messages": ((of(PING, 1) * 257,), "more than 256 messages"),
    "joined messages with a frame": ((of(PING, 1) * 2, bytes(70_000)), "must come alone"),
    "half a message at the end": ((of(PING, 1) + of(PING, 2)[:-1],), "first frame"),
    "a piece that nobody announced": ((b"\xc0", b"x"), "not announced"),
    "an announcement of small buffers": (announcement(3 * MIB, 65535), "do not come in pieces"),
    "an announcement of 2 MiB": (announcement(2 * MIB), "do not come in pieces"),
    "an announcement of more than 64 MiB": (announcement(65 * MIB), "limit"),
    "an announcement without sizes": ((b"\xc0", b"", of(PING, 1)), "announced"),
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_that_break_the_rules_are_told_and_cut(context: zmq.Context[Any], echo: Any, name: str) -> None:
    """Section 2."""
    frames, words = FRAMES[name]
    peer = Peer(context, echo).greet()
    peer.frames(*frames)
    peer.must_be_cut("protocol", words)
    first = Peer(context, echo)  # before its HELLO, too
    first.frames(*frames)
    first.must_be_cut("protocol", words)


MESSAGES: dict[str, tuple[Any, str]] = {
    "a second HELLO": ((HELLO, 0, 1, 0, {}), "HELLO"),
    "REPLY, which servers say": ((REPLY, 1, 0, 0, {}), "REPLY"),
    "REQUEST with id 0": ((REQUEST, 0, 0, 0, {}), "ids begin at 1"),
    "REQUEST with the id before": ((REQUEST, 1, 0, 0, {}), "came after the id 1"),
    "SUBSCRIBE with the id before": ((SUBSCRIBE, 1, 1, 0, {}), "came after the id 1"),
    "SUBSCRIBE with id 0": ((SUBSCRIBE, 0, 1, 0, {}), "ids begin at 1"),
    "SUBSCRIBE with a credit of 0": ((SUBSCRIBE, 2, 0, 0, {}), "credit of 0"),
    "CREDIT of 0": ((CREDIT, 1, 0, 0, None), "CREDIT of 0"),
    "PING with id 0": ((PING, 0, 0, 0, None), "ids begin at 1"),
    "a window of more than 1 GiB": ((WINDOW, 0, 2**30, 0, None), "at most 1073741824"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_that_break_the_rules_are_told_and_cut(context: zmq.Context[Any], echo: Any, name: str) -> None:
    """Section 3."""
    (kind, id, value, flags, header), words = MESSAGES[name]
    peer = Peer(context, echo).greet()
    assert peer.request(1, "x") == (REPLY, "x")
    peer.say(kind, id, value, flags, header)
    peer.must_be_cut("protocol", words)


def test_whoever_speaks_before_hello_is_told_and_cut(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo)
    peer.say(REQUEST, 1, header={})
    peer.must_be_cut("protocol", "REQUEST", "HELLO")


@pytest.mark.parametrize("protocol", [[2, 0], [True, 0], [1.0, 0], [1], "1.0", None, {}])
def test_another_version_is_told_and_cut(context: zmq.Context[Any], echo: Any, protocol: tuple[int, int]) -> None:
    """Section 4."""
    peer = Peer(context, echo)
    peer.say(HELLO, 0, 1, header={"protocol": protocol, "service": "echo"})
    peer.must_be_cut("version", "protocol " + ".".join(map(str, PROTOCOL_VERSION)))


@pytest.mark.parametrize("service", ["nobody", None, 7, ["echo"]])
def test_an_unknown_service_is_told_and_cut(context: zmq.Context[Any], echo: Any, service: str) -> None:
    peer = Peer(context, echo)
    peer.say(HELLO, 0, 1, header={"protocol": [1, 0], "service": service})
    peer.must_be_cut("refused", "echo")


@pytest.mark.parametrize("header", [b"\xc1", msgpack.packb([1]), msgpack.packb({"a": msgpack.Timestamp(1)})])
def test_a_hello_that_is_no_map_is_told_and_cut(context: zmq.Context[Any], echo: Any, header: Any) -> None:
    peer = Peer(context, echo)
    peer.frames(of(HELLO, 0, 1, 0, header))
    peer.must_be_cut("protocol")


def test_unknown_keys_are_ignored_and_so_are_fields_that_a_kind_does_not_use(
    context: zmq.Context[Any], echo: Any
) -> None:
    peer = Peer(context, echo).greet(colour="blue")
    peer.say(MESSAGE, 9, 9, 9, "x")
    peer.say(PING, 5, 77, 1)
    assert peer.hear()[:2] == (PONG, 5)
    assert peer.request(1, "x") == (REPLY, "x")


def test_what_names_no_request_or_stream_that_is_open_is_ignored(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo).greet()
    peer.say(CANCEL, 7)
    peer.say(CREDIT, 7, 3)
    assert peer.request(1, "x") == (REPLY, "x")
    peer.say(CANCEL, 1)
    assert peer.request(2, "x") == (REPLY, "x")


def test_a_ping_need_not_come_in_the_order_of_the_ids(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo).greet()
    for id in (9, 3, 3):
        peer.say(PING, id)
        assert peer.hear()[:2] == (PONG, id)
    assert peer.request(1, "x") == (REPLY, "x")


HEADERS = {
    "no msgpack": b"\xc1",
    "half a map": msgpack.packb({"a": 1})[:-1],
    "an extension": msgpack.packb({"a": msgpack.ExtType(7, b"abc")}),
    "an empty extension": msgpack.packb(msgpack.ExtType(7, b"")),
    "a time stamp": msgpack.packb({"a": msgpack.Timestamp(1)}),
    "keys that are ints": msgpack.packb({1: 2}),
    "keys that are bytes": msgpack.packb({b"op": 1}),
    "keys that are bytes, within": msgpack.packb({"a": [{"b": {b"c": 1}}]}),
    "nested too deeply": b"\x91" * 33 + b"\xc0",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_cannot_be_read_is_an_error_of_its_request(
    context: zmq.Context[Any], echo: Any, name: str
) -> None:
    """Section 2: the connection lives on."""
    peer = Peer(context, echo).greet()
    peer.frames(of(REQUEST, 1, 0, 0, HEADERS[name]))
    kind, id, _, error = peer.hear()
    assert (kind, id, error["code"], error["type"]) == (ERROR, 1, "remote", "PacketError"), error
    peer.frames(of(SUBSCRIBE, 2, 1, 0, HEADERS[name]))
    kind, id, _, error = peer.hear()
    assert (kind, id, error["type"]) == (END, 2, "PacketError"), error
    peer.frames(of(MESSAGE, 0, 0, 0, HEADERS[name]))
    kind, _, _, error = peer.hear()
    assert (kind, error["type"]) == (FAULT, "PacketError"), error
    assert peer.request(3, "x") == (REPLY, "x")


def test_joined_messages_are_each_answered(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo).greet()
    peer.frames(of(PING, 1) * 255 + of(PING, 2))
    assert [peer.hear()[1] for _ in range(256)] == [1] * 255 + [2]


def test_a_deadline_that_has_passed_is_an_error(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo).greet()
    peer.say(REQUEST, 1, 10, header="later")
    kind, id, _, error = peer.hear()
    assert (kind, id, error["code"]) == (ERROR, 1, "deadline")
    peer.say(REQUEST, 2, 2**63 - 1, header="x")
    assert peer.hear()[:2] == (REPLY, 2)


def test_an_error_of_the_service_is_told_whole(context: zmq.Context[Any], echo: Any) -> None:
    """Section 7."""
    peer = Peer(context, echo).greet()
    kind, error = peer.request(1, "fail")
    assert (kind, error["code"], error["type"], error["message"]) == (ERROR, "remote", "ValueError", "as it was told")
    assert "in process" in error["traceback"]


def test_credit_and_windows_hold_items_back(context: zmq.Context[Any], echo: Any) -> None:
    """Sections 5 and 6."""
    peer = Peer(context, echo).greet(window=2 * KIB)
    peer.say(SUBSCRIBE, 1, 2, header=4)
    assert [peer.hear()[:3] for _ in range(2)] == [(ITEM, 1, 1), (ITEM, 1, 2)]
    peer.say(CREDIT, 1, 9)
    peer.say(PING, 2)
    assert peer.hear()[:2] == (PONG, 2)  # the window is used up: only what is not windowed comes
    peer.say(WINDOW, 0, 10 * KIB)
    assert [peer.hear()[:3] for _ in range(3)] == [(ITEM, 1, 3), (ITEM, 1, 4), (END, 1, 0)]


def test_who_sends_more_than_the_window_is_told_and_cut(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo).greet()
    peer.say(MESSAGE, header="hold")
    for _ in range(80):
        peer.say(MESSAGE, header="x")
    peer.must_be_cut("protocol", "more than the 65536 bytes")


def test_too_many_open_requests_are_told_and_cut(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo).greet()
    for id in range(1, 10):
        peer.say(REQUEST, id, header="later")
    peer.must_be_cut("protocol", "more than 8 requests and streams are open")


def test_the_empty_frame_closes_without_an_answer(context: zmq.Context[Any], echo: Any) -> None:
    peer = Peer(context, echo).greet()
    peer.frames(b"")
    peer.socket.setsockopt(zmq.RCVTIMEO, 100)
    with pytest.raises(zmq.Again):
        peer.socket.recv()


@pytest.mark.parametrize("closes", [True, False])
def test_a_server_that_ends_lets_its_clients_leave_first(
    context: zmq.Context[Any], closes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ZeroMQ drops what a DEALER with RECONNECT_IVL=-1 has not read yet when the other side ends its connection."""
    monkeypatch.setattr("services_zmq.backend.LEAVE_S", 1.0)  # so long, at least, this thread has a turn within
    engine = ServicesEngine("zmq")
    engine.add_service(Echo())
    peer = Peer(context, engine.listen("tcp://127.0.0.1:0").url).greet()
    closing = threading.Thread(target=engine.close)
    closing.start()
    kind, *_, error = peer.hear()
    assert (kind, error["message"]) == (GOODBYE, "the server is shutting down")
    assert peer.socket.recv_multipart() == [b""]
    assert closing.is_alive()
    begun = time.monotonic()
    if closes:
        peer.socket.close()
    closing.join(scaled(5))
    assert not closing.is_alive()
    assert closes or time.monotonic() - begun > 0.1


# --- a real server: its front, and the workers behind it


def opened(context: zmq.Context[Any], url: str) -> Any:
    sessions = Peer(context, url).greet("sessions")
    kind, answer = sessions.request(1, {"op": "open"})
    assert kind == REPLY
    return sessions, answer["session"]


BREACHES = {
    "frames": ((of(23, 5),), "unknown kind of message 23"),
    "a repeated id": ((of(REQUEST, 1, 0, 0, EMPTY),), "came after the id 1"),
    "a credit of 0": ((of(SUBSCRIBE, 9, 0, 0, EMPTY),), "credit of 0"),
    "an id of 0": ((of(REQUEST, 0, 0, 0, EMPTY),), "ids begin at 1"),
    "an id that is a float": ((of(REQUEST, 9.0, 0, 0, EMPTY),), "integers"),
    "a server's kind": ((of(REPLY, 1, 0, 0, EMPTY),), "REPLY"),
}


@pytest.mark.parametrize("service", ["sessions", "data", "render"])
def test_the_server_tells_and_cuts_by_way_of_front_and_worker(
    context: zmq.Context[Any], server: Any, service: str
) -> None:
    listening, token = server
    for frames, words in BREACHES.values():
        peer = Peer(context, listening.url).greet(service, token)
        peer.request(1, {"op": "nothing"})
        peer.frames(*frames)
        peer.must_be_cut("protocol", words)
    good = Peer(context, listening.url).greet("sessions")
    assert good.request(1, {"op": "about"})[0] == REPLY
    assert "Traceback" not in listening.errors


@pytest.mark.parametrize("service", ["sessions", "data", "render"])
def test_malformed_headers_cost_no_traceback_in_the_log(context: zmq.Context[Any], server: Any, service: str) -> None:
    listening, token = server
    before = len(listening.errors.splitlines())
    peer = Peer(context, listening.url).greet(service, token)
    odd = [*HEADERS.values(), *map(msgpack.packb, (None, [], 7, "x", {"op": None}, {"op": []}, {"op": {}}))]
    for id, header in enumerate(odd, 1):
        peer.frames(of(REQUEST, id, 0, 0, header))
        kind, answered, _, error = peer.hear()
        assert (kind, answered, error["code"]) == (ERROR, id, "remote"), header
        peer.frames(of(MESSAGE, 0, 0, 0, header))
        assert peer.hear()[0] == FAULT
    lines = listening.errors.splitlines()
    assert "Traceback" not in "\n".join(lines)
    assert len(lines) - before <= 2 * len(odd)


@pytest.mark.parametrize("service", ["sessions", "data", "render"])
def test_a_thousand_breaches_do_not_fill_the_log(context: zmq.Context[Any], server: Any, service: str) -> None:
    """Section 2: 20 lines in ten minutes, then they are counted."""
    listening, token = server
    before = len(listening.errors.splitlines())
    peer = Peer(context, listening.url).greet(service, token)
    answered = []
    for first in range(1, 1001, 50):  # the sessions service takes no more than 64 at a time of one connection
        for id in range(first, first + 50):
            peer.frames(of(REQUEST, id, 0, 0, b"\xc1"))
            peer.frames(of(MESSAGE, 0, 0, 0, b"\xc1"))
        answered += [peer.hear()[0] for _ in range(100)]
    assert {ERROR, FAULT} == set(answered)
    for _ in range(100):
        rogue = Peer(context, listening.url)
        rogue.frames(b"garbage")
        rogue.must_be_cut("protocol", "first frame")
    lines = listening.errors.splitlines()
    assert "Traceback" not in "\n".join(lines)
    assert len(lines) - before <= 2 * 20


def test_a_session_that_ended_is_not_called_a_server_that_shuts_down(context: zmq.Context[Any], server: Any) -> None:
    url = server[0].url
    owner, token = opened(context, url)
    data = Peer(context, url).greet("data", token)
    render = Peer(context, url).greet("render", token)
    owner.say(GOODBYE, header={"code": "closed", "message": "done"})
    owner.frames(b"")
    for peer in (data, render):
        peer.must_be_cut("closed", "the session has ended")
    late = Peer(context, url)
    late.say(HELLO, 0, 1, header={"protocol": [1, 0], "service": "data", "session": token})
    late.must_be_cut("refused", "no such session")


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
def test_a_server_that_shuts_down_says_so(context: zmq.Context[Any], backend: str) -> None:
    if sys.platform == "win32":
        pytest.skip("a process is not asked to end there")
    with Server(backend, "--no-token") as server:
        owner, token = opened(context, server.url)
        data = Peer(context, server.url).greet("data", token)
        server.signal(signal.SIGTERM)
        for peer in (owner, data):
            peer.must_be_cut("closed", "the server is shutting down")
        assert server.wait(deadline_s=20) == 0
