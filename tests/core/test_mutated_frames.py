"""Frames that are nearly right: each is answered as a message, or cut with a GOODBYE that says why; nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgpack
import pytest
import zmq

from services_core import IncomingCall, Kind, Packet, Service, ServicesEngine

from ..harness.time_limits import scaled

PLAUSIBLE = [
    [5, 0, 1, 0, msgpack.packb({"n": 1})],
    [5, 0, 1, 2000, msgpack.packb({"n": 1}), [b"abc"]],
    [9, 1, 1, 3, msgpack.packb(2)],
    [4, 0, 0, 0, msgpack.packb("x")],
    [8, 0, 1, 0],
    [12, 0, 1, 4],
    [13, 0, 0, 4096],
    [14, 0, 7, 0],
    [3, 0, 0, 0, msgpack.packb({"code": "closed", "message": "bye"})],
]
ODD = [0, -1, 2**63, 2**64 - 1, 17, 255, True, None, 1.0, "x", b"", [], {}, [[]], msgpack.ExtType(5, b"x"), b"\xc1" * 9]
PINGED = 2**40


class Echo(Service):
    """Answers with what it is sent; a stream has two items."""

    def __init__(self) -> None:
        super().__init__("echo")

    def preview(self, incoming: IncomingCall) -> None:
        assert incoming.packet.header is not Ellipsis

    def process(self, incoming: IncomingCall) -> Packet | Iterator[Packet]:
        if incoming.stream is not None:
            return iter([Packet(1), Packet(2)])
        return incoming.packet


def mutated(dice: random.Random) -> list[bytes]:
    """The frames of a message of which something was changed: a field, a byte, the length, the number of frames."""
    fields = list(dice.choice(PLAUSIBLE))
    way = dice.randrange(6)
    if way == 0:
        fields[dice.randrange(len(fields))] = dice.choice(ODD)
    elif way == 1:
        fields.insert(dice.randrange(len(fields) + 1), dice.choice(ODD))
    elif way == 2:
        del fields[dice.randrange(len(fields))]
    first = bytearray(msgpack.packb(fields))
    if way == 3:
        first[dice.randrange(len(first))] = dice.randrange(256)
    elif way == 4:
        del first[dice.randrange(1, len(first)) :]
    more = [dice.randbytes(dice.choice([0, 1, 70_000])) for _ in range(dice.choice([1, 2, 16]))] if way == 5 else []
    return [bytes(first), *more]


def conversation(context: zmq.Context[zmq.Socket[bytes]], url: str, frames: list[bytes]) -> list[int | None]:
    """The kinds of what the server says to these frames and a PING after them, up to its PONG; None is a close."""
    with context.socket(zmq.DEALER) as peer:
        peer.linger = 0
        peer.rcvtimeo = 20_000
        peer.connect(url)
        hello = msgpack.packb({"protocol": [1, 0], "service": "echo"})
        peer.send(msgpack.packb([Kind.HELLO, 0, 0, 2**20, hello]))
        peer.send_multipart(frames)
        peer.send(msgpack.packb([Kind.PING, 0, PINGED, 0]))
        heard: list[int | None] = []
        while True:
            first = peer.recv_multipart()[0]
            if not first:
                return [*heard, None]
            several = msgpack.Unpacker()
            several.feed(first)
            for kind, _, id_, *_ in several:
                heard.append(kind)
                if (kind, id_) == (Kind.PONG, PINGED):
                    return heard


@pytest.mark.parametrize("seed", range(8))
def test_what_is_nearly_right_is_answered_or_told_why(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    dice = random.Random(seed)
    ends: set[int | None] = set()
    with ServicesEngine("zmq") as engine, zmq.Context() as context:
        engine.add_service(Echo())
        url = engine.listen("tcp://127.0.0.1:0").url
        for _ in range(100):
            frames = mutated(dice)
            heard = conversation(context, url, frames)
            if heard[-1] is None and frames[0][:2] != b"\x95\x03":  # it was not a GOODBYE of its own
                assert heard[-2:] == [Kind.GOODBYE, None], frames
            ends.add(heard[-1])
        assert engine.endpoint("echo", url).send_request("still here").result(scaled(10)).header == "still here"
    assert ends >= {None, Kind.PONG}, "some are right, some are not"
    assert not [record for record in caplog.records if record.exc_info]
