"""The messages that two peers exchange: kinds, fields, and who may say what (docs/protocol.md)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from .packet import Packet

PROTOCOL_VERSION: Final = (1, 0)
"""Major and minor version of the protocol. Peers need the same major; they use the smaller minor."""

NEWEST: Final = 1
"""Flag of SUBSCRIBE: only the newest item matters; older ones that were not sent yet are dropped."""


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


class Message(NamedTuple):
    """One message. Fields that a kind does not use are 0 and None.

    `id` names the request or stream, `value` is the kind's number: a deadline in milliseconds (REQUEST, 0: none), a
    credit in items (SUBSCRIBE, CREDIT), a sequence number (ITEM), bytes (WELCOME, WINDOW), milliseconds busy (PONG).
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

NEEDS_PACKET: Final = WINDOWED | {Kind.HELLO, Kind.WELCOME, Kind.GOODBYE}
