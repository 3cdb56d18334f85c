"""Headers that were decoded as packets arrived are kept until those are processed, and only so many bytes of them."""

from __future__ import annotations

from typing import Any

from apvserver.data.headers_ahead import LEAST_BYTES, MOST_BYTES, HeadersAhead
from services_core import IncomingCall, Kind, Packet


class Client:
    """A connection that is told that it may send more."""

    def release(self, incoming: IncomingCall) -> None:
        assert incoming.over


def arrived(size: int) -> IncomingCall:
    client: Any = Client()
    return IncomingCall(Kind.MESSAGE, 0, Packet({"op": "update", "text": "x" * size}), None, False, client)


def test_a_header_is_decoded_once() -> None:
    headers, incoming = HeadersAhead(), arrived(LEAST_BYTES)
    header = incoming.packet.header
    headers.keep(incoming, header)
    assert headers.take(incoming) is header
    again = headers.take(incoming)
    assert again == header and again is not header  # it is not kept for ever


def test_small_headers_are_not_kept() -> None:
    headers, incoming = HeadersAhead(), arrived(10)
    header = incoming.packet.header
    headers.keep(incoming, header)
    assert headers.take(incoming) == header and headers.take(incoming) is not header


def test_only_so_many_bytes_are_kept() -> None:
    headers = HeadersAhead()
    calls = [arrived(10_000) for _ in range(20)]
    made = [one.packet.header for one in calls]
    for one, header in zip(calls, made, strict=True):
        headers.keep(one, header)
    kept = [headers.take(one) is header for one, header in zip(calls, made, strict=True)]
    assert kept == [True] * (MOST_BYTES // len(calls[0].packet.header_bytes)) + [False] * 14
    headers.keep(calls[7], made[7])  # what was taken has made room
    assert headers.take(calls[7]) is made[7]


def test_what_will_not_be_processed_makes_room() -> None:
    headers = HeadersAhead()
    calls = [arrived(10_000) for _ in range(7)]
    made = [one.packet.header for one in calls]
    for one, header in zip(calls[:6], made, strict=False):
        headers.keep(one, header)
        one.abandon()
    headers.keep(calls[6], made[6])
    assert headers.take(calls[6]) is made[6]
    assert headers.take(calls[0]) is not made[0]
