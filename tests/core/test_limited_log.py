"""No peer fills the log: thousands of bad frames, connections and headers leave a few lines and a count."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgpack
import pytest
import zmq

from services_core import IncomingCall, Kind, LimitedLog, Message, MiB, Packet, Service, ServicesEngine
from services_core.hosting import service as hosting_service
from services_core.limited_log import LINE_CHARACTERS, LINES
from services_core.protocol.codec import encode

from ..harness.time_limits import scaled

_LOG = logging.getLogger("tests.limited")
THOUSANDS = 3000
ROOT = Path(__file__).parents[2]


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Looking(Service):
    """Reads each header the moment it arrives, as the data and render services do."""

    def __init__(self) -> None:
        super().__init__("looking")

    def preview(self, incoming: IncomingCall) -> None:
        assert incoming.packet.header is not None

    def process(self, incoming: IncomingCall) -> Packet:
        if incoming.kind is Kind.MESSAGE:
            raise ValueError("this fails")
        return Packet(incoming.packet.header)


@pytest.fixture
def engine() -> Iterator[ServicesEngine]:
    with ServicesEngine("zmq") as made:
        yield made


@pytest.fixture
def context() -> Iterator[zmq.Context[zmq.Socket[bytes]]]:
    with zmq.Context() as made:
        yield made


def a_peer(context: zmq.Context[zmq.Socket[bytes]], url: str) -> zmq.Socket[bytes]:
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.rcvtimeo = 20_000
    socket.connect(url)
    return socket


# --- the log itself


def test_lines_past_the_limit_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    log = LimitedLog(_LOG, lines=3, period_s=60, clock=clock)
    for number in range(10):
        log.warning("bad frame %d", number)
    assert caplog.messages == [
        "bad frame 0",
        "bad frame 1",
        "bad frame 2 (more lines that peers cause are counted, not written, for up to 60 s)",
    ]
    clock.now = 60.0
    log.warning("bad frame %d", 10)
    assert caplog.messages[3:] == ["7 lines that peers caused were left out", "bad frame 10"]


def test_a_flush_tells_the_count_once(caplog: pytest.LogCaptureFixture) -> None:
    log = LimitedLog(_LOG, lines=1)
    log.flush()
    assert not caplog.messages
    for _ in range(4):
        log.warning("bad")
    log.flush()
    log.flush()
    assert caplog.messages[1:] == ["3 lines that peers caused were left out"]


def test_what_a_peer_says_stays_one_short_line(caplog: pytest.LogCaptureFixture) -> None:
    log = LimitedLog(_LOG)
    log.warning("cut: %s", "one\nERROR forged\r\x1b[2J\u2028end é")
    log.warning("cut: %s", "x" * 10_000)
    assert caplog.messages[0] == "cut: one\\nERROR forged\\r\\x1b[2J\\u2028end é"
    assert len(caplog.messages[1]) == LINE_CHARACTERS + 3


def test_a_traceback_counts_as_its_line(caplog: pytest.LogCaptureFixture) -> None:
    log = LimitedLog(_LOG, lines=2)
    for number in range(5):
        try:
            raise ValueError(number)
        except ValueError:
            log.exception("failed")
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["0", "1"]


# --- peers


def test_thousands_of_bad_frames_leave_a_few_lines(
    engine: ServicesEngine, context: zmq.Context[zmq.Socket[bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    """From as many connections: each is told why and cut."""
    engine.add_service(Looking())
    url = engine.listen("tcp://127.0.0.1:0").url
    for _ in range(THOUSANDS // 20):
        peers = [a_peer(context, url) for _ in range(20)]
        for peer in peers:
            peer.send(b"garbage\nof a peer")
        for peer in peers:
            kind, _, _, _, header = msgpack.unpackb(peer.recv())
            assert (kind, msgpack.unpackb(header)["code"]) == (Kind.GOODBYE, "protocol")
            peer.close()
    assert len(caplog.records) == LINES
    assert all("sent what is no message" in message and "\n" not in message for message in caplog.messages)
    engine.close()
    assert caplog.messages[LINES:] == [f"{THOUSANDS - LINES} lines that peers caused were left out"]


def test_thousands_of_bad_headers_leave_a_few_lines(
    engine: ServicesEngine,
    context: zmq.Context[zmq.Socket[bytes]],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From a single connection, which lives on."""
    monkeypatch.setattr(hosting_service, "_limited_log", LimitedLog(_LOG))
    engine.add_service(Looking())
    peer = a_peer(context, engine.listen("tcp://127.0.0.1:0").url)
    hello = Packet({"protocol": [1, 0], "service": "looking"})
    peer.send_multipart(encode(Message(Kind.HELLO, 0, 256 * MiB, 0, hello)))
    for number in range(1, THOUSANDS + 1):
        peer.send(msgpack.packb([Kind.REQUEST, 0, number, 0, b"\xc1"]))
    answered = 0
    while answered < THOUSANDS:
        several = msgpack.Unpacker()
        several.feed(peer.recv())
        for kind, _, _, _, *header in several:
            if kind == Kind.ERROR:
                answered += 1
                assert msgpack.unpackb(header[0])["type"] == "PacketError"
    peer.close()
    seen = [message for message in caplog.messages if "looking could not look at what arrived" in message]
    assert len(caplog.records) == len(seen) <= LINES
    assert not any(record.exc_info for record in caplog.records)
    assert re.fullmatch(r"service looking could not look at what arrived: a header arrived that is not .*", seen[0])


def test_thousands_of_faults_leave_a_few_lines_at_the_client(
    engine: ServicesEngine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.add_service(Looking())
    endpoint = engine.endpoint("looking")
    for _ in range(THOUSANDS):
        endpoint.send_message({})
    endpoint.send_request({}).result(scaled(20))  # answered after the faults
    assert caplog.messages[0].endswith(" failed there: ValueError: this fails")
    assert len(caplog.records) == LINES


_PROGRAM = """
from services_core import Service, ServicesEngine

class Refusing(Service):
    def preview(self, incoming):
        raise ValueError("bad")

    def process(self, incoming):
        return incoming.packet

with ServicesEngine("inproc") as engine:
    engine.add_service(Refusing("refusing"))
    endpoint = engine.endpoint("refusing")
    endpoint.add_fault_callback(lambda error: None)
    for _ in range(50):
        endpoint.send_message({})
    try:
        endpoint.send_request({}).result(10)
    except Exception:
        print("answered")
"""


def test_what_was_left_out_is_told_when_the_program_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=scaled(60)
    )
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (0, "answered\n"), done.stderr
    assert len(lines) == LINES + 1
    assert lines[-1] == "31 lines that peers caused were left out"
