"""The sessions of a server, who is in each, and the tokens by which they come."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from operator import itemgetter
from typing import Any, Final

from async_paraview.operations.members import OWNER, ROLES, Member
from async_paraview.records import dataclass
from services_core import SHUTTING_DOWN, Busy, Closed, ConnectionLost, Packet, Refused, ServiceClient, StreamWriter

from ..log_format import about_session
from .admission.waiting_line import NoRoom
from .monitoring.traffic import Traffic
from .session_host import Left, SessionHost

_log = logging.getLogger(__name__)

MOST_MEMBERS: Final = 64
"""Of one session."""

ROOM_MADE: Final = (
    "the session was ended to make room for another client: all of its clients had been away, the last of them for "
    "{:.0f} s; raise --max-sessions to keep more"
)

DRAINING: Final = "this server is about to end, and opens no further sessions: connect to another, or later"
SESSION_ENDED: Final = "the session has ended: its last owner or editor has left"
ENDED_BY_OWNER: Final = "the session has ended: one of its owners has ended it"
NO_SUCH_SESSION: Final = "there is no such session here: it has ended, or its token is wrong; connect again to open one"


@dataclass(frozen=True, slots=True)
class Seat:
    """One client in a session: the connection that it lives as long as, and its own token, which its HELLOs name."""

    session: Session
    member: Member
    token: str = field(repr=False)
    connection: ServiceClient
    software: str
    since: float

    def to_dict(self) -> dict[str, Any]:
        """Return what others are told of it."""
        return {**self.member.to_dict(), "software": self.software, "since": self.since}

    def to_operator(self) -> dict[str, Any]:
        """Return what operators are told of it."""
        return {**self.to_dict(), "away_since": _by_the_calendar(self.connection.away_since)}


@dataclass(slots=True, eq=False)
class Session:
    """A session: where it lives, the tokens that let others in, by role, and who is in it. Under the table's lock."""

    host: SessionHost
    tokens: dict[str, str] = field(repr=False)
    traffic: Traffic
    name: str = field(default_factory=lambda: secrets.token_hex(4))
    """By which logs and operators know it: no secret, and made of none."""
    since: float = field(default_factory=time.time)
    seats: list[Seat] = field(default_factory=list)
    joined: int = 0
    """How many have ever come: their numbers."""
    watchers: list[StreamWriter] = field(default_factory=list)
    may_wait: int | None = None
    """How many bytes may wait in it; None: what the settings say."""

    @property
    def is_kept(self) -> bool:
        """Whether somebody is there who may change something."""
        return any(one.member.may_change for one in self.seats)

    @property
    def away_since(self) -> float | None:
        """Since when, by `time.monotonic()`, all of its clients are away, their connections lost; None: one is here."""
        since = [one.connection.away_since for one in self.seats]
        away = [one for one in since if one is not None]
        return max(away) if away and len(away) == len(since) else None


class SessionTable:
    """The sessions of a server. Thread-safe; no method but `close` blocks.

    Tokens are found by their digest: how long that takes tells nothing of those that there are.
    """

    def __init__(
        self, make_host: Callable[[], SessionHost], most: int, share: Callable[[int], int] | None = None
    ) -> None:
        """`share(sessions)` tells how many bytes may wait in each of so many; None: what their settings say."""
        self.traffic = Traffic()
        """Of all sessions, those included that have ended."""
        self.opened = 0
        """How many sessions there have ever been."""
        self._make_host = make_host
        self._most = most
        self._share = share
        self._ends_at: float | None = None
        self._lock = threading.Lock()
        self._sessions: list[Session] = []
        self._ending: list[SessionHost] = []
        """Of sessions that were taken out: a process must not end while their threads are in VTK."""
        self._invitations: dict[bytes, tuple[Session, str]] = {}
        self._seats: dict[bytes, Seat] = {}
        self._closed = False

    def open(self, owner: ServiceClient, software: str = "") -> Seat:
        """Begin a session. Raises NoRoom if there are too many, Refused if the table is closed.

        Of too many that one makes room whose clients have been away longest.
        """
        token = secrets.token_urlsafe(24)
        with self._lock:
            if self._closed:
                raise Refused(SHUTTING_DOWN)
            if self._ends_at is not None:
                raise Refused(DRAINING)
            left = self._make_room() if len(self._sessions) >= self._most else None
            session = Session(self._make_host(), {OWNER: token}, Traffic(self.traffic))
            session.host.named(session.name)
            self.opened += 1
            self._sessions.append(session)
            self._share_out()
            self._invitations[_digest(token)] = session, OWNER
            seat = self._seat(session, OWNER, token, owner, software)
        if left is not None:
            _end_away(left)
        with about_session(session.name):
            _log.info("session opened, %d now", len(self._sessions))
        return seat

    def join(self, token: str, client: ServiceClient, software: str = "") -> Seat:
        """Let a client into the session that a token invites to. Raises Refused."""
        with self._lock:
            session, role = self._invitations.get(_digest(token), (None, ""))
            if session is None:
                raise Refused(NO_SUCH_SESSION)
            if len(session.seats) >= MOST_MEMBERS:
                raise Refused(f"{MOST_MEMBERS} clients are in this session already")
            seat = self._seat(session, role, secrets.token_urlsafe(24), client, software)
        with about_session(session.name):
            _log.info("client %d has joined a session as %s", seat.member.client, role)
        self._tell(session)
        return seat

    def invitation(self, client: ServiceClient, role: str) -> str:
        """Return the token by which others join with that role. Raises Refused to who is no owner, ValueError."""
        if role not in ROLES:
            raise ValueError(f"there are {', '.join(ROLES)}, and no role {role!r:.40}")
        session = self._owned_by(client, "invite others").session
        with self._lock:
            if role not in session.tokens:
                token = session.tokens[role] = secrets.token_urlsafe(24)
                if session in self._sessions:
                    self._invitations[_digest(token)] = session, role
            return session.tokens[role]

    def find(self, token: Any) -> Seat | None:
        """Return the seat that a HELLO names by its token."""
        with self._lock:
            return self._seats.get(_digest(token)) if isinstance(token, str) else None

    def of(self, client: ServiceClient) -> Seat | None:
        """Return the seat that this connection has taken last."""
        with self._lock:
            return next((one for one in reversed(self._seats.values()) if one.connection is client), None)

    def watch(self, client: ServiceClient, stream: StreamWriter) -> None:
        """Tell a stream who is in the session of that connection, now and from now on. Raises Refused."""
        seat = self.of(client)
        if seat is None:
            raise Refused("this connection is in no session: open or join one")
        with self._lock:
            seat.session.watchers = [one for one in seat.session.watchers if not one.over] + [stream]
        self._tell(seat.session)

    def leave(self, client: ServiceClient) -> None:
        """Take a client out of its sessions: its connection is over. Those end that nobody keeps."""
        with self._lock:
            left = [one for one in self._seats.values() if one.connection is client]
            for seat in left:
                del self._seats[_digest(seat.token)]
                seat.session.seats.remove(seat)
            sessions = list({id(one.session): one.session for one in left}.values())
            ended = [one for one in sessions if not one.is_kept]
            for session in ended:
                self._remove(session)
        for session in ended:
            session.host.close(SESSION_ENDED)
            with about_session(session.name):
                _log.info("session closed, %d left", len(self._sessions))
        for session in sessions:
            self._tell(session)

    def end(self, client: ServiceClient) -> None:
        """End the session of that connection for all who are in it. Raises Refused to who is no owner."""
        session = self._owned_by(client, "end it for all").session
        with self._lock:
            there = session in self._sessions
            if there:
                self._remove(session)
        if there:
            session.host.close(ENDED_BY_OWNER)
            with about_session(session.name):
                _log.info("session ended by its owner, %d left", len(self._sessions))

    def __len__(self) -> int:
        """Return how many sessions there are."""
        return len(self._sessions)

    @property
    def draining(self) -> bool:
        """Whether no further sessions are opened, because the server is to end."""
        return self._ends_at is not None

    def drain(self, seconds: float) -> None:
        """Open no further sessions, and tell those who watch that the server ends in so many seconds, or before."""
        with self._lock:
            self._ends_at = time.monotonic() + seconds
            sessions = list(self._sessions)
        for session in sessions:
            self._tell(session)

    def look(self) -> list[dict[str, Any]]:
        """Return what operators are told of each session: see the operation `status`."""
        with self._lock:
            found = [(one, [seat.to_operator() for seat in one.seats], one.away_since) for one in self._sessions]
        return [
            {
                "name": session.name,
                "since": session.since,
                "away_since": _by_the_calendar(away_since),
                "clients": clients,
                **session.traffic.counts().to_dict(),
                **session.host.look().to_dict(),
                "may_queue_bytes": session.may_wait,
            }
            for session, clients, away_since in found
        ]

    def close(self, timeout_s: float) -> Left:
        """End all sessions; tells what is left of them, and of those that end already."""
        with self._lock:
            self._closed = True  # or a session that is opened now would be ended by nobody
            sessions = list(self._sessions)
            for session in sessions:
                self._remove(session)
            ending = list(self._ending)
        until = time.monotonic() + timeout_s
        for session in sessions:
            session.host.close(SHUTTING_DOWN)
        return max((host.join(max(0.1, until - time.monotonic())) for host in ending), default=Left.NOTHING)

    # --- inside

    def _make_room(self) -> Session:
        """Take out the session whose clients have been away longest. Under the lock. Raises NoRoom if none is."""
        away = [(since, one) for one in self._sessions if (since := one.away_since) is not None]
        if not away:
            raise NoRoom(f"this server has {self._most} sessions already; close one, or raise --max-sessions")
        _, session = min(away, key=itemgetter(0))
        self._remove(session)
        return session

    def _owned_by(self, client: ServiceClient, what: str) -> Seat:
        seat = self.of(client)
        if seat is None or seat.member.role != OWNER:
            role = "in no session" if seat is None else f"its {seat.member.role}"
            raise Refused(f"only owners of a session may {what}; this client is {role}")
        return seat

    def _seat(self, session: Session, role: str, token: str, client: ServiceClient, software: str) -> Seat:
        session.joined += 1
        seat = Seat(session, Member(session.joined, role), token, client, software[:100], time.time())
        session.seats.append(seat)
        self._seats[_digest(token)] = seat
        return seat

    def _remove(self, session: Session) -> None:
        """Take a session, and all tokens of it, out of the table: it is about to be closed. Under the lock."""
        self._sessions.remove(session)
        self._ending = [host for host in self._ending if host.join(0.0) is Left.SOMETHING] + [session.host]
        self._share_out()
        for token in session.tokens.values():
            self._invitations.pop(_digest(token), None)
        for seat in session.seats:
            self._seats.pop(_digest(seat.token), None)

    def _share_out(self) -> None:
        """Have each session let wait no more than its share. Under the lock."""
        if self._share is not None:
            share = self._share(len(self._sessions))
            for session in self._sessions:
                if session.may_wait != share:
                    session.may_wait = share
                    session.host.let_wait(share)

    def _tell(self, session: Session) -> None:
        """Tell those who watch who is in a session. They are told by one thread, that of the service."""
        with self._lock:
            told: dict[str, Any] = {"clients": [one.to_dict() for one in session.seats]}
            if self._ends_at is not None:
                told["ends_in_s"] = max(0.0, self._ends_at - time.monotonic())
            item = Packet(told)
            watchers = list(session.watchers)
        for stream in watchers:
            with suppress(Closed, Busy):  # it has left; it does not read, and is cut for that
                stream.put(item)


def _end_away(session: Session) -> None:
    """End a session that made room for another; its clients are told when they come back."""
    reason = ROOM_MADE.format(time.monotonic() - (session.away_since or time.monotonic()))
    session.host.close(reason)
    for seat in session.seats:
        seat.connection.close(ConnectionLost(reason))
    with about_session(session.name):
        _log.info("%s", reason)


def _by_the_calendar(since: float | None) -> float | None:
    """Return a time by `time.monotonic()` in seconds since 1970."""
    return None if since is None else time.time() - (time.monotonic() - since)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
