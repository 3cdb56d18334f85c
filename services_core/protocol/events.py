"""What a conversation tells its owner: frozen values, handled after the conversation's lock is released."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..errors import ServicesError
from ..packet import Packet


class Welcomed(NamedTuple):
    """Client: the server accepted; `info` is its WELCOME."""

    info: dict[str, Any]


class Resolved(NamedTuple):
    """Client: the one outcome of a request; exactly one of `packet` and `error` is set."""

    id: int
    packet: Packet | None
    error: ServicesError | None


class ItemArrived(NamedTuple):
    """Client: the next item of a stream."""

    id: int
    packet: Packet
    sequence: int


class Ended(NamedTuple):
    """Client: a stream has ended, by `error` or by itself."""

    id: int
    error: ServicesError | None


class Ponged(NamedTuple):
    """Client: a ping came back; the service has been busy with one packet for `busy_s`."""

    id: int
    busy_s: float


class Faulted(NamedTuple):
    """Client: a one-way message failed over there."""

    error: ServicesError


class Greeted(NamedTuple):
    """Server: a client said HELLO and awaits `welcome` or `refuse`."""

    info: dict[str, Any]


class Arrived(NamedTuple):
    """Server: work for the service. `deadline` is a time of this side's clock, `newest` and `id` are a stream's."""

    kind: int
    id: int
    packet: Packet
    deadline: float | None
    newest: bool


class CancelArrived(NamedTuple):
    """Server: the client does not want this request or stream any more."""

    id: int


class RoomMade(NamedTuple):
    """Server: a stream can take more items."""

    id: int


class Pinged(NamedTuple):
    """Server: answer with `pong(id, busy_s)`."""

    id: int


class AwayChanged(NamedTuple):
    """Server: the client is away, and reads nothing, or is back."""

    away: bool


class Dropped(NamedTuple):
    """Either side: the conversation is over. Said once, and last."""

    error: ServicesError


Event = (
    Welcomed
    | Resolved
    | ItemArrived
    | Ended
    | Ponged
    | Faulted
    | Greeted
    | Arrived
    | CancelArrived
    | RoomMade
    | Pinged
    | AwayChanged
    | Dropped
)
