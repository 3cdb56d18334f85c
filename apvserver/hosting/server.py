"""The server: it holds the listening socket and the table of sessions, and imports no VTK."""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from async_paraview.operations import Method, Operation, Result, sessions
from async_paraview.operations.members import IDS_EACH, KEY
from services_core import (
    Channel,
    ChannelReceiver,
    IncomingCall,
    Kind,
    Message,
    Packet,
    PacketError,
    ProtocolViolation,
    Refused,
    Reply,
    Service,
    ServiceClient,
    ServiceCrashed,
    ServicesEngine,
    ServicesError,
    __version__,
    backend_class,
    goodbye,
    public_url,
    split_url,
)
from services_core.lasting.kept import IS_AWAY, IS_BACK

from ..log_format import SESSION
from ..memory_watch import MemoryWatch
from ..settings import Settings
from ..vtk.rendering.opengl import OpenGLUnavailable, require_opengl
from .access import Access
from .admission.share import Share
from .admission.waiting_line import WaitingLine
from .authentication import Authentication, hello_info
from .monitoring.operators import OPERATOR, OperatorsDesk
from .monitoring.report import session_lines, waiting_lines
from .monitoring.traffic import MeteredChannel
from .placement import check_threads, host_maker
from .reverse import ReverseConnections
from .session_host import Left
from .session_table import NO_SUCH_SESSION, Seat, SessionTable
from .worker_process import running_workers
from .workers.worker_pool import WorkerPool

_log = logging.getLogger(__name__)

SERVICES: Final = ("data", "render")
"""The services that every session has."""

POOL_ENDS_S: Final = 3.0

WRONG_TOKEN_S: Final = 0.5
"""After so long a wrong token is answered."""

TOKEN: Final = "token"
"""Where a HELLO names the token of the server."""

TOO_LARGE: Final = "the header of this HELLO is too large to be passed on: leave out what nobody asks for"

ONLY_RELAYS: Final = "AWAY is for who passes on what a client says; this server notices by itself who is away"

_AWAY: Final = int(Kind.AWAY)

MOST_WRONG_TOKENS: Final = 8
"""Of one connection, which then is ended."""


def _worker_died(error: ServiceCrashed) -> None:
    """Log the death: the session stays, for its client may restart it; it ends with the connection that opened it."""
    _log.error("%s", error)


class SessionsService(Service):
    """The service that every client talks to first: it opens sessions, and lets others into them.

    A client is in its session as long as that connection lives; that of a client that got lost is kept for a while.
    """

    receives: ClassVar[bool] = False  # what is relayed would wait for its work

    def __init__(self, table: SessionTable, about: dict[str, Any], desk: OperatorsDesk) -> None:
        super().__init__("sessions")
        self._table = table
        self._about = about
        self._wrong: Counter[ServiceClient] = Counter()
        self._line = WaitingLine(self, self._begin)
        desk.waiting = lambda: self._line.state
        self._share = Share()
        self._methods: dict[type[Operation], Method] = {
            sessions.Open: self._open,
            sessions.Line: self._watch_line,
            sessions.Join: self._join,
            sessions.Invite: self._invite,
            sessions.Clients: self._watch_clients,
            sessions.End: self._end,
            sessions.Restart: self._restart,
            sessions.About: self._tell_about,
            **desk.methods,
        }

    def process(self, incoming: IncomingCall) -> Result:
        """See Service.process; docs/protocol.md lists the operations."""
        return sessions.OPERATIONS.call(self._methods, incoming)

    def preview(self, incoming: IncomingCall) -> None:
        """Let no connection fill the queue in which all others wait."""
        self._share.take(incoming)

    def client_left(self, client: ServiceClient) -> None:
        """Take that client out of its sessions."""
        self._share.left(client)
        del self._wrong[client]
        self._table.leave(client)
        self._line.left(client)  # after: its place is free

    def cancelled(self, incoming: IncomingCall) -> None:
        """Let the others in the line go on: this client waits no longer."""
        self.call_soon(self._line.go_on)

    def _open(self, incoming: IncomingCall, wanted: sessions.Open) -> None:
        self._line.join(incoming, stays=wanted.wait)

    def _begin(self, incoming: IncomingCall) -> Reply[None]:
        seat = self._table.open(incoming.client, _software(incoming))
        self._welcome(incoming, seat)
        return seat.session.host.ready

    def _watch_line(self, incoming: IncomingCall, wanted: sessions.Line) -> None:
        assert incoming.stream is not None  # or it would have been refused: it is a stream
        self._line.watch(incoming.client, incoming.stream)

    def _join(self, incoming: IncomingCall, wanted: sessions.Join) -> None:
        try:
            seat = self._table.join(wanted.session, incoming.client, _software(incoming))
        except Refused as refusal:
            self._refuse_later(incoming, refusal)
        else:
            del self._wrong[incoming.client]
            self._welcome(incoming, seat)

    def _refuse_later(self, incoming: IncomingCall, refusal: Refused) -> None:
        """Whoever tries tokens is slow at it."""
        incoming.defer()
        self._wrong[incoming.client] += 1
        if self._wrong[incoming.client] >= MOST_WRONG_TOKENS:
            incoming.client.close(Refused(f"{MOST_WRONG_TOKENS} tokens in a row were wrong"))
        self.call_later(WRONG_TOKEN_S, lambda: incoming.fail(refusal))

    def _welcome(self, incoming: IncomingCall, seat: Seat) -> None:
        member = seat.member
        answer = {
            "session": seat.token,
            "services": list(SERVICES),
            **member.to_dict(),
            "ids": [member.first_id, member.first_id + IDS_EACH - 1],
            **self._about,
        }
        _answer_when(seat.session.host.ready, incoming, Packet(answer))

    def _invite(self, incoming: IncomingCall, wanted: sessions.Invite) -> Packet:
        return Packet({"session": self._table.invitation(incoming.client, wanted.role)})

    def _watch_clients(self, incoming: IncomingCall, wanted: sessions.Clients) -> None:
        assert incoming.stream is not None  # or it would have been refused: it is a stream
        self._table.watch(incoming.client, incoming.stream)

    def _end(self, incoming: IncomingCall, wanted: sessions.End) -> None:
        self._table.end(incoming.client)
        self._line.go_on()

    def _restart(self, incoming: IncomingCall, wanted: sessions.Restart) -> None:
        seat = self._table.of(incoming.client)
        if seat is None or not seat.member.may_change:
            raise Refused("this connection has no session that it could restart: it opened or joined none, or looks on")
        _answer_when(seat.session.host.restart(), incoming, Packet({}))

    def _tell_about(self, incoming: IncomingCall, wanted: sessions.About) -> Packet:
        return Packet(self._about)


def _answer_when(ready: Reply[None], incoming: IncomingCall, answer: Packet) -> None:
    """Answer a request when a session is ready, or with the error that prevents it."""
    incoming.defer()

    def reply() -> None:
        try:
            ready.result()
        except ServicesError as error:
            incoming.fail(error)
        else:
            incoming.reply(answer)

    ready.add_done_callback(reply)


def _software(incoming: IncomingCall) -> str:
    return str(incoming.client.info.get("software", ""))


class SessionRouter:
    """The first receiver of a new channel: its HELLO decides who receives the rest."""

    def __init__(
        self, channel: Channel, engine: ServicesEngine, table: SessionTable, authentication: Authentication
    ) -> None:
        self._channel: Channel = channel
        self._engine = engine
        self._table = table
        self._authentication = authentication
        self._next: ChannelReceiver | None = None
        self._meter: MeteredChannel | None = None
        self._broken = False

    def on_messages(self, messages: Sequence[Message]) -> None:
        """Take what the client said."""
        if self._broken or any(one[0] == _AWAY and one is not IS_AWAY and one is not IS_BACK for one in messages):
            self._break_off()
            return
        if self._next is None:
            self._next, hello = self._choose(messages[0])
            messages = [hello, *messages[1:]]
        if self._meter is not None:
            self._meter.arrived(messages)
        self._next.on_messages(messages)

    def on_closed(self, error: ServicesError | None) -> None:
        """Note that the channel ended, perhaps before it said anything."""
        if self._next is not None:
            self._next.on_closed(error)

    def _break_off(self) -> None:
        """End the connection of a client that says what only a relay may, once."""
        if not self._broken:
            self._broken = True
            self._channel.send(goodbye(ProtocolViolation(ONLY_RELAYS)))
            self._channel.close()

    def _choose(self, hello: Message) -> tuple[ChannelReceiver, Message]:
        """Return who receives the rest, and the HELLO for it: with what this server knows of the client."""
        info = hello_info(hello)
        said = info.pop(KEY, None)
        refusal = self._authentication.refusal(info, self._channel)
        if refusal:
            return self._engine.receiver(self._channel, authorize=partial(_refuse, refusal)), hello
        if info.get("service") == "sessions" or (info.get("service") not in SERVICES and not info.get("session")):
            own = self._engine.receiver(self._channel)  # or something that is refused by name
            return own, self._with_operator(hello, info, changed=said is not None)
        seat = self._table.find(info.get("session"))
        if seat is None:
            return self._engine.receiver(self._channel, authorize=partial(_refuse, NO_SUCH_SESSION)), hello
        known = {name: value for name, value in info.items() if name != TOKEN}  # whom it let in, the server knows
        try:
            told = {**known, KEY: seat.member.to_dict(), SESSION: seat.session.name}
            introduced = hello._replace(packet=Packet(told))
        except PacketError:
            return self._engine.receiver(self._channel, authorize=partial(_refuse, TOO_LARGE)), hello
        self._meter = MeteredChannel(self._channel, seat.session.traffic)
        return seat.session.host.receiver(self._meter, introduced), introduced

    def _with_operator(self, hello: Message, info: dict[str, Any], *, changed: bool) -> Message:
        """Return a HELLO that says whether it is the operator's, whatever the client says."""
        said = info.pop(OPERATOR, None) is not None
        if self._authentication.is_operator(info):
            known = {name: info.get(name) for name in ("service", "protocol")}  # all that counts, and never too large
            return hello._replace(packet=Packet({**known, OPERATOR: True}))
        return hello._replace(packet=Packet(info)) if changed or said else hello


class Server:
    """A server: listens at these URLs and gives each client a session on `backend`, with these settings.

    Whatever that backend is, a URL is served by the backend that it names or, as those of tcp, by the one built in.
    `access` says what clients have to show first. `spare_workers` are kept ready for the next clients; they are forked
    where that is possible, if `fork_workers`.
    """

    def __init__(
        self,
        listen: Sequence[str],
        backend: str,
        *,
        settings: Settings,
        max_sessions: int,
        access: Access,
        spare_workers: int = 0,
        fork_workers: bool = False,
    ) -> None:
        check_threads(backend)
        self._authentication = Authentication(access.token, access.operator)
        self._reverse_authentication = Authentication(access.token if access.lasting else None)
        self._reverse: ReverseConnections | None = None
        self._engine = ServicesEngine(backend, name="apvserver", keep_s=settings.keep_s, keys=access.keys)
        self._pool: WorkerPool | None = None
        if backend_class(backend).crosses_processes:
            opengl: Reply[dict[str, str]] = Reply()
            self._pool = WorkerPool(backend, settings, spares=spare_workers, forks=fork_workers, opengl=opengl)
        make_host = host_maker(backend, settings, engine=self._engine, died=_worker_died, pool=self._pool)
        self._table = SessionTable(make_host, max_sessions, settings.queued_share)
        limits = settings.max_memory, settings.max_total_memory
        self._watch = MemoryWatch(running_workers, *limits) if any(limits) else None
        about = {
            "version": __version__,
            "backend": backend,
            "python": platform.python_version(),
            "host": platform.node(),
        }
        self.desk = OperatorsDesk(about, self._table)
        """What operators may ask."""
        self._engine.add_service(SessionsService(self._table, about, self.desk))
        try:
            self.urls = [self._listen(url) for url in listen]
        except BaseException:
            self._end_pool(POOL_ENDS_S)
            self._end_watch()
            self._engine.close()
            raise
        if self._pool is not None:
            threading.Thread(target=_prepare, args=[self._pool, opengl], name="opengl-verdict", daemon=True).start()

    def offer_to(self, url: str, over: Callable[[ServicesError | None], None]) -> None:
        """Offer connections to the client that waits at `url`, which is then served as others are, until it leaves.

        `over(error)` is called when that is over: see `ReverseConnections`. Raises ConfigurationError for a URL that
        cannot be.
        """
        self._reverse = ReverseConnections(
            self._engine,
            url,
            partial(self._router, authentication=self._reverse_authentication),
            over,
            served=lambda: self._reverse_authentication.has_admitted,
        )

    @property
    def sessions(self) -> int:
        """Return how many sessions there are."""
        return len(self._table)

    def drain(self, seconds: float) -> None:
        """Open no further sessions: the server is to end in so many seconds, or when the last one has ended."""
        _log.warning("draining: the sessions that are left (%d) have %g s to end", self.sessions, seconds)
        self._table.drain(seconds)

    def describe(self) -> list[str]:
        """Return what the sessions are at, in lines for a log, and have the workers write theirs."""
        for worker in running_workers():
            worker.dump()
        status = self.desk.status()
        return [*session_lines(status), *waiting_lines(status)]

    def close(self, timeout_s: float = 6.0) -> Left:
        """Tell every client, end every session and thread; tells what is left. Blocks up to `timeout_s`."""
        until = time.monotonic() + timeout_s
        self._end_watch()
        self._authentication.close()
        if self._pool is not None:
            self._pool.close()
        if self._reverse is not None:
            self._reverse.close()
        left = self._table.close(timeout_s * 0.7)
        if not self._end_pool(max(0.1, until - time.monotonic())):
            left = Left.SOMETHING
        try:
            self._engine.close(max(0.5, until - time.monotonic()))
        except ServicesError as error:
            _log.warning("%s", error)
            return Left.SOMETHING
        return left

    def _end_pool(self, timeout_s: float) -> bool:
        if self._pool is None:
            return True
        self._pool.close()
        return self._pool.join(timeout_s)

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.close()

    def _listen(self, url: str) -> str:
        """Return the URL at which others find it: the port that was taken, and the backend where one was named."""
        taken = self._engine.listen(public_url(url), self._accept).url
        name, _ = split_url(url)
        return f"{name}+{taken}" if name else taken

    def _router(self, channel: Channel, *, authentication: Authentication) -> SessionRouter:
        return SessionRouter(channel, self._engine, self._table, authentication)

    def _accept(self, channel: Channel) -> None:
        channel.start(self._router(channel, authentication=self._authentication))


def _prepare(pool: WorkerPool, told: Reply[dict[str, str]]) -> None:
    """Find out, once for all workers, how to render: it takes each of them as long as all else. Then begin spares."""
    libraries: tuple[str, ...] = ()
    try:
        report = require_opengl()
    except OpenGLUnavailable as error:
        _log.info("%s", error)  # a worker that has to render says so to its client
        told.resolve({"opengl": "", "failure": str(error)})
    else:
        libraries = report.libraries
        told.resolve({"opengl": report.window_class, "failure": ""})
    pool.prepare(libraries)


def _refuse(reason: str, _hello: dict[str, Any]) -> None:
    raise Refused(reason)
