"""Getting a session: from a server by URL, or built in, by APV_COMMUNICATION_BACKEND."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor  # noqa: F401  asyncio would import it in the loop that connects
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from async_paraview.credentials import ServerAccess, find_access
from async_paraview.interpreter.lock import BACKEND_WITHOUT, gil_enabled
from async_paraview.operations import sessions
from services_core import (
    ConfigurationError,
    ConnectionFailed,
    Refused,
    RemoteError,
    Reply,
    ServiceEndpoint,
    ServicesEngine,
    backend_class,
    backend_name,
    public_url,
)

from .membership import Membership
from .opening import WAIT_S, OnWaiting, open_session
from .reach.host_names import unknown_host
from .reach.ssh_address import SCHEME
from .reach.ssh_server import SshServer
from .reach.waiting import REVERSE, waited_at
from .server_connection import ServerConnection
from .session import Session

URL_VARIABLE: Final = "APV_SERVER_URL"
"""The server that `connect()` without a URL connects to; unset: built in."""

BUILT_IN: Final = "apvserver.hosting.builtin"
"""The module that starts a built-in session. Named, not imported: a remote client needs neither it nor VTK."""

OPEN_DEADLINE_S: Final = 60.0

SessionWatcher = Callable[[Session], object]
_watchers: Final[list[SessionWatcher]] = []


def watch_sessions(watcher: SessionWatcher) -> Callable[[], None]:
    """Have `watcher(session)` called in the loop of each session of this process that is opened from now on.

    It must not raise. Calling what is returned ends it.
    """
    _watchers.append(watcher)
    return lambda: _watchers.remove(watcher)


@dataclass(eq=False, repr=False)  # one of the fields is a secret
class Connecting(Coroutine[Any, Any, Session]):
    """A session on its way: `async with connect(url) as session`, or `session = await connect(url)`.

    `asyncio.create_task(connect(url))` goes as well. It is one session, however it is waited for.
    """

    _url: str | None
    _source: str
    """Begins a message about the URL: where it stands, if not in the call."""
    _backend: str | None
    _token_file: str | os.PathLike[str] | None
    _joins: str | None
    _insecure: bool
    _restarts: bool
    _begin: Callable[[ServiceEndpoint, str], Awaitable[dict[str, Any]]]
    _made_at: tuple[str, int]
    """The line that has called `connect`."""
    _stream: str | None = None
    """From which size on a built-in session executes data in pieces."""
    _session: Session | None = None
    _opening: Coroutine[Any, Any, Session] | None = field(default=None, init=False)

    def __await__(self) -> Generator[Any, None, Session]:
        return self._begun().__await__()

    async def __aenter__(self) -> Session:
        self._session = await self
        return self._session

    async def __aexit__(self, kind: type[BaseException] | None, *exception: object) -> None:
        if self._session is not None:
            await self._session.__aexit__(kind, *exception)

    def send(self, value: Any) -> Any:
        """Go on, for a task."""
        return self._begun().send(value)

    def throw(self, kind: Any, value: Any = None, trace: Any = None) -> Any:
        """Go on with an error, for a task."""
        return self._begun().throw(kind if value is None else value)

    def close(self) -> None:
        """Give it up, for a task; what was not begun is then nothing that was forgotten, as with any coroutine."""
        self._begun().close()

    def __del__(self) -> None:
        if self._opening is None:
            warnings.warn_explicit("coroutine 'connect' was never awaited", RuntimeWarning, *self._made_at, source=self)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a session on its way has no {name!r}; await connect() first, which gives the session")

    def _begun(self) -> Coroutine[Any, Any, Session]:
        """Return what opens it: one only. Raises RuntimeError where that was awaited before, as of any coroutine."""
        if self._opening is None:
            self._opening = self._open()
        return self._opening

    async def _open(self) -> Session:
        opened = await self._opened()
        for watcher in _watchers[:]:
            watcher(opened)
        return opened

    async def _opened(self) -> Session:
        loop = asyncio.get_running_loop()
        backend = _usual_backend(self._backend)
        await loop.run_in_executor(None, backend_class, backend)  # an import may take 0.1 s
        access = await loop.run_in_executor(None, self._direct_access)
        engine = ServicesEngine(backend, name="client", keys=None if access is None else access.keys)
        try:
            if self._url is None:
                if self._joins is not None:
                    raise ConfigurationError(f"a session is joined at a server: name its URL, or set {URL_VARIABLE}")
                return await _built_in(engine, self._restarts, self._stream)
            if self._stream is not None:
                raise ConfigurationError(
                    f"stream={self._stream!r} is for built-in sessions, and {public_url(self._url)} is a server: start "
                    f"that with --stream {self._stream}"
                )
            if self._url.startswith(SCHEME):
                if self._joins is not None:
                    raise ConfigurationError("ssh:// starts a server of its own, which has no session to join yet")
                return await self._over_ssh(engine, self._url)
            if access is None:
                return await self._waiting(engine, self._url)
            return await self._direct(engine, access)
        except BaseException:
            await engine.aclose()
            raise

    def _direct_access(self) -> ServerAccess | None:
        """Return how to connect to the server, None if it is started, or connects to here."""
        if self._url is None or self._url.startswith((SCHEME, REVERSE)):
            return None
        return self._find_access(self._url)

    def _find_access(self, url: str) -> ServerAccess:
        try:
            return find_access(url, token_file=self._token_file)
        except ConfigurationError as error:
            raise ConfigurationError(f"{self._source}{error}") from error

    async def _direct(self, engine: ServicesEngine, access: ServerAccess) -> Session:
        try:
            control = engine.endpoint("sessions", public_url(access.url), token=access.token)
        except ConfigurationError as error:
            raise ConfigurationError(f"{self._source}{error}") from error
        try:
            if access.named is not None:
                await control.connected()
                await asyncio.get_running_loop().run_in_executor(None, access.worked)
            return await _remote(engine, control, access, access.url, self._joins, self._begin, restarts=self._restarts)
        except ConnectionFailed as error:
            why = await asyncio.get_running_loop().run_in_executor(None, unknown_host, access.url)
            if why is None:
                raise
            raise ConnectionFailed(why) from error

    async def _over_ssh(self, engine: ServicesEngine, url: str) -> Session:
        server = SshServer(url)
        try:
            access = ServerAccess(url=await server.url, token=server.token)
            control = engine.endpoint("sessions", access.url, token=access.token)
            more = {"restarts": self._restarts, "close_server": server.close}
            return await _remote(engine, control, access, url, None, self._begin, **more)
        except BaseException:
            await asyncio.get_running_loop().run_in_executor(None, server.close)
            raise

    async def _waiting(self, engine: ServicesEngine, url: str) -> Session:
        try:
            place = engine.wait_at(waited_at(url, insecure=self._insecure))
        except ConfigurationError as error:
            raise ConfigurationError(f"{self._source}{error}") from error
        token = (await asyncio.get_running_loop().run_in_executor(None, self._find_access, url)).token
        await place.arrived
        access = ServerAccess(url=place.url, token=token)
        control = engine.endpoint("sessions", place.url, token=token)
        return await _remote(engine, control, access, url, self._joins, self._begin, restarts=self._restarts)


def connect(
    url: str | None = None,
    *,
    backend: str | None = None,
    token_file: str | os.PathLike[str] | None = None,
    session: str | None = None,
    reverse: bool = False,
    insecure: bool = False,
    restart: bool = True,
    wait_s: float = WAIT_S,
    on_waiting: OnWaiting | None = None,
    stream: str | None = None,
) -> Connecting:
    """Return a session on its way, at once: with the server at `url` (tcp://host:port), or built in without any.

    "auto" means the newest apvserver of this user on this machine. A server asks for its token: of those on this
    machine, started by this user, it is found; of others it stands in `token_file` (default: APV_TOKEN_FILE), a file of
    mode 0600. One at `curve://host:port` asks for keys (docs/security.md).

    With `session`, the token that another program has (`session.token`, or what `session.invite` gave), its session is
    joined: pipelines and views that are there are here as well, and each sees what the others change
    (docs/servermanager.md).

    `ssh://user@host` starts an apvserver there over the ssh of this system, which may ask for a password at the
    terminal, and is reached, and ends, over the same connection (docs/ssh.md).

    With `reverse` a server is waited for at `url`, for as long as it takes: it is to connect here (apvserver
    --reverse-connection). Beyond loopback that needs `insecure`: whoever comes first is taken for the server.

    Built in, `backend` (default: APV_COMMUNICATION_BACKEND, else "inproc") chooses how: threads of this process, or,
    where the backend reaches other processes, a worker process. A Python without its lock (free-threaded) takes "zmq",
    and refuses threads: VTK is not safe there. Without `url` the environment variable APV_SERVER_URL
    is looked at first. Where the session has a worker process that dies, it goes on by itself in another, with all that
    it consists of; without `restart` every call raises ServiceCrashed from then on, until `Session.restart`.

    Built in, data from the size `stream` on, such as "2GB", is executed in pieces, one after the other, where that
    gives the same (default: APV_STREAM; "off": never; docs/large_data.md). On threads that counts for all sessions of
    the process. A server is told so as it is started.

    A server that has as many sessions as it may have, or begins many, lets clients wait in a line: up to `wait_s` (0:
    not for one that is full), after which ConnectionFailed says how long the line was. `on_waiting(ahead)` is called
    with the number of clients that come before, whenever that changes.

    Awaiting it raises ConnectionFailed within a few seconds if nobody answers, VersionMismatch, Refused, also for a
    token of no session, or ConfigurationError for a URL or backend that cannot be.
    """
    at = url or os.environ.get(URL_VARIABLE) or None
    if reverse and at is not None and not at.startswith(REVERSE):
        at = f"{REVERSE}{at}"
    source = "" if url else f"{URL_VARIABLE} is {at!r}: "
    begin = partial(open_session, wait_s=wait_s, on_waiting=on_waiting)
    caller = _caller()
    return Connecting(at, source, backend, token_file, session, insecure, restart, begin, caller, stream)


def _caller() -> tuple[str, int]:
    """Return the file and the line that have called who calls this."""
    frame = inspect.currentframe()
    for _ in range(2):
        frame = None if frame is None else frame.f_back
    return ("connect", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def _usual_backend(chosen: str | None) -> str | None:
    """Return the backend to use, None for the usual one: sessions are no threads where Python has no lock."""
    return chosen if gil_enabled() else backend_name(chosen, default=BACKEND_WITHOUT)


async def _built_in(engine: ServicesEngine, restarts: bool, stream: str | None) -> Session:
    loop = asyncio.get_running_loop()
    module = await loop.run_in_executor(None, importlib.import_module, BUILT_IN)
    started = module.BuiltInSession(engine, stream=stream)
    try:
        url = await started.ready
        more = {"restart_server": started.restart, "close_server": started.close}
        return _session(engine, url, None, None, about=started.about, restarts=restarts, **more)
    except BaseException:
        await loop.run_in_executor(None, started.close)
        raise


async def _remote(
    engine: ServicesEngine,
    control: ServiceEndpoint,
    access: ServerAccess,
    url: str,
    joins: str | None,
    begin: Callable[[ServiceEndpoint, str], Awaitable[dict[str, Any]]],
    **more: Any,
) -> Session:
    """Return a session with the server that the user knows as `url`, of another program if there is a token of that."""
    about = await (begin(control, url) if joins is None else _join_session(control, url, joins))
    mine = about.pop("session")
    membership = Membership.of_answer(about, joins or mine)

    def restart() -> Reply[Any]:
        return control.send_request(sessions.Restart().packet(), deadline_s=OPEN_DEADLINE_S)

    more |= {"restart_server": restart, "membership": membership, "control": control}
    session = _session(engine, access.url, mine, access.token, about=about, **more)
    await session.follow(snapshot=joins is not None)
    return session


async def _join_session(control: ServiceEndpoint, url: str, token: str) -> dict[str, Any]:
    try:
        reply = await control.send_request(sessions.Join(session=token).packet(), deadline_s=OPEN_DEADLINE_S)
    except RemoteError as error:
        if error.type_name == "Refused":
            raise Refused(error.message) from error
        raise ConnectionFailed(f"the server at {url} let nobody into that session: {error}") from error
    about: dict[str, Any] = {**reply.header, "url": url}
    return about


def _session(engine: ServicesEngine, url: str | None, session: str | None, token: str | None, **more: Any) -> Session:
    def endpoint(service: str, connect_s: float | None) -> ServiceEndpoint:
        at = url and public_url(url)
        return engine.endpoint(service, at, session=session, token=token, connect_s=connect_s)

    return Session(ServerConnection(engine, endpoint, **more))
