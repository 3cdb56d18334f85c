"""Who is in a session: the programs that have joined it, and the tokens by which others come."""

from __future__ import annotations

import logging
from typing import Final

from async_paraview.operations import sessions
from async_paraview.records import dataclass
from services_core import Packet, Refused, RemoteError, ServiceEndpoint

from ..server_connection import ServerConnection
from ..streams import TypedStream

_log = logging.getLogger(__name__)

NOBODY_JOINS: Final = "nobody can join this session: it is built in, or its server speaks a protocol before 1.2"


@dataclass(frozen=True, slots=True)
class Client:
    """A program in the session. `since` is when it came, in seconds since 1970 by the server's clock."""

    client: int
    role: str
    software: str
    since: float


ClientStream = TypedStream[list[Client]]


def clients(connection: ServerConnection) -> ClientStream:
    """Subscribe to who is in the session: see `Session.clients`."""
    return ClientStream(_control(connection).subscribe(sessions.Clients().packet(), newest=True), _read)


async def invitation(connection: ServerConnection, role: str) -> str:
    """Return the token by which others join with that role: see `Session.invite`."""
    try:
        reply = await _control(connection).send_request(sessions.Invite(role=role).packet())
    except RemoteError as error:
        _raise_refusal(error)
        raise
    return str(reply.header["session"])


async def end_for_all(connection: ServerConnection) -> None:
    """End the session for all who are in it: see `Session.end`."""
    if not connection.membership.is_shared:
        return
    try:
        await _control(connection).send_request(sessions.End().packet())
    except RemoteError as error:
        _raise_refusal(error)
        raise


def _control(connection: ServerConnection) -> ServiceEndpoint:
    if connection.control is None or not connection.membership.is_shared:
        raise Refused(NOBODY_JOINS)
    return connection.control


def _raise_refusal(error: RemoteError) -> None:
    """Raise what the server meant, if that has a type of its own here."""
    if error.type_name == "Refused":
        raise Refused(error.message) from error
    if error.type_name == "ValueError":
        raise ValueError(error.message) from error


def _read(packet: Packet) -> list[Client]:
    if (ends_in_s := packet.header.get("ends_in_s")) is not None:
        _log.warning("the server is about to end: this session does so in %.0f s at the latest", ends_in_s)
    return [Client(**one) for one in packet.header["clients"]]
