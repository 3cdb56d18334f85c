"""The pages of a web server: each has a session of its own, or joins that of another; and for how long."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from servermanager import Session
from services_core import ConnectionFailed, ConnectionState, ServicesError

from .downloads import Downloads
from .page_server import PageServer
from .parts.publishing import Publisher
from .parts.view_sockets import ViewSockets
from .shelf import Shelf

_log = logging.getLogger(__name__)

GRACE_S: Final = 300.0
MOST_PAGES: Final = 32
FULL: Final = (
    "There are {count} pages open already, which is as many as there may be (--max-pages). Close one, wait until one "
    "that nobody looks at has ended, or start apvweb with a larger number."
)


FIRST_RETRY_S: Final = 0.5
LAST_RETRY_S: Final = 5.0
"""Between attempts to open a session in the place of one that was lost; each is twice as long as the one before."""


class Content(Protocol):
    """What is on a page: made when its session is there."""

    async def close(self) -> None:
        """End what belongs to the page, with its views."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link is for: the session that is joined, and the role there."""

    session: str = field(repr=False)
    role: str


OWN: Final = Invitation("", "owner")
"""What the page of a session of its own has."""

Connect = Callable[[str], Awaitable[Session]]
"""Opens a session of its own, or, by its token, joins another one."""


class Page:
    """One page: a trame server, what is on it, and the session it shows."""

    def __init__(
        self,
        connecting: asyncio.Future[Session],
        invitation: Invitation = OWN,
        *,
        link: str = "",
        id_: str = "",
        shelf: Shelf | None = None,
    ) -> None:
        self.id = id_ or secrets.token_urlsafe(12)
        self.link = link
        """The token of the link by which its session was joined, "": by none."""
        self.role = invitation.role
        """ "owner", "editor", or "viewer", who only looks."""
        self.is_first = invitation is OWN
        """Whether the session was opened for it."""
        self.connecting = connecting
        self.server = PageServer(f"apvweb-{self.id}")
        self.downloads = Downloads()
        self.waits_for = "Connecting."
        self.is_told_to_wait = False
        """Whether its browser shows what it waits for."""
        self.failure: str | None = None
        self.content: Content | None = None
        self.kept: bytes | None = None
        """The state of its session when that was looked at last, as a file: should the session be lost."""
        self.views: tuple[int, ...] = ()
        """The numbers of the views that are on it."""
        self.lost_views: tuple[int, ...] = ()
        """The numbers of those that were on it in the session that was lost."""
        self.renewed: Mapping[int, int] = {}
        """By these numbers, of all views of that session, those that the views have in the session in its place."""
        self._shelf = shelf if self.is_first else None
        self.opening: asyncio.Task[None]
        self._windows = 0
        self._unwatched: Callable[[], None] = _nothing

    async def keep(self, state: bytes) -> None:
        """Keep the state that its session has now. Raises ConfigurationError where files cannot be written."""
        self.kept = state
        if self._shelf is not None:
            await asyncio.to_thread(self._shelf.put, self.id, state)

    @property
    def is_open(self) -> bool:
        """Tell whether there is something on it."""
        return self.content is not None

    def shows(self, session: Session) -> bool:
        """Tell whether that is its session."""
        known = self.connecting
        return known.done() and not known.cancelled() and known.exception() is None and known.result() is session

    def when_unwatched(self, call: Callable[[], None]) -> None:
        """Have `call()` called whenever the last window with the page has gone."""
        self._unwatched = call

    @property
    def windows(self) -> int:
        """Return how many windows have it."""
        return self._windows

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count a window that has the page, in the block."""
        self._windows += 1
        try:
            yield
        finally:
            self._windows -= 1
            if not self._windows:
                self._unwatched()


Furnish = Callable[["Pages", Page, Session], Awaitable[Content]]
"""Makes what is on a page."""


class Pages:
    """All pages of a web server. Belongs to the loop."""

    def __init__(
        self,
        connect: Connect,
        furnish: Furnish,
        *,
        title: str = "ParaView",
        grace_s: float = GRACE_S,
        most: int = MOST_PAGES,
        shelf: Shelf | None = None,
    ) -> None:
        """Give each page a session by `connect("")`, and what is on it by `furnish(pages, page, session)`.

        A page that no window has ends after `grace_s` seconds. There are at most `most`. On `shelf` are the states of
        pages for when the program is started anew.
        """
        self.sockets = ViewSockets()
        self.mount: Callable[[PageServer, str], None] = _not_yet
        self.ended: Callable[[str], None] = lambda _: None
        """Called with the number of each page that has ended."""
        self.title = title
        self._connect = connect
        self._furnish = furnish
        self._grace_s = grace_s
        self._most = most
        self._shelf = shelf
        self._closing = False
        self._pages: dict[str, Page] = {}
        self._ends: dict[str, asyncio.TimerHandle] = {}
        self._spare: asyncio.Future[Session] | None = None
        self._first: Page | None = None
        self._invitations: dict[str, Invitation] = {}
        self._hosts: dict[str, Page] = {}
        """The pages whose sessions are joined, by the tokens of links."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()

    def prepare(self) -> None:
        """Begin to open the session of the page to come."""
        if self._spare is None:
            self._spare = asyncio.ensure_future(self._connect(""))

    def new(self) -> Page:
        """Return a new page with a session of its own, which is being opened."""
        if self._first is not None:
            page, self._first = self._first, None
            return self._enter(page)
        return self._begin(Page(self._connection(), shelf=self._shelf))

    def furnish_first(self) -> None:
        """Begin to make the page to come, with all that is on it. The web server has to listen already."""
        if self._first is None:
            self._first = Page(self._connection(), shelf=self._shelf)
            self._first.opening = self._start(self._open(self._first))

    async def invite(self, session: Session, role: str) -> str:
        """Return the path of a link by which another browser joins a session. Raises Refused if nobody can join it."""
        invitation = Invitation(await session.invite(role), role)
        for token, known in self._invitations.items():
            if known == invitation:
                return f"join/{token}"
        token = secrets.token_urlsafe(18)
        self._invitations[token] = invitation
        host = next((one for one in self._pages.values() if one.shows(session)), None)
        if host is not None:
            self._hosts[token] = host
        return f"join/{token}"

    def join(self, token: str) -> Page | None:
        """Return a new page with the session that an invitation is for; None if there is none such."""
        invitation = self._invitations.get(token)
        if invitation is None:
            return None
        return self._begin(Page(self._connection(invitation), invitation, link=token))

    def find(self, id_: str) -> Page | None:
        """Return the page with that number."""
        return self._pages.get(id_)

    def again(self, id_: str) -> Page | None:
        """Return a page of before the program was started anew, with what was in it; None if nothing is known of it."""
        state = None if self._shelf is None else self._shelf.take(id_)
        if state is None:
            return None
        page = Page(self._connection(), id_=id_, shelf=self._shelf)
        page.kept = state
        return self._begin(page)

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self._pages)

    async def close(self) -> None:
        """Close all pages and their sessions."""
        self._closing = True
        for handle in self._ends.values():
            handle.cancel()
        if self._first is not None:
            self._enter(self._first)
        await asyncio.gather(*self._ending, *(self._end(page) for page in list(self._pages.values())))
        if self._spare is not None:
            await _close(self._spare)
        for task in self._tasks:
            task.cancel()

    def end(self, page: Page) -> None:
        """Have a page end now."""
        ending = self._start(self._end(page))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    # --- inside

    def _connection(self, invitation: Invitation = OWN) -> asyncio.Future[Session]:
        """Return a session that is being opened, or why there is no room for a page with it."""
        if sum(one.failure is None for one in self._pages.values()) >= self._most:
            refused: asyncio.Future[Session] = asyncio.get_running_loop().create_future()
            refused.set_exception(ConnectionFailed(FULL.format(count=self._most)))
            return refused
        if invitation is OWN and self._spare is not None:
            connecting, self._spare = self._spare, None
            return connecting
        return asyncio.ensure_future(self._connect(invitation.session))

    def _begin(self, page: Page) -> Page:
        page.opening = self._start(self._open(page))
        return self._enter(page)

    def _enter(self, page: Page) -> Page:
        self._pages[page.id] = page
        page.when_unwatched(lambda: self._end_later(page))
        self._end_later(page)
        return page

    async def _open(self, page: Page) -> None:
        try:
            session = await asyncio.shield(page.connecting)
            page.content = await self._furnish(self, page, session)
            self._watch(page, session)
            self.mount(page.server, self.title)
        except (ServicesError, OSError, ValueError) as error:
            _log.warning("no session for a page: %s", error)
            page.failure = str(error)
        except Exception as error:  # whoever waits for the page is told, whatever it is
            _log.exception("a page could not be made")
            page.failure = f"This page could not be made: {type(error).__name__}: {error}"

    # --- sessions that were lost

    def _watch(self, page: Page, session: Session) -> None:
        """Have a session that is lost be followed by another one.

        One of the page's own with the same in it; who has joined comes along with the page whose session that was.
        """

        def changed(state: ConnectionState) -> None:
            if state.kind == "lost" and self._may_have_another(page):
                self._start(self._renew(page))

        session.on_connection(changed)

    def _may_have_another(self, page: Page) -> bool:
        host = page if page.is_first else self._hosts.get(page.link)
        return page.id in self._pages and host is not None and host.id in self._pages

    async def _renew(self, page: Page) -> None:
        """Try to have a session again until there is one, or the page has ended, or that whose session it was."""
        lost, before, wait_s = page.connecting, page.content, FIRST_RETRY_S
        assert before is not None
        page.lost_views = page.views
        while self._may_have_another(page):
            wanted = OWN if page.is_first else self._invitations[page.link]
            page.connecting = asyncio.ensure_future(self._connect(wanted.session))
            try:
                session = await asyncio.shield(page.connecting)
                page.content = await self._furnish(self, page, session)
                break
            except (ServicesError, OSError) as error:
                _log.info("a page has no session yet: %s", error)
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LAST_RETRY_S)
        else:
            return
        self._watch(page, session)
        await self._invite_again(page, session)
        Publisher.of(page.server.trame).tell()
        await before.close()
        await _close(lost)

    def views_again(self, page: Page) -> list[int]:
        """Return the numbers of the views that were on a page before its session was lost, as they are now."""
        host = page if page.is_first else self._hosts.get(page.link)
        return [] if host is None else [host.renewed[one] for one in page.lost_views if one in host.renewed]

    async def _invite_again(self, host: Page, session: Session) -> None:
        """Have the links that led to a session that was lost lead to the one in its place."""
        for token in [token for token, page in self._hosts.items() if page is host]:
            role = self._invitations[token].role
            try:
                self._invitations[token] = Invitation(await session.invite(role), role)
            except ServicesError as error:  # then this one is lost, too, and there will be another
                _log.info("nobody can join a session in the place of another: %s", error)

    def _end_later(self, page: Page) -> None:
        before = self._ends.pop(page.id, None)
        if before is not None:
            before.cancel()
        self._ends[page.id] = asyncio.get_running_loop().call_later(self._grace_s, self._end_unwatched, page)

    def _end_unwatched(self, page: Page) -> None:
        if not page.opening.done():
            self._end_later(page)  # its browser waits for it
        elif page.windows == 0:
            self.end(page)

    async def _end(self, page: Page) -> None:
        if self._pages.pop(page.id, None) is None:
            return
        self._ends.pop(page.id).cancel()
        page.opening.cancel()
        await asyncio.wait([page.opening])
        await page.server.close()
        if page.content is not None:
            await page.content.close()
        await _close(page.connecting)
        for token in [token for token, host in self._hosts.items() if host is page]:
            del self._hosts[token]
        self.ended(page.id)
        if self._shelf is not None and not self._closing:
            self._shelf.remove(page.id)

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _close(connecting: asyncio.Future[Session]) -> None:
    """Close a session, or do not open it any more."""
    connecting.cancel()
    await asyncio.wait([connecting])
    if not connecting.cancelled() and connecting.exception() is None:
        await connecting.result().close()


def _nothing() -> None:
    """Do nothing: nobody has asked to be told."""


def _not_yet(_: PageServer, __: str) -> None:
    raise RuntimeError("the web server does not listen yet")
