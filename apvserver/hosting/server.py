"""The server: it holds the listening socket and the table of sessions, and imports no VTK."""

from __future__ import annotations

import logging
import platform
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from async_paraview.operations import Method, Operation, Result, sessions
from services_core import (
    SHUTTING_DOWN,
    Channel,
    ChannelReceiver,
    IncomingCall,
    Kind,
    Message,
    Packet,
    PacketError,
    Refused,
    Service,
    ServiceClient,
    ServiceCrashed,
    ServicesEngine,
    ServicesError,
    __version__,
    backend_class,
    public_url,
    split_url,
)

from ..settings import Settings
from ..vtk.rendering.opengl import OpenGLUnavailable, require_opengl
from .access import Access
from .authentication import Authentication
from .placement import MakeHost, host_maker
from .session_host import SessionHost

_log = logging.getLogger(__name__)

SERVICES: Final = ("data", "render")
"""The services that every session has."""

NO_SESSION: Final = "there is no such session here: it has ended, or its token is wrong; connect again to open one"
SESSION_ENDED: Final = "the session has ended: the connection on which it was opened is over"


@dataclass(frozen=True, slots=True)
class Session:
    """One client's session: its token, its host, and the connection that it lives as long as."""

    token: str
    host: SessionHost
    owner: ServiceClient


class SessionTable:
    """The sessions of a server, by token. Thread-safe; no method but `close` blocks."""

    def __init__(self, make_host: MakeHost, most: int) -> None:
        self._make_host = make_host
        self._most = most
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._closed = False

    def open(self, owner: ServiceClient) -> Session:
        """Begin a session. Raises Refused if there are too many, or the table is closed."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            if self._closed:
                raise Refused(SHUTTING_DOWN)
            if len(self._sessions) >= self._most:
                raise Refused(f"this server has {self._most} sessions already; close one, or raise --max-sessions")
            host = self._make_host()
            session = self._sessions[token] = Session(token, host, owner)
        _log.info("session opened, %d now", len(self._sessions))
        return session

    def find(self, token: Any) -> Session | None:
        """Return the session of that token."""
        with self._lock:
            return self._sessions.get(token) if isinstance(token, str) else None

    def owned_by(self, owner: ServiceClient) -> Session | None:
        """Return the session that this connection has opened last."""
        with self._lock:
            return next((one for one in reversed(list(self._sessions.values())) if one.owner is owner), None)

    def free(self, owner: ServiceClient) -> None:
        """End the sessions that a connection has opened: it is over."""
        with self._lock:
            ended = [session for session in self._sessions.values() if session.owner is owner]
            for session in ended:
                del self._sessions[session.token]
        for session in ended:
            session.host.close(SESSION_ENDED)
            _log.info("session closed, %d left", len(self._sessions))

    def close(self, timeout_s: float) -> bool:
        """End all sessions; tells whether nothing of them is left."""
        with self._lock:
            self._closed = True  # or a session that is opened now would be ended by nobody
            sessions = list(self._sessions.values())
            self._sessions.clear()
        until = time.monotonic() + timeout_s
        for session in sessions:
            session.host.close(SHUTTING_DOWN)
        ended = [session.host.join(max(0.1, until - time.monotonic())) for session in sessions]
        return all(ended)


def _worker_died(error: ServiceCrashed) -> None:
    """Log the death: the session stays, for its client may restart it; it ends with the connection that opened it."""
    _log.error("%s", error)


class SessionsService(Service):
    """The service that every client talks to first: it opens sessions. A session lives as long as that connection."""

    def __init__(self, table: SessionTable, about: dict[str, Any]) -> None:
        super().__init__("sessions")
        self._table = table
        self._about = about
        self._methods: dict[type[Operation], Method] = {
            sessions.Open: self._open,
            sessions.Restart: self._restart,
            sessions.About: self._tell_about,
        }

    def process(self, incoming: IncomingCall) -> Result:
        """See Service.process; docs/protocol.md lists the operations."""
        return sessions.OPERATIONS.call(self._methods, incoming)

    def client_left(self, client: ServiceClient) -> None:
        """Free the sessions of that client."""
        self._table.free(client)

    def _open(self, incoming: IncomingCall, wanted: sessions.Open) -> None:
        session = self._table.open(incoming.client)
        incoming.defer()

        def answer() -> None:
            try:
                session.host.ready.result()
            except ServicesError as error:
                incoming.fail(error)
            else:
                incoming.reply(Packet({"session": session.token, "services": list(SERVICES), **self._about}))

        session.host.ready.add_done_callback(answer)

    def _restart(self, incoming: IncomingCall, wanted: sessions.Restart) -> None:
        session = self._table.owned_by(incoming.client)
        if session is None:
            raise Refused("this connection has opened no session that could be restarted")
        ready = session.host.restart()
        incoming.defer()

        def answer() -> None:
            try:
                ready.result()
            except ServicesError as error:
                incoming.fail(error)
            else:
                incoming.reply(Packet({}))

        ready.add_done_callback(answer)

    def _tell_about(self, incoming: IncomingCall, wanted: sessions.About) -> Packet:
        return Packet(self._about)


class SessionRouter:
    """The first receiver of a new channel: its HELLO decides who receives the rest."""

    def __init__(
        self, channel: Channel, engine: ServicesEngine, table: SessionTable, authentication: Authentication
    ) -> None:
        self._channel = channel
        self._engine = engine
        self._table = table
        self._authentication = authentication
        self._next: ChannelReceiver | None = None

    def on_messages(self, messages: Sequence[Message]) -> None:
        """Take what the client said."""
        if self._next is None:
            self._next = self._choose(messages[0])
        self._next.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """Note that the channel ended, perhaps before it said anything."""
        if self._next is not None:
            self._next.on_closed(error)

    def _choose(self, hello: Message) -> ChannelReceiver:
        info = _info(hello)
        refusal = self._authentication.refusal(info, self._channel)
        if refusal:
            return self._engine.receiver(self._channel, authorize=partial(_refuse, refusal))
        if info.get("service") == "sessions" or (info.get("service") not in SERVICES and not info.get("session")):
            return self._engine.receiver(self._channel)  # or something that is refused by name
        session = self._table.find(info.get("session"))
        if session is None:
            return self._engine.receiver(self._channel, authorize=partial(_refuse, NO_SESSION))
        return session.host.receiver(self._channel, hello)


class Server:
    """A server: listens at these URLs and gives each client a session on `backend`, with these settings.

    Whatever that backend is, a URL is served by the backend that it names or, as those of tcp, by the one built in.
    `access` says what clients have to show first.
    """

    def __init__(
        self, listen: Sequence[str], backend: str, *, settings: Settings, max_sessions: int, access: Access
    ) -> None:
        self._authentication = Authentication(access.token)
        self._engine = ServicesEngine(backend, name="apvserver", keys=access.keys)
        make_host = host_maker(backend, settings, engine=self._engine, died=_worker_died)
        self._table = SessionTable(make_host, max_sessions)
        about = {
            "version": __version__,
            "backend": backend,
            "python": platform.python_version(),
            "host": platform.node(),
        }
        self._engine.add_service(SessionsService(self._table, about))
        try:
            self.urls = [self._listen(url) for url in listen]
        except BaseException:
            self._engine.close()
            raise
        if backend_class(backend).crosses_processes:
            threading.Thread(target=_learn_opengl, name="opengl-verdict", daemon=True).start()

    def close(self, timeout_s: float = 6.0) -> bool:
        """Tell every client, end every session and thread; tells whether nothing is left. Blocks up to `timeout_s`."""
        until = time.monotonic() + timeout_s
        self._authentication.close()
        ended = self._table.close(timeout_s * 0.7)
        try:
            self._engine.close(max(0.5, until - time.monotonic()))
        except ServicesError as error:
            _log.warning("%s", error)
            return False
        return ended

    def _listen(self, url: str) -> str:
        """Return the URL at which others find it: the port that was taken, and the backend where one was named."""
        taken = self._engine.listen(public_url(url), self._accept).url
        name, _ = split_url(url)
        return f"{name}+{taken}" if name else taken

    def _accept(self, channel: Channel) -> None:
        channel.start(SessionRouter(channel, self._engine, self._table, self._authentication))


def _learn_opengl() -> None:
    """Find out, once for all workers, how to render: it takes each of them as long as all else."""
    try:
        require_opengl()
    except OpenGLUnavailable as error:
        _log.info("%s", error)  # a worker that has to render says so to its client


def _info(hello: Message) -> dict[str, Any]:
    try:
        info = hello.packet.header if hello.packet is not None and hello.kind == Kind.HELLO else None
    except PacketError:
        info = None
    return info if isinstance(info, dict) else {}


def _refuse(reason: str, _hello: dict[str, Any]) -> None:
    raise Refused(reason)
