"""Plain data in a buffer: what may be in it is what may be in a header, whatever its size."""

from __future__ import annotations

import msgpack
import pytest

from services_core import Packet, PacketError
from services_core.payload import pack_payload, unpack_payload


def test_plain_data_comes_out_as_it_went_in() -> None:
    data = {"numbers": list(range(100_000)), "text": "x" * 200_000, "none": None, "bytes": b"\x00\xff"}
    packet = pack_payload({"op": "x"}, data)
    assert packet.header == {"op": "x"}
    assert unpack_payload(packet) == data


@pytest.mark.parametrize("data", [object(), 2**64, {"a": [{1, 2}]}])
def test_what_is_no_plain_data_is_not_sent(data: object) -> None:
    with pytest.raises(PacketError, match="no plain data"):
        pack_payload({}, data)


@pytest.mark.parametrize(
    "encoded",
    [
        b"\xc1",
        msgpack.packb({"a": 1})[:-1],
        msgpack.packb(1) * 2,
        msgpack.packb({1: 2}),
        msgpack.packb([msgpack.ExtType(7, b"abc")]),
        msgpack.packb([msgpack.ExtType(7, b"")]),
        msgpack.packb({"a": msgpack.Timestamp(1)}),
        b"\x91" * 2000 + b"\xc0",
    ],
)
def test_what_is_no_plain_data_is_refused(encoded: bytes) -> None:
    with pytest.raises(PacketError, match="plain data"):
        unpack_payload(Packet({}, [encoded]))


@pytest.mark.parametrize("buffers", [(), (b"\xc0", b"\xc0")])
def test_it_is_the_only_buffer(buffers: tuple[bytes, ...]) -> None:
    with pytest.raises(PacketError, match="one buffer"):
        unpack_payload(Packet({}, buffers))
