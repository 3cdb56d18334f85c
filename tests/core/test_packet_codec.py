"""Packets and frames: limits by value, round trips, and hostile bytes."""

from __future__ import annotations

import array
from collections import deque
from dataclasses import replace

import msgpack
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services_core import DEFAULT_LIMITS, INLINE_BYTES, KiB, Kind, Message, Packet, PacketError, share
from services_core.protocol.codec import JOINED_MESSAGES, decode, decode_all, encode, encode_next, first_frame_limit
from services_core.protocol.messages import NEEDS_PACKET

_plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
_numbers = st.integers(0, 2**63 - 1)
_buffers = st.lists(
    st.binary(max_size=100) | st.sampled_from([b"x" * (INLINE_BYTES + d) for d in (-1, 0, 1)]), max_size=15
)


@given(kind=st.sampled_from(Kind), id_=_numbers, value=_numbers, flags=_numbers, header=_plain, buffers=_buffers)
def test_round_trip(kind: Kind, id_: int, value: int, flags: int, header: object, buffers: list[bytes]) -> None:
    frames = encode(Message(kind, id_, value, flags, Packet(header, buffers)))
    seen = decode(frames)
    assert seen[:4] == (kind, id_, value, flags)
    assert seen.packet is not None
    assert seen.packet.header == header
    assert [bytes(view) for view in seen.packet.buffers] == buffers
    assert all(view.readonly for view in seen.packet.buffers)
    assert len(frames) == 1 + sum(len(buffer) >= INLINE_BYTES for buffer in buffers)


@pytest.mark.parametrize("kind", sorted(set(Kind) - NEEDS_PACKET))
def test_message_without_packet(kind: Kind) -> None:
    assert decode(encode(Message(kind, 7, 8, 9))) == Message(kind, 7, 8, 9, None)


def _decodes_or_refuses(frames: list[bytes]) -> None:
    try:
        message = decode(frames)
    except PacketError:
        return
    assert isinstance(message, Message) and message.kind in set(Kind)
    assert message.packet is None or isinstance(message.packet.header_bytes, bytes)
    if message.packet is not None:
        try:
            message.packet.header  # noqa: B018  # reading it is the test
        except PacketError:
            return


@settings(max_examples=300)
@given(st.lists(st.binary(max_size=60), max_size=18))
def test_arbitrary_bytes_are_refused_or_valid(frames: list[bytes]) -> None:
    _decodes_or_refuses(frames)


@settings(max_examples=300)
@given(_plain)
def test_arbitrary_msgpack_is_refused_or_valid(fields: object) -> None:
    _decodes_or_refuses([msgpack.packb(fields)])


@settings(max_examples=300)
@given(header=_plain, buffers=st.lists(st.binary(max_size=20), max_size=3), data=st.data())
def test_mutated_frames_are_refused_or_valid(header: object, buffers: list[bytes], data: st.DataObject) -> None:
    frame = bytearray(encode(Message(Kind.REQUEST, 1, 2, 0, Packet(header, buffers)))[0])
    for _ in range(data.draw(st.integers(1, 4))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    _decodes_or_refuses([bytes(frame[: data.draw(st.integers(0, len(frame)))])])
    _decodes_or_refuses([bytes(frame), b"extra"])


_HEADER = msgpack.packb({})


@pytest.mark.parametrize(
    ("frames", "reason"),
    [
        ([], "0 frames"),
        ([msgpack.packb([4, 0, 0, 0, _HEADER])] * 17, "17 frames"),
        ([b"x" * (first_frame_limit(DEFAULT_LIMITS) + 1)], "first frame of"),
        ([b"GET / HTTP/1.1\r\n\r\n"], "array of 4 to 6"),
        ([b"\xc1"], "not msgpack"),
        ([msgpack.packb({})], "array of 4 to 6"),
        ([msgpack.packb([4, 0, 0])], "4 to 6"),
        ([msgpack.packb([4, 0, 0, 0, _HEADER, [], 1])], "4 to 6"),
        ([msgpack.packb([99, 0, 0, 0])], "unknown kind"),
        ([msgpack.packb([0, 0, 0, 0])], "unknown kind"),
        ([msgpack.packb([8, 0, -1, 0])], "integers of 0"),
        ([msgpack.packb([8, 0, 2**63, 0])], "integers of 0"),
        ([msgpack.packb([8, 0, True, 0])], "integers of 0"),
        ([msgpack.packb([8, 0, 1.5, 0])], "integers of 0"),
        ([msgpack.packb([5, 0, 1, 0])], "without a header"),
        ([msgpack.packb([5, 0, 1, 0, b"x" * 65537])], "at most 65536"),
        ([msgpack.packb([5, 0, 1, 0, 5])], "must be binary"),
        ([msgpack.packb([5, 0, 1, 0, _HEADER, 5])], "must be an array"),
        ([msgpack.packb([5, 0, 1, 0, _HEADER, [70000]])], "does not match"),
        ([msgpack.packb([5, 0, 1, 0, _HEADER, [70000]]), b"short"], "does not match"),
        ([msgpack.packb([5, 0, 1, 0, _HEADER, [b"a"]]), b"more"], "no buffer announces"),
        ([msgpack.packb([8, 0, 1, 0]), b"more"], "no buffer announces"),
    ],
)
def test_illegal_frames(frames: list[bytes], reason: str) -> None:
    with pytest.raises(PacketError, match=reason):
        decode(frames)


def test_deep_and_wide_bombs_are_refused_quickly() -> None:
    for bomb in (b"\x91" * 60_000, b"\xdd\xff\xff\xff\xff" * 1000, b"\xdf\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff"):
        with pytest.raises(PacketError):
            decode([bomb])
        with pytest.raises(PacketError):
            decode([msgpack.packb([5, 0, 1, 0, bomb])]).packet.header  # type: ignore[union-attr]  # noqa: B018


def test_limits_by_value() -> None:
    limits = replace(DEFAULT_LIMITS, header_bytes=100, header_depth=3, buffers=2, message_bytes=1000)
    Packet("x" * 98, limits=limits)
    with pytest.raises(PacketError, match="the limit is 100"):
        Packet("x" * 99, limits=limits)
    Packet([[["deep"]]], limits=limits)
    with pytest.raises(PacketError, match="deeper than 3"):
        Packet([[[["deeper"]]]], limits=limits)
    Packet(None, [b"a", b"b" * 999], limits=limits)
    with pytest.raises(PacketError, match="3 buffers"):
        Packet(None, [b"", b"", b""], limits=limits)
    with pytest.raises(PacketError, match="1001 bytes"):
        Packet(None, [b"a" * 1001], limits=limits)


@pytest.mark.parametrize("header", [object(), {1, 2}, 2**64, -(2**63) - 1, {"a": [lambda: 0]}, numpy.zeros(3)])
def test_headers_that_cannot_travel(header: object) -> None:
    with pytest.raises(PacketError, match="cannot travel"):
        Packet(header)


def test_numpy_scalars_are_numbers_and_tuples_lists() -> None:
    header = {"a": numpy.float32(0.5), "b": numpy.int64(-3), "c": (1, 2)}
    assert Packet(header).header == {
        "a": 0.5,
        "b": -3,
        "c": [1, 2],
    }


def test_header_is_frozen_when_the_packet_is_made() -> None:
    header = {"a": [1]}
    packet = Packet(header)
    header["a"].append(2)
    packet.header["a"].append(3)
    assert packet.header == {"a": [1]}


def test_ownership_of_buffers() -> None:
    writable, fixed, array_ = bytearray(b"abc"), b"abc", numpy.arange(4, dtype=numpy.int16)
    frozen = numpy.arange(4)
    frozen.flags.writeable = False
    packet = Packet(None, [writable, fixed, array_, share(array_), frozen, array.array("d", [1.5])])
    writable[0] = array_[0] = 9
    views = packet.buffers
    assert bytes(views[0]) == b"abc"
    assert views[1].obj is fixed
    assert views[2][0] == 0 and views[3][0] == 9
    assert id(views[4].obj) == id(frozen)
    assert all(view.readonly and view.format == "B" and view.ndim == 1 for view in views)
    assert packet.size_bytes == 1024 + 1 + 3 + 3 + 8 + 8 + 32 + 8


def test_buffers_that_cannot_travel() -> None:
    with pytest.raises(PacketError, match="C-contiguous"):
        Packet(None, [numpy.zeros((4, 4))[:, ::2]])
    with pytest.raises(PacketError, match="buffer protocol"):
        Packet(None, ["text"])
    with pytest.raises(PacketError, match="C-contiguous"):
        share(numpy.zeros((4, 4), order="F"))


def test_messages_joined_in_one_frame_are_read_in_order() -> None:
    sent = [Message(Kind.MESSAGE, 0, 0, 0, Packet({"n": n}, [bytes(n)])) for n in range(JOINED_MESSAGES)]
    frame = b"".join(encode(message)[0] for message in sent)
    seen = decode_all([frame])
    packets = [message.packet for message in seen if message.packet is not None]
    assert [packet.header["n"] for packet in packets] == list(range(JOINED_MESSAGES))
    assert [packet.buffers[0].nbytes for packet in packets] == list(range(JOINED_MESSAGES))
    with pytest.raises(PacketError, match="one message was expected"):
        decode([frame])


def test_what_waits_leaves_in_as_few_frames_as_it_may() -> None:
    """Small messages together, up to 256 and 64 KiB; one with buffers alone; all in order, and nothing lost."""
    sent = [Message(Kind.MESSAGE, packet=Packet(n)) for n in range(2 * JOINED_MESSAGES + 1)]
    sent += [Message(Kind.PING, 7), Message(Kind.MESSAGE, packet=Packet("a", [bytes(10)]))]
    sent += [Message(Kind.REQUEST, 8, 5, 0, Packet(bytes(30 * KiB))) for _ in range(3)]
    sent += [Message(Kind.MESSAGE, packet=Packet("b", [bytes(70_000)])), Message(Kind.CANCEL, 8)]
    waiting = deque(sent)
    frames = []
    while waiting:
        frames.append(encode_next(waiting))
    assert [len(one) for one in frames] == [1, 1, 1, 1, 1, 1, 2, 1]
    seen = [decode_all(one) for one in frames]
    assert [len(one) for one in seen] == [JOINED_MESSAGES, JOINED_MESSAGES, 2, 1, 2, 1, 1, 1]
    for message, expected in zip((message for one in seen for message in one), sent, strict=True):
        assert message[:4] == expected[:4]
        if expected.packet is None:
            assert message.packet is None
        else:
            assert message.packet is not None and message.packet.header == expected.packet.header
            assert list(map(bytes, message.packet.buffers)) == list(map(bytes, expected.packet.buffers))


@pytest.mark.parametrize("cut", range(1, 11))
def test_a_joined_frame_that_was_cut_is_refused(cut: int) -> None:
    frames = encode_next(deque(Message(Kind.MESSAGE, packet=Packet({"n": n})) for n in range(3)))
    with pytest.raises(PacketError, match="ends within a message"):
        decode_all([frames[0][:-cut]])


def test_what_may_not_be_joined() -> None:
    (small,) = map(bytes, encode(Message(Kind.PING, 1)))
    first, buffer = map(bytes, encode(Message(Kind.MESSAGE, packet=Packet(1, [bytes(70_000)]))))
    with pytest.raises(PacketError, match="must come alone"):
        decode_all([small + first, buffer])
    with pytest.raises(PacketError, match="more than"):
        decode_all([small * (JOINED_MESSAGES + 1)])
    with pytest.raises(PacketError):
        decode_all([small + b"\xc1"])
    with pytest.raises(PacketError):
        decode_all([small + first])


def test_what_is_nested_too_deeply_is_refused_on_both_sides_and_what_is_wide_is_not() -> None:
    deep: list[object] = []
    for _ in range(DEFAULT_LIMITS.header_depth):
        deep = [deep]
    with pytest.raises(PacketError, match="nested deeper"):
        Packet(deep)
    with pytest.raises(PacketError, match="nested deeper"):
        _ = Packet.of_header(msgpack.packb(deep)).header
    assert Packet(deep[0]).header == deep[0], "as deep as may be"
    wide = {"many": [{} for _ in range(200)], "text": "\u0080\u0090\u00dc" * 50}
    assert Packet(wide).header == wide
