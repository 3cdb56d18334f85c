"""The messages that two peers exchange: kinds, fields, and who may say what (docs/protocol.md)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from .._version import __version__
from ..errors import Closed, ConnectionLost, PacketError, ServicesError, error_to_wire
from ..packet import Packet

PROTOCOL_VERSION: Final = (1, 2)
"""Major and minor version of the protocol. Peers need the same major; they use the smaller minor."""

SOFTWARE: Final = f"async-paraview {__version__}"
"""What HELLO and WELCOME call this implementation, for people."""

NEWEST: Final = 1
"""Flag of SUBSCRIBE: only the newest item matters; older items that were not sent yet are dropped."""


class Kind(IntEnum):
    """What a message is. The numbers are the protocol's; HELLO, GOODBYE and their layout never change."""

    HELLO = 1
    WELCOME = 2
    GOODBYE = 3
    MESSAGE = 4
    REQUEST = 5
    REPLY = 6
    ERROR = 7
    CANCEL = 8
    SUBSCRIBE = 9
    ITEM = 10
    END = 11
    CREDIT = 12
    WINDOW = 13
    PING = 14
    PONG = 15
    FAULT = 16
    AWAY = 17
    KEPT = 18
    RESUME = 19
    RESUMED = 20
    RECEIVED = 21
    OFFER = 22


_KINDS: Final = frozenset(int(kind) for kind in Kind)
_LEFT_OUT: Final[tuple[tuple[str, ...], ...]] = ((), ("details",), ("details", "traceback"))


class Message(NamedTuple):
    """One message. Fields that a kind does not use are 0 and None.

    `id` names the request or stream, `value` is the kind's number: a deadline in milliseconds (REQUEST, 0: none), a
    credit in items (SUBSCRIBE, CREDIT), a sequence number (ITEM), bytes (WELCOME, WINDOW), milliseconds busy (PONG),
    whether (AWAY), a count of messages (RESUME, RESUMED, RECEIVED).
    """

    kind: int
    id: int = 0
    value: int = 0
    flags: int = 0
    packet: Packet | None = None


CLIENT_SAYS: Final = frozenset(
    {
        Kind.HELLO,
        Kind.GOODBYE,
        Kind.MESSAGE,
        Kind.REQUEST,
        Kind.CANCEL,
        Kind.SUBSCRIBE,
        Kind.CREDIT,
        Kind.WINDOW,
        Kind.PING,
        Kind.AWAY,
    }
)
SERVER_SAYS: Final = frozenset(
    {
        Kind.WELCOME,
        Kind.GOODBYE,
        Kind.REPLY,
        Kind.ERROR,
        Kind.ITEM,
        Kind.END,
        Kind.WINDOW,
        Kind.PONG,
        Kind.FAULT,
    }
)
WINDOWED: Final = frozenset({Kind.MESSAGE, Kind.REQUEST, Kind.SUBSCRIBE, Kind.REPLY, Kind.ERROR, Kind.ITEM, Kind.FAULT})
"""Kinds that count against the receiver's window; the others are small, bounded in number, and overtake them."""

NEEDS_PACKET: Final = WINDOWED | {Kind.HELLO, Kind.WELCOME, Kind.GOODBYE, Kind.KEPT, Kind.RESUME, Kind.OFFER}


def kind_name(kind: int) -> str:
    """Return the name of a kind, for people; also of a number that is none."""
    return Kind(kind).name if kind in _KINDS else f"a message of the unknown kind {kind}"


def error_packet(error: BaseException) -> Packet:
    """Return what ERROR, END, FAULT and GOODBYE carry; what of it cannot travel, or is too large, is left out."""
    wire = error_to_wire(error)
    for left_out in _LEFT_OUT:
        try:
            return Packet({key: value for key, value in wire.items() if key not in left_out})
        except PacketError:
            continue
    raise AssertionError("a code and a text of 4096 characters always fit into a header")


def goodbye(error: ServicesError) -> Message:
    """Return the last message of a connection: why it ends."""
    return Message(
        Kind.GOODBYE, packet=error_packet(ConnectionLost(str(error)) if isinstance(error, Closed) else error)
    )
